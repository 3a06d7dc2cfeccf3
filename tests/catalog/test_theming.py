"""The theme in the catalog, on every database: it travels whole, and what it was before goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from feedsvc.catalog import Catalog, facts, migrations
from feedsvc.catalog.upkeep import findings
from feedsvc.themes import HEAVIEST, LARGEST, digest

if TYPE_CHECKING:
    from house import House


def put(house: House, name: str, body: bytes) -> None:
    path = house.content / "theme" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def files(house: House) -> dict[str, bytes]:
    with house.catalog.snapshot() as snapshot:
        return snapshot.theme_files()


def name(house: House) -> str:
    with house.catalog.snapshot() as snapshot:
        return snapshot.theme_digest


def test_it_travels_with_the_database(house: House) -> None:
    house.write("a.md")
    put(house, "static/logo.svg", b"<svg/>")
    put(house, "templates/list.html", b"mine")
    house.sync()
    elsewhere = Catalog(house.place, create=False)
    with elsewhere.snapshot() as snapshot:
        assert snapshot.theme_files() == {"theme/static/logo.svg": b"<svg/>", "theme/templates/list.html": b"mine"}
        assert snapshot.theme_digest
    elsewhere.close()
    assert not findings(house.catalog)


def test_a_revision_touches_every_channel_where_any_byte_differs_and_only_then(house: House) -> None:
    house.write("a.md", tags="[one]")
    house.sync()
    put(house, "static/extra.css", b"p {}")
    news = house.catalog.news(None)
    assert house.sync_after().revision
    touched = house.catalog.news(news).touched
    assert touched is not None
    assert {"", "tags/one"} <= touched
    before = name(house)
    put(house, "static/extra.css", b"p {}")
    assert house.sync_after().revision is None
    (house.content / "theme/static/extra.css").unlink()
    assert house.sync_after().revision
    assert (name(house), files(house)) == ("", {})
    assert before


def test_the_name_of_a_theme_is_of_all_its_files() -> None:
    assert digest({}) == ""
    assert digest({"a": "1", "b": "2"}) == digest({"b": "2", "a": "1"}) != digest({"a": "2", "b": "1"})


def test_what_there_was_no_room_for_comes_when_there_is(house: House) -> None:
    for number in range(HEAVIEST // LARGEST + 1):
        put(house, f"static/{number}.png", bytes([number]) * LARGEST)
    (fault,) = house.sync().faults
    assert fault.address == "theme/static/8.png"
    assert len(files(house)) == 8
    put(house, "static/3.png", b"")
    assert not house.sync_after().faults
    assert files(house)["theme/static/8.png"] == b"\10" * LARGEST
    assert not house.catalog.faults()


def test_a_mistake_is_told_once_and_forgotten_when_it_is_mended(house: House) -> None:
    house.write("a.md")
    put(house, "templates/list.html", b"{% if %}")
    assert len(house.sync().faults) == 1
    put(house, "static/extra.css", b"p {}")
    assert not house.sync_after().faults
    assert [each.address for each in house.catalog.faults()] == ["theme/templates/list.html"]
    put(house, "templates/list.html", b"mine")
    house.sync_after()
    assert not house.catalog.faults()


def test_version_5_comes_forward_and_its_folder_is_a_theme_from_then_on(house: House) -> None:
    house.write("a.md")
    house.write("other/b.md", title="Was an article")
    house.sync()
    with house.catalog.database.writing() as connection:
        for table in ("article", "record", "identity"):
            connection.execute(text(f"UPDATE {table} SET address = 'theme/b.md' WHERE address = 'other/b.md'"))  # noqa: S608
        for index in ("article_by_doc", "article_to_index"):
            connection.execute(text(f"DROP INDEX {index}"))
        connection.execute(text("ALTER TABLE article DROP COLUMN doc"))
        for table in ("theme", "search_text"):
            connection.execute(text(f"DROP TABLE {table}"))
        facts.put(connection, facts.SCHEMA, "5")
    (house.content / "theme").mkdir()
    (house.content / "other/b.md").rename(house.content / "theme/b.md")
    with house.catalog.database.writing() as connection:
        migrations.migrate(connection, house.catalog.database)
        assert inspect(connection).has_table("theme")
    assert "Was an article" in house.titles()
    (fault,) = house.sync_after().faults
    assert (fault.address, fault.is_warning) == ("theme/b.md", True)
    assert house.titles() == ["A title"]
    assert not findings(house.catalog)
