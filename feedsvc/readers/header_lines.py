"""Header lines without a fence: a text that opens with them in; their keys and values, and where they end, out.

Pelican and MultiMarkdown write `Title: My title`, up to a blank line; Nikola writes `.. title: My title`, alone or
in an HTML comment.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feedsvc.readers.raw import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedsvc.readers.manuscript import Manuscript

_MOST_LINES = 200

# What a first line must begin with to be a header: prose may begin with any other word and a colon.
_FIRST = "title|date|author|authors|category|tags|slug|summary|modified|status|lang"
_PELICAN = re.compile(rf"(?=(?:{_FIRST}):)", re.IGNORECASE)  # as Python-Markdown's `meta` reads them
_NIKOLA = re.compile(r"\s*+(?P<comment><!--\s*+)?(?=\.\. [a-z_]+:[ \t])", re.IGNORECASE)
_KEY = re.compile(
    r"[ ]{0,3}(?P<prefix>\.\. )?(?P<key>[A-Za-z][\w-]{0,60}+(?=:(?!//))|[A-Za-z][\w -]{0,60}?(?=:(?:\s|\Z)))"
    r":[ \t]*+(?P<value>[^\n]+)?\n?"
)
_CONTINUED = re.compile(r"(?:[ ]{4}|\t)[ \t]*+(?P<value>[^\n]*\S)[ \t]*\n?")
_BEHIND = re.compile(r"\s*+-->[ \t]*\n?")


def read(manuscript: Manuscript) -> tuple[Mapping[str, Value], int] | None:
    """Reads header lines at the top of a text: the fields, and the index behind them. None where there are none."""
    text = manuscript.text
    nikola = _NIKOLA.match(text)
    start = nikola.end() if nikola else len(text) - len(text.lstrip())
    if not nikola and not _PELICAN.match(text, start):
        return None
    fields: dict[str, Value] = {}
    end = start
    first_line = manuscript.place(start)[0]
    for line in range(first_line, first_line + _MOST_LINES):
        key = _KEY.match(text, end)
        if key and bool(key["prefix"]) == bool(nikola):
            name, value = key["key"].lower(), (key["value"] or "").strip()
            column = key.start("key") - end + 1
            fields[name] = Value(value, line, key.start("value") - end + 1 if value else column, line, column)
        elif fields and (key := _CONTINUED.match(text, end)):
            fields |= _longer(fields, key["value"])
        else:
            break
        end = key.end()
    if nikola and nikola["comment"] and (behind := _BEHIND.match(text, end)):
        end = behind.end()
    return fields | _hidden(fields) if nikola else fields, end


def _hidden(fields: Mapping[str, Value]) -> dict[str, Value]:
    """`draft` where a tag says so: before it had a `status`, Nikola hid articles by their tags."""
    tags = fields.get("tags")
    names = {name.strip().lower() for name in str(tags.value).split(",")} if tags else set()
    return {"draft": tags._replace(value="true")} if tags and names & {"draft", "private"} else {}


def _longer(fields: Mapping[str, Value], more: str) -> Mapping[str, Value]:
    """The last field with a further line of its value."""
    name, before = list(fields.items())[-1]
    value = f"{before.value} {more}".strip()
    return {name: Value(value, before.line, before.column, before.key_line, before.key_column)}
