"""What stands beside an article in the order of its channel: a place in; the one before and the one behind it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, select, tuple_

from feedsvc.catalog.schema import AT_HOME, article, identity, membership
from feedsvc.catalog.window import GOES_ON

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Neighbour(NamedTuple):
    """An article, as it is named where something leads to it.

    Attributes:
        address: of its record.
        language: BCP 47; None where its record names none.
    """

    slug: str
    title: str
    address: str
    language: str | None


_PLACE = tuple_(membership.c.published, membership.c.id)
_OF = tuple_(bindparam("published"), bindparam("id"))
_SHOWN = (
    select(identity.c.slug, article.c.title, article.c.address, article.c.language)
    .select_from(membership)
    .join(identity, identity.c.key == membership.c.key)
    .join(article, AT_HOME)
    .where(membership.c.channel == bindparam("of"), GOES_ON)
    .limit(1)
)
_EARLIER = _SHOWN.where(_PLACE < _OF).order_by(membership.c.published.desc(), membership.c.id.desc())
_LATER = _SHOWN.where(_PLACE > _OF, membership.c.published <= bindparam("now")).order_by(
    membership.c.published, membership.c.id
)


def neighbours(
    connection: Connection, of: int, place: tuple[int, str], now: int
) -> tuple[Neighbour | None, Neighbour | None]:
    """The articles that a channel shows next to a place: the one published before it, and the one published after it.

    Args:
        of: the key of the channel's row.
        place: in its order, an article's `published` and id.
    """
    asked = {"of": of, "published": place[0], "id": place[1], "now": now}
    earlier, later = (connection.execute(each, asked).first() for each in (_EARLIER, _LATER))
    return (None if earlier is None else Neighbour(*earlier)), (None if later is None else Neighbour(*later))
