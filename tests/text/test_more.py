"""Where an author ended the teaser, and what the excerpt is made of then."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedsvc.config import Site, complete
from feedsvc.entries import entry
from feedsvc.model import Article, Markup
from feedsvc.text.markup import render
from feedsvc.text.more import lead

AT = datetime(2026, 5, 20, tzinfo=UTC)
SITE = complete(Site(base_url="https://e.org/", excerpt_length=60), folder_name="e", address="")


def summary(source: str, markup: Markup = "markdown") -> str:
    article = Article("a.md", "A", "a", "2026-05-20", AT, AT, source, markup, id="tag:e.org,2026:a")
    return entry(article, site=SITE).summary


@pytest.mark.parametrize(
    "marker",
    [
        "<!--more-->", "<!-- more -->", "<!--more Go on-->", "<!-- MORE -->", "<!-- truncate -->", "<!--truncate-->",
        "<!-- excerpt -->", "<!-- read more -->", "<!--readmore-->", "<!-- TEASER_END -->", "<!-- end excerpt -->",
        "<!-- PELICAN_END_SUMMARY -->",
    ],
)  # fmt: skip
def test_the_excerpt_ends_at_the_marker(marker: str) -> None:
    assert summary(f"First.\n\nSecond.\n\n{marker}\n\nThird.") == "First. Second."
    assert lead(render(f"One {marker} two.", "markdown")) == "<p>One "


def test_a_comment_of_mdx_is_a_marker_too() -> None:
    assert summary("First.\n\n{/* truncate */}\n\nThird.", "mdx") == "First."


def test_a_teaser_that_is_too_long_is_cut() -> None:
    assert summary("The first sentence has its length. " * 3 + "\n\n<!--more-->\n\nMore.") == (
        "The first sentence has its length."
    )


@pytest.mark.parametrize(
    "source", ["<!--more-->\n\nFirst. Second.", "First. Second. `<!--more-->`", "<!-- a comment -->\nFirst. Second."]
)
def test_what_is_no_marker_ends_nothing(source: str) -> None:
    assert summary(source).startswith("First. Second.")


def test_the_content_holds_all() -> None:
    article = Article("a.md", "A", "a", "2026-05-20", AT, AT, "One.\n\n<!--more-->\n\nTwo.", "markdown", id="x:y")
    assert "Two." in str(entry(article, site=SITE).content)
