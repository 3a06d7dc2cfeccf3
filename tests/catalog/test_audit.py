"""What only a catalog knows, and what a record should say so that it is known without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from feedsvc.catalog import Catalog, kept
from feedsvc.catalog.syncing import Terms, sync
from feedsvc.catalog.upkeep import audit
from feedsvc.config.sections import Section

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from house import House


def at_risk(house: House, origins: Mapping[str, str] | None = None) -> tuple[list[str], int]:
    fresh = Catalog("memory")
    try:
        sync(fresh, house.source, Terms(house.site, house.clock, sleep=house.clock.sleep))
        found = audit(house.catalog, fresh, origins or {})
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


def test_another_zone_is_told_with_the_articles_that_it_moves_and_their_ids_stay(house: House) -> None:
    for name in "abcde":
        house.write(f"{name}.md", date="2026-01-02")
    house.write("timed.md", date="2026-01-02T10:00:00Z")
    house.sync()
    before = house.ids()
    house.site = replace(house.site, zone="Europe/Berlin")
    ((told,), _) = at_risk(house, {"zone": "feedsvc.toml:7"})
    assert told == (
        "feedsvc.toml:7:1: warning: zone: was UTC when the catalog was made, and is Europe/Berlin now: "
        "5 articles get another instant: a.md (2026-01-02T00:00:00Z → 2026-01-01T23:00:00Z), "
        "b.md (2026-01-02T00:00:00Z → 2026-01-01T23:00:00Z), c.md (2026-01-02T00:00:00Z → 2026-01-01T23:00:00Z) "
        "and 2 more (set it back, or write the old offset into their dates)"
    )
    house.sync_after()
    assert house.ids() == before
    assert at_risk(house) == ([], 0)


def test_the_zone_of_a_section_is_told_by_its_name(house: House) -> None:
    house.write("a.md")
    house.write("north/b.md", expires="2027-01-01", date="2026-01-02T10:00:00Z")
    house.sync()
    house.site = replace(house.site, sections=(Section(name="north", zone="Asia/Tokyo"),))
    ((told,), _) = at_risk(house, {"sections.north.zone": "FEEDSVC_ZONE"})
    assert told.startswith("feedsvc.toml: warning: sections.north.zone: was UTC when the catalog was made, and is Asia")
    assert "1 article gets another instant: north/b.md (2027-01-01T00:00:00Z → 2026-12-31T15:00:00Z) (set" in told


def test_a_text_that_changed_too_is_not_counted_among_those_that_a_zone_moves(house: House) -> None:
    house.write("a.md")
    house.sync()
    house.write("a.md", date="2026-01-02")
    house.site = replace(house.site, zone="Europe/Berlin")
    assert all("zone" not in told for told in at_risk(house)[0])


def test_a_catalog_that_no_sync_has_filled_yet_has_no_zone(house: House) -> None:
    house.write("a.md")
    assert at_risk(house) == ([], 0)
