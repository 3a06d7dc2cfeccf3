"""What it costs to find articles by their words: filling the index, its size, and queries, as the catalog grows.

`make bench-search` (or `python bench/search.py [MOST]`) makes folders of articles, syncs each in one process, and asks.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from made import WORDS, folder
from table import Row, median, megabytes, milliseconds, quantile, written

from feedsvc.catalog import Catalog
from feedsvc.catalog.syncing import Terms, sync
from feedsvc.catalog.syncing.indexing import fill
from feedsvc.config import Site, complete
from feedsvc.entries import words
from feedsvc.readers import READERS
from feedsvc.sources import open_source
from feedsvc.text.media_types import MEDIA_TYPES
from feedsvc.text.search import sought

SITE = complete(Site(base_url="https://bench.example/"), folder_name="bench", address="")
ROUNDS = 200
GOAL = 0.02


def measured(count: int, work: Path) -> list[Row]:
    """The rows of so many articles."""
    content, place = work / "content", work / "catalog.sqlite"
    folder(content, count)
    catalog = Catalog(str(place))
    source = open_source(str(content), suffixes=frozenset({*READERS, *MEDIA_TYPES}))
    sync(catalog, source, Terms(SITE, time.time))
    before = _size(place)
    began = time.process_time()
    while fill(catalog, words):
        pass
    cpu = time.process_time() - began
    of = f"{count:,} articles"
    rows = [
        Row(f"filling the index, CPU, {of}", f"{cpu:.1f} s", beside=f"{cpu / count * 1000:.2f} ms each"),
        Row(f"size of the index, {of}", megabytes(_size(place) - before), beside=f"catalog {megabytes(before)}"),
    ]
    chance = random.Random(count)  # noqa: S311 - words, not secrets
    kinds = {
        "a word of the title": lambda: f"number {chance.randrange(count)}",
        "a word that is in every article": lambda: "the",
        "two words": lambda: f"{chance.choice(WORDS)} {chance.choice(WORDS)}",
        "a phrase": lambda: f'"{chance.choice(WORDS)} {chance.choice(WORDS)} {chance.choice(WORDS)}"',
        "the beginning of a word": lambda: chance.choice(WORDS)[:4],
        "a word that is nowhere": lambda: "nowhere",
    }
    for kind, query in kinds.items():
        taken = [_asked(catalog, query()) for _ in range(ROUNDS)]
        p50, p99 = median(taken), quantile(taken, 0.99)
        rows.append(Row(f"{kind}, {of}", milliseconds(p50), "< 20 ms", p50 < GOAL, f"p99 {milliseconds(p99)}"))
    catalog.close()
    return rows


def _asked(catalog: Catalog, query: str) -> float:
    began = time.perf_counter()
    with catalog.snapshot() as snapshot:
        found = snapshot.search.find(sought(query), int(time.time()))
        if found:
            snapshot.search.articles(found[:20])
    return time.perf_counter() - began


def _size(place: Path) -> int:
    """The bytes of the pages that are in use, whether they are in the file yet or still in its log."""
    with closing(sqlite3.connect(place)) as database:
        pages, free, size = (
            database.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "freelist_count", "page_size")
        )
    return (pages - free) * size


def main(most: int = 100_000) -> None:
    rows = []
    for count in (most // 100, most):
        with tempfile.TemporaryDirectory() as work:
            rows += measured(count, Path(work))
    print(written(rows))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
