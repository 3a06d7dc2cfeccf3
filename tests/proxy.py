"""nginx in front of replicas, with the configuration that the documentation gives."""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from serving import ask, free_port, until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    port = free_port()
    written = (EXAMPLES / "three-replicas" / "nginx.conf").read_text(encoding="utf-8")
    here = {f"replica{number}:8000": f"127.0.0.1:{replica}" for number, replica in enumerate(replicas, 1)}
    here["listen 80;"] = f"listen 127.0.0.1:{port};"
    for there, address in here.items():
        assert len(re.findall(re.escape(there), written)) == 1
        written = written.replace(there, address)
    folder.mkdir()
    (folder / "feedsvc.conf").write_text(written, encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""  # another user may not look into the tests' folders
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user), encoding="utf-8")
    command = [program, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    process = subprocess.Popen(command)
    try:
        until(lambda: _answers(port))
        yield port
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    try:
        ask(port, "/healthz")
    except OSError:
        return False
    return True
