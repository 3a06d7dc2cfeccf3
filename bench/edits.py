"""One edit after another while the folder is served: how soon each is seen in the feed, and what it costs."""

from __future__ import annotations

import os
import random
import time
from collections import defaultdict
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
# For its CPU so many edits, each with the second look that is taken when it has settled, in seconds.
COSTED = 9
WHOLE = 3.0
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
        cost: CPU seconds of each process for one edit, more than an idle stretch of the same length.
    """

    seen: Sequence[float]
    cost: dict[str, float]


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
    """Edits in each way, with a reader that polls, then without."""
    reader = Reader(served.port)
    reader.get(FEED)
    number = 0
    found: dict[str, Edits] = {}
    idle = _spent(served, reader, lambda _turn: None)
    for name, save in WAYS.items():
        seen = [_seen(reader, folder / ADDRESS, number + turn, save) for turn in range(1, turns + 1)]
        number += turns
        busy = _spent(served, reader, _editing(folder / ADDRESS, number, save))
        number += COSTED
        found[name] = Edits(seen, {each: median(busy[each]) - median(idle[each]) for each in busy})
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
        cost = sum(edits.cost.values())
        beside = ", ".join(f"{each} {milliseconds(spent)}" for each, spent in edits.cost.items())
        shown.append(Row(what, milliseconds(cost), "< 20 ms", cost < 0.02, beside))
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


def _spent(served: Served, reader: Reader, act: Callable[[int], None]) -> dict[str, list[float]]:
    """CPU seconds of each process in each turn; the feed is asked for once in it, when the edit is long seen."""
    spent: defaultdict[str, list[float]] = defaultdict(list)
    for turn in range(COSTED):
        began, before = time.monotonic(), served.cpu()
        act(turn)
        time.sleep(SPACING)
        reader.get(FEED)
        time.sleep(max(0.0, began + WHOLE - time.monotonic()))
        for each, until in served.cpu().items():
            spent[each].append(until - before[each])
    return spent
