"""A database URL in; transactions that are what they seem, and a stamp that moves with every commit, out."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool, StaticPool

from feedsvc.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY = "memory"

# How long a writer waits for another one, in seconds.
BUSY_TIMEOUT = 30


class Stamp(NamedTuple):
    """Which file the database is, by device and inode, and a number that moves with every commit to it.

    Another file may have the inode of one that is gone, and as many commits: so the openings are counted too.
    """

    file: tuple[int, int]
    openings: int
    version: int


class Database:
    """SQLite behind SQLAlchemy: many readers, each with one snapshot, beside one writer.

    Args:
        place: a file's path, an `sqlite:///PATH` URL, or `memory`.

    Raises:
        CatalogError: where the place is none of these.
    """

    def __init__(self, place: str) -> None:
        self.path = _path(place)
        self.place = MEMORY if self.path is None else place
        options: dict[str, Any] = {"connect_args": {"check_same_thread": False, "timeout": BUSY_TIMEOUT}}
        # In memory one connection is the whole database: whoever has it has it alone. One to a file is closed after its
        # transaction, for it would go on in a file that was deleted meanwhile.
        options["poolclass"] = StaticPool if self.path is None else NullPool
        url = URL.create("sqlite", database=":memory:" if self.path is None else str(self.path))
        self._engine = create_engine(url, **options)
        self._alone = threading.RLock() if self.path is None else nullcontext()
        self._commits = 0
        self._openings = 0
        # One thread must not close a connection that another one reads with: SQLite would end the process.
        self._watching = threading.RLock()
        self._watcher: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the whole, whatever others commit meanwhile.

        Raises:
            CatalogError: where there is no database any more, or it cannot be read.
        """
        with self._watching:
            self._look()
        with self._alone, _translated(self.place), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, *, create: bool = False) -> Iterator[Connection]:
        """A transaction that is alone in writing, from its begin on; committed whole, or not at all.

        Args:
            create: whether to make the database where there is none.

        Raises:
            CatalogError: where there is none, or it cannot be written.
        """
        if create and not self.exists():
            self.close()  # what is still connected is connected to a deleted file
        else:
            with self._watching:
                self._look()
        with self._alone, _translated(self.place), self._engine.connect() as connection:
            with connection.execution_options(writing=True).begin():
                yield connection
            self._commits += 1

    def stamp(self) -> Stamp:
        """A value that differs from an earlier one when anybody has committed, or another file stands at the path.

        Raises:
            CatalogError: where there is no file any more.
        """
        with self._watching:
            file = self._look()
            if self.path is None:
                return Stamp(file, 0, self._commits)
            with _translated(self.place):
                version = self._data_version()
                return Stamp(file, self._openings, version)

    def exists(self) -> bool:
        """Whether the database has a place of its own that is still there; always true in memory."""
        return self.path is None or self.path.exists()

    def close(self) -> None:
        """Lets go of every connection."""
        with self._watching:
            self._close()

    def _close(self) -> None:
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None
        self._engine.dispose()
        self._file = None

    def _look(self) -> tuple[int, int]:
        """Which file stands at the path. Connections to one that stood there before would go on in what is deleted."""
        if self.path is None:
            return (0, 0)
        try:
            status = self.path.stat()
        except OSError as error:
            self._close()
            raise CatalogError(f"{self.path}: the catalog's file cannot be reached: {error.strerror}") from None
        file = (status.st_dev, status.st_ino)
        if file != self._file:
            self._close()
            self._file = file
        return file

    def _data_version(self) -> int:
        if self._watcher is None:
            # Its own connection, never pooled: data_version counts the commits of others, as one connection sees them.
            self._openings += 1
            self._watcher = sqlite3.connect(f"{_uri(self.path)}?mode=ro", uri=True, check_same_thread=False)
        with closing(self._watcher.execute("PRAGMA data_version")) as cursor:
            return int(cursor.fetchone()[0])


def _uri(path: Path | None) -> str:
    return Path(os.path.abspath(path or "")).as_uri()  # noqa: PTH100 - resolve() would follow links


def _path(place: str) -> Path | None:
    if place == MEMORY:
        return None
    if "://" not in place:
        return Path(place)
    try:
        url = make_url(place)
    except ArgumentError:
        url = None
    if url is None or url.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise CatalogError(f"{place}: not a database that feedsvc knows (write a file's path or sqlite:///PATH)")
    if url.database in {None, "", ":memory:"}:
        return None
    return Path(str(url.database))


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not begin or commit on its own: a snapshot would end with its first statement.
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "journal_size_limit = 16777216", "synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def _translated(place: str) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        cause = getattr(error, "orig", None) or error
        raise CatalogError(f"{place}: the catalog cannot be used: {cause}") from error
