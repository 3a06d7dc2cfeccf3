"""The running text of an article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.text.html import prose, sanitise
from feedsvc.text.markup import render


def of_markdown(source: str, length: int = 1000) -> str:
    return prose(sanitise(render(source, "markdown"), str), length)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# Head\n\nOne *two*\nthree.\n\nFour.", "One two three.\nFour."),
        ("One.\n\n```python\ncode()\n```\n\n    more()\n\nUse `f()`.", "One.\nUse f()."),
        ("- one\n- two\n  - three", "one\ntwo\nthree"),
        ("a\\\nb<br>c", "a b c"),
        ("One.[^n] Two.\n\n[^n]: A note.", "One. Two."),
        ("One.\n\n| a |\n|---|\n| b |\n\nTwo.", "One.\nTwo."),
        ("> Quoted.\n\nSaid.", "Quoted.\nSaid."),
        ("<figure><img src=a.png><figcaption>Caption</figcaption></figure>\n\nOne.", "One."),
        ('<iframe src="https://tube.example/1"></iframe>\n\nOne.', "One."),
        ("<video src=https://e.org/v>No video</video>\n\n<nav>\n\n- x\n\n</nav>\n\nOne.", "One."),
        ("<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>だ", "漢字だ"),
        ("a &amp;&lt;b&gt; &nbsp;c", "a &<b> c"),
        ("<script>x</script><style>y</style>\n\nOne.", "One."),
        ("One.<sup id=fnref:1><a href=#fn:1>1</a></sup> Two.", "One. Two."),
        ("m<sup>2</sup> a**b**c", "m2 abc"),
    ],
)
def test_prose_is_what_one_reads_aloud(source: str, expected: str) -> None:
    assert of_markdown(source) == expected


def test_reading_goes_on_where_what_was_read_is_left_out() -> None:
    html = "<p>https://e.org/a</p>" * 9 + "<!-- a comment --><p>word</p>" * 9
    assert prose(html, 20).startswith("word\nword\nword\nword\n")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>See:</p><ul><li>a</li></ul><p>b</p>", "See…\nb"),
        ("<p>See: </p>\n<pre>a</pre><pre>b</pre>", "See…"),
        ('<p>See：</p><p><img src="a.png"></p><p>b</p>', "See…\nb"),
        ("<p>See:</p><h2>a</h2><p>b</p>", "See:\nb"),
        ("<p>See:</p><p>b</p><ul></ul>", "See:\nb"),
        ("<ul><li>See:<pre>a</pre></li></ul>", "See…"),
        ("<h2>a</h2><pre>b</pre>", "a"),
        ("<h2>a</h2><ul><li>b</li></ul>", "b"),
        ("<pre>a</pre>", ""),
        ('<p>a<sup><a href="https://e.org/#n">1</a></sup></p>', "a"),
        ('<p>a<sup><a href="https://e.org/n">1</a></sup></p>', "a1"),
        ("<p>https://e.org/a b</p><p>https://e.org/c</p>", "https://e.org/a b"),
        ("<p>https://e.org/c</p>", "https://e.org/c"),
    ],
)
def test_what_is_left_out_leaves_a_trace_only_behind_a_colon(html: str, expected: str) -> None:
    assert prose(html, 99) == expected


def test_an_article_that_is_one_table_is_read_whole() -> None:
    assert of_markdown("| a |\n|---|\n| b |") == "a\nb"


def test_an_article_of_pictures_has_no_prose() -> None:
    assert of_markdown("![alt](a.png)") == ""


def test_a_skipped_element_within_its_like_is_skipped_to_the_outer_end() -> None:
    assert prose("<table><tr><td><table></table>a</td></tr></table>b<br>", 99) == "b"


def test_a_stray_end_tag_ends_nothing() -> None:
    assert prose("</pre>a<pre>b</p>c</pre>d", 99) == "a\nd"


def test_reading_stops_after_enough() -> None:
    read = prose("<p>word</p>" * 10_000, 100)
    assert 100 <= len(read) < 4000


@given(
    st.lists(st.sampled_from(["word ", "<p>", "</p>", "<em>", "</em>", "&amp;", "<h2>x</h2>", "é" * 900]), max_size=60)
)
def test_what_is_read_is_the_beginning_of_the_whole(parts: list[str]) -> None:
    html = "".join(parts)
    whole, some = prose(html, len(html) + 1), prose(html, 50)
    assert whole.startswith(some)
    assert some == whole or len(some) >= 50


def test_a_megabyte_in_one_tag_is_read_in_linear_time() -> None:
    assert prose(f'<p title="{"a" * 1_000_000}">b</p>', 100) == "b"
