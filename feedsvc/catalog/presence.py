"""Names that an address may stand for in; whether anything that was ever shown has one of them out.

One question to the database, where a snapshot asks many: strangers try addresses by the thousand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, literal, or_, select

from feedsvc.catalog.channels import SITE
from feedsvc.catalog.schema import alias, channel, former_slug, identity, media, membership

if TYPE_CHECKING:
    from sqlalchemy import BindParameter, ColumnElement, Connection


class Names(NamedTuple):
    """What may be meant.

    Attributes:
        slugs: of articles, those that they had before too.
        addresses: of records, or of files under `/media/`.
        channels: their names.
        aliases: paths at which pages stood before, as records say.
    """

    slugs: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


def _any(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


_NOW: BindParameter[int] = bindparam("now")
_SITE = select(channel.c.key).where(channel.c.name == SITE).scalar_subquery()


def _was_shown(key: ColumnElement[int], named: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether an article that is named so was ever shown.

    What is scheduled, or not for everybody, is not there: whoever guesses its slug learns nothing, not even from how
    long the answer takes. One question within the other, and no join: SQLite began with all that the site shows.
    """
    shown = membership.c.channel == _SITE, membership.c.key == key, membership.c.published <= _NOW
    return select(literal(1)).where(named, select(literal(1)).where(*shown).exists()).exists()


_SHOWS = select(literal(1)).where(membership.c.channel == channel.c.key, membership.c.published <= _NOW).exists()
_CHANNEL = select(literal(1)).where(channel.c.name.in_(_any("channels")), or_(channel.c.modified != 0, _SHOWS)).exists()
_FILE = select(literal(1)).where(media.c.address.in_(_any("addresses"))).exists()
_ANYTHING = select(
    or_(
        _was_shown(identity.c.key, identity.c.slug.in_(_any("slugs"))),
        _was_shown(former_slug.c.key, former_slug.c.slug.in_(_any("slugs"))),
        _was_shown(identity.c.key, identity.c.address.in_(_any("addresses"))),
        _was_shown(alias.c.key, alias.c.path.in_(_any("aliases"))),
        _CHANNEL,
        _FILE,
    )
)


def is_any(connection: Connection, names: Names, now: int) -> bool:
    """Whether anything has, or had, one of these names by `now`, in seconds since the epoch."""
    return bool(connection.scalar(_ANYTHING, {**names._asdict(), "now": now}))
