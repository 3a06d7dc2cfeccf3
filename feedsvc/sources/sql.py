"""A database that is only read: a URL in; transactions that see one state of it out, and what is wrong, in words.

SQLAlchemy takes 0.2 s to import: only what opens a table imports this module.
"""

from __future__ import annotations

import os
import sqlite3
import time
import weakref
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool, QueuePool

from feedsvc.config.secrets import hidden
from feedsvc.errors import SourceError
from feedsvc.sources.youth import SETTLED_AFTER

if TYPE_CHECKING:
    from collections.abc import Iterator

# In seconds: a statement of a CMS's database that takes longer is a mistake, or harms the CMS.
LONGEST_STATEMENT = 60
_LONGEST_CONNECT = 10
_LONGEST_LOCK = 5

# Dates are taken as text: Python knows none before the year 1 or after 9999, nor infinity, and a single one of these
# would keep all rows from being read.
_AS_TEXT = ("date", "timestamp", "timestamptz", "time", "timetz", "interval")

_CANCELLED = "57014"
_DENIED = "42501"
_SHUT_DOWN = "57P"
_UNREACHED = "see that the database runs and lets feedsvc in, or correct `source` in feedsvc.toml"


class Database:
    """A database that belongs to another program.

    Args:
        url: `sqlite:///PATH`, or `postgresql://…` as libpq takes it.
        folder: what a relative path is below.

    Raises:
        SourceError: where the URL is none of these, or what is needed for it is not installed.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self.shown = hidden(url)
        self._url = self._parsed(url)
        self._path = _path(self._url, folder) if self._url.drivername == "sqlite" else None
        self._engine = self._postgresql() if self._path is None else _sqlite(self._path)
        # Its connections end with it: nobody is told when a source is no longer wanted.
        weakref.finalize(self, self._engine.dispose)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, and sees one state of the whole.

        Raises:
            SourceError: where the database cannot be reached, or refuses a statement.
        """
        if self._path is not None and not self._path.is_file():
            raise SourceError(f"{self.shown}: there is no file {self._path} (correct `source` in feedsvc.toml)")
        with self._told(), self._engine.connect() as connection, connection.begin():
            yield connection

    def stamp(self) -> tuple[Any, ...] | None:
        """What differs when anybody has written to the files; None where they are none, or may be written to unseen."""
        if self._path is None:
            return None
        found: list[tuple[int, int, int]] = []
        for path in (self._path, Path(f"{self._path}-wal")):
            try:
                status = path.stat()
            except OSError:
                continue
            if abs(time.time() - status.st_mtime) < SETTLED_AFTER:
                return None
            found.append((status.st_mtime_ns, status.st_size, status.st_ino))
        return tuple(found) or None

    def _parsed(self, url: str) -> URL:
        try:
            parsed = make_url(url)
        except (ArgumentError, ValueError):
            raise SourceError(f"{self.shown}: is not the URL of a database (write sqlite:///PATH)") from None
        scheme = parsed.drivername.partition("+")[0]
        return parsed.set(drivername="sqlite" if scheme == "sqlite" else "postgresql+psycopg")

    def _postgresql(self) -> Engine:
        options: dict[str, Any] = {
            "connect_timeout": _LONGEST_CONNECT,
            "client_encoding": "utf8",
            "prepare_threshold": None,  # poolers that hand out another connection for each transaction know none
            "application_name": "feedsvc",
        }
        try:
            engine = create_engine(
                self._url, connect_args=options, poolclass=QueuePool, pool_size=1, max_overflow=0, pool_pre_ping=True
            )
        except ImportError:
            cure = "pip install 'feedsvc[postgresql]'"
            raise SourceError(f"{self.shown}: the driver for PostgreSQL is not installed ({cure})") from None
        event.listen(engine, "connect", _read_dates_as_text)
        event.listen(engine, "begin", _begin_postgresql)
        return engine

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise SourceError(f"{self.shown}: {self._words(error)} ({_cure(error)})") from None

    def _words(self, error: DBAPIError) -> str:
        """The database's own words on one line, without the password."""
        found = getattr(error.orig, "diag", None)
        said = [found.message_primary, found.message_hint] if found and found.message_primary else [str(error.orig)]
        words = ". ".join(" ".join(part.split()).rstrip(".") for part in said if part)
        password = str(self._url.password or "")
        return hidden(words.replace(password, "***") if password else words)


def _path(url: URL, folder: Path) -> Path:
    if not url.database:
        raise SourceError(f"{url}: names no file (write sqlite:///PATH, from the content folder, or sqlite:////PATH)")
    return Path(os.path.abspath(folder / url.database))  # noqa: PTH100 - resolve() would follow links


def _sqlite(path: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        uri = f"{path.as_uri()}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, timeout=_LONGEST_LOCK, check_same_thread=False)
        connection.isolation_level = None  # the driver must not begin or commit on its own
        # Bytes that are not UTF-8 would keep all rows from being read: they come as surrogates, which the checks find.
        connection.text_factory = lambda text: text.decode(errors="surrogateescape")
        return connection

    # A connection that were kept would go on in a file that was replaced meanwhile.
    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _read_dates_as_text(connection: Any, _record: object) -> None:
    from psycopg.types.string import TextLoader  # noqa: PLC0415 - only who has the driver comes here

    for name in _AS_TEXT:
        connection.adapters.register_loader(name, TextLoader)


def _begin_postgresql(connection: Connection) -> None:
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    settings = {"statement_timeout": f"{LONGEST_STATEMENT}s", "timezone": "UTC", "datestyle": "ISO, YMD"}
    for name, value in settings.items():
        connection.exec_driver_sql(f"SET LOCAL {name} = '{value}'")


def _cure(error: DBAPIError) -> str:
    state = getattr(error.orig, "sqlstate", None) or ""
    if state == _CANCELLED:
        return f"make the query answer within {LONGEST_STATEMENT} seconds, with an index or fewer rows"
    if state == _DENIED:
        return "let the user of `source` SELECT what the query names"
    is_unreached = error.statement is None or error.connection_invalidated or state.startswith(_SHUT_DOWN)
    return _UNREACHED if is_unreached else "correct `query` in feedsvc.toml"
