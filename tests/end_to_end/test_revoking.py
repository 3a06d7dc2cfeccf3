"""An address is given and taken back by the command, and every server knows it within a second."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import postgresql
import pytest
from command import feedsvc, write
from privately import TOKEN
from serving import Command, ask, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BASE = ("--base-url", "https://lantern.example/")
SETTINGS = '[channels.members]\nprivate = true\nany = ["tags/members"]\n\n[channels.open]\nany = ["tags/x"]\n'


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    write(folder / "open.md", "Open")
    write(folder / "inside.md", "For insiders", more="audience: members\n")
    (folder / "feedsvc.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


@pytest.fixture
def url() -> Iterator[str]:
    with postgresql.shared().database() as made:
        yield made


def token(*arguments: object) -> str:
    """A new address, below the host."""
    answer = feedsvc("token", "add", "members", "Ada", *arguments)
    assert answer.returncode == 0, answer.stderr
    assert "shown only now" in answer.stderr
    (line,) = answer.stdout.splitlines()
    return line.removeprefix("https://lantern.example")


def statuses(ports: list[int], path: str, times: int = 1) -> set[int]:
    return {ask(port, path).status for port in ports for _ in range(times)}


def seconds_until_gone(ports: list[int], path: str, *arguments: object) -> float:
    """From the end of the command that revokes an address until nobody is served at it any more."""
    assert feedsvc("token", "revoke", "members", "Ada", *arguments).returncode == 0
    start = time.monotonic()
    until(lambda: statuses(ports, path, 8) == {410}, patience=10)
    return time.monotonic() - start


def test_workers_of_one_folder_know_it_within_a_second(content: Path) -> None:
    with Command(content, *BASE, "--workers", "2") as site:
        site.ready()
        own = token("--content", content)
        path = f"{own}rss.xml"
        until(lambda: statuses([site.port], path, 8) == {200})
        assert b"For insiders" in ask(site.port, path).body
        assert b"For insiders" not in ask(site.port, "/rss.xml").body
        assert seconds_until_gone([site.port], path, "--content", content) < 1
        assert own.split("/")[2] not in site.output


def test_servers_that_share_a_database_know_it_within_a_second(content: Path, url: str) -> None:
    assert feedsvc("sync", content, "--database", url, *BASE).returncode == 0
    with ExitStack() as stack:
        sites = [stack.enter_context(Command(None, "--database", url)).ready() for _ in range(2)]
        ports = [site.port for site in sites]
        path = f"{token('--database', url)}feed.json"
        until(lambda: statuses(ports, path) == {200})
        assert seconds_until_gone(ports, path, "--database", url) < 1


def test_the_command_lists_what_it_gave_and_tells_no_secret(content: Path) -> None:
    feedsvc("sync", content, *BASE)
    made = token("--content", content).split("/")[2]
    assert TOKEN.fullmatch(made)
    answer = feedsvc("token", "list", "--content", content)
    assert answer.stdout.startswith(f"members  Ada  {made[:8]}…  created ")
    assert answer.stdout.endswith("\n1 living token\n")
    assert made[8:] not in answer.stdout
    again = feedsvc("token", "add", "members", "Ada", "--content", content)
    assert (again.returncode, again.stdout) == (3, "")
    assert "revoke it first" in again.stderr
    other = feedsvc("token", "add", "open", "Ada", "--content", content)
    assert (other.returncode, "open is not a private channel" in other.stderr) == (3, True)
    assert feedsvc("token", "revoke", "--prefix", made[:8], "--content", content).returncode == 0
    assert "already" in feedsvc("token", "revoke", "members", "Ada", "--content", content).stderr
    (row,) = json.loads(feedsvc("token", "list", "--format", "json", "--content", content).stdout)["tokens"]
    assert (row["channel"], row["name"], row["prefix"]) == ("members", "Ada", made[:8])
    assert row["revoked"]
    shown = feedsvc("catalog", "show", content).stdout
    assert "tokens      0 living, 1 revoked" in shown


@pytest.mark.parametrize("arguments", [["list"], ["add", "members", "Ada"], ["revoke", "members", "Ada"]])
def test_without_a_catalog_it_says_so(tmp_path: Path, arguments: list[str]) -> None:
    answer = feedsvc("token", *arguments, "--content", tmp_path)
    assert (answer.returncode, "there is no catalog yet" in answer.stderr) == (3, True)


@pytest.mark.parametrize("arguments", [[], ["members"], ["members", "Ada", "--prefix", "abc"]])
def test_whom_to_revoke_is_named_in_one_way(tmp_path: Path, arguments: list[str]) -> None:
    assert feedsvc("token", "revoke", *arguments, "--content", tmp_path).returncode == 2
