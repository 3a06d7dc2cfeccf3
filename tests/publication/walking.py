"""Who walks from a feed through its archives (RFC 5005 §4.2)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import fromstring

sys.path.insert(0, str(Path(__file__).parents[1] / "formats"))

from reading import ATOM, READINGS, Item

if TYPE_CHECKING:
    from collections.abc import Callable

BASE = "https://lantern.example/"
# Longer than any chain in a test; and so often one begins again at the feed.
MOST, TRIES = 400, 5


class Lost(Exception):  # noqa: N818 - nothing is wrong: it has to begin again
    """Raised where an archive is no longer there."""


def links(body: bytes, name: str) -> dict[str, str]:
    """The relations of a document's links, each with the path below the base URL."""
    if name == "feed.json":
        top = json.loads(body)
        found = {"self": top["feed_url"], "prev-archive": top.get("next_url")}
    else:
        root = fromstring(body)  # noqa: S314 - our own
        parent = root.find("channel") if name == "rss.xml" else root
        assert parent is not None
        found = {link.attrib["rel"]: link.attrib["href"] for link in parent.findall(f"{ATOM}link")}
    return {relation: url.removeprefix(BASE) for relation, url in found.items() if url}


def walk(get: Callable[[str], bytes], path: str, after: Callable[[], object] = lambda: None) -> dict[str, list[Item]]:
    """All copies of each article that are in a feed and its archives, by id.

    Args:
        get: the bytes at a path; raises `Lost`.
        after: what happens behind each document.
    """
    found: dict[str, list[Item]] = {}
    for _ in range(TRIES):
        try:
            _follow(get, path, after, found)
        except Lost:
            continue
        return found
    raise AssertionError("it never came to an end")


def _follow(get: Callable[[str], bytes], path: str, after: Callable[[], object], found: dict[str, list[Item]]) -> None:
    name, seen = path.rpartition("/")[2], set[str]()
    here: str | None = path
    while here is not None:
        assert here not in seen, "it goes round in circles"
        assert len(seen) < MOST
        seen.add(here)
        body = get(here)
        items = READINGS[name](body).items
        assert len({item.id for item in items}) == len(items)
        for item in items:
            found.setdefault(item.id, []).append(item)
        leads = links(body, name)
        assert leads["self"] == here
        here = leads.get("prev-archive")
        after()
