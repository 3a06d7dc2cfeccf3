"""Places every article anew where the settings say otherwise than before what is found where: rows in; channels out."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import bindparam, select

from feedsvc.catalog.rows import article_of
from feedsvc.catalog.schema import AT_HOME, article, identity, source_text
from feedsvc.catalog.syncing.claims import claim
from feedsvc.catalog.syncing.places import place, places_of
from feedsvc.catalog.window import ARTICLE

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from feedsvc.catalog.syncing.channels import Channels
    from feedsvc.config import Site

_SIZE = 500

_NEXT = (
    select(article.c.number, identity.c.key, *ARTICLE)
    .join(identity, AT_HOME)
    .join(source_text, source_text.c.number == article.c.number)
    .where(article.c.number > bindparam("last"))
    .order_by(article.c.number)
    .limit(_SIZE)
)


@lru_cache(maxsize=8)
def placed_with(site: Site) -> str:
    """All of the settings that decides what is found where."""
    sections = [(each.name, each.author, each.language) for each in site.sections]
    channels = [
        (each.name, each.any, each.all, each.none, each.text, each.since, each.has_image, each.private)
        for each in site.channels
        if each.is_named
    ]
    return msgspec.json.encode((site.author == site.title or site.author, site.language, sections, channels)).decode()


def place_again(connection: Connection, channels: Channels, site: Site, *, now: int) -> frozenset[int]:
    """Puts all articles where they belong now; the keys of the channels that lost something they showed."""
    lost: set[int] = set()
    last = 0
    while rows := connection.execute(_NEXT, {"last": last}).all():
        before = places_of(connection, [row.key for row in rows])
        moved = []
        for row in rows:
            last = row.number
            made = claim(article_of(row), "", site)
            made.key, made.uri = row.key, row.id
            after, places = frozenset(channels.keys(made)), before[row.key]
            if after != {each.channel for each in places}:
                moved.append(made)
                lost.update(each.channel for each in places if each.channel not in after and each.is_shown(now))
        place(connection, channels, moved, before, is_first=False)
    return frozenset(lost)
