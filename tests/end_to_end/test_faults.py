"""A full disk, a locked catalog, a clock that goes back: what is published goes on, and who operates it is told."""

from __future__ import annotations

import json
import os
import resource
import signal
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from serving import Command, Service, until

from feedsvc.web.protocol import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from house import House

FEEDS = ("/rss.xml", "/atom.xml", "/feed.json")


def write(content: Path, name: str) -> None:
    text = f"---\ntitle: Article {name}\ndate: 2026-01-01\n---\nText.\n"
    (content / f"{name}.md").write_text(text, encoding="utf-8")


def troubles(command: Command) -> list[str] | None:
    """What does not work, each since a moment ago; None where the processes do not all say the same yet."""
    found = [json.loads(command.ask("/readyz").body)["troubles"] for _ in range(6)]
    assert all(0 <= time.time() - each["since"] < 120 for one in found for each in one)
    return [each["what"] for each in found[0]] if all(one == found[0] for one in found) else None


@pytest.fixture(params=["1", "2"])
def command(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Command]:
    content = tmp_path / "content"
    content.mkdir()
    write(content, "first")
    with Command(content, "--database", str(tmp_path / "catalog.db"), "--workers", request.param) as started:
        started.ready()
        until(lambda: troubles(started) == [])
        yield started
        assert "Traceback" not in started.output


def test_a_full_disk_is_told_and_costs_only_what_is_new(command: Command, tmp_path: Path) -> None:
    before = command.etags(*FEEDS)
    syncer, most = command.syncer(), resource.RLIM_INFINITY
    # No file takes a byte of it any more, as where there is no room.
    resource.prlimit(syncer, resource.RLIMIT_FSIZE, (0, most))
    write(tmp_path / "content", "second")
    until(lambda: any("the catalog cannot be used" in each for each in troubles(command) or ()))
    assert command.etags(*FEEDS) == before
    resource.prlimit(syncer, resource.RLIMIT_FSIZE, (most, most))
    until(lambda: b"Article second" in command.ask("/rss.xml").body)
    until(lambda: troubles(command) == [])


def test_a_catalog_that_somebody_locks_is_told_and_costs_only_what_is_new(command: Command, tmp_path: Path) -> None:
    before = command.etags(*FEEDS)
    with closing(sqlite3.connect(tmp_path / "catalog.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        write(tmp_path / "content", "second")
        until(lambda: any("another process is writing" in each for each in troubles(command) or ()))
        assert command.etags(*FEEDS) == before
        other.execute("ROLLBACK")
    until(lambda: b"Article second" in command.ask("/rss.xml").body)
    until(lambda: troubles(command) == [])


def test_a_sync_that_is_killed_in_trouble_leaves_none_behind(command: Command, tmp_path: Path) -> None:
    resource.prlimit(command.syncer(), resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    write(tmp_path / "content", "second")
    until(lambda: troubles(command))
    os.kill(command.syncer(), signal.SIGKILL)  # the next one finds room again
    until(lambda: troubles(command) == [] and b"Article second" in command.ask("/rss.xml").body)


def test_a_clock_that_goes_back_keeps_no_edit_from_anybody(house: House) -> None:
    house.write("a.md", title="First", date="2026-01-03")
    house.sync()
    service = Service(house, http=Protocol)
    try:
        sent, seen = set[str](), {"etag": ""}
        for turn, seconds in enumerate((10, -3600, 10, -86_400, 100_000)):
            condition = [("If-None-Match", seen["etag"]), *(("If-Modified-Since", date) for date in sorted(sent)[-1:])]
            house.write("a.md", title=f"Title {turn}", date="2026-01-03")
            service.sync(seconds)
            for _ in range(3):
                reply = service.ask("/rss.xml", condition)
                assert reply.status == 200
                assert f"Title {turn}".encode() in reply.body
                # R3: no date comes a second time with other bytes.
                assert not (reply.has("last-modified") and reply["last-modified"] in sent)
            seen = {"etag": reply["etag"]}
            if reply.has("last-modified"):
                sent.add(reply["last-modified"])
            assert service.ask("/rss.xml", [("If-None-Match", seen["etag"])]).status == 304
        assert not [status for status in service.log.statuses if status >= 500]
    finally:
        service.stop()
