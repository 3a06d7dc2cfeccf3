"""Plain text as it is copied from a page: date, title and paragraphs in; fields and the paragraphs out.

Above the paragraphs stand a line with the date and one with the title, in any order; the title may stand there again.
Front matter does too. A line "Back to the list", and what follows it, is the page's furniture.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feedsvc.readers import frontmatter
from feedsvc.readers.raw import Raw, Value
from feedsvc.text import dates

if TYPE_CHECKING:
    from feedsvc.readers.manuscript import Manuscript

_FURNITURE = re.compile(r"^[^\S\n]*back to the list[^\S\n]*$", re.IGNORECASE | re.MULTILINE)
_LINE = re.compile(r"^[^\S\n]*+\S[^\n]*", re.MULTILINE)
_NUMERIC = re.compile(r"[0-9]{1,4}([./-])[0-9]{1,2}\1[0-9]{1,4}")

_CURES = {
    "title": "write the title on a line of its own at the top",
    "date": "write the date on a line of its own at the top, such as 20 May 2020",
}


def read(manuscript: Manuscript) -> Raw:
    """Reads the title, which is the first line that is no date, the date, and what follows them.

    Raises:
        RecordError: where there is front matter which cannot be read.
    """
    fields: dict[str, Value] = {}
    end = _end(manuscript.text)
    if (matter := frontmatter.read(manuscript)) is not None:
        source = manuscript.text[matter.end : end]
        return Raw(manuscript, matter.fields, source, matter.end, "text", matter.cures, matter.faults)
    start = end
    for line in _LINE.finditer(manuscript.text, 0, end):
        name = _name(line[0].strip(), fields)
        if name is None:
            start = line.start()
            break
        if name not in fields:
            fields[name] = _value(manuscript, line)
    source = manuscript.text[start:end]
    return Raw(manuscript, fields, source, start, "text", _CURES, undated="a text without a date")


def _name(line: str, fields: dict[str, Value]) -> str | None:
    """Which field a line at the top is, for the first time or again; None where the paragraphs begin."""
    for name, found in fields.items():
        if line == found.value:
            return name
    if "date" not in fields and _is_date(line):
        return "date"
    return None if "title" in fields else "title"


def _is_date(line: str) -> bool:
    # One in figures alone was meant as a date, whether or not it can be read as one.
    return dates.is_date_line(line) or bool(_NUMERIC.fullmatch(line)) or dates.is_date(line)


def _value(manuscript: Manuscript, line: re.Match[str]) -> Value:
    text = line[0].strip()
    place = manuscript.place(line.start() + line[0].index(text))
    return Value(text, *place, *place)


def _end(text: str) -> int:
    furniture = _FURNITURE.search(text)
    return furniture.start() if furniture else len(text)
