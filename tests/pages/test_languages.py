"""The direction of a language."""

from __future__ import annotations

import pytest
from babel import Locale
from babel.localedata import locale_identifiers

from feedsvc.pages.languages import differs, direction


@pytest.mark.parametrize(
    "tag", ["ar", "he", "fa", "ur", "AR-eg", "ks", "nqo", "ary-MA", "lrc", "az-Arab", "pa-Arab-PK", "ar-1994"]
)
def test_some_languages_are_written_from_right_to_left(tag: str) -> None:
    assert direction(tag) == "rtl"


@pytest.mark.parametrize("tag", ["en", "ja", "de-CH", "ar-Latn", "he-Latn-IL", "fil", "es-419"])
def test_all_others_are_written_from_left_to_right(tag: str) -> None:
    assert direction(tag) == "ltr"


def test_the_unicode_consortium_says_the_same() -> None:
    known = [Locale.parse(each) for each in locale_identifiers()]
    tags = {"-".join(filter(None, (each.language, each.script))): each.character_order for each in known}
    wrong = {tag for tag, order in tags.items() if (direction(tag) == "rtl") != (order == "right-to-left")}
    assert wrong == set()


def test_the_case_of_a_tag_makes_no_other_language() -> None:
    assert not differs("EN-gb", "en-GB")


def test_a_region_makes_another_language() -> None:
    assert differs("en", "en-GB")


def test_no_language_is_no_other_language() -> None:
    assert not differs(None, "en")
