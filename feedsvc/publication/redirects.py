"""Where old addresses lead: a path that nothing stands at in; what is meant by it out."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from feedsvc.text.subjects import AUTHORS, CATEGORIES, TAGS, channel_name

if TYPE_CHECKING:
    from feedsvc.config import Site

# Where other systems have the site's feed, and in which format: WordPress, Ghost, Jekyll, Hugo.
_OF_SITE = {
    "feed": "rss.xml",
    "feed/": "rss.xml",
    "feed/atom": "atom.xml",
    "feed/atom/": "atom.xml",
    "rss": "rss.xml",
    "rss/": "rss.xml",
    "atom": "atom.xml",
    "atom/": "atom.xml",
    "feed.xml": "atom.xml",
    "index.xml": "rss.xml",
}
# WordPress, in which a category may stand below another, and Ghost; Hugo.
_OF_SUBJECT = re.compile(
    r"(?:(?P<kind>tag|author|category)/(?:[^/]+/)*(?P<slug>[^/]+)/(?:feed|rss)(?P<atom>/atom)?/?)"
    r"|(?P<kinds>tags|categories)/(?P<term>[^/]+)/index\.xml"
)
_KINDS = {"tag": TAGS, "author": AUTHORS, "category": CATEGORIES}


def set_for(site: Site, path: str) -> str | None:
    """The URL that the settings name for a path below the base URL, decoded; None where they name none."""
    # A record's aliases, too, may be paths of the whole host.
    base_path = unquote(urlsplit(site.base_url).path)
    for wanted in (f"/{path.strip('/')}", f"/{(base_path + path).strip('/')}"):
        place = bisect_left(site.redirects, (wanted,))
        if place < len(site.redirects) and site.redirects[place][0] == wanted:
            target = site.redirects[place][1]
            return site.base_url + target[1:] if target.startswith("/") else target
    return None


def of_other_systems(path: str) -> tuple[str, str] | None:
    """The channel and the format whose feed other systems have at a path, by their names; None for another path."""
    if path in _OF_SITE:
        return "", _OF_SITE[path]
    match = _OF_SUBJECT.fullmatch(path)
    if match is None:
        return None
    name = channel_name(match["kinds"] or _KINDS[match["kind"]], match["term"] or match["slug"])
    return name, "atom.xml" if match["atom"] else "rss.xml"
