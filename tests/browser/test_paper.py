"""Printed: the article alone, whole, and on as many sheets as it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from walk import DESKTOP, Place

if TYPE_CHECKING:
    from browsing import Windows

# A4 at 96 px an inch, less a centimetre on each side, in CSS pixels.
WIDTH = 718
# A6, likewise: on it the table of the article has to break its words.
NARROW = 320


def test_an_article_is_printed_without_what_leads_elsewhere(windows: Windows) -> None:
    with windows.open(DESKTOP) as window:
        window.go(Place("article", "/articles/everything"))
        window.page.emulate_media(media="print")
        assert window.look("navigation") == []
        assert window.page.get_by_text("A lamp for the eastern mole").locator("visible=true").count() == 0
        after = "each => getComputedStyle(each, '::after').content"
        assert "example.org" in window.page.locator(".footnotes a[href^=http]").evaluate(after)
        assert window.page.locator(".footnote-ref a").first.evaluate(after) in {"none", "normal"}
        assert window.heading == "An article with everything in it"
        window.go(Place("article", "/articles/word"))
        assert window.page.locator(".content a.bare").first.evaluate(after) in {"none", "normal"}


def test_a_feed_s_address_is_on_paper_and_its_readers_are_not(windows: Windows) -> None:
    with windows.open(DESKTOP) as window:
        window.go(Place("feed", "/rss.xml"))
        window.page.emulate_media(media="print")
        assert window.page.locator(".address code").is_visible()
        assert window.page.locator("main .subscribe ul, main .subscribe button").locator("visible=true").count() == 0


def test_nothing_of_an_article_is_beside_the_paper(windows: Windows) -> None:
    with windows.open(DESKTOP) as window:
        window.go(Place("article", "/articles/everything"))
        window.page.emulate_media(media="print")
        for width in (WIDTH, NARROW):
            window.page.set_viewport_size({"width": width, "height": DESKTOP.height})
            assert window.look("overflowing", width) == []
            assert window.look("scrolled") == []


def test_a_day_s_article_is_a_sheet_or_two(windows: Windows) -> None:
    with windows.open(DESKTOP) as window:
        window.go(Place("article", "/articles/plain-4"))
        printed = window.page.pdf(format="A4")
    assert printed.startswith(b"%PDF-")
    assert printed.count(b"/Type /Page\n") == 1


def test_in_the_dark_paper_is_white(windows: Windows) -> None:
    with windows.open(DESKTOP, color_scheme="dark") as window:
        window.go(Place("article", "/articles/everything"))
        window.page.emulate_media(media="print", color_scheme="dark")
        assert window.look("brightness") > 0.9
        assert window.look("faint", 4.5) == []
