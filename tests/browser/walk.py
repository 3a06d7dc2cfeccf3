"""The pages that are looked at, and by what: to add one is a line here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Place:
    """A page of one of the sites.

    Attributes:
        name: what it is called when something is wrong with it.
        path: where it stands.
        site: a name of `sites.SITES`.
        status: with which it is answered.
        is_like_another: whether it is laid out as another one here is: its HTML is judged, and it is not looked at.
    """

    name: str
    path: str
    site: str = "news"
    status: int = 200
    is_like_another: bool = False


PLACES = (
    Place("list", "/"),
    Place("older", "/before/plain-10"),
    Place("nothing-older", "/before/plain-25", is_like_another=True),
    Place("plain-article", "/articles/plain-4", is_like_another=True),
    Place("article-with-everything", "/articles/everything"),
    Place("article-with-a-picture", "/articles/picture"),
    Place("arabic-article", "/articles/arabic"),
    Place("hebrew-article", "/articles/hebrew", is_like_another=True),
    Place("chinese-article", "/articles/chinese"),
    Place("japanese-article", "/articles/japanese", is_like_another=True),
    Place("long-word", "/articles/word"),
    Place("long-title", "/articles/long-title"),
    Place("short-article", "/articles/short", is_like_another=True),
    Place("tag", "/tags/harbour/"),
    Place("author", "/authors/ada-example/", is_like_another=True),
    Place("section", "/sections/harbour/", is_like_another=True),
    Place("year", "/2025/"),
    Place("month", "/2025/12/", is_like_another=True),
    Place("feeds", "/feeds"),
    Place("feed-rss", "/rss.xml"),
    Place("embed", "/embed/"),
    Place("search", "/search"),
    Place("found", "/search?q=harbour"),
    Place("found-nothing", "/search?q=zyx", is_like_another=True),
    Place("not-found", "/nothing-here", status=404),
    Place("gone", "/articles/withdrawn", status=410),
    Place("one-list", "/", "one"),
    Place("one-article", "/articles/a", "one", is_like_another=True),
    Place("empty-list", "/", "empty"),
    Place("empty-feeds", "/feeds", "empty", is_like_another=True),
    Place("empty-feed", "/atom.xml", "empty", is_like_another=True),
    Place("many-list", "/", "many"),
    Place("many-feeds", "/feeds", "many", is_like_another=True),
    Place("rtl-list", "/", "arabic"),
    Place("rtl-article", "/articles/a", "arabic"),
    Place("rtl-feeds", "/feeds", "arabic", is_like_another=True),
    Place("rtl-feed", "/atom.xml", "arabic"),
    Place("rtl-found", "/search?q=zyx", "arabic", is_like_another=True),
    Place("rtl-not-found", "/nothing-here", "arabic", status=404, is_like_another=True),
    Place("sample-list", "/", "sample", is_like_another=True),
    Place("sample-article", "/articles/the-hotel-key-that-opened-every-door", "sample", is_like_another=True),
    Place("sample-feed", "/rss.xml", "sample", is_like_another=True),
    Place("sample-feeds", "/feeds", "sample", is_like_another=True),
)


@dataclass(frozen=True)
class Device:
    """What somebody holds a page in, in CSS pixels."""

    name: str
    width: int
    height: int
    touch: bool = False
    scripts: bool = True


PHONE = Device("phone", 390, 844, touch=True)
DESKTOP = Device("desktop", 1280, 900)
WITHOUT_SCRIPTS = Device("phone-without-scripts", 390, 844, touch=True, scripts=False)

# The narrowest that is asked of a page (WCAG 2.2, 1.4.10), in CSS pixels.
NARROWEST = 320


@dataclass(frozen=True)
class Shot:
    """A picture of a page for docs/images, made when that is asked for (`make screenshots`)."""

    file: str
    place: str
    device: Device
    scheme: Literal["light", "dark"] = "light"


SHOTS = (
    Shot("list.png", "sample-list", DESKTOP),
    Shot("list-dark.png", "sample-list", DESKTOP, "dark"),
    Shot("list-phone.png", "sample-list", PHONE),
    Shot("list-phone-dark.png", "sample-list", PHONE, "dark"),
    Shot("article.png", "sample-article", DESKTOP),
    Shot("article-dark.png", "sample-article", DESKTOP, "dark"),
    Shot("article-phone.png", "sample-article", PHONE),
    Shot("article-phone-dark.png", "sample-article", PHONE, "dark"),
    Shot("feed.png", "sample-feed", DESKTOP),
    Shot("feeds.png", "sample-feeds", DESKTOP),
)
