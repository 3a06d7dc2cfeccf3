"""HTML that no parser should be given."""

from __future__ import annotations

import pytest

from feedsvc.text.html import sanitise
from feedsvc.text.markup import render
from feedsvc.text.nesting import tractable


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100,
        "<p>a" * 5000,
        "<ul>" + "<li>a" * 5000 + "</ul>",
        "<table>" + "<tr><td>a<td>b" * 3000 + "</table>",
        ("<div>" * 90 + "</div>" * 90) * 20,
        '<p><a href="x" title="a > </b> <i>">b</a><br/>' * 1000,
        "<!-- <div> --><p>a</p>" * 1000,
        "<script async src=x>1</script>" * 1000,
        '<iframe src="x"></iframe>' * 1000,
        "1 < 2 <3" * 1000,
    ],
)
def test_a_large_article_is_left_as_it_is(html: str) -> None:
    assert tractable(html) == html


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 600,
        "<b>" * 600,
        "<div><table></div></table>" * 600,
        "<div><!--</div>-->" * 600,
        "<div><style></div></style>" * 600,
        "<div><textarea></div></textarea>" * 600,
        "<div><x a=</div></x>" * 600,
        "<div><![CDATA[</div>]]>" * 600,
        "<DIV></b>" * 600,
        "<div/>" * 600,
        "<p>" + "".join(f"<b id={n}>" for n in range(90)) + "</p>" + "<p>a</p>" * 20_000,
        "<a " + " ".join(f"a{n}" for n in range(3000)) + ">",
        "<a " + "".join(f"a{n}=''" for n in range(3000)) + ">",
    ],
)
def test_what_a_parser_would_nest_too_deep_becomes_text(html: str) -> None:
    assert tractable(html).startswith("<p>")
    assert "<" not in tractable(html)[3:-4]


def test_its_text_is_kept() -> None:
    assert tractable("<i>" * 600 + "a &amp; b &lt;c").split() == ["<p>", "a", "&amp;", "b", "&lt;c</p>"]


@pytest.mark.parametrize(
    "html",
    [
        render(">" * 100_000, "markdown"), "<div>" * 100_000, "<a b='" * 100_000, "<!--" * 100_000, "<a " * 100_000,
        "<iframe src " * 100_000, "<script>" * 100_000, "<" * 100_000, "<a" + " " * 500_000, "&#" * 100_000,
        "<img srcset='" + "," * 100_000 + "'>", "<img srcset='" + "a  " * 100_000 + "'>", "<p><b>" * 50_000,
        "<img srcset='a" + ",b" * 100_000 + "'>", "<!-" + "-" * 300_000, "<table>" * 100_000, "</p>" * 100_000,
        "&amp;" * 500_000, "<p title='" + "&" * 500_000 + "'>", "<p title=" + "&" * 500_000 + ">",
        "\u00a0" * 1_000_000, "<p title='" + "\u00a0" * 1_000_000 + "'>",
    ],
    ids=lambda html: html[:9],
)  # fmt: skip
def test_hostile_html_is_sanitised_in_linear_time(html: str) -> None:
    # The suite's time limit is what would fail: quadratic time takes minutes here.
    assert isinstance(sanitise(html, str), str)
