from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from feedsvc.notice import LENGTH, Notice, posted

if TYPE_CHECKING:
    import pytest


def test_what_is_told_is_read_by_others_until_it_is_over() -> None:
    with posted() as path:
        told, others = Notice(path), Notice(path)
        assert others.read() is None
        told.tell("the disk is full — “no space”", 12.5)
        assert others.read() == Notice(path).read() == ("the disk is full — “no space”", 12.5)
        told.tell("", 13)
        assert others.read() is None
    assert not Path(path).exists()


def test_a_long_word_is_cut_and_half_a_word_is_none() -> None:
    with posted() as path:
        notice = Notice(path)
        notice.tell("“" * 5_000, 1)
        found = notice.read()
        assert found is not None
        assert set(found[0]) == {"“"}
        assert Path(path).stat().st_size == LENGTH
        Path(path).write_bytes(b'["half'.ljust(LENGTH))
        assert notice.read() is None


def test_where_there_is_no_place_for_one_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with posted() as path:
        notice = Notice(path)
        notice.tell("the disk is full", 1)
        assert (path, notice.read()) == ("", None)
