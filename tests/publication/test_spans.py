"""The years and months that lead to articles: those in which something shows, whatever lies between them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from feedsvc.publication import spans
from feedsvc.text import periods

if TYPE_CHECKING:
    from house import House

ZONE = ZoneInfo("Asia/Tokyo")


def years(house: House) -> list[str]:
    with house.catalog.snapshot() as snapshot:
        return [link.name for link in spans.years(snapshot, int(house.clock()))]


def months(house: House, year: str) -> list[str]:
    with house.catalog.snapshot() as snapshot:
        period = periods.named(year, "year", ZONE)
        assert period is not None
        found = spans.months(snapshot, period, int(house.clock()))
        return [link.href.removeprefix(snapshot.site.base_url) for link in found]


def test_without_articles_there_are_none(house: House) -> None:
    house.sync()
    assert years(house) == []
    assert months(house, "2025") == []


def test_they_are_those_in_which_something_shows(house: House) -> None:
    house.site = replace(house.site, zone="Asia/Tokyo")
    wanted = {1066, 1492, *range(1990, 2020, 2), *range(2020, 2027)}
    for year in wanted:
        house.write(f"{year}.md", date=f"{year}-01-01")
    house.write("eve.md", date="2018-12-31T23:30:00Z")  # of the next year, in Tokyo
    house.write("gone.md", date="1985-05-05", expires="1986-01-01")
    house.write("to-come.md", date="2031-05-05")
    house.sync()
    assert years(house) == [f"{year:04}" for year in sorted({*wanted, 2019}, reverse=True)]


def test_months_come_in_their_order_and_stay_within_their_year(house: House) -> None:
    house.site = replace(house.site, zone="Asia/Tokyo")
    for number, date in enumerate(("2024-12-31", "2025-03-01", "2025-03-31T16:00:00Z", "2025-11-30", "2026-01-01")):
        house.write(f"{number}.md", date=date)
    house.sync()
    assert months(house, "2025") == ["2025/03/", "2025/04/", "2025/11/"]
    assert months(house, "2023") == []
