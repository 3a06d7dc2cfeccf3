"""All that a site shows now: an instant in; the channels that show something, and pages by month, out."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import bindparam, func, select

from feedsvc.catalog.rows import instant
from feedsvc.catalog.schema import AT_HOME, article, channel, identity, membership
from feedsvc.catalog.window import GOES_ON

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

_DAY = 86_400

_SHOWN = (
    select(membership.c.key)
    .where(membership.c.channel == channel.c.key, membership.c.published <= bindparam("now"), GOES_ON)
    .exists()
)
_CHANNELS = select(channel.c.term, channel.c.name).where(_SHOWN).order_by(channel.c.name)
_OF_KIND = _CHANNELS.where(channel.c.name.startswith(bindparam("kind"))).limit(bindparam("most"))
_LAST = select(func.max(membership.c.published)).where(
    membership.c.channel == bindparam("site"), membership.c.published <= bindparam("until")
)


def _of_month(*columns: Any) -> Select[Any]:
    """Of the articles of a month that show, and whose canonical page is on this site."""
    return (
        select(*columns)
        .select_from(membership)
        .join(identity, identity.c.key == membership.c.key)
        .join(article, AT_HOME)
        .where(
            membership.c.channel == bindparam("site"),
            membership.c.published.between(bindparam("first"), bindparam("last")),
            GOES_ON,
            article.c.link.is_(None),
        )
    )


_MONTH = _of_month(func.count(), func.max(membership.c.updated))
_PAGES = (
    _of_month(identity.c.slug, membership.c.updated)
    .order_by(membership.c.published, membership.c.id)
    .limit(bindparam("most"))
    .offset(bindparam("skipped"))
)


class Month(Struct, frozen=True):
    """A calendar month in UTC in which pages were published that show now.

    Attributes:
        name: such as `2026-01`.
        pages: how many there are.
        updated: the last change of any.
    """

    name: str
    pages: int
    updated: datetime


class Contents:
    """What a site shows, of one revision.

    Args:
        site: the key of its row.
    """

    def __init__(self, connection: Connection, site: int) -> None:
        self._connection = connection
        self._site = site

    def channels(self, now: int) -> tuple[tuple[str, str], ...]:
        """Every channel that an article is in which shows: its term and its name, by name; private ones too."""
        return tuple((row.term, row.name) for row in self._connection.execute(_CHANNELS, {"now": now}))

    def of_kind(self, kind: str, now: int, *, most: int) -> tuple[tuple[str, str], ...]:
        """The channels of a kind, one of `subjects.KINDS`, likewise; of more, the first by name."""
        asked = {"kind": f"{kind}/", "now": now, "most": most}
        return tuple((row.term, row.name) for row in self._connection.execute(_OF_KIND, asked))

    def names(self) -> frozenset[str]:
        """Of all channels that any article is in, those to come too."""
        in_any = select(membership.c.key).where(membership.c.channel == channel.c.key).exists()
        return frozenset(self._connection.scalars(select(channel.c.name).where(in_any)))

    def months(self, now: int) -> tuple[Month, ...]:
        """The months with pages, the latest first."""
        found = []
        until = now
        while (last := self._connection.scalar(_LAST, {"site": self._site, "until": until})) is not None:
            name = f"{instant(last):%Y-%m}".zfill(7)
            asked = self._asked(name, now)
            pages, updated = self._connection.execute(_MONTH, asked).one()
            if pages:
                found.append(Month(name, pages, instant(updated)))
            until = asked["first"] - 1
        return tuple(found)

    def pages(self, month: str, now: int, *, most: int, skipped: int = 0) -> tuple[tuple[str, datetime], ...]:
        """The pages of a month, such as `2026-01`: slug and last change of each, in the order of their publication.

        Only articles that show now, and whose canonical page is on this site.
        """
        asked = {**self._asked(month, now), "most": most, "skipped": skipped}
        return tuple((row.slug, instant(row.updated)) for row in self._connection.execute(_PAGES, asked))

    def _asked(self, month: str, now: int) -> dict[str, int]:
        year, number = map(int, month.split("-"))
        first = int(datetime(year, number, 1, tzinfo=UTC).timestamp())
        last = first + monthrange(year, number)[1] * _DAY - 1
        return {"site": self._site, "now": now, "first": first, "last": min(last, now)}
