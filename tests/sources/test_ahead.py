"""Which rows are fetched along with one that is asked for."""

from __future__ import annotations

from feedsvc.sources import ahead
from feedsvc.sources.ahead import Ahead

ORDER = [f"{number:03}" for number in range(1000)]


def test_steps_grow_while_rows_are_asked_for_in_their_order() -> None:
    steps: list[int] = []
    rows = Ahead(ORDER)
    while (at := sum(steps)) < len(ORDER):
        steps.append(len(rows.from_(ORDER[at])))
    assert steps == [4, 16, 64, 256, 256, 256, 148]


def test_a_row_that_is_asked_for_out_of_order_comes_alone() -> None:
    rows = Ahead(ORDER)
    assert rows.from_("500") == ["500"]
    assert rows.from_("501") == ["501", "502", "503", "504"]
    assert rows.from_("007") == ["007"]


def test_a_row_that_nobody_thought_of_comes_alone() -> None:
    assert list(Ahead(ORDER).from_("none")) == ["none"]
    assert list(Ahead([]).from_("000")) == ["000"]


def test_heavy_rows_make_the_steps_smaller() -> None:
    rows = Ahead(ORDER)
    for at in (0, 4, 20):
        rows.from_(ORDER[at])
    rows.weigh(ahead._HEAVY + 1)
    assert len(rows.from_(ORDER[84])) == 32
