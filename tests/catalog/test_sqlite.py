"""A catalog in a file: files that are none, files that go, and what the stamp sees of them."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from feedsvc.catalog import Catalog
from feedsvc.catalog.database import MEMORY, Database, open_database
from feedsvc.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalog.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    made = open_database(str(path))
    with made.writing(create=True) as connection:
        connection.execute(text("CREATE TABLE t (a)"))
    yield made
    made.close()


def put(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("INSERT INTO t VALUES (1)"))


def count(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM t")) or 0)


def spoil(path: Path) -> None:
    """Writes over a database as a broken disk might."""
    path.with_name(f"{path.name}-wal").unlink(missing_ok=True)
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    path.write_bytes(b"no database at all " * 1000)


def test_a_url_and_a_path_are_the_same_file(path: Path) -> None:
    assert open_database(f"sqlite:///{path}").path == open_database(str(path)).path == path


@pytest.mark.parametrize("place", [MEMORY, "sqlite://", "sqlite:///:memory:"])
def test_in_memory_there_is_always_one_database(place: str) -> None:
    catalog = Catalog(place)
    before = catalog.stamp()
    catalog.note_trouble("smoke", 1.0)
    assert catalog.exists()
    assert catalog.stamp() != before
    assert catalog.news(None).trouble == ("smoke", 1.0)
    catalog.close()


def test_a_file_that_is_deleted_is_missed_and_made_again(database: Database, path: Path) -> None:
    put(database)
    path.unlink()
    assert not database.exists()
    for use in (database.stamp, lambda: put(database), lambda: count(database)):
        with pytest.raises(CatalogError, match="cannot be reached: No such file"):
            use()
    with database.writing(create=True) as connection:
        connection.execute(text("CREATE TABLE t (a)"))
    assert count(database) == 0


def test_another_file_at_the_path_is_the_one_that_is_read(database: Database, path: Path, tmp_path: Path) -> None:
    before = database.stamp()
    other = open_database(str(tmp_path / "other.db"))
    with other.writing(create=True) as connection:
        connection.execute(text("CREATE TABLE t (a)"))
    put(other)
    other.close()
    (tmp_path / "other.db").replace(path)
    assert database.stamp() != before
    assert count(database) == 1


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_text("A letter, and no database.", encoding="utf-8")
    with pytest.raises(CatalogError, match=r"catalog\.db: the catalog cannot be used: file is not a database"):
        Catalog(str(path))
    assert path.read_text(encoding="utf-8") == "A letter, and no database."


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"none/catalog\.db: the catalog cannot be used: unable to open"):
        Catalog(str(tmp_path / "none" / "catalog.db"))


def test_a_database_of_something_else_gets_the_catalog_s_tables(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    Catalog(str(path)).close()
    with sqlite3.connect(path) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    connection.close()
    assert tables > {"theirs", "fact"}


def test_a_catalog_that_turns_bad_is_told_and_mended_by_deleting_it(path: Path) -> None:
    catalog = Catalog(str(path))
    catalog.note_trouble("smoke", 1.0)
    catalog.close()
    spoil(path)
    with pytest.raises(CatalogError, match="file is not a database"):
        catalog.news(None)
    path.unlink()
    catalog.prepare()
    assert catalog.news(None).trouble is None
    catalog.close()
