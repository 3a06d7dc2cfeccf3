"""Processes are killed without a word; what is published goes on as it was."""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

from serving import Command, is_running, until

if TYPE_CHECKING:
    from pathlib import Path

PATHS = ("/", "/rss.xml", "/atom.xml", "/feed.json", "/tags/t/rss.xml", "/articles/0")


def write(content: Path, name: str, text: str = "Text.") -> None:
    content.mkdir(exist_ok=True)
    text = f"---\ntitle: Article {name}\ndate: 2026-01-01\ntags: [t]\n---\n{text}\n"
    (content / f"{name}.md").write_text(text, encoding="utf-8")


def ids(command: Command) -> dict[bytes, bytes]:
    found = re.findall(rb"<title>(Article [^<]+)</title>.*?<guid[^>]*>([^<]+)", command.ask("/rss.xml").body, re.DOTALL)
    return dict(found)


def test_a_killed_server_comes_back_with_the_same_answers(tmp_path: Path) -> None:
    content = tmp_path / "content"
    for number in range(5):
        write(content, str(number))
    fixed = ("--base-url", "https://lantern.example/")
    with Command(content, *fixed).ready() as first:
        before = {path: first.ask(path).lasting for path in PATHS}
        child = first.syncer()
        first.kill()
        until(lambda: not is_running(child))
    with Command(content, *fixed).ready() as second:
        assert {path: second.ask(path).lasting for path in PATHS} == before


def test_a_sync_that_is_killed_while_files_change_is_made_up_for(tmp_path: Path) -> None:
    content = tmp_path / "content"
    write(content, "first")
    (content / "feedsvc.toml").write_text("entries = 200\n", encoding="utf-8")
    with Command(content).ready() as command:
        before = ids(command)
        for number in range(120):
            write(content, str(number))
            if number in {20, 70}:
                os.kill(until(lambda: syncer(command)), signal.SIGKILL)
        os.kill(until(lambda: syncer(command)), signal.SIGKILL)
        until(lambda: len(ids(command)) == 121)
        after = ids(command)
        assert len(set(after.values())) == 121
        assert before.items() <= after.items()
        assert command.ask("/readyz").body == b'{"ready":true,"troubles":[]}'
    assert "it is started again" in command.output


def test_what_is_killed_over_and_over_while_it_loads_and_syncs_is_whole_in_the_end(tmp_path: Path) -> None:
    content, database = tmp_path / "content", tmp_path / "catalog.db"
    for number in range(400):
        write(content, str(number))
    (content / "feedsvc.toml").write_text("entries = 1000\n", encoding="utf-8")
    chance = random.Random(1)  # noqa: S311 - no secret
    fixed = ("--base-url", "https://lantern.example/", "--database", str(database))
    for last in range(400, 404):
        with Command(content, *fixed) as command:
            until(lambda: syncer(command) if command.process.poll() is None else True)
            child = syncer(command)
            time.sleep(chance.random() * 1.5)  # wherever it is by then
            write(content, str(last))
            if last % 2:
                os.kill(child, signal.SIGKILL)
                time.sleep(chance.random())
            command.kill()
        gone(child)
        with closing(sqlite3.connect(database)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with Command(content, *fixed).ready() as command:
        until(lambda: len(ids(command)) == 404)
        after = ids(command)
        assert command.ask("/readyz").body == b'{"ready":true,"troubles":[]}'
    with Command(content, *fixed[:2], "--database", str(tmp_path / "fresh.db")).ready() as fresh:
        until(lambda: ids(fresh) == after)


def gone(process: int) -> None:
    until(lambda: not is_running(process))


def syncer(command: Command) -> int:
    try:
        return command.syncer()
    except ValueError:  # it was killed, and the next is not there yet
        return 0


def test_a_deleted_database_is_made_anew_with_the_same_answers(tmp_path: Path) -> None:
    content, database = tmp_path / "content", tmp_path / "catalog.db"
    for number in range(5):
        write(content, str(number))
    with Command(content, "--database", str(database)).ready() as command:
        before = command.etags(*PATHS)
        for ending in ("", "-wal", "-shm"):
            database.with_name(f"catalog.db{ending}").unlink(missing_ok=True)
        assert command.etags(*PATHS) == before
        until(database.exists)
        write(content, "new")
        until(lambda: b"Article new" in command.ask("/rss.xml").body)
        (content / "new.md").unlink()
        until(lambda: b"Article new" not in command.ask("/rss.xml").body)
        assert command.etags("/", "/articles/0") == {path: before[path] for path in ("/", "/articles/0")}
