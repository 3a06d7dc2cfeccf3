"""Excerpts: whole sentences, else whole words, never half a character."""

from __future__ import annotations

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from feedsvc.text.excerpt import ELLIPSIS, excerpt
from feedsvc.text.xml import clean

PIECES = st.sampled_from(
    ["a", "Word", " ", "\n", ". ", "! ", "。", "「", "」", "、", "漢字", "かな", "ไทย", "e\u0301",
     "👩‍👩‍👧", "🇩🇪", "‼️", "…", "(", ", ", "\u0600", "\u200d", "\x08", "\u2028", "U.S. "]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=120)


def folded(text: str) -> str:
    return " ".join(" ".join(line.split()) for line in clean(text).splitlines() if line.split())


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en", "Dr. Smith of the U.S. paid 3.50 on Jan. 5. He left. It rained all day.",
            "Dr. Smith of the U.S. paid 3.50 on Jan. 5. He left.",
        ),
        (
            "en", "J. R. Hartley wrote it. See https://e.org/a.b?c=d. Nobody has read it.",
            "J. R. Hartley wrote it. See https://e.org/a.b?c=d.",
        ),
        (
            "en-GB", "“Is it you?” she asked. Mr. Jones was silent. He had no answer to that.",
            "“Is it you?” she asked. Mr. Jones was silent.",
        ),
        (
            "de", "Das ist z. B. ein Satz. Am 3. Mai kam Dr. Maier. Danach war alles anders als zuvor.",
            "Das ist z. B. ein Satz. Am 3. Mai kam Dr. Maier.",
        ),
        (
            "fr", "M. Dupont est là. Où va-t-il ? Personne ne le sait vraiment, dit-on ici.",
            "M. Dupont est là. Où va-t-il ?",
        ),
        (
            "es", "¿Qué hora es? ¡Es tarde! Nos vamos a casa antes de que llegue la noche.",
            "¿Qué hora es? ¡Es tarde!",
        ),
        (
            "ru", "Это первое. А это второе! И тут начинается очень длинное третье.",
            "Это первое. А это второе!",
        ),
        (
            "hi", "यह पहला है। यह दूसरा है। और यह तीसरा वाक्य बहुत ही लंबा है जी हाँ।",
            "यह पहला है। यह दूसरा है।",
        ),
        (
            "ar", "هل هذا صحيح؟ نعم. وهذه جملة ثالثة طويلة جدا جدا لا تتسع لها المساحة.",
            "هل هذا صحيح؟ نعم.",
        ),
        (
            "zh", "你好。这是测试！真的吗？" + "很长" * 30 + "。",
            "你好。这是测试！真的吗？",
        ),
        (
            "ja", "今日は雨です。「元気ですか？」と言った。" + "とても長い" * 10 + "。",
            "今日は雨です。「元気ですか？」と言った。",
        ),
        (
            "tlh", "One is short. Two is too. The third is far too long to be in it at all.",
            "One is short. Two is too.",
        ),
    ],
)  # fmt: skip
def test_whole_sentences_that_fit_are_taken(language: str, text: str, expected: str) -> None:
    assert excerpt(text, length=55, language=language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("An uncommonly long sentence without any end", "An uncommonly long…"),
        ("An uncommonly, sadly, long sentence", "An uncommonly…"),
        ("One (that is, the first) of them all", "One (that is, the…"),
        ("A word, supercalifragilisticexpialidocious", "A word…"),
        ("https://example.org/a/path/that/never/ends", "https://example.org…"),
        ("私たちは、昨日の夜、とても長い道を歩いて帰った", "私たちは、昨日の夜…"),
        ("私たちは昨日の夜とても長い道をひたすら歩いた", "私たちは昨日の夜とても長い道をひたすら…"),
        ("สวัสดีครับ ผมชื่อสมชายและผมมาจากเมืองไทย", "สวัสดีครับ…"),
        ("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", "👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧…"),
        ("日本語の文章supercalifragilistic", "日本語の文章…"),
        ("\u0600," * 20, "\u0600," * 9 + ELLIPSIS),
        ("((((((((((((((((((((((((", "(((((((((((((((((((…"),
    ],
)  # fmt: skip
def test_a_first_sentence_that_does_not_fit_is_cut_between_words(text: str, expected: str) -> None:
    assert excerpt(text, length=20, language="en") == expected


def test_a_text_that_fits_is_its_own_excerpt() -> None:
    assert excerpt(" A b.\n\n C\td ", length=8, language="en") == "A b. C d"


def test_a_line_end_ends_a_sentence() -> None:
    assert excerpt("No stop here\nBut a far longer line follows", length=30, language="en") == "No stop here"


def test_every_line_end_counts_as_one_space() -> None:
    assert excerpt("One.\nTwo\n\nThree.\nA far longer line follows", length=20, language="en") == "One. Two Three."


def test_a_full_stop_within_a_character_ends_no_sentence() -> None:
    assert excerpt("Stop!\ufe0f Then go on and on", length=12, language="en") == "Stop!\ufe0f Then…"


def test_a_sentence_that_ends_past_what_is_looked_at_is_not_taken_for_whole() -> None:
    assert excerpt("a b " * 200 + "end.", length=12, language="en") == "a b a b a b…"


def test_nothing_has_an_empty_excerpt() -> None:
    assert excerpt(" \n\x08 ", length=40, language="en") == ""


@example("!\u0301 b" * 9, 5)
@example("\u0600," * 20, 9)
@given(TEXTS, st.integers(1, 60))
def test_an_excerpt_is_a_prefix_of_the_folded_text(text: str, length: int) -> None:
    made = excerpt(text, length=length, language="en")
    assert len(made) <= length
    assert folded(text) == made or folded(text).startswith(made.removesuffix(ELLIPSIS))
    assert made or not folded(text)


@given(TEXTS, st.integers(1, 60), st.sampled_from(["en", "ja", "th", "xx", ""]))
def test_an_excerpt_never_ends_inside_a_character(text: str, length: int, language: str) -> None:
    whole = folded(text)
    made = excerpt(text, length=length, language=language)
    bounds = {0, *(match.end() for match in regex.finditer(r"\X", whole))}
    assert len(made) in bounds or len(made.removesuffix(ELLIPSIS)) in bounds


@given(st.lists(st.from_regex(r"[a-z]{1,9}[.,]?", fullmatch=True), min_size=1), st.integers(12, 60))
def test_an_excerpt_never_ends_inside_a_word(words: list[str], length: int) -> None:
    text = " ".join(words)
    made = excerpt(text, length=length, language="en").removesuffix(ELLIPSIS)
    assert text[len(made) :].lstrip(",")[:1] in {"", " "}


@given(TEXTS, st.integers(1, 60))
def test_an_excerpt_of_an_excerpt_is_itself(text: str, length: int) -> None:
    made = excerpt(text, length=length, language="en")
    assert excerpt(made, length=length, language="en") == made
