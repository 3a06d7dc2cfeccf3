"""A catalog that several machines share: a URL in; PostgreSQL's transactions, stamp and clock out."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from sqlalchemy import Double, cast, create_engine, extract, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from feedsvc.catalog import facts
from feedsvc.catalog.database.clock import SharedClock
from feedsvc.catalog.database.database import PATIENCE, Database, translated
from feedsvc.catalog.schema import fact, prepare_for_postgresql, revision
from feedsvc.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import URL, Connection

    from feedsvc.catalog.database.database import Stamp

# Whoever writes holds this lock of the database to the end of the transaction: the eight bytes `feedsvc` and one more.
LOCK = int.from_bytes(b"feedsvc\0", "big")
# On this each commit is told to those who serve.
CHANNEL = "feedsvc"

# A notification can be lost (by a pooler between, by a connection that was cut): so often the latest revision is read
# without one, in seconds.
LOOK_EVERY = 0.75

# So that a server that is away is noticed in seconds, and not when the system gives it up after a quarter of an hour.
# What the URL says wins.
_CONNECTING = {
    "application_name": "feedsvc",
    "client_encoding": "utf8",
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_LOCK_NOT_AVAILABLE = "55P03"

# Of the moment itself: `now()` would be the begin of the transaction, before a writer waited for its turn.
_CLOCK = select(cast(extract("epoch", func.clock_timestamp()), Double))
_STATE = (facts.CATALOG, facts.SCHEMA, facts.TROUBLE, facts.TOKENS)
_LOOK = select(
    _CLOCK.scalar_subquery(),
    select(func.max(revision.c.number)).scalar_subquery(),
    *(select(fact.c.value).where(fact.c.name == name).scalar_subquery() for name in _STATE),
)


class Postgresql(Database):
    """PostgreSQL behind SQLAlchemy and psycopg 3.

    Raises:
        CatalogError: where psycopg is not installed.
    """

    def __init__(self, place: str, url: URL) -> None:
        super().__init__(place, None)
        if find_spec("psycopg") is None:
            raise CatalogError(f"{self.name}: psycopg is not installed (pip install 'feedsvc[postgresql]')")
        prepare_for_postgresql()
        options = {name: value for name, value in _CONNECTING.items() if name not in url.query}
        self._engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args=options,
            pool_size=2,
            pool_pre_ping=True,  # one that was cut meanwhile is made anew, and nobody notices
        )
        self._clock = SharedClock()
        self._watching = threading.Lock()
        self._watcher: Connection | None = None
        self._seen: Stamp | None = None
        self._looked = 0.0

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """As every database."""
        with self._begun(isolation_level="REPEATABLE READ", postgresql_readonly=True) as connection:
            # The first statement makes the snapshot; so the clock is not before any revision that is seen.
            self._read_clock(connection)
            yield connection

    @contextmanager
    def writing(self, *, create: bool = False) -> Iterator[Connection]:
        """As every database; `create` makes none, which is its administrator's work."""
        del create
        # Each statement sees what is committed when it begins: also what came while this one waited for its turn.
        with self._begun(isolation_level="READ COMMITTED", postgresql_readonly=False) as connection:
            connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}s'"))
            connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
            connection.execute(text("SET LOCAL lock_timeout TO DEFAULT"))
            self._read_clock(connection)
            yield connection
            connection.execute(select(func.pg_notify(CHANNEL, "")))
        self._seen = None  # what this process did it sees at once, whenever it is told

    def stamp(self) -> Stamp:
        """Which catalog it is, its latest revision, and what is noted for those who serve.

        Read when a commit was told, and every `LOOK_EVERY` seconds all the same.
        """
        with self._watching:
            # One connection that was cut is no trouble yet: the server may be there for another.
            is_last = self._watcher is None
            while True:
                try:
                    with self._translated():
                        return self._look()
                except CatalogError:
                    self._stop_watching()
                    if is_last:
                        raise
                    is_last = True

    def exists(self) -> bool:
        """Whether it can be reached, and holds a catalog."""
        try:
            self.stamp()
        except CatalogError:
            return False
        return True

    def now(self) -> float:
        """The server's clock, as it was last read."""
        return self._clock.now()

    def backup(self, suffix: str) -> None:
        """Makes none: what is done in a transaction is undone by the server, and copies are made with pg_dump."""

    def close(self) -> None:
        """Lets go of every connection."""
        with self._watching:
            self._stop_watching()
        self._engine.dispose()

    @contextmanager
    def _begun(self, **options: Any) -> Iterator[Connection]:
        with self._translated(), self._engine.connect() as connection, connection.execution_options(**options).begin():
            yield connection

    def _translated(self) -> AbstractContextManager[None]:
        import psycopg  # noqa: PLC0415 - it may not be installed

        return translated(self.name, psycopg.Error, _is_busy)

    def _read_clock(self, connection: Connection) -> None:
        self._clock.read(connection.execute(_CLOCK).scalar_one())

    def _look(self) -> Stamp:
        if self._watcher is None:
            self._watcher = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._watcher.execute(text(f"LISTEN {CHANNEL}"))
            self._seen = None
        is_told = _is_told(self._watcher)
        if self._seen is None or is_told or time.monotonic() - self._looked >= LOOK_EVERY:
            self._looked = time.monotonic()
            now, *state = self._watcher.execute(_LOOK).one()
            self._clock.read(now)
            self._seen = tuple(state)
        return self._seen

    def _stop_watching(self) -> None:
        watcher, self._watcher, self._seen = self._watcher, None, None
        if watcher is not None:
            try:
                watcher.invalidate()  # not to be given to anybody else: it listens
                watcher.close()
            except SQLAlchemyError:  # pragma: no cover - it is gone already
                return


def _is_told(watcher: Connection) -> bool:
    """Whether a commit was told since this was last asked; does not wait."""
    driver: Any = watcher.connection.driver_connection
    driver.pgconn.consume_input()
    is_told = False
    while driver.pgconn.notifies() is not None:
        is_told = True
    return is_told


def _is_busy(error: BaseException) -> bool:
    return getattr(error, "sqlstate", None) == _LOCK_NOT_AVAILABLE
