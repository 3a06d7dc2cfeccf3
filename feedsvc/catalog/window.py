"""The articles that a selection shows: keys of channels, a window and an instant in; rows, newest first, out."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct
from sqlalchemy import and_, bindparam, or_, select, tuple_, union

from feedsvc.catalog import crossing
from feedsvc.catalog.schema import AT_HOME, article, identity, membership, source_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import BindParameter, ColumnElement, Connection, Row, Select

ARTICLE = (
    *(column for column in article.c if column.name not in {"number", "slug", "doc"}),
    source_text.c.text.label("source"),
    identity.c.id,
    identity.c.slug,
)

_OF: BindParameter[int] = bindparam("of")
_NOW: BindParameter[int] = bindparam("now")
_SHOWN: BindParameter[int] = bindparam("shown")
_MOST: BindParameter[int] = bindparam("most")
_ENDS = (membership.c.expires, membership.c.withdrawn)
IN_PERIOD = and_(membership.c.published >= bindparam("start"), membership.c.published < bindparam("stop"))
GOES_ON = and_(*(or_(end.is_(None), end > _NOW) for end in _ENDS))


class Keys(Struct, frozen=True):
    """A selection, by the keys of its channels' rows.

    Attributes:
        groups: an article is in at least one channel of each; the first one leads.
        none: and in none of these.
        delay: so many seconds after its publication it shows,
        within: and for so many seconds after that; None for ever.
    """

    groups: tuple[tuple[int, ...], ...]
    none: tuple[int, ...] = ()
    delay: int = 0
    within: int | None = None

    @property
    def lead(self) -> tuple[int, ...]:
        """The channels one of which every article is in."""
        return self.groups[0]


class Ended(NamedTuple):
    """The id of an article that was taken back, the instant of that in seconds since the epoch, and the reason."""

    id: str
    withdrawn: int
    reason: str | None


def placed(of: ColumnElement[Any] | BindParameter[int] = _OF) -> Select[Any]:
    """The articles of a channel that have not ended, those too that are still to come.

    Where it ends is left to who asks: of two limits to `published`, SQLite would look up one, and walk through all that
    lies between them.
    """
    return _whole(select(*ARTICLE).select_from(membership)).where(membership.c.channel == of, GOES_ON)


def newest(
    connection: Connection, of: Keys, now: int, *, limit: int, before: tuple[int, str] | None
) -> Sequence[Row[Any]]:
    """The articles that show, newest first, equal instants by id from the last to the first.

    Args:
        before: only those behind this place in the order, an article's `published` and id.
    """
    start = (now - of.delay + 1, "")
    published, id_ = min(before or start, start)
    asked = {**asked_of(of), "now": now, "shown": now - of.delay, "published": published, "id": id_, "most": limit}
    return _young(connection.execute(_newest(*shape_of(of)), asked).all(), of, now)


def last_updated(connection: Connection, of: Keys, now: int, *, limit: int) -> Sequence[Row[Any]]:
    """The articles that show, the last updated first, equal instants by id from the last to the first."""
    asked = {**asked_of(of), "now": now, "shown": now - of.delay, "most": limit, "oldest": _oldest(of, now)}
    return connection.execute(_last_updated(*shape_of(of)), asked).all()


def _oldest(of: Keys, now: int) -> int:
    """What was published at that instant, or before, shows no more."""
    return -1 if of.within is None else now - of.within


def _young(rows: Sequence[Row[Any]], of: Keys, now: int) -> Sequence[Row[Any]]:
    # Not in the statement: of two limits to `published`, SQLite looks up one, and walks through all behind the other.
    return rows if of.within is None else [row for row in rows if row.published > _oldest(of, now)]


def tombstones(  # noqa: PLR0913 - all that decides it
    connection: Connection,
    of: Keys,
    now: int,
    *,
    limit: int,
    since: int = 0,
    published: tuple[int, int] | None = None,
) -> Sequence[Ended]:
    """Id, instant and reason of the latest articles that showed and were withdrawn or removed, latest first.

    Of those that left one of several groups too; but not of those that came into an excluded channel, for it is not
    known when.

    Args:
        since: only what was taken back at or after this instant.
        published: only what was published in a period, given by its first second and the first one behind it.
    """
    shape = len(of.groups) - 1, bool(of.none), of.groups == (of.lead[:1],), published is not None
    start, stop = published or (0, 0)
    bounds = {"start": start, "stop": stop} if published else {}
    found: set[tuple[int, str]] = set()
    for number, lead in enumerate(of.groups):
        each = Keys((lead, *of.groups[:number], *of.groups[number + 1 :]), of.none, of.delay)
        asked = {**asked_of(each), "lead": lead, "now": now, "delay": of.delay, "since": since, "most": limit, **bounds}
        # The latest of each channel, by its index; all of them together would have to be sorted.
        for key in lead:
            rows = connection.execute(_tombstones(*shape), {**asked, "of": key})
            found.update((-row.withdrawn, row.id) for row in rows)
    # By bytes, as the database does it.
    latest = sorted(found, key=lambda each: (each[0], each[1].encode()))
    told = latest[:limit]
    # The reason stands in the record alone: of one that is gone nobody knows it.
    asked = {"ids": [id_ for _, id_ in told]}
    reasons = {row.id: row.reason for row in connection.execute(_REASONS, asked)} if told else {}
    return [Ended(id_, -before, reasons.get(id_)) for before, id_ in told]


def last_end(connection: Connection, of: Keys, now: int) -> int | None:
    """When an article that showed last expired, or was withdrawn or removed; None where none did."""
    asked = {**asked_of(of), "now": now, "delay": of.delay}
    ends = connection.execute(_last_ends(*shape_of(of)[:2]), asked).one()
    return max((end for end in ends if end is not None), default=None)


def place(connection: Connection, of: Keys, slug: str, now: int) -> tuple[int, str] | None:
    """Where in the order the article with a slug stands or stood; None where it never showed."""
    asked = {**asked_of(of), "lead": of.lead, "slug": slug, "shown": now - of.delay}
    row = connection.execute(_place(len(of.groups) - 1), asked).first()
    return None if row is None else (row.published, row.id)


def asked_of(of: Keys) -> dict[str, Any]:
    """The keys of a selection, by the names that a statement of its `shape_of` has for them."""
    leading = {f"of_{number}": key for number, key in enumerate(of.lead)}
    others = {f"group_{number}": group for number, group in enumerate(of.groups[1:])}
    return leading | others | ({"none": of.none} if of.none else {})


def shape_of(of: Keys) -> tuple[int, int, bool]:
    """What a statement is built for: so many leading channels and other groups, and whether some are not meant."""
    return len(of.lead), len(of.groups) - 1, bool(of.none)


_REASONS = (
    select(identity.c.id, article.c.reason)
    .join(article, AT_HOME)
    .where(identity.c.id.in_(bindparam("ids", expanding=True)), article.c.reason.is_not(None))
)


# Statements are built once: to build one takes as long as to send it.
@lru_cache(maxsize=64)
def _newest(channels: int, others: int, is_without: bool) -> Select[Any]:  # noqa: FBT001 - a shape
    behind = tuple_(membership.c.published, membership.c.id) < tuple_(bindparam("published"), bindparam("id"))
    order = membership.c.published.desc(), membership.c.id.desc()
    if channels == 1:
        whole = placed(bindparam("of_0")).where(behind, *crossing.shown(others, is_without=is_without))
        return whole.order_by(*order).limit(_MOST)
    columns = (membership.c.key, membership.c.published, membership.c.id)
    where = (GOES_ON, behind, *crossing.shown(others, is_without=is_without))
    # The newest of each channel, by its index; all of them together would have to be sorted.
    parts = [
        select(*columns).where(membership.c.channel == bindparam(f"of_{number}"), *where).order_by(*order).limit(_MOST)
        for number in range(channels)
    ]
    found = union(*(select(part.subquery()) for part in parts)).subquery()
    whole = (
        select(*ARTICLE)
        .select_from(found)
        .join(identity, identity.c.key == found.c.key)
        .join(article, AT_HOME)
        .join(source_text, source_text.c.number == article.c.number)
    )
    return whole.order_by(found.c.published.desc(), found.c.id.desc()).limit(_MOST)


@lru_cache(maxsize=64)
def _last_updated(channels: int, others: int, is_without: bool) -> Select[Any]:  # noqa: FBT001 - a shape
    filters = crossing.shown(others, is_without=is_without)
    where = (
        membership.c.channel.in_([bindparam(f"of_{number}") for number in range(channels)]),
        membership.c.published <= _SHOWN,
        membership.c.published > bindparam("oldest"),
        GOES_ON,
        *filters,
    )
    query = _whole(select(*ARTICLE).select_from(membership)).where(*where)
    query = query.distinct() if channels > 1 else query
    return query.order_by(membership.c.updated.desc(), membership.c.id.desc()).limit(_MOST)


@lru_cache(maxsize=64)
def _tombstones(
    others: int,
    is_without: bool,  # noqa: FBT001 - a shape
    is_channel: bool,  # noqa: FBT001 - likewise
    in_period: bool,  # noqa: FBT001 - likewise
) -> Select[Any]:
    where = (
        membership.c.channel == _OF,
        membership.c.withdrawn <= _NOW,
        membership.c.withdrawn >= bindparam("since"),
        membership.c.published + bindparam("delay") < membership.c.withdrawn,
        *((IN_PERIOD,) if in_period else ()),
        *(() if is_channel and not is_without else crossing.ended(others, is_without=is_without)),
    )
    query = select(membership.c.id, membership.c.withdrawn).where(*where)
    return query.order_by(membership.c.withdrawn.desc(), membership.c.id).limit(_MOST)


@lru_cache(maxsize=64)
def _last_ends(channels: int, others: int) -> Select[Any]:
    return select(*(_last_end(column.name, channels, others).scalar_subquery() for column in _ENDS))


def _last_end(name: str, channels: int, others: int) -> Select[Any]:
    end = membership.c[name]
    (other,) = (column for column in _ENDS if column.name != name)
    where = (
        membership.c.channel.in_([bindparam(f"of_{number}") for number in range(channels)]),
        end <= _NOW,
        membership.c.published + bindparam("delay") < end,
        or_(other.is_(None), other >= end),  # else it did not show any more
        *crossing.stood(others),
    )
    return select(end).where(*where).order_by(end.desc()).limit(1)


def _whole(query: Select[Any]) -> Select[Any]:
    joined = query.join(identity, identity.c.key == membership.c.key).join(article, AT_HOME)
    return joined.join(source_text, source_text.c.number == article.c.number)


@lru_cache(maxsize=8)
def _place(others: int) -> Select[Any]:
    return (
        select(membership.c.published, membership.c.id)
        .join(identity, identity.c.key == membership.c.key)
        .where(
            membership.c.channel.in_(bindparam("lead", expanding=True)),
            identity.c.slug == bindparam("slug"),
            membership.c.published <= _SHOWN,
            *crossing.stood(others),
        )
    )
