"""The catalog: a place where state lives in; syncs write to it, snapshots read from it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import func, select

from feedsvc.catalog import facts, migrations, presence, state
from feedsvc.catalog.database import Stamp, open_database
from feedsvc.catalog.news import News, news
from feedsvc.catalog.schema import VERSION, article, fault
from feedsvc.catalog.snapshot import Snapshot
from feedsvc.catalog.tokens import Keyring, keyring
from feedsvc.errors import CatalogError, Fault, NotReady

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedsvc.catalog.presence import Names
    from feedsvc.config import Site


class Catalog:
    """The date-ordered articles of one site.

    Args:
        place: a file's path, an `sqlite:///PATH` or `postgresql://…` URL, or `memory`.
        create: whether to make one where there is none, and to bring an older one to the present version.

    Raises:
        CatalogError: where the place is none of these, cannot be used, or has a schema this version does not know.
    """

    def __init__(self, place: str, *, create: bool = True) -> None:
        self.database = open_database(place)
        try:
            if create:
                self.prepare()
            else:
                self._check()
        except CatalogError:
            self.database.close()
            raise

    @classmethod
    def unchecked(cls, place: str) -> Catalog:
        """One that another process has looked at already; it may be away just now."""
        made = cls.__new__(cls)
        made.database = open_database(place)
        return made

    def prepare(self) -> None:
        """Makes the tables where there are none, as after the file was deleted; brings older ones up to date."""
        # Who only reads does not wait for a sync that is writing.
        if self.database.exists() and self._version() == VERSION:
            return
        self._make_folder()
        with self.database.writing(create=True) as connection:
            migrations.migrate(connection, self.database)

    def _check(self) -> None:
        is_missing = self.database.path is not None and not self.database.exists()
        found = None if is_missing else self._version()
        if found is None:
            raise CatalogError(f"{self.database.name}: there is no catalog (feedsvc sync CONTENT makes one)")
        migrations.check(found, self.database.name)

    def _make_folder(self) -> None:
        # Whoever cleans up by hand takes the whole of `.feedsvc` along.
        if self.database.path is not None and self.database.path.parent.name == state.FOLDER:
            try:
                state.make(self.database.path.parent)
            except OSError as error:
                raise CatalogError(f"{self.database.path.parent}: cannot be made: {error.strerror}") from None

    def _version(self) -> int | None:
        with self.database.reading() as connection:
            return migrations.version(connection)

    def exists(self) -> bool:
        """Whether the database is still where it was made; always true in memory."""
        return self.database.exists()

    def stamp(self) -> Stamp:
        """A value that differs from an earlier one when anybody has committed, or the catalog was replaced.

        Raises:
            CatalogError: where there is none any more.
        """
        return self.database.stamp()

    def now(self) -> float:
        """Seconds since the epoch, by the clock of all who share the catalog."""
        return self.database.now()

    @contextmanager
    def snapshot(self, *, at_first: bool = False) -> Iterator[Snapshot]:
        """One state of the whole, to make a document from.

        Args:
            at_first: whether the newest articles are enough, while all others are still being read.

        Raises:
            NotReady: until the first sync has ended.
            CatalogError: where the database cannot be read.
        """
        with self.database.reading() as connection:
            snapshot = Snapshot(connection)
            if not (snapshot.is_whole or at_first):
                raise NotReady
            yield snapshot

    def holds(self, names: Names, now: int) -> bool:
        """Whether anything that was shown by `now` has one of some names.

        Raises:
            CatalogError: where the database cannot be read, or its schema is of another version.
        """
        with self.database.reading() as connection:
            migrations.check(int(facts.get(connection, facts.SCHEMA) or 0), self.database.name)
            return presence.is_any(connection, names, now)

    def news(self, since: News | None) -> News:
        """What happened since the news one has.

        Raises:
            CatalogError: where the database cannot be read, or was lost and is only now being made anew.
        """
        with self.database.reading() as connection:
            return news(connection, facts.known(connection), since, name=self.database.name)

    def keyring(self, known: Keyring) -> Keyring:
        """The tokens that there are now.

        Args:
            known: those that one has; given back where no others were given or revoked since.

        Raises:
            CatalogError: where the database cannot be read.
        """
        with self.database.reading() as connection:
            return keyring(connection, facts.known(connection), known)

    def look(self, since: News | None, known: Keyring) -> tuple[News, Keyring, tuple[Site, bool] | None]:
        """What `news` and `keyring` tell, and the settings and whether there are aliases, all of one state.

        Raises:
            CatalogError: as these do.
        """
        with self.database.reading() as connection:
            said = facts.known(connection)
            found = news(connection, said, since, name=self.database.name)
            snapshot = Snapshot(connection, said) if found.revision else None
            state = None if snapshot is None else (snapshot.site, snapshot.has_aliases())
            return found, keyring(connection, said, known), state

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
