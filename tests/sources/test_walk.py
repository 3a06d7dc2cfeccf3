"""The places that are looked at one by one: the same is found there as by a walk."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest

from feedsvc.errors import SourceError
from feedsvc.sources import status, walk

if TYPE_CHECKING:
    from pathlib import Path

MARKDOWN = frozenset({".md"})

only_on_linux = pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux only")


def write(root: Path, *addresses: str) -> None:
    for address in addresses:
        (root / address).parent.mkdir(parents=True, exist_ok=True)
        (root / address).write_text("words")


def found(root: Path, *places: str) -> list[str]:
    return [address for address, _ in walk.found_at(root, MARKDOWN, status.valued, places)]


def walked(root: Path) -> list[str]:
    return [address for address, _ in walk.walked(root, MARKDOWN, status.valued)]


def test_the_folder_itself_is_a_place_and_nothing_outside_it_is(tmp_path: Path) -> None:
    write(tmp_path, "content/a.md", "content/b/c.md", "d.md")
    assert found(tmp_path / "content", "") == ["a.md", "b/c.md"]
    assert found(tmp_path / "content", "", "a.md", "b") == ["a.md", "b/c.md"]


def test_what_cannot_be_looked_at_does_not_look_removed(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    with pytest.raises(SourceError, match="cannot be listed: File name too long"):
        found(tmp_path, "x" * 300 + ".md")


def test_a_place_below_a_file_is_empty(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    assert found(tmp_path, "a.md/b.md", "a.md/c/d.md") == []


@pytest.mark.parametrize(
    ("named", "asked"),
    [("a.md", "A.md"), ("b/c.md", "B/c.md"), ("b/c.md", "B"), ("é.md", "e\u0301.md"), ("1.md", "1.MD")],
)
def test_a_file_that_only_answers_to_a_name_has_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, asked: str
) -> None:
    write(tmp_path, named)
    fold(monkeypatch, tmp_path)
    assert found(tmp_path, asked) == []
    assert found(tmp_path, named, asked) == [named]


def test_two_names_for_one_file_are_both_there_where_both_are_listed(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    os.link(tmp_path / "a.md", tmp_path / "A.md")
    assert found(tmp_path, "a.md", "A.md") == walked(tmp_path)


@only_on_linux
def test_a_name_that_is_spelled_as_another_is_named_stands_back(tmp_path: Path) -> None:
    write(tmp_path, "a\x01.md", r"a\x01.md", "b\x01/c.md", r"b\x01/d.md")
    assert walked(tmp_path) == [r"a\x01.md", r"b\x01/d.md"]
    assert not walk.is_fit("a\x01.md")


def fold(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    """Makes lookups of names below a root as they are where case and Unicode forms make no difference."""
    lstat = type(root).lstat

    def folded(path: Path) -> os.stat_result:
        actual = root
        for part in path.relative_to(root).parts:
            listed = {key(name): name for name in os.listdir(actual)}  # noqa: PTH208 - names are all that is needed
            actual /= listed.get(key(part), part)
        return lstat(actual)

    monkeypatch.setattr(type(root), "lstat", folded)


def key(name: str) -> str:
    return normalize("NFC", name).casefold()
