"""Whether a person or a reader asks at a feed's address, by what clients send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.formats import FORMATS
from feedsvc.web.negotiation import wants_page

RSS, ATOM, JSON = (FORMATS[name].media_type for name in ("rss.xml", "atom.xml", "feed.json"))
every_format = pytest.mark.parametrize("own_type", [RSS, ATOM, JSON])

SIMPLEPIE = (
    "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, "
    "text/html;q=0.7, unknown/unknown;q=0.1, application/unknown;q=0.1, */*;q=0.1"
)
FEEDPARSER = (
    "application/atom+xml,application/rdf+xml,application/rss+xml,application/x-netcdf,application/xml;q=0.9,"
    "text/xml;q=0.2,*/*;q=0.1"
)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9"

# What people look with. "Seen" is what the program itself sent to a server of ours.
PEOPLE = {
    "Chromium 156, seen": (
        f"{BROWSER},image/jxl,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
    ),
    "Chrome and Edge, by MDN's list of default values": (
        f"{BROWSER},image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
    ),
    "Chrome 57, services/network of Chromium": f"{BROWSER},image/webp,*/*;q=0.8",
    "Firefox since 132 and Safari, MDN": f"{BROWSER},*/*;q=0.8",
    "Firefox 92 to 127, MDN": f"{BROWSER},image/avif,image/webp,*/*;q=0.8",
    "Firefox 128, MDN": f"{BROWSER},image/avif,image/webp,image/png,image/svg+xml,*/*;q=0.8",
    "Opera 12, MDN": (
        "text/html, application/xml;q=0.9, application/xhtml+xml, image/png, image/webp, image/jpeg, image/gif, "
        "image/x-xbitmap, */*;q=0.1"
    ),
    "Lynx 2.9, seen": "text/html, text/plain, text/sgml, text/css, */*;q=0.01",
    "Googlebot, the documentation of webpackager": (
        "text/html,application/xhtml+xml,application/signed-exchange;v=b3,application/xml;q=0.9,*/*;q=0.8"
    ),
}

# What reads feeds, or what those who read feeds are written with.
READERS = {
    "SimplePie, src/SimplePie.php; FreshRSS reads by it": SIMPLEPIE,
    "FreshRSS where it reads JSON, app/Utils/httpUtil.php": (
        "application/json,application/feed+json,application/javascript;q=0.9,text/javascript;q=0.8,*/*;q=0.7"
    ),
    "FreshRSS where it reads XML by XPath, the same": "application/xml,application/xhtml+xml,text/xml;q=0.9,*/*;q=0.8",
    "Miniflux, internal/reader/fetcher": (
        "application/xml, application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
        "text/html, */*;q=0.9"
    ),
    "Glean, httpclient": (
        "application/xml,application/atom+xml,application/rss+xml,application/rdf+xml,application/feed+json,"
        "text/html;q=0.9"
    ),
    "feedparser 6.0.14, seen; NewsBlur and rss2email read by it": FEEDPARSER,
    "Thunderbird, FeedUtils.sys.mjs": (
        "application/atom+xml,application/rss+xml;q=0.9,application/rdf+xml;q=0.8,application/xml;q=0.7,"
        "text/xml;q=0.7,*/*;q=0.1"
    ),
    "rss-parser for Node, lib/parser.js": "application/rss+xml",
    "Omnivore, api/src/resolvers/subscriptions": (
        "application/rss+xml, application/rdf+xml;q=0.8, application/atom+xml;q=0.6, application/xml;q=0.4, "
        "text/xml;q=0.4"
    ),
    "QuiteRSS 0.16, its issue 628": "text/xml, text/html, */*",
    "Carbide's news reader": "*/xml",
    "newsboat 2.21, seen": "*/*",
    "sfeed, seen": "*/*",
    "feed2exec 0.19, seen": "*/*",
    "curl 7.88, seen; elfeed and Tiny Tiny RSS fetch by it": "*/*",
    "wget 1.21, seen": "*/*",
    "requests 2.34, seen": "*/*",
    "reader 3.26, seen": (
        "application/atom+xml,application/rdf+xml,application/rss+xml,application/x-netcdf,application/feed+json,"
        "application/xml;q=0.9,application/json;q=0.9,text/xml;q=0.2,*/*;q=0.1"
    ),
    "httpx2 2.16, seen": "*/*",
    "fetch of Node, seen": "*/*",
    "NSURLSession: NetNewsWire sets no Accept, DownloadSession.swift; Apple Podcasts": "*/*",
    "Feedly, Inoreader and Blogtrottr, as far as is known": "*/*",
    "urllib of Python 3.11, seen": None,
    "Go's net/http, seen": None,
    "libwww-perl 6.68, seen": None,
    "Java to 8, sun.net.www; rome read by it": "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
    "Java 17, seen": "text/html, image/gif, image/jpeg, */*; q=0.2",
    "w3m 0.5, seen, which shows any text": "text/html, text/*;q=0.5, image/*, application/*, x-scheme-handler/*",
    "WebKit of 2010, which could show feeds": (
        "application/xml,application/xhtml+xml,text/html;q=0.9,text/plain;q=0.8,image/png,*/*;q=0.5"
    ),
    "Chromium for a picture, seen": "image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
}


@every_format
@pytest.mark.parametrize("client", PEOPLE)
def test_a_person_gets_the_page(client: str, own_type: str) -> None:
    assert wants_page(PEOPLE[client], None, own_type)
    assert wants_page(PEOPLE[client], "document", own_type)


@every_format
@pytest.mark.parametrize("client", READERS)
def test_a_reader_gets_the_feed(client: str, own_type: str) -> None:
    assert not wants_page(READERS[client], None, own_type)


@every_format
@pytest.mark.parametrize("destination", ["empty", "iframe", "image", "xslt", "", "document, document", "Document"])
def test_what_a_browser_does_not_go_to_is_the_feed(destination: str, own_type: str) -> None:
    assert not wants_page(f"{BROWSER},*/*;q=0.8", destination, own_type)


@pytest.mark.parametrize(
    ("accept", "is_page"),
    [
        ("text/html", True),
        ("TEXT/HTML ; Q=1.000, application/rss+xml;q=0.999", True),
        ("text/html;q=0.5", True),
        ("text/html, */*", False),
        ("text/html;q=0.7, application/rss+xml;q=0.7", False),
        ("text/html;q=0.9, application/rss+xml;q=0.8", True),
        # The most specific range counts, not the first and not the best.
        ("text/html;q=0.5, text/*;q=0.9, */*;q=0.1", True),
        ("text/*;q=0.9, text/html;q=0.1, */*;q=0.2", False),
        ("text/*;q=0.9, */*;q=0.2", True),
        ("*/*, application/rss+xml;q=0.1", True),
        ("*/*;q=0.1, application/*;q=0.3, text/html;q=0.2", False),
        ("*/*, text/html;q=0", False),
        ("text/html;q=0.2, application/*;q=0", True),
        # A range with parameters is of what has them (RFC 9110 §12.5.1); our page has one.
        ("text/html;level=1", False),
        ("text/html;level=1, text/html;q=0.3, application/xml;q=0.4", False),
        ("text/html;charset=utf-8, application/rss+xml;q=0.9", True),
        ('text/html;charset="UTF-8";q=0.3, text/html, application/rss+xml;q=0.9', False),
        ("text/html;q=0.9, application/rss+xml;charset=utf-8", False),
        ('text/html;a="b,c;q=0.1\\"", text/html;q=0.5, */*;q=0.4', True),
        # Who knows other feeds only is a reader all the same.
        ("application/atom+xml, text/html;q=0.9", False),
        ("text/html;q=0.9, application/feed+json", False),
        ("text/html, application/xml;q=0.9", True),
        ("text/html, text/xml", False),
        # Of equal ranges the better counts; empty elements do not.
        ("text/html;q=0.1, text/html;q=0.4, */*;q=0.3", True),
        (" ,, text/html ,\t, */* ; q=0.5 , ", True),
        ("", False),
        (" , ", False),
    ],
)
def test_the_better_liked_by_the_most_specific_range_is_sent(accept: str, *, is_page: bool) -> None:
    assert wants_page(accept, None, RSS) is is_page


@pytest.mark.parametrize(
    "accept",
    [
        "text/html; q=1.5",
        "text/html; q=0.1234",
        "text/html; q=.5",
        "text/html; q=1; level",
        "text/html; q =1",
        "text/html; q=",
        "text/html application/xml",
        "text / html",
        "text/html/",
        "html",
        "text/",
        '"text/html"',
        'text/html; a="b',
        "text/html; a=b c",
        "text/html, *; q=0.2",
        "text/html;q=1,\x00",
        "téxt/html",
        "text/html," + "image/png," * 50,
        "text/html" + ";" * 499_000,
    ],
)
def test_what_is_malformed_or_longer_than_any_browser_s_gets_the_feed(accept: str) -> None:
    assert not wants_page(accept, None, RSS)


@given(st.text(alphabet='text/hml*;q=0.5, "\\\t', max_size=500), st.sampled_from([RSS, ATOM, JSON]))
def test_whatever_is_sent_gets_one_or_the_other(accept: str, own_type: str) -> None:
    assert wants_page(accept, None, own_type) in {True, False}


@given(st.sampled_from([*PEOPLE.values()]), st.sampled_from(["0.001", "0.5", "1"]))
def test_who_names_a_feed_s_type_as_well_as_html_gets_the_feed(accept: str, weight: str) -> None:
    assert not wants_page(f"{accept}, application/rss+xml", None, RSS)
    assert not wants_page(f"application/atom+xml, text/html;q={weight}", None, ATOM)
