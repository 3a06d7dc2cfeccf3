"""Conditional requests (RFC 9110 §13): what a client has and what there is in; whether that is the same out."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from feedsvc.text.dates import rfc822

_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_LIST = re.compile(rf"[\s,]*(?:{_TAG.pattern}[\s,]*)+")

# The three forms of an HTTP-date (§5.6.7). What is none of them is ignored.
_FORMS = (
    (re.compile(r"[A-Z][a-z]{2}, (\d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2}) GMT"), "%d %m %Y %H:%M:%S"),
    (re.compile(r"[A-Z][a-z]{5,8}, (\d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2}) GMT"), "%d-%m-%y %H:%M:%S"),
    (re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})"), "%m %d %H:%M:%S %Y"),
)
_MONTH = re.compile("Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec")
_MONTHS = {name: f"{number:02}" for number, name in enumerate(_MONTH.pattern.split("|"), 1)}


def matches(if_none_match: str, etag: str) -> bool:
    """Whether an If-None-Match names an entity tag, by weak comparison (§13.1.2); a malformed one names none."""
    if if_none_match.strip() == "*":
        return True
    if not _LIST.fullmatch(if_none_match):
        return False
    return etag in _TAG.findall(if_none_match)


def seconds_of(http_date: str | None) -> int | None:
    """The seconds since the epoch of an HTTP-date; None for what is none."""
    for pattern, form in _FORMS:
        match = pattern.fullmatch(http_date or "")
        if match is None:
            continue
        # Month names are looked up, for strptime would take them from the locale.
        numeric = _MONTH.sub(lambda month: _MONTHS[month[0]], match[1])
        try:
            return int(datetime.strptime(numeric, form).replace(tzinfo=UTC).timestamp())
        except ValueError:
            return None
    return None


def http_date(seconds: int) -> str:
    """An HTTP-date in its preferred form (§5.6.7)."""
    return rfc822(datetime.fromtimestamp(seconds, UTC)).replace("+0000", "GMT")
