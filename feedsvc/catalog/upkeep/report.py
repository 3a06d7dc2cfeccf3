"""What a catalog holds, for an operator: it and an instant in; numbers, revisions, faults and what comes next out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from sqlalchemy import case, func, literal, select, text

from feedsvc.catalog import facts
from feedsvc.catalog.channels import SITE
from feedsvc.catalog.rows import instant
from feedsvc.catalog.schema import AT_HOME, article, channel, fault, identity, media, membership, revision, token
from feedsvc.errors import Fault
from feedsvc.model import Revision
from feedsvc.text.subjects import TAGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection

    from feedsvc.catalog.catalog import Catalog

# So many of the latest revisions, and of the next due instants, are told.
_LATEST = 5
_NEXT = 10

STATES = ("shown", "scheduled", "expired", "withdrawn", "removed")


class Due(Struct, frozen=True):
    """Something that will happen without a sync.

    Attributes:
        what: `scheduled`, `expiring` or `withdrawn`.
    """

    at: datetime
    what: str
    address: str
    title: str


class Report(Struct, frozen=True):
    """What a catalog holds.

    Attributes:
        place: its file or URL.
        schema: the version of its tables.
        folder: what was synced last, on the machine where that was; empty for nothing yet.
        base_url: with which its documents are made; empty likewise.
        is_loaded: whether a sync of all articles has ended; else no more than the feeds of the site are published yet.
        trouble: what keeps the sync from its work, and since when; None where nothing does.
        articles: how many there are in each of `STATES`.
        tags: how many of them show an article.
        media: how many files there are, and their bytes, those outside of the catalog too.
        size: bytes on disk; None in memory.
        revisions: the latest ones, the last first.
        faults: what is wrong with records, as they were last read.
        due: what comes next, the first first.
        tokens: how many count, and how many were revoked.
    """

    place: str
    schema: int
    folder: str
    base_url: str
    is_loaded: bool
    trouble: tuple[str, datetime] | None
    articles: dict[str, int]
    tags: int
    media: tuple[int, int]
    size: int | None
    revisions: tuple[Revision, ...]
    faults: tuple[Fault, ...]
    due: tuple[Due, ...]
    tokens: tuple[int, int] = (0, 0)


def report(catalog: Catalog, now: int) -> Report:
    """What a catalog holds at an instant, in seconds since the epoch.

    Raises:
        CatalogError: where it cannot be read.
    """
    with catalog.database.reading() as connection:
        latest = select(revision).order_by(revision.c.number.desc()).limit(_LATEST)
        site = msgspec.json.decode(facts.get(connection, facts.SITE) or "{}")
        noted = facts.get(connection, facts.TROUBLE)
        what, since = (None, 0.0) if noted is None else msgspec.json.decode(noted, type=tuple[str, float])
        return Report(
            place=catalog.database.place,
            schema=int(facts.get(connection, facts.SCHEMA) or 0),
            folder=facts.get(connection, facts.FOLDER) or "",
            base_url=site.get("base_url", ""),
            is_loaded=facts.is_loaded(connection),
            trouble=None if what is None else (what, instant(int(since))),
            articles=_articles(connection, now),
            tags=_tags(connection, now),
            media=_media(connection),
            size=_size(connection, catalog.database.path),
            revisions=tuple(Revision(row.number, instant(row.at)) for row in connection.execute(latest)),
            faults=tuple(sorted(Fault(**row._asdict()) for row in connection.execute(select(fault)))),
            due=tuple(sorted(_due(connection, now), key=lambda due: (due.at, due.what, due.address))[:_NEXT]),
            tokens=_tokens(connection),
        )


def _articles(connection: Connection, now: int) -> dict[str, int]:
    columns = membership.c
    state = case(
        (identity.c.removed.is_not(None), "removed"),
        (columns.withdrawn <= now, "withdrawn"),
        (columns.expires <= now, "expired"),
        (columns.published > now, "scheduled"),
        else_="shown",
    ).label("state")
    query = (
        select(state, func.count())
        .select_from(membership)
        .join(identity, identity.c.key == columns.key)
        .where(columns.channel == _site())
        .group_by(state)
    )
    found = {name: int(count) for name, count in connection.execute(query)}
    return {name: found.get(name, 0) for name in STATES}


def _tags(connection: Connection, now: int) -> int:
    columns = membership.c
    shown = (
        select(literal(1))
        .where(
            columns.channel == channel.c.key,
            columns.published <= now,
            func.coalesce(columns.expires, now + 1) > now,
            func.coalesce(columns.withdrawn, now + 1) > now,
        )
        .exists()
    )
    query = select(func.count()).select_from(channel).where(channel.c.name.startswith(f"{TAGS}/"), shown)
    return connection.scalar(query) or 0


def _media(connection: Connection) -> tuple[int, int]:
    row = connection.execute(select(func.count(), func.coalesce(func.sum(media.c.length), 0)).select_from(media)).one()
    return int(row[0]), int(row[1])


def _tokens(connection: Connection) -> tuple[int, int]:
    every, revoked = connection.execute(select(func.count(), func.count(token.c.revoked)).select_from(token)).one()
    return every - revoked, revoked


def _size(connection: Connection, path: Path | None) -> int | None:
    if connection.dialect.name == "postgresql":
        return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    if path is None:
        return None
    beside = (path.with_name(path.name + end) for end in ("", "-wal", "-shm"))
    return sum(each.stat().st_size for each in beside if each.exists())


def _due(connection: Connection, now: int) -> Iterator[Due]:
    columns = membership.c
    kinds = ((columns.published, "scheduled"), (columns.expires, "expiring"), (columns.withdrawn, "withdrawn"))
    for column, what in kinds:
        query: Any = (
            select(column, article.c.address, article.c.title)
            .select_from(membership)
            .join(identity, identity.c.key == columns.key)
            .join(article, AT_HOME)
            .where(columns.channel == _site(), column > now)
            .order_by(column)
            .limit(_NEXT)
        )
        for at, address, title in connection.execute(query):
            yield Due(instant(at), what, address, title)


def _site() -> Any:
    return select(channel.c.key).where(channel.c.name == SITE).scalar_subquery()
