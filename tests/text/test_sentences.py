"""Sentences, with sentencex and without."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.text.sentences import by_punctuation, ends

LINES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]) | st.sampled_from(' .!?"“”()。」'))


@given(LINES, st.sampled_from(["en", "de", "ja", "am", "xx", "", "zh-Hans", "../"]))
def test_the_last_sentence_ends_with_the_paragraph_and_none_is_empty(line: str, language: str) -> None:
    paragraph = " ".join(line.split())
    found = list(ends(paragraph, language, len(line)))
    assert found[0] == len(paragraph)
    assert found == sorted(set(found), reverse=True)
    assert not any(paragraph[end - 1 : end].isspace() for end in found)
    assert list(ends(paragraph, language, 20)) == [end for end in found if end <= 20]
    assert "".join(by_punctuation(language, line)) == line


def sentences(paragraph: str, language: str) -> list[str]:
    found = sorted(ends(paragraph, language, len(paragraph)))
    return [paragraph[start:end].strip() for start, end in pairwise([0, *found])]


@pytest.mark.parametrize(
    ("language", "paragraph", "expected"),
    [
        ("de_AT", "Er kam am 3. Mai. Sie ging.", ["Er kam am 3. Mai.", "Sie ging."]),
        ("en", "He came 3. May he stay.", ["He came 3.", "May he stay."]),
        ("en", "See J. Doe (Figs. Two, Vol. Two). Go.", ["See J. Doe (Figs. Two, Vol. Two).", "Go."]),
        ("en", "One... two. three! Four", ["One... two. three!", "Four"]),
        ("en", "one. two. three", ["one.", "two.", "three"]),
        ("en", "Use .NET. See a.b now.", ["Use .NET.", "See a.b now."]),
        ("en", "(It rains. It pours.) He goes.", ["(It rains. It pours.)", "He goes."]),
        ("he", "אחת.\u200f שתיים.", ["אחת.\u200f", "שתיים."]),
        ("nl", "Hij komt. 's Avonds niet.", ["Hij komt.", "'s Avonds niet."]),
        ("km", "គាត់មក។ គាត់ទៅ។", ["គាត់មក។", "គាត់ទៅ។"]),
        ("ja", "「はい。」と言った。「はい。」次。", ["「はい。」と言った。", "「はい。」", "次。"]),
        ("ka", "A is. ის არის.", ["A is.", "ის არის."]),
        ("no", "Se kap. Ti. Slutt.", ["Se kap. Ti.", "Slutt."]),
    ],
)
def test_a_sentence_does_not_end_where_it_goes_on(language: str, paragraph: str, expected: list[str]) -> None:
    assert sentences(paragraph, language) == expected


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("One. Two! Three? Four", ["One. ", "Two! ", "Three? ", "Four"]),
        ("Dr. Smith, e.g. J. R. of 3.5. Done.", ["Dr. Smith, e.g. J. R. of 3.5. ", "Done."]),
        ("“Go.” He went… not far.", ["“Go.” ", "He went… not far."]),
        ("你好。「真的吗？」他说。", ["你好。", "「真的吗？」", "他说。"]),
        ("यह है। वह है।", ["यह है। ", "वह है।"]),
        ("", [""]),
    ],
)
def test_punctuation_alone_finds_plain_sentences(paragraph: str, expected: list[str]) -> None:
    assert by_punctuation("en", paragraph) == expected


def test_without_sentencex_punctuation_is_used() -> None:
    script = """
import sys
sys.modules["sentencex"] = None  # what an import finds where there is no wheel
from feedsvc.text.excerpt import excerpt
print(excerpt("One is. Two is. Three is far too long.", length=20, language="en"))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "One is. Two is.\n"
