"""How an edit, a restart check and queries grow with the number of articles, from ten thousand to a million.

`make bench-growth` (or `python bench/growth.py [MOST]`) fills catalogs by SQL (`archive.py`), measures CPU time in one
process, prints a table and writes docs/images/growth.svg. There are no files: a walk of the folder is not in it.
"""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive import NOW, SITE, Archive, address, filled
from plot import drawn
from processes import load
from table import median

from feedsvc.catalog.syncing import Terms, sync_at
from feedsvc.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from feedsvc.catalog import Catalog, Snapshot

MOST = 1_000_000
SIZES = (10_000, 31_623, 100_000, 316_228, 1_000_000)
ROUNDS = 25
PICTURE = Path(__file__).parent.parent / "docs" / "images" / "growth.svg"

EDIT = "an edit, synced"
CHECK = "restart check of all records"
SCAN = "(yielding their marks)"


@dataclass(slots=True)
class Clock:
    """Stands until it is told to move: an edit is not to wait for its second."""

    now: float = NOW

    def __call__(self) -> float:
        """Seconds since the epoch."""
        return self.now


def measured(count: int) -> dict[str, float]:
    """CPU seconds of each thing in a catalog of so many articles."""
    with tempfile.TemporaryDirectory(prefix="feedsvc-growth-") as folder:
        began = time.monotonic()
        catalog, archive = filled(f"{folder}/catalog.db", count)
        print(f"{count:,} articles: their rows took {time.monotonic() - began:.0f} s; {load()}", flush=True)
        catalog.stamp()  # as a server beside it does: so that no writer is the last to close, and has to tidy up
        try:
            return {**_syncs(catalog, archive), **_queries(catalog, count)}
        finally:
            catalog.close()


def _syncs(catalog: Catalog, archive: Archive) -> dict[str, float]:
    clock = Clock()
    terms = Terms(SITE, clock=clock)
    edits: list[float] = []
    for turn in range(ROUNDS):
        chosen = archive.count // ROUNDS * turn + 1
        archive.edited[chosen] = 1
        clock.now += 2
        with _spent(edits):
            outcome = sync_at(catalog, archive, {address(chosen)}, terms)
        if outcome.revision is None:
            raise RuntimeError("the edit made no revision")
    checks: list[float] = []
    scans: list[float] = []
    for _ in range(3):
        with _spent(scans):
            sum(1 for _ in archive.scan())
        with _spent(checks):
            outcome = sync_at(catalog, archive, None, terms)
        if outcome.revision is not None:
            raise RuntimeError("something differs")
    return {EDIT: median(edits), CHECK: median(checks), SCAN: median(scans)}


def _queries(catalog: Catalog, count: int) -> dict[str, float]:
    asked: dict[str, Callable[[Snapshot], object]] = {
        "the site's newest 20, with its dates": lambda snapshot: _window(snapshot, ""),
        "a tag's newest 20, with its dates": lambda snapshot: _window(snapshot, "tags/harbour"),
        "a page deep in the archive": lambda snapshot: _page(snapshot, f"article-{count // 10 + 1}"),
        "an article": lambda snapshot: snapshot.article(f"article-{count // 2}", NOW),
        "an address that never was": _nowhere,
    }
    found: dict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        for name, ask in asked.items():
            with catalog.snapshot() as snapshot, _spent(found[name]):
                ask(snapshot)
    return {name: median(taken) for name, taken in found.items()}


def _window(snapshot: Snapshot, name: str) -> None:
    """All that a feed is made of."""
    snapshot.term(name, NOW)
    snapshot.times(name, NOW)
    if len(snapshot.newest(name, NOW, limit=20)) != 20:
        raise RuntimeError("articles are missing")
    snapshot.tombstones(name, NOW, limit=20)


def _page(snapshot: Snapshot, slug: str) -> None:
    snapshot.newest("", NOW, limit=21, before=snapshot.place_of(slug, "", NOW))


def _nowhere(snapshot: Snapshot) -> None:
    for ask in (snapshot.article, lambda slug, now: snapshot.filed_at([slug], now)):
        try:
            ask("nowhere", NOW)
        except NotFound:
            continue
        raise RuntimeError("it is somewhere")


@contextmanager
def _spent(noted: list[float]) -> Iterator[None]:
    began = time.process_time()
    yield
    noted.append(time.process_time() - began)


def _told(found: dict[int, dict[str, float]]) -> str:
    sizes = list(found)
    lines = [
        f"| CPU, ms | {' | '.join(f'{size:,}' for size in sizes)} | growth |",
        "|---|" + "---:|" * (len(sizes) + 1),
    ]
    for name in found[sizes[0]]:
        values = [found[size][name] for size in sizes]
        cells = " | ".join(f"{value * 1000:,.2f}" for value in values)
        lines.append(f"| {name} | {cells} | {values[-1] / values[0]:.1f} × |")
    return "\n".join(lines)


def main(most: int = MOST) -> None:
    """Prints the table; writes the plot where all sizes were measured."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the catalogs are removed then too
    found = {size: measured(size) for size in SIZES if size <= most}
    print(f"\n{_told(found)}\n")
    if len(found) == len(SIZES):
        lines = {name: [(size, found[size][name]) for size in found] for name in found[SIZES[0]] if name != SCAN}
        PICTURE.write_text(drawn(lines), "utf-8")
        print(f"{PICTURE} is written")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
