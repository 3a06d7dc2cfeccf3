"""Keys without a fence, as Pelican and Nikola write them."""

from __future__ import annotations

import pytest

from feedsvc.readers import Value, frontmatter
from feedsvc.readers.manuscript import Manuscript


def read(text: str) -> tuple[dict[str, object], str] | None:
    found = frontmatter.read(Manuscript("a.md", text))
    if found is None:
        return None
    return ({key: value.value for key, value in found.fields.items()}, text[found.end :])


@pytest.mark.parametrize(
    ("text", "fields", "rest"),
    [
        ("Title: A: b\nDate: 2010-12-03\n\nText: x\n", {"title": "A: b", "date": "2010-12-03"}, "\nText: x\n"),
        ("\nTags: a, b\nSave_as: x\nText", {"tags": "a, b", "save_as": "x"}, "Text"),
        ("title:  A\nSummary: One\n    two\n\tthree\n\nText", {"title": "A", "summary": "One two three"}, "\nText"),
        ("Title:A\n  Date:2020-05-20\n Status:draft", {"title": "A", "date": "2020-05-20", "status": "draft"}, ""),
        ("Title: A\nIt is 10:30 now.", {"title": "A"}, "It is 10:30 now."),
        ("Title: A\nhttps://a.example/", {"title": "A"}, "https://a.example/"),
        ("Title:\nDate: 2020-05-20", {"title": "", "date": "2020-05-20"}, ""),
        (".. title: A\n.. date: 2012-09-15 UTC\n\nText", {"title": "A", "date": "2012-09-15 UTC"}, "\nText"),
        (".. title: A\n.. tags: a, draft\n", {"title": "A", "tags": "a, draft", "draft": "true"}, ""),
        (".. title: A\n.. tags: a draft\n", {"title": "A", "tags": "a draft"}, ""),
        ("Title: A\nTags: a, draft\n", {"title": "A", "tags": "a, draft"}, ""),
        ("<!--\n.. title: A title\n.. slug: a\n-->\n\nText", {"title": "A title", "slug": "a"}, "\nText"),
    ],
)  # fmt: skip
def test_header_lines_are_fields(text: str, fields: object, rest: str) -> None:
    assert read(text) == (fields, rest)


@pytest.mark.parametrize(
    "text",
    ["Note: this is prose.\n\nMore.", "Words\nTitle: x", "# Title: x", "<!-- a comment -->\nText", ".. note::\n  x"],
)
def test_prose_is_not_mistaken_for_them(text: str) -> None:
    assert read(text) is None


def test_each_has_its_place() -> None:
    found = frontmatter.read(Manuscript("a.md", "\nTitle: A title\nDate:  2020-05-20\n"))
    assert found
    assert found.fields["title"] == Value("A title", 2, 8, 2, 1)
    assert found.fields["date"] == Value("2020-05-20", 3, 8, 3, 1)


def test_a_line_of_nothing_but_spaces_takes_no_time() -> None:
    found = read("Title: A\nDate: 2026-01-01\n    " + " " * 500_000 + "\n")
    assert found
    assert found[0] == {"title": "A", "date": "2026-01-01"}
