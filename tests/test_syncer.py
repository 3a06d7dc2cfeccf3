"""The sync beside the servers: it is there, it comes back, and it never outlives them."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from command import command_of, running, serving, until, write

from feedsvc.syncer import NICENESS, Syncer

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def content(tmp_path: Path) -> Path:
    write(tmp_path / "content" / "a.md", "First")
    return tmp_path / "content"


def test_a_sync_that_is_killed_is_started_again(content: Path) -> None:
    with serving(content) as site:
        until(lambda: "First" in site.get("atom.xml"))
        (killed,) = until(site.syncs)
        os.kill(killed, signal.SIGKILL)
        write(content / "b.md", "Second")
        until(lambda: "Second" in site.get("atom.xml"))
        (another,) = site.syncs()
        assert another != killed
        assert "feedsvc: the sync ended with code -9; it is started again" in site.said


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="there are no such priorities")
def test_the_servers_come_first_where_the_processor_is_short(content: Path) -> None:
    with serving(content) as site:
        until(lambda: "First" in site.get("atom.xml"))
        (sync,) = site.syncs()
        assert os.getpriority(os.PRIO_PROCESS, sync) == os.getpriority(os.PRIO_PROCESS, 0) + NICENESS


def test_a_sync_that_cannot_be_started_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    python, said = tmp_path / "python", list[str]()

    def has_said(what: str) -> bool:
        said.append(capfd.readouterr().err)
        return what in "".join(said)

    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", str(python))
        syncer = Syncer(["--version"])
    syncer.start()
    until(lambda: has_said("feedsvc: the sync cannot be started (No such file or directory); it is started again"))
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    until(lambda: has_said("feedsvc: the sync ended with code 0"))
    syncer.stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_end_takes_the_sync_along(content: Path, number: int) -> None:
    with serving(content) as site:
        until(lambda: "First" in site.get("atom.xml"))
        (sync,) = until(site.syncs)
        assert site.end(number) == 0
        assert command_of(sync) == ""
        assert "Traceback" not in site.said


def test_a_server_that_is_killed_takes_the_sync_along(content: Path) -> None:
    with serving(content) as site:
        until(lambda: "First" in site.get("atom.xml"))
        (sync,) = until(site.syncs)
        assert site.end(signal.SIGKILL) == -9
        until(lambda: not command_of(sync))


def test_two_workers_serve_beside_one_sync_and_all_end(content: Path) -> None:
    with serving(content, "--workers", 2) as site:
        until(lambda: "First" in site.get("atom.xml"))
        children = until(lambda: len(site.children()) == 4 and site.children())  # Python keeps one for itself
        assert len(site.syncs()) == 1
        assert sum("spawn_main" in command for command in children.values()) == 2
        write(content / "a.md", "Edited")
        until(lambda: all("Edited" in site.get("atom.xml") for _ in range(10)))
        assert site.end() == 0
    until(lambda: not any(map(command_of, children)))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_sync_that_watches_ends_when_told_to(content: Path, number: int) -> None:
    with running(content, "sync", content, "--watch") as site:
        until(lambda: site.revisions)
        write(content / "b.md", "Second")
        until(lambda: site.revisions > 1)
        assert site.end(number) == 0
        assert "Traceback" not in site.said


def test_one_that_cannot_start_is_tried_again_until_it_is_stopped(capfd: pytest.CaptureFixture[str]) -> None:
    syncer = Syncer(["sync", "/nowhere", "--with-parent"])
    syncer.start()
    said = ""

    def is_tried_twice() -> bool:
        nonlocal said
        said += capfd.readouterr().err
        return said.count("it is started again") == 2

    until(is_tried_twice)
    syncer.stop()
    assert "'/nowhere' does not exist" in said
    assert "feedsvc: the sync ended with code 2; it is started again" in said


def test_one_that_is_stopped_as_soon_as_it_is_started_ends(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    syncer = Syncer(["sync", "--watch", "--with-parent", str(tmp_path / "content")])
    syncer.start()
    syncer.stop()
    assert syncer._child is None or syncer._child.poll() is not None
