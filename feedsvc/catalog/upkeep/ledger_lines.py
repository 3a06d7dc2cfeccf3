"""The ledger's rows in; the lines of its file, sorted, out."""

from __future__ import annotations

from collections import defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select

from feedsvc.catalog.batches import SIZE
from feedsvc.catalog.channels import SITE
from feedsvc.catalog.references import articles_of
from feedsvc.catalog.rows import instant
from feedsvc.catalog.schema import (
    AT_HOME,
    alias,
    article,
    channel,
    fault,
    former_slug,
    identity,
    membership,
    record,
    revision,
    source_text,
)
from feedsvc.catalog.tokens import tokens
from feedsvc.catalog.upkeep.ledger_file import VERSION, Head, Id, Name, Token

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select, Table

    from feedsvc.catalog.upkeep.ledger_file import Line
    from feedsvc.model import Article

_standing = identity.alias()

# Of those at one address the order in which they were given counts: the last one is the address's.
_IDS = (
    select(
        *identity.c,
        record.c.file,
        and_(record.c.address.is_not(None), _standing.c.key.is_(None)).label("is_bare"),
    )
    .outerjoin(record, record.c.address == identity.c.address)
    .outerjoin(_standing, and_(_standing.c.address == identity.c.address, _standing.c.removed.is_(None)))
    .order_by(identity.c.address, identity.c.key)
    .execution_options(yield_per=SIZE)
)


def lines(connection: Connection) -> Iterator[Line]:
    """All that the files of a content folder cannot say, in the order of the file."""
    latest = connection.execute(select(revision).order_by(revision.c.number.desc()).limit(1)).first()
    given = tokens(connection)
    counts = {"channels": _count(connection, channel), "ids": _count(connection, identity), "tokens": len(given)}
    number, at = (0, None) if latest is None else (latest.number, instant(latest.at))
    yield Head(version=VERSION, revision=number, at=at, **counts)
    names: dict[int, str] = {}
    for row in connection.execute(select(channel).order_by(channel.c.name)):
        names[row.key] = row.name
        yield Name(row.name, row.term, instant(row.modified or None))
    good = _last_good(connection)
    for rows in connection.execute(_IDS).partitions():
        yield from _ids(connection, rows, names, good)
    for each in sorted(given, key=attrgetter("prefix")):
        at = {"created": instant(each.created), "revoked": instant(each.revoked)}
        yield Token(each.prefix, each.digest, each.channel, each.name, **at)


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _ids(
    connection: Connection, rows: Sequence[Any], names: Mapping[int, str], good: Mapping[str, Article]
) -> Iterator[Id]:
    keys = [row.key for row in rows]
    of_key = {table: _by_key(connection, table, keys) for table in (former_slug, alias, membership)}
    for row in rows:
        former, aliases, places = (found[row.key] for found in of_key.values())
        places = [each for each in places if each.channel in names]
        # All memberships of an article say the same of it; of a damaged catalog the site's is taken, if there is one.
        place = min(places, key=lambda each: names[each.channel], default=None)
        is_removed = row.removed is not None
        yield Id(
            row.id,
            row.address,
            row.digest,
            row.slug,
            wanted=None if row.wanted == row.slug else row.wanted,
            is_explicit=row.is_explicit,
            former=tuple(sorted(each.slug for each in former)),
            aliases=tuple(sorted(each.path for each in aliases)),
            file=row.file if row.is_bare or not is_removed else None,
            is_hidden=is_removed and bool(row.is_bare),
            removed=instant(row.removed),
            channels=tuple(sorted(names[each.channel] for each in places if names[each.channel] != SITE)),
            is_private=bool(places) and all(names[each.channel] != SITE for each in places),
            last_good=None if is_removed else good.get(row.address),
            **({} if place is None else _instants(place)),
        )


def _instants(place: Row[Any]) -> dict[str, datetime | None]:
    return {name: instant(getattr(place, name)) for name in ("published", "updated", "expires", "withdrawn")}


def _by_key(connection: Connection, table: Table, keys: Sequence[int]) -> defaultdict[int, list[Row[Any]]]:
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(select(table).where(table.c.key.in_(keys))):
        found[row.key].append(row)
    return found


def _last_good(connection: Connection) -> dict[str, Article]:
    """By address, the articles of which the record cannot be published as it stands now."""
    errors = select(fault.c.address).where(fault.c.is_warning.is_not(True))
    query: Select[Any] = (
        select(
            *(column for column in article.c if column.name not in {"number", "doc"}),
            source_text.c.text.label("source"),
        )
        .join(source_text, source_text.c.number == article.c.number)
        .join(record, record.c.address == article.c.address)
        .join(identity, AT_HOME)
        .where(or_(record.c.digest != identity.c.digest, record.c.file.in_(errors)))
    )
    return {made.address: made for made in articles_of(connection, connection.execute(query).all())}
