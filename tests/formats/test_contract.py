"""What every format owes, whichever it is: run over all that are registered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from reading import READINGS, Item, Reading
from specimens import CHANNEL, EMPTY, FULL, HOSTILE, LONG, NOON, entry, feed

from feedsvc.formats import FORMATS, Format
from feedsvc.model import Category, Entry, Feed, Person
from feedsvc.text.xml import clean

every_format = pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS.keys())


def read(form: Format, of: Feed) -> Reading:
    return READINGS[form.filename](form.render(of))


def expected(entry: Entry, form: Format) -> Item:
    names = [person.name for person in entry.authors]
    authors = [" ".join(name.split()) for name in names] if form.filename == "rss.xml" else names
    return Item(
        entry.id,
        entry.title,
        entry.link or "",
        entry.summary,
        entry.content,
        entry.published,
        None if form.filename == "rss.xml" else entry.updated,
        ", ".join(authors),
        tuple(category.term for category in entry.categories),
        entry.image.url if entry.image else None,
    )


@every_format
def test_a_format_is_registered_under_its_file_name(form: Format) -> None:
    assert FORMATS[form.filename] is form


@every_format
def test_a_feed_s_address_is_its_list_and_the_file_name(form: Format) -> None:
    tides = replace(CHANNEL, name="tags/tides", top="https://almanac.example/tags/tides/")
    assert form.address(tides) == f"https://almanac.example/tags/tides/{form.filename}"


@every_format
def test_the_media_type_names_utf_8_and_a_link_s_type_does_not(form: Format) -> None:
    assert form.media_type == f"{form.type}; charset=utf-8"


@every_format
def test_a_document_speaks_for_its_channel(form: Format) -> None:
    reading = read(form, FULL)
    assert (reading.title, reading.description) == (CHANNEL.title, CHANNEL.description)
    assert reading.link == CHANNEL.link
    assert reading.self_link == form.address(CHANNEL)
    assert reading.language == CHANNEL.language


@every_format
@pytest.mark.parametrize("of", [FULL, HOSTILE, LONG, EMPTY], ids=["full", "hostile", "long", "empty"])
def test_every_entry_comes_back_whole_and_in_order(form: Format, of: Feed) -> None:
    assert read(form, of).items == tuple(expected(entry, form) for entry in of.entries)


@every_format
def test_the_same_feed_gives_the_same_bytes(form: Format) -> None:
    assert form.render(HOSTILE) == form.render(HOSTILE)


@every_format
def test_a_document_tells_neither_the_clock_nor_a_library(form: Format) -> None:
    document = form.render(FULL)
    assert b"feedgen" not in document
    assert b"2020" in document.replace(b"\xc2\xa9 2020", b"")
    assert b"202" not in document.replace(b"2020", b"")


@every_format
def test_what_is_given_is_not_changed(form: Format) -> None:
    before = repr(FULL)
    form.render(FULL)
    assert repr(FULL) == before


texts = st.text(max_size=40).map(clean).filter(bool)
slugs = st.text("abcdefghij-0123456789", min_size=1, max_size=12)
people = st.builds(Person, texts, st.none(), st.none() | st.just("https://almanac.example/ben"))
instants = st.integers(0, 10**6).map(lambda minutes: NOON - timedelta(minutes=minutes))


@st.composite
def entries(draw: st.DrawFn, slug: str) -> Entry:
    published = draw(instants)
    return entry(
        0,
        id=f"tag:almanac.example,2020:{slug}",
        title=draw(texts),
        summary=draw(texts),
        content=draw(st.none() | texts),
        published=published,
        updated=published + timedelta(seconds=draw(st.integers(0, 9))),
        authors=tuple(draw(st.lists(people, max_size=2))),
        categories=tuple(Category(term, "x") for term in draw(st.lists(texts, max_size=2))),
        language=draw(st.none() | st.just("pt-BR")),
    )


@st.composite
def feeds(draw: st.DrawFn) -> Feed:
    drawn = [draw(entries(slug)) for slug in draw(st.lists(slugs, max_size=4, unique=True))]
    return feed(*drawn, channel=replace(CHANNEL, title=draw(texts), description=draw(texts)))


@every_format
@settings(deadline=None, max_examples=60)
@given(of=feeds())
def test_any_feed_parses_and_comes_back_whole(form: Format, of: Feed) -> None:
    reading = read(form, of)
    assert (reading.title, reading.description) == (of.channel.title, of.channel.description)
    assert reading.items == tuple(expected(entry, form) for entry in of.entries)
    assert form.render(of) == form.render(of)
