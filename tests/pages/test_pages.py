"""Pages: what stands in them, where, and that what people wrote cannot break out of its place."""

from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError
from msgspec.structs import replace

from feedsvc import pages
from feedsvc.model import Entry, Image, Person
from feedsvc.pages import (
    ArticleView,
    Chrome,
    FeedLink,
    FeedView,
    Link,
    ListView,
    MessageView,
    article_page,
    feed_page,
    list_page,
    message_page,
    rendering,
)

HOME = "https://news.example/"
HOSTILE = """</title><script>alert(1)</script>"onload="alert(2)'<!--&amp;"""
VOID = {"meta", "link", "img", "br", "hr", "input", "source", "wbr"}

CHROME = Chrome(
    site_title="Example News",
    home=HOME,
    language="en",
    zone=UTC,
    style_href=f"{HOME}static/{pages.style_name}",
    feeds=(
        FeedLink("Phishing", "RSS", "application/rss+xml", f"{HOME}tags/phishing/rss.xml"),
        FeedLink("Example News", "RSS", "application/rss+xml", f"{HOME}rss.xml"),
    ),
)
ENTRY = Entry(
    id="tag:news.example,2020-05-20:missile",
    title="Missile details feared leaked",
    link=f"{HOME}articles/missile",
    page=f"{HOME}articles/missile",
    published=datetime(2020, 5, 20, tzinfo=UTC),
    updated=datetime(2020, 5, 20, tzinfo=UTC),
    summary="An inquiry is under way.",
    content="<p>An <em>inquiry</em> is under way.</p>",
    authors=(Person("Mara Quill", uri="https://news.example/mara"), Person("Idris Vane"), Person("Joan Sallow")),
)
ARABIC = replace(ENTRY, title="كلمة المرور", page=f"{HOME}articles/ar", language="ar")
LIST = ListView(
    chrome=CHROME,
    title="Phishing | Example News",
    heading="Phishing",
    description="Articles about phishing",
    canonical=f"{HOME}tags/phishing/",
    entries=(ENTRY, ARABIC),
    older=f"{HOME}before/1",
    first=HOME,
    tags=(Link("R&D", f"{HOME}tags/r-d/"),),
)
ARTICLE = ArticleView(
    chrome=CHROME,
    entry=ENTRY,
    back=HOME,
    authors=tuple(Link(author.name, author.uri or "") for author in ENTRY.authors),
    latest=(ARABIC, ENTRY),
    tags=(Link("Phishing", f"{HOME}tags/phishing/"),),
)
FEED = FeedView(
    chrome=CHROME,
    title="Example News: Phishing",
    format="RSS",
    address=f"{HOME}tags/phishing/rss.xml",
    source=f"{HOME}tags/phishing/rss.xml?format=feed",
    list=f"{HOME}tags/phishing/",
    others=(Link("Atom", f"{HOME}tags/phishing/atom.xml"), Link("JSON Feed", f"{HOME}tags/phishing/feed.json")),
    entries=(ENTRY, ARABIC),
    readers=(Link("A reader", "https://reader.example/?add=x"),),
    script=f"{HOME}static/{pages.script_name}",
)
MESSAGE = MessageView(chrome=CHROME, title="Nothing is here", message="Perhaps it was mistyped.")


class Outline(HTMLParser):
    """Reads a page strictly: every element is closed, in order; keeps elements with their attributes and texts."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(page.decode())
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs))
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.open[-1], " ".join(data.split())))

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        """The attributes of each element of a name that has these attributes."""
        return [found for name, found in self.elements if name == tag and wanted.items() <= found.items()]

    def text(self, tag: str) -> list[str]:
        return [text for name, text in self.texts if name == tag]


PAGES = {
    "list": list_page(LIST),
    "article": article_page(ARTICLE),
    "feed": feed_page(FEED),
    "message": message_page(MESSAGE),
    "home": list_page(replace(LIST, heading="Example News", first=None)),
    "empty": list_page(replace(LIST, entries=(), first=None, older=None, tags=(), description="")),
    "bare": article_page(ArticleView(chrome=replace(CHROME, feeds=()), entry=ENTRY, back=HOME)),
}


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest) -> bytes:
    return PAGES[request.param]


def test_a_page_is_html_of_our_time(page: bytes) -> None:
    assert page.startswith(b"<!doctype html>\n<html ")
    assert Outline(page).elements[2:4] == [
        ("meta", {"charset": "utf-8"}),
        ("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
    ]


def test_a_page_has_one_title_one_main_and_one_first_heading(page: bytes) -> None:
    outline = Outline(page)
    assert [len(outline.all(tag)) for tag in ("title", "main", "h1")] == [1, 1, 1]


def test_no_heading_skips_a_level(page: bytes) -> None:
    levels = [int(tag[1]) for tag, _ in Outline(page).elements if tag in {"h1", "h2", "h3", "h4"}]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_what_points_at_them_finds_them(page: bytes) -> None:
    elements = [found for _, found in Outline(page).elements]
    ids = [found["id"] for found in elements if "id" in found]
    assert len(ids) == len(set(ids))
    targets = {str(found["href"])[1:] for found in elements if str(found.get("href")).startswith("#")}
    labels = {found["aria-labelledby"] for found in elements if "aria-labelledby" in found}
    assert targets | labels <= set(ids)


def test_a_page_runs_and_styles_nothing_by_itself(page: bytes) -> None:
    outline = Outline(page)
    assert not outline.all("style")
    for script in outline.all("script"):
        assert script in ({"type": "application/ld+json"}, {"defer": None, "src": FEED.script})
    assert not [
        found for _, found in outline.elements if any(name.startswith("on") or name == "style" for name in found)
    ]
    assert outline.all("link", rel="stylesheet") == [{"rel": "stylesheet", "href": CHROME.style_href}]


def test_a_page_is_small(page: bytes) -> None:
    assert len(page) < 14_000


def test_the_first_link_skips_to_the_text(page: bytes) -> None:
    outline = Outline(page)
    assert outline.all("a")[0]["href"] == "#page-text"
    assert outline.all("main")[0]["id"] == "page-text"


def test_the_page_s_own_feed_is_announced_before_the_site_s() -> None:
    for name in ("list", "article", "message"):
        links = Outline(PAGES[name]).all("link", rel="alternate")
        assert [(link["title"], link["type"], link["href"]) for link in links] == [
            (feed.title, feed.type, feed.href) for feed in CHROME.feeds
        ]


def test_a_site_without_feeds_says_nothing_of_them() -> None:
    outline = Outline(PAGES["bare"])
    assert not outline.all("link", rel="alternate") + outline.all("footer") + outline.all("a", href="#page-feeds")


@pytest.mark.parametrize(("name", "url"), [("list", LIST.canonical), ("article", ENTRY.link), ("feed", FEED.address)])
def test_a_page_names_its_canonical_address(name: str, url: str) -> None:
    assert Outline(PAGES[name]).all("link", rel="canonical") == [{"rel": "canonical", "href": url}]


def test_a_feed_s_page_shows_its_address_once_to_be_copied() -> None:
    outline = Outline(PAGES["feed"])
    assert outline.text("code") == [FEED.address]
    assert outline.text("h1") == ["Example News: Phishing"]
    assert not outline.all("footer")


def test_a_feed_s_page_leads_to_other_formats_the_feed_itself_and_the_list() -> None:
    links = [found.get("href") for found in Outline(PAGES["feed"]).all("a")]
    assert {*(other.href for other in FEED.others), FEED.source, FEED.list} <= set(links)


def test_a_feed_s_page_shows_day_title_and_excerpt() -> None:
    outline = Outline(PAGES["feed"])
    assert len(outline.all("article")) == 2
    assert "20 May 2020" in outline.text("time")
    assert "An inquiry is under way." in outline.text("p")
    assert b"What is in it now" not in feed_page(replace(FEED, entries=()))


def test_a_message_asks_search_engines_not_to_keep_it() -> None:
    outline = Outline(PAGES["message"])
    assert outline.all("meta", name="robots", content="noindex")
    assert not outline.all("link", rel="canonical")
    assert "Perhaps it was mistyped." in outline.text("p")


def test_a_list_shows_day_title_and_excerpt() -> None:
    outline = Outline(PAGES["list"])
    at = outline.texts.index(("time", "20 May 2020"))
    assert outline.texts[at : at + 3] == [
        ("time", "20 May 2020"),
        ("a", "Missile details feared leaked"),
        ("p", "An inquiry is under way."),
    ]
    assert outline.all("a", href=ENTRY.page)


def test_a_list_leads_to_older_and_to_the_newest_articles() -> None:
    outline = Outline(PAGES["list"])
    assert outline.all("a", rel="next") == [{"rel": "next", "href": LIST.older}]
    assert "Newest articles" in outline.text("a")
    assert not Outline(PAGES["empty"]).all("nav")


def test_a_list_leads_to_subjects() -> None:
    assert ("bdi", "R&D") in Outline(PAGES["list"]).texts


def test_the_only_page_of_a_list_leads_nowhere() -> None:
    assert b'<nav class="pages"' not in list_page(replace(LIST, older=None, first=None))


def test_an_empty_list_says_that_articles_will_come() -> None:
    text = " ".join(Outline(PAGES["empty"]).text("p"))
    assert "No article has been published here yet. New ones appear on this page by themselves" in text


def test_a_list_past_the_oldest_article_leads_to_the_newest() -> None:
    outline = Outline(list_page(replace(LIST, entries=(), older=None)))
    assert "There is nothing older." in outline.text("p")
    assert ("a", "Go to the newest articles.") in outline.texts


def test_the_first_page_of_the_site_says_its_name_once() -> None:
    assert "name" not in [found.get("class") for found in Outline(PAGES["home"]).all("a")]
    assert Outline(PAGES["list"]).all("a", **{"class": "name"})[0]["href"] == HOME


def test_an_older_page_of_the_site_leads_home() -> None:
    assert Outline(list_page(replace(LIST, heading="Example News"))).all("a", **{"class": "name"})


def test_a_description_that_repeats_the_heading_is_shown_once() -> None:
    assert Outline(list_page(replace(LIST, description="Phishing"))).text("p").count("Phishing") == 0


def test_an_article_leads_back_to_the_list() -> None:
    page = article_page(replace(ARTICLE, back=f"{HOME}list"))
    assert f'<a href="{HOME}list">Back to the list</a>'.encode() in page


def test_an_article_shows_the_latest_with_day_title_and_excerpt() -> None:
    outline = Outline(PAGES["article"])
    latest = outline.texts[outline.texts.index(("h2", "Latest articles")) + 1 :][:3]
    assert latest == [("time", "20 May 2020"), ("a", "كلمة المرور"), ("p", "An inquiry is under way.")]


def test_an_article_without_others_has_no_empty_section() -> None:
    assert not Outline(PAGES["bare"]).all("section")


def test_an_article_names_all_its_authors() -> None:
    page = " ".join(PAGES["article"].decode().split())
    mara = '<a class="p-author h-card" rel="author" href="https://news.example/mara">Mara Quill</a>'
    others = [f'<span class="p-author h-card">{name}</span>' for name in ("Idris Vane", "Joan Sallow")]
    assert f"By {mara}, {others[0]} and {others[1]}<" in page
    assert b"By " not in article_page(replace(ARTICLE, entry=ENTRY, authors=()))


def test_an_article_s_tags_lead_to_their_lists() -> None:
    assert Outline(PAGES["article"]).all("a", rel="tag")[0]["href"] == f"{HOME}tags/phishing/"
    assert not Outline(PAGES["bare"]).all("nav")


def test_an_update_on_a_later_day_is_told() -> None:
    later = replace(ENTRY, updated=datetime(2020, 6, 3, 9, tzinfo=UTC))
    assert "3 June 2020" in Outline(article_page(replace(ARTICLE, entry=later))).text("time")
    assert b"Updated" not in PAGES["article"]


def test_days_are_told_in_the_site_s_zone() -> None:
    chrome = replace(CHROME, zone=ZoneInfo("America/New_York"))
    outline = Outline(article_page(replace(ARTICLE, chrome=chrome)))
    assert outline.text("time")[0] == "19 May 2020"
    assert outline.all("time")[0]["datetime"] == "2020-05-20T00:00:00Z"


def test_an_article_that_belongs_elsewhere_says_where() -> None:
    elsewhere = replace(ENTRY, link="https://journal.example/a?b")
    page = article_page(replace(ARTICLE, entry=elsewhere))
    assert b'Original: <a href="https://journal.example/a?b">journal.example</a>' in page
    assert b"Original" not in PAGES["article"]


def test_a_picture_that_the_text_does_not_show_stands_above_it() -> None:
    pictured = replace(ENTRY, image=Image(f"{HOME}media/a.png?x=1&y=2"))
    page = article_page(replace(ARTICLE, entry=pictured))
    (shown,) = Outline(page).all("img")
    assert (shown["src"], shown["alt"]) == (f"{HOME}media/a.png?x=1&y=2", "")


def test_room_is_kept_for_a_picture_whose_size_is_known() -> None:
    pictured = replace(ENTRY, image=Image(f"{HOME}media/a.png", width=640, height=480))
    (shown,) = Outline(article_page(replace(ARTICLE, entry=pictured))).all("img")
    assert (shown["width"], shown["height"]) == ("640", "480")


def test_a_picture_that_the_text_shows_is_not_repeated() -> None:
    content = f'<p><img src="{HOME}media/a.png?x=1&amp;y=2" alt="A"></p>'
    pictured = replace(ENTRY, image=Image(f"{HOME}media/a.png?x=1&y=2"), content=content)
    assert len(Outline(article_page(replace(ARTICLE, entry=pictured))).all("img")) == 1


def test_content_goes_in_as_it_is() -> None:
    assert ENTRY.content is not None
    assert ENTRY.content.encode() in PAGES["article"]


def test_an_article_without_content_is_refused() -> None:
    with pytest.raises(ValueError, match="missile has no content to show"):
        article_page(replace(ARTICLE, entry=replace(ENTRY, content=None)))


def test_a_page_names_its_language_and_direction() -> None:
    assert Outline(PAGES["list"]).all("html") == [{"lang": "en", "dir": "ltr"}]
    hebrew = replace(CHROME, language="he")
    assert Outline(list_page(replace(LIST, chrome=hebrew))).all("html") == [{"lang": "he", "dir": "rtl"}]


def test_an_entry_in_another_language_names_it() -> None:
    teasers = Outline(PAGES["list"]).all("article")
    assert [(teaser.get("lang"), teaser.get("dir")) for teaser in teasers] == [(None, None), ("ar", "rtl")]


def test_an_article_in_another_language_names_it_in_its_title_too() -> None:
    outline = Outline(article_page(replace(ARTICLE, entry=ARABIC)))
    for tag in ("title", "article"):
        assert outline.all(tag)[0].items() >= {"lang": "ar", "dir": "rtl"}.items()


def test_days_are_told_in_the_page_s_language_and_marked_in_others() -> None:
    assert [time.get("lang") for time in Outline(PAGES["list"]).all("time")] == [None, "en"]
    german = list_page(replace(LIST, chrome=replace(CHROME, language="de"), entries=(ENTRY,)))
    assert ("time", "20. Mai 2020") in Outline(german).texts


def _hostile(text: str) -> list[bytes]:
    """Every page with `text` in every place that holds plain text."""
    person = Person(text, uri=text)
    entry = replace(ENTRY, title=text, summary=text, authors=(person,), image=Image(text), link=text, language=text)
    chrome = replace(CHROME, site_title=text, feeds=(FeedLink(text, text, text, text),), home=text, style_href=text)
    tags = (Link(text, text),)
    feed = replace(FEED, chrome=chrome, title=text, format=text, others=tags, entries=(entry,))
    return [
        list_page(replace(LIST, chrome=chrome, heading=text, description=text, entries=(entry,), tags=tags)),
        article_page(replace(ARTICLE, chrome=chrome, entry=entry, back=text, latest=(entry,), tags=tags)),
        feed_page(replace(feed, address=text, source=text, list=text)),
        message_page(replace(MESSAGE, chrome=chrome, title=text, message=text)),
    ]


def test_hostile_text_stays_text() -> None:
    for page in _hostile(HOSTILE):
        outline = Outline(page)
        assert {found.get("type") for found in outline.all("script") if not found.get("src")} <= {"application/ld+json"}
        assert not [found for _, found in outline.elements if "onload" in found]
        assert HOSTILE in outline.text("h1")


@settings(deadline=None, max_examples=50)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])))
def test_no_text_adds_an_element(text: str) -> None:
    names = [[tag for tag, _ in Outline(page).elements] for page in _hostile(f"x{text}")]
    assert names == [[tag for tag, _ in Outline(page).elements] for page in _hostile("x")]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//host/x", "mailto:a@b.example", "x://["])
def test_an_author_s_address_is_a_link_only_on_the_web(url: str) -> None:
    entry = replace(ENTRY, authors=(Person("Mara", uri=url),), link=url)
    outline = Outline(article_page(replace(ARTICLE, entry=entry)))
    assert not outline.all("a", href=url)


def test_a_template_that_asks_for_what_is_not_there_fails() -> None:
    with pytest.raises(UndefinedError):
        rendering._templates.from_string("{{ view.titel }}").render(view=LIST)


def test_the_same_view_makes_the_same_bytes() -> None:
    assert list_page(LIST) == PAGES["list"]
    assert article_page(ARTICLE) == PAGES["article"]
