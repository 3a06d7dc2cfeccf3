"""What a query's rows are called."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.sources import rows
from feedsvc.text.media_types import media_type


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("SELECT * FROM articles", "articles"),
        ("select id\nfrom public.articles a join tags t on true", "articles"),
        ('SELECT * FROM "My Articles"', "My%20Articles"),
        ("SELECT * FROM `cms`.`wp_posts`", "wp_posts"),
        ("SELECT (SELECT max(a) FROM (SELECT 1) x) AS n, 'from here' AS h FROM articles", "articles"),
        ("SELECT 1 -- from a comment\n/* and from\nanother */ FROM articles", "articles"),
        ("WITH fresh AS (SELECT * FROM articles) SELECT * FROM fresh", "fresh"),
        ("SELECT * FROM (SELECT * FROM articles) AS a", "query"),
        ("VALUES (1)", "query"),
    ],
)
def test_rows_are_called_after_the_table_that_is_read_first(query: str, name: str) -> None:
    assert rows.table_of(query) == name


@given(st.text(), st.text(min_size=1))
def test_an_address_of_a_row_is_never_that_of_a_file(column: str, key: str) -> None:
    found = rows.address("articles", column, key)
    assert rows.is_row(found)
    assert media_type(found) is None
    assert not set(found) & set("/\\#\n\0.")
    found.encode()


@given(st.text(max_size=300), st.text(max_size=300))
def test_two_keys_have_two_addresses(one: str, other: str) -> None:
    assert (rows.address("a", "id", one) == rows.address("a", "id", other)) == (one == other)


@given(st.dictionaries(st.sampled_from(string.ascii_lowercase), st.none() | st.integers() | st.text()))
def test_the_order_of_columns_and_what_holds_nothing_change_no_byte(row: dict[str, Any]) -> None:
    backwards = dict(reversed(row.items()))
    full = {name: value for name, value in row.items() if value is not None}
    assert rows.body(row) == rows.body(backwards) == rows.body(full)
