"""A site under test: a content folder, a catalog beside it, and a clock that stands until it is told to go."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from feedsvc import feeds
from feedsvc.articles import check
from feedsvc.catalog import Catalog
from feedsvc.catalog.syncing import Absent, Outcome, Terms, sync, sync_at
from feedsvc.config import Site, complete
from feedsvc.errors import RecordError
from feedsvc.formats import FORMATS
from feedsvc.readers import READERS
from feedsvc.sources import open_source
from feedsvc.text.media_types import MEDIA_TYPES

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from feedsvc.catalog.syncing.indexing import Words
    from feedsvc.model import Article, Feed, Record

NOON = int(datetime(2026, 1, 10, 12, 0, 0, tzinfo=UTC).timestamp())
SITE = complete(
    Site(title="The Lantern", base_url="https://lantern.example/", id_authority="lantern.example"),
    folder_name="lantern",
    address="",
)


def article(record: Record, *, site: Site) -> Article | None:
    """The article of a record that holds one; None where it holds none.

    Raises:
        RecordError: with every error in it.
    """
    (checked,) = check(record, site=site)
    if checked.article is None and checked.faults:
        raise RecordError(*checked.faults)
    return checked.article


@dataclass
class Clock:
    """Seconds since the epoch that pass only when somebody sleeps."""

    now: float = NOON
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class House:
    """Everything from the folder to the feeds, in one process."""

    content: Path
    place: str
    clock: Clock = field(default_factory=Clock)
    site: Site = SITE
    words: Words | None = None

    def __post_init__(self) -> None:
        self.content.mkdir(exist_ok=True)
        self.catalog = Catalog(self.place)
        self.source = open_source(str(self.content), suffixes=frozenset({*READERS, *MEDIA_TYPES}))

    def write(
        self, address: str, *, date: str = "2026-01-01", title: str = "A title", text: str = "A text.", **keys: str
    ) -> None:
        lines = [f"{key}: {value}" for key, value in {"title": title, "date": date, **keys}.items()]
        path = self.content / address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(["---", *lines, "---", "", text, ""]), encoding="utf-8")

    def remove(self, address: str) -> None:
        (self.content / address).unlink()

    def terms(self, *, confirm: bool = False, patience: float = 0.0) -> Terms:
        return Terms(self.site, self.clock, confirm, patience, self.clock.sleep, self.words)

    def sync(self, places: Collection[str] | None = None, *, confirm: bool = False, patience: float = 0.0) -> Outcome:
        terms = self.terms(confirm=confirm, patience=patience)
        if places is None:
            return sync(self.catalog, self.source, terms)
        try:
            return sync_at(self.catalog, self.source, places, terms)
        except Absent as absent:
            self.clock.sleep(absent.wait)
            return sync_at(self.catalog, self.source, absent.places.union(places), terms)

    def sync_after(
        self,
        seconds: float = 10,
        *,
        places: Collection[str] | None = None,
        confirm: bool = False,
        patience: float = 0.0,
    ) -> Outcome:
        self.clock.now += seconds
        return self.sync(places, confirm=confirm, patience=patience)

    def feed(self, name: str = "") -> Feed:
        with self.catalog.snapshot() as snapshot:
            now = int(self.clock())
            return feeds.feed(snapshot, feeds.channel(snapshot, name, now), now)

    def titles(self, name: str = "") -> list[str]:
        return [entry.title for entry in self.feed(name).entries]

    def modified(self, name: str = "") -> int:
        with self.catalog.snapshot() as snapshot:
            return snapshot.times(name, int(self.clock())).last_modified

    def observed(self, name: str = "") -> tuple[bytes, int]:
        """What a reader sees of a channel now: an Atom feed's bytes, and its Last-Modified."""
        return FORMATS["atom.xml"].render(self.feed(name)), self.modified(name)

    def articles(self) -> tuple[Article, ...]:
        with self.catalog.snapshot() as snapshot:
            return snapshot.newest("", int(self.clock()), limit=1000)

    def ids(self) -> dict[str, str]:
        return {article.address: article.id for article in self.articles()}

    def slugs(self) -> dict[str, str]:
        return {article.address: article.slug for article in self.articles()}
