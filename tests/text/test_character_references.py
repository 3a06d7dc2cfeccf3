"""Character references in a row."""

from __future__ import annotations

import nh3
import pytest

from feedsvc.text.character_references import spaced
from feedsvc.text.html import sanitise


@pytest.mark.parametrize("html", ["", "a &amp; b", "&amp;" * 10_000, "<p title='" + "&" * 10_000 + "'>"])
def test_few_are_left_as_they_are(html: str) -> None:
    assert spaced(html) == html


@pytest.mark.parametrize(
    "html", ["&amp;" * 10_500, "é&" * 10_500, "<p>" + "&lt;a" * 10_500 + "</p><b>&</b>", "\u00a0" * 10_500]
)
def test_what_is_shown_stays_the_same(html: str) -> None:
    found = spaced(html)
    assert found not in {None, html}
    assert nh3.clean(str(found)) == nh3.clean(html)


@pytest.mark.parametrize(
    "attribute", ["='{}'", '="{}"', "={}", "= '<{}'", '=\' title="{}"', '="\'{}"', "='>{}'", '="a=" title="{}"']
)
def test_an_attribute_with_too_many_is_told_from_text(attribute: str) -> None:
    assert spaced(f"<p title{attribute.format('&' * 10_500)}>") is None


def test_the_text_around_such_an_attribute_is_kept() -> None:
    html = f"<p>Before</p><p title='{'&' * 10_500}'>After</p>"
    assert sanitise(html, str) == "<p> Before After </p>"


def test_so_is_a_text_that_might_be_one() -> None:
    assert sanitise("=" + "&" * 10_500, str) == f"<p>={'&amp;' * 10_500}</p>"
