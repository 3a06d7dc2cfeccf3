"""Atom (RFC 4287) and its tombstones (RFC 6721)."""

from __future__ import annotations

from html import escape

import pytest
from msgspec.structs import replace
from reading import ATOM, MEDIA, found, text, xml
from specimens import CHANNEL, EBB, EMPTY, FERRY, FULL, KNOTS, LOG, SUNK, entry, feed

from feedsvc.formats import FORMATS

FORM = FORMATS["atom.xml"]
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
TOMBSTONES = "{http://purl.org/atompub/tombstones/1.0}"


def test_the_feed_has_one_of_each_thing_it_must_have() -> None:
    root = xml(FORM.render(FULL))
    assert text(root, f"{ATOM}id") == CHANNEL.id
    assert text(root, f"{ATOM}updated") == "2020-05-20T13:00:00+00:00"
    assert text(root, f"{ATOM}generator") == "feedsvc"
    assert found(root, f"{ATOM}generator").attrib == {}


def test_the_feed_links_to_itself_and_to_its_page_with_their_types() -> None:
    links = [link.attrib for link in xml(FORM.render(EMPTY)).findall(f"{ATOM}link")]
    itself = {"rel": "self", "type": "application/atom+xml", "href": CHANNEL.link + "atom.xml"}
    assert links == [itself, {"rel": "alternate", "type": "text/html", "href": CHANNEL.link}]


def test_an_empty_feed_has_an_author_all_the_same() -> None:
    author = found(xml(FORM.render(EMPTY)), f"{ATOM}author")
    assert [child.text for child in author] == ["Ada Quay", "ada@almanac.example", "https://almanac.example/about"]


def test_every_author_keeps_address_and_page() -> None:
    authors = found(xml(FORM.render(feed(FERRY))), f"{ATOM}entry").findall(f"{ATOM}author")
    ada, ben = ([child.text for child in author] for author in authors)
    assert ada == ["Ada Quay", "https://almanac.example/about"]
    assert ben == ["Ben Mole", "ben@almanac.example"]


def test_rights_are_said_when_there_are_some() -> None:
    assert text(xml(FORM.render(FULL)), f"{ATOM}rights") == CHANNEL.rights
    bare = replace(EMPTY, channel=replace(CHANNEL, rights=None))
    assert xml(FORM.render(bare)).find(f"{ATOM}rights") is None


def test_an_entry_s_one_link_is_its_canonical_page() -> None:
    link = found(xml(FORM.render(feed(KNOTS))), f"{ATOM}entry/{ATOM}link")
    assert link.attrib == {"rel": "alternate", "href": "https://elsewhere.example/knots?a=1&b=2"}


def test_an_entry_without_content_still_has_its_link() -> None:
    made = found(xml(FORM.render(feed(LOG))), f"{ATOM}entry")
    assert made.find(f"{ATOM}content") is None
    assert found(made, f"{ATOM}link").attrib["href"] == LOG.link


def test_a_summary_is_text_and_content_is_html_escaped_once() -> None:
    document = FORM.render(feed(entry(1, summary="2 < 3", content="<p>2 &lt; 3</p>")))
    assert b'<summary type="text">2 &lt; 3</summary>' in document
    assert b'<content type="html">&lt;p&gt;2 &amp;lt; 3&lt;/p&gt;</content>' in document


@pytest.mark.parametrize("words", ["What </body> ends", "&lt;b&gt; is bold", "&#38; and &2"])
def test_a_text_that_looks_like_html_is_the_html_that_says_the_same(words: str) -> None:
    channel = replace(CHANNEL, title=words, description=words, rights=words)
    of = replace(feed(entry(1, title=words, summary=words, rights=words)), channel=channel)
    root = xml(FORM.render(of))
    made = [
        *(root.findall(f"{ATOM}{name}") for name in ("title", "subtitle", "rights")),
        *(root.findall(f"{ATOM}entry/{ATOM}{name}") for name in ("title", "summary", "rights")),
    ]
    assert [[(each.attrib, each.text) for each in one] for one in made] == [
        [({"type": "html"}, escape(words, quote=False))]
    ] * 6


@pytest.mark.parametrize("words", ["AT&T and R&D", "2 < 3 & 3 > 2", "The <dialog> element"])
def test_a_text_that_does_not_is_text(words: str) -> None:
    title = found(xml(FORM.render(feed(entry(1, title=words)))), f"{ATOM}entry/{ATOM}title")
    assert (title.attrib, title.text) == ({}, words)


def test_an_entry_names_its_language_where_it_is_another() -> None:
    root = xml(FORM.render(feed(EBB, FERRY)))
    assert root.attrib[LANG] == "en"
    assert [made.attrib.get(LANG) for made in root.findall(f"{ATOM}entry")] == ["de", None]


def test_a_category_s_scheme_is_where_the_tags_stand() -> None:
    category = xml(FORM.render(feed(FERRY))).findall(f"{ATOM}entry/{ATOM}category")[1]
    assert category.attrib == {"term": "Wind & weather", "scheme": f"{CHANNEL.base_url}tags/"}


def test_a_picture_is_content_and_thumbnail() -> None:
    made = found(xml(FORM.render(feed(FERRY))), f"{ATOM}entry")
    assert found(made, f"{MEDIA}content").attrib["type"] == "image/jpeg"
    assert found(made, f"{MEDIA}thumbnail").attrib["width"] == "800"


def test_every_enclosure_is_a_link_with_what_is_known_of_it() -> None:
    made = found(xml(FORM.render(feed(FERRY))), f"{ATOM}entry")
    url = "https://almanac.example/media/ferry.0123456789.mp3"
    assert [link.attrib for link in made.findall(f"{ATOM}link[@rel='enclosure']")] == [
        {"rel": "enclosure", "type": "audio/mpeg", "length": "52428800", "href": url},
        {"rel": "enclosure", "href": "https://elsewhere.example/ferry?a=1&b=2"},
    ]


def test_an_article_s_own_rights_are_told() -> None:
    assert text(xml(FORM.render(feed(FERRY))), f"{ATOM}entry/{ATOM}rights") == FERRY.rights


def test_a_withdrawn_article_leaves_a_tombstone() -> None:
    deleted = found(xml(FORM.render(FULL)), f"{TOMBSTONES}deleted-entry")
    assert deleted.attrib == {"ref": SUNK.ref, "when": "2020-05-19T08:30:00+00:00"}


def test_a_tombstone_says_why_where_its_publisher_does() -> None:
    deleted = found(
        xml(FORM.render(feed(tombstones=(replace(SUNK, reason="It sank."),)))), f"{TOMBSTONES}deleted-entry"
    )
    (comment,) = deleted
    assert (comment.tag, comment.text, comment.attrib) == (f"{TOMBSTONES}comment", "It sank.", {})


def test_a_reason_that_looks_like_html_is_said_to_be_some() -> None:
    reason = "It </b> sank & <i>drowned</i>."
    root = xml(FORM.render(feed(tombstones=(replace(SUNK, reason=reason),))))
    comment = found(root, f"{TOMBSTONES}deleted-entry/{TOMBSTONES}comment")
    assert (comment.attrib, comment.text) == ({"type": "html"}, escape(reason, quote=False))


def test_a_feed_of_the_living_does_not_speak_of_tombstones() -> None:
    assert b"tombstones" not in FORM.render(feed(FERRY))


def test_a_tombstone_may_be_all_there_is() -> None:
    root = xml(FORM.render(feed(tombstones=(SUNK,))))
    assert root.findall(f"{ATOM}entry") == []
    assert text(root, f"{ATOM}updated") == "2020-05-19T08:30:00+00:00"
