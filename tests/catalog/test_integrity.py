"""What is told of a catalog that contradicts itself, and that its cure is one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from dialects import SQLITE_ONLY
from house import House

from feedsvc.catalog.upkeep import export_ledger, findings, import_ledger
from feedsvc.catalog.upkeep.integrity import ANEW, BACKUP, Finding

if TYPE_CHECKING:
    from pathlib import Path

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="5" height="3"/>'

# What is done to a catalog, and what is told of it.
MENDED = {
    "DELETE FROM source_text WHERE number = (SELECT number FROM article WHERE address = 'a.md')": (
        "articles without a text: a.md"
    ),
    "UPDATE identity SET address = 'z.md' WHERE address = 'a.md'": "articles without an id: a.md",
    "DELETE FROM record WHERE address = 'a.md'": "articles without a record: a.md",
    "DELETE FROM article WHERE address = 'a.md'": "ids without an article: tag:lantern.example,2026-01-01:a",
    "UPDATE identity SET slug = NULL WHERE address = 'a.md'": "ids without a slug: tag:lantern.example,2026-01-01:a",
    "DELETE FROM membership WHERE channel = 1": (
        "ids without a place in the site's channel: tag:lantern.example,2026-01-01:a, tag:lantern.example,2026-01-01:b"
    ),
    "UPDATE membership SET id = 'x:y' WHERE id LIKE '%:a'": "places without an id, or of another one: x:y",
    "UPDATE membership SET key = 99 WHERE id LIKE '%:b'": (
        "places without an id, or of another one: tag:lantern.example,2026-01-01:b"
    ),
    "UPDATE membership SET channel = 99 WHERE channel IN (SELECT key FROM channel WHERE term = 'x')": (
        "places in no channel: tag:lantern.example,2026-01-01:a"
    ),
    "UPDATE membership SET expires = 5 WHERE id LIKE '%:a'": (
        "places with other dates than their article: tag:lantern.example,2026-01-01:a"
    ),
    "UPDATE channel SET revision = 9 WHERE name = 'tags/x'": "channels of a revision that is still to come: tags/x",
    "DELETE FROM membership WHERE channel > 1": "articles not in the channels of their tags: a.md",
    "INSERT INTO reference VALUES ('p.svg', 'z.md')": "references from no article: z.md",
    "UPDATE media SET body = x'00'": "media files that are not the bytes they should be: p.svg",
    "UPDATE media SET digest = '1'": "media files that are not the bytes they should be: p.svg",
    "DELETE FROM record WHERE address = 'p.svg'": "media files without a record: p.svg",
}
CONFLICTS = {
    "INSERT INTO former_slug VALUES ('b', 1)": "former slugs that an article has now: b",
    "UPDATE identity SET address = 'a.md'": "records with two ids: a.md",
}


@pytest.fixture
def whole(house: House) -> House:
    house.write("a.md", tags="[x]")
    house.write("b.md", image="p.svg")
    (house.content / "p.svg").write_text(SVG, encoding="utf-8")
    house.sync()
    return house


def spoil(house: House, statement: str) -> None:
    with closing(sqlite3.connect(house.place)) as connection, connection:
        connection.execute(statement)


def test_a_catalog_is_whole_whatever_happened_to_its_folder(whole: House) -> None:
    assert findings(whole.catalog) == ()
    (whole.content / "a.md").rename(whole.content / "c.md")
    whole.write("b.md", image="p.svg", slug="other", tags="[y, 'y#']", expires="2026-02-01")
    whole.write("d.md", slug="other")
    whole.write("e.md", withdrawn="2026-01-09", date="2027-01-01")
    whole.sync_after()
    whole.write("c.md", date="nonsense")
    whole.remove("b.md")
    (whole.content / "p.svg").unlink()
    whole.write("f.md", draft="true")
    whole.sync_after()
    assert findings(whole.catalog) == ()


@SQLITE_ONLY
@pytest.mark.parametrize("statement", MENDED)
def test_what_the_records_say_is_put_right_by_a_catalog_made_anew(whole: House, tmp_path: Path, statement: str) -> None:
    spoil(whole, statement)
    assert Finding(MENDED[statement], ANEW) in findings(whole.catalog)
    anew = House(whole.content, str(tmp_path / "anew.db"))
    with closing(anew.catalog):
        assert import_ledger(anew.catalog, export_ledger(whole.catalog), "ledger.jsonl")
        anew.clock.now = whole.clock.now
        anew.sync_after()
        assert findings(anew.catalog) == ()
        assert len(anew.ids()) == 2


@SQLITE_ONLY
@pytest.mark.parametrize("statement", CONFLICTS)
def test_what_contradicts_itself_in_the_ledger_needs_a_backup(whole: House, statement: str) -> None:
    spoil(whole, statement)
    assert Finding(CONFLICTS[statement], BACKUP) in findings(whole.catalog)


@SQLITE_ONLY
def test_of_much_that_is_wrong_in_one_way_some_is_named(house: House) -> None:
    for number in range(9):
        house.write(f"{number}.md")
    house.sync()
    spoil(house, "DELETE FROM record")
    assert Finding("articles without a record: 0.md, 1.md, 2.md, 3.md, 4.md and 4 more", ANEW) in findings(
        house.catalog
    )


@SQLITE_ONLY
def test_rows_that_lead_nowhere_are_told(whole: House) -> None:
    spoil(whole, "INSERT INTO former_slug VALUES ('q', 99)")
    assert findings(whole.catalog) == (Finding("there are rows that lead nowhere: former_slug to identity", ANEW),)


@SQLITE_ONLY
def test_a_file_that_a_disk_broke_is_told(whole: House) -> None:
    for number in range(50):
        whole.write(f"{number}.md", text="A long text. " * 100)
    whole.sync_after()
    spoil(whole, "PRAGMA wal_checkpoint(TRUNCATE)")
    with whole.catalog.database.path.open("r+b") as file:  # type: ignore[union-attr]
        file.seek(50_000)
        file.write(b"no database at all " * 4000)
    found = findings(whole.catalog)
    assert found
    assert {each.cure for each in found if "damaged" in each.problem or "cannot be used" in each.problem} == {BACKUP}


def test_an_imported_ledger_is_whole_before_the_first_sync(whole: House, tmp_path: Path) -> None:
    anew = House(whole.content, str(tmp_path / "anew.db"))
    with closing(anew.catalog):
        import_ledger(anew.catalog, export_ledger(whole.catalog), "ledger.jsonl")
        assert findings(anew.catalog) == ()
