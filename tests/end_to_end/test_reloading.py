"""SIGHUP and SIGUSR1 while readers ask: settings and logs change, and nobody notices."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from command import write
from polling import polled
from serving import Command, until

if TYPE_CHECKING:
    from pathlib import Path

every_way = pytest.mark.parametrize("workers", ["1", "2"])
several = pytest.mark.parametrize("workers", ["2"])

# Each on a connection of its own, as often as it takes to have met every worker.
OFTEN = 24


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    write(folder / "a.md", "The ferry")
    return folder


def settings(content: Path, text: str) -> None:
    (content / "feedsvc.toml").write_text(text, encoding="utf-8")


def told(command: Command, what: str, times: int = 1) -> None:
    until(lambda: command.output.count(what) == times)


def statuses(command: Command, address: str) -> list[int]:
    """Of so many plain requests of one client that every worker has had three."""
    return [command.ask("/rss.xml", {"X-Forwarded-For": address}).status for _ in range(OFTEN)]


@every_way
def test_settings_change_in_every_process_without_a_failed_request(content: Path, workers: str) -> None:
    settings(content, "burst = 0\nmax_age = 3600")
    with Command(content, "--workers", workers).ready() as command:
        before = command.children()
        with polled(command.port) as polls:
            assert set(statuses(command, "192.0.2.1")) == {200}
            for number in range(3):
                settings(content, "burst = 1\nmax_age = 3600")
                command.process.send_signal(signal.SIGHUP)
                told(command, "feedsvc: the settings were read again", 2 * number + 1)
                until(lambda: statuses(command, "192.0.2.1").count(429) == OFTEN)
                settings(content, "burst = 0\nmax_age = 3600")
                command.process.send_signal(signal.SIGHUP)
                told(command, "feedsvc: the settings were read again", 2 * number + 2)
                until(lambda: statuses(command, "192.0.2.1").count(200) == OFTEN)
            until(lambda: polls.count > 100)
        assert polls.failed == []
        assert command.children() == before


@several
def test_whom_a_proxy_s_word_is_taken_from_changes(content: Path, workers: str) -> None:
    settings(content, "burst = 1")
    with Command(content, "--workers", workers).ready() as command:
        until(lambda: 429 in statuses(command, "192.0.2.1"))
        settings(content, 'burst = 1\ntrusted_proxies = ""')
        command.process.send_signal(signal.SIGHUP)
        until(lambda: set(statuses(command, "192.0.2.1")) == {200})


@several
def test_faulty_settings_are_told_and_the_old_ones_stay(content: Path, workers: str, tmp_path: Path) -> None:
    settings(content, "burst = 1")
    with Command(content, "--workers", workers).ready() as command:
        for fault, said in (
            ("burst = -1", "burst: -1 is not a whole number from 0 to 100000"),
            (f'burst = 0\naccess_log = "{tmp_path}/nowhere/log"', "nowhere/log cannot be written: No such file"),
        ):
            settings(content, fault)
            command.process.send_signal(signal.SIGHUP)
            until(lambda said=said: said in command.output)  # type: ignore[misc]
        told(command, "feedsvc: the settings stay as they were", 2)
        assert 429 in statuses(command, "192.0.2.1")
        assert "read again" not in command.output


@every_way
def test_what_takes_a_restart_is_said(content: Path, workers: str) -> None:
    with Command(content, "--workers", workers).ready() as command:
        settings(content, 'host = "0.0.0.0"\npoll = true\nburst = 1')
        command.process.send_signal(signal.SIGHUP)
        told(command, "feedsvc: what is set for host, poll takes a restart")
        until(lambda: 429 in statuses(command, "192.0.2.1"))


@every_way
def test_a_log_is_begun_renamed_and_ended_while_readers_ask(content: Path, workers: str, tmp_path: Path) -> None:
    log, old = tmp_path / "log", tmp_path / "log.1"
    with Command(content, "--workers", workers).ready() as command:
        with polled(command.port) as polls:
            settings(content, f'access_log = "{log}"')
            command.process.send_signal(signal.SIGHUP)
            until(lambda: log.exists() and log.stat().st_size)
            log.rename(old)
            command.process.send_signal(signal.SIGUSR1)
            until(lambda: log.exists() and log.stat().st_size)
            until(lambda: (size := old.stat().st_size) and is_still(old, size))
            settings(content, "")
            command.process.send_signal(signal.SIGHUP)
            told(command, "feedsvc: the settings were read again", 2)
            until(lambda: is_still(log, log.stat().st_size))
        assert polls.failed == []
        found = (old.read_text() + log.read_text()).splitlines()
        assert all('HTTP/1.1" ' in line for line in found)
        assert 0 < len(found) <= polls.count + 10
        assert command.stop() == 0
    assert "Traceback" not in command.output


def is_still(path: Path, size: int) -> bool:
    """Whether a file does not grow within more than a second, after which each process has written what it had."""
    signal.sigtimedwait([], 1.5)
    return path.stat().st_size == size
