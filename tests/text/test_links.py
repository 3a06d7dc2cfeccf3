"""Addresses on this site."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.text.links import candidates, is_article, local_path, media_path, quoted, without_digest

DIGEST = "0123456789abcdef" * 4


def test_a_path_is_percent_encoded_between_its_slashes() -> None:
    assert quoted("a b/é?#.png") == "a%20b/%C3%A9%3F%23.png"


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("a%20b.png?x#y", "a b.png"),
        ("/a.png", "/a.png"),
        ("https://x.org/a.png", ""),
        ("//x.org/a.png", ""),
        ("mailto:a.png", ""),
        ("?a.png", ""),
        ("[//[", "[//["),
        ("{static}/a.png", "/a.png"),
        ("{filename}../b/c.md#d", "../b/c.md"),
        ("|attach|a.png", "a.png"),
        ("@/b/c.md", "/b/c.md"),
        ("~/a.png", "/a.png"),
        ("@site/static/a.png", "/a.png"),
        ("@site/docs/c.md", "/docs/c.md"),
        ("~ada/a.png", "~ada/a.png"),
        ("@ada", "@ada"),
        ("a/{static}/b.png", "a/{static}/b.png"),
    ],
)
def test_a_url_on_this_site_has_a_path(url: str, path: str) -> None:
    assert local_path(url) == path


def test_what_is_no_url_has_no_path() -> None:
    assert local_path(" //[") == ""


def test_a_file_of_an_article_is_told_by_its_ending() -> None:
    assert [path for path in ("a.md", "b/c.mdx", "d.markdown", "e.html", "f.md/", "md") if is_article(path)] == [
        "a.md",
        "b/c.mdx",
        "d.markdown",
    ]


@pytest.mark.parametrize(
    ("record", "path", "addresses"),
    [
        ("a/b.md", "c.png", ("a/c.png",)),
        ("a/b.md", "./c.png", ("a/c.png",)),
        ("a/b.json#x/y", "c.png", ("a/c.png",)),
        ("a/b.md", "../c.png", ("c.png",)),
        ("a/b.md", "../../c.png", ()),
        ("b.md", ".", ()),
        ("a/b.md", "/c.png", ("c.png", "static/c.png", "assets/c.png", "public/c.png", "source/c.png")),
        ("a/b.md", "/../c.png", ("c.png", "static/c.png", "assets/c.png", "public/c.png", "source/c.png")),
        ("a/b.md", "/", ()),
    ],
)
def test_a_path_is_beside_the_record_or_at_the_top(record: str, path: str, addresses: tuple[str, ...]) -> None:
    assert candidates(record, path) == addresses


def test_a_file_s_lasting_address_holds_its_digest() -> None:
    assert media_path("a b/c.d.png", DIGEST) == "media/a%20b/c.d.0123456789.png"
    assert without_digest("a b/c.d.0123456789.png") == ("a b/c.d.png", "0123456789")


@pytest.mark.parametrize("path", ["c.png", "c.012345678.png", "c.0123456789", "c.012345678A.png", "0123456789.png"])
def test_another_path_holds_none(path: str) -> None:
    assert without_digest(path) is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_path_leads_out_of_the_source(record: str, path: str) -> None:
    assert not any({"..", ""} & set(address.split("/")) for address in candidates(record.lstrip("/"), path))
