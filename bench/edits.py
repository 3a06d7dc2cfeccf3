"""One edit after another while the folder is served: how soon each is seen in the feed, and what it costs."""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from made import paragraphs
from polls import Reader
from table import Row, median, milliseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from processes import Served

# Further apart than a revision's second: a second one within it would wait for the next.
SPACING = 1.2
TURNS = 20
PAUSE = 0.005
LONGEST = 30.0

FEED = "/rss.xml"
# Its date puts it at the top of the feed, before all that `made` dates.
ADDRESS = "2025/12/edited.md"


@dataclass(frozen=True, slots=True)
class Edits:
    """What one way of editing gave.

    Attributes:
        seen: seconds from each edit until the feed showed it.
        cost: CPU seconds of all processes for one edit, more than an idle stretch of the same length.
    """

    seen: Sequence[float]
    cost: float


def text(turn: int) -> str:
    """The edited article, another one each turn."""
    body = paragraphs(random.Random(turn))  # noqa: S311 - words, not secrets
    head = f"title: Edit {turn}.\ndate: 2025-12-01T10:00:00Z\ntags: [Harbour, Weather]\nslug: edited"
    return f"---\n{head}\n---\n\n{body}\n"


def by_rename(path: Path, content: str) -> None:
    """As most editors save."""
    written = path.with_name(f".{path.name}.new")
    written.write_text(content, "utf-8")
    os.replace(written, path)  # noqa: PTH105 - a saving editor's own call


def in_place(path: Path, content: str) -> None:
    """As some editors, and `cp`, save."""
    path.write_text(content, "utf-8")


WAYS: dict[str, Callable[[Path, str], None]] = {"by rename": by_rename, "in place": in_place}


def edited(served: Served, folder: Path, turns: int = TURNS) -> dict[str, Edits]:
    """Edits in each way, with readers that poll, then without."""
    reader = Reader(served.port)
    reader.get(FEED)
    number = 0
    found: dict[str, Edits] = {}
    for name, save in WAYS.items():
        seen = [_seen(reader, folder / ADDRESS, number + turn, save) for turn in range(1, turns + 1)]
        number += turns
        idle = _spent(served, reader, turns, lambda _turn: None)
        busy = _spent(served, reader, turns, _editing(folder / ADDRESS, number, save))
        number += turns
        found[name] = Edits(seen, median(busy) - median(idle))
    reader.close()
    return found


def rows(count: int, found: dict[str, Edits]) -> list[Row]:
    """What the table shows of it."""
    shown = []
    for name, edits in found.items():
        middle, last = median(edits.seen), max(edits.seen)
        goal = 0.15 if name == "by rename" else 0.7
        figure = f"p50 {milliseconds(middle)}, max {milliseconds(last)}"
        what = f"an edit {name} → in the feed, {count:,} articles"
        shown.append(Row(what, figure, f"p50 < {goal} s, max < 2 s", middle < goal and last < 2))
        what = f"CPU of that edit, {count:,} articles"
        shown.append(Row(what, milliseconds(edits.cost), "< 20 ms", edits.cost < 0.02))
    return shown


def _seen(reader: Reader, path: Path, turn: int, save: Callable[[Path, str], None]) -> float:
    began = time.monotonic()
    save(path, text(turn))
    until = began + LONGEST
    while time.monotonic() < until:
        status, body = reader.get(FEED)
        if status == 200 and f"Edit {turn}.".encode() in body:
            break
        time.sleep(PAUSE)
    taken = time.monotonic() - began
    time.sleep(max(0.0, SPACING - taken))
    return taken


def _editing(path: Path, number: int, save: Callable[[Path, str], None]) -> Callable[[int], None]:
    return lambda turn: save(path, text(number + 1 + turn))


def _spent(served: Served, reader: Reader, turns: int, act: Callable[[int], None]) -> list[float]:
    """CPU seconds of each turn; the feed is asked for once in it, when the edit is long seen."""
    spent = []
    for turn in range(turns):
        began, before = time.monotonic(), served.cpu()
        act(turn)
        time.sleep(began + 1.0 - time.monotonic())
        reader.get(FEED)
        time.sleep(max(0.0, began + SPACING - time.monotonic()))
        spent.append(served.cpu() - before)
    return spent
