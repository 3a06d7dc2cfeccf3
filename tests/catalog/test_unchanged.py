"""A source that is all as it was: one digest tells, and no row is read for it."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from sqlalchemy import event

from feedsvc.catalog import Catalog, facts
from feedsvc.catalog.syncing import is_in_step
from feedsvc.errors import CatalogBusy
from feedsvc.model import Record
from feedsvc.sources import Mark, Source, Weight, digest
from feedsvc.sources.folder import Folder

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from house import House


@pytest.fixture
def settled(house: House) -> House:
    """Three articles, all old enough to be sure of, and two more below folders."""
    assert isinstance(house.source, Folder)
    house.source = replace(house.source, clock=lambda: time.time() + 60)
    for address in ("a.md", "b.md", "c.md", "d/e.md", "d/f/g.md"):
        house.write(address, title=address)
    house.sync()
    return house


def noted(house: House) -> str | None:
    with house.catalog.database.reading() as connection:
        return facts.get(connection, facts.MARKS)


class Unscanned:
    """A source that only its digest may be asked for."""

    def __init__(self, source: Source) -> None:
        self.digest = source.digest

    def scan(self, places: Collection[str] | None = None) -> Iterator[tuple[str, Mark]]:
        raise AssertionError(places)


def is_known_at_once(house: House) -> bool:
    """Whether the digest alone tells that nothing changed."""
    source, house.source = house.source, Unscanned(house.source)  # type: ignore[assignment]
    try:
        outcome = house.sync_after()
        is_same = outcome.is_settled and outcome.revision is None
        return is_same and is_in_step(house.catalog, house.source, house.terms())
    except AssertionError:
        return False
    finally:
        house.source = source


def test_it_is_noted_by_the_first_sync(settled: House) -> None:
    assert is_known_at_once(settled)
    assert len(settled.titles()) == 5


def test_it_is_noted_again_by_a_look_at_everything_after_a_change(settled: House) -> None:
    settled.write("b.md", title="Another")
    settled.sync_after(places=["b.md"])
    assert not is_known_at_once(settled)
    assert is_in_step(settled.catalog, settled.source, settled.terms())
    assert is_known_at_once(settled)
    settled.write("b.md", title="Yet another")
    settled.sync_after()
    assert not is_known_at_once(settled)
    settled.sync_after()
    assert is_known_at_once(settled)


CHANGES: dict[str, Callable[[House], object]] = {
    "edited": lambda house: house.write("c.md", title="Other"),
    "touched": lambda house: os.utime(house.content / "c.md", (1, 1)),
    "new": lambda house: house.write("d/new.md"),
    "removed": lambda house: house.remove("d/e.md"),
    "renamed": lambda house: (house.content / "a.md").rename(house.content / "z.md"),
    "moved": lambda house: (house.content / "d").rename(house.content / "y"),
    "replaced": lambda house: (house.content / "a.md").replace(house.content / "b.md"),
    "swapped": lambda house: swap(house, "a.md", "b.md"),
}


def swap(house: House, one: str, other: str) -> None:
    between = house.content / "between"
    (house.content / one).rename(between)
    (house.content / other).rename(house.content / one)
    between.rename(house.content / other)


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_is_seen(settled: House, change: str) -> None:
    CHANGES[change](settled)
    assert not is_in_step(settled.catalog, settled.source, settled.terms())
    settled.sync_after()
    settled.sync_after()
    assert is_known_at_once(settled)


@dataclass
class Kept:
    """A source of records whose marks somebody chose."""

    marks: dict[str, str]

    root = None
    polled = None

    def scan(self, places: Collection[str] | None = None) -> Iterator[tuple[str, Mark]]:
        found = ((each, Mark(value, 99.0, is_settled=True)) for each, value in sorted(self.marks.items()))
        return (pair for pair in found if places is None or pair[0] in places)

    def digest(self) -> str:
        return digest((address, mark.value) for address, mark in self.scan())

    def is_replaced(self, _address: str, _before: str, _now: Mark) -> bool:
        return True

    def trace(self, value: str) -> str:
        return value

    def read(self, address: str, _mark: Mark | None = None) -> Record | None:
        return Record(address, f"---\ntitle: {address}\ndate: 2026-01-01\n---\nA text.\n".encode())

    def top(self, _address: str, _length: int) -> bytes:
        return b""

    def weigh(self, _address: str, _mark: Mark | None = None) -> Weight | None:
        return None


def test_what_is_back_under_the_mark_that_it_had_is_seen(house: House) -> None:
    """Some file systems keep all dates of what is renamed: what was noted before it was away says nothing by now."""
    kept = {"a.md": "1 1 1 1", "b.md": "1 1 1 2"}
    house.source = Kept(kept)
    house.sync()
    house.source = Kept({"a.md": "1 1 1 1"})
    house.sync_after()
    assert house.titles() == ["a.md"]
    house.source = Kept(kept)
    assert not is_in_step(house.catalog, house.source, house.terms())
    house.sync_after()
    assert sorted(house.titles()) == ["a.md", "b.md"]


def test_what_is_young_is_read_again(house: House) -> None:
    house.write("a.md")
    assert isinstance(house.source, Folder)
    house.source = replace(house.source, clock=(house.content / "a.md").stat().st_ctime.__float__)
    house.sync()
    assert noted(house) is None
    assert not is_known_at_once(house)


def test_other_settings_are_taken_over_though_nothing_changed(settled: House) -> None:
    settled.site = replace(settled.site, title="Another")
    assert settled.sync_after().revision is not None
    assert b"<title>Another<" in settled.observed()[0]
    settled.sync_after()
    before = settled.articles()[0].published
    settled.site = replace(settled.site, zone="Europe/Helsinki")
    settled.sync_after()
    assert settled.articles()[0].published < before  # it was read anew: midnight is two hours earlier


def test_what_is_held_stays_held(settled: House) -> None:
    for number in range(20):
        settled.write(f"x{number}.md")
    settled.sync_after()
    settled.sync_after()
    for number in range(20):
        settled.remove(f"x{number}.md")
    assert settled.sync_after().held
    assert settled.sync_after().held
    assert settled.sync_after(confirm=True).held == ""
    assert len(settled.titles()) == 5


def test_no_row_is_read(settled: House) -> None:
    asked: list[str] = []
    engine = settled.catalog.database._engine  # type: ignore[attr-defined]
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    settled.sync_after()
    assert asked
    assert not any("FROM record" in each for each in asked)


def test_that_somebody_else_writes_keeps_nobody_from_looking(settled: House, monkeypatch: pytest.MonkeyPatch) -> None:
    settled.write("b.md", title="Another")
    settled.sync_after(places=["b.md"])
    other = Catalog(settled.place)
    for module in ("sqlite", "postgresql"):
        monkeypatch.setattr(sys.modules[f"feedsvc.catalog.database.{module}"], "PATIENCE", 1)
    with other.database.writing():
        with pytest.raises(CatalogBusy), settled.catalog.database.writing():
            pass
        assert settled.sync_after().revision is None
        assert not is_known_at_once(settled)
    other.close()
    settled.sync_after()
    assert is_known_at_once(settled)
