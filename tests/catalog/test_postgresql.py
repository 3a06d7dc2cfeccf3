"""What only a database on a server does: it goes away and returns, has a clock of its own, and a password."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import postgresql
import pytest
from asking import Readers
from command import feedsvc, until
from house import House
from sqlalchemy import insert, text

from feedsvc.catalog import Catalog
from feedsvc.catalog.database import open_database
from feedsvc.catalog.database.postgresql import LOOK_EVERY, Postgresql
from feedsvc.catalog.schema import revision
from feedsvc.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DIALECTS = ("postgresql",)


@pytest.fixture
def catalog(place: str) -> Iterator[Catalog]:
    made = Catalog(place)
    yield made
    made.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[postgresql.Server, str]]:
    """A server of the test's own, and an empty database in it."""
    del tmp_path
    server = postgresql.Server()
    yield server, server.url(server.new("template0"))
    server.start()
    server.end()


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "postgres"])
def test_every_way_to_write_it_means_psycopg_3(place: str, scheme: str) -> None:
    database = open_database(place.replace("postgresql", scheme, 1))
    with database.reading() as connection:
        assert connection.dialect.driver == "psycopg"
    database.close()


def test_without_psycopg_it_says_what_to_install() -> None:
    program = """
import sys
sys.modules["psycopg"] = None
from feedsvc.cli import main
sys.argv = ["feedsvc", "sync", ".", "--database", "postgresql://me:secret@localhost/x"]
main()
"""
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert answer.returncode == 3
    assert "psycopg is not installed (pip install 'feedsvc[postgresql]')" in answer.stderr
    assert "secret" not in answer.stderr


@pytest.mark.parametrize("command", ["serve", "sync", "check", "config"])
def test_a_password_is_told_nobody(tmp_path: Path, command: str) -> None:
    where = "postgresql://me:never-to-be-told@127.0.0.1:1/catalog"
    answer = feedsvc("--debug", command, tmp_path, FEEDSVC_DATABASE=where, FEEDSVC_PORT="0")
    said = answer.stdout + answer.stderr
    assert "never-to-be-told" not in said
    assert "postgresql://me:***@127.0.0.1:1/catalog" in said


def test_a_setting_with_a_password_that_cannot_be_is_shown_without_it(tmp_path: Path) -> None:
    (tmp_path / "feedsvc.toml").write_text(
        'database = "postgresql://me:never-to-be-told@h/\\u0007"\n', encoding="utf-8"
    )
    answer = feedsvc("config", tmp_path)
    assert answer.returncode == 2
    assert "never-to-be-told" not in answer.stderr
    assert "feedsvc.toml:1:" in answer.stderr


def test_a_server_that_cannot_be_reached_is_named(tmp_path: Path) -> None:
    answer = feedsvc("serve", tmp_path, "--port=0", "--database", "postgresql://me@127.0.0.1:1/catalog")
    assert answer.returncode == 3
    assert "postgresql://me@127.0.0.1:1/catalog: the catalog cannot be used: connection" in answer.stderr


def test_a_database_that_cannot_hold_every_character_is_refused() -> None:
    server = postgresql.shared()
    server.run("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    with pytest.raises(CatalogError, match="its encoding is LATIN1 \\(createdb --encoding=UTF8"):
        Catalog(server.url("latin"))
    server.drop("latin")


def test_an_empty_database_is_no_catalog_for_who_only_serves(own: tuple[postgresql.Server, str]) -> None:
    _, where = own
    with pytest.raises(CatalogError, match="there is no catalog"):
        Catalog(where, create=False)


def test_a_reader_cannot_write(catalog: Catalog) -> None:
    with pytest.raises(CatalogError, match="read-only transaction"), catalog.database.reading() as connection:
        connection.execute(text("DELETE FROM record"))


def test_a_commit_is_told_at_once(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedsvc.catalog.database.postgresql.LOOK_EVERY", 3600)
    other = Catalog(catalog.database.place)
    before = other.stamp()
    catalog.note_trouble("smoke", 1.0)
    began = time.monotonic()
    until(lambda: other.stamp() != before)
    assert time.monotonic() - began < 5
    other.close()


def test_a_commit_of_which_nobody_told_is_seen_all_the_same(catalog: Catalog) -> None:
    before = catalog.stamp()
    where = postgresql.name_of(catalog.database.place)
    postgresql.shared().run("INSERT INTO revision VALUES (1, 1)", database=where)
    until(lambda: catalog.stamp() != before)
    assert LOOK_EVERY < 1


def test_the_clock_is_the_server_s_whatever_this_machine_s_says(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    true = time.time()
    monkeypatch.setattr(time, "time", lambda: true + 86_400)
    catalog = Catalog(place)
    assert abs(catalog.now() - true) < 60
    catalog.close()


def test_now_is_never_before_what_is_seen(catalog: Catalog) -> None:
    """Whatever one process committed by its clock is not of the future for another one."""
    other = Catalog(catalog.database.place)
    for number in range(1, 30):
        with catalog.database.writing() as connection:
            written = catalog.now()
            connection.execute(insert(revision).values(number=number, at=1))
        with other.database.reading():
            assert other.now() >= written
    other.close()


def test_connections_that_are_cut_are_made_again(house: House, readers: Readers) -> None:
    house.write("a.md", title="One")
    house.sync()
    readers.refresh()
    assert b"One" in readers.body("rss.xml")
    assert postgresql.shared().cut(postgresql.name_of(house.place)) >= 2
    house.write("a.md", title="Two")
    house.sync_after()

    def is_seen() -> bool:
        readers.refresh()
        return b"Two" in readers.body("rss.xml")

    until(is_seen)
    assert readers.publication.troubles == ()


def test_while_the_server_is_away_all_goes_on_and_finds_back(
    own: tuple[postgresql.Server, str], tmp_path: Path
) -> None:
    server, where = own
    house = House(tmp_path / "content", where)
    readers = Readers(house)
    house.write("a.md", title="One", expires="2026-01-10T13:00:00Z")
    house.sync()
    readers.refresh()
    kept = readers.body("rss.xml")
    server.stop()
    until(lambda: not house.catalog.exists())
    readers.refresh()
    house.clock.now += 60
    readers.refresh()
    assert readers.body("rss.xml") == kept
    (trouble,) = readers.publication.troubles
    assert trouble.since == house.clock.now - 60
    assert "the catalog cannot be used" in trouble.what
    with pytest.raises(CatalogError):
        house.sync()
    house.clock.now += 3600  # past an expiry in it nothing is served, whatever fails
    with pytest.raises(CatalogError):
        readers.get("rss.xml")
    server.start()
    house.write("b.md", title="Two")
    house.sync()
    readers.refresh()
    assert b"Two" in readers.body("rss.xml")
    assert readers.publication.troubles == ()
    readers.close()
    house.catalog.close()


def test_a_database_that_was_dropped_and_made_anew_is_filled_again(tmp_path: Path) -> None:
    server = postgresql.shared()
    name = server.new("template0")
    house = House(tmp_path / "content", server.url(name))
    readers = Readers(house)
    house.write("a.md", title="One")
    house.sync()
    readers.refresh()
    kept = readers.body("rss.xml")
    server.drop(name)
    until(lambda: not house.catalog.exists())
    readers.refresh()
    server.make(name, "template0")
    assert not house.catalog.exists()
    house.catalog.prepare()
    assert house.catalog.exists()
    readers.refresh()
    assert readers.body("rss.xml") == kept
    assert "was lost and is being made anew" in readers.publication.troubles[0].what
    house.sync_after()
    readers.refresh()
    assert readers.publication.troubles == ()
    assert readers.body("rss.xml") == kept
    readers.close()
    house.catalog.close()
    server.drop(name)


def test_two_syncs_at_once_make_one_state(house: House) -> None:
    for number in range(20):
        house.write(f"{number}.md", tags=f"[t{number % 3}]")
    other = House(house.content, house.place, type(house.clock)(house.clock.now))
    syncs = [threading.Thread(target=each.sync) for each in (house, other)]
    for each in syncs:
        each.start()
    for each in syncs:
        each.join()
    assert len(set(house.ids().values())) == 20
    assert house.catalog.news(None).revision == 1
    other.catalog.close()


def test_it_is_one_of_the_databases(catalog: Catalog) -> None:
    assert isinstance(catalog.database, Postgresql)
    assert catalog.database.path is None
    assert postgresql.PASSWORD not in catalog.database.name


def test_an_index_of_few_rows_holds_only_these(catalog: Catalog) -> None:
    query = text("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND indexdef LIKE '% WHERE %'")
    with catalog.database.reading() as connection:
        found = set(connection.scalars(query))
    of_members = {f"membership_by_{name}" for name in ("expires", "withdrawn", "updated")}
    of_articles = {"article_by_doc", "article_to_index"}
    assert found == {"record_by_waits_for", "record_by_file"} | of_members | of_articles
