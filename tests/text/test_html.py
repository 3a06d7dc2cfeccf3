"""What may be shown anywhere, with absolute URLs."""

# ruff: noqa: E501 - a case is one line

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.text.html import sanitise
from feedsvc.text.xml import forbidden

PAGE = "https://e.org/articles/a"


def absolute(url: str) -> str:
    return urljoin(PAGE, url)


def sanitised(html: str) -> str:
    return sanitise(html, absolute)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a<script>alert(1)</script>b", "<p>ab</p>"),
        ("<p style='color:red' onclick=x()>a", "<p>a</p>"),
        ("<form action=x><input name=a><button>Go</button></form>", "Go"),
        ("<!-- a --><b>b</b>", "<b>b</b>"),
        ("<svg><script>1</script><text>a</text></svg>b", "b"),
        (
            "<object data=x>a</object><embed src=x>b",
            '<figure><a href="https://e.org/articles/x">x</a></figure>' * 2 + "b",
        ),
        ("<a href='javascript:alert(1)'>a</a>", "<a>a</a>"),
        ("<a href=' java\nscript:alert(1)'>a</a>", "<a>a</a>"),
        ("<img src='data:image/png;base64,AAAA'>", "<img>"),
        ("<img src='mailto:a@b'>", "<img>"),
        ("<a target=_blank rel=me href='https://x.org/'>a</a>", '<a href="https://x.org/">a</a>'),
        ("<a href='mailto:a@b'>a</a>", '<a href="mailto:a@b">a</a>'),
        ("<video src='//x.org/v'/>a", '<video src="https://x.org/v" controls=""></video>a'),
        ("<audio src=//x.org/a />b", '<audio src="https://x.org/a" controls=""></audio>b'),
        ("<audio src=//x.org/a/>b</audio>", '<audio src="https://x.org/a/" controls="">b</audio>'),
        ("<video autoplay src=//x.org/v></video>", '<video src="https://x.org/v" controls=""></video>'),
        ("<unknown>a</unknown>", "a"),
        ("<code class='language-c++ mine'>a</code>", '<code class="language-c++">a</code>'),
        ("<p class=mine>a", "<p>a</p>"),
        ("a\x08&#8;&#xfffe;\ud800b", "ab"),
    ],
)
def test_only_what_is_allowed_stays(html: str, expected: str) -> None:
    assert sanitised(html) == expected


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("b", "https://e.org/articles/b"),
        ("../b", "https://e.org/b"),
        ("/b", "https://e.org/b"),
        ("?q", "https://e.org/articles/a?q"),
        ("#fn-1", "https://e.org/articles/a#fn-1"),
        ("", "https://e.org/articles/a"),
        ("//x.org/b", "https://x.org/b"),
        (r"..\b?c\d", "https://e.org/b?c%5Cd"),
        (r"\\x.org\b", "https://x.org/b"),
        (" b c ", "https://e.org/articles/b%20c"),
        ("\u00a0b", "https://e.org/articles/%C2%A0b"),
        ("b\x08\n", "https://e.org/articles/b"),
        ("1:b", "https://e.org/articles/1:b"),
        ("HTTP://x.org/\u00e9", "HTTP://x.org/\u00e9"),
    ],
)
def test_every_url_is_absolute(written: str, url: str) -> None:
    assert sanitised(f'<a href="{written}">a</a>') == f'<a href="{url}">a</a>'
    assert sanitised(f'<q cite="{written}">a</q>') == f'<q cite="{url}">a</q>'


@pytest.mark.parametrize(
    "url", ["//", "//[", "///x", "//x y/", "http:x", "https:///x", "http://[::1", "//x:99999/", "//-/"]
)
def test_a_url_that_cannot_be_made_absolute_is_dropped(url: str) -> None:
    assert sanitised(f'<a href="{url}">a</a>') in {"<a>a</a>", '<a href="https://e.org/x">a</a>'}


def test_a_rewrite_may_refuse() -> None:
    def refuse(url: str) -> str:
        raise ValueError(url)

    assert sanitise("<a href=b>a</a><img src=c srcset='d 1x'>", refuse) == "<a>a</a><img>"


def test_pictures_posters_and_sources_are_absolute_too() -> None:
    assert sanitised("<img src=b alt=c><video poster=d><source src=e><track src=f></video>") == (
        '<img src="https://e.org/articles/b" alt="c"><video poster="https://e.org/articles/d" controls="">'
        '<source src="https://e.org/articles/e"><track src="https://e.org/articles/f"></video>'
    )


def test_a_picture_without_a_source_does_not_get_the_page_as_one() -> None:
    assert sanitised("<img src=''>") == "<img>"


@pytest.mark.parametrize(
    ("srcset", "expected"),
    [
        ("b", "https://e.org/articles/b"),
        ("b 1x, c 2x", "https://e.org/articles/b 1x, https://e.org/articles/c 2x"),
        (" ,b,c 640w ,, //x.org/d,e 1.5x,", "https://e.org/articles/b,c 640w, https://x.org/d,e 1.5x"),
        ("b, c", "https://e.org/articles/b, https://e.org/articles/c"),
        ("javascript:x 1x, b 2x", "https://e.org/articles/b 2x"),
        ("b huge, c 2x", "https://e.org/articles/c 2x"),
    ],
)
def test_every_candidate_of_a_srcset_is_absolute(srcset: str, expected: str) -> None:
    assert sanitised(f'<img srcset="{srcset}">') == f'<img srcset="{expected}">'


def test_a_srcset_without_candidates_is_dropped() -> None:
    assert sanitised("<img srcset=' , '>") == "<img>"


@pytest.mark.parametrize(
    ("iframe", "expected"),
    [
        ('<iframe width=1 src="//x.org/?a=1&amp;b">', '<figure><a href="https://x.org/?a=1&amp;b">Embedded page: x.org</a></figure>'),
        ("<IFRAME SRC='b'>", '<figure><a href="https://e.org/articles/b">b</a></figure>'),
        ("<iframe src=b>", '<figure><a href="https://e.org/articles/b">b</a></figure>'),
        ("<iframe src='javascript:x'>", ""),
        ("<iframe src=' java\nscript:x'>", ""),
        ("<iframe src='about:blank' title=x data-src=b>", '<figure><a href="https://e.org/articles/b">x</a></figure>'),
        ('<iframe title="a > b, src=c" src=b>', '<figure><a href="https://e.org/articles/b">a &gt; b, src=c</a></figure>'),
        ("<iframe srcdoc='<p>a' src=b>", '<figure><a href="https://e.org/articles/b">b</a></figure>'),
        ("<iframe src=b>Your browser shows <i>no</i> frames.", '<figure><a href="https://e.org/articles/b">b</a></figure>'),
        ("<iframe src=b title='A map of\n1 &amp; 2'>", '<figure><a href="https://e.org/articles/b">A map of 1 &amp; 2</a></figure>'),
        (
            "<iframe src='https://www.youtube-nocookie.com/embed/a-B_1?start=3'>",
            '<figure><a href="https://www.youtube.com/watch?v=a-B_1">Video: youtube.com</a></figure>',
        ),
        (
            "<iframe src='//player.vimeo.com/video/12?h=1'>",
            '<figure><a href="https://vimeo.com/12">Video: vimeo.com</a></figure>',
        ),
        ("<iframe src='https://open.spotify.com/x'>", '<figure><a href="https://open.spotify.com/x">Audio: spotify.com</a></figure>'),
        ("<iframe srcdoc='<p>a'>", ""),
        ("<iframe>", ""),
    ],
)  # fmt: skip
def test_an_iframe_becomes_a_link(iframe: str, expected: str) -> None:
    assert sanitised(f"{iframe}</iframe>") == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<iframe src=b>a<p>c</p>", '<figure><a href="https://e.org/articles/b">b</a></figure>a<p>c</p>'),
        ("<!-- <iframe src=b> -->a<!-- </iframe> -->", "a"),
        ("<iframe src='a", ""),
        (
            "<object width=1><param name=movie value=a><embed src=b></object>c",
            '<figure><a href="https://e.org/articles/b">b</a></figure>c',
        ),
        ("<object data=b><embed src=c>d</object>e", '<figure><a href="https://e.org/articles/b">b</a></figure>e'),
        (
            "<script src='https://gist.github.com/ada/1a2b.js?file=a.py'></script>",
            '<figure><a href="https://gist.github.com/ada/1a2b">Code: gist.github.com</a></figure>',
        ),
        ("<script src='https://a.example/a.js'></script>a", "a"),
    ],
)
def test_what_is_within_an_embed_and_what_is_without_stay_apart(html: str, expected: str) -> None:
    assert sanitised(html) == expected


def test_footnotes_stay_linked() -> None:
    html = '<sup class="footnote-ref"><a href="#fn-1" id="fnref-1">1</a></sup>'
    assert sanitised(html) == html.replace("#fn-1", f"{PAGE}#fn-1")


PIECES = """
<a href=" <img src= srcset=" <p> </p> <b> </b> <table> <td> </table> <iframe src= <svg> <math> <style> </style> <!-- -->
<title> </title> <select> <textarea> <li> <ul> <script> </script> <video poster= <q cite=" <pre> <code class= <figure>
" ' > / \\ // # ? , 2x javascript: data: http: https:// &#8; &lt; &amp; \x08 \ud800 é b c .. :
"""
MARKUP = st.lists(st.sampled_from(PIECES.split()) | st.text(st.characters(codec=None), max_size=4), max_size=30).map(
    " ".join
)


@given(MARKUP | MARKUP.map(lambda html: html.replace(" ", "")))
def test_sanitising_twice_changes_nothing_more(html: str) -> None:
    once = sanitised(html)
    assert sanitised(once) == once


@given(MARKUP)
def test_nothing_forbidden_or_active_is_left(html: str) -> None:
    made = sanitised(html)
    assert not forbidden(made)
    assert not any(f"<{tag}" in made for tag in ("script", "style", "iframe", "svg", "form", "input", "object"))


def test_mathematics_survives() -> None:
    math = (
        '<math display="block"><mrow><mi mathvariant="bold">x</mi><mo stretchy="false">=</mo><msqrt><mn>2</mn></msqrt>'
        "</mrow></math>"
    )
    assert sanitised(f"<p>{math}</p>") == f"<p>{math}</p>"
    tricks = '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">'
    assert "onerror" not in sanitised(tricks)
    assert "alert" not in sanitised('<math href="javascript:alert(1)"><maction actiontype="x">alert</maction></math>')
