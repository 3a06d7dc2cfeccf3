"""A copy of a catalog that is in use, and what it is good for."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from house import House

from feedsvc.catalog import Catalog
from feedsvc.catalog.upkeep import back_up, export_ledger, findings
from feedsvc.errors import CatalogError

if TYPE_CHECKING:
    from pathlib import Path


DIALECTS = ("sqlite",)  # another one has its own tools for it


def filled(house: House) -> House:
    house.write("a.md", tags="[x]")
    house.write("gone.md")
    house.sync()
    house.remove("gone.md")
    house.sync_after()
    return house


def test_what_is_restored_is_what_was_there(house: House, tmp_path: Path) -> None:
    seen, ledger = filled(house).observed(), list(export_ledger(house.catalog))
    copy = tmp_path / "copy.db"
    assert back_up(house.catalog, copy) == copy.stat().st_size
    house.write("later.md")
    house.sync_after()

    house.catalog.close()
    for end in ("", "-wal", "-shm"):
        (tmp_path / f"catalog.db{end}").unlink(missing_ok=True)
    shutil.copyfile(copy, house.place)
    restored = House(house.content, house.place)
    with closing(restored.catalog):
        restored.clock.now = house.clock.now
        assert findings(restored.catalog) == ()
        assert restored.observed() == seen
        assert list(export_ledger(restored.catalog)) == ledger
        restored.sync_after()
        assert len(restored.titles()) == 2


def test_a_copy_has_what_is_not_yet_in_the_file_itself(house: House, tmp_path: Path) -> None:
    # Somebody who reads keeps SQLite from moving commits from the log into the file.
    filled(house)
    with closing(sqlite3.connect(house.place)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM article").fetchone()
        house.write("new.md", title="New")
        house.sync_after()
        shutil.copyfile(house.place, tmp_path / "plain.db")
        back_up(house.catalog, tmp_path / "copy.db")
    assert "new.md" not in addresses(tmp_path / "plain.db")
    assert "new.md" in addresses(tmp_path / "copy.db")


def addresses(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        try:
            return {address for (address,) in connection.execute("SELECT address FROM article")}
        except sqlite3.Error:  # not even the tables are in the file
            return set()


def test_a_copy_replaces_the_one_before_it_and_nobody_else_reads_it(house: House, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    back_up(filled(house).catalog, copy)
    house.write("new.md")
    house.sync_after()
    back_up(house.catalog, copy)
    assert "new.md" in addresses(copy)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob("*.part"))


def test_a_copy_never_takes_the_place_of_the_catalog(house: House) -> None:
    filled(house)
    with pytest.raises(CatalogError, match="is the catalog itself"):
        back_up(house.catalog, house.content / ".." / "catalog.db")


def test_where_nothing_can_be_written_the_copy_that_is_there_stays(house: House, tmp_path: Path) -> None:
    filled(house)
    with pytest.raises(CatalogError, match=r"nowhere/copy.db: the catalog cannot be copied there: "):
        back_up(house.catalog, tmp_path / "nowhere" / "copy.db")
    copy = tmp_path / "copy.db"
    back_up(house.catalog, copy)
    before = copy.read_bytes()
    house.catalog.database.path.write_bytes(b"no database")  # type: ignore[union-attr]
    with pytest.raises(CatalogError, match=r"file is not a database|image is malformed"):
        back_up(house.catalog, copy)
    assert copy.read_bytes() == before
    assert not list(tmp_path.glob("*.part"))


def test_what_is_no_file_is_not_copied(tmp_path: Path) -> None:
    with closing(Catalog("memory")) as catalog, pytest.raises(CatalogError, match="is no file"):
        back_up(catalog, tmp_path / "copy.db")
