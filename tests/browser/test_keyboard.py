"""Without a mouse: every link is reached in its order, is seen to be reached, and opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from walk import DESKTOP, PLACES, Place

if TYPE_CHECKING:
    from browsing import Window, Windows

# One of each kind of page; what they have in common need not be walked twice.
KINDS = ("list", "article-with-everything", "feeds", "feed-rss", "year", "not-found", "rtl-list")
WALKED = [place for place in PLACES if place.name in KINDS]
# Somebody who presses Tab more often than this is lost.
MOST = 400


def _tab(window: Window) -> Any:
    window.page.keyboard.press("Tab")
    return window.look("focused")


def _tabbed(window: Window) -> list[Any]:
    """All that has the focus in turn, from the top of the page to its end."""
    found: list[Any] = []
    while len(found) < MOST:
        focused = _tab(window)
        if focused is None or (found and focused["at"] < found[-1]["at"]):  # round again
            break
        found.append(focused)
    return found


@pytest.mark.parametrize("place", WALKED, ids=lambda place: place.name)
def test_tab_reaches_everything_in_its_order_and_shows_where_it_is(windows: Windows, place: Place) -> None:
    with windows.open(DESKTOP) as window:
        window.go(place)
        expected = window.look("reachable")
        reached = _tabbed(window)
    assert [each["at"] for each in reached if each["isLink"]] == expected
    assert [each["name"] for each in reached if not each["isShown"]] == []
    assert [each["name"] for each in reached if not each["isInSight"]] == []


@pytest.mark.parametrize("place", WALKED, ids=lambda place: place.name)
def test_the_first_key_offers_to_skip_to_the_text(windows: Windows, place: Place) -> None:
    with windows.open(DESKTOP) as window:
        window.go(place)
        skip = _tab(window)
        assert skip["href"].startswith("#")
        assert skip["isInSight"]
        window.page.keyboard.press("Enter")
        target = window.page.locator(skip["href"])
        assert target.evaluate("element => element.matches('main, main *')")
        _tab(window)
        assert window.page.evaluate("document.activeElement.matches('main *, main ~ *')")


def test_enter_opens_an_article(windows: Windows) -> None:
    with windows.open(DESKTOP) as window:
        window.go(Place("list", "/"))
        while (focused := _tab(window)) and "/articles/" not in focused["href"]:
            assert focused["at"] < MOST
        window.page.keyboard.press("Enter")
        window.page.wait_for_url("**/articles/everything")
        assert window.heading == "An article with everything in it"
