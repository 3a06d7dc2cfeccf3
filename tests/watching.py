"""A folder, a catalog that keeps in step with it, and a thread that watches."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from command import until

from feedsvc.cli import following, site
from feedsvc.errors import FeedsvcError
from feedsvc.watch import watch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from feedsvc.catalog import Catalog
    from feedsvc.catalog.syncing import Outcome
    from feedsvc.config import Site
    from feedsvc.model import Article
    from feedsvc.sources import Source


@dataclass
class Watched:
    """A folder, its catalog, and all that was reported of the two."""

    folder: Path
    catalog: Catalog
    reports: list[Outcome | FeedsvcError] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def titles(self) -> list[str]:
        try:
            with self.catalog.snapshot() as snapshot:
                return sorted(each.title for each in snapshot.newest("", int(time.time()), limit=5000))
        except FeedsvcError:
            return []

    def waits_for(self, *titles: str) -> None:
        until(lambda: self.titles() == sorted(titles))

    def revision(self) -> int:
        return self.catalog.news(None).revision

    def trouble(self) -> str:
        found = self.catalog.news(None).trouble
        return found[0] if found else ""

    def errors(self) -> list[str]:
        return [str(each) for each in self.reports if isinstance(each, FeedsvcError)]

    def settings(self) -> Site:
        return site.settings(self.folder, {}, site.NOWHERE)()

    def articles(self) -> tuple[Article, ...]:
        with self.catalog.snapshot() as snapshot:
            return snapshot.newest("", int(time.time()), limit=5000)

    def run(self, source: Source | None = None, *, poll: bool = False) -> threading.Thread:
        thread = threading.Thread(
            target=watch,
            args=(self.catalog, source or following.source(self.folder)),
            kwargs={
                "settings": lambda: self.settings(),  # noqa: PLW0108 - a test replaces it
                "report": self.reports.append,
                "stop": self.stop,
                "untold": self.untold.append,
                "poll": poll,
            },
        )
        thread.start()
        return thread

    @contextmanager
    def running(self, source: Source | None = None, *, poll: bool = False) -> Iterator[Watched]:
        """Watches meanwhile."""
        thread = self.run(source, poll=poll)
        try:
            yield self
        finally:
            self.stop.set()
            thread.join()
            self.catalog.close()
