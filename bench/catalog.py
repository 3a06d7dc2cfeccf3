"""What a large folder costs: a cold start, a restart, edits, a change of thousands of files, pages and memory.

`make bench-catalog` (or `python bench/catalog.py [N]`) makes a folder of N articles, serves it on loopback, and prints
a table with the goals, and with Hugo's figures on the same folder where it is installed (`HUGO=` names its program).
Times are of one run on one machine: read the ratios, and the load beside them.
"""

from __future__ import annotations

import os
import platform
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import change
import edits
import hugo
from made import folder
from polls import Reader, wait
from processes import FEEDSVC, Served, load, run
from table import Row, median, megabytes, milliseconds, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from processes import Usage

COUNT = 100_000
SMALL = 1_000
# Hugo is ended when it takes longer, in seconds.
LONGEST = 300.0
# All files are verified so often.
LOOKS = 7
FEED = edits.FEED
READY = "/readyz"


class Cold(NamedTuple):
    """A cold start: what it took until the first whole feed, and until all articles were there.

    Attributes:
        cpu: seconds of all processes, until the first feed; `whole` until all was there.
        wall: seconds of the clock, likewise.
        peaks: the most memory of each process, in bytes, until all was there.
    """

    cpu: float
    whole: float
    wall: float
    wall_whole: float
    peaks: dict[str, int]


def cold(content: Path, catalog: Path) -> Cold:
    """What it takes from nothing.

    Raises:
        RuntimeError: where the first feed is another one than when all articles are there.
    """
    with Served(content, catalog) as served:
        first = wait(served.port, FEED, pause=0.1)
        cpu, wall = served.total(), time.monotonic() - served.began
        wait(served.port, READY, pause=0.1)
        if wait(served.port, FEED) != first:
            raise RuntimeError(f"{FEED} was not whole at first")
        return Cold(cpu, served.total(), wall, time.monotonic() - served.began, served.memory(peak=True))


def started(content: Path, work: Path) -> tuple[list[Row], float]:
    """The rows of a cold start, beside Hugo before and after it, and the CPU seconds until all articles were there."""
    before = _home(content, work)
    taken = cold(content, work / "catalog.db")
    feeds = [each for each in (before, _home(content, work)) if each]
    whole = f"{taken.whole:.1f} s (after {taken.wall_whole:.1f} s)"
    if not feeds:
        missing = "Hugo failed" if hugo.PROGRAM else "no Hugo found (HUGO=path/to/hugo)"
        return [
            Row(
                "cold start, CPU until the first feed", f"{taken.cpu:.1f} s", "≤ 0.6 × Hugo's home feed", None, missing
            ),
            Row("cold start, CPU until all articles are there", whole),
            Row("cold start, peak memory", _peaks(taken.peaks), "≤ 0.2 × Hugo's home feed", None, missing),
        ], taken.whole
    theirs, peak = median(each.cpu for each in feeds), max(each.peak for each in feeds)
    share, part = taken.cpu / theirs, sum(taken.peaks.values()) / peak
    beside = f"Hugo {hugo.version()}, nothing but its home feed: {theirs:.1f} CPU s, {megabytes(peak)}"
    figure = f"{taken.cpu:.1f} s (after {taken.wall:.1f} s), {share:.2f} × Hugo's home feed"
    return [
        Row("cold start, CPU until the first feed", figure, "≤ 0.6 ×", share <= 0.6, beside),
        _beside_site(content, work, taken.cpu),
        Row("cold start, CPU until all articles are there", f"{whole}, {taken.whole / theirs:.2f} × Hugo's home feed"),
        Row("cold start, peak memory", f"{_peaks(taken.peaks)}, {part:.2f} × Hugo's home feed", "≤ 0.2 ×", part <= 0.2),
    ], taken.whole  # fmt: skip


def _home(content: Path, work: Path) -> Usage | None:
    return hugo.build(content, work / "hugo", longest=LONGEST) if hugo.PROGRAM else None


def _beside_site(content: Path, work: Path, cpu: float) -> Row:
    site = hugo.build(content, work / "hugo", whole=True, longest=LONGEST)
    if site is None:
        return Row(
            "cold start, CPU until the first feed",
            "",
            "≤ 0.1 × Hugo's whole site",
            None,
            f"it failed, or took over {LONGEST:.0f} s",
        )
    share = cpu / site.cpu
    beside = f"all pages: {site.cpu:.1f} CPU s, {site.wall:.0f} s, {megabytes(site.peak)}"
    return Row(
        "cold start, CPU until the first feed", f"{share:.2f} × Hugo's whole site", "≤ 0.1 ×", share <= 0.1, beside
    )


def restarted(content: Path, work: Path) -> list[Row]:
    """The rows of a restart with nothing changed."""
    answers, cpu = [], []
    for _ in range(5):
        with Served(content, work / "catalog.db") as served:
            wait(served.port, FEED, pause=0.005)
            answers.append(time.monotonic() - served.began)
            cpu.append(served.total())
    (work / "empty").mkdir()
    places = ((content, work / "catalog.db"), (work / "empty", work / "empty.db"))
    for place in places:
        _synced(*place)  # so that there is nothing left to do
    # In turns, for the machine is not as fast in one second as in the next.
    looks = [(_walked(content), *(_synced(*place) for place in places)) for _ in range(LOOKS)]
    share = median((whole - started) / walked for walked, whole, started in looks)
    walked, whole, started = (median(each) for each in zip(*looks, strict=True))
    answer = median(answers)
    beside = f"walk and stat {walked:.2f} CPU s; a sync of an empty folder {started:.2f} s is taken off"
    figure = f"{whole - started:.2f} CPU s, {share:.2f} × walk and stat"
    return [
        Row("restart: first answer after", f"{answer:.2f} s", "≤ 0.6 s", answer <= 0.6,
            f"{min(answers):.2f}–{max(answers):.2f} s, {median(cpu):.2f} CPU s until then"),
        Row("restart: all files verified", figure, "≤ 2 ×", share <= 2, beside),
    ]  # fmt: skip


def asked(content: Path, work: Path, count: int) -> list[Row]:
    """The rows of pages never asked for before, and of the memory afterwards."""
    tags = ("harbour", "ferries", "weather", "council", "history")
    spread = [f"article-{number}" for number in range(count // 20, count, count // 20)]
    feeds = [f"/tags/{tag}/{file}" for tag in tags for file in ("rss.xml", "atom.xml", "feed.json")]
    pages = [f"/before/{slug}" for slug in spread]
    articles = [f"/articles/{slug}" for slug in spread]
    with Served(content, work / "catalog.db") as served:
        wait(served.port, FEED)
        served.settle()
        idle = served.memory()["server"]
        reader = Reader(served.port)
        shown = [
            _asked(served, reader, f"{what} never asked for before, {count:,} articles", paths)
            for what, paths in (("a tag's feed", feeds), ("a list page", pages), ("an article's page", articles))
        ]
        reader.close()
        now = served.memory()["server"]
    what = f"memory of the server, {len(feeds) + len(pages) + len(articles)} documents asked for, {count:,} articles"
    beside = f"{megabytes(idle)} when it starts"
    return [*shown, Row(what, megabytes(now), "≤ 100 MB and the documents", now <= 110e6, beside)]


def measured(count: int, *, is_small: bool) -> list[Row]:
    """The rows for one folder."""
    with tempfile.TemporaryDirectory(prefix="feedsvc-bench-") as made:
        work, content = Path(made), Path(made) / "content"
        folder(content, count)
        (content / edits.ADDRESS).parent.mkdir(parents=True, exist_ok=True)
        edits.by_rename(content / edits.ADDRESS, edits.text(0))
        time.sleep(3)  # what is younger than two seconds would be read twice
        if is_small:
            cpu = cold(content, work / "catalog.db").whole
            shown = []
        else:
            shown, cpu = started(content, work)
            shown = [*_told(shown), *_told(restarted(content, work))]
        shown += _told(asked(content, work, count))
        with Served(content, work / "catalog.db") as served:
            wait(served.port, FEED)
            served.settle()
            shown += _told(edits.rows(count, edits.edited(served, content)))
            if not is_small:
                shown += _told(change.rows(change.changed(served, content, count, work), cpu / count))
    return shown


def main(count: int = COUNT) -> None:
    """Prints the table."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what it started is ended too
    print(f"{count:,} articles; Python {platform.python_version()}; {load()} at the start", flush=True)
    shown = [*measured(min(SMALL, count), is_small=True), *measured(count, is_small=False)]
    print(f"\n{written(shown)}\n\n{load()} at the end")


def _told(shown: list[Row]) -> list[Row]:
    """What was measured, told at once: the whole takes minutes."""
    for row in shown:
        print(f"  {row.what}: {row.figure} ({row.goal or 'no goal'}; {row.beside or load()})", flush=True)
    return shown


def _asked(served: Served, reader: Reader, what: str, paths: Sequence[str]) -> Row:
    taken = []
    before = served.cpu()["server"]
    for path in paths:
        began = time.monotonic()
        status, _ = reader.get(path)
        taken.append(time.monotonic() - began)
        if status != 200:
            raise RuntimeError(f"{path}: {status}")
    each = (served.cpu()["server"] - before) / len(paths)
    middle = median(taken)
    beside = f"median of {len(taken)}; max {milliseconds(max(taken))}; CPU {milliseconds(each)} each"
    return Row(what, milliseconds(middle), "< 20 ms", middle < 0.02, beside)


def _walked(content: Path) -> float:
    """CPU seconds for the names and the status of every file."""
    began, within, count = time.process_time(), [str(content)], 0
    while within:
        with os.scandir(within.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    within.append(entry.path)
                else:
                    count += entry.stat().st_size
    return time.process_time() - began


def _synced(content: Path, catalog: Path) -> float:
    """CPU seconds of a sync with nothing to do, its start included."""
    used = run([*FEEDSVC, "sync", str(content), "--database", str(catalog)])
    if used is None:
        raise RuntimeError(f"{content}: the sync failed")
    return used.cpu


def _peaks(peaks: dict[str, int]) -> str:
    return " + ".join(f"{name} {megabytes(peak)}" for name, peak in peaks.items())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
