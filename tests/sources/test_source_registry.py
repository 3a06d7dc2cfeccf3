"""Which source a URL or a path opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedsvc.errors import SourceError
from feedsvc.sources import open_source

TEXT = frozenset({".txt"})


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("content", "content"),
        ("/srv/content", "/srv/content"),
        ("notes:2020", "notes:2020"),
        ("file:///srv/my%20content", "/srv/my content"),
        ("file://localhost/srv", "/srv"),
        ("FILE:///srv", "/srv"),
        ("file:content", "content"),
    ],
)
def test_a_path_and_a_file_url_open_a_folder(url: str, root: str) -> None:
    assert open_source(url, suffixes=TEXT).root == Path(root)


def test_an_unknown_scheme_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SourceError) as caught:
        open_source("gopher://example.org/", suffixes=TEXT)
    assert str(caught.value) == (
        "gopher://example.org/: no records can be read from gopher: "
        "(write the path of a folder, or one of: file:, sqlite:, postgresql:, postgres:)"
    )


def test_a_file_url_on_another_machine_is_refused() -> None:
    with pytest.raises(SourceError) as caught:
        open_source("file://elsewhere/srv", suffixes=TEXT)
    assert str(caught.value) == ("file://elsewhere/srv: is on another machine (write file:/// and a path of this one)")


def test_an_opened_folder_holds_the_suffixes_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "b.md").touch()
    assert [address for address, _ in open_source(str(tmp_path), suffixes=TEXT).scan()] == ["a.txt"]
