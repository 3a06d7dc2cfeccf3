"""The articles that a selection shows: keys of channels, a window and an instant in; rows, newest first, out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, or_, select, tuple_, union

from feedsvc.catalog.schema import AT_HOME, article, identity, membership, source_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import BindParameter, ColumnElement, Connection, Row, Select

ARTICLE = (
    *(column for column in article.c if column.name not in {"number", "slug"}),
    source_text.c.text.label("source"),
    identity.c.id,
    identity.c.slug,
)

_OF: BindParameter[int] = bindparam("of")
_NOW: BindParameter[int] = bindparam("now")
_SHOWN: BindParameter[int] = bindparam("shown")
_MOST: BindParameter[int] = bindparam("most")
GOES_ON = and_(*(or_(end.is_(None), end > _NOW) for end in (membership.c.expires, membership.c.withdrawn)))


@dataclass(frozen=True, slots=True)
class Keys:
    """A selection, by the keys of its channels' rows.

    Attributes:
        groups: an article is in at least one channel of each; the first one leads.
        none: and in none of these.
        delay: so many seconds after its publication it shows.
    """

    groups: tuple[tuple[int, ...], ...]
    none: tuple[int, ...] = ()
    delay: int = 0

    @property
    def lead(self) -> tuple[int, ...]:
        """The channels one of which every article is in."""
        return self.groups[0]


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
    asked = {**asked_of(of), "now": now, "published": published, "id": id_, "most": limit}
    return connection.execute(_newest(*shape_of(of)), asked).all()


def tombstones(connection: Connection, of: Keys, now: int, *, limit: int, since: int = 0) -> Sequence[Row[Any]]:
    """The id and the instant of the latest articles that showed and were withdrawn or removed, latest first.

    Args:
        since: only what was taken back at or after this instant.
    """
    asked = {**asked_of(of), "now": now, "delay": of.delay, "since": since, "most": limit}
    return connection.execute(_tombstones(*shape_of(of)), asked).all()


def place(connection: Connection, of: Keys, slug: str, now: int) -> tuple[int, str] | None:
    """Where in the order the article with a slug stands or stood; None where it never showed."""
    asked = {"lead": of.lead, "slug": slug, "shown": now - of.delay}
    row = connection.execute(_PLACE, asked).first()
    return None if row is None else (row.published, row.id)


def asked_of(of: Keys) -> dict[str, Any]:
    """The keys of a selection, by the names that a statement of its `shape_of` has for them."""
    leading = {f"of_{number}": key for number, key in enumerate(of.lead)}
    others = {f"group_{number}": group for number, group in enumerate(of.groups[1:])}
    return leading | others | ({"none": of.none} if of.none else {})


def shape_of(of: Keys) -> tuple[int, int, bool]:
    """What a statement is built for: so many leading channels and other groups, and whether some are not meant."""
    return len(of.lead), len(of.groups) - 1, bool(of.none)


# Statements are built once: to build one takes as long as to send it.
@lru_cache(maxsize=64)
def _newest(channels: int, others: int, is_without: bool) -> Select[Any]:  # noqa: FBT001 - a shape
    behind = tuple_(membership.c.published, membership.c.id) < tuple_(bindparam("published"), bindparam("id"))
    order = membership.c.published.desc(), membership.c.id.desc()
    if channels == 1:
        whole = placed(bindparam("of_0")).where(behind, *filters(others, is_without=is_without))
        return whole.order_by(*order).limit(_MOST)
    columns = (membership.c.key, membership.c.published, membership.c.id)
    where = (GOES_ON, behind, *filters(others, is_without=is_without))
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
def _tombstones(channels: int, others: int, is_without: bool) -> Select[Any]:  # noqa: FBT001 - a shape
    where = (
        membership.c.channel.in_([bindparam(f"of_{number}") for number in range(channels)]),
        membership.c.withdrawn <= _NOW,
        membership.c.withdrawn >= bindparam("since"),
        membership.c.published + bindparam("delay") < membership.c.withdrawn,
        *filters(others, is_without=is_without),
    )
    columns = (membership.c.id, membership.c.withdrawn)
    query = select(*columns).where(*where)
    query = query.distinct() if channels > 1 else query
    return query.order_by(membership.c.withdrawn.desc(), membership.c.id).limit(_MOST)


def filters(others: int, *, is_without: bool) -> list[ColumnElement[bool]]:
    """That an article is in each of the other groups too, and in none of the channels that are not meant."""
    other = membership.alias()

    def is_in(name: str) -> ColumnElement[bool]:
        named = other.c.channel.in_(bindparam(name, expanding=True))
        return select(other.c.key).where(other.c.key == membership.c.key, named).correlate(membership).exists()

    return [*(is_in(f"group_{number}") for number in range(others)), *([~is_in("none")] if is_without else [])]


def _whole(query: Select[Any]) -> Select[Any]:
    joined = query.join(identity, identity.c.key == membership.c.key).join(article, AT_HOME)
    return joined.join(source_text, source_text.c.number == article.c.number)


_PLACE = (
    select(membership.c.published, membership.c.id)
    .join(identity, identity.c.key == membership.c.key)
    .where(
        membership.c.channel.in_(bindparam("lead", expanding=True)),
        identity.c.slug == bindparam("slug"),
        membership.c.published <= _SHOWN,
    )
)
