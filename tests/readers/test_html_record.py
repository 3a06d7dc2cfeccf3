"""HTML records: what a page's head and its article say."""

# ruff: noqa: E501 - a case is one line

from __future__ import annotations

import pytest

from feedsvc.articles import check
from feedsvc.config import Site
from feedsvc.model import Category, Person, Record
from feedsvc.readers import Raw, Value, read

SITE = Site(title="A site", base_url="https://news.example/")
PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head>
  <title>The ferry | A site</title>
  <meta charset="utf-8">
  <meta property="og:title" content="The ferry &amp; us">
  <meta name="description" content="It left on time.">
  <meta property="article:published_time" content="2026-05-20T10:00:00+02:00">
  <meta property="article:modified_time" content="2026-05-21T10:00:00Z">
  <meta property="article:tag" content="Harbour">
  <meta property="article:tag" content="Ferries">
  <meta name="author" content="Ada">
  <meta property="og:image" content="https://news.example/a.jpg">
  <meta name="viewport" content="width=device-width">
  <script>var x = "<article>no</article>";</script>
</head>
<body>
  <nav>Menu</nav>
  <!-- <article>no</article> -->
  <article>
    <header><h1>The ferry</h1><time datetime="2020-01-01">long ago</time></header>
    <p>It <b>left</b>.</p>
    <article>inner</article>
    <footer>Share it</footer>
  </article>
  <aside>Latest</aside>
</body>
</html>
"""


def raw(text: str, address: str = "a.html") -> Raw:
    (found,) = read(Record(address, text.encode()))
    return found


def test_a_page_is_an_article() -> None:
    (found,) = check(Record("a.html", PAGE.encode()), site=SITE)
    article = found.article
    assert article, found
    assert found.faults == ()
    assert (article.title, article.summary, article.language) == ("The ferry & us", "It left on time.", "en-GB")
    assert (article.published.isoformat(), article.updated.isoformat()) == (
        "2026-05-20T08:00:00+00:00",
        "2026-05-21T10:00:00+00:00",
    )
    assert article.categories == (Category("Harbour", "harbour"), Category("Ferries", "ferries"))
    assert (article.authors, article.image) == ((Person("Ada"),), "https://news.example/a.jpg")
    assert article.markup == "html"
    assert article.source.split() == ["<p>It", "<b>left</b>.</p>", "<article>inner</article>"]


def test_a_value_has_the_place_of_its_tag() -> None:
    assert raw(PAGE).fields["date"] == Value("2026-05-20T10:00:00+02:00", 8, 3, 8, 3)


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("<title>A &lt; B</title>", "title", "A < B"),
        ("<title>A | S</title><h1>A <em>b</em></h1>", "title", "A b"),
        ("<h1>no</h1><main><h1>A</h1></main>", "title", "A"),
        ("<article><time datetime='2026-05-20'>x</time></article>", "date", "2026-05-20"),
        ("<time datetime=2020-01-01></time><p><time class='dt-published' datetime='2026-05-20'>", "date", "2026-05-20"),
        ("<b>Updated</b>: <time datetime=2026-06-01>x</time> <time datetime=2026-05-20>y</time>", "date", "2026-05-20"),
        (
            "<b>Updated</b>: <time datetime=2026-06-01>x</time> <time datetime=2026-05-20>y</time>",
            "updated",
            "2026-06-01",
        ),
        ("<main><time>2026-05-20</time></main>", "date", "2026-05-20"),
        ("<time>long ago</time> <time>May 20, 2026</time>", "date", "May 20, 2026"),
        ('<meta property="article:expiration_time" content="2027-01-01">', "expires", "2027-01-01"),
        ('<meta property="og:locale" content="de_DE">', "language", "de_DE"),
        ('<html lang=fr><meta property="og:locale" content="de_DE">', "language", "fr"),
        ("<meta itemprop=datePublished content=2026-05-20>", "date", "2026-05-20"),
        ('<meta name="DC.date" content="2026-05-20">', "date", "2026-05-20"),
        ('<script type="application/ld+json">{"datePublished": "2026-05-20"}</script>', "date", "2026-05-20"),
        ('<meta name="slug" content="a-b">', "slug", "a-b"),
        ('<meta name="keywords" content="a, b">', "tags", "a, b"),
    ],
)
def test_a_field_is_found(text: str, key: str, value: str) -> None:
    assert raw(text).fields[key].value == value


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("<main>a<nav>b</nav>c</main>d", "ac"),
        ("<head></head>a", "a"),
        ("<body class=x>a<form>b</form></body>", "a"),
        ("a<script>b</script>c", "ac"),
        ("<article>a<nav>b", "a"),
        ("<article>a<article>b</article>c</article>d", "a<article>b</article>c"),
        ("<p>a", "<p>a"),
    ],
)
def test_the_text_is_the_inside_of_the_article(text: str, source: str) -> None:
    assert raw(text).source == source


def test_front_matter_wins_over_tags() -> None:
    found = raw("---\ntitle: A\ndate: 2026-05-20\n---\n<title>B</title><p>c")
    assert (found.fields["title"].value, found.source, found.markup) == ("A", "<title>B</title><p>c", "html")


@pytest.mark.parametrize(
    ("address", "text", "aside"),
    [
        ("x.html", "<title>About</title><p>x", "a page without a date"),
        ("x.html", "---\nlayout: default\ntitle: x\n---\n{{ content }}", "a page without a date"),
        (
            "all-of-it.html",
            "<title>All</title><ul><li><time datetime=2026-05-20>a</time><li><time datetime=2026-05-21>b</time><li><time datetime=2026-05-22>c</time></ul>",
            "a page without a date",
        ),
        (
            "all.html",
            "<article><time datetime=2026-05-20>a</time></article><article><time datetime=2026-05-21>a</time></article><article><time datetime=2026-05-22>a</time></article>",
            "a page without a date",
        ),
        ("x.htm", '<meta http-equiv="Refresh" content="0; url=/y"><time datetime=2026-05-20>', "a redirect"),
    ],
)
def test_a_page_without_a_date_is_no_article(address: str, text: str, aside: str) -> None:
    (found,) = check(Record(address, text.encode()), site=SITE)
    assert (found.article, found.aside, found.faults) == (None, aside, ())


@pytest.mark.parametrize(
    "text", ["<article>{}</article>", "<meta name=date content=2026-05-20><main>{}</main>", "<time class=published datetime=2026-05-20></time>{}"]
)  # fmt: skip
def test_an_article_may_speak_of_several_dates(text: str) -> None:
    times = "<ul><li><time datetime=2026-05-20>a</time><li><time datetime=2026-05-21>b</time><li><time datetime=2026-05-22>c</time></ul>"
    (found,) = check(Record("a.html", f"<title>A</title>{text.format(times)}".encode()), site=SITE)
    assert found.article
    assert found.article.written_date == "2026-05-20"


def test_the_date_in_its_name_is_one() -> None:
    (found,) = check(Record("2026-05-20-a.html", b"<title>A</title><p>x"), site=SITE)
    assert found.article
    assert found.article.written_date == "2026-05-20"


def test_a_date_that_cannot_be_read_is_a_fault() -> None:
    (found,) = check(Record("a.html", b'<title>A</title>\n<meta name="date" content="05/06/2020">'), site=SITE)
    assert [str(fault).partition(" (")[0] for fault in found.faults] == [
        "a.html:2:1: date: '05/06/2020' could be May or June"
    ]


@pytest.mark.parametrize(
    "text", ["<h1>" * 20_000, "<nav>" * 20_000, "<!--" * 50_000, '<a "' * 50_000, "<a b='" * 50_000, "<script>" * 20_000,
             "<meta name=x content=y>\n" * 10_000, "<" * 100_000, "<time datetime=1>" * 10_000]
)  # fmt: skip
def test_what_never_closes_costs_little(text: str) -> None:
    assert raw(text).markup == "html"


@pytest.mark.parametrize("tag", ["<nav></nav>", "<nav>", "<h1>", "<h1>a</h1>", "<script></script>", "<form></nav>"])
def test_many_parts_take_no_time(tag: str) -> None:
    assert "nav" not in raw(f"<title>T</title><p>Text.</p>{tag * 30_000}").source


@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "<p>", "<p>ab"])
def test_a_comment_that_never_ends_ends_the_search(before: str) -> None:
    assert raw(f"{before}<!-- a <nav>").source == f"{before}<!-- a <nav>"


def test_what_stands_in_each_other_is_taken_out_as_a_whole() -> None:
    html = "<body>a<nav>b<nav>c</nav>d</nav>e</nav>f<footer>g<body>h"
    assert raw(html).source == "ae</nav>f"
