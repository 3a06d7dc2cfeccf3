"""What every database below the catalog does: the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from command import feedsvc, until
from sqlalchemy import func, insert, select, text

from feedsvc.catalog import Catalog, facts
from feedsvc.catalog.database import open_database
from feedsvc.catalog.schema import revision
from feedsvc.errors import CatalogBusy, CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from feedsvc.catalog.database import Database


@pytest.fixture
def catalog(place: str) -> Iterator[Catalog]:
    made = Catalog(place)
    yield made
    made.close()


@pytest.fixture
def database(catalog: Catalog) -> Database:
    return catalog.database


@pytest.fixture
def other(catalog: Catalog) -> Iterator[Database]:
    """The same database, as another process has it."""
    opened = open_database(catalog.database.place)
    yield opened
    opened.close()


def put(database: Database, number: int = 1) -> None:
    with database.writing() as connection:
        connection.execute(insert(revision).values(number=number, at=number))


def count(database: Database) -> int:
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(revision)) or 0


@pytest.mark.parametrize("where", ["://", "mysql:///a", "sqlite+nonsense://", "postgresql://host:port/name"])
def test_a_place_that_is_none_is_refused(where: str) -> None:
    with pytest.raises(CatalogError, match="not a database that feedsvc knows"):
        open_database(where)


def test_the_stamp_stays_while_nobody_commits(database: Database) -> None:
    assert database.stamp() == database.stamp()


def test_the_stamp_moves_with_a_commit_of_another(database: Database, other: Database) -> None:
    before = database.stamp()
    put(other)
    until(lambda: database.stamp() != before)


def test_the_stamp_moves_with_a_commit_of_its_own(database: Database) -> None:
    before = database.stamp()
    put(database)
    assert database.stamp() != before


def test_a_reader_sees_one_state_whatever_others_commit(database: Database, other: Database) -> None:
    with database.reading() as connection:
        before = connection.scalar(select(func.count()).select_from(revision))
        put(other)
        assert connection.scalar(select(func.count()).select_from(revision)) == before
    assert count(database) == 1


def test_what_fails_is_undone(database: Database) -> None:
    def fail() -> None:
        with database.writing() as connection:
            connection.execute(insert(revision).values(number=1, at=1))
            connection.execute(text("INSERT INTO nowhere VALUES (1)"))

    with pytest.raises(CatalogError, match="nowhere"):
        fail()
    assert count(database) == 0
    put(database)
    assert count(database) == 1


def test_a_writer_waits_for_another_one_and_sees_what_it_wrote(database: Database, other: Database) -> None:
    seen: list[int] = []

    def write() -> None:
        with other.writing() as connection:
            seen.append(connection.scalar(select(func.count()).select_from(revision)) or 0)

    waiting = threading.Thread(target=write)
    with database.writing() as connection:
        connection.execute(insert(revision).values(number=1, at=1))
        waiting.start()
        time.sleep(0.3)
        assert seen == []
    waiting.join()
    assert seen == [1]


def test_a_writer_that_has_waited_for_long_says_for_what(
    database: Database, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for dialect in ("sqlite", "postgresql"):
        monkeypatch.setattr(f"feedsvc.catalog.database.{dialect}.PATIENCE", 1)
    with (
        database.writing(),
        pytest.raises(CatalogBusy, match="another process is writing to the catalog; this one waits"),
        other.writing(),
    ):
        pass
    put(other)


def test_whoever_opens_a_catalog_does_not_wait_for_one_who_writes(catalog: Catalog) -> None:
    with catalog.database.writing() as connection:
        facts.put(connection, "something", "else")
        opened: list[Catalog] = []
        opening = threading.Thread(target=lambda: opened.append(Catalog(catalog.database.place)))
        opening.start()
        opening.join(20)
        assert opened
    opened[0].close()


def test_its_clock_goes_on_by_itself(database: Database) -> None:
    count(database)
    first = database.now()
    assert first <= database.now() <= first + 30


def test_a_catalog_knows_how_many_articles_it_has(catalog: Catalog) -> None:
    assert catalog.size() == 0


def test_a_catalog_that_is_made_twice_is_the_same_one(catalog: Catalog) -> None:
    again = Catalog(catalog.database.place)
    assert again.news(None) == catalog.news(None)
    again.close()


@pytest.mark.parametrize("command", ["serve", "sync"])
def test_a_catalog_of_a_newer_feedsvc_is_left_alone_and_said_to_be_so(
    catalog: Catalog, command: str, tmp_path: Path
) -> None:
    with catalog.database.writing() as connection:
        facts.put(connection, facts.SCHEMA, "999")
    folder = tmp_path / "content"
    folder.mkdir()
    answer = feedsvc(command, folder, "--database", catalog.database.place)
    assert answer.returncode == 3
    assert f"{catalog.database.name}: its schema is version 999" in answer.stderr
    assert "use the feedsvc that made it, or another --database" in answer.stderr
    assert not (folder / ".feedsvc").exists()
