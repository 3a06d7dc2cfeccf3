"""What an answer costs: polls of one feed, beside nginx with the same bytes as files, and a bare ASGI application.

`make bench-serve` (or `python bench/serve.py [SECONDS]`) runs all of them on loopback, each pinned to the first core
in its turn, with wrk on the second; three times, interleaved. Read the ratios: they are of one run.
"""

from __future__ import annotations

import gzip
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import wrk
from made import folder
from processes import Served, clock, free_port, load
from table import Row, median, written

if TYPE_CHECKING:
    from collections.abc import Iterator

# Of so many words that a feed of twenty is of 60 to 70 kB.
ARTICLES, WORDS = 60, (150, 450)
SETTINGS = "entries = 20\nlist_length = 20\n"
SECONDS = 3
TIMES = 3
SERVER, ASKER = 0, 1
FEED = "/atom.xml"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
# A picture of one pixel, as every site has some.
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00"
GIF += b"\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

CONF = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; {user}
events {{ worker_connections 1024; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=100;
    types {{ application/atom+xml xml; }}
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {folder}/files; gzip_static on; add_header Cache-Control max-age=300; }}
}}
"""


class Server(NamedTuple):
    """A server that is measured: its name, its port, and the process that answers."""

    name: str
    port: int
    pid: int


class Case(NamedTuple):
    """What is asked for, and of whom.

    Attributes:
        path: at feedsvc; the others have only the feed.
        fields: of the request; `If-None-Match: yes` stands for the validator that each server gave.
        goal: the least share of nginx's answers a second, where it is held against that.
        dear: the largest share of nginx's CPU time an answer.
    """

    name: str
    path: str
    fields: dict[str, str]
    goal: float = 0.0
    dear: float = 0.0


class Figure(NamedTuple):
    """Of one server and case: answers a second, seconds of CPU time an answer, and the slowest of a hundred."""

    rate: float
    cpu: float
    p99: float


GZIP = {"Accept-Encoding": "gzip"}
POLLS = (
    Case("304 to If-None-Match", FEED, {**GZIP, "If-None-Match": "yes"}, 0.8, 1.5),
    Case("200, gzip", FEED, GZIP, 1.0, 1.2),
    Case("200, identity", FEED, {}, 1.0, 1.2),
)


def others(address: str) -> tuple[Case, ...]:
    """What is held against the bare application's 200 or 304."""
    return (
        Case("page, gzip", "/", GZIP),
        Case("older page, gzip", f"/before/{address}", GZIP),
        Case("article, gzip", f"/articles/{address}", GZIP),
        Case("picture", "/media/dot.gif", {}),
        Case("picture, 304", "/media/dot.gif", {"If-None-Match": "yes"}),
        Case("301", "/feed/", {}),
        Case("404", "/nothing", {}),
        Case("404 of an article", "/articles/nothing", {}),
    )


@contextmanager
def feedsvc(root: Path) -> Iterator[Server]:
    """The service on a catalog that is in step."""
    folder(root / "content", ARTICLES, WORDS)
    with (root / "content" / "feedsvc.toml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)
    (root / "content" / "dot.gif").write_bytes(GIF)
    with Served(root / "content", root / "catalog.db") as served:
        _until_answered(served.port, FEED)
        pid = served.processes["server"]
        os.sched_setaffinity(pid, {SERVER})
        yield Server("feedsvc", served.port, pid)


@contextmanager
def nginx(root: Path, body: bytes) -> Iterator[Server]:
    """The feed as a file of nginx, and beside it compressed."""
    files = root / "nginx" / "files"
    files.mkdir(parents=True)
    (files / FEED[1:]).write_bytes(body)
    (files / f"{FEED[1:]}.gz").write_bytes(gzip.compress(body, 6, mtime=0))
    port, user = free_port(), "user root;" if os.geteuid() == 0 else ""
    conf = root / "nginx" / "nginx.conf"
    conf.write_text(CONF.format(folder=root / "nginx", port=port, user=user), encoding="utf-8")
    with _running([NGINX, "-e", "stderr", "-c", str(conf)]) as pid:
        _until_answered(port, FEED)
        worker = int(subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=True).stdout)
        os.sched_setaffinity(worker, {SERVER})
        yield Server("nginx", port, worker)


@contextmanager
def bare(root: Path, body: bytes) -> Iterator[Server]:
    """The bare application under uvicorn."""
    (root / "bare.xml").write_bytes(body)
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "--app-dir",
        str(Path(__file__).parent),
        "bare:app",
        "--port",
        str(port),
    ]
    with _running([*command, "--no-access-log", "--log-level", "error"], {"BARE": str(root / "bare.xml")}) as pid:
        _until_answered(port, FEED)
        os.sched_setaffinity(pid, {SERVER})
        yield Server("bare", port, pid)


@contextmanager
def _running(command: list[str], more: dict[str, str] | None = None) -> Iterator[int]:
    with subprocess.Popen(command, env={**os.environ, **(more or {})}, stderr=subprocess.DEVNULL) as process:
        try:
            yield process.pid
        finally:
            process.terminate()


def _until_answered(port: int, path: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if ask(port, path, {})[0] == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(path)


def ask(port: int, path: str, fields: dict[str, str]) -> tuple[int, str, bytes]:
    """Status, entity tag and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.putrequest("GET", path, skip_accept_encoding=True)
        for name, value in fields.items():
            connection.putheader(name, value)
        connection.endheaders()
        reply = connection.getresponse()
        return reply.status, reply.getheader("etag", ""), reply.read()
    finally:
        connection.close()


def measured(server: Server, case: Case, seconds: int) -> Figure:
    """One run of one case."""
    path = case.path if server.name == "feedsvc" else FEED
    fields = dict(case.fields)
    if "If-None-Match" in fields:
        del fields["If-None-Match"]
        fields["If-None-Match"] = ask(server.port, path, fields)[1]
    before = clock(server.pid)
    found = wrk.load(f"http://127.0.0.1:{server.port}{path}", fields, seconds=seconds, core=ASKER)
    return Figure(found.rate, (clock(server.pid) - before) / found.count, found.p99)


def compared(servers: list[Server], case: Case, seconds: int) -> dict[str, Figure]:
    """The median figures of each server."""
    runs: dict[str, list[Figure]] = {server.name: [] for server in servers}
    for _ in range(TIMES):
        for server in servers:
            runs[server.name].append(measured(server, case, seconds))
    return {name: Figure(*map(median, zip(*each, strict=True))) for name, each in runs.items()}


def rows_of(case: Case, found: dict[str, Figure]) -> Iterator[Row]:
    """What a case comes to."""
    ours, peer = found["feedsvc"], found["nginx" if case.goal else "bare"]
    name = "nginx" if case.goal else "the bare application"
    rate, goal = ours.rate / peer.rate, case.goal or 0.8
    yield Row(
        f"{case.name}: answers a second",
        f"{ours.rate:,.0f}, {rate:.2f} × {name}",
        f"≥ {goal:.2f} ×",
        rate >= goal,
        ", ".join(f"{each} {figure.rate:,.0f}" for each, figure in found.items() if each != "feedsvc"),
    )
    if case.dear:
        dear = ours.cpu / peer.cpu
        beside = ", ".join(f"{each} {figure.cpu * 1e6:.1f} µs" for each, figure in found.items() if each != "feedsvc")
        yield Row(
            f"{case.name}: CPU",
            f"{ours.cpu * 1e6:.1f} µs, {dear:.2f} × nginx",
            f"≤ {case.dear} ×",
            dear <= case.dear,
            beside,
        )
        slow = ours.p99 / peer.p99
        beside = f"nginx {peer.p99 * 1e3:.2f} ms"
        is_met = ours.p99 <= 0.003 and slow <= 2
        yield Row(
            f"{case.name}: p99 of 64 connections",
            f"{ours.p99 * 1e3:.2f} ms, {slow:.2f} × nginx",
            "≤ 3 ms, ≤ 2 ×",
            is_met,
            beside,
        )


def main(seconds: int) -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as made, ExitStack() as stack:
        root = Path(made)
        ours = stack.enter_context(feedsvc(root))
        body = ask(ours.port, FEED, {})[2]
        _, _, page = ask(ours.port, "/", {})
        slug = page.partition(b"/before/")[2].partition(b'"')[0].decode()
        peer = stack.enter_context(nginx(root, body))
        least = stack.enter_context(bare(root, body))
        print(f"A feed of {len(body):,} bytes ({len(gzip.compress(body, 6)):,} compressed), {load()}\n", flush=True)
        rows = [row for case in POLLS for row in rows_of(case, compared([ours, peer, least], case, seconds))]
        rows += [row for case in others(slug) for row in rows_of(case, compared([ours, least], case, seconds))]
        print(written(rows))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
