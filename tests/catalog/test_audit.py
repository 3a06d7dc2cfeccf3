"""What only a catalog knows, and what a record should say so that it is known without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.catalog import Catalog, Terms, audit, kept, sync

if TYPE_CHECKING:
    from pathlib import Path

    from house import House


def at_risk(house: House) -> tuple[list[str], int]:
    fresh = Catalog("memory")
    try:
        sync(fresh, house.source, Terms(site=house.site, clock=house.clock, sleep=house.clock.sleep))
        found = audit(house.catalog, fresh)
    finally:
        fresh.close()
    return [str(fault) for fault in found.faults], found.removed


def test_a_folder_whose_records_say_all_is_at_no_risk(house: House) -> None:
    house.write("a.md")
    house.write("b.md", id="tag:lantern.example,2020:b")
    house.sync()
    assert at_risk(house) == ([], 0)


def test_the_id_of_a_renamed_file_or_a_moved_date_stands_only_in_the_catalog(house: House) -> None:
    house.write("a.md", title="A")
    house.write("b.md", title="B", id="tag:lantern.example,2020:b")
    house.sync()
    (house.content / "a.md").rename(house.content / "c.md")
    house.write("b.md", title="B", id="tag:lantern.example,2020:b", date="2026-01-02")
    house.sync_after()
    old, new = "tag:lantern.example,2026-01-01:a", "tag:lantern.example,2026-01-01:c"
    (slug, uri), removed = at_risk(house)
    assert removed == 0
    assert slug.startswith("c.md:1:1: warning: aliases: that its page stood at a is only in the catalog (write a into")
    assert uri == (
        f"c.md:1:1: warning: id: {old} stands only in the catalog; without it, it would be {new} "
        f"(write id: {old} into the record)"
    )
    house.write("c.md", title="A", id=old, aliases="a")
    house.sync_after()
    assert at_risk(house) == ([], 0)


def test_removed_articles_are_counted(house: House) -> None:
    house.write("a.md")
    house.write("b.md")
    house.sync()
    house.remove("a.md")
    house.sync_after()
    assert at_risk(house) == ([], 1)


def test_a_catalog_that_is_kept_is_found_and_none_is_made(tmp_path: Path) -> None:
    assert kept(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
    (tmp_path / ".feedsvc").mkdir()
    (tmp_path / ".feedsvc" / "catalog.db").touch()
    assert kept(tmp_path) == str(tmp_path / ".feedsvc" / "catalog.db")
