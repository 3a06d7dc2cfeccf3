"""The second look at what was read while it was young."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from feedsvc.catalog import facts
from feedsvc.catalog.schema import record
from feedsvc.catalog.syncing import is_in_step
from feedsvc.errors import Fault, RecordError
from feedsvc.model import Record
from feedsvc.sources import Mark, Weight, digest
from feedsvc.sources.folder import Folder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from house import House

SUFFIXES = frozenset({".md", ".mp3", ".png"})


@dataclass
class Held:
    """A source of one record, whose mark stays the same whatever is in it."""

    text: str
    is_settled: bool = False
    is_there: bool = True
    is_broken: bool = False

    root = None
    polled = None

    def scan(self, _places: Collection[str] | None = None) -> Iterator[tuple[str, Mark]]:
        yield "a.md", Mark("1 1 1 1", 10.0 if self.is_settled else 1.0, self.is_settled)

    def digest(self) -> str:
        return digest((address, mark.value) for address, mark in self.scan())

    def is_replaced(self, _address: str, _before: str, _now: Mark) -> bool:
        return False

    def trace(self, value: str) -> str:
        return value

    def read(self, address: str, _mark: Mark | None = None) -> Record | None:
        if self.is_broken:
            raise RecordError(Fault(address, 1, 1, "cannot be read", "let it be read"))
        return Record(address, self.text.encode()) if self.is_there else None

    def top(self, _address: str, _length: int) -> bytes:
        return b""

    def weigh(self, _address: str, _mark: Mark | None = None) -> Weight | None:
        return None


def written(title: str, **keys: str) -> str:
    lines = "".join(f"{key}: {value}\n" for key, value in keys.items())
    return f"---\ntitle: {title}\ndate: 2026-01-01\n{lines}---\nA text.\n"


def settled(house: House) -> dict[str, bool]:
    with house.catalog.database.reading() as connection:
        return {row.address: row.is_settled for row in connection.execute(select(record))}


def syncs(house: House) -> str | None:
    with house.catalog.database.reading() as connection:
        return facts.get(connection, facts.SYNCS)


@pytest.fixture
def held(house: House) -> Held:
    house.source = Held(written("First"))
    assert house.sync().young == ("a.md",)
    assert not settled(house)["a.md"]
    return house.source


@pytest.mark.parametrize("patience", [0.0, 0.4])
def test_the_same_bytes_are_noted_as_settled_and_nothing_is_touched(house: House, held: Held, patience: float) -> None:
    before, count = house.observed(), syncs(house)
    held.is_settled = True
    outcome = house.sync_after(places={"a.md"}, patience=patience)
    assert (outcome.revision, outcome.young, outcome.restless, outcome.faults) == (None, (), (), ())
    assert settled(house) == {"a.md": True}
    assert house.observed() == before
    assert syncs(house) != count  # so that a sync that looked before sees that something was noted
    assert is_in_step(house.catalog, held, house.terms())


def test_what_is_still_young_is_looked_at_again(house: House, held: Held) -> None:
    assert house.sync_after(places={"a.md"}).young == ("a.md",)
    held.is_settled = True
    assert house.sync_after(places={"a.md"}).is_settled


def test_a_look_at_everything_leaves_what_is_young_to_its_second_look(house: House, held: Held) -> None:
    assert is_in_step(house.catalog, held, house.terms())
    held.is_settled = True  # nobody looked in time
    assert not is_in_step(house.catalog, held, house.terms())
    house.sync_after()
    assert is_in_step(house.catalog, held, house.terms())


def test_other_bytes_under_the_same_mark_are_published(house: House, held: Held) -> None:
    held.text, held.is_settled = written("Second"), True
    assert house.sync_after(places={"a.md"}).revision is not None
    assert house.titles() == ["Second"]
    assert settled(house) == {"a.md": True}


def test_what_cannot_be_read_any_more_stays_published_and_is_told(house: House, held: Held) -> None:
    held.is_broken = held.is_settled = True
    assert [fault.problem for fault in house.sync_after(places={"a.md"}).faults] == ["cannot be read"]
    assert house.titles() == ["First"]


def test_what_is_gone_by_then_is_looked_for_again(house: House, held: Held) -> None:
    held.is_there = False
    assert house.sync_after(places={"a.md"}).restless == ("a.md",)
    assert settled(house) == {"a.md": False}


def test_what_is_wrong_with_it_stays_noted_and_is_not_told_twice(house: House) -> None:
    house.source = held = Held(written("First", language="_"))
    (told,) = house.sync().faults
    held.is_settled = True
    assert house.sync_after(places={"a.md"}).faults == ()
    assert house.catalog.faults() == (told,)


def test_what_waits_for_another_is_settled_with_it(house: House) -> None:
    house.write("a.md", id="tag:lantern.example,2026:one")
    house.write("b.md", id="tag:lantern.example,2026:one", title="Another")
    house.sync()
    house.source = Folder(house.content, SUFFIXES, clock=lambda: time.time() + 5)
    assert house.sync_after(places={"a.md", "b.md"}).is_settled
    assert settled(house) == {"a.md": True, "b.md": True}


def test_a_recording_is_weighed_as_always(house: House) -> None:
    (house.content / "a.mp3").write_bytes(b"sound")
    (house.content / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    house.sync()
    house.source = Folder(house.content, SUFFIXES, clock=lambda: time.time() + 5)
    assert house.sync_after(places={"a.mp3", "a.png"}).is_settled
    assert settled(house) == {"a.mp3": True, "a.png": True}
