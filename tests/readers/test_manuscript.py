"""Bytes to characters, and the places of characters."""

from __future__ import annotations

import pytest

from feedsvc.errors import RecordError
from feedsvc.model import Record
from feedsvc.readers.manuscript import LARGEST, Manuscript, decode


def refusal(body: bytes) -> str:
    with pytest.raises(RecordError) as caught:
        decode(Record("a.md", body))
    return str(caught.value)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", ""),
        ("é\n".encode(), "é\n"),
        (b"\xef\xbb\xbfa", "a"),
        (b"a\r\nb\rc\nd", "a\nb\nc\nd"),
        (b"a\r\r\nb", "a\n\nb"),
    ],
)
def test_bytes_become_text_without_a_mark_and_with_lf(body: bytes, text: str) -> None:
    assert decode(Record("a.md", body)).text == text


def test_a_latin_letter_is_named_at_its_place() -> None:
    assert refusal(b"one\r\ncaf\xe9 bar\n") == (
        "a.md:2:4: byte 0xE9 is not UTF-8 (save it as UTF-8; in Windows-1252 it would be é)\n    caf� bar\n       ^"
    )


def test_a_column_counts_characters_behind_the_byte_order_mark() -> None:
    assert refusal(b"\xef\xbb\xbf" + "éé".encode() + b"\xff\x80").startswith("a.md:1:3: byte 0xFF")


def test_a_byte_that_would_be_no_letter_is_not_guessed() -> None:
    assert refusal(b"\x81").startswith("a.md:1:1: byte 0x81 is not UTF-8 (save it as UTF-8)")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_is_told(codec: str) -> None:
    assert refusal("title".encode(codec)) == (
        "a.md:1:1: is not UTF-8: it looks like UTF-16, or is no text at all (save it as UTF-8)"
    )


def test_text_of_the_largest_size_is_read_and_a_byte_more_is_not() -> None:
    assert decode(Record("a.md", b"a" * LARGEST)).text
    assert refusal(b"a" * (LARGEST + 1)) == "a.md:1:1: is larger than 1024 KiB of text (split it into several articles)"


@pytest.mark.parametrize(("index", "place"), [(0, (1, 1)), (1, (1, 2)), (2, (2, 1)), (3, (3, 1)), (4, (3, 2))])
def test_a_place_counts_lines_and_characters_from_one(index: int, place: tuple[int, int]) -> None:
    assert Manuscript("a.md", "é\n\né").place(index) == place


@pytest.mark.parametrize(("line", "text"), [(1, "one"), (2, "two"), (3, ""), (9, "")])
def test_a_fault_shows_its_line(line: int, text: str) -> None:
    assert Manuscript("a.md", "one\ntwo\n").fault((line, 1), "is wrong", "mend it").text == text


def test_a_fault_shows_its_line_as_far_as_it_is_worth() -> None:
    manuscript = Manuscript("a.md", "one\n" + "x" * 5000 + "\nthree")
    shown = [manuscript.fault(place, "p", "c").text for place in ((1, 2), (2, 1), (2, 2001), (3, 1), (4, 1))]
    assert [len(text) for text in shown] == [3, 201, 0, 5, 0]


def test_places_are_the_same_before_and_after_the_first_fault() -> None:
    text = "one\n\ntwo\nthree"
    one, other = Manuscript("a.md", text), Manuscript("a.md", text)
    other.fault((1, 1), "p", "c")
    assert [one.place(index) for index in range(len(text) + 1)] == [
        other.place(index) for index in range(len(text) + 1)
    ]


def test_a_fault_can_be_told_everywhere() -> None:
    assert str(Manuscript("a.md", "").fault((1, 1), "a\ud800b", "c\ud800d")) == "a.md:1:1: ab (cd)"
