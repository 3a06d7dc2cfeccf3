"""The rules themselves: a page that keeps none of them is told of each, by the element that is to blame."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import rules
from walk import PHONE, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browsing import Window, Windows

WRONG = """<!doctype html><html lang="en"><head><title>Wrong</title><meta name="viewport" content="width=device-width">
<script type="application/ld+json">{"@type": </script>
<script>
  document.cookie = "seen=1"; console.warn("careful");
  requestAnimationFrame(() => setTimeout(() => document.getElementById("late").style.height = "900px", 100));
</script></head><body><div id="late"></div>
<h1>Wrong</h1><nav>Elsewhere</nav><p class="faint" style="color: #999; background: #fff">hardly read</p>
<p class="wide" style="width: 900px">too wide</p>
<p class="cut" style="width: 60px; height: 20px; overflow: hidden">cut off at the end of its box, alas</p>
<div class="content"><p style="width: 60px">squeezed</p></div>
<pre style="width: 60px; overflow-x: auto">only seen by those who scroll</pre>
<img src="/missing.png"><img src="http://elsewhere.example/pixel.png" alt="">
<a href="/" style="font-size: 4px">1</a> <a href="/" style="font-size: 4px">2</a>
</body></html>"""
PLACE = Place("wrong", "/wrong")


@pytest.fixture
def window(windows: Windows) -> Iterator[Window]:
    with windows.open(PHONE) as found:
        found.page.route("**/wrong", lambda route: route.fulfill(body=WRONG, content_type="text/html", status=200))
        found.go(PLACE)
        found.page.wait_for_function("document.getElementById('late').clientHeight")
        yield found


def test_what_goes_wrong_while_a_page_comes_is_told(window: Window) -> None:
    said = "\n".join(rules.of_coming(window, PLACE, 500))
    assert "answers 500, not 200" in said
    assert "says: careful" in said
    assert re.search("misses: .+ http://lantern.example/missing.png", said)
    assert "asks elsewhere: http://elsewhere.example/pixel.png" in said
    assert "leaves a cookie: seen" in said
    assert "moves while it comes" in said
    assert "shows no picture: http://lantern.example/missing.png" in said
    assert "has structured data that is no JSON" in said


def test_what_does_not_fit_is_told(window: Window) -> None:
    said = "\n".join(rules.of_fitting(window, PHONE))
    assert "at 390 px, letters of 100%: scrolls sideways, to 9" in said
    assert "p.wide “too wide”" in said
    assert "at 320 px, letters of 100%: scrolls sideways" in said
    assert "at 390 px, letters of 200%: scrolls sideways" in said
    assert "at 390 px, letters of 100%: cuts text off: p.cut “" in said
    assert "at 390 px, letters of 100%: has 60 px for a line of 16px: div.content > p “squeezed”" in said
    assert window.look("scrolled") == ["is cut off by its box: pre “only seen by those who scroll”"]


def test_what_is_hard_to_read_is_told(window: Window) -> None:
    said = "\n".join(rules.of_colours(window))
    assert "is not dark: its ground has a luminance of 1.00" in said
    assert "in the light is faint, 2.85 to 1: p.faint “hardly read”" in said


def test_what_some_cannot_use_is_told(window: Window) -> None:
    said = "\n".join(rules.of_axe(window))
    assert "in the light axe image-alt: img" in said
    assert "in the light axe target-size: a" in said
    assert "in the light axe landmark-one-main: html" in said
    assert "in the dark axe color-contrast: .faint" in said


def test_what_is_of_no_use_on_paper_is_told(window: Window) -> None:
    assert list(rules.of_printing(window)) == ["is printed: nav “Elsewhere”"]
