"""The page of the search: what is asked, what is shown, and what it may cost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from feedsvc.catalog.syncing.indexing import fill
from feedsvc.entries import words
from feedsvc.errors import SearchError
from feedsvc.publication.documents import Variant
from feedsvc.publication.searching import LONGEST, key_of

if TYPE_CHECKING:
    from asking import Readers
    from house import House


def asked(typed: str, page: int = 1) -> bytes:
    return urlencode({"q": typed, "page": page}).encode()


def page(readers: Readers, typed: str, number: int = 1) -> str:
    return readers.get(key_of(asked(typed, number))).representations["identity"].body.decode()


def titles(html: str) -> list[str]:
    return re.findall(r'<a class="u-url" href="[^"]*">([^<]*)</a>', html)


@pytest.fixture
def filled(house: House, readers: Readers) -> House:
    house.site = replace(house.site, list_length=2)
    for day in range(1, 6):
        house.write(f"{day}.md", date=f"2026-01-0{day}", title=f"Tide {day}", text=f"Number {day} of <five>.")
    house.write("other.md", date="2026-01-01", title='R&D "quoted"', text="Something else.", language="de")
    house.sync()
    while fill(house.catalog, words):
        pass
    readers.refresh()
    return house


@pytest.mark.usefixtures("filled")
def test_no_date_says_that_nothing_was_found_since(readers: Readers) -> None:
    # The index comes to hold more while no article changes.
    assert readers.get(key_of(asked("tide"))).lifetime.last_modified is None
    assert readers.get("search").lifetime.last_modified is not None


@pytest.mark.usefixtures("filled")
def test_what_was_found_is_shown_page_by_page(readers: Readers) -> None:
    first, second, third, fourth = (page(readers, "tide", number) for number in (1, 2, 3, 4))
    assert [titles(each) for each in (first, second, third, fourth)] == [
        ["Tide 5", "Tide 4"],
        ["Tide 3", "Tide 2"],
        ["Tide 1"],
        ["Tide 1"],  # behind the last page there is none
    ]
    assert "Articles found: 5" in first
    assert '<a rel="next" href="https://lantern.example/search?q=tide&amp;page=2">' in first
    assert 'rel="prev"' not in first
    assert '<a rel="prev" href="https://lantern.example/search?q=tide">' in second
    assert 'rel="next"' not in third


@pytest.mark.usefixtures("filled")
def test_the_query_stays_in_the_field_and_breaks_out_of_nothing(readers: Readers) -> None:
    html = page(readers, '"quoted" R&D <b>')
    assert 'value="&#34;quoted&#34; R&amp;D &lt;b&gt;"' in html
    assert "<b>" not in html
    assert titles(page(readers, 'R&D "quoted"')) == ["R&amp;D &#34;quoted&#34;"]


@pytest.mark.usefixtures("filled")
def test_where_nothing_was_found_it_helps_on(readers: Readers) -> None:
    html = page(readers, "nowhere")
    assert "Nothing was found." in html
    assert '<a href="https://lantern.example/">Go to the list of articles</a>' in html


@pytest.mark.usefixtures("filled")
def test_without_a_query_there_is_the_form(readers: Readers) -> None:
    html = readers.body("search").decode()
    assert '<form class="search" role="search" action="/search">' in html
    assert "All words have to occur" in html
    assert key_of(b"") == key_of(b"q=") == key_of(b"q=+%20&x=y") == "search"


def test_it_says_that_not_all_can_be_found_yet(house: House, readers: Readers) -> None:
    house.write("a.md", title="Tide")
    house.sync()
    readers.refresh()
    assert "not all of them are found yet" in page(readers, "tide")
    fill(house.catalog, words)
    house.clock.now += 5
    assert titles(page(readers, "tide")) == ["Tide"]
    assert "not all of them are found yet" not in page(readers, "tide")


@pytest.mark.usefixtures("filled")
def test_search_engines_are_asked_to_leave_it_alone(readers: Readers) -> None:
    assert '<meta name="robots" content="noindex">' in page(readers, "tide")
    assert "Disallow: /search?" in readers.body("robots.txt").decode()


def test_it_is_kept_for_moments_only(filled: House, readers: Readers) -> None:
    found = readers.get(key_of(asked("tide"))).lifetime
    assert (found.max_age, found.stale) == (5, 0)
    assert found.good_until == filled.clock.now + 5


def test_what_is_taken_back_is_not_found_any_more(filled: House, readers: Readers) -> None:
    assert "Tide 5" in titles(page(readers, "tide"))
    filled.remove("5.md")
    filled.sync_after()
    readers.refresh()
    assert titles(page(readers, "tide")) == ["Tide 4", "Tide 3"]


def test_every_spelling_of_a_query_is_one_document() -> None:
    wanted = Variant("search", query="q=low+tide")
    for query in (b"q=low+tide", b"q=low%20%20tide+", b"x=1&q=low+tide&page=1", b"q=low+tide&page=x", b"q=low\0+tide"):
        assert key_of(query) == wanted
    assert key_of(b"q=low+tide&page=3") == Variant("search", query="q=low+tide&page=3")


def test_what_is_too_long_is_refused_with_what_to_do() -> None:
    assert key_of(asked("x" * LONGEST)) != "search"
    with pytest.raises(SearchError, match="200 characters at most"):
        key_of(asked("x" * (LONGEST + 1)))


@given(st.binary(max_size=80))
def test_any_query_is_a_key(query: bytes) -> None:
    key = key_of(query)
    if isinstance(key, Variant):
        assert key_of(key.query.encode()) == key


def test_a_flood_of_queries_takes_no_room_from_feeds(filled: House, readers: Readers) -> None:
    feed = readers.get("rss.xml")
    for number in range(300):
        readers.get(key_of(asked(f"tide {number}")))
    assert readers.publication.kept("rss.xml") is feed
    assert len(readers.publication.shelf._rooms["filters"]) <= 256
    assert filled.titles()


@pytest.mark.usefixtures("filled")
def test_browsers_are_told_how_to_ask(readers: Readers) -> None:
    assert 'rel="search" type="application/opensearchdescription+xml"' in readers.body("").decode()
    root = ET.fromstring(readers.body("opensearch.xml"))  # noqa: S314 - our own
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    url = root.find(f"{space}Url")
    assert url is not None
    assert url.attrib["template"] == "https://lantern.example/search?q={searchTerms}"
    assert root.findtext(f"{space}ShortName") == "The Lantern"
