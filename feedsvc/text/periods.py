"""Calendar periods: a name or an instant in; where a year, month or day begins and ends out."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from re import ASCII
from re import compile as pattern
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from datetime import tzinfo

Kind: TypeAlias = Literal["year", "month", "day"]

_FORMS = {
    "year": pattern(r"\d{4}", ASCII),
    "month": pattern(r"\d{4}-\d\d", ASCII),
    "day": pattern(r"\d{4}-\d\d-\d\d", ASCII),
}
_EPOCH = datetime.fromtimestamp(0, UTC)
_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)


class Period(Struct, frozen=True):
    """A year, month or day of the calendar.

    Attributes:
        name: `2026`, `2026-10` or `2026-10-05`.
        start: its first second, since the epoch.
        stop: the first second behind it.
    """

    name: str
    start: int
    stop: int


def named(name: str, kind: str, zone: tzinfo = UTC) -> Period | None:
    """The period of a kind that has a name; None where no such period has it."""
    if not _FORMS[kind].fullmatch(name):
        return None
    try:
        return _period(date(*_parts(name)), kind, zone)
    except ValueError:
        return None


def at(instant: int, kind: str, zone: tzinfo = UTC) -> Period:
    """The period of a kind in which an instant is, in seconds since the epoch."""
    utc = _EPOCH + timedelta(seconds=instant)
    try:
        day = utc.astimezone(zone).date()
    except OverflowError:  # on the first or the last day that there is
        day = utc.date()
    return _period(day, kind, zone)


def _parts(name: str) -> tuple[int, int, int]:
    year, month, day = [*map(int, name.split("-")), 1, 1][:3]
    return year, month, day


def _period(day: date, kind: str, zone: tzinfo) -> Period:
    if kind == "year":
        first, last, name = day.replace(month=1, day=1), day.replace(month=12, day=31), f"{day.year:04}"
    elif kind == "month":
        first, last = day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
        name = f"{day.year:04}-{day.month:02}"
    else:
        first, last, name = day, day, day.isoformat()
    try:
        stop = _midnight(last + _DAY, zone)
    except OverflowError:  # there is no year 10000
        stop = _midnight(last, zone) + _DAY // _SECOND
    return Period(name, _midnight(first, zone), stop)


def _midnight(day: date, zone: tzinfo) -> int:
    return (datetime(day.year, day.month, day.day, tzinfo=zone) - _EPOCH) // _SECOND
