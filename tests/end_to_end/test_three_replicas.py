"""Three replicas behind nginx, as the documentation sets them up, while one of them and PostgreSQL are killed."""

from __future__ import annotations

import datetime as dt
import http.client
import re
import shutil
import signal
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

import postgresql
import psycopg
import pytest
from command import feedsvc, running, until
from proxy import nginx
from serving import FEEDS, Command, ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from command import Running

SITE = ("--base-url", "https://lantern.example/")
PATHS = ("/", *(f"/{name}" for name in FEEDS), "/tags/locks/atom.xml")
REVISIONS = 10

# For so long a reader may be shown an older feed after a newer one, in seconds.
FLICKER = 1.0


@dataclass(frozen=True)
class Poll:
    """One answer to a reader: when it was asked for and there, by the monotonic clock, and the latest edition in it."""

    began: float
    ended: float
    edition: int


@dataclass
class Reader:
    """Polls a feed through nginx on one connection, conditionally, as long as it is told to."""

    port: int
    coding: str
    polls: list[Poll] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        held = ("", 0)
        while not self.stop.wait(0.02):
            began = time.monotonic()
            try:
                held = self._ask(connection, *held)
            except (OSError, http.client.HTTPException, AssertionError) as error:
                self.failures.append(repr(error))
                connection.close()
            else:
                self.polls.append(Poll(began, time.monotonic(), held[1]))
        connection.close()

    def _ask(self, connection: http.client.HTTPConnection, etag: str, edition: int) -> tuple[str, int]:
        connection.request("GET", "/atom.xml", headers={"If-None-Match": etag, "Accept-Encoding": self.coding})
        reply = connection.getresponse()
        body = reply.read()
        assert reply.status in {200, 304}, (reply.status, body)
        found = reply.getheader("etag") or ""
        if reply.status == 304:
            assert found == etag
            return etag, edition
        assert body.rstrip().endswith(b"</feed>")
        return found, latest(body)


@contextmanager
def reading(port: int) -> Iterator[list[Reader]]:
    """Four readers meanwhile; none of their polls may fail."""
    readers = [Reader(port, "identity") for _ in range(4)]
    threads = [threading.Thread(target=reader.run) for reader in readers]
    for thread in threads:
        thread.start()
    try:
        yield readers
    finally:
        for reader in readers:
            reader.stop.set()
        for thread in threads:
            thread.join()
    assert [failure for reader in readers for failure in reader.failures] == []
    assert all(len(reader.polls) > 50 for reader in readers)


@dataclass
class Site:
    """One folder, the sync of it, three replicas, and nginx in front."""

    content: Path
    server: postgresql.Server
    url: str
    sync: Running
    replicas: list[Command]
    port: int

    def publish(self, edition: int) -> None:
        save(self.content, f"edition-{edition}", title=f"Edition {edition}.", day=edition)
        save(self.content, "standing", title="What stands", text=f"As of edition {edition}.")

    def until_shown(self, edition: int, *, by: list[Command]) -> None:
        # An edition is two files, and may be two revisions; what was saved while nothing could be written comes later.
        for replica in by:
            until(partial(_shows, replica.port, edition))

    def are_equal(self, replicas: list[Command]) -> bool:
        first, *others = [[lasting(replica.port, path) for path in PATHS] for replica in replicas]
        return all(other == first for other in others)


def save(content: Path, name: str, *, title: str, day: int = 0, text: str = "A text.") -> None:
    unfinished = content / f"{name}.part"
    date = dt.date(2021, 2, 1) + dt.timedelta(days=day)
    unfinished.write_text(f"---\ntitle: {title}\ndate: {date}\ntags: [locks]\n---\n{text}\n", "utf-8")
    unfinished.replace(content / f"{name}.md")


def _shows(port: int, edition: int) -> bool:
    body = ask(port, "/atom.xml").body
    return editions(body) == {*range(1, edition + 1)} and b"As of edition %d." % edition in body


def editions(body: bytes) -> set[int]:
    return {*map(int, re.findall(rb"<title>Edition (\d+)\.<", body))}


def latest(body: bytes) -> int:
    return max(editions(body), default=0)


def lasting(port: int, path: str) -> list[tuple[int, dict[str, str], bytes]]:
    """What is answered to each coding, and to who has it already, all but the moment of it."""
    replies = [ask(port, path, {"Accept-Encoding": coding}) for coding in ("gzip", "identity")]
    replies.append(ask(port, path, {"If-None-Match": replies[1]["etag"]}))
    return [(reply.status, reply.lasting, reply.body) for reply in replies]


@pytest.fixture(scope="module")
def server() -> Iterator[postgresql.Server]:
    made = postgresql.Server()
    yield made
    made.start()
    made.end()


@pytest.fixture
def site(tmp_path: Path, server: postgresql.Server, peer: Callable[[str], str]) -> Iterator[Site]:
    content, url = tmp_path / "content", server.url(server.new("template0"))
    content.mkdir()
    (content / "feedsvc.toml").write_text("entries = 1000\n", "utf-8")
    for number in range(20):
        save(content, f"old-{number}", title=f"Article {number}", text=f"Text {number}. " * 100)
    with ExitStack() as stack:
        sync = stack.enter_context(running(content, "sync", content, "--watch", *SITE, FEEDSVC_DATABASE=url))
        until(lambda: sync.revisions)
        replicas = [stack.enter_context(Command(None, "--database", url)) for _ in range(3)]
        port = stack.enter_context(nginx(peer("nginx"), tmp_path / "nginx", [each.ready().port for each in replicas]))
        yield Site(content, server, url, sync, replicas, port)


def flickers(polls: list[Poll]) -> list[float]:
    """For how long after an edition was shown an older one was, in seconds."""
    found, newest, since = [], 0, 0.0
    for poll in sorted(polls, key=lambda poll: poll.ended):
        if poll.edition > newest:
            newest, since = poll.edition, poll.ended
        elif poll.edition < newest:
            found.append(poll.began - since)
    return found


def test_no_reader_sees_an_older_feed_after_a_newer_one_for_longer_than_a_second_while_a_replica_is_killed(
    site: Site,
) -> None:
    victim, *others = site.replicas
    with reading(site.port) as readers, ExitStack() as again:
        for edition in range(1, REVISIONS + 1):
            if edition == 3:
                victim.kill()
            if edition == 6:
                victim = again.enter_context(Command(None, "--database", site.url, port=victim.port)).ready()
            standing = others if 3 <= edition < 6 else [victim, *others]
            site.publish(edition)
            site.until_shown(edition, by=standing)
            assert site.are_equal(standing)
    polls = [poll for reader in readers for poll in reader.polls]
    assert {poll.edition for poll in polls} == set(range(REVISIONS + 1))
    # Where the machine is busy, a poll takes longer, and so does everything else.
    assert max(flickers(polls), default=0) < FLICKER + 2 * max(poll.ended - poll.began for poll in polls)


def kill_in_the_middle_of_a_revision(site: Site) -> None:
    with psycopg.connect(site.url, autocommit=True) as watching:
        until(lambda: watching.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'").fetchone())
        site.server.kill()


def test_postgresql_killed_in_the_middle_of_revisions_loses_nothing_and_all_find_back(
    site: Site, tmp_path: Path
) -> None:
    published, done = [0], threading.Event()

    def edit() -> None:
        for edition in count(1):
            published.append(edition)
            site.publish(edition)
            if done.wait(0.3):
                return

    editor = threading.Thread(target=edit)
    before = ids(ask(site.port, "/atom.xml").body)
    with reading(site.port):
        editor.start()
        for _ in range(2):
            kill_in_the_middle_of_a_revision(site)
            until(lambda: all(b"cannot be used" in each.ask("/readyz").body for each in site.replicas))
            assert {each.ask("/readyz").status for each in site.replicas} == {200}
            # What none of them has made costs none of them its place in nginx.
            assert {ask(site.port, "/tags/never/rss.xml").status for _ in range(6)} == {503}
            site.server.start()
            until(lambda: all(each.ask("/readyz").body.endswith(b'"troubles":[]}') for each in site.replicas))
        done.set()
        editor.join()
        site.until_shown(published[-1], by=site.replicas)
        assert site.are_equal(site.replicas)
    assert before <= ids(ask(site.port, "/atom.xml").body)
    assert feedsvc("catalog", "check", site.content, "--database", site.url).returncode == 0
    assert site.sync.end(signal.SIGTERM) == 0
    # The same records, read by who has seen nothing of all that, give the same bytes.
    elsewhere = tmp_path / "elsewhere" / "content"
    shutil.copytree(site.content, elsewhere)
    with Command(elsewhere, *SITE).ready() as other:
        assert {path: other.ask(path).body for path in PATHS} == {path: ask(site.port, path).body for path in PATHS}


def ids(feed: bytes) -> set[bytes]:
    return set(re.findall(rb"<id>([^<]+)</id>", feed))
