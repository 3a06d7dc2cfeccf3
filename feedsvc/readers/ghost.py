"""Ghost's export: the whole of it in; its posts, each with its tags and authors, out.

https://ghost.org/docs/migration/custom/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feedsvc.readers.raw import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    Row = Mapping[str, Value]
    Rows = tuple[Row, ...]
    ByEntry = Mapping[str, tuple[Value, ...]]

# Stands in texts for the site's own address.
_SITE = "__GHOST_URL__"
_JOINED = (("tags", "posts_tags", "tag_id", "tags"), ("authors", "posts_authors", "author_id", "users"))
_NOTHING = Value("", 1, 1, 1, 1)
_NUMBER = re.compile(r"-?[0-9]{1,9}")


def entries(whole: Value) -> tuple[Value, ...] | None:
    """The posts and pages of an export; None where it is none."""
    data = _data(whole)
    if not data or "posts" not in data:
        return None
    tables = {name: _rows(data, name) for name in ("posts", "posts_meta", *(n for j in _JOINED for n in (j[1], j[3])))}
    meta = {_text(row, "post_id"): row for row in tables["posts_meta"]}
    joined = {name: _by_entry(tables[between], tables[table], key) for name, between, key, table in _JOINED}
    return tuple(_entry(row, meta.get(_text(row, "id"), {}), joined) for row in tables["posts"])


def _data(whole: Value) -> Row | None:
    found = whole.value
    if isinstance(found, dict) and "db" in found:
        databases = found["db"].value
        found = databases[0].value if isinstance(databases, tuple) and databases else None
    data = found["data"].value if isinstance(found, dict) and "data" in found else None
    return data if isinstance(data, dict) else None


def _rows(data: Row, name: str) -> Rows:
    found = data[name].value if name in data else ()
    return tuple(row.value for row in found if isinstance(row.value, dict)) if isinstance(found, tuple) else ()


def _by_entry(between: Rows, rows: Rows, key: str) -> ByEntry:
    """What belongs to each post, by its id, in the order in which Ghost shows it."""
    by_id = {_text(row, "id"): row for row in rows}
    found: dict[str, list[tuple[int, Value]]] = {}
    for row in between:
        if (other := by_id.get(_text(row, key))) and not _text(other, "name").startswith("#"):  # an internal tag
            written = _text(row, "sort_order")
            order = int(written) if _NUMBER.fullmatch(written) else 0
            named = Value({"name": other["name"]}, *_place(other["name"])) if "name" in other else _NOTHING
            found.setdefault(_text(row, "post_id"), []).append((order, named))
    return {post: tuple(value for _, value in sorted(each, key=lambda pair: pair[0])) for post, each in found.items()}


def _entry(
    row: Mapping[str, Value], meta: Mapping[str, Value], joined: Mapping[str, Mapping[str, tuple[Value, ...]]]
) -> Value:
    fields = {key: _on_this_site(value) for key, value in {**meta, **row}.items()}
    first = next(iter(row.values()), _NOTHING)
    for name, by_entry in joined.items():
        fields[name] = Value(by_entry.get(_text(row, "id"), ()), *_place(first))
    return Value(fields, *_place(first))


def _on_this_site(value: Value) -> Value:
    return value._replace(value=value.value.replace(_SITE, "")) if isinstance(value.value, str) else value


def _text(row: Row, name: str) -> str:
    found = row[name].value if name in row else ""
    return found if isinstance(found, str) else ""


def _place(value: Value) -> tuple[int, int, int, int]:
    return value.line, value.column, value.key_line, value.key_column
