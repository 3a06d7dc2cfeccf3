"""Which rows may change again under the instant of their last change."""

from __future__ import annotations

import pytest
from house import Clock

from feedsvc.sources.youth import Youth


def young(youth: Youth, **values: object) -> set[str]:
    found = youth.young(values)
    assert found is not None
    return set(found)


def test_the_last_change_is_young_until_it_has_been_known_for_a_while() -> None:
    youth = Youth(clock := Clock())
    assert young(youth, a="2026-01-01 10:00:00", b="2026-01-01 12:00:00") == {"b"}
    clock.sleep(1)
    assert young(youth, a="2026-01-01 10:00:00", b="2026-01-01 12:00:00") == {"b"}
    clock.sleep(1)
    assert young(youth, a="2026-01-01 10:00:00", b="2026-01-01 12:00:00") == set()


def test_a_row_that_changes_is_young_again() -> None:
    youth = Youth(clock := Clock())
    youth.young({"a": 1767261600})
    clock.sleep(60)
    assert young(youth, a=1767261601) == {"a"}


def test_what_changed_within_two_seconds_of_the_last_change_is_young() -> None:
    assert young(Youth(), a=1767261600000, b=1767261601500, c=1767261604000) == {"c"}
    assert young(Youth(), a=1767261602000, b=1767261602500, c=1767261604000) == {"a", "b", "c"}


def test_a_row_that_never_changed_is_not_young() -> None:
    assert young(Youth(), a=None, b=None) == set()
    assert young(Youth()) == set()


def test_a_version_that_is_counted_will_do() -> None:
    assert young(Youth(), a=1, b=40, c=41) == {"b", "c"}


@pytest.mark.parametrize("value", ["2026-01-01", "yesterday", "", b"\x00", [1]])
def test_what_is_no_instant_tells_nothing(value: object) -> None:
    assert Youth().young({"a": value, "b": "2026-01-01 10:00:00"}) is None
