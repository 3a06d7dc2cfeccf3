"""What the pages say by themselves, in each language."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from feedsvc.pages.wording import wording

WORDS = {
    file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8"))
    for file in files("feedsvc.pages").joinpath("words").iterdir()
    if file.name.endswith(".toml")
}
LANGUAGES = pytest.mark.parametrize("language", sorted(WORDS))
DAY = datetime(2020, 5, 20, 23, 30, tzinfo=UTC)


@LANGUAGES
def test_each_language_has_every_word_and_no_other(language: str) -> None:
    assert WORDS[language].keys() == WORDS["en"].keys()
    assert all(text.strip() == text != "" for text in WORDS[language].values())


@LANGUAGES
def test_what_is_put_into_a_sentence_is_the_same_in_each_language(language: str) -> None:
    for name, text in WORDS[language].items():
        assert sorted(re.findall(r"\{\w*\}", text)) == sorted(re.findall(r"\{\w*\}", WORDS["en"][name])), name


@LANGUAGES
def test_no_word_is_markup(language: str) -> None:
    assert not [text for text in WORDS[language].values() if re.search(r"[<>&]", text)]


@LANGUAGES
def test_the_language_of_each_file_is_one(language: str) -> None:
    assert Locale.parse(language, sep="-").language == language.partition("-")[0]
    said = wording(language)
    assert (said.language, said.language_of_days) == (language, language)
    assert said.words.back == WORDS[language]["back"]


@pytest.mark.parametrize(
    ("language", "day", "month"),
    [
        ("en", "20 May 2020", "October 2026"),
        ("en-US", "May 20, 2020", "October 2026"),
        ("de-CH", "20. Mai 2020", "Oktober 2026"),
        ("ja", "2020年5月20日", "2026年10月"),
        ("fi", "20. toukokuuta 2020", "lokakuu 2026"),
        ("tlh", "20 May 2020", "October 2026"),
    ],
)
def test_days_and_months_are_those_of_the_language(language: str, day: str, month: str) -> None:
    assert wording(language).day(DAY, UTC) == day
    assert wording(language).period("2026-10") == month


def test_a_day_is_that_of_the_zone() -> None:
    assert wording("en").day(DAY, ZoneInfo("Asia/Tokyo")) == "21 May 2020"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en-NZ", "en"), ("tlh", "en"), ("x-private", "en"), ("zh-Hant-HK", "en"), ("zh-TW", "en"), ("../en", "en")],
)
def test_a_language_without_words_has_those_of_the_next(language: str, said: str) -> None:
    assert wording(language).language == said


def test_what_is_listed_is_escaped_unless_it_is_markup() -> None:
    said = wording("en")
    assert said.listed(["a", "<b>", Markup("<i>c</i>")]) == "a, &lt;b&gt; and <i>c</i>"
    assert said.listed([1, 2], lambda number: f"n{number}") == "n1 and n2"


def test_what_is_put_into_a_sentence_is_escaped() -> None:
    assert wording("en").words.by.format(authors="<b>") == "By &lt;b&gt;"


@given(st.text(max_size=40))
def test_every_tag_has_words(language: str) -> None:
    said = wording(language)
    assert said.words.back
    assert said.day(DAY, UTC)
