"""An answer to somebody who has an address of their own in; the same, for nobody else to keep or to read, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from feedsvc.publication.private import HEADERS

if TYPE_CHECKING:
    from feedsvc.web.answers import Answer

_HEADERS = tuple((name.lower().encode(), value.encode()) for name, value in HEADERS)
_NAMES = frozenset(name for name, _ in _HEADERS)

# What documents answer; they say themselves that they are private.
_OF_DOCUMENTS = frozenset({200, 206, 304, 416})


def guarded(given: Answer) -> Answer:
    """The answer without what opens it to scripts of other sites; where it is no document, no cache keeps it.

    Who is turned away today may be let in tomorrow, and the other way round.
    """
    fields = [each for each in given.fields if each[0] not in _NAMES and not each[0].startswith(b"access-control-")]
    if given.status not in _OF_DOCUMENTS:
        fields = [each for each in fields if each[0] != b"cache-control"]
        fields.append((b"cache-control", b"no-store"))
    return replace(given, fields=[*fields, *_HEADERS])
