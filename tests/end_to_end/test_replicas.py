"""One machine syncs a folder into PostgreSQL, others serve it: the same bytes, whatever their clocks say."""

from __future__ import annotations

import re
import shutil
import signal
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import postgresql
import psycopg
import pytest
from command import Running, feedsvc, running, until
from serving import CONTENT, Command, ask, command_line

from feedsvc.catalog.database.postgresql import LOCK
from feedsvc.web.validators import seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SITE = ("--base-url", "https://lantern.example/")
PATHS = ("/", "/rss.xml", "/atom.xml", "/feed.json", "/tags/locks/rss.xml", "/articles/later")

# A machine whose clock is a day ahead.
AHEAD = """
import sys, time
true = time.time
time.time = lambda: true() + 86_400
from feedsvc.cli import main
main()
"""


@pytest.fixture
def server() -> Iterator[postgresql.Server]:
    made = postgresql.Server()
    yield made
    made.start()
    made.end()


@pytest.fixture
def url(server: postgresql.Server) -> str:
    return server.url(server.new("template0"))


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    shutil.copytree(CONTENT, folder, ignore=shutil.ignore_patterns(".feedsvc"))
    return folder


def write(content: Path, name: str, *, date: str = "2026-01-01", text: str = "A text.") -> None:
    unfinished = content / f"{name}.part"
    unfinished.write_text(f"---\ntitle: Article {name}\ndate: {date}\ntags: [locks]\n---\n{text}\n", encoding="utf-8")
    unfinished.replace(content / f"{name}.md")


def lasting(port: int, path: str) -> tuple[int, dict[str, str], bytes]:
    reply = ask(port, path, {"Accept-Encoding": "gzip"})
    return reply.status, reply.lasting, reply.body


def media_of(port: int) -> set[str]:
    return set(re.findall(r"https://lantern\.example(/media/[^\"<> ]+)", ask(port, "/rss.xml").body.decode()))


def date(port: int) -> int:
    return seconds_of(ask(port, "/")["date"]) or 0


def port_of(site: Running) -> int:
    until(lambda: site.get("readyz"))
    return int(re.findall(r"listens at http://[^:]+:(\d+)/", site.out.read_text(encoding="utf-8"))[0])


def test_replicas_need_the_database_alone_and_agree_whatever_their_clocks_say(
    content: Path, url: str, tmp_path: Path
) -> None:
    later = datetime.now(UTC) + timedelta(hours=2)
    write(content, "later", date=later.isoformat(timespec="seconds"))
    assert feedsvc("sync", content, "--database", url, *SITE).returncode == 0
    content.rename(tmp_path / "elsewhere")
    (tmp_path / "ahead.py").write_text(AHEAD, encoding="utf-8")
    command = ("serve", "--port", 0, "--database", url)
    with (
        Command(None, "--database", url).ready() as one,
        Command(None, "--database", url, "--workers", "2").ready() as two,
        running(tmp_path / "x", *command, script=tmp_path / "ahead.py") as three,
    ):
        ahead = port_of(three)
        paths = [*PATHS, *media_of(one.port)]
        assert len(paths) > len(PATHS)
        for path in paths:
            first = lasting(one.port, path)
            assert first[0] == (404 if path.endswith("later") else 200), path
            assert first == lasting(two.port, path) == lasting(ahead, path)
        assert abs(date(one.port) - date(ahead)) < 300
    assert postgresql.PASSWORD not in one.output + two.output + three.out.read_text() + three.said


@pytest.mark.parametrize(
    ("arguments", "environ", "told"),
    [
        (("--base-url", "https://other.example/"), {}, '--base-url: "https://other.example/" is not the base_url'),
        ((), {"FEEDSVC_ENTRIES": "5"}, "FEEDSVC_ENTRIES: 5 is not the entries that the catalog was made with, 30"),
    ],
)
def test_a_setting_of_a_replica_that_would_change_bytes_is_refused(
    content: Path, url: str, arguments: tuple[str, ...], environ: dict[str, str], told: str
) -> None:
    assert feedsvc("sync", content, "--database", url, *SITE).returncode == 0
    answer = feedsvc("serve", "--port=0", "--database", url, *arguments, **environ)  # type: ignore[arg-type]
    assert answer.returncode == 2
    assert told in answer.stderr
    assert "(leave it out here, and set it where the catalog is synced)" in answer.stderr


def test_a_setting_of_a_replica_that_is_the_catalog_s_is_taken(content: Path, url: str) -> None:
    assert feedsvc("sync", content, "--database", url, *SITE).returncode == 0
    with Command(None, "--database", url, *SITE, env={"FEEDSVC_ENTRIES": "30"}).ready() as replica:
        assert replica.ask("/rss.xml").status == 200


def shows(replica: Command, name: str) -> bool:
    try:
        return f"Article {name}".encode() in replica.ask("/rss.xml").body
    except OSError:
        return False


def test_a_replica_shows_an_edit_within_a_second_or_so(content: Path, url: str) -> None:
    with running(content, "sync", content, "--watch", *SITE, FEEDSVC_DATABASE=url) as sync:
        until(lambda: sync.revisions)
        with Command(None, "--database", url).ready() as replica:
            until(lambda: replica.ask("/rss.xml").status == 200)
            write(content, "new", date="2026-11-01")
            committed = until(lambda: sync.revisions == 2 and time.monotonic())
            until(lambda: shows(replica, "new"))
            assert time.monotonic() - committed < 5  # a second, on a machine that has nothing else to do
            assert sync.end(signal.SIGTERM) == 0


def test_what_was_killed_or_stopped_finds_back_by_itself(content: Path, url: str, server: postgresql.Server) -> None:
    with running(content, "sync", content, "--watch", *SITE, FEEDSVC_DATABASE=url) as sync:
        until(lambda: sync.revisions)
        with Command(None, "--database", url).ready() as replica:
            paths = PATHS[:-1]
            before = {path: lasting(replica.port, path) for path in paths}
            server.kill()
            until(lambda: b"the catalog cannot be used" in replica.ask("/readyz").body)
            assert {path: lasting(replica.port, path) for path in paths} == before
            assert replica.ask("/readyz").status == 200
            write(content, "during", date="2026-11-01")
            until(lambda: "the catalog cannot be used" in sync.said)
            server.start()
            until(lambda: shows(replica, "during"))
            until(lambda: replica.ask("/readyz").body == b'{"ready":true,"troubles":[]}')
            server.cut(postgresql.name_of(url))
            write(content, "after", date="2026-11-02")
            until(lambda: shows(replica, "after"))
            name = postgresql.name_of(url)
            server.drop(name)
            until(lambda: b"does not exist" in replica.ask("/readyz").body)
            assert shows(replica, "after")
            server.make(name, "template0")
            write(content, "anew", date="2026-11-03")
            until(lambda: shows(replica, "anew"))
            assert shows(replica, "during")
        assert postgresql.PASSWORD not in sync.said


def test_a_second_sync_waits_and_says_so(content: Path, url: str) -> None:
    assert feedsvc("sync", content, "--database", url, *SITE).returncode == 0
    write(content, "new", date="2026-11-01")
    with psycopg.connect(url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        with running(content, "sync", content, *SITE, FEEDSVC_DATABASE=url) as second:
            until(lambda: "another process is writing to the catalog; this one waits for it" in second.said)
            assert second.child.poll() is None
            other.rollback()
            assert second.child.wait(40) == 0
            assert second.revisions == 1


def test_a_folder_is_served_from_it_and_no_process_is_told_the_password_in_its_arguments(
    content: Path, url: str
) -> None:
    with Command(content, *SITE, "--workers", "2", env={"FEEDSVC_DATABASE": url}).ready() as command:
        write(content, "new", date="2026-11-01")
        until(lambda: shows(command, "new"))
        lines = [command_line(process) for process in (command.process.pid, *command.children())]
        assert len(lines) > 3
        assert not any(postgresql.PASSWORD.encode() in line for line in lines)
    assert "catalog    postgresql://postgres:***@/" in command.output
