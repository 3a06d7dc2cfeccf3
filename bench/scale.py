"""What readers, a revision and a replica cost: the figures of docs/scale.md, measured on this machine.

It needs wrk and nginx, which are Debian packages. Requests a second depend on what else the machine does; CPU time
a request does so far less.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import made
import postgresql
from proxy import nginx
from serving import Command, ask

TICKS = os.sysconf("SC_CLK_TCK")
SECONDS = 5
FEED = "/atom.xml"


def cpu(*pids: int) -> float:
    """The CPU seconds that processes have had."""
    fields = (Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split() for pid in pids)
    return sum(int(found[11]) + int(found[12]) for found in fields) / TICKS


def backends(server: postgresql.Server, name: str) -> list[int]:
    found = server.run("SELECT pid FROM pg_stat_activity WHERE datname = %s", name)
    return [int(pid) for (pid,) in found]


def polls(port: int, pids: list[int], whose: str) -> None:
    etag = ask(port, FEED, {"Accept-Encoding": "gzip"})["etag"]
    kinds = {
        "304": {"Accept-Encoding": "gzip", "If-None-Match": etag},
        "200 gzip": {"Accept-Encoding": "gzip"},
        "200 identity": {},
    }
    for kind, headers in kinds.items():
        reply = ask(port, FEED, headers)
        head = sum(len(name) + len(value) + 4 for name, value in reply.fields) + 20
        given = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
        before = cpu(*pids)
        command = ["wrk", "-t1", "-c32", f"-d{SECONDS}s", *given, f"http://127.0.0.1:{port}{FEED}"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        asked = int(re.findall(r"(\d+) requests in", said)[0])
        each = (cpu(*pids) - before) / asked
        print(f"{whose:8} {kind:13} head {head} B, body {len(reply.body):6} B,", end=" ")
        print(f"{asked / SECONDS:6.0f}/s, {each * 1e6:5.1f} µs CPU of {whose} a request")


def through_nginx(folder: Path, replica: Command) -> None:
    with nginx("nginx", folder, [replica.port] * 3) as port:
        first = int((folder / "pid").read_text("utf-8"))
        workers = Path(f"/proc/{first}/task/{first}/children").read_text("utf-8").split()
        polls(port, [int(pid) for pid in workers], "nginx")


def revisions(server: postgresql.Server, name: str, content: Path, sync: Command, replica: Command) -> None:
    """What a replica costs at rest; and what an edit costs those who sync, serve and keep it beyond that."""
    rounds, pause, path = 10, 2.0, content / made.address(1)
    groups = ([sync.syncer()], [replica.process.pid], backends(server, name))
    count = "SELECT xact_commit FROM pg_stat_database WHERE datname = %s"

    def times() -> list[float]:
        return [cpu(*group) for group in groups]

    before, commits = times(), server.run(count, name)[0][0]
    time.sleep(rounds * pause)
    rest = [(b - a) / (rounds * pause) for a, b in zip(before, times(), strict=True)]
    commits = (server.run(count, name)[0][0] - commits) / (rounds * pause)
    print(
        f"at rest: sync {rest[0] * 1e3:.1f}, replica {rest[1] * 1e3:.1f}, PostgreSQL {rest[2] * 1e3:.1f} ms CPU a",
        end=" ",
    )
    print(f"second, {commits:.1f} statements a second of the sync, its server and a replica")
    before, written = times(), server.run("SELECT pg_current_wal_lsn()")[0][0]
    for number in range(rounds):
        part = path.with_suffix(".part")
        part.write_text(re.sub(r"date: \S+", f"date: 2026-01-01T10:{number:02}:00Z", made.record(1)), "utf-8")
        part.replace(path)
        time.sleep(pause)
        replica.ask(FEED)
    size = server.run("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), %s)", written)[0][0]
    spent = [(b - a) / rounds - r * pause for a, b, r in zip(before, times(), rest, strict=True)]
    print(f"a revision: sync {spent[0] * 1e3:.0f}, a replica that makes one feed {spent[1] * 1e3:.0f},", end=" ")
    print(f"PostgreSQL {spent[2] * 1e3:.0f} ms CPU, {size / rounds / 1024:.0f} KiB of its log")


def disk(content: Path, count: int) -> None:
    files = sum(path.stat().st_size for path in content.rglob("*.md"))
    catalog = content.parent / "catalog.db"
    run = [sys.executable, "-m", "feedsvc"]
    place = ["--database", str(catalog)]
    subprocess.run([*run, "sync", str(content), *place], check=True, capture_output=True)
    peak = sum(path.stat().st_size for path in content.parent.glob("catalog.db*"))
    copy, ledger = content.parent / "copy.db", content.parent / "ledger.jsonl"
    subprocess.run([*run, "catalog", "backup", str(copy), str(content), *place], check=True, capture_output=True)
    subprocess.run([*run, "catalog", "export", str(ledger), str(content), *place], check=True, capture_output=True)
    sizes = {"files": files, "catalog.db": catalog.stat().st_size, "with its log": peak}
    sizes |= {"backup": copy.stat().st_size, "ledger": ledger.stat().st_size}
    print(f"disk, {count} articles:", ", ".join(f"{name} {size / 1e6:.2f} MB" for name, size in sizes.items()))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    server = postgresql.Server()
    name = server.new("template0")
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder) / "content"
        made.folder(content, count)
        disk(content, count)
        url = server.url(name)
        with Command(content, "--database", url).ready() as sync:
            size = server.run("SELECT pg_database_size(%s)", name)[0][0]
            dump = Path(folder) / "dump"
            subprocess.run([server.program("pg_dump"), "-Fc", f"--file={dump}", url], check=True)
            print(f"PostgreSQL: {size / 1e6:.2f} MB, its dump {dump.stat().st_size / 1e6:.2f} MB")
            others = len(backends(server, name))
            with Command(None, "--database", url).ready() as replica:
                polls(replica.port, [replica.process.pid], "feedsvc")
                held = re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{replica.process.pid}/status").read_text("utf-8"))
                print(f"memory of a replica: {int(held[0]) / 1024:.0f} MiB, one feed kept")
                print(f"connections of a replica: {len(backends(server, name)) - others}")
                through_nginx(Path(folder) / "nginx", replica)
                revisions(server, name, content, sync, replica)
    server.end()


if __name__ == "__main__":
    main()
