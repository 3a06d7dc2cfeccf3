"""The characters that XML 1.0 forbids."""

from __future__ import annotations

import sys
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.text.xml import clean, forbidden

ANY_TEXT = st.text(st.characters(codec=None))


@given(ANY_TEXT)
def test_clean_text_holds_nothing_forbidden(text: str) -> None:
    assert forbidden(clean(text)) is None


@given(ANY_TEXT)
def test_text_with_nothing_forbidden_is_clean(text: str) -> None:
    assert (forbidden(text) is None) == (clean(text) == text)


def test_an_xml_parser_agrees_about_every_character_of_the_first_plane() -> None:
    allowed = "".join(c for c in map(chr, range(0x10000)) if not forbidden(c) and c not in "<&\r")
    assert ET.fromstring(f"<a>{allowed}</a>").text == allowed  # noqa: S314 - our own text


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_a_forbidden_character_is_found_where_it_is(character: str) -> None:
    match = forbidden(f"ab{character}c{character}")
    assert match is not None
    assert (match.start(), match[0]) == (2, character)


def test_the_rest_of_unicode_is_allowed() -> None:
    assert clean("\t\n\r\x7f\ufffd\U0001f600" + chr(sys.maxunicode)) == "\t\n\r\x7f\ufffd\U0001f600" + chr(
        sys.maxunicode
    )
