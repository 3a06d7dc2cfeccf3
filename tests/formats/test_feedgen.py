"""The serialiser behind RSS and Atom: what it does to the process, and what it refuses."""

from __future__ import annotations

import locale
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from specimens import FULL, entry, feed

from feedsvc.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

xml_format = pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])


@pytest.fixture
def foreign_locale() -> Iterator[str]:
    """A locale other than C, put in force; which it is depends on the machine."""
    before = locale.setlocale(locale.LC_ALL)
    for name in ("C.UTF-8", "en_US.UTF-8", "tr_TR.UTF-8", "de_DE.UTF-8"):
        with suppress(locale.Error):
            locale.setlocale(locale.LC_ALL, name)
    yield locale.setlocale(locale.LC_ALL)
    locale.setlocale(locale.LC_ALL, before)


@xml_format
def test_the_locale_is_never_set_not_even_for_a_moment(name: str) -> None:
    setters = {locale.setlocale.__code__}
    seen: list[str] = []

    def watch(frame: Any, event: str, _: Any) -> None:
        if event == "call" and frame.f_code in setters:
            seen.append(frame.f_code.co_name)

    sys.setprofile(watch)
    try:
        FORMATS[name].render(FULL)
        locale.setlocale(locale.LC_ALL)
    finally:
        sys.setprofile(None)
    assert seen == ["setlocale"], "the last call, which is the test's own, is the only one"


@xml_format
def test_another_locale_stays_in_force_and_gives_the_same_bytes(name: str, foreign_locale: str) -> None:
    under_it = FORMATS[name].render(FULL)
    assert locale.setlocale(locale.LC_ALL) == foreign_locale
    locale.setlocale(locale.LC_ALL, "C")
    assert FORMATS[name].render(FULL) == under_it


@xml_format
def test_another_time_zone_gives_the_same_bytes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here = FORMATS[name].render(FULL)
    monkeypatch.setenv("TZ", "Pacific/Chatham")
    time.tzset()
    there = FORMATS[name].render(FULL)
    monkeypatch.undo()
    time.tzset()
    assert here == there


@xml_format
@pytest.mark.parametrize("title", ["bell \a", "half \ud83d", "\ufffe"])
def test_a_title_that_xml_cannot_hold_is_refused(name: str, title: str) -> None:
    with pytest.raises(ValueError, match=r"XML compatible|surrogates"):
        FORMATS[name].render(feed(entry(1, title=title)))


@xml_format
def test_prefixes_are_declared_once_for_the_whole_document(name: str) -> None:
    document = FORMATS[name].render(FULL)
    assert document.count(b"xmlns:media=") == 1
    assert b"ns0" not in document
