"""A crowd of those who only hold on, beside readers at a steady pace: what the readers see of it, and what it costs.

`make bench-crowd` (or `python bench/crowd.py [REQUESTS]`): thousands of connections that send nothing, or a byte a
second; floods of addresses that nobody gave; and requests of which no two are alike, so many of each kind, with the
memory before and after. wrk asks. As a program with a port and a number it is the crowd itself.
"""

from __future__ import annotations

import os
import random
import re
import resource
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import wrk
from change import load as polling
from made import folder
from polls import HOST, wait
from processes import Served, clock, load, memory
from table import Row, megabytes, milliseconds, quantile, written

if TYPE_CHECKING:
    from collections.abc import Iterator

ARTICLES, WORDS = 60, (150, 450)
# With these below and above three quarters of the connections that a server allows.
CROWDS = (6_000, 9_000)
# How often a second the crowd does something.
TICKS = 100
SECONDS = 8.0
REQUESTS = 1_000_000
BYTES = b"GET /rss.xml HTTP/1.1\r\nHost: bench.example\r\nX-Slow: " + b"a" * 100_000

# What a flood asks for; no two alike.
FLOODS = ("/articles/WORD", "/tags/WORD/rss.xml", "/WORD")
LUA = """
local n = 0
math.randomseed(SEED)
local salt = math.random(1, 1000000000)
request = function()
  n = n + 1
  local word = salt .. "x" .. n
  return wrk.format("GET", "PATH", {["Host"] = "bench.example", FIELDS})
end
"""
UNLIKE = {
    "query strings": ("/rss.xml?a=WORD", ""),
    "Accept": ("/rss.xml", '["Accept"] = "text/x-WORD, */*"'),
    "If-None-Match": ("/rss.xml", '["If-None-Match"] = \'"WORD"\''),
    "X-Forwarded-For": (
        "/rss.xml",
        '["X-Forwarded-For"] = "10." .. n // 65536 % 256 .. "." .. n // 256 % 256 .. "." .. n % 256',
    ),
}


class Crowd:
    """Connections in this process, half of which send nothing; whoever is let go of comes again."""

    def __init__(self, port: int, count: int) -> None:
        self._port = port
        self._selector = selectors.DefaultSelector()
        self._open: dict[socket.socket, tuple[float, bool]] = {}
        self._sent: dict[socket.socket, int] = {}
        self._waiting = count
        self._due: list[socket.socket] = []
        self._share = 0
        self.longest = [0.0, 0.0]

    def hold(self) -> None:
        """Holds on until the standard input is closed."""
        self._selector.register(sys.stdin, selectors.EVENT_READ)
        due = time.monotonic()
        while True:
            for key, _ in self._selector.select(max(0.0, due - time.monotonic())):
                if key.fileobj is sys.stdin:
                    return
                self._read(key.fileobj)  # type: ignore[arg-type]
            if time.monotonic() >= due:
                due += 1 / TICKS
                self._come()
                self._drip()

    def _come(self) -> None:
        for _ in range(min(self._waiting, 3_000 // TICKS)):
            self._waiting -= 1
            opened = socket.create_connection((HOST, self._port), timeout=30)
            opened.setblocking(False)
            is_silent = len(self._sent) * 2 >= len(self._open) + 1
            self._open[opened] = time.monotonic(), is_silent
            if not is_silent:
                self._sent[opened] = 0
            self._selector.register(opened, selectors.EVENT_READ)

    def _drip(self) -> None:
        # Each once a second, and all of them spread over it, as strangers are.
        if not self._due:
            self._due = list(self._sent)
            self._share = len(self._due) // TICKS + 1
        now, self._due = self._due[: self._share], self._due[self._share :]
        for each in now:
            if each not in self._sent:
                continue  # it was let go of
            sent = self._sent[each]
            try:
                each.send(BYTES[sent : sent + 1])
            except OSError:
                continue  # it is seen when it is read
            if not sent:
                self._open[each] = time.monotonic(), False
            self._sent[each] += 1

    def _read(self, each: socket.socket) -> None:
        try:
            more = each.recv(4096)
        except OSError:
            more = b""
        if more:
            return
        began, is_silent = self._open.pop(each)
        self._sent.pop(each, None)
        self._selector.unregister(each)
        each.close()
        self.longest[is_silent] = max(self.longest[is_silent], time.monotonic() - began)
        self._waiting += 1


class Slice(NamedTuple):
    """Seconds that each poll took, how many failed, and what share of a core the server had."""

    taken: list[float]
    failed: int
    busy: float

    @property
    def p99(self) -> float:
        """Seconds that 99 in a hundred took at most."""
        return quantile(self.taken, 0.99)


def polled(served: Served, work: Path, seconds: float = SECONDS) -> Slice:
    """Readers at a steady pace for some seconds."""
    pid = served.processes["server"]
    with polling(served.port, work / "polls") as polls:
        time.sleep(1)
        first, before = time.monotonic(), clock(pid)
        time.sleep(seconds)
        busy, ended = (clock(pid) - before) / seconds, time.monotonic()
    found = [(taken, is_whole) for due, taken, is_whole in polls.read() if first <= due < ended]
    return Slice([taken for taken, _ in found], sum(not is_whole for _, is_whole in found), busy)


def compared(what: str, quiet: Slice, loaded: Slice, goal: float | None = None) -> Iterator[Row]:
    """The readers with something and without it, in one run."""
    more = loaded.p99 / quiet.p99
    yield Row(
        f"{what}: p99 of the readers",
        f"{milliseconds(loaded.p99)}, {more:.1f} × quiet",
        f"≤ {goal:.0f} ×" if goal else "",
        more <= goal if goal else None,
        f"quiet {milliseconds(quiet.p99)}; server {loaded.busy:.0%} of a core, quiet {quiet.busy:.0%}",
    )
    failed = quiet.failed + loaded.failed
    yield Row(f"{what}: polls that failed", f"{failed} of {len(quiet.taken) + len(loaded.taken):,}", "0", not failed)


def crowds(served: Served, work: Path) -> Iterator[Row]:
    """Rows of connections that are only held."""
    for count in CROWDS:
        quiet = polled(served, work)
        command = [sys.executable, __file__, str(served.port), str(count)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as crowd:
            time.sleep(count / 1_500)
            loaded = polled(served, work, 2 * SECONDS)
            told, _ = crowd.communicate(timeout=60)
        dripping, silent = (float(each) for each in told.split())
        what = f"{count:,} connections, half silent, half a byte a second"
        yield from compared(what, quiet, loaded, 2)
        goal = 12 if count < CROWDS[1] else 4
        yield Row(
            f"{what}: let go of after",
            f"{dripping:.1f} s at most",
            f"≤ {goal} s",
            dripping <= goal,
            f"silent ones {silent:.1f} s" if silent else "silent ones have 75 s",
        )


def flood(served: Served, work: Path, path: str, fields: str = "", seconds: float = SECONDS) -> tuple[int, float]:
    """Requests of which no two are alike, for some seconds: how many, and CPU seconds for each."""
    script = work / "flood.lua"
    text = LUA.replace("SEED", str(random.randrange(1 << 30)))  # noqa: S311 - no secret
    text = text.replace("PATH", path).replace("FIELDS", fields).replace("WORD", '" .. word .. "')
    script.write_text(text.replace('\'"" .. word .. ""\'', "'\"' .. word .. '\"'"), encoding="utf-8")
    pid = served.processes["server"]
    before = clock(pid)
    command = [wrk.PROGRAM or "wrk", "-t1", "-c16", f"-d{seconds:.0f}s", "-s", str(script)]
    command.append(f"http://{HOST}:{served.port}/")
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 60).stdout
    found = re.search(r"(\d+) requests in", told)
    if found is None or "Socket errors" in told:
        raise RuntimeError(f"{path}: {told}")
    count = int(found[1])
    return count, (clock(pid) - before) / max(1, count)


def floods(served: Served, work: Path) -> Iterator[Row]:
    """Rows of addresses that nobody gave."""
    for path in FLOODS:
        what = f"a flood of `{path.replace('WORD', 'RANDOM')}`"
        quiet = polled(served, work)
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(flood, served, work, path, seconds=SECONDS + 3)
            loaded = polled(served, work)
            count, each = asked.result()
        yield Row(f"{what}: CPU each", f"{each * 1e6:.0f} µs", "", None, f"{count:,} of them")
        yield from compared(what, quiet, loaded)


def growth(served: Served, work: Path, name: str, wanted: int) -> Row:
    """The memory before and after so many requests of which no two are alike."""
    pid, asked = served.processes["server"], UNLIKE[name]
    flood(served, work, *asked, seconds=2)  # what is kept up to a limit is full
    before, count = memory(pid, "VmRSS"), 0
    while count < wanted:
        count += flood(served, work, *asked, seconds=20)[0]
    after = memory(pid, "VmRSS")
    what, beside = f"{count:,} unlike {name}: memory of the server", f"{megabytes(before)} before"
    return Row(what, megabytes(after), "+ 5 MB at most", after - before <= 5e6, beside)


def main(wanted: int) -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as made:
        work = Path(made)
        folder(work / "content", ARTICLES, WORDS)
        with Served(work / "content", work / "catalog.db") as served:
            wait(served.port, "/readyz")
            served.settle()
            print(f"{load()}\n", flush=True)
            rows = [*crowds(served, work), *floods(served, work)]
            rows += [growth(served, work, name, wanted) for name in UNLIKE]
            print(written(rows))


if __name__ == "__main__":
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if len(sys.argv) > 2:
        os.nice(19)  # strangers are on machines of their own: it is not their work that readers are to wait for
        crowd = Crowd(int(sys.argv[1]), int(sys.argv[2]))
        crowd.hold()
        print(*crowd.longest)
        os._exit(0)  # to close thousands of connections in turn takes long
    main(int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS)
