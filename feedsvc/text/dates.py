"""Dates: what a person wrote in, instants in UTC out; and instants in, the forms that documents and pages need out."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from sys import intern
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import tzinfo

# Own tables: strftime and strptime follow the process's locale, which documents may not.
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH_NUMBERS = {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)}

# RFC 5322 §4.3; other abbreviations mean different offsets in different countries.
_ZONE_HOURS = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7,
}  # fmt: skip

_LONGEST = 64
_EXAMPLE = "write one such as 2020-05-20, 20 May 2020 or 2020-05-20T14:30:00+02:00"

_MONTH = r"(?P<month>{})\.?".format("|".join(f"{m[:3]}(?:{m[3:]})?" for m in MONTHS).replace("Sep", "Sept?"))
_DAY_OF_MONTH = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?"
_YEAR = r"(?P<year>[0-9]{4})"
_CALENDAR = (
    r"(?P<year>[0-9]{4})(?P<sep>[-/.])(?P<month>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})",
    r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
    rf"{_DAY_OF_MONTH}(?P<sep>-|,? ){_MONTH}(?:(?P=sep)|,? ){_YEAR}",
    rf"{_MONTH} {_DAY_OF_MONTH},? {_YEAR}",
)
_WEEKDAY = r"(?:(?P<weekday>{})\.?,? )?".format("|".join(f"{d[:3]}(?:{d[3:]})?" for d in _DAYS))
_CLOCK = (
    r"(?:(?:t|,? |,? at )(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?(?: (?P=year)(?= [+-]))?"  # the year twice says no more than once
    r"(?: ?(?P<zone>[a-z]{1,5}|(?:utc|gmt)[+-][0-9]{1,2}(?::?[0-9]{2})?|[+-][0-9]{1,2}(?::?[0-9]{2})?)"
    r"(?:\[[a-z0-9/_+-]+\])?)?"
    r"(?: \([a-z ]*\))?)?"
)
_BASIC = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})?(?=Z|[+-]|\Z)", re.ASCII)
_EPOCH = re.compile(r"([0-9]{9,10})|([0-9]{12,13})", re.ASCII)
_RELATIVE = re.compile(
    r"(?:now|today|yesterday|tomorrow|current|created|modified|none|null|tbd|draft)\b"
    r"|(?:last|next|this) |.* ago$|git\b.*|\{\{.*|<%.*|\$.*",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{3}|\.[0-9]{6})?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-5][0-9])?)?",
    re.ASCII,
)
_DATE_LENGTH = len("2020-05-20")
_NUMBERS = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})(?![0-9])")


class Written(NamedTuple):
    """A date as a person wrote it.

    Attributes:
        at: the instant it means, in UTC and whole seconds.
        date: the calendar date as written, `YYYY-MM-DD`.
        is_date_only: whether no time of day was written.
    """

    at: datetime
    date: str
    is_date_only: bool


def instant(text: str, zone: tzinfo) -> Written:
    """Reads a date, or a date and time: ISO 8601's forms, year first, RFC 822's, or with an English month name.

    A number of ten digits is seconds since the epoch, one of thirteen milliseconds: some exports hold such.
    A date alone is its midnight in `zone`; a time without an offset is in `zone`. Where a clock jumps forward, a time
    it skips is counted from before the jump; where it goes back, a time that comes twice is the first. Fractions of
    seconds are cut.

    Raises:
        ValueError: with `what is wrong|what to write instead`; nothing is ever guessed.
    """
    if fast := _plain(text, zone):
        return fast
    match = _match(text)
    if not match:
        raise ValueError(_refusal(text))
    day = _calendar_day(match, text)
    clock = _clock(match, text)
    written = datetime.combine(day, clock or time(), _zone(match, text) or zone)
    try:
        at = written.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{_shown(text)} is outside the years 1 to 9999 in UTC|{_EXAMPLE}") from None
    return Written(at, day.isoformat(), clock is None)


def _plain(text: str, zone: tzinfo) -> Written | None:
    """The forms that nearly all records use, read ten times faster than by their grammar; None for all others."""
    if not _PLAIN.fullmatch(text):
        return _of_epoch(text, zone)
    try:
        written = datetime.fromisoformat(text)
        at = (written if written.tzinfo else written.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    # An archive has many articles of one day; one text of it is enough.
    day = intern(text[:_DATE_LENGTH])
    return Written(at.replace(microsecond=0) if at.microsecond else at, day, len(text) == _DATE_LENGTH)


def _of_epoch(text: str, zone: tzinfo) -> Written | None:
    match = _EPOCH.fullmatch(text)
    if not match:
        return None
    at = datetime.fromtimestamp(int(match[1] or match[2][:-3]), UTC)
    return Written(at, at.astimezone(zone).date().isoformat(), is_date_only=False)


def is_date_line(text: str) -> bool:
    """Whether a line has the form of a date without a time, and nothing else; `2026-02-30` has it too."""
    match = _match(text)
    return match is not None and match["hour"] is None


def is_date(text: str) -> bool:
    """Whether a text is a date that can be, with a time or without."""
    try:
        instant(text, UTC)
    except ValueError:
        return False
    return True


def rfc3339(at: datetime) -> str:
    """`2020-05-20T00:00:00Z`."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def rfc822(at: datetime) -> str:
    """`Wed, 20 May 2020 00:00:00 +0000` (RFC 822 §5 with RFC 1123's four-digit year), whatever the locale."""
    utc = at.astimezone(UTC)
    weekday, month = _DAYS[utc.weekday()][:3], MONTHS[utc.month - 1][:3]
    return f"{weekday}, {utc.day:02} {month} {utc.year:04} {utc:%H:%M:%S} +0000"


def day(at: datetime, zone: tzinfo) -> str:
    """`20 May 2020`, the calendar date of an instant in a zone."""
    local = at.astimezone(zone)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def _match(text: str) -> re.Match[str] | None:
    folded = " ".join(text.split())
    if len(folded) > _LONGEST:
        return None
    folded = _BASIC.sub(_extended, folded)
    return next((match for form in _forms() if (match := form.fullmatch(folded))), None)


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    # Made when a date is met that is written in none of the plain forms: it takes milliseconds.
    return tuple(re.compile(_WEEKDAY + form + _CLOCK, re.ASCII | re.IGNORECASE) for form in _CALENDAR)


def _extended(match: re.Match[str]) -> str:
    """ISO 8601's basic form of a date and time in its extended one."""
    year, month, number, hour, minute, second = match.groups("00")
    return f"{year}-{month}-{number}T{hour}:{minute}:{second}"


def _calendar_day(match: re.Match[str], text: str) -> date:
    year, number = int(match["year"]), int(match["day"])
    month = _MONTH_NUMBERS.get(match["month"][:3].lower()) or int(match["month"])
    if year < 1:
        raise ValueError(f"{_shown(text)} is before the year 1|write a year from 0001 to 9999")
    if not 1 <= month <= len(MONTHS):
        raise ValueError(f"{_shown(text)} is not a date: there is no month {month}|write a month from 01 to 12")
    last = monthrange(year, month)[1]
    if not 1 <= number <= last:
        problem = f"{_shown(text)} is not a date: {MONTHS[month - 1]} {year} has {last} days"
        raise ValueError(f"{problem}|write a day from 1 to {last}")
    found = date(year, month, number)
    _check_weekday(match, found, text)
    return found


def _check_weekday(match: re.Match[str], found: date, text: str) -> None:
    name = _DAYS[found.weekday()]
    if match["weekday"] and match["weekday"][:3].lower() != name[:3].lower():
        raise ValueError(
            f"{_shown(text)} contradicts itself: that day is a {name}|correct the date, or leave the weekday out"
        )


def _clock(match: re.Match[str], text: str) -> time | None:
    if match["hour"] is None:
        return None
    hour = int(match["hour"])
    if half := match["half"]:
        hour = hour % 12 + 12 * (half.lower() == "p") if 1 <= hour <= 12 else 24  # noqa: PLR2004 - the clock's hours
    try:
        return time(hour, int(match["minute"]), int(match["second"] or 0))
    except ValueError:
        raise ValueError(f"{_shown(text)} holds no time of day|write one from 00:00:00 to 23:59:59") from None


def _zone(match: re.Match[str], text: str) -> tzinfo | None:
    name = (match["zone"] or "").lower()
    if not name:
        return None
    name = name if name in _ZONE_HOURS else name.removeprefix("utc").removeprefix("gmt")
    if name in _ZONE_HOURS:
        return timezone(timedelta(hours=_ZONE_HOURS[name]))
    if name[0] not in "+-":
        raise ValueError(f"{_shown(text)} names a zone that is not known everywhere|write an offset such as +02:00")
    try:
        digits = name[1:].replace(":", "")
        clock = time(int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else time(int(digits))  # noqa: PLR2004
    except ValueError:
        raise ValueError(f"{_shown(text)} has an offset that no clock has|write one such as +02:00") from None
    offset = timedelta(hours=clock.hour, minutes=clock.minute)
    return timezone(-offset if name[0] == "-" else offset)


def _refusal(text: str) -> str:
    if not text.strip():
        return f"the date is empty|{_EXAMPLE}"
    if _RELATIVE.match(text.strip()):
        return f"{_shown(text)} names no day by itself|{_EXAMPLE}"
    match = _NUMBERS.match(text.strip())
    if not match:
        return f"{_shown(text)} is not a date|{_EXAMPLE}"
    first, second, year = map(int, match.groups())
    readings = [found for found in (_reading(year, first, second), _reading(year, second, first)) if found]
    if not readings:
        return f"{_shown(text)} is not a date|{_EXAMPLE}"
    earlier, later = min(readings), max(readings)
    cure = f"write {earlier.isoformat()} or {earlier.day} {MONTHS[earlier.month - 1]} {year:04}"
    if earlier == later:
        return f"{_shown(text)} is in a form that is not read|{cure}"
    return f"{_shown(text)} could be {MONTHS[earlier.month - 1]} or {MONTHS[later.month - 1]}|{cure}"


def _reading(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _shown(text: str) -> str:
    # The bar parts the problem from the cure.
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return repr(shown).replace("|", "¦")
