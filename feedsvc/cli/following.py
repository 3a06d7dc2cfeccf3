"""A folder that is followed: its path in; a source of records, and a catalog in step with it, out."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from feedsvc.cli import site, words
from feedsvc.errors import FeedsvcError
from feedsvc.indexing import Indexer
from feedsvc.notice import Notice
from feedsvc.purging import Purger, addresses
from feedsvc.readers import READERS
from feedsvc.sources import Joined, open_source
from feedsvc.text.media_types import MEDIA_TYPES
from feedsvc.watch import watch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path
    from threading import Event

    from feedsvc.catalog import Catalog
    from feedsvc.catalog.syncing import Outcome
    from feedsvc.config import Site, Table
    from feedsvc.model import Record
    from feedsvc.sources import Mark, Source, Weight

# For so many seconds caches are waited for at the end.
PATIENCE = 3.0


class Configured:
    """The folder's articles and media, and the rows of the table that its settings name when it is scanned.

    Args:
        settings: of the table as they stand now; raises SettingsError.
    """

    def __init__(self, folder: Path, settings: Callable[[], Table]) -> None:
        self._folder = folder
        self._settings = settings
        self._table: Table | None = None
        self._source = self._files = open_source(str(folder), suffixes=frozenset({*READERS, *MEDIA_TYPES}))

    @property
    def root(self) -> Path | None:
        """The folder."""
        return self._files.root

    @property
    def polled(self) -> float | None:
        """As the source that was last scanned asks for."""
        return self._source.polled

    def scan(self, places: Collection[str] | None = None) -> Iterator[tuple[str, Mark]]:
        """The marks of all that the settings name, or of what is at some places.

        Raises:
            SettingsError: where they are at fault.
            SourceError: where a part cannot be listed.
        """
        return self._latest().scan(places)

    def digest(self) -> str | None:
        """As the source that the settings name gives it.

        Raises:
            SettingsError: where they are at fault.
            SourceError: where a part cannot be listed.
        """
        return self._latest().digest()

    def is_replaced(self, address: str, before: str, now: Mark) -> bool:
        """As the source that was last scanned says."""
        return self._source.is_replaced(address, before, now)

    def trace(self, value: str) -> str:
        """As the source that was last scanned says."""
        return self._source.trace(value)

    def read(self, address: str, mark: Mark | None = None) -> Record | None:
        """As the source that was last scanned gives it."""
        return self._source.read(address, mark)

    def top(self, address: str, length: int) -> bytes:
        """As the source that was last scanned gives it."""
        return self._source.top(address, length)

    def weigh(self, address: str, mark: Mark | None = None) -> Weight | None:
        """As the source that was last scanned gives it."""
        return self._source.weigh(address, mark)

    def _latest(self) -> Source:
        """The source that the settings name now."""
        table = self._settings()
        if table != self._table:
            rows = open_source(table.source, table=table, folder=self._folder) if table.source else None
            self._source = Joined(self._files, rows) if rows else self._files
            self._table = table
        return self._source


def source(folder: Path) -> Source:
    """What is to be published: the folder's articles and media, and the rows of a table where its settings name one."""
    latest = site.Latest(folder, {})
    return Configured(folder, lambda: latest().table)


@contextmanager
def purging(folder: Path, patience: float) -> Iterator[Callable[[Outcome], None]]:
    """What is to be told of each sync, so that caches let go of what it took back.

    Args:
        patience: at the end, for so many seconds it is waited for them.
    """
    purger = Purger(lambda: site.load(folder, {}).server, words.say)

    def note(outcome: Outcome) -> None:
        if outcome.undone is not None:
            purger.purge(addresses(outcome.undone))

    try:
        yield note
    finally:
        purger.close(patience)


@contextmanager
def indexing(catalog: Catalog) -> Iterator[Indexer]:
    """Who is to be told that something was synced, so that it can be found by its words."""
    indexer = Indexer(catalog)
    indexer.note()  # an earlier one may have been cut off
    try:
        yield indexer
    finally:
        indexer.close()


def follow(  # noqa: PLR0913 - what a loop needs that is called with all of it
    catalog: Catalog, folder: Path, settings: Callable[[], Site], stop: Event, *, poll: bool, notice: str = ""
) -> None:
    """Syncs every change of the folder, and says so on standard error, until `stop` is set.

    Args:
        notice: the path of the one by which whoever serves is told what the catalog cannot be told.
    """
    told = Notice(notice)

    def untold(what: str) -> None:
        told.tell(what, catalog.now())

    untold("")  # an earlier sync may have been killed

    with purging(folder, PATIENCE) as note, indexing(catalog) as indexer:

        def report(news: Outcome | FeedsvcError) -> None:
            words.report(news, folder)
            if not isinstance(news, FeedsvcError):
                note(news)
                indexer.note(is_filled=news.is_indexed)

        watch(
            catalog,
            source(folder),
            settings=settings,
            report=report,
            stop=stop,
            untold=untold,
            beside=indexer.aside,
            poll=poll,
        )
