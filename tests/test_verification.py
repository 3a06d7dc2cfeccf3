"""The look through everything, now and then: it finds what was not told, and nobody waits for it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from command import until, write
from msgspec.structs import replace

from feedsvc.catalog import Catalog
from feedsvc.catalog.syncing import is_in_step
from feedsvc.cli import following, site
from feedsvc.errors import SourceError
from feedsvc.sources.folder import Folder
from feedsvc.verification import Verification
from feedsvc.watch import watch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from house import House

    from feedsvc.sources import Mark


class Slow(following.Configured):
    """A folder of which a verification does not end until it is told to go on."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, lambda: site.load(folder, {}).table)
        self.is_verified = threading.Event()
        self.go_on = threading.Event()

    def scan(self, places: Collection[str] | None = None) -> Iterator[tuple[str, Mark]]:
        self._wait()
        return super().scan(places)

    def digest(self) -> str | None:
        self._wait()
        return super().digest()

    def _wait(self) -> None:
        if threading.current_thread().name == "verification":
            self.is_verified.set()
            self.go_on.wait()


def test_an_edit_does_not_wait_for_the_look_at_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedsvc.watch.AT_LEAST_EVERY", 0.1)
    folder, stop = tmp_path / "content", threading.Event()
    write(folder / "a.md", "Before")
    catalog, source = Catalog(str(tmp_path / "catalog.db")), Slow(folder)
    settings = site.settings(folder, {}, site.NOWHERE)
    following_it = threading.Thread(
        target=watch, args=(catalog, source), kwargs={"settings": settings, "report": lambda _: None, "stop": stop}
    )
    following_it.start()

    def titles() -> list[str]:
        with catalog.snapshot() as snapshot:
            return [article.title for article in snapshot.newest("", 2_000_000_000, limit=9)]

    until(source.is_verified.is_set)
    assert titles() == ["Before"]
    write(folder / ".b.md", "After")
    (folder / ".b.md").replace(folder / "a.md")
    until(lambda: titles() == ["After"])
    assert not source.go_on.is_set()
    source.go_on.set()
    stop.set()
    following_it.join()
    catalog.close()


def verified(house: House) -> bool:
    """What a look tells; it is over once the next one is due."""
    found = Verification(house.catalog, house.source, house.terms, pause=lambda _: 5.0)
    found.begin()
    until(lambda: found.due < float("inf"))
    return found.has_found()


def test_what_was_not_told_is_found(house: House) -> None:
    assert isinstance(house.source, Folder)
    house.source = replace(house.source, clock=lambda: time.time() + 60)  # nothing is too young to be sure of
    house.write("a.md")
    assert verified(house)  # nothing was ever read
    house.sync()
    assert not verified(house)
    house.write("a.md", title="Another")
    assert verified(house)
    house.sync_after()
    house.remove("a.md")
    assert verified(house)


def test_a_folder_that_is_gone_is_for_the_sync_to_tell(house: House) -> None:
    house.sync()
    house.content.rmdir()
    with pytest.raises(SourceError):
        is_in_step(house.catalog, house.source, house.terms())
    assert verified(house)
