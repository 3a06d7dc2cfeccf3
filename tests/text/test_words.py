"""Words as a search knows them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.text import search
from feedsvc.text.search import LONGEST, MOST, sought, tokens


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Café déjà-vu, don't!", ["cafe", "deja", "vu", "don", "t"]),
        ("STRASSE Straße ﬁne", ["strasse", "strasse", "fine"]),
        ("3.14 foo_bar", ["3", "14", "foo", "bar"]),
        ("E-mail, e‑mails: T-shirt x-", ["email", "emails", "tshirt", "x"]),
        ("a-t-il 3-d, ab-cd", ["at", "il", "3", "d", "ab", "cd"]),
        ("東京タワー", ["東京", "京タ", "タワ", "ワー", "ー"]),
        ("in 東京, now", ["in", "東京", "京", "now"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("한국어 텍스트", ["한국어", "텍스트"]),
        ("مَرْحَبًا", ["مرحبا"]),
        ("", []),
        ("— … !", []),
    ],
)
def test_a_text_is_cut_into_its_words(text: str, cut: list[str]) -> None:
    assert tokens(text) == cut


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_stands_beside_a_text_changes_none_of_its_words(one: str, other: str) -> None:
    assert tokens(f"{one} … 東 {other}") == [*tokens(one), "東", *tokens(other)]


@given(st.text(max_size=200))
def test_a_word_is_a_word_again(text: str) -> None:
    for each in tokens(text):
        assert 0 < len(each) <= LONGEST
        assert not set(each) & set(" \"'\\:*&|!()\0")


@given(st.text(max_size=300))
def test_a_query_has_no_more_than_so_many_words(typed: str) -> None:
    found = sought(typed)
    assert sum(len(term.tokens) for term in (*found.terms, *found.excluded)) <= MOST


CHARACTERS = st.sampled_from("aAzé-–—‐’“”…·\u00a0\u00ad\u0301 \t\n.,_9ßﬁ字ーกб")


FEW = st.sampled_from("a-ß9 ’é")


@given(st.text(FEW, max_size=5) | st.text(CHARACTERS, max_size=30) | st.text(max_size=30))
def test_what_is_cut_fast_is_cut_as_all_else(text: str) -> None:
    """Most texts need no look at each character: they are cut as if they did."""
    assert tokens(text) == list(search._runs(search._WRAPPED.sub("", search._folded(text)), is_text=True))
