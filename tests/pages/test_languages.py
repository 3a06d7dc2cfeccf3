"""The direction of a language."""

from __future__ import annotations

import pytest

from feedsvc.pages.languages import differs, direction


@pytest.mark.parametrize("tag", ["ar", "he", "fa", "ur", "AR-eg", "az-Arab", "pa-Arab-PK", "ar-1994"])
def test_some_languages_are_written_from_right_to_left(tag: str) -> None:
    assert direction(tag) == "rtl"


@pytest.mark.parametrize("tag", ["en", "ja", "de-CH", "ar-Latn", "he-Latn-IL", "fil", "es-419"])
def test_all_others_are_written_from_left_to_right(tag: str) -> None:
    assert direction(tag) == "ltr"


def test_the_case_of_a_tag_makes_no_other_language() -> None:
    assert not differs("EN-gb", "en-GB")


def test_a_region_makes_another_language() -> None:
    assert differs("en", "en-GB")


def test_no_language_is_no_other_language() -> None:
    assert not differs(None, "en")
