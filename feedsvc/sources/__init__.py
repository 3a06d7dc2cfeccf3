"""Where records come from: a URL or a path in, a `Source` out.

A source is one file in this room and one line in `SCHEMES`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from feedsvc.config.secrets import hidden
from feedsvc.errors import SourceError
from feedsvc.sources import folder as folders
from feedsvc.sources import table as tables
from feedsvc.sources.joined import Joined
from feedsvc.sources.rows import is_row
from feedsvc.sources.source import Mark, Source, Wanted, Weight, digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from feedsvc.config import Table

__all__ = ["SCHEMES", "Joined", "Mark", "Source", "Weight", "digest", "is_row", "open_source"]

SCHEMES: Mapping[str, Callable[[str, Wanted], Source]] = {
    "": folders.from_path,
    "file": folders.from_url,
    **dict.fromkeys(("sqlite", "postgresql", "postgres"), tables.from_url),
}


def open_source(
    url: str, *, suffixes: frozenset[str] = frozenset(), table: Table | None = None, folder: Path = Path()
) -> Source:
    """The source at a URL; what has no scheme is the path of a folder. Nothing is read yet.

    Args:
        url: a path, or a URL whose scheme is in `SCHEMES`.
        suffixes: the endings of the addresses that hold records, lower case, with their dot; where it is a folder.
        table: the settings; where it is a database.
        folder: the content folder; where it is a database.

    Raises:
        SourceError: where no source is registered for the scheme, or its own refuses the URL.
    """
    scheme = _scheme(url)
    if scheme not in SCHEMES:
        known = ", ".join(f"{name}:" for name in SCHEMES if name)
        raise SourceError(
            f"{hidden(url)}: no records can be read from {scheme}: (write the path of a folder, or one of: {known})"
        )
    return SCHEMES[scheme](url, Wanted(suffixes, table, folder))


def _scheme(url: str) -> str:
    # A folder's name may hold a colon, so only `://` and `file:` make a URL.
    before, mark, _ = url.partition("://")
    if mark:
        return before.lower().partition("+")[0]  # behind it, SQLAlchemy has the name of a driver
    return "file" if url.lower().startswith("file:") else ""
