"""A folder that changes in every way at once, while its feeds are read all the time."""

from __future__ import annotations

import random
import threading
import time
from contextlib import contextmanager
from itertools import cycle
from typing import TYPE_CHECKING

import pytest
from churning import Reader, Writer
from serving import PATIENCE, Command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATHS = ("/rss.xml", "/atom.xml", "/feed.json", "/tags/t0/atom.xml", "/tags/t1/rss.xml", "/tags/t2/feed.json")

ARTICLES = 240
SECONDS = 16.0


@pytest.fixture
def content(tmp_path: Path) -> Path:
    made = tmp_path / "content"
    made.mkdir()
    (made / "feedsvc.toml").write_text("entries = 1000\n", encoding="utf-8")
    return made


@pytest.mark.parametrize("seed", [1])
def test_every_answer_is_a_whole_feed_of_one_state_whatever_happens_to_the_folder(content: Path, seed: int) -> None:
    writer = Writer(content, random.Random(seed))  # noqa: S311 - no secret
    writer.add(ARTICLES)
    fixed = ("--base-url", "https://lantern.example/")
    with Command(content, *fixed, "--database", str(content.with_name("catalog.db"))).ready() as command:
        with reading(writer, command) as readers:
            end = time.monotonic() + SECONDS
            while time.monotonic() < end and not any(reader.faults for reader in readers):
                writer.step()
                time.sleep(writer.random.random() * 0.2)
            there = {piece.number: piece.version for piece in writer.pieces}
            last = Reader(writer)
            if not any(reader.faults for reader in readers):
                end = time.monotonic() + PATIENCE
                while (served := versions(last, command)) != there and time.monotonic() < end:
                    time.sleep(0.1)
                assert served.items() ^ there.items() == set(), "\n".join([*writer.done[-40:], command.output])
        faults = [fault for reader in (*readers, last) for fault in reader.faults]
        assert not faults, "\n".join([*faults[:9], *writer.done[-40:], command.output])
        assert all(reader.changes > 10 for reader in readers)
        kept = {
            path: [(item.number, item.version, item.published) for item in last.read(path, command.ask)]
            for path in PATHS
        }
    with Command(content, *fixed, "--database", str(content.with_name("fresh.db"))).ready() as fresh:
        for path in PATHS:
            made = [(item.number, item.version, item.published) for item in Reader(writer).read(path, fresh.ask)]
            assert made == kept[path]


def versions(reader: Reader, command: Command) -> dict[int, int]:
    return {item.number: item.version for item in reader.read(PATHS[1], command.ask)}


@contextmanager
def reading(writer: Writer, command: Command, count: int = 2) -> Iterator[tuple[Reader, ...]]:
    """Reads every feed meanwhile, one after the other, each reader on its own."""
    stop = threading.Event()
    readers = tuple(Reader(writer) for _ in range(count))

    def read(reader: Reader) -> None:
        for path in cycle(PATHS):
            if stop.wait(0.02):
                return
            try:
                reader.read(path, command.ask)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is no feed
                reader.faults.append(f"{path}: {error!r}")

    threads = [threading.Thread(target=read, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    try:
        yield readers
    finally:
        stop.set()
        for thread in threads:
            thread.join()
