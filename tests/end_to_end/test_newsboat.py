"""newsboat subscribes: it must find every article, and be told when there is nothing new."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from house import SITE, House
from msgspec.structs import replace
from serving import FEEDS, Command, Service, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

QUIET = "auto-reload no\ndownload-retries 1\nsuppress-first-reload yes\n"


class Newsboat:
    """A subscriber with one feed."""

    def __init__(self, command: str, folder: Path, url: str) -> None:
        folder.mkdir()
        (folder / "urls").write_text(f"{url}\n", encoding="utf-8")
        (folder / "config").write_text(QUIET, encoding="utf-8")
        self.cache = folder / "cache.db"
        files = {"-u": "urls", "-c": "cache.db", "-C": "config"}
        places = [part for flag, name in files.items() for part in (flag, str(folder / name))]
        self._command = [command, *places, "-x", "reload"]
        self._env = {"HOME": str(folder), "LC_ALL": "C.UTF-8", "TERM": "dumb"}

    def poll(self) -> None:
        subprocess.run(self._command, env=self._env, check=True, timeout=60, capture_output=True)

    def titles(self) -> set[str]:
        database = sqlite3.connect(self.cache)
        found = {title for (title,) in database.execute("SELECT title FROM rss_item")}
        database.close()
        return found


@pytest.fixture
def service(house: House) -> Iterator[Service]:
    house.write("first.md", title="first", tags="[t]")
    house.write("second.md", title="second", tags="[t]", date="2026-01-02")
    house.sync()
    started = Service(house)
    yield started
    started.stop()


@pytest.fixture
def newsboat(service: Service, peer: Callable[[str], str], tmp_path: Path) -> Newsboat:
    return Newsboat(peer("newsboat"), tmp_path / "newsboat", f"http://127.0.0.1:{service.port}/rss.xml")


@pytest.mark.parametrize("path", [*FEEDS[:2], "tags/t/rss.xml", "tags/t/atom.xml"])
def test_it_finds_every_article_and_then_gets_304(
    service: Service, peer: Callable[[str], str], tmp_path: Path, path: str
) -> None:
    newsboat = Newsboat(peer("newsboat"), tmp_path / "newsboat", f"http://127.0.0.1:{service.port}/{path}")
    for _ in range(5):
        newsboat.poll()
    assert newsboat.titles() == {"first", "second"}
    assert service.log.statuses[0] == 200
    assert service.log.statuses[2:] == [304, 304, 304]


def test_it_finds_edits_of_the_same_second(service: Service, newsboat: Newsboat) -> None:
    newsboat.poll()
    for number in range(3):
        service.house.write(f"{number}.md", title=f"new {number}", date="2026-01-03")
        service.sync(0)
        newsboat.poll()
    assert newsboat.titles() == {"first", "second", "new 0", "new 1", "new 2"}


def test_it_finds_an_edited_article(service: Service, newsboat: Newsboat) -> None:
    newsboat.poll()
    service.house.write("first.md", title="first, mended", tags="[t]")
    service.sync(0)
    newsboat.poll()
    assert newsboat.titles() == {"first, mended", "second"}


def test_it_begins_anew_without_its_cache(newsboat: Newsboat) -> None:
    newsboat.poll()
    newsboat.poll()
    newsboat.cache.unlink()
    newsboat.poll()
    assert newsboat.titles() == {"first", "second"}


def lose_the_database(service: Service) -> None:
    for ending in ("", "-wal", "-shm"):
        service.house.content.with_name(f"catalog.db{ending}").unlink(missing_ok=True)
    until(lambda: b"cannot be reached" in service.ask("/readyz").body)
    service.house.catalog.prepare()


@pytest.mark.parametrize("seconds", [0, 1, 3600, -3600])
def test_it_finds_what_came_while_our_database_was_lost(service: Service, newsboat: Newsboat, seconds: float) -> None:
    newsboat.poll()
    newsboat.poll()
    lose_the_database(service)
    service.house.write("new.md", title="new", date="2026-01-03")
    service.sync(seconds)
    newsboat.poll()
    newsboat.poll()
    assert newsboat.titles() == {"first", "second", "new"}


def test_it_finds_an_article_that_becomes_due(service: Service, newsboat: Newsboat) -> None:
    service.house.write("later.md", title="later", date="2026-01-10T12:01:00Z")
    service.sync(1)
    newsboat.poll()
    assert newsboat.titles() == {"first", "second"}
    service.house.clock.now += 60
    newsboat.poll()
    assert newsboat.titles() == {"first", "second", "later"}


def test_it_gets_304_again_after_a_change(service: Service, newsboat: Newsboat) -> None:
    newsboat.poll()
    service.house.write("new.md", title="new", date="2026-01-03")
    service.sync(10)
    newsboat.poll()
    for _ in range(3):
        newsboat.poll()
    assert service.log.statuses[:2] == [200, 200]
    assert service.log.statuses[-2:] == [304, 304]


def test_it_keeps_its_articles_when_the_site_changes_its_name(service: Service, newsboat: Newsboat) -> None:
    newsboat.poll()
    service.house.site = replace(SITE, title="Another name")
    service.sync(10)
    newsboat.poll()
    assert newsboat.titles() == {"first", "second"}


@pytest.mark.parametrize("seed", [1, 2])
def test_it_finds_ten_articles_whenever_it_polls(tmp_path: Path, peer: Callable[[str], str], seed: int) -> None:
    content, chance = tmp_path / "content", random.Random(seed)  # noqa: S311 - moments, no secrets
    content.mkdir()
    database = tmp_path / "catalog.db"
    with Command(content, "--database", str(database), "--base-url", "https://lantern.example/").ready() as command:
        newsboat = Newsboat(peer("newsboat"), tmp_path / "newsboat", f"http://127.0.0.1:{command.port}/rss.xml")
        for number in range(10):
            write(content, number)
            if seed == 2 and number == 5:
                for ending in ("", "-wal", "-shm"):
                    database.with_name(f"catalog.db{ending}").unlink(missing_ok=True)
            time.sleep(chance.random())
            newsboat.poll()
        until(lambda: command.ask("/rss.xml").body.count(b"<item>") == 10)
        newsboat.poll()
        assert newsboat.titles() == {f"article {number}" for number in range(10)}


def write(content: Path, number: int) -> None:
    text = f"---\ntitle: article {number}\ndate: 2026-01-01\n---\nThe text of article {number}.\n"
    (content / f"{number}.md").write_text(text, encoding="utf-8")
