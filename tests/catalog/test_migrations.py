"""Databases of older versions of the schema come forward, with a copy beside them; newer ones are left alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from asking import Readers
from house import House
from sqlalchemy import Connection, inspect, text

from feedsvc.catalog import Catalog, facts, migrations
from feedsvc.catalog.database import MEMORY
from feedsvc.catalog.schema import VERSION
from feedsvc.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# As version 2 was made by SQLAlchemy, and a site of one article and one picture in it.
VERSION_2 = """
CREATE TABLE channel ("key" INTEGER NOT NULL, name TEXT NOT NULL, term TEXT NOT NULL, revision INTEGER NOT NULL,
  modified BIGINT NOT NULL, lost INTEGER NOT NULL, PRIMARY KEY ("key"), UNIQUE (name));
CREATE INDEX ix_channel_revision ON channel (revision);
CREATE TABLE fact (name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name));
CREATE TABLE fault (address TEXT NOT NULL, line INTEGER NOT NULL, "column" INTEGER NOT NULL, problem TEXT NOT NULL,
  cure TEXT NOT NULL, text TEXT NOT NULL, is_warning BOOLEAN NOT NULL);
CREATE INDEX ix_fault_address ON fault (address);
CREATE TABLE identity ("key" INTEGER NOT NULL, id TEXT NOT NULL, address TEXT NOT NULL, digest TEXT NOT NULL,
  wanted TEXT NOT NULL, is_explicit BOOLEAN NOT NULL, slug TEXT, removed BIGINT, PRIMARY KEY ("key"), UNIQUE (id),
  UNIQUE (slug));
CREATE INDEX ix_identity_address ON identity (address);
CREATE INDEX ix_identity_digest ON identity (digest);
CREATE TABLE media (address TEXT NOT NULL, digest TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (address));
CREATE TABLE record (address TEXT NOT NULL, mark TEXT NOT NULL, is_settled BOOLEAN NOT NULL, digest TEXT NOT NULL,
  waits_for TEXT, file TEXT, PRIMARY KEY (address));
CREATE INDEX ix_record_file ON record (file);
CREATE TABLE revision (number INTEGER NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (number));
CREATE TABLE article (address TEXT NOT NULL, "key" INTEGER, title TEXT NOT NULL, slug TEXT NOT NULL,
  slug_is_explicit BOOLEAN NOT NULL, written_date TEXT NOT NULL, published BIGINT NOT NULL, updated BIGINT NOT NULL,
  expires BIGINT, withdrawn BIGINT, summary TEXT, link TEXT, image TEXT, authors TEXT NOT NULL,
  categories TEXT NOT NULL, language TEXT, aliases TEXT NOT NULL, enclosures TEXT NOT NULL, rights TEXT, content TEXT,
  excerpt_length INTEGER, media TEXT NOT NULL, markup TEXT NOT NULL, source TEXT NOT NULL, PRIMARY KEY (address),
  UNIQUE ("key"), FOREIGN KEY("key") REFERENCES identity ("key"));
CREATE TABLE former_slug (slug TEXT NOT NULL, "key" INTEGER NOT NULL, PRIMARY KEY (slug),
  FOREIGN KEY("key") REFERENCES identity ("key") ON DELETE CASCADE);
CREATE INDEX ix_former_slug_key ON former_slug ("key");
CREATE TABLE membership (channel INTEGER NOT NULL, "key" INTEGER NOT NULL, id TEXT NOT NULL, published BIGINT NOT NULL,
  updated BIGINT NOT NULL, expires BIGINT, withdrawn BIGINT, PRIMARY KEY (channel, "key"),
  FOREIGN KEY(channel) REFERENCES channel ("key"),
  FOREIGN KEY("key") REFERENCES identity ("key") ON DELETE CASCADE) WITHOUT ROWID;
CREATE INDEX membership_by_date ON membership (channel, published DESC, id);
CREATE INDEX membership_by_expires ON membership (channel, expires) WHERE expires IS NOT NULL;
CREATE INDEX membership_by_key ON membership ("key");
CREATE INDEX membership_by_withdrawn ON membership (channel, withdrawn) WHERE withdrawn IS NOT NULL;
INSERT INTO fact VALUES ('schema', '2'), ('catalog', 'abc'), ('loaded', 'yes'), ('read_with', '0.0.1 UTC'),
  ('site', '{"title":"The Lantern","base_url":"https://lantern.example/","id_authority":"lantern.example",
    "author":"The Lantern","description":"The Lantern"}');
INSERT INTO revision VALUES (1, 1767960000);
INSERT INTO channel VALUES (1, '', '', 1, 1767960000, 0);
INSERT INTO identity VALUES (1, 'tag:other.example,2020-01-01:given', 'a.md', 'd', 'a', 0, 'a', NULL);
INSERT INTO article VALUES ('a.md', 1, 'As it was', 'a', 0, '2026-01-01', 1767225600, 1767225600, NULL, NULL, NULL,
  NULL, NULL, '[]', '[]', NULL, '[]', '[]', NULL, NULL, NULL, '[]', 'markdown', 'A text.');
INSERT INTO membership VALUES (1, 1, 'tag:other.example,2020-01-01:given', 1767225600, 1767225600, NULL, NULL);
INSERT INTO record VALUES ('a.md', '1 1 1 1', 1, 'd', NULL, NULL), ('b.svg', '1 1 1 1', 1, 'e', NULL, NULL);
INSERT INTO media VALUES ('b.svg', 'e', X'3C7376672F3E');
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(VERSION_2)
    return path


@pytest.fixture
def catalog(place: str) -> Iterator[Catalog]:
    made = Catalog(place)
    yield made
    made.close()


def make_older(catalog: Catalog) -> None:
    with catalog.database.writing() as connection:
        facts.put(connection, facts.SCHEMA, str(VERSION - 1))


def shape(catalog: Catalog) -> dict[str, Any]:
    """The columns and indexes of every table, by their names."""
    with catalog.database.reading() as connection:
        found = inspect(connection)
        return {
            name: (
                [(column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(name)],
                sorted((index["name"] or "", index["column_names"]) for index in found.get_indexes(name)),
                found.get_pk_constraint(name)["constrained_columns"],
            )
            for name in found.get_table_names()
        }


def test_an_old_catalog_has_the_shape_of_a_new_one(old: Path, tmp_path: Path) -> None:
    brought, new = Catalog(str(old)), Catalog(str(tmp_path / "new.db"))
    assert shape(brought) == shape(new)
    brought.close()
    new.close()


# What version 4 did not have yet.
BACK_TO_4 = """
DROP TABLE search_text;
DROP INDEX article_by_doc;
DROP INDEX article_to_index;
ALTER TABLE article DROP COLUMN doc;
ALTER TABLE article DROP COLUMN reason;
ALTER TABLE article DROP COLUMN audience;
DROP INDEX membership_by_updated;
DROP TABLE token;
DROP TABLE theme
"""


def test_version_4_comes_forward_on_every_database(house: House) -> None:
    house.write("a.md", tags="[one]")
    house.sync()
    wanted, seen = shape(house.catalog), house.observed()
    with house.catalog.database.writing() as connection:
        for statement in BACK_TO_4.split(";"):
            connection.execute(text(statement))
        facts.put(connection, facts.SCHEMA, "4")
    with house.catalog.database.writing() as connection:
        migrations.migrate(connection, house.catalog.database)
    assert shape(house.catalog) == wanted
    assert house.observed() == seen
    with house.catalog.database.reading() as connection:
        assert facts.get(connection, facts.READ_WITH) is None  # the next sync reads all of it again
    house.sync_after(10)
    assert house.titles("tags/one") == ["A title"]


def test_what_is_published_stays_with_its_id_before_and_after_the_next_sync(old: Path, tmp_path: Path) -> None:
    house = House(tmp_path / "content", str(old))
    assert house.titles() == ["As it was"]
    house.write("a.md", title="As it is")
    (house.content / "b.svg").write_bytes(b"<svg/>")
    house.sync()
    assert house.titles() == ["As it is"]
    assert house.ids() == {"a.md": "tag:other.example,2020-01-01:given"}
    readers = Readers(house)
    assert readers.body("media/b.svg") == b"<svg/>"
    readers.close()
    house.catalog.close()


def test_a_copy_of_the_old_file_stays_beside_it(old: Path) -> None:
    Catalog(str(old)).close()
    with closing(sqlite3.connect(old.with_name("old.db.backup-v2"))) as copy:
        assert copy.execute("SELECT value FROM fact WHERE name = 'schema'").fetchone() == ("2",)
        assert copy.execute("SELECT title FROM article").fetchall() == [("As it was",)]
    assert not old.with_name("old.db.backup-v2.part").exists()


def test_without_room_for_the_copy_nothing_is_changed(old: Path) -> None:
    old.with_name("old.db.backup-v2").mkdir()
    with pytest.raises(CatalogError, match="the catalog's copy cannot be written: Is a directory"):
        Catalog(str(old))
    old.with_name("old.db.backup-v2").rmdir()
    Catalog(str(old)).close()


def test_in_memory_there_is_nothing_to_copy() -> None:
    memory = Catalog(MEMORY)
    memory.database.backup("backup-v3")
    memory.close()


def test_a_catalog_that_is_up_to_date_is_not_copied(old: Path) -> None:
    Catalog(str(old)).close()
    copy = old.with_name("old.db.backup-v2")
    copy.unlink()
    Catalog(str(old)).close()
    assert not copy.exists()


def test_a_step_that_fails_leaves_all_as_it_was(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE record ADD COLUMN colour TEXT"))
        connection.execute(text("UPDATE nowhere SET a = 1"))

    make_older(catalog)
    before = shape(catalog)
    monkeypatch.setattr(migrations, "STEPS", {VERSION - 1: fail})
    with pytest.raises(CatalogError, match="nowhere"):
        catalog.prepare()
    assert shape(catalog) == before
    monkeypatch.setattr(migrations, "STEPS", {VERSION - 1: lambda _: None})
    catalog.prepare()
    assert catalog.size() == 0


def test_two_who_start_at_once_do_each_step_once(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    monkeypatch.setattr(migrations, "STEPS", {VERSION - 1: lambda _: done.append(1)})
    make_older(catalog)
    with catalog.database.writing() as connection:  # both have seen the old version
        migrations.migrate(connection, catalog.database)
    with catalog.database.writing() as connection:
        migrations.migrate(connection, catalog.database)
    assert done == [1]


def test_a_version_from_before_there_were_steps_is_refused(catalog: Catalog) -> None:
    with catalog.database.writing() as connection:
        facts.put(connection, facts.SCHEMA, "1")
    with pytest.raises(CatalogError, match="its schema is version 1, this feedsvc knows"):
        catalog.prepare()


def test_who_only_serves_changes_no_schema(catalog: Catalog) -> None:
    make_older(catalog)
    with pytest.raises(CatalogError, match="start the feedsvc that syncs it first"):
        Catalog(catalog.database.place, create=False)
    with catalog.database.reading() as connection:
        assert migrations.version(connection) == VERSION - 1


def test_who_serves_a_catalog_that_went_on_to_another_version_serves_what_it_has_and_says_so(
    house: House, readers: Readers
) -> None:
    house.write("a.md", title="Before")
    house.sync()
    readers.refresh()
    kept = readers.body("rss.xml")
    with house.catalog.database.writing() as connection:
        facts.put(connection, facts.SCHEMA, str(VERSION + 1))
    readers.refresh()
    assert readers.body("rss.xml") == kept
    with pytest.raises(CatalogError):
        readers.get("atom.xml")
    assert f"its schema is version {VERSION + 1}" in readers.publication.troubles[0].what
