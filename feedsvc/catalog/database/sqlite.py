"""A catalog in a file, or in memory: a path in; SQLite's transactions and the stamp of its commits out."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.pool import QueuePool, StaticPool

from feedsvc.catalog.database.database import PATIENCE, Database, translated
from feedsvc.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from feedsvc.catalog.database.database import Stamp

# How long a reader waits, in seconds, where a file is being put in order after a process died.
BUSY_TIMEOUT = 30

# Most texts fit into a page of 16 KiB, of those of 4 into several; only a file that is new gets its pages so.
_PRAGMAS = (
    "page_size = 16384",
    "journal_mode = WAL",
    "journal_size_limit = 16777216",
    "synchronous = NORMAL",
    "foreign_keys = ON",
)

# One for who reads and one for who writes; more are made while they are needed.
_KEPT = {"pool_size": 2, "max_overflow": -1}


class Sqlite(Database):
    """SQLite behind SQLAlchemy.

    Args:
        path: None for one in memory.
    """

    def __init__(self, place: str, path: Path | None) -> None:
        super().__init__(place, path)
        options: dict[str, Any] = {"connect_args": {"check_same_thread": False, "timeout": BUSY_TIMEOUT}}
        # In memory one connection is the whole database: whoever has it has it alone. Those to a file are kept, with
        # the statements that are prepared in them, for as long as it is the same file (`_look`).
        options |= {"poolclass": StaticPool} if self.path is None else {"poolclass": QueuePool, **_KEPT}
        url = URL.create("sqlite", database=":memory:" if self.path is None else str(self.path))
        self._engine = create_engine(url, **options)
        self._alone = threading.RLock() if self.path is None else nullcontext()
        self._commits = 0
        self._openings = 0
        # One thread must not close a connection that another one reads with: SQLite would end the process.
        self._watching = threading.RLock()
        self._watcher: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        # None at "begin": SQLAlchemy would look for listeners at each statement.
        event.listen(self._engine, "connect", _prepare)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """As every database; CatalogError also where there is no file any more."""
        with self._watching:
            self._look()
        with self._alone, self._translated(), self._engine.connect() as connection, connection.begin():
            _begin(connection, "BEGIN", BUSY_TIMEOUT)
            yield connection

    @contextmanager
    def writing(self, *, create: bool = False) -> Iterator[Connection]:
        """As every database; CatalogError also where there is no file any more."""
        if create and not self.exists():
            self.close()  # what is still connected is connected to a deleted file
        else:
            with self._watching:
                self._look()
        with self._alone, self._translated(), self._engine.connect() as connection:
            with connection.begin():
                _begin(connection, "BEGIN IMMEDIATE", PATIENCE)
                yield connection
            self._commits += 1

    def stamp(self) -> Stamp:
        """Which file the database is, by device and inode, and a number that moves with every commit to it.

        Another file may have the inode of one that is gone, and as many commits: so the openings are counted too.
        """
        with self._watching:
            file = self._look()
            if self.path is None:
                return (*file, 0, self._commits)
            with self._translated():
                version = self._data_version()
                return (*file, self._openings, version)

    def exists(self) -> bool:
        """Whether the database has a place of its own that is still there; always true in memory."""
        return self.path is None or self.path.exists()

    def now(self) -> float:
        """The clock of this machine, on which all are who share the file."""
        return time.time()

    def backup(self, suffix: str) -> None:
        """As every database; one that is there under the name is replaced, once the copy is whole."""
        if self.path is None:
            return
        copy = self.path.with_name(f"{self.path.name}.{suffix}")
        unfinished = copy.with_name(f"{copy.name}.part")
        try:
            unfinished.unlink(missing_ok=True)
            with self._translated(), closing(sqlite3.connect(f"{_uri(self.path)}?mode=ro", uri=True)) as source:
                source.execute("VACUUM INTO ?", (str(unfinished),))
            unfinished.replace(copy)
        except OSError as error:
            raise CatalogError(f"{copy}: the catalog's copy cannot be written: {error.strerror}") from None

    def close(self) -> None:
        """Lets go of every connection."""
        with self._watching:
            self._close()

    def _translated(self) -> AbstractContextManager[None]:
        return translated(self.name, sqlite3.Error, _is_busy)

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


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not begin or commit on its own: a snapshot would end with its first statement.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection, how: str, patience: int) -> None:
    driver: Any = connection.connection.driver_connection
    if connection.info.get("patience") != patience:  # of one that is kept it is what it was
        driver.execute(f"PRAGMA busy_timeout = {patience * 1000}")
        connection.info["patience"] = patience
    driver.execute(how)


def _is_busy(error: BaseException) -> bool:
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
