"""Slugs: what becomes of titles, tags and hostile names."""

from __future__ import annotations

from unicodedata import normalize
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedsvc.text.slugs import RESERVED, digest, slug

ANY_TEXT = st.text(st.characters(codec=None))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, World!", "hello,-world!"),
        ("  Two \t spaces\n", "two-spaces"),
        ("Straße", "strasse"),
        ("Cafe\u0301", "caf\u00e9"),
        ("\u03ac\u0345\u0301", "\u03ac\u0301\u03b9"),
        ("東京 タワー", "東京-タワー"),
        ("C++", "c++"),
        ("C#", "c"),
        ("a/b\\c?d#e%f", "a-b-c-d-e-f"),
        ("--a - b--", "a-b"),
        ("a\x00b\x7fc\x85d\ud800e\ufffff", "a-b-c-d-e-f"),
        ("///", ""),
        ("", ""),
    ],
)
def test_a_text_becomes_a_segment(text: str, expected: str) -> None:
    assert slug(text) == expected


@pytest.mark.parametrize("word", [*sorted(RESERVED), "Archive", "../", "RSS.xml"])
def test_a_reserved_word_gets_a_digest(word: str) -> None:
    made = slug(word)
    assert made.lower() not in RESERVED
    assert made.startswith(word.strip("/").lower() + "-")


def test_two_spellings_of_a_reserved_word_have_one_slug() -> None:
    assert slug("Archive") == slug("archive") == "archive-" + digest("archive")


@example("\u03ac\u0345\u0301")
@given(ANY_TEXT)
def test_a_slug_is_its_own_slug(text: str) -> None:
    assert slug(slug(text)) == slug(text)


@given(ANY_TEXT)
def test_a_slug_is_one_segment_in_nfc(text: str) -> None:
    made = slug(text)
    assert made == normalize("NFC", made)
    assert not any(c in "/\\?#%" or c.isspace() or ord(c) < 32 for c in made)
    assert made not in RESERVED
    assert "--" not in made
    assert quote(made, safe="").isascii()


@example("\u03ac\u0345\u0301")
@given(st.text())
def test_composed_and_decomposed_letters_have_one_slug(text: str) -> None:
    assert slug(normalize("NFD", text)) == slug(normalize("NFC", text))


def test_a_digest_is_the_same_everywhere() -> None:
    assert digest("archive") == "0eb3e3"
    assert len(digest("\ud800")) == 6
