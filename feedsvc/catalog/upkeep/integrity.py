"""Whether a catalog is whole: it in; what contradicts itself, with the cure, out."""

from __future__ import annotations

from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from sqlalchemy import and_, func, not_, or_, select

from feedsvc.catalog import facts
from feedsvc.catalog.batches import SIZE
from feedsvc.catalog.channels import SITE
from feedsvc.catalog.rows import as_json
from feedsvc.catalog.schema import (
    AT_HOME,
    article,
    channel,
    former_slug,
    identity,
    media,
    membership,
    record,
    reference,
    revision,
    source_text,
)
from feedsvc.errors import CatalogError
from feedsvc.model import Category
from feedsvc.text.subjects import CATEGORIES, CHANNELS, TAGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection, Row, Select

    from feedsvc.catalog.catalog import Catalog

ANEW = "make it anew: `feedsvc catalog export FILE`, delete the catalog, `feedsvc catalog import FILE`, sync"
BACKUP = "restore a backup; without one delete the catalog and sync, and ids and addresses that no file says are lost"

# Of what is wrong in one way so many are named.
_NAMED = 5

# What the column says where an article is for everybody.
_NOBODY = as_json(())


class Finding(Struct, frozen=True):
    """Something in a catalog that cannot be.

    Attributes:
        problem: what is wrong, and where.
        cure: what to do about it.
    """

    problem: str
    cure: str


def findings(catalog: Catalog) -> tuple[Finding, ...]:
    """Reads the whole catalog, and holds its parts against each other; nothing found means that it is whole."""
    found: list[Finding] = []
    try:
        with catalog.database.reading() as connection:
            found.extend(_of_file(connection))
            if facts.is_loaded(connection):
                found.extend(_of_parts(connection))
    except CatalogError as error:
        found.append(Finding(str(error), BACKUP))
    return tuple(found)


def _of_file(connection: Connection) -> Iterator[Finding]:
    """What SQLite itself says of its file; another database sees to that without us."""
    if connection.dialect.name == "sqlite":
        said = connection.exec_driver_sql(f"PRAGMA integrity_check({_NAMED})").scalars().all()
        yield from (Finding(f"the file is damaged: {each}", BACKUP) for each in said if each != "ok")
        broken = {f"{row[0]} to {row[2]}" for row in connection.exec_driver_sql("PRAGMA foreign_key_check")}
        yield from (Finding(f"there are rows that lead nowhere: {each}", ANEW) for each in sorted(broken))


def _of_parts(connection: Connection) -> Iterator[Finding]:
    for problem, query in _contradictions().items():
        yield from _told(problem, connection.scalars(query), ANEW)
    for problem, query in _conflicts().items():
        yield from _told(problem, connection.scalars(query), BACKUP)
    yield from _told("articles not in the channels of their tags", _astray(connection), ANEW)
    yield from _told("media files that are not the bytes they should be", _spoilt(connection), ANEW)


def _told(problem: str, names: Iterable[Any], cure: str) -> Iterator[Finding]:
    found = [str(name) for name in names]
    if found:
        more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
        yield Finding(f"{problem}: {', '.join(islice(found, _NAMED))}{more}", cure)


def _contradictions() -> dict[str, Select[Any]]:
    """What an import of the ledger and a sync put right, each as a query for the names of what is at fault."""
    return {**_of_articles(), **_of_places(), **_of_channels()}


def _of_articles() -> dict[str, Select[Any]]:
    address = select(article.c.address).order_by(article.c.address)
    uri = select(identity.c.id).where(identity.c.removed.is_(None)).order_by(identity.c.id)
    records = select(record.c.address)
    return {
        "articles without an id": address.outerjoin(identity, AT_HOME).where(identity.c.key.is_(None)),
        "articles without a text": address.where(article.c.number.not_in(select(source_text.c.number))),
        "articles without a record": address.where(article.c.address.not_in(records)),
        "ids without an article": uri.outerjoin(article, AT_HOME).where(article.c.number.is_(None)),
        "ids without a slug": uri.where(identity.c.slug.is_(None)),
        "media files without a record": select(media.c.address).where(media.c.address.not_in(records)),
        "references from no article": select(reference.c.article)
        .where(reference.c.article.not_in(select(article.c.address)))
        .distinct(),
    }


def _of_places() -> dict[str, Select[Any]]:
    uri = select(membership.c.id).order_by(membership.c.id).distinct()
    of_other = or_(identity.c.id.is_(None), identity.c.id != membership.c.id)
    dates = ("published", "updated", "expires", "withdrawn")
    differ = or_(*(membership.c[name].is_distinct_from(article.c[name]) for name in dates))
    # What is for an audience stands in channels of the settings alone.
    # One that everybody saw before has tombstones elsewhere.
    was_public = and_(article.c.audience != _NOBODY, membership.c.withdrawn.is_not(None))
    whole = or_(channel.c.name == SITE, channel.c.name.startswith(f"{CHANNELS}/"))
    somewhere = select(membership.c.key).where(membership.c.channel.in_(select(channel.c.key).where(whole)))
    return {
        "ids without a place in the site's channel": select(identity.c.id).where(identity.c.key.not_in(somewhere)),
        "places without an id, or of another one": uri.outerjoin(identity, identity.c.key == membership.c.key).where(
            of_other
        ),
        "places in no channel": uri.where(membership.c.channel.not_in(select(channel.c.key))),
        "places with other dates than their article": uri.join(identity, identity.c.key == membership.c.key)
        .join(article, AT_HOME)
        .where(differ, not_(was_public)),
    }


def _of_channels() -> dict[str, Select[Any]]:
    number = select(func.coalesce(func.max(revision.c.number), 0)).scalar_subquery()
    at = select(func.coalesce(func.max(revision.c.at), 0)).scalar_subquery()
    to_come = or_(channel.c.revision > number, channel.c.lost > number, channel.c.modified > at)
    return {"channels of a revision that is still to come": select(channel.c.name).where(to_come)}


def _conflicts() -> dict[str, Select[Any]]:
    """What stands in the ledger itself, likewise."""
    standing = select(identity.c.address).where(identity.c.removed.is_(None))
    slugs = select(identity.c.slug).where(identity.c.slug.is_not(None))
    return {
        "slugs that two articles have": slugs.group_by(identity.c.slug).having(func.count() > 1),
        "former slugs that an article has now": select(former_slug.c.slug).where(former_slug.c.slug.in_(slugs)),
        "records with two ids": standing.group_by(identity.c.address).having(func.count() > 1),
    }


_OF_CATEGORIES = (f"{TAGS}/", f"{CATEGORIES}/")


def _astray(connection: Connection) -> Iterator[str]:
    """The addresses of articles whose places and tags differ."""
    query = select(identity.c.key, article.c.address, article.c.categories, article.c.audience).join(identity, AT_HOME)
    for rows in _partitions(connection, query):
        by_key: dict[int, set[str]] = {row.key: set() for row in rows}
        places = (
            select(membership.c.key, membership.c.withdrawn, channel.c.name)
            .join(channel, channel.c.key == membership.c.channel)
            .where(membership.c.key.in_(by_key), or_(*map(channel.c.name.startswith, _OF_CATEGORIES)))
        )
        hidden = {row.key for row in rows if row.audience != _NOBODY}
        for key, withdrawn, name in connection.execute(places):
            if withdrawn is None or key not in hidden:
                by_key[key].add(name)
        for row in rows:
            categories = msgspec.json.decode(row.categories, type=tuple[Category, ...])
            if by_key[row.key] != {each.name for each in categories if row.key not in hidden}:
                yield row.address


def _spoilt(connection: Connection) -> Iterator[str]:
    query = (
        select(media.c.address, media.c.digest, media.c.length, media.c.body, record.c.digest.label("read"))
        .join(record, record.c.address == media.c.address)
        .where(or_(media.c.body.is_not(None), record.c.digest != media.c.digest))
        .order_by(media.c.address)
        .execution_options(yield_per=1)  # one may have megabytes
    )
    for row in connection.execute(query):
        body = row.body
        is_whole = body is None or (len(body), sha256(body).hexdigest()) == (row.length, row.digest)
        if not is_whole or row.read != row.digest:
            yield row.address


def _partitions(connection: Connection, query: Select[Any]) -> Iterator[Sequence[Row[Any]]]:
    ordered = query.order_by(article.c.address).execution_options(yield_per=SIZE)
    yield from connection.execute(ordered).partitions()
