"""Who keeps the index of words: told of syncs, a thread fills it, and makes room for the next one."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from command import until, write
from watching import Watched

from feedsvc import indexing, watch
from feedsvc.catalog import Catalog
from feedsvc.catalog.syncing.indexing import fill, tidy
from feedsvc.entries import words
from feedsvc.errors import CatalogError
from feedsvc.indexing import TIDY_EVERY, TOLD_AFTER, Indexer
from feedsvc.text.search import sought

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from house import House

PATIENCE = 20.0


@pytest.fixture
def indexer(house: House) -> Iterator[Indexer]:
    with closing(Indexer(house.catalog, delay=0.0)) as made:
        yield made


def is_found(house: House, word: str) -> bool:
    with house.catalog.snapshot() as snapshot:
        return bool(snapshot.search.find(sought(word), int(house.clock())))


def wait_for(house: House, word: str) -> None:
    until = time.monotonic() + PATIENCE
    while not is_found(house, word):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_what_was_synced_is_found_once_it_is_told_of(house: House, indexer: Indexer) -> None:
    house.write("a.md", text="Ebb.")
    house.sync()
    indexer.note()
    wait_for(house, "ebb")


def test_nothing_is_begun_while_a_sync_goes_on(house: House, indexer: Indexer) -> None:
    house.write("a.md", text="Ebb.")
    house.sync()
    with indexer.aside():
        indexer.note()
        time.sleep(0.2)  # it would take a hundredth of that
        assert not is_found(house, "ebb")
    wait_for(house, "ebb")


def test_a_watch_publishes_what_it_finds_first_before_it_cuts_any_words(tmp_path: Path) -> None:
    def found(word: str) -> bool:
        with catalog.snapshot() as snapshot:
            return bool(snapshot.search.find(sought(word), int(time.time())))

    catalog, folder = Catalog(str(tmp_path / "catalog.db")), tmp_path / "content"
    write(folder / "a.md", "First")
    with Watched(folder, catalog).running() as watched:
        watched.waits_for("First")
    while fill(catalog, words):
        pass
    write(folder / "a.md", "Second")
    time.sleep(watch.PATIENCE * 1.5)  # so that it is read at the first look
    with Watched(folder, catalog).running() as watched:
        watched.waits_for("Second")
        assert not found("second")
        while fill(catalog, words):
            pass
        write(folder / "a.md", "Third")
        watched.waits_for("Third")
        assert found("third")


def test_what_the_syncs_put_in_themselves_is_counted_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Catalog] = []
    monkeypatch.setattr(indexing, "tidy", looks.append)
    with closing(Indexer(house.catalog, delay=0.0)) as indexer:
        house.write("a.md", text="Ebb.")
        house.sync()
        indexer.note()
        wait_for(house, "ebb")
        for _ in range(TIDY_EVERY - 2):  # beside the one before
            indexer.note(is_filled=True)
        time.sleep(0.2)
        assert len(looks) == 1
        indexer.note(is_filled=True)
        until = time.monotonic() + PATIENCE
        while len(looks) < 2:
            assert time.monotonic() < until
            time.sleep(0.01)


@pytest.mark.parametrize("error", [CatalogError("broken"), OSError("broken")])
def test_an_index_that_cannot_be_filled_is_told_of_once_and_tried_until_it_can(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    tries: list[Catalog] = []

    def failing(catalog: Catalog, _words: object) -> bool:
        tries.append(catalog)
        raise error

    monkeypatch.setattr(indexing, "RETRY", 0.01)
    house.write("a.md", text="Ebb.")
    house.sync()
    with closing(Indexer(house.catalog, delay=0.0)) as indexer:
        with monkeypatch.context() as patch:
            patch.setattr(indexing, "fill", failing)
            indexer.note()
            until(lambda: len(tries) > TOLD_AFTER + 2)
        wait_for(house, "ebb")
    (told,) = caplog.records
    assert told.getMessage() == "feedsvc: the index of words cannot be filled: broken"
    assert bool(told.exc_info) is isinstance(error, OSError)


def test_it_looks_now_and_then_whether_most_leads_nowhere(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Catalog] = []

    def counted(catalog: Catalog) -> None:
        looks.append(catalog)
        tidy(catalog)

    monkeypatch.setattr(indexing, "tidy", counted)
    with closing(Indexer(house.catalog, delay=0.0)) as indexer:
        for number in range(TIDY_EVERY + 2):
            house.write("a.md", text=f"Ebb{number}.")
            house.sync_after(2)
            indexer.note()
            wait_for(house, f"ebb{number}")
    assert looks == [house.catalog] * 2
