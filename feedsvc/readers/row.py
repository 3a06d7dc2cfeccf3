"""A row of a table, as JSON with its columns for keys, in; its fields and source text out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.errors import RecordError
from feedsvc.readers.json_record import raw
from feedsvc.readers.json_values import JsonReader
from feedsvc.readers.manuscript import Manuscript

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedsvc.errors import Fault
    from feedsvc.model import Markup
    from feedsvc.readers.raw import Raw, Value

_CURES = {
    "title": "give the column title a value",
    "date": "give the column date a value such as 2020-05-20, or leave the row out of the query",
}
_MARKUPS: Mapping[str, Markup] = {
    "html": "html", "htm": "html", "markdown": "markdown", "md": "markdown", "gfm": "markdown",
    "mdx": "mdx", "text": "text", "txt": "text", "plain": "text", "plaintext": "text",
}  # fmt: skip

# Where there is no type for lists, as in SQLite, they are text; in a title or a body, brackets are just brackets.
_LISTED = frozenset(
    {
        *("tags", "tag", "categories", "category", "topics", "topic", "keywords"),
        *("authors", "author", "aliases", "alias", "audience"),
        *("image", "images", "enclosure", "enclosures", "attachments"),
    }
)


def read(manuscript: Manuscript) -> Raw:
    """Reads the JSON that a source made of a row.

    Raises:
        RecordError: where a value in it goes beyond the limits of JSON files.
    """
    reader = JsonReader(manuscript)
    whole, _ = reader.read(0)
    columns: Mapping[str, Value] = whole.value if isinstance(whole.value, dict) else {}
    fields = {name: _listed(name, value) for name, value in columns.items()}
    markup, faults = _markup(fields, manuscript)
    # A row is an article even where nothing in it says so.
    said = {"title": whole._replace(value=""), **fields}
    found = raw(manuscript, reader, whole._replace(value=said))
    faults = (*found.faults, *faults)
    return found._replace(markup=markup or found.markup, cures=_CURES, faults=faults)


def _markup(fields: dict[str, Value], manuscript: Manuscript) -> tuple[Markup | None, tuple[Fault, ...]]:
    """What the columns say that the text is written in; None where they do not."""
    said = fields.pop("markup", None)
    # Other programs have a column `format` too, for something else.
    guess = fields["format"].value if "format" in fields else None
    word = said.value if said else guess
    found = _MARKUPS.get(word.strip().lower()) if isinstance(word, str) else None
    if found or said is None or said.is_blank:
        return found, ()
    cure = "write one of markdown, mdx, html, text"
    return None, (manuscript.fault((said.line, said.column), f"markup: {said.plain!r} is not known", cure),)


def _listed(name: str, value: Value) -> Value:
    """A list or map that is written as JSON in text, read; all else as it is."""
    text = value.value
    if name not in _LISTED or not isinstance(text, str) or not text.lstrip().startswith(("[", "{")):
        return value
    reader = JsonReader(Manuscript("", text))
    try:
        found, end = reader.read(0)
    except RecordError:
        return value
    return found if reader.behind_space(end) == len(text) else value
