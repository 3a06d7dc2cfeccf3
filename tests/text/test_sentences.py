"""Sentences, with sentencex and without."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.text.sentences import by_punctuation, sentences

LINES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]) | st.sampled_from(' .!?"“”()。」'))


@given(LINES, st.sampled_from(["en", "de", "ja", "am", "xx", "", "zh-Hans", "../"]))
def test_sentences_joined_are_the_paragraph(line: str, language: str) -> None:
    assert "".join(sentences(line, language)) == line
    assert "".join(by_punctuation(language, line)) == line


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
