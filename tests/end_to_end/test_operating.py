"""What whoever runs several machines does with them: starting, upgrading, keeping and restoring a copy, ending."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import postgresql
import pytest
from command import Running, feedsvc, running, until, write
from serving import Command, ask
from sqlalchemy.engine import make_url

from feedsvc.catalog.schema import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL

SITE = ("--base-url", "https://lantern.example/")
PATHS = ("/", "/rss.xml", "/atom.xml", "/feed.json", "/articles/a", "/articles/gone")

OPERATING = Path(__file__).parents[2] / "docs" / "operating.md"

# How long what is told to end may take, by the units in docs/examples/.
GRACE = 20

# A feedsvc whose catalog has one table more.
NEWER = f"""
from feedsvc.catalog import catalog, migrations, schema
for module in (catalog, migrations, schema):
    module.VERSION = {VERSION + 1}

def step(connection):
    connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS more (name TEXT)")

migrations.STEPS = {{**migrations.STEPS, {VERSION}: step}}
from feedsvc.cli import main
main()
"""


@pytest.fixture
def shared() -> postgresql.Server:
    return postgresql.shared()


@pytest.fixture
def url(shared: postgresql.Server) -> str:
    return shared.url(shared.new("template0"))


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    write(folder / "a.md", "The ferry")
    write(folder / "gone.md", "The lighthouse")
    return folder


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    script = tmp_path / "newer.py"
    script.write_text(NEWER, encoding="utf-8")
    return script


def synced(content: Path, url: str) -> None:
    """A catalog that holds what no file says: an article was taken back."""
    assert feedsvc("sync", content, "--database", url, *SITE).returncode == 0
    (content / "gone.md").unlink()
    assert feedsvc("sync", content, "--database", url, *SITE).returncode == 0


def lasting(port: int) -> dict[str, tuple[int, dict[str, str], bytes]]:
    replies = {path: ask(port, path) for path in PATHS}
    return {path: (reply.status, reply.lasting, reply.body) for path, reply in replies.items()}


# Starting


def unusable(server: postgresql.Server, url: str) -> Iterator[tuple[str, URL]]:
    """What is told, and the address of a database that cannot be used."""
    server.guard("guarded", password="right")  # noqa: S106 - it opens nothing
    known = make_url(url)
    yield 'password authentication failed for user "guarded"', known.set(username="guarded", password="wrong")  # noqa: S106
    yield 'database "nowhere" does not exist', known.set(database="nowhere")
    yield "Connection refused", known.set(host="127.0.0.1", port=1, query={})


def told_at_the_start(place: URL, *command: object) -> str:
    """The one line that a command ends with; no password is in it."""
    answer = feedsvc(*command, "--database", place.render_as_string(hide_password=False))
    assert answer.returncode == 3
    assert answer.stderr.count("\n") == 1
    assert not any(secret in answer.stdout + answer.stderr for secret in (postgresql.PASSWORD, ":wrong@"))
    return answer.stderr


def test_a_database_that_cannot_be_used_at_the_start_is_told_in_one_line_and_the_exit_code(
    content: Path, shared: postgresql.Server, url: str
) -> None:
    for told, place in unusable(shared, url):
        assert told in told_at_the_start(place, "serve", "--port", "0")
    assert told in told_at_the_start(place, "sync", content, "--watch")


def test_who_only_serves_an_empty_database_is_told_whom_to_start_first(url: str) -> None:
    answer = feedsvc("serve", "--port", "0", "--database", url)
    assert answer.returncode == 3
    assert answer.stderr.endswith(": there is no catalog (feedsvc sync CONTENT makes one)\n")


# Running


@pytest.fixture
def server() -> Iterator[postgresql.Server]:
    made = postgresql.Server()
    yield made
    made.start()
    made.end()


def test_the_logs_tell_what_is_away_and_that_it_is_back_and_all_end_in_time_meanwhile(
    content: Path, server: postgresql.Server, tmp_path: Path
) -> None:
    url = server.url(server.new("template0"))
    serve = ("serve", "--port", "0", "--database", url)
    with running(content, "sync", content, "--watch", "--database", url, *SITE) as sync:
        until(lambda: sync.revisions)
        assert f"syncs {content} into postgresql://postgres:***@/" in sync.out.read_text()
        with running(tmp_path / "serve", *serve) as replica, running(tmp_path / "two", *serve, "--workers=2") as two:
            for each in (replica, two):
                until(partial(each.get, "healthz"))
            server.kill()
            until(lambda: "; what is made already is served meanwhile" in replica.said)
            write(content / "b.md", "The crane")
            until(lambda: "the catalog cannot be used" in sync.said)
            server.start()
            until(lambda: "the catalog can be used again" in replica.said)
            until(lambda: "the sync works again" in sync.said)
            server.kill()
            until(lambda: replica.said.count("; what is made already") == 2)
            assert [ended(each) for each in (replica, two, sync)] == [0, 0, 0]
            assert "Traceback" not in replica.said + two.said + sync.said


def ended(running: Running) -> int:
    began = time.monotonic()
    code = running.end(signal.SIGTERM)
    assert time.monotonic() - began < GRACE
    return code


# Upgrading


def test_the_syncer_is_upgraded_first_and_older_replicas_serve_on_and_say_what_they_cannot(
    content: Path, url: str, newer: Path, tmp_path: Path
) -> None:
    synced(content, url)
    with Command(None, "--database", url).ready() as older:
        before = lasting(older.port)
        refused = feedsvc("serve", "--port", "0", "--database", url, script=newer)
        assert refused.returncode == 3
        assert "start the feedsvc that syncs it first" in refused.stderr
        done = feedsvc("sync", content, "--database", url, *SITE, script=newer)
        assert done.returncode == 0, done.stderr
        told = f"its schema is version {VERSION + 1}, this feedsvc knows version {VERSION}"
        until(lambda: told in older.ask("/readyz").body.decode())
        assert older.ask("/readyz").status == 200
        kept = {path: reply for path, reply in before.items() if reply[0] == 200}
        assert len(kept) == len(PATHS) - 1
        assert {path: lasting(older.port)[path] for path in kept} == kept
        # What it has not made yet it cannot make: nginx, or who asks, has to try another one.
        assert older.ask("/tags/never/rss.xml").status == 503
        assert older.ask("/articles/gone").status == 503
        port = older.port
    again = feedsvc("serve", "--port", "0", "--database", url)
    assert again.returncode == 3
    assert told in again.stderr
    with running(tmp_path / "new", "serve", "--port", port, "--database", url, script=newer) as upgraded:
        until(lambda: upgraded.get("readyz") == '{"ready":true,"troubles":[]}')
        assert lasting(port) == before


# Keeping a copy


def shown() -> list[list[str]]:
    """The commands that the documentation gives for a copy, and for restoring it."""
    section = OPERATING.read_text(encoding="utf-8").split("\n## Keep a copy\n")[1]
    return [shlex.split(line) for line in section.split("```sh\n")[1].split("```")[0].splitlines()]


def test_what_pg_dump_copies_while_a_sync_runs_pg_restore_gives_back_with_ids_removals_and_dates(
    content: Path, shared: postgresql.Server, url: str, tmp_path: Path
) -> None:
    synced(content, url)
    name = f"restored_{postgresql.name_of(url)}"
    other = shared.url(name)
    dump_file = str(tmp_path / "dump")
    places = {
        "--file=catalog.dump": f"--file={dump_file}",
        "postgresql://feedsvc@db.example.org/feedsvc": url,
        "restored": name,
        "--dbname=postgresql://feedsvc@db.example.org/restored": f"--dbname={other}",
        "catalog.dump": dump_file,
    }
    shared.run("DROP ROLE IF EXISTS feedsvc")
    shared.run("CREATE ROLE feedsvc LOGIN")
    assert {word for line in shown() for word in line} >= places.keys()
    dump, make, restore = [[places.get(word, word) for word in line] for line in shown()]
    surroundings = {**os.environ, "PGHOST": f"{shared.folder}/data", "PGUSER": "postgres"}
    with (
        running(content, "sync", content, "--watch", "--database", url, *SITE),
        Command(None, "--database", url).ready() as replica,
    ):
        subprocess.run([shared.program(dump[0]), *dump[1:]], check=True, env=surroundings)
        before = lasting(replica.port)
    for program, *arguments in (make, restore):
        subprocess.run([shared.program(program), *arguments], check=True, env=surroundings)
    assert before["/articles/gone"][0] == 410
    with Command(None, "--database", other).ready() as restored:
        assert lasting(restored.port) == before
    assert feedsvc("catalog", "check", content, "--database", other).returncode == 0
    again = feedsvc("sync", content, "--database", other, *SITE)
    assert (again.returncode, again.stderr) == (0, "nothing that is published has changed\n")
    shared.drop(name)
    shared.run("DROP ROLE feedsvc")
