"""Thousands of files that change at once under a load of polls: what the polls see of it, and what it costs."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from edits import ADDRESS, FEED, by_rename, text
from made import address, record
from polls import PATHS, Reader
from table import Row, milliseconds, quantile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from processes import Served

FILES = 5000
QUIET = 8.0
# What was read while it was young is read again: so long after the change was seen that is over, in seconds.
SETTLING = 4.0
LONGEST = 60.0


@dataclass(frozen=True, slots=True)
class Change:
    """What a change of many files gave.

    Attributes:
        files: how many.
        seen: seconds from the first file's change until the last one was in the feed.
        cost: CPU seconds of all processes, beyond what the polls took before.
        quiet: seconds that each poll took before, and `during` meanwhile.
        failed: how many polls got no whole answer.
    """

    files: int
    seen: float
    cost: float
    quiet: Sequence[float]
    during: Sequence[float]
    failed: int


def changed(served: Served, folder: Path, count: int, work: Path) -> Change:
    """Changes many files at once while it is polled."""
    reader = Reader(served.port)
    for path in PATHS:
        reader.get(path)
    chosen = [*range(min(FILES, count))]
    texts = {folder / address(number): f"{record(number)}\n\nIt was changed.\n" for number in chosen}
    with load(served.port, work / "polls") as polls:
        time.sleep(1)
        first, before = time.monotonic(), served.total()
        time.sleep(QUIET)
        rate = (served.total() - before) / QUIET
        began, before = time.monotonic(), served.total()
        for path, content in texts.items():
            by_rename(path, content)
        by_rename(folder / ADDRESS, text(0))
        _wait(reader)
        seen = time.monotonic() - began
        time.sleep(SETTLING)
        served.settle(rate)
        ended = time.monotonic()
        cost = served.total() - before - rate * (ended - began)
    reader.close()
    quiet = [taken for due, taken, _ in polls.read() if first <= due < began]
    during = [taken for due, taken, _ in polls.read() if began <= due < ended]
    failed = sum(not is_whole for *_, is_whole in polls.read())
    return Change(len(texts) + 1, seen, cost, quiet, during, failed)


def rows(change: Change, cold: float) -> list[Row]:
    """What the table shows of it.

    Args:
        cold: CPU seconds an article of a cold start.
    """
    what = f"{change.files:,} files changed at once under load"
    quiet, during = quantile(change.quiet, 0.99), quantile(change.during, 0.99)
    figure = f"{milliseconds(during)}, {during / quiet:.1f} × quiet"
    beside = f"quiet p99 {milliseconds(quiet)}; max {milliseconds(max(change.during))}"
    each = change.cost / change.files
    polls = len(change.quiet) + len(change.during)
    return [
        Row(f"{what}: failed polls", f"{change.failed} of {polls:,}", "0", change.failed == 0),
        Row(f"{what}: p99 of polls", figure, "≤ 3 × quiet", during <= 3 * quiet, beside),
        Row(f"{what}: the last in the feed after", f"{change.seen:.1f} s"),
        Row(f"{what}: CPU a file", milliseconds(each), "in proportion", None, f"cold start {milliseconds(cold)}"),
    ]


class load:  # noqa: N801 - a context
    """Polls in a process of their own."""

    def __init__(self, port: int, noted: Path) -> None:
        self._noted = noted
        with noted.open("wb") as output:
            command = [sys.executable, str(Path(__file__).with_name("polls.py")), str(port)]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)

    def read(self) -> Iterator[tuple[float, float, bool]]:
        """When each was due, how long it took, and whether its answer was whole."""
        for line in self._noted.read_text("utf-8").splitlines():
            due, taken, is_whole = line.split()
            yield float(due), float(taken), is_whole == "1"


def _wait(reader: Reader) -> None:
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        status, body = reader.get(FEED)
        if status == 200 and b"Edit 0." in body:
            return
        time.sleep(0.02)
