"""What machines read in the pages: JSON-LD, Open Graph and microformats."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import mf2py
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from feedsvc.model import Category, Entry, Image, Person
from feedsvc.pages import ArticleView, Chrome, Link, ListView, article_page, list_page

HOME = "https://news.example/"
CHROME = Chrome(site_title="Example News", home=HOME, language="en", zone=UTC, style_href="/static/site.css")
ENTRY = Entry(
    id="tag:news.example,2020-05-20:missile",
    title="Missile details </script> feared leaked",
    link=f"{HOME}articles/missile",
    page=f"{HOME}articles/missile",
    published=datetime(2020, 5, 20, 8, tzinfo=UTC),
    updated=datetime(2020, 5, 21, tzinfo=UTC),
    summary="An inquiry is <em>under</em> way & more.",
    content="<p>An <em>inquiry</em> is under way.</p>",
    authors=(Person("Mara Quill", uri="https://news.example/mara"), Person("Idris Vane")),
    categories=(Category("Harbour & sea", "harbour-sea"), Category("Fleet", "fleet")),
    image=Image(f"{HOME}media/a.png?x=1&y=2", width=640, height=480),
)
LIST = ListView(
    chrome=CHROME,
    title="Example News",
    heading="Example News",
    description="News & more",
    canonical=HOME,
    entries=(ENTRY, replace(ENTRY, title="Second", page=f"{HOME}articles/second", image=None)),
)
ARTICLE = ArticleView(
    chrome=CHROME,
    entry=ENTRY,
    back=HOME,
    authors=(Link("Mara Quill", "https://news.example/mara"),),
    tags=(Link("Fleet", f"{HOME}tags/fleet/"),),
    latest=LIST.entries[1:],
)


def structured(page: bytes) -> list[dict[str, Any]]:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.decode(), re.DOTALL)
    return [json.loads(block) for block in blocks]


def properties(page: bytes) -> list[tuple[str, str]]:
    """Open Graph as a parser of HTML finds it."""
    found = mf2py.Parser(doc=page.decode()).__doc__.find_all("meta", attrs={"property": True})
    return [(each["property"], each["content"]) for each in found]


def test_an_article_is_told_as_news() -> None:
    assert structured(article_page(ARTICLE)) == [
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": ENTRY.title,
            "description": ENTRY.summary,
            "url": ENTRY.link,
            "mainEntityOfPage": ENTRY.link,
            "datePublished": "2020-05-20T08:00:00Z",
            "dateModified": "2020-05-21T00:00:00Z",
            "inLanguage": "en",
            "author": [
                {"@type": "Person", "name": "Mara Quill", "url": "https://news.example/mara"},
                {"@type": "Person", "name": "Idris Vane"},
            ],
            "publisher": {"@type": "Organization", "name": "Example News", "url": HOME},
            "image": {"@type": "ImageObject", "url": f"{HOME}media/a.png?x=1&y=2", "width": 640, "height": 480},
            "keywords": ["Harbour & sea", "Fleet"],
        }
    ]


def test_where_nobody_is_named_the_site_is_the_author_and_no_person() -> None:
    (found,) = structured(article_page(replace(ARTICLE, entry=replace(ENTRY, authors=(Person("Example News"),)))))
    assert found["author"] == [found["publisher"]]
    assert found["publisher"]["@type"] == "Organization"


def test_only_the_first_page_tells_of_the_site() -> None:
    (site,) = structured(list_page(LIST))
    assert (site["@type"], site["name"], site["url"]) == ("WebSite", "Example News", HOME)
    assert not structured(list_page(replace(LIST, first=HOME)))
    assert not structured(list_page(replace(LIST, heading="Fleet")))


@given(st.text())
def test_no_text_ends_the_script_that_it_stands_in(text: str) -> None:
    entry = replace(ENTRY, title=text, summary=text, authors=(Person(text),), categories=(Category(text, "x"),))
    page = article_page(replace(ARTICLE, entry=entry, tags=(), latest=()))
    (found,) = structured(page)
    assert found.get("headline", "") == text
    assert page.count(b"<script") == page.count(b"</script") == 1


def test_what_has_no_public_page_is_told_to_no_machine() -> None:
    page = article_page(replace(ARTICLE, entry=replace(ENTRY, link=None)))
    assert not structured(page)
    assert not properties(page)
    assert not properties(list_page(replace(LIST, canonical="")))


def test_an_article_has_a_card() -> None:
    page = article_page(ARTICLE)
    assert properties(page) == [
        ("og:site_name", "Example News"),
        ("og:type", "article"),
        ("og:title", ENTRY.title),
        ("og:description", ENTRY.summary),
        ("og:url", ENTRY.link),
        ("og:image", f"{HOME}media/a.png?x=1&y=2"),
        ("og:image:width", "640"),
        ("og:image:height", "480"),
        ("article:published_time", "2020-05-20T08:00:00Z"),
        ("article:modified_time", "2020-05-21T00:00:00Z"),
        ("article:author", "https://news.example/mara"),
        ("article:tag", "Harbour & sea"),
        ("article:tag", "Fleet"),
    ]
    assert b'<meta name="twitter:card" content="summary_large_image">' in page
    without = article_page(replace(ARTICLE, entry=replace(ENTRY, image=None)))
    assert b'<meta name="twitter:card" content="summary">' in without


def test_a_list_has_one_too() -> None:
    page = list_page(replace(LIST, image=Image(f"{HOME}media/logo.png")))
    assert ("og:type", "website") in properties(page)
    assert ("og:image", f"{HOME}media/logo.png") in properties(page)
    assert b'<meta name="twitter:card" content="summary">' in page


@pytest.mark.parametrize("level", ["list", "article"])
def test_microformats_tell_the_same(level: str) -> None:
    page = list_page(LIST) if level == "list" else article_page(ARTICLE)
    found = mf2py.parse(page.decode(), url=HOME)["items"]
    if level == "list":
        (feed,) = found
        assert feed["type"] == ["h-feed"]
        assert feed["properties"]["name"] == ["Example News"]
        first, second = feed["children"]
        assert second["properties"]["name"] == ["Second"]
        assert first["properties"]["summary"] == [ENTRY.summary]
    else:
        first = found[0]
        assert first["properties"]["author"][0]["properties"]["name"] == ["Mara Quill"]
        assert first["properties"]["content"][0]["html"].strip() == ENTRY.content
        assert first["properties"]["category"] == ["Fleet"]
        assert [each["value"] for each in first["properties"]["photo"]] == [f"{HOME}media/a.png?x=1&y=2"]
        assert first["properties"]["updated"] == ["2020-05-21T00:00:00Z"]
    assert first["type"] == ["h-entry"]
    assert first["properties"]["name"] == [ENTRY.title]
    assert first["properties"]["url"] == [ENTRY.page]
    assert first["properties"]["published"] == ["2020-05-20T08:00:00Z"]
