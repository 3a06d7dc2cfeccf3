"""What is set of a database with articles: values of TOML in; a URL, a query, or a ValueError `problem|cure`, out.

A URL may hold a password, so nothing here shows one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from feedsvc.config import checks
from feedsvc.config.secrets import hidden, may_hold_a_header

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from feedsvc.errors import Fault

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://.+")
_URL_CURE = 'write one such as "sqlite:///cms.db" or "postgresql://reader@db.example/cms"'

_LINE = re.compile(r"\s*[\"']?source\b", re.IGNORECASE)


def url(value: Any) -> str:
    """The URL of a database; or nothing."""
    if not isinstance(value, str) or not value.isprintable() or (value.strip() and not _URL.fullmatch(value.strip())):
        raise ValueError(f"is not the URL of a database|{_URL_CURE}")
    found = value.strip()
    if found.lower().startswith("file:"):
        raise ValueError(f"names a folder, and no database|name the folder as CONTENT, or {_URL_CURE}")
    if found.partition("?")[0].count("@") > 1:
        raise ValueError("has an @ in its password|write it as %40")
    return found


def query(value: Any) -> str:
    """SQL, on as many lines as it takes, without the semicolon at its end; or nothing."""
    cure = 'write one such as "SELECT id, title, date, content FROM articles"'
    if not isinstance(value, str):
        raise ValueError(f"{checks.shown(value)} is not text|{cure}")  # noqa: TRY004 - the value is at fault
    if not re.sub(r"[\t\n\r]", " ", value).isprintable():
        raise ValueError("holds a character that cannot be printed|leave it out")
    return value.strip().rstrip(";").rstrip()


def incomplete(values: Mapping[str, Any], places: Mapping[str, Fault]) -> Iterator[Fault]:
    """What is set of a database without what it needs.

    Args:
        values: by the setting's name.
        places: by the setting's name, a fault that holds its place.
    """
    if values.get("source") and not values.get("query"):
        cure = 'write query = "SELECT id, title, date, content FROM articles"'
        yield replace(places["source"], problem="source: a database needs a query", cure=cure)
    if values.get("query") and not values.get("source"):
        cure = "write source, or set FEEDSVC_SOURCE: without it, all that the query gives would be taken back"
        yield replace(places["query"], problem="query: there is no source to ask it of", cure=cure)


def told(fault: Fault) -> Fault:
    """A fault that tells of no password; a line that may hold half a URL, or a header, is not shown at all."""
    is_half = (_LINE.match(fault.text) and re.search("://|@", fault.text)) or may_hold_a_header(fault.text)
    text = "" if is_half else hidden(fault.text)
    return replace(fault, problem=hidden(fault.problem), cure=hidden(fault.cure), text=text)
