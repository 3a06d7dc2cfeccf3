"""Marks: when one stands for its bytes, on real files and on file systems that are not at hand."""

from __future__ import annotations

import os
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from feedsvc.sources.status import SETTLED_HERE_AFTER, marked

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file whose date is a fine one, as all but one in a million are."""
    path = tmp_path / "a.md"
    path.touch()
    while path.stat().st_ctime_ns % 1_000_000 == 0:
        path.touch()
    return path


def dated(monkeypatch: pytest.MonkeyPatch, *, here: bool) -> None:
    monkeypatch.setattr("feedsvc.sources.status.is_dated_here", lambda _device: here)


def is_settled(file: Any, age: float) -> bool:
    """Whether it is, so many seconds after the last change."""
    mark = marked(file, clock=lambda: file.stat().st_ctime + age)
    assert mark is not None
    return mark.is_settled


@pytest.mark.parametrize("age", [-5, 2.1, 60])
def test_a_mark_is_settled_two_seconds_away_from_the_last_change(path: Path, age: float) -> None:
    assert is_settled(path, age)


@pytest.mark.parametrize("age", [-1.9, 0, 1.9])
def test_it_is_not_before_where_another_clock_may_have_dated_the_file(
    path: Path, age: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    dated(monkeypatch, here=False)
    assert not is_settled(path, age)


@pytest.mark.parametrize("age", [-0.1, 0.03])
def test_it_is_after_a_moment_where_this_machine_dated_it(
    path: Path, age: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    dated(monkeypatch, here=True)
    assert is_settled(path, age)


@pytest.mark.parametrize("age", [-0.01, 0, 0.01])
def test_it_is_not_within_that_moment(path: Path, age: float, monkeypatch: pytest.MonkeyPatch) -> None:
    dated(monkeypatch, here=True)
    assert not is_settled(path, age)


@pytest.mark.parametrize("at", [0, 10_000_000, 987_000_000])
def test_coarse_dates_are_waited_for_whoever_wrote_them(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """FAT counts in twos of seconds, ext3 in seconds, exFAT in hundredths, some servers in milliseconds."""
    dated(monkeypatch, here=True)
    at += 1_000_000_000_000
    seconds = {"st_mtime": at / 1e9, "st_ctime": at / 1e9, "st_mtime_ns": at, "st_ctime_ns": at}
    found = SimpleNamespace(**seconds, st_size=1, st_ino=1, st_dev=1)
    file = SimpleNamespace(stat=lambda: found)
    assert not is_settled(file, 1.9)
    assert is_settled(file, 2.1)


def test_an_old_date_on_a_fresh_file_does_not_settle_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dated(monkeypatch, here=False)
    os.utime(path, (1, 1))
    assert not is_settled(path, 1)


def test_what_is_written_a_moment_later_has_another_mark(path: Path) -> None:
    """On the file system at hand: so a mark stands for its bytes when a moment has gone by."""
    for number in range(20):
        before = marked(path, clock=lambda: 0.0)
        time.sleep(SETTLED_HERE_AFTER)
        path.write_bytes(bytes([number]))
        assert marked(path, clock=lambda: 0.0) != before
