"""A folder that is followed: its path in; a source of records, and a catalog in step with it, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.cli import words
from feedsvc.readers import READERS
from feedsvc.sources import open_source
from feedsvc.text.media_types import MEDIA_TYPES
from feedsvc.watch import watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from threading import Event

    from feedsvc.catalog import Catalog, Outcome
    from feedsvc.config import Site
    from feedsvc.errors import FeedsvcError
    from feedsvc.sources import Source


def source(folder: Path) -> Source:
    """The folder's articles and pictures."""
    return open_source(str(folder), suffixes=frozenset({*READERS, *MEDIA_TYPES}))


def follow(catalog: Catalog, folder: Path, settings: Callable[[], Site], stop: Event, *, poll: bool) -> None:
    """Syncs every change of the folder, and says so on standard error, until `stop` is set."""

    def report(news: Outcome | FeedsvcError) -> None:
        words.report(news, folder)

    watch(catalog, source(folder), settings=settings, report=report, stop=stop, poll=poll)
