"""A database URL in; transactions that are what they seem, and a stamp that moves with every commit, out.

One file a dialect; `open_database` chooses by the URL's scheme.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from feedsvc.catalog.database.database import MEMORY, Database, Stamp
from feedsvc.catalog.database.sqlite import Sqlite
from feedsvc.config.secrets import hidden
from feedsvc.errors import CatalogError

if TYPE_CHECKING:
    from sqlalchemy import URL

__all__ = ["MEMORY", "Database", "Sqlite", "Stamp", "open_database"]

_SQLITE = {"sqlite", "sqlite+pysqlite"}
_POSTGRESQL = {"postgresql", "postgresql+psycopg", "postgres"}


def open_database(place: str) -> Database:
    """The database at a place; nothing is connected to yet.

    Args:
        place: a file's path, an `sqlite:///PATH` or `postgresql://…` URL, or `memory`.

    Raises:
        CatalogError: where the place is none of these, or what connects to it is not installed.
    """
    if place == MEMORY:
        return Sqlite(MEMORY, None)
    if "://" not in place:
        return Sqlite(place, Path(place))
    url = _url(place)
    if url is not None and url.drivername in _POSTGRESQL:
        from feedsvc.catalog.database.postgresql import Postgresql  # noqa: PLC0415 - most sites have no use for it

        return Postgresql(place, url)
    if url is None or url.drivername not in _SQLITE:
        known = "write a file's path, sqlite:///PATH or postgresql://USER@HOST/NAME"
        raise CatalogError(f"{hidden(place)}: not a database that feedsvc knows ({known})")
    if url.database in {None, "", ":memory:"}:
        return Sqlite(MEMORY, None)
    return Sqlite(place, Path(str(url.database)))


def _url(place: str) -> URL | None:
    try:
        return make_url(place)
    except (ArgumentError, ValueError):
        return None
