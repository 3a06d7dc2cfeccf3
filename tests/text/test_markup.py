"""Markup to HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.text.markup import render


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("*a* **b**", "<p><em>a</em> <strong>b</strong></p>\n"),
        ("~~a~~", "<p><del>a</del></p>\n"),
        ("https://e.org/a_b", '<p><a href="https://e.org/a_b">https://e.org/a_b</a></p>\n'),
        ("- [x] a\n- [ ] b", "<ul>\n<li>☑ a</li>\n<li>☐ b</li>\n</ul>\n"),
        ("<b>a</b> & b", "<p><b>a</b> &amp; b</p>\n"),
        ("<div>\n\n*a*\n\n</div>", "<div>\n<p><em>a</em></p>\n</div>\n"),
        ("a\x00\x08\ud800b", "<p>ab</p>\n"),
        ("", ""),
    ],
)
def test_markdown_is_github_s_dialect(source: str, expected: str) -> None:
    assert render(source, "markdown") == expected


def test_markdown_has_tables_and_footnotes() -> None:
    html = render("| a |\n|---|\n| b |\n\nc[^1]\n\n[^1]: d", "markdown")
    assert "<td>b</td>" in html
    assert '<sup class="footnote-ref">' in html
    assert '<section class="footnotes"' in html


def test_a_table_of_millions_of_cells_stays_text() -> None:
    source = "|a" * 2000 + "\n" + "|-" * 2000 + "\n" + "b\n" * 2000
    assert "<table>" not in render(source, "markdown")
    assert len(render(source, "markdown")) < 2 * len(source)


@pytest.mark.parametrize(
    "source",
    [
        "[" * 100_000, ">" * 100_000, "*a " * 50_000, "<![" * 50_000, "> - " * 30_000, "`a" * 50_000, "![" * 50_000,
        "[a](" * 50_000, "***" * 50_000, "<!--" * 50_000, "http://" * 30_000, "a@" * 50_000, "~a~~b" * 20_000,
        "".join("`" * n + "x" for n in range(400)), "".join(" " * n + "- a\n" for n in range(400)), '"\'' * 50_000,
    ],
    ids=lambda source: source[:5],
)  # fmt: skip
def test_hostile_markdown_is_rendered_in_linear_time(source: str) -> None:
    # The suite's time limit is what would fail: quadratic time takes minutes here.
    assert isinstance(render(source, "markdown"), str)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("One.\nStill one.\n\n \nTwo.", "<p>One.\nStill one.</p>\n<p>Two.</p>"),
        ("One.\r\nTwo.\n", "<p>One.</p>\n<p>Two.</p>"),
        ("a < b & 'c'", "<p>a &lt; b &amp; &#x27;c&#x27;</p>"),
        (" \n ", ""),
    ],
)
def test_text_is_escaped_paragraphs(source: str, expected: str) -> None:
    assert render(source, "text") == expected


@pytest.mark.parametrize(
    ("source", "url", "after"),
    [
        ("https://e.org/a.", "https://e.org/a", "."),
        ("https://e.org/a_(b)", "https://e.org/a_(b)", ""),
        ("https://e.org/a).", "https://e.org/a", ")."),
        ("https://e.org/?a=1&b=2", "https://e.org/?a=1&amp;b=2", ""),
        ("http://e.org/x<y", "http://e.org/x", "&lt;y"),
    ],
)
def test_bare_urls_in_text_become_links(source: str, url: str, after: str) -> None:
    assert render(f"See {source}", "text") == f'<p>See <a href="{url}">{url}</a>{after}</p>'


@pytest.mark.parametrize("source", ["http://" + ")" * 200_000, "\n" * 200_000 + "a", "http://" * 50_000])
def test_hostile_text_is_rendered_in_linear_time(source: str) -> None:
    assert render(source, "text").startswith("<p>")


def test_a_line_of_addresses_does_not_end_the_process() -> None:
    assert render("a@b.example " * 80_000, "markdown").startswith("<p>a@b.example a@b.example ")
    assert "mailto:" in render("a@b.example and more\n" * 1000, "markdown")


def test_html_stays_as_it_is_but_for_what_xml_forbids() -> None:
    assert render("<p>a\x08<script>", "html") == "<p>a<script>"


@given(st.text(st.characters(codec=None)), st.sampled_from(["markdown", "text", "html"]))
def test_any_text_can_be_rendered(source: str, markup: str) -> None:
    assert isinstance(render(source, markup), str)  # type: ignore[arg-type]  # sampled from the three there are
