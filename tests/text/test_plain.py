"""Titles and summaries that somebody wrote as HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.text.plain import plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Seats <strike>open</strike> gone", "Seats open gone"),
        ('A <B class="x">b</b> and <i>i</i>', "A b and i"),
        ("One<br>two<br/>three", "One two three"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("Fish &amp; chips &mdash; &#8217;a&#x2019;", "Fish & chips — ’a’"),
        ("&lt;b&gt; is bold", "<b> is bold"),
    ],
)
def test_markup_is_read(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2 < 3 & 3 > 2",
        "The <dialog> element",
        "What </body> ends",
        "AT&T; R&D",
        "a &nosuch; b",
        "<b",
        "`<h1></h1>` is code",
        "<1></1>",
        "&#;",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert plain(text) == text


@given(st.text(st.characters(exclude_characters="<&")))
def test_a_text_without_marks_is_itself(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize("text", ["<a>" * 3000, "</a>" * 2500, "<a " * 3000, "&" * 10_000, "<a></a>" * 1400])
def test_it_is_never_longer(text: str) -> None:
    assert len(plain(text)) <= len(text)
