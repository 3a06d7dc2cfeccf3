"""nginx and Varnish in front of servers, with the configurations that the documentation gives."""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from serving import ask, free_port, until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"

# What the system's own nginx.conf has around it, for whoever runs the tests.
MAIN = """
daemon off;
worker_processes 2;
pid {folder}/pid;
error_log {folder}/error.log;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/feedsvc.conf;
}}
"""


@contextmanager
def nginx(program: str, folder: Path, replicas: Sequence[int]) -> Iterator[int]:
    """The port of one that spreads requests over the ports of three replicas."""
    here = {f"replica{number}:8000": f"127.0.0.1:{replica}" for number, replica in enumerate(replicas, 1)}
    with _nginx(program, folder, "three-replicas", here) as port:
        yield port


@contextmanager
def caching_nginx(program: str, folder: Path, server: int) -> Iterator[int]:
    """The port of one that keeps the answers of a server at another port."""
    here = {"127.0.0.1:8000": f"127.0.0.1:{server}", "/var/cache/nginx/feedsvc": f"{folder}/cache"}
    with _nginx(program, folder, "caches", here) as port:
        yield port


@contextmanager
def _nginx(program: str, folder: Path, example: str, here: Mapping[str, str]) -> Iterator[int]:
    port = free_port()
    here = {**here, "listen 80;": f"listen 127.0.0.1:{port};"}
    folder.mkdir()
    (folder / "feedsvc.conf").write_text(placed(EXAMPLES / example / "nginx.conf", here), encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""  # another user may not look into the tests' folders
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user), encoding="utf-8")
    command = [program, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    with _running(command, port):
        yield port


@contextmanager
def varnish(program: str, folder: Path, server: int) -> Iterator[int]:
    """The port of one that keeps the answers of a server at another port."""
    port = free_port()
    folder.mkdir()
    here = {'.port = "8000";': f'.port = "{server}";'}
    (folder / "feedsvc.vcl").write_text(placed(EXAMPLES / "caches" / "varnish.vcl", here), encoding="utf-8")
    # Without a jail, for whoever runs the tests.
    command = [program, "-F", "-j", "none", "-n", str(folder / "state"), "-s", "malloc,32m"]
    with _running([*command, "-a", f"127.0.0.1:{port}", "-f", str(folder / "feedsvc.vcl")], port):
        yield port


def placed(example: Path, here: Mapping[str, str]) -> str:
    """An example, with the test's own in the places of what it alone has."""
    written = example.read_text(encoding="utf-8")
    for there, address in here.items():
        assert len(re.findall(re.escape(there), written)) == 1
        written = written.replace(there, address)
    return written


@contextmanager
def _running(command: Sequence[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command)
    try:
        until(lambda: _answers(port))
        yield
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    try:
        ask(port, "/healthz")
    except OSError:
        return False
    return True
