from __future__ import annotations

import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.text.anchors import OURS, anchored


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("What a <em>Passkey</em> is?", "what-a-passkey-is"),
        ("Tools &amp; methods", "tools--methods"),
        ("  Over\n two lines ", "over-two-lines"),
        ("snake_case and kebab-case", "snake_case-and-kebab-case"),
        ("3.2 Höhe über Null", "32-höhe-über-null"),
        ("हिन्दी में", "हिन्दी-में"),
        ("有什么变化", "有什么变化"),
    ],
)
def test_a_heading_is_linked_to_by_what_it_says(said: str, made: str) -> None:
    assert anchored(f'<h2 title="x">{said}</h2><p>y</p>') == f'<h2 id="{made}" title="x">{said}</h2><p>y</p>'


@pytest.mark.parametrize(
    "html", ['<h2 id="b">A</h2>', '<h3><a id="b"></a>A</h3>', "<h2>?!</h2>", "<header>A</header>", ""]
)
def test_nothing_else_is_changed(html: str) -> None:
    assert anchored(html) == html


def test_each_id_is_there_once() -> None:
    headings = ["A", "a", "A 1", "B", "A", "Page text", "Page layout"]
    html = '<p id="b">x</p>' + "".join(f"<h2>{each}</h2>" for each in headings)
    found = re.findall(r'<h2 id="([^"]*)"', anchored(html))
    assert found == ["a", "a-1", "a-1-1", "b-1", "a-2", "page-text-1", "page-layout"]


def test_the_mark_of_a_footnote_is_no_part_of_what_a_heading_says() -> None:
    mark = '<sup class="footnote-ref"><a href="#fn-b" id="fnref-b">1</a></sup>'
    assert anchored(f"<h2>What changes{mark}</h2>") == f'<h2 id="what-changes">What changes{mark}</h2>'


def test_an_author_s_own_id_makes_way_for_the_page_s() -> None:
    html = '<p id="page-text">x</p><a href="#page-text">y</a><a href="https://e.org/#page-text">z</a>'
    moved = '<p id="page-text-1">x</p><a href="#page-text-1">y</a><a href="https://e.org/#page-text">z</a>'
    assert anchored(html) == moved
    said = '<p><code>&lt;p id="page-text"&gt;</code></p>'
    assert anchored(said + html) == said + moved


@pytest.mark.parametrize("name", ["base.html", "parts.html", "article.html"])
def test_what_the_page_around_the_text_calls_its_own_is_left_to_it(name: str) -> None:
    template = (files("feedsvc.pages") / "templates" / name).read_text("utf-8")
    assert {each for each in re.findall(r' id="([^"]*)"', template) if "{" not in each} <= OURS


@given(st.lists(st.text("aA1 -_", max_size=4), max_size=12))
def test_no_two_headings_have_the_same_id(said: list[str]) -> None:
    found = re.findall(r' id="([^"]*)"', anchored("".join(f"<h2>{each}</h2>" for each in said)))
    assert len(found) == len({*found})


def test_very_many_equal_headings_end() -> None:
    assert anchored("<h2>a</h2>" * 50_000).endswith('<h2 id="a-49999">a</h2>')
