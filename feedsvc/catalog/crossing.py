"""Articles in several channels at once: how many groups there are in; what a membership of the first has to fulfil out.

One asks for the memberships of one group and, of each, whether the same article is in the others. All memberships are
looked at for themselves: an article may have left a channel, and still be in another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, exists, func, literal, or_, select

from feedsvc.catalog.schema import membership

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import BindParameter, ColumnElement, Connection

# Among channels with more members than this it matters little which one is gone through.
MANY = 4096

_NOW: BindParameter[int] = bindparam("now")
_SHOWN: BindParameter[int] = bindparam("shown")
_OTHER = membership.alias()
_GOES_ON = (or_(end.is_(None), end > _NOW) for end in (_OTHER.c.expires, _OTHER.c.withdrawn))
_LIVES = and_(_OTHER.c.published <= _SHOWN, *_GOES_ON)
_MEMBERS = select(literal(1)).where(membership.c.channel == bindparam("of")).limit(MANY).subquery()
_SIZE = select(func.count()).select_from(_MEMBERS)


def shown(others: int, *, is_without: bool) -> list[ColumnElement[bool]]:
    """That an article shows in each other group, and in none of those that are excluded.

    Parameters: `group_0` and so on, `none`; `now`, and `shown`, the latest `published` that shows.
    """
    return [*(_is_in(name, _LIVES) for name in _names(others)), *([~_is_in("none", _LIVES)] if is_without else [])]


def stood(others: int) -> list[ColumnElement[bool]]:
    """That an article is or was in each other group."""
    return [_is_in(name) for name in _names(others)]


def ended(others: int, *, is_without: bool) -> list[ColumnElement[bool]]:
    """That the selection showed an article until its membership was withdrawn, and shows it no more.

    It is in the leading group by no other channel (parameter `lead`) that it left later, or is still in.
    """
    withdrawn = membership.c.withdrawn
    still = or_(_OTHER.c.withdrawn.is_(None), _OTHER.c.withdrawn >= withdrawn)
    later = or_(_OTHER.c.withdrawn.is_(None), _OTHER.c.withdrawn > withdrawn)
    return [
        ~_is_in("lead", later),
        *(_is_in(name, still) for name in _names(others)),
        *([~_is_in("none", still)] if is_without else []),
    ]


def fewest(connection: Connection, groups: Sequence[tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
    """The same groups, that with the fewest members first: it is the one that is gone through."""
    if len(groups) == 1:
        return tuple(groups)

    def size(group: tuple[int, ...]) -> int:
        return sum(connection.scalar(_SIZE, {"of": key}) or 0 for key in group)

    return tuple(sorted(groups, key=size))


def _names(others: int) -> Iterator[str]:
    return (f"group_{number}" for number in range(others))


def _is_in(name: str, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    named = _OTHER.c.channel.in_(bindparam(name, expanding=True))
    return exists().where(_OTHER.c.key == membership.c.key, named, *conditions).correlate(membership)
