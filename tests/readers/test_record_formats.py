"""Markdown and plain text: what their readers take for fields, and what for the article's text."""

# ruff: noqa: E501 - a case is one line

from __future__ import annotations

import pytest

from feedsvc.errors import RecordError
from feedsvc.model import Record
from feedsvc.readers import READERS, Raw, Value, read
from feedsvc.readers.manuscript import LARGEST
from feedsvc.readers.unread import NAMES


def raw(address: str, text: str) -> Raw:
    (found,) = read(Record(address, text.encode()))
    return found


def written(text: str) -> dict[str, tuple[object, int, int]]:
    """Of plain text, each field with its line and column."""
    return {key: (found.value, found.line, found.column) for key, found in raw("a.txt", text).fields.items()}


def test_the_endings_are_known_in_lower_case() -> None:
    read = {".md", ".markdown", ".mdx", ".html", ".htm", ".xhtml", ".json", ".jsonl", ".ndjson", ".txt"}
    assert set(READERS) == read | set(NAMES)


@pytest.mark.parametrize(
    ("address", "reason"),
    [("a.rst", "in reStructuredText, which is not read"), ("b/A.ADOC", "in AsciiDoc, which is not read")],
)
def test_a_format_that_has_no_reader_is_left_out_whatever_is_in_it(address: str, reason: str) -> None:
    (found,) = read(Record(address, b"\xff" * (LARGEST + 1)))
    assert found.aside == reason


@pytest.mark.parametrize("address", ["a.md", "b/A.MD", "a.markdown"])
def test_markdown_is_front_matter_and_text(address: str) -> None:
    found = raw(address, "---\ntitle: A title\n---\n\nWords\n")
    assert found.fields == {"title": Value("A title", 2, 8, 2, 1)}
    assert (found.source, found.markup) == ("\nWords\n", "markdown")


def test_markdown_without_front_matter_is_all_text() -> None:
    found = raw("a.md", "# Words\n")
    assert (found.fields, found.source) == ({}, "# Words\n")


def test_an_unknown_ending_is_told() -> None:
    with pytest.raises(RecordError) as caught:
        raw("a.doc", "")
    assert str(caught.value) == (
        "a.doc:1:1: no reader knows its ending (rename it to end in one of .md, .markdown, .mdx, .html, .htm, .xhtml, .json, .jsonl, .ndjson, .txt)"
    )


@pytest.mark.parametrize(
    "text",
    [
        "20 May 2020\nA title\nA title\n\nOne\n\nTwo\n\nBack to the list\nOlder\n",
        "A title\n20 May 2020\nA title\nOne\n\nTwo\n",
        "\n\n  A title \n\n A title\n20 May 2020\n20 May 2020\n\nOne\n\nTwo\n \tback TO the list\t\nBack to the list",
    ],
)
def test_date_title_and_paragraphs_are_found_in_any_order(text: str) -> None:
    found = raw("a.txt", text)
    assert {key: value.value for key, value in found.fields.items()} == {"title": "A title", "date": "20 May 2020"}
    assert (found.source.strip(), found.markup) == ("One\n\nTwo", "text")


def test_the_fields_of_plain_text_have_places() -> None:
    assert written("\n 20 May 2020\n\tÉ title\n") == {"date": ("20 May 2020", 2, 2), "title": ("É title", 3, 2)}


@pytest.mark.parametrize("date", ["2020-05-20", "May 20, 2020", "20 May 2020 14:30", "05/06/2020", "31 June 2020"])
def test_a_line_meant_as_a_date_is_no_title(date: str) -> None:
    assert written(f"{date}\nA title\nWords") == {"date": (date, 1, 1), "title": ("A title", 2, 1)}


def test_a_second_date_begins_the_text() -> None:
    assert raw("a.txt", "A title\n20 May 2020\n21 May 2020\nWords").source == "21 May 2020\nWords"


def test_without_a_date_the_text_begins_below_the_title() -> None:
    found = raw("a.txt", "A title\nWords\n")
    assert (list(found.fields), found.source) == (["title"], "Words\n")


def test_words_around_it_keep_the_end_of_the_page_in_the_text() -> None:
    assert raw("a.txt", "A title\n20 May 2020\nGo back to the list\n").source == "Go back to the list\n"


@pytest.mark.parametrize("text", ["", " \n\t\n", "Back to the list\nA title"])
def test_a_page_of_nothing_has_no_fields_and_no_text(text: str) -> None:
    found = raw("a.txt", text)
    assert (found.fields, found.source) == ({}, "")


def test_long_lines_and_long_blanks_take_no_time() -> None:
    assert raw("a.txt", " " * 200_000 + "\n" + "back to the list " * 10_000 + "\n" + " " * 100_000).source == ""


@pytest.mark.parametrize(
    "head", ["---\ntitle: A title\ndate: 2020-05-20\n---\n", "Title: A title\nDate: 2020-05-20\n", ".. title: A title\n.. date: 2020-05-20\n"]
)  # fmt: skip
def test_plain_text_may_have_front_matter(head: str) -> None:
    found = raw("a.txt", f"{head}\nOne\n\nTwo\nBack to the list\nThree\n")
    assert {key: value.value for key, value in found.fields.items()} == {"title": "A title", "date": "2020-05-20"}
    assert (found.source.strip(), found.markup) == ("One\n\nTwo", "text")


@pytest.mark.parametrize("line", ["A title\n", "20 May 2020\n"])
def test_a_line_at_the_top_may_stand_there_many_times(line: str) -> None:
    assert len(raw("a.txt", line * 80_000).fields) == 1
