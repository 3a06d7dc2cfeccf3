"""Processes are killed without a word; what is published goes on as it was."""

from __future__ import annotations

import os
import re
import signal
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
