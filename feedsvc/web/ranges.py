"""Which bytes of a body a request asks for (RFC 9110 §14): its header fields in; a range out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# One range is all that players ask for; of several the whole is as good an answer (§14.2).
_RANGE = re.compile(r"bytes=[ \t]*(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))[ \t]*", re.IGNORECASE)


def asked(request: Mapping[str, str], etag: str, length: int) -> range:
    """The positions of the bytes that are asked for: all of them, unless a `Range` counts; none where it is past them.

    Args:
        request: its header fields, names in lower case.
        etag: of the body as it is now; parts of an older one (`If-Range`) are of no use.
        length: of the body.
    """
    whole = range(length)
    match = _RANGE.fullmatch(request.get("range", ""))
    if match is None or request.get("if-range", etag) != etag:
        return whole
    if match[3]:
        return whole[length - min(int(match[3]), length) :]
    first, last = int(match[1]), int(match[2] or length)
    return whole[first : last + 1] if first <= last or not match[2] else whole
