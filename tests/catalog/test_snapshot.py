"""What a snapshot costs: a window, an old address or one that never was is looked up, not searched for."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from dialects import SQLITE_ONLY
from house import NOON, House

from feedsvc.catalog import Names, presence
from feedsvc.errors import NotFound

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from feedsvc.catalog import Snapshot

FEW, MANY = 60, 600


@pytest.fixture
def archive(house: House) -> Callable[[int], House]:
    """A site of so many articles, a minute after each other."""

    def made(count: int) -> House:
        for number in range(count):
            date = f"2026-01-0{number // 240 + 1}T{number // 60 % 24:02}:{number % 60:02}:00Z"
            house.write(f"{number:03}.md", date=date, slug=f"a-{number}", aliases=f"[/old/{number // 2}]")
        house.sync()
        return house

    return made


def steps(house: House, ask: Callable[[Snapshot], object]) -> int:
    """How many steps SQLite's machine takes, in tens."""
    counted = [0]

    def count() -> None:
        counted[0] += 1

    with house.catalog.snapshot() as snapshot:
        connection = cast("sqlite3.Connection", snapshot._connection.connection.dbapi_connection)
        connection.set_progress_handler(count, 10)
        ask(snapshot)
        connection.set_progress_handler(None, 10)
    return counted[0]


def deep(snapshot: Snapshot) -> None:
    found = snapshot.newest("", NOON, limit=5, before=snapshot.place_of("a-9", "", NOON))
    assert [article.slug for article in found] == ["a-8", "a-7", "a-6", "a-5", "a-4"]


def moved(snapshot: Snapshot) -> None:
    assert snapshot.moved_to(["old/3", "blog/old/3"], NOON) == "a-7"
    assert snapshot.filed_at(["003.md", "content/003.md"], NOON) == "a-3"


def nowhere(snapshot: Snapshot) -> None:
    for ask in (snapshot.moved_to, snapshot.filed_at):
        with pytest.raises(NotFound):
            ask(["nowhere", "no.md"], NOON)


def unheard_of(snapshot: Snapshot) -> None:
    for kind in Names._fields:
        assert not presence.is_any(snapshot._connection, Names(**{kind: ("never",)}), NOON)


@SQLITE_ONLY
@pytest.mark.parametrize("ask", [deep, moved, nowhere, unheard_of])
def test_what_is_asked_of_many_articles_costs_what_it_costs_of_few(
    archive: Callable[[int], House], ask: Callable[[Snapshot], None]
) -> None:
    of_few = steps(archive(FEW), ask)
    assert steps(archive(MANY), ask) < of_few * 1.5 + 20


def test_a_page_behind_a_place_to_come_holds_only_what_has_come(house: House) -> None:
    house.write("a.md", title="Now")
    house.write("b.md", title="Later", date="2026-01-10T13:00:00Z")
    house.sync()
    with house.catalog.snapshot() as snapshot:
        found = snapshot.newest("", NOON, limit=5, before=(NOON + 7200, "z"))
    assert [article.title for article in found] == ["Now"]
