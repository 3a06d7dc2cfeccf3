"""JSON: one article, a list of them, a JSON Feed, Ghost's export, or one article a line, in; each one's fields out."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from feedsvc.errors import Fault, RecordError
from feedsvc.readers import ghost
from feedsvc.readers.json_values import JsonReader
from feedsvc.readers.manuscript import LARGEST
from feedsvc.readers.raw import Raw, Value
from feedsvc.text.slugs import slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from feedsvc.model import Markup
    from feedsvc.readers.manuscript import Manuscript

_LISTS = ("items", "posts", "articles", "entries", "data")
_BODIES: Mapping[str, Markup | None] = {
    "content_html": "html", "html": "html", "content_markdown": "markdown", "markdown": "markdown", "mdx": "mdx",
    "content": None, "body": None, "text": None, "content_text": "text", "plaintext": "text",
}  # fmt: skip
"""By key in the order of preference, what the text under it is written in; None where its tags tell."""

_NAMES = ("id", "slug", "guid", "url", "permalink", "title")
_LONGEST_NAME = 100
_NO_ARTICLES = "holds no articles"

MOST_ARTICLES = 50_000
"""In one file."""
_CURES = {"title": 'write "title": "My title"', "date": 'write "date": "2020-05-20"'}
_HTML = re.compile(r"<(?:p|div|h[1-6]|br|ul|ol|a|img|figure|blockquote)\b", re.IGNORECASE)


def read(manuscript: Manuscript) -> tuple[Raw, ...]:
    """Reads the articles of a JSON document.

    Raises:
        RecordError: where it is not JSON.
    """
    reader = JsonReader(manuscript)
    whole, end = reader.read(0)
    if reader.behind_space(end) < len(manuscript.text):
        reader.refuse(reader.behind_space(end), "something stands behind the end", "make it a list: [ … , … ]")
    items = ghost.entries(whole) or _items(whole)
    if items is None:
        return (raw(manuscript, reader, whole),)
    return _parts(manuscript, reader, items)


def read_lines(manuscript: Manuscript) -> tuple[Raw, ...]:
    """Reads JSON Lines, one article each (https://jsonlines.org). What is wrong with one harms no other."""
    reader = JsonReader(manuscript)
    items: list[Value | tuple[Fault, ...]] = []
    start = 0
    for line in manuscript.text.splitlines(keepends=True):
        if line.strip() and len(items) <= MOST_ARTICLES:
            try:
                item, end = reader.read(start)
                if reader.behind_space(end) < start + len(line):
                    reader.refuse(end, "something stands behind the article", "write one article a line")
                items.append(item)
            except RecordError as error:
                items.append(error.faults)  # the error itself would keep all that it was raised through
        start += len(line)
    return _parts(manuscript, reader, items)


def _items(whole: Value) -> tuple[Value, ...] | None:
    """The items of a list of articles; None where it is one article, or none."""
    if isinstance(whole.value, tuple):
        return whole.value
    fields: Mapping[str, Value] = whole.value if isinstance(whole.value, dict) else {}
    found = (fields[key].value for key in _LISTS if key in fields)
    return next((value for value in found if isinstance(value, tuple) and any(map(_is_article, value))), None)


def _is_article(value: Value) -> bool:
    found = value.value
    return isinstance(found, dict) and ("title" in found or "headline" in found or any(key in found for key in _BODIES))


def _parts(manuscript: Manuscript, reader: JsonReader, items: Sequence[Value | tuple[Fault, ...]]) -> tuple[Raw, ...]:
    if len(items) > MOST_ARTICLES:
        problem = f"holds more than {MOST_ARTICLES:,} articles"
        raise RecordError(manuscript.fault((1, 1), problem, "split it into several files"))
    if not any(not isinstance(item, Value) or _is_article(item) for item in items):
        return (Raw(manuscript, {}, "", 0, "text", _CURES, aside=_NO_ARTICLES),)
    return tuple(_named(manuscript, reader, items))


def _named(manuscript: Manuscript, reader: JsonReader, items: Sequence[Value | tuple[Fault, ...]]) -> Iterator[Raw]:
    """Each item under a name that stays the same: what names it itself, of several alike with its number."""
    seen: Counter[str] = Counter()
    for number, item in enumerate(items, 1):
        name = (isinstance(item, Value) and _name(item)) or f"item-{number}"
        seen[name] += 1
        part = name if seen[name] == 1 else f"{name}-{seen[name]}"
        if isinstance(item, Value):
            yield raw(manuscript, reader, item, part)
        else:
            yield Raw(manuscript, {}, "", 0, "text", _CURES, item, part)


def _name(item: Value) -> str:
    fields: Mapping[str, Value] = item.value if isinstance(item.value, dict) else {}
    said = (fields[key].value for key in _NAMES if key in fields)
    names = (slug(text.rstrip("/").rpartition("/")[2])[:_LONGEST_NAME] for text in said if isinstance(text, str))
    return next(filter(None, names), "")


def raw(manuscript: Manuscript, reader: JsonReader, item: Value, part: str = "") -> Raw:
    """What an object says as an article, under the part's name where there are several."""
    if not _is_article(item):
        return Raw(manuscript, {}, "", 0, "text", _CURES, part=part, aside=_NO_ARTICLES)
    fields: dict[str, Value] = dict(item.value) if isinstance(item.value, dict) else {}
    key = next(
        (key for key in _BODIES if key in fields and isinstance(fields[key].value, str) and fields[key].value), ""
    )
    body = fields.pop(key, None)
    source = str(body.value) if body else ""
    place = (body.line, body.column) if body else (item.line, item.column)
    faults: tuple[Fault, ...] = ()
    if len(source) > LARGEST:
        problem = f"{key}: is larger than {LARGEST // 1024} KiB of text"
        faults = (manuscript.fault(place, problem, "split it into several articles"),)
        source = ""
    markup = _BODIES.get(key) or ("html" if _HTML.search(source) else "markdown")
    written = repr(item.plain) if part else ""
    kind = "a page, not an article" if str(fields.get("type", item).value) == "page" else ""
    top = (item.line, item.column)
    return Raw(manuscript, fields, source, reader.index(place), markup, _CURES, faults, part, written, kind, top=top)
