"""Entries: an article with its summary and content made."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Literal
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from feedsvc.config import Site, complete
from feedsvc.config.sections import Section
from feedsvc.entries import entry, page_of
from feedsvc.model import Article, Category, Enclosure, Image, MediaFile, Person
from feedsvc.text.html import SCHEMES

NOON = datetime(2020, 5, 20, 12, tzinfo=UTC)
SITE = complete(Site(base_url="https://e.org/b/", author="Ann"), folder_name="Notes", address="")
ARTICLE = Article(
    address="birds/owl/night.md",
    id="tag:e.org,2020-05-20:owl",
    title="An owl",
    slug="owl",
    written_date="2020-05-20",
    published=NOON,
    updated=NOON,
    source="# Owl\n\nIt *flies* at night.",
    markup="markdown",
)


def content(source: str) -> str | None:
    return entry(replace(ARTICLE, source=source), site=SITE).content


def test_an_article_is_rendered() -> None:
    made = entry(ARTICLE, site=SITE)
    assert made.content == "<h2>Owl</h2>\n<p>It <em>flies</em> at night.</p>\n"
    assert made.summary == "It flies at night."
    assert (made.id, made.title, made.published, made.updated) == (ARTICLE.id, "An owl", NOON, NOON)


def test_an_entry_is_a_function_of_article_and_site() -> None:
    assert entry(ARTICLE, site=SITE) == entry(ARTICLE, site=SITE)


def test_its_page_is_below_the_base_url() -> None:
    assert page_of(ARTICLE, site=SITE) == "https://e.org/b/articles/owl"
    assert page_of(replace(ARTICLE, slug="é/ü"), site=SITE) == "https://e.org/b/articles/%C3%A9%2F%C3%BC"


def test_its_link_is_its_page_unless_the_record_names_another() -> None:
    assert entry(ARTICLE, site=SITE).link == entry(ARTICLE, site=SITE).page
    elsewhere = entry(replace(ARTICLE, link="https://x.org/owl"), site=SITE)
    assert (elsewhere.link, elsewhere.page) == ("https://x.org/owl", "https://e.org/b/articles/owl")


def test_a_link_that_is_an_iri_becomes_a_url() -> None:
    elsewhere = entry(replace(ARTICLE, link="https://x.org/eulé?q=ü#ä%20"), site=SITE)
    assert elsewhere.link == "https://x.org/eul%C3%A9?q=%C3%BC#%C3%A4%20"


def test_an_article_without_a_text_shows_its_summary_as_content() -> None:
    blank = entry(replace(ARTICLE, source=" \n", summary="Owls & <mice>"), site=SITE)
    assert blank.content == "<p>Owls &amp; &lt;mice&gt;</p>\n"
    assert entry(replace(ARTICLE, source=""), site=SITE).content == "<p>An owl</p>\n"


def test_an_editor_s_summary_wins() -> None:
    made = entry(replace(ARTICLE, summary="  Of\n owls\x08. "), site=SITE)
    assert made.summary == "Of owls."


@pytest.mark.parametrize("summary", [None, "", " \n"])
def test_without_an_editor_s_summary_an_excerpt_is_made(summary: str | None) -> None:
    assert entry(replace(ARTICLE, summary=summary), site=SITE).summary == "It flies at night."


def test_without_prose_the_summary_is_the_title() -> None:
    assert entry(replace(ARTICLE, source="![owl](owl.png)"), site=SITE).summary == "An owl"


def test_an_excerpt_is_as_long_as_the_site_wants() -> None:
    article = replace(ARTICLE, source="Wide wings. " * 100)
    assert entry(article, site=replace(SITE, excerpt_length=40)).summary == "Wide wings. Wide wings. Wide wings."


def test_a_site_of_summaries_has_no_content() -> None:
    made = entry(ARTICLE, site=replace(SITE, content="summary"))
    assert (made.content, made.summary) == (None, "It flies at night.")


def test_what_xml_forbids_is_gone() -> None:
    made = entry(replace(ARTICLE, title="O\x00wl", source="a&#8;b &#xfffe;\ud800"), site=SITE)
    assert (made.title, made.content, made.summary) == ("Owl", "<p>ab </p>\n", "ab")


def test_the_site_s_author_stands_in() -> None:
    assert entry(ARTICLE, site=SITE).authors == (Person("Ann"),)
    bob = Person("Bob", uri="https://bob.example/")
    assert entry(replace(ARTICLE, authors=(bob,)), site=SITE).authors == (bob,)


def test_categories_stay_as_they_are() -> None:
    categories = (Category("Night birds", "night-birds"),)
    assert entry(replace(ARTICLE, categories=categories), site=SITE).categories == categories


@pytest.mark.parametrize(("language", "expected"), [(None, None), ("en", None), ("de", "de")])
def test_only_another_language_is_said(language: str | None, expected: str | None) -> None:
    assert entry(replace(ARTICLE, language=language), site=SITE).language == expected


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("owl.png", "https://e.org/b/media/birds/owl/owl.png"),
        ("./a%20b.JPG?x#y", "https://e.org/b/media/birds/owl/a%20b.JPG?x#y"),
        ("../wren.mp3", "https://e.org/b/media/birds/wren.mp3"),
        ("../../é.pdf", "https://e.org/b/media/%C3%A9.pdf"),
        ("..owl.png", "https://e.org/b/media/birds/owl/..owl.png"),
        ("../../../owl.png", "https://e.org/owl.png"),
        ("/owl.png", "https://e.org/owl.png"),
        ("//x.org/owl.png", "https://x.org/owl.png"),
        ("https://x.org/owl.png", "https://x.org/owl.png"),
        ("wren", "https://e.org/b/articles/wren"),
        ("wren.html", "https://e.org/b/articles/wren.html"),
        ("#owl.png", "https://e.org/b/articles/owl#owl.png"),
        ("?owl.png", "https://e.org/b/articles/owl?owl.png"),
    ],
)
def test_a_relative_url_is_beside_the_record_or_of_its_page(written: str, url: str) -> None:
    assert content(f"[a]({written})") == f'<p><a href="{url}">a</a></p>\n'


def test_a_record_at_the_top_has_its_media_there() -> None:
    made = entry(replace(ARTICLE, address="a.md", source="![a](a.png)"), site=SITE)
    assert made.content == '<p><img src="https://e.org/b/media/a.png" alt="a"></p>\n'


@pytest.mark.parametrize(
    ("written", "image"),
    [
        (None, None),
        ("owl.png", Image("https://e.org/b/media/birds/owl/owl.png", "image/png")),
        ("a b.JPEG", Image("https://e.org/b/media/birds/owl/a%20b.JPEG", "image/jpeg")),
        ("https://x.org/o%20wl.webp?w=1", Image("https://x.org/o%20wl.webp?w=1", "image/webp")),
        ("https://x.org/é", Image("https://x.org/%C3%A9", None)),
        ("//[", None),
        ("https://[/a.png", None),
        ("/owl.svg", Image("https://e.org/owl.svg", "image/svg+xml")),
    ],
)
def test_an_image_is_absolute_with_its_type(written: str | None, image: Image | None) -> None:
    assert entry(replace(ARTICLE, image=written), site=SITE).image == image


FILE = MediaFile("birds/owl/owl.png", "0123456789abcdef" * 4, 700, 64, 48)
AT = "https://e.org/b/media/birds/owl/owl.0123456789.png"


def test_the_first_picture_of_the_text_stands_for_an_article_that_names_none() -> None:
    made = entry(replace(ARTICLE, source="![Owl](owl.png)", media=(FILE,)), site=SITE)
    assert made.image == Image(AT, "image/png", 64, 48, 700)
    assert made.content == f'<p><img src="{AT}" alt="Owl" width="64" height="48"></p>\n'


def test_what_an_article_plays_is_enclosed() -> None:
    assert entry(replace(ARTICLE, source='<audio src="/a.mp3">'), site=SITE).enclosures == (
        Enclosure("https://e.org/a.mp3", "audio/mpeg"),
    )


def test_an_article_s_own_rights_go_with_it() -> None:
    assert entry(replace(ARTICLE, rights="CC0"), site=SITE).rights == "CC0"


def test_the_settings_of_a_section_make_its_entries() -> None:
    news = Section(name="news", content="summary", excerpt_length=40, language="de", author="Ada", rights="© Ada")
    site = replace(SITE, sections=(news,))
    text = "The first sentence has its length here. The second one is too much."
    inside, outside = (
        entry(replace(ARTICLE, source=text, address=address), site=site) for address in ("news/a.md", "a.md")
    )
    assert (inside.content, inside.summary) == (None, "The first sentence has its length here.")
    assert (inside.language, inside.authors, inside.rights) == ("de", (Person("Ada"),), "© Ada")
    assert (outside.language, outside.rights) == (None, None)
    assert outside.summary == text


def test_what_an_article_says_of_itself_wins_over_its_section() -> None:
    news = Section(name="news", content="summary", excerpt_length=200, language="de", rights="© Ada")
    own = replace(
        ARTICLE, source="One two three four. Five six seven eight nine ten.", address="news/a.md",
        content="full", excerpt_length=40, language="en", rights="© Bob",
    )  # fmt: skip
    found = entry(own, site=replace(SITE, sections=(news,)))
    assert found.content
    assert (found.summary, found.language, found.rights) == ("One two three four.", None, "© Bob")


class Addresses(HTMLParser):
    """Every address in an article's HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src", "poster", "cite", "data", "action", "longdesc", "background"}:
                self.found.append(value or "")
            elif name == "srcset":
                self.found += re.findall(r"(?:^|,)\s*(\S*[^\s,])", value or "")


URLS = st.sampled_from(
    [
        r"a.png",
        r"/a.png",
        r"./a",
        r"../../a",
        r"//x.org/a",
        r"?a",
        r"#a",
        r".",
        r"https:a",
        r"https://x.org/a",
        r"HTTP://x.org",
        r"mailto:a@x.org",
        r"javascript:a",
        r"a:b",
        r"é",
        r"%",
        r"[",
        r"data:image/png;base64,a",
        r"\\x.org\a",
        r"&#47;a",
    ]
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
FORMS = st.sampled_from(
    """
[a]({})
[a](<{}>)
![a]({})
<{}>
<a href="{}">a</a>
<img src={}>
<img srcset="{} 2x, {}">
<picture><source srcset='{}'><img></picture>
<video poster="{}"><track src="{}"></video>
<audio src="{}"></audio>
<q cite="{}">a</q>
<ins cite="{}">a</ins>
<blockquote cite="{}">a</blockquote>
<iframe src="{}"></iframe>
<object data="{}"></object>
<form action="{}">a</form>
<base href="{}">
<table background="{}"><tr><td>a</table>
<svg><a xlink:href="{}">a</a></svg>
<math href="{}"><mi>a</mi></math>
    """.strip().splitlines()
)
LINKED = st.lists(st.builds(lambda form, url: form.replace("{}", url), FORMS, URLS), min_size=1, max_size=6)


@given(LINKED, st.sampled_from(["markdown", "html", "text"]))
def test_no_relative_address_survives(parts: list[str], markup: Literal["markdown", "html", "text"]) -> None:
    made = entry(replace(ARTICLE, source="\n\n".join(parts), markup=markup), site=SITE)
    assert made.content is not None
    for address in Addresses(made.content).found:
        assert urlsplit(address).scheme in SCHEMES, address
        assert urlsplit(address).scheme in {"mailto", "tel"} or urlsplit(address).netloc, address
    assert all(urlsplit(enclosure.url).netloc for enclosure in made.enclosures)
    assert made.image is None or urlsplit(made.image.url).netloc
