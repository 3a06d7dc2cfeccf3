"""What a watch looks at, and when: no more than it is told of, and everything where it is told of nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from command import until, write
from sqlalchemy import func, select
from watching import Watched

from feedsvc.catalog import Catalog
from feedsvc.catalog.schema import record
from feedsvc.cli import following
from feedsvc.sources import hints
from feedsvc.watch import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from feedsvc.sources import Mark, Source

only_on_linux = pytest.mark.skipif(sys.platform != "linux", reason="how the system notifies differs")


@dataclass
class Noting:
    """A source that notes what of it is scanned; None for everything."""

    source: Source
    root: Path | None
    scans: list[frozenset[str] | None] = field(default_factory=list)

    def scan(self, places: Collection[str] | None = None) -> Iterator[tuple[str, Mark]]:
        self.scans.append(None if places is None else frozenset(places))
        return self.source.scan(places)

    def digest(self) -> None:
        return None  # so that it is scanned

    def __getattr__(self, name: str) -> Any:
        return getattr(self.source, name)


@contextmanager
def settled(folder: Path, *, root: Path | None) -> Iterator[tuple[Watched, Noting]]:
    """A watch of some articles that it need not look at again."""
    noting = Noting(following.source(folder), root)
    with Watched(folder, Catalog(str(folder.with_name("catalog.db")))).running(noting) as watched:
        until(watched.titles)
        until(lambda: not unsettled(watched))  # they were young at first
        noting.scans.clear()
        yield watched, noting


def unsettled(watched: Watched) -> int:
    """How many records are to be looked at again."""
    query = select(func.count()).select_from(record).where(record.c.is_settled.is_(False))
    with watched.catalog.database.reading() as connection:
        return connection.scalar(query) or 0


def test_an_edit_is_looked_at_where_it_is_and_once_more_when_it_has_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedsvc.sources.status.is_dated_here", lambda _device: False)
    for number in range(20):
        write(tmp_path / "content" / "2026" / f"{number}.md", f"Number {number}")
    with settled(tmp_path / "content", root=tmp_path / "content") as (watched, noting):
        write(tmp_path / "content" / "2026" / "7.md", "Edited")
        until(lambda: "Edited" in watched.titles())
        edited = len(noting.scans)
        until(lambda: any(noting.scans[edited:]))
        assert set(filter(None, noting.scans)) == {frozenset({"2026/7.md"})}
        assert noting.scans.count(None) <= 2  # the scans that come now and then


@only_on_linux
def test_what_is_written_in_place_is_looked_at_when_it_has_been_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "content" / "a.md", "First")
    with settled(tmp_path / "content", root=tmp_path / "content") as (watched, noting):
        for number in range(4):
            watched.stop.wait(1.2)  # nothing is looked at in the second of a revision anyway
            write(tmp_path / "content" / "a.md", f"Edited {number}")
            watched.waits_for(f"Edited {number}")
        # One each, unless a scan of everything that comes now and then was first; one at once besides would make eight.
        assert 2 <= noting.scans.count(frozenset({"a.md"})) <= 5


@only_on_linux
def test_what_goes_on_being_written_is_looked_at_until_it_has_ended(tmp_path: Path) -> None:
    path = tmp_path / "content" / "a.md"
    write(path, "First")
    with settled(tmp_path / "content", root=tmp_path / "content") as (watched, noting):
        write(path, "Half")
        written = [time.monotonic()]
        for _ in range(8):
            time.sleep(PATIENCE / 4)
            with path.open("a") as file:
                file.write("More.\n")
            written.append(time.monotonic())
        titles = watched.titles()
        waits = [after - before for before, after in pairwise([*written, time.monotonic()])]
        if max(waits) < PATIENCE * 0.9:  # else the machine was too busy to go on writing
            assert titles == ["First"]
        watched.waits_for("Half")
        assert noting.scans.count(frozenset({"a.md"})) < 8


def test_settings_that_change_are_for_everything(tmp_path: Path) -> None:
    write(tmp_path / "content" / "a.md")
    with settled(tmp_path / "content", root=tmp_path / "content") as (_, noting):
        (tmp_path / "content" / "feedsvc.toml").write_text('title = "New"', encoding="utf-8")
        until(lambda: None in noting.scans)


def test_a_touch_of_the_folder_itself_is_for_everything_in_it(tmp_path: Path) -> None:
    write(tmp_path / "content" / "a.md")
    write(tmp_path / "outside.md", "Outside")
    with settled(tmp_path / "content", root=tmp_path / "content") as (watched, noting):
        os.utime(tmp_path / "content")
        until(lambda: None in noting.scans)
        assert set(noting.scans) == {None}
        assert watched.titles() == ["A title"]
        assert watched.errors() == []


def test_a_source_that_lies_in_no_folder_is_asked_each_second(tmp_path: Path) -> None:
    write(tmp_path / "content" / "a.md", "First")
    with settled(tmp_path / "content", root=None) as (watched, noting):
        began = time.monotonic()
        for number in range(3):
            write(tmp_path / "content" / "a.md", f"Edited {number}")
            watched.waits_for(f"Edited {number}")
        assert noting.scans.count(None) >= min(3, (time.monotonic() - began) // 2)


def test_a_missing_folder_is_told_soon_and_its_return_too(tmp_path: Path) -> None:
    write(tmp_path / "content" / "a.md", "First")
    with settled(tmp_path / "content", root=tmp_path / "content") as (watched, _):
        began = time.monotonic()
        (tmp_path / "content").rename(tmp_path / "away")
        until(watched.trouble)
        write(tmp_path / "away" / "a.md", "Edited")
        (tmp_path / "away").rename(tmp_path / "content")
        watched.waits_for("Edited")
        until(lambda: not watched.trouble())
        assert time.monotonic() - began < 9  # before a scan would have come by itself


def test_ticks_come_while_only_hidden_files_change(tmp_path: Path) -> None:
    stop, done = threading.Event(), threading.Event()

    def change() -> None:
        while not done.wait(0.005):
            (tmp_path / ".hidden").write_text("x")

    writer = threading.Thread(target=change)
    writer.start()
    try:
        ticks = hints.ticks(tmp_path, stop)
        found = [next(ticks) for _ in range(10)]
    finally:
        done.set()
        stop.set()
        writer.join()
    assert {tick.places for tick in found[2:]} == {frozenset()}


@only_on_linux
@pytest.mark.parametrize("limit", ["max_inotify_instances", "max_inotify_watches"])
def test_where_the_system_gives_no_notifications_changes_are_found_each_second(tmp_path: Path, limit: str) -> None:
    write(tmp_path / "content" / "a" / "b" / "a.md", "First")
    catalog = Catalog(str(tmp_path / "catalog.db"))
    without = ["unshare", "--user", "--map-root-user", "sh", "-c", f'echo 0 > /proc/sys/user/{limit} && exec "$@"', "-"]
    if subprocess.run([*without, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no namespaces can be had here")
    arguments = ["sync", str(tmp_path / "content"), "--watch", "--database", str(tmp_path / "catalog.db")]
    child = subprocess.Popen([*without, sys.executable, "-m", "feedsvc", *arguments], stderr=subprocess.DEVNULL)
    try:
        watched = Watched(tmp_path / "content", catalog)
        watched.waits_for("First")
        began = time.monotonic()
        for number in range(3):
            write(tmp_path / "content" / "a" / "b" / "a.md", f"Edited {number}")
            watched.waits_for(f"Edited {number}")
        assert time.monotonic() - began < 20  # three scans that come now and then would have taken thirty
        assert watched.trouble() == ""
    finally:
        child.terminate()
        child.wait(30)
        catalog.close()


def test_who_polls_asks_for_no_notifications(tmp_path: Path) -> None:
    write(tmp_path / "content" / "a.md", "First")
    before = inotify()
    with Watched(tmp_path / "content", Catalog(str(tmp_path / "catalog.db"))).running(poll=True) as watched:
        watched.waits_for("First")
        write(tmp_path / "content" / "a.md", "Edited")
        watched.waits_for("Edited")
        assert inotify() == before


def inotify() -> int:
    """How many instances of inotify this process has (Linux)."""
    links = [Path(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")]  # noqa: PTH208 - numbers
    return sum(link.is_symlink() and "inotify" in str(link.readlink()) for link in links)
