"""The first heading of a text: a record that was read in; the title that its author wrote there, or nothing, out."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from feedsvc.text.markup import render

if TYPE_CHECKING:
    from feedsvc.readers import Raw

# In characters: a heading stands near the top, and a title is no page.
_READ = 4000
_LONGEST = 300

_HEADING = re.compile(r"<h1\b[^<>]*>(.*?)</h1>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def headline(raw: Raw) -> str | None:
    """The text of the first heading of the first level near the top; None where there is none."""
    if raw.markup == "text":
        return None
    match = _HEADING.search(render(raw.source[:_READ], raw.markup))
    found = " ".join(unescape(_TAG.sub("", match[1])).split()) if match else ""
    return found if 0 < len(found) <= _LONGEST and found.isprintable() else None
