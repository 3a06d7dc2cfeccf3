"""What people come for: to read, to go on from there, and to take a feed home."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from walk import DESKTOP, PLACES, WITHOUT_SCRIPTS, Device, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browsing import Window, Windows

FEEDS = ("/rss.xml", "/atom.xml", "/feed.json")


@pytest.fixture(params=[DESKTOP, WITHOUT_SCRIPTS], ids=lambda device: device.name)
def window(request: pytest.FixtureRequest, windows: Windows) -> Iterator[Window]:
    """One in which nothing is wrong by the end, wherever the test went."""
    device: Device = request.param
    with windows.open(device) as found:
        yield found
        assert found.said == []
        assert found.failed == []


def test_from_the_list_to_an_article_and_back(window: Window) -> None:
    window.go(Place("list", "/"))
    window.follow("/articles/everything")
    assert window.heading == "An article with everything in it"
    window.follow("/")
    assert window.heading == "The Lantern"


def test_to_what_is_older_until_there_is_nothing_more_and_to_the_newest_again(window: Window) -> None:
    window.go(Place("list", "/"))
    seen = _articles(window)
    for _ in range(10):
        older = window.page.locator("a[rel=next]:visible")
        if not older.count():
            break
        older.first.click()
        window.page.wait_for_url("**/before/*")
        found = _articles(window)
        assert not set(found) & set(seen)
        seen += found
    assert len(seen) == 35
    window.follow("/")
    assert window.path == "/"


def test_from_an_article_to_its_subject(window: Window) -> None:
    window.go(Place("article", "/articles/plain-2"))
    window.follow("/tags/weather/")
    assert "Weather" in window.heading
    assert "/articles/plain-2" in _articles(window)
    window.follow("/articles/plain-7")


def test_by_the_calendar(window: Window) -> None:
    window.go(Place("list", "/"))
    window.follow("/2025/")
    assert "2025" in window.heading
    window.follow("/2025/06/")
    assert "June" in window.heading
    assert set(_articles(window)) == {"/articles/plain-18", "/articles/plain-19", "/articles/plain-20"}
    window.follow("/2025/07/")
    window.follow("/2025/")
    window.follow("/")


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_s_address_shows_a_page_with_the_address_to_copy_and_the_way_to_the_articles(
    window: Window, path: str
) -> None:
    window.go(Place("feed", path))
    address = window.page.get_by_text(f"http://lantern.example{path}", exact=True).or_(
        window.page.locator(f"input[value='http://lantern.example{path}']")
    )
    assert address.first.is_visible()
    window.follow(FEEDS[FEEDS.index(path) - 1])
    window.follow("/")
    assert window.heading == "The Lantern"


def test_an_article_is_found_by_its_words(window: Window) -> None:
    window.go(Place("list", "/"))
    window.follow("/search")
    window.page.locator("input[type=search]").fill("everything")
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**/search?q=everything")
    assert window.page.locator("input[type=search]").input_value() == "everything"
    window.follow("/articles/everything")
    assert window.heading == "An article with everything in it"


def test_a_note_is_read_without_leaving_the_page(window: Window) -> None:
    window.go(Place("article", "/articles/everything"))
    window.page.evaluate("document.title = 'The same page'")
    window.page.locator(".footnote-ref a").first.click()
    window.page.wait_for_url("**/articles/everything#*")
    assert window.page.locator("li:target").inner_text().startswith("The first note")
    window.page.locator(".footnote-backref").first.click()
    assert window.page.locator(".footnote-ref :target").count() == 1
    assert window.page.title() == "The same page"


def test_code_reads_from_left_to_right_in_every_language(window: Window) -> None:
    window.go(Place("article", "/articles/arabic"))
    code = window.page.locator(".content p code")
    assert code.evaluate(
        "each => [getComputedStyle(each).direction, getComputedStyle(each.parentElement).direction]"
    ) == [
        "ltr",
        "rtl",
    ]


def test_an_article_leads_to_those_beside_it(window: Window) -> None:
    window.go(Place("article", "/articles/plain-7"))
    window.page.locator("a[rel=prev]:visible").first.click()
    window.page.wait_for_url("**/articles/plain-8")
    window.page.locator("a[rel=next]:visible").first.click()
    window.page.wait_for_url("**/articles/plain-7")


def test_the_address_of_a_feed_is_copied_with_a_click(windows: Windows) -> None:
    with windows.open(DESKTOP) as window:
        window.go(Place("feed", "/rss.xml"))
        button = window.page.get_by_role("button", name="Copy")
        button.click()
        window.page.get_by_role("button", name="Copied").wait_for()
        window.go(Place("search", "/search"))
        window.page.locator("input[type=search]").focus()
        window.page.keyboard.press("Control+V")
        assert window.page.locator("input[type=search]").input_value() == "http://lantern.example/rss.xml"
        assert window.said == []


def test_without_scripts_no_button_is_there_that_does_nothing(windows: Windows) -> None:
    with windows.open(WITHOUT_SCRIPTS) as window:
        window.go(Place("feed", "/rss.xml"))
        assert not window.page.locator("button:visible").count()


def test_from_all_feeds_to_one_of_them(window: Window) -> None:
    window.go(Place("list", "/"))
    window.follow("/feeds")
    window.follow("/tags/harbour/atom.xml")
    window.follow("/tags/harbour/")
    assert "Harbour" in window.heading


@pytest.mark.parametrize("place", [each for each in PLACES if each.status >= 400], ids=lambda place: place.name)
def test_a_dead_end_leads_on(window: Window, place: Place) -> None:
    assert window.go(place).status == place.status
    window.follow("/")
    assert window.heading != ""


def test_a_new_site_says_that_nothing_is_there_yet(window: Window) -> None:
    window.go(Place("list", "/", "empty"))
    assert _articles(window) == []
    assert re.search("No article|Nothing", window.page.locator("main").inner_text())
    window.follow("/atom.xml")
    window.follow("/")


def test_ten_thousand_articles_are_a_few_clicks_away(window: Window) -> None:
    window.go(Place("list", "/", "many"))
    window.follow("/1990/")
    window.page.locator("a[href*='/1990/']:visible").first.click()
    (first, *_) = _articles(window)
    window.follow(first)
    assert "1990" in window.page.locator("article").first.inner_text()


def _articles(window: Window) -> list[str]:
    """The articles that the page's text leads to, by their paths, each once."""
    links = window.page.locator("main a[href*='/articles/']:visible").all()
    found = [(link.get_attribute("href") or "").split("/", 3) for link in links]
    return list(dict.fromkeys("/" + parts[3] if parts[0] else "/".join(parts) for parts in found))
