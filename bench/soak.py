"""A thousand readers for some minutes, while articles change and processes are killed: what went wrong for any of them.

`make bench-soak` (or `python bench/soak.py [MINUTES]`). A quarter of the readers send entity tags, a quarter dates, a
quarter nothing, and a quarter takes its answers a few bytes at a time.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lxml import etree
from made import folder
from polls import HOST, wait
from processes import Served, children, load, memory
from table import Row, megabytes, milliseconds, quantile, written

READERS, EVERY = 1_000, 5.0
ARTICLES, WORDS = 60, (150, 450)
MINUTES = 10.0
PATHS = ("/rss.xml", "/atom.xml", "/feed.json", "/tags/soak/rss.xml", "/tags/soak/atom.xml")
KINDS = ("tags", "dates", "nothing", "slow")
# An edit is to be in every answer after so many seconds, on a machine that is busy with a thousand readers.
SEEN = 10.0
# Answers that a killed worker was giving are lost with it: for so long after it nobody is blamed.
EXCUSED = 1.5
_EDIT = re.compile(rb"Edit ([0-9]+)\.")
_LENGTH = re.compile(rb"content-length: ([0-9]+)")


@dataclass
class Events:
    """What was done to the service, and what came of it.

    Attributes:
        edits: when each edit was written, by its number.
        kills: when a worker was killed.
        counts: of answers, by status.
        wrong: what should not have been.
        excused: how many polls a kill cost.
        taken: seconds that each poll took that was not slow on purpose.
    """

    edits: list[float] = field(default_factory=list)
    kills: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    excused: int = 0
    taken: list[float] = field(default_factory=list)

    def due(self, now: float) -> int:
        """The edit that every answer to what is asked now has to show."""
        number = len(self.edits)
        while number and self.edits[number - 1] > now - SEEN:
            number -= 1
        return number - 1


@dataclass
class Reader:
    """One of them.

    Attributes:
        sent: each Last-Modified that it sent.
        edit: the newest edit that it has seen.
    """

    port: int
    kind: str
    path: str
    keeps: bool
    events: Events
    etag: bytes = b""
    date: bytes = b""
    sent: set[bytes] = field(default_factory=set)
    edit: int = -1
    _socket: socket.socket | None = None
    _last: float = 0.0

    async def live(self, until: float) -> None:
        """Polls until then."""
        await asyncio.sleep(random.random() * EVERY)  # noqa: S311 - no secret
        while time.monotonic() < until:
            began = time.monotonic()
            try:
                await asyncio.wait_for(self._poll(), 30)
            except (OSError, TimeoutError) as error:
                self._close()
                # One that was kept may have been that worker's since it was last asked.
                if any(kill >= (self._last if self.keeps else began) - EXCUSED for kill in self.events.kills):
                    self.events.excused += 1
                else:
                    took = time.monotonic() - began
                    self.events.wrong.append(f"{self.kind} {self.path}: {error!r} after {took:.1f} s")
            if self.kind != "slow":
                self.events.taken.append(time.monotonic() - began)
            await asyncio.sleep(max(0.0, began + EVERY * (0.5 + random.random()) - time.monotonic()))  # noqa: S311
        self._close()

    async def _poll(self) -> None:
        began = time.monotonic()
        due = self.events.due(began)
        condition = b""
        if self.etag and self.kind == "tags":
            condition += b"If-None-Match: " + self.etag + b"\r\n"
        if self.date and self.kind in {"tags", "dates"}:
            condition += b"If-Modified-Since: " + self.date + b"\r\n"
            self.sent.add(self.date)
        head, body = await self._ask(condition)
        status, self._last = head[9:12].decode(), began
        self.events.counts[status] += 1
        if status == "200":
            self._take(head, body)
        elif status != "304" or not condition:
            self.events.wrong.append(f"{self.kind} {self.path}: {status}")
        if self.edit < due:
            self.events.wrong.append(f"{self.kind} {self.path}: edit {due} was not there, but {self.edit} ({status})")

    def _take(self, head: bytes, body: bytes) -> None:
        try:
            json.loads(body) if self.path.endswith("json") else etree.fromstring(body)
        except (ValueError, etree.XMLSyntaxError) as error:
            self.events.wrong.append(f"{self.kind} {self.path}: {error}")
        fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        date = fields.get(b"last-modified", b"")
        if date and date in self.sent:
            self.events.wrong.append(f"{self.kind} {self.path}: a 200 with {date.decode()}, which was sent before")
        self.etag, self.date = fields[b"etag"], date or self.date
        self.edit = max((int(each) for each in _EDIT.findall(body)), default=-1)

    async def _ask(self, condition: bytes) -> tuple[bytes, bytes]:
        loop = asyncio.get_running_loop()
        if self._socket is None:
            self._socket = socket.socket()
            self._socket.setblocking(False)
            if self.kind == "slow":
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            await loop.sock_connect(self._socket, (HOST, self.port))
        last = b"" if self.keeps else b"Connection: close\r\n"
        request = f"GET {self.path} HTTP/1.1\r\nHost: bench.example\r\n".encode() + condition + last + b"\r\n"
        await loop.sock_sendall(self._socket, request)
        found, size = b"", 512 if self.kind == "slow" else 262_144
        while b"\r\n\r\n" not in found:
            found += await self._more(size)
        head, _, body = found.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        wanted = int(length[1]) if length and head[9:12] != b"304" else 0
        parts, got = [body], len(body)
        while got < wanted:
            parts.append(await self._more(size))
            got += len(parts[-1])
        if got > wanted:
            self.events.wrong.append(f"{self.kind} {self.path}: {got - wanted} bytes too many")
        if not self.keeps:
            self._close()
        return head, b"".join(parts)

    async def _more(self, size: int) -> bytes:
        if self.kind == "slow":
            await asyncio.sleep(0.02)
        more = await asyncio.get_running_loop().sock_recv(self._socket, size) if self._socket else b""
        if not more:
            raise ConnectionError("the answer was cut")
        return more

    def _close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def write(path: Path, title: str, text: str, date: datetime) -> None:
    """An article, saved as editors do."""
    new = path.with_suffix(".new")
    new.write_text(f"---\ntitle: {title}\ndate: {date.isoformat()}\ntags: [soak]\n---\n{text}\n", encoding="utf-8")
    new.replace(path)


async def change(content: Path, served: Served, events: Events, until: float) -> None:
    """Edits, schedules and removes articles; kills workers, and has settings read again."""
    turn, born = 0, datetime(2026, 1, 1, tzinfo=UTC)
    start = time.monotonic()
    while time.monotonic() < until - SEEN:
        if turn % 4 == 0:
            write(content / "edited.md", "Edited", f"Edit {len(events.edits)}.", datetime.now(UTC))
            events.edits.append(time.monotonic())
        if turn % 12 == 3:
            write(content / f"soon-{turn % 30}.md", f"Soon {turn}", "Text.", datetime.now(UTC) + timedelta(seconds=3))
        if turn % 8 == 1:
            write(content / f"passing-{turn % 24}.md", f"Passing {turn}", "Text. " * 400, born)
        if turn % 8 == 6:
            (content / f"passing-{(turn - 5) % 24}.md").unlink(missing_ok=True)
        if turn % 10 == 5:
            os.kill(served.processes["server"], signal.SIGHUP)
        if turn % 20 == 15 and time.monotonic() - start < (until - start) * 0.7:
            events.kills.append(time.monotonic())
            os.kill(random.choice(workers(served)), signal.SIGKILL)  # noqa: S311 - no secret
        turn += 1
        await asyncio.sleep(1.6 + random.random() * 0.8)  # noqa: S311 - no secret


def workers(served: Served) -> list[int]:
    """The processes that answer."""
    return [each for each in children(served.processes["server"]) if b"spawn_main" in command_line(each)]


def command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


async def weigh(served: Served, until: float) -> dict[int, list[int]]:
    """The memory of each process, every five seconds."""
    found: dict[int, list[int]] = {}
    while time.monotonic() < until:
        parent = served.processes["server"]
        for pid in [parent, *children(parent)]:
            try:
                found.setdefault(pid, []).append(memory(pid, "VmRSS"))
            except OSError:
                continue  # it has ended
        await asyncio.sleep(5)
    return {pid: found[pid] for pid in [parent, *children(parent)]}


def grown(name: str, sizes: list[int]) -> Row:
    """What a process had after its first minute, and in the end."""
    early, late = max(sizes[8:16] or sizes[:1]), max(sizes[-3:])
    what = f"memory of the {name}"
    return Row(
        what,
        megabytes(late),
        "as after its first minute, + 10 % at most",
        late <= early * 1.1,
        f"{megabytes(early)} after its first minute; {len(sizes) * 5 / 60:.0f} minutes old",
    )


async def soaked(served: Served, content: Path, minutes: float) -> list[Row]:
    """The rows."""
    events, until = Events(), time.monotonic() + minutes * 60
    readers = [
        Reader(served.port, KINDS[number % 4], PATHS[number // 4 % 5], number // 20 % 2 == 0, events)
        for number in range(READERS)
    ]
    polls = asyncio.gather(*(reader.live(until) for reader in readers))
    _, sizes, _ = await asyncio.gather(change(content, served, events, until), weigh(served, until), polls)
    told = Counter(re.sub("[0-9]+", "0", each) for each in events.wrong)
    for each, count in told.most_common(10):
        print(f"{count} × {each}", flush=True)
    for each in events.wrong[:10]:
        print(each, flush=True)
    answers = sum(events.counts.values())
    beside = ", ".join(f"{count:,} of {status}" for status, count in sorted(events.counts.items()))
    rows = [
        Row("answers", f"{answers:,}", "", None, beside),
        Row(
            "wrong answers, cut ones, errors",
            f"{len(events.wrong)}",
            "0",
            not events.wrong,
            f"{events.excused} polls of workers that were killed just then",
        ),
        Row("p99 of the polls that are not slow", milliseconds(quantile(events.taken, 0.99))),
        Row("meanwhile", f"{len(events.edits)} edits seen by all, {len(events.kills)} workers killed"),
    ]
    names = {served.processes["server"]: "parent", **dict.fromkeys(workers(served), "worker")}
    names |= {pid: "syncer" for pid in sizes if b"--with-parent" in command_line(pid)}
    return [*rows, *(grown(name, sizes[pid]) for pid, name in names.items() if len(sizes.get(pid, ())) > 16)]


def main(minutes: float) -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as made:
        work = Path(made)
        content = work / "content"
        folder(content, ARTICLES, WORDS)
        with (content / "feedsvc.toml").open("a", encoding="utf-8") as settings:
            settings.write("entries = 20\n")
        with Served(content, work / "catalog.db", "--workers", "2") as served:
            wait(served.port, "/readyz")
            write(content / "edited.md", "Edited", "Edit 0.", datetime.now(UTC))
            wait(served.port, "/tags/soak/rss.xml")
            print(f"{load()}\n", flush=True)
            print(written(asyncio.run(soaked(served, content, minutes))))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES)
