"""Marks: when one stands for its bytes."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from feedsvc.sources.status import SETTLED_HERE_AFTER, marked

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 1_700_000_000


def file(nanoseconds: int, *, written: int = SECONDS) -> Any:
    """A file that last changed so many nanoseconds after a second."""
    changed = SECONDS * 10**9 + nanoseconds
    dates = {"st_mtime": written + nanoseconds / 1e9, "st_ctime": changed / 1e9, "st_ctime_ns": changed}
    found = SimpleNamespace(**dates, st_mtime_ns=written * 10**9 + nanoseconds, st_size=1, st_ino=1, st_dev=1)
    return SimpleNamespace(stat=lambda: found)


FINE = file(123_456_789)


def is_settled(file: Any, age: float) -> bool:
    """Whether it is, so many seconds after the last change."""
    mark = marked(file, clock=lambda: file.stat().st_ctime + age)
    assert mark is not None
    return mark.is_settled


@pytest.fixture(params=[True, False])
def is_dated_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the dates are known to be of this machine's clock."""
    monkeypatch.setattr("feedsvc.sources.status.is_dated_here", lambda _device: request.param)
    return bool(request.param)


@pytest.mark.usefixtures("is_dated_here")
@pytest.mark.parametrize("age", [-5, 2.1, 60])
def test_a_mark_is_settled_two_seconds_away_from_the_last_change(age: float) -> None:
    assert is_settled(FINE, age)


@pytest.mark.parametrize("age", [-1.9, -0.1, 0.03, 1.9])
def test_it_is_after_a_moment_where_this_machine_dated_it(age: float, *, is_dated_here: bool) -> None:
    assert is_settled(FINE, age) is is_dated_here


@pytest.mark.usefixtures("is_dated_here")
@pytest.mark.parametrize("age", [-0.01, 0, 0.01])
def test_it_never_is_within_that_moment(age: float) -> None:
    assert not is_settled(FINE, age)


@pytest.mark.usefixtures("is_dated_here")
@pytest.mark.parametrize("nanoseconds", [0, 10_000_000, 987_000_000])
def test_coarse_dates_are_waited_for_whoever_wrote_them(nanoseconds: int) -> None:
    """FAT counts in twos of seconds, ext3 in seconds, exFAT in hundredths, some servers in milliseconds."""
    assert not is_settled(file(nanoseconds), 1.9)
    assert is_settled(file(nanoseconds), 2.1)


@pytest.mark.usefixtures("is_dated_here")
def test_an_old_date_on_a_fresh_file_does_not_settle_it() -> None:
    assert not is_settled(file(123_456_789, written=1), 0.01)


def test_what_has_a_settled_mark_gets_another_one_by_the_next_change(tmp_path: Path) -> None:
    """On the file system at hand, whatever it is."""
    path = tmp_path / "a.md"
    path.write_bytes(b"0")
    for number in range(1, 10):
        time.sleep(SETTLED_HERE_AFTER)
        before = marked(path, clock=time.time)
        path.write_bytes(str(number).encode())
        assert before is not None
        assert not before.is_settled or marked(path, clock=time.time).value != before.value  # type: ignore[union-attr]
