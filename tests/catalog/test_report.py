"""What an operator is told of a catalog."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from house import NOON

from feedsvc.catalog import Catalog
from feedsvc.catalog.schema import VERSION
from feedsvc.catalog.upkeep import report

if TYPE_CHECKING:
    from house import House


def test_articles_are_counted_by_what_became_of_them(house: House) -> None:
    house.write("a.md", tags="[x]")
    house.write("b.md", date="2027-01-01", tags="[y]")
    house.write("c.md", expires="2026-01-05", tags="[z]")
    house.write("d.md", withdrawn="2026-01-05")
    house.write("e.md", tags="[x]")
    house.write("f.md", date="nonsense")
    (house.content / "p.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    house.sync()
    house.remove("e.md")
    house.sync_after()
    found = report(house.catalog, int(house.clock()))
    assert found.articles == {"shown": 1, "scheduled": 1, "expired": 1, "withdrawn": 1, "removed": 1}
    assert (found.tags, found.media) == (1, (1, 41))
    assert [(each.number, int(each.at.timestamp())) for each in found.revisions] == [(2, NOON + 10), (1, NOON)]
    assert [fault.address for fault in found.faults] == ["f.md"]
    assert (found.folder, found.base_url) == (str(house.content), "https://lantern.example/")
    assert (found.place, found.schema, found.is_loaded) == (house.place, VERSION, True)
    assert found.size is not None
    assert found.size > 40_000


def test_what_comes_next_is_told_the_first_first(house: House) -> None:
    house.write("a.md", title="A", expires="2026-03-01", withdrawn="2026-02-01")
    house.write("b.md", title="B", date="2026-02-15")
    house.sync()
    due = report(house.catalog, int(house.clock())).due
    assert [(f"{each.at:%d %b}", each.what, each.address, each.title) for each in due] == [
        ("01 Feb", "withdrawn", "a.md", "A"),
        ("15 Feb", "scheduled", "b.md", "B"),
        ("01 Mar", "expiring", "a.md", "A"),
    ]


def test_a_catalog_that_nobody_has_filled_yet_is_told_so(house: House) -> None:
    house.catalog.note_trouble("smoke", 5.0)
    found = report(house.catalog, NOON)
    assert not found.is_loaded
    assert (found.folder, found.base_url, found.revisions, found.due) == ("", "", (), ())
    assert found.trouble is not None
    assert (found.trouble[0], found.trouble[1].timestamp()) == ("smoke", 5.0)


def test_in_memory_it_takes_no_disk() -> None:
    with closing(Catalog("memory")) as catalog:
        assert report(catalog, NOON).size is None
