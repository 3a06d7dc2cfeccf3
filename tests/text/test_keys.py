from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.text.keys import LONGEST, fits, fitted


@pytest.mark.parametrize("text", ["", "a" * LONGEST, "日" * (LONGEST // 3)])
def test_what_is_short_enough_stays_as_it_is(text: str) -> None:
    assert fits(text)
    assert fitted(text) == text


def test_what_is_too_long_gets_a_digest_of_all_of_it() -> None:
    one, two = fitted("日" * LONGEST), fitted("日" * LONGEST + "a")
    assert one != two
    assert one[:700] == two[:700] == "日" * 700
    assert not fits("日" * LONGEST)


def test_u_0000_can_be_looked_up_nowhere() -> None:
    assert not fits("a\0")


@given(st.text(max_size=60), st.integers(min_value=20, max_value=100))
def test_what_was_fitted_fits(text: str, most: int) -> None:
    assert fits(fitted(text, most).replace("\0", ""), most)
    assert fitted(fitted(text, most), most) == fitted(text, most)
