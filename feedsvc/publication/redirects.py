"""Where old addresses lead: a path that nothing stands at in; what is meant by it out."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from feedsvc.text.slugs import slug

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
# WordPress and Ghost; Hugo. All of them RSS.
_OF_TAG = re.compile(r"tag/([^/]+)/(?:feed|rss)/?|tags/([^/]+)/index\.xml")


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
    match = _OF_TAG.fullmatch(path)
    return (f"tags/{slug(match[1] or match[2])}", "rss.xml") if match else None
