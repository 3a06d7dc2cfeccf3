from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.text import periods

KINDS = ("year", "month", "day")
ZONES = [UTC, *map(ZoneInfo, ("Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "Asia/Kathmandu"))]
FIRST, LAST = -62_135_596_800, 253_402_300_799


def seconds(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("name", "kind", "start", "stop"),
    [
        ("2026", "year", seconds(2026, 1, 1), seconds(2027, 1, 1)),
        ("2024-02", "month", seconds(2024, 2, 1), seconds(2024, 3, 1)),
        ("2023-12", "month", seconds(2023, 12, 1), seconds(2024, 1, 1)),
        ("2024-02-29", "day", seconds(2024, 2, 29), seconds(2024, 3, 1)),
        ("2023-12-31", "day", seconds(2023, 12, 31), seconds(2024, 1, 1)),
        ("9999-12", "month", seconds(9999, 12, 1), LAST + 1),
        ("0001", "year", FIRST, seconds(2, 1, 1)),
    ],
)
def test_a_period_begins_and_ends(name: str, kind: str, start: int, stop: int) -> None:
    assert periods.named(name, kind) == periods.Period(name, start, stop)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("2023-02-29", "day"),
        ("2026-13", "month"),
        ("2026-00", "month"),
        ("0000", "year"),
        ("2026", "month"),
        ("2026-10", "year"),
        ("2026-10", "day"),
        ("2026-1", "month"),
        ("٢٠٢٦", "year"),
        ("", "year"),
    ],
)
def test_what_names_no_period_is_none(name: str, kind: str) -> None:
    assert periods.named(name, kind) is None


def test_days_begin_where_the_zone_says() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert periods.at(seconds(2025, 12, 31, 23, 0), "year", berlin).name == "2026"
    assert periods.at(seconds(2025, 12, 31, 22, 59), "year", berlin).name == "2025"
    assert periods.named("2026-07", "month", berlin) == periods.Period(
        "2026-07", seconds(2026, 6, 30, 22), seconds(2026, 7, 31, 22)
    )


@given(st.integers(FIRST, LAST), st.sampled_from(KINDS), st.sampled_from(ZONES))
def test_every_instant_is_in_one_period_which_its_name_leads_to(instant: int, kind: str, zone: ZoneInfo) -> None:
    found = periods.at(instant, kind, zone)
    assert periods.named(found.name, kind, zone) == found
    if FIRST + 86_400 < instant < LAST - 86_400:
        assert found.start <= instant < found.stop


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("kind", ["month", "day"])
def test_one_period_ends_where_the_next_begins(zone: ZoneInfo, kind: str) -> None:
    days = range(seconds(2011, 11, 1), seconds(2012, 4, 1), 21_600)
    found = list(dict.fromkeys(periods.at(instant, kind, zone) for instant in days))
    # In Apia there was no 30 December 2011.
    assert all(one.stop == other.start for one, other in pairwise(found) if one.name != "2011-12-29")
