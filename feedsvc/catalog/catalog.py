"""The catalog: a place where state lives in; syncs write to it, snapshots read from it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec
from sqlalchemy import func, inspect, select

from feedsvc.catalog import facts, state
from feedsvc.catalog.database import Database, Stamp
from feedsvc.catalog.schema import VERSION, article, channel, fault, revision, tables
from feedsvc.catalog.snapshot import Snapshot
from feedsvc.errors import CatalogError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class News:
    """What a catalog tells whoever serves from it.

    Attributes:
        catalog: a name that no other catalog has, nor this one once it was deleted and made anew.
        revision: the latest one's number; 0 for none.
        touched: the names of the channels touched since the last news; None for all of them.
        lost: the names of those in which something that showed was taken back since.
        trouble: what keeps the sync from its work, and since when in seconds since the epoch; None where nothing does.
    """

    catalog: str
    revision: int
    touched: frozenset[str] | None
    lost: frozenset[str]
    trouble: tuple[str, float] | None


class Catalog:
    """The date-ordered articles of one site.

    Args:
        place: a file's path, an `sqlite:///PATH` URL, or `memory`.
        create: whether to make one where there is none.

    Raises:
        CatalogError: where the place is none of these, cannot be used, or has a schema this version does not know.
    """

    def __init__(self, place: str, *, create: bool = True) -> None:
        self.database = Database(place)
        if not create and not self.database.exists():
            raise CatalogError(f"{place}: there is no catalog")
        try:
            self.prepare()
        except CatalogError:
            self.database.close()
            raise

    def prepare(self) -> None:
        """Makes the tables where there are none, as after the file was deleted."""
        # Who only reads does not wait for a sync that is writing.
        found = self._version() if self.database.exists() else None
        if found is None:
            self._make_folder()
            with self.database.writing(create=True) as connection:
                found = _made(connection)
        if found != str(VERSION):
            raise CatalogError(
                f"{self.database.place}: its schema is version {found}, this feedsvc knows version {VERSION} "
                "(use the feedsvc that made it, or another --database)"
            )

    def _make_folder(self) -> None:
        # Whoever cleans up by hand takes the whole of `.feedsvc` along.
        if self.database.path is not None and self.database.path.parent.name == state.FOLDER:
            try:
                state.make(self.database.path.parent)
            except OSError as error:
                raise CatalogError(f"{self.database.path.parent}: cannot be made: {error.strerror}") from None

    def _version(self) -> str | None:
        with self.database.reading() as connection:
            return facts.get(connection, facts.SCHEMA) if inspect(connection).has_table("fact") else None

    def exists(self) -> bool:
        """Whether the database is still where it was made; always true in memory."""
        return self.database.exists()

    def stamp(self) -> Stamp:
        """A value that differs from an earlier one when anybody has committed, or the catalog was replaced.

        Raises:
            CatalogError: where there is none any more.
        """
        return self.database.stamp()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """One state of the whole, to make a document from.

        Raises:
            NotReady: until the first sync has ended.
            CatalogError: where the database cannot be read.
        """
        with self.database.reading() as connection:
            yield Snapshot(connection)

    def news(self, since: News | None) -> News:
        """What happened since the news one has.

        Raises:
            CatalogError: where the database cannot be read, or was lost and is only now being made anew.
        """
        with self.database.reading() as connection:
            made = facts.get(connection, facts.CATALOG) or ""
            number = connection.scalar(select(func.max(revision.c.number))) or 0
            latest = number if facts.is_loaded(connection) else 0
            noted = facts.get(connection, facts.TROUBLE)
            trouble = None if noted is None else msgspec.json.decode(noted, type=tuple[str, float])
            if since is None or since.catalog != made:
                if since is not None and since.revision and not latest:
                    raise CatalogError(f"{self.database.place}: the catalog was lost and is being made anew")
                return News(made, latest, None, frozenset(), trouble)
            names = connection.scalars(select(channel.c.name).where(channel.c.revision > since.revision))
            lost = connection.scalars(select(channel.c.name).where(channel.c.lost > since.revision))
            return News(made, latest, frozenset(names), frozenset(lost), trouble)

    def note_trouble(self, what: str, now: float) -> None:
        """Notes what keeps the sync from its work, for all who serve; the same again keeps its instant."""
        with self.database.writing() as connection:
            noted = facts.get(connection, facts.TROUBLE)
            if noted is None or msgspec.json.decode(noted)[0] != what:
                facts.put(connection, facts.TROUBLE, msgspec.json.encode((what, now)).decode())

    def forget_trouble(self) -> None:
        """Notes that the sync works again."""
        with self.database.reading() as connection:
            noted = facts.get(connection, facts.TROUBLE)
        if noted is not None:
            with self.database.writing() as connection:
                facts.forget(connection, facts.TROUBLE)

    def size(self) -> int:
        """How many articles there are, the scheduled ones too."""
        with self.database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(article)) or 0

    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with the records that are not published as they stand, in the order of their places."""
        with self.database.reading() as connection:
            return tuple(sorted(Fault(**row._asdict()) for row in connection.execute(select(fault))))

    def close(self) -> None:
        """Lets go of the database."""
        self.database.close()


def _made(connection: Connection) -> str | None:
    """The version of the schema, which is made where there is none."""
    if not inspect(connection).has_table("fact"):  # pragma: no branch - another process may have been quicker
        tables.create_all(connection)
        facts.put(connection, facts.SCHEMA, str(VERSION))
        facts.put(connection, facts.CATALOG, uuid4().hex)
    return facts.get(connection, facts.SCHEMA)
