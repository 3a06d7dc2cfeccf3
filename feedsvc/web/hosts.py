"""Whom a request is meant for: the value of a Host field in; whether it is one out."""

from __future__ import annotations

import re

# Twice what a name may have (RFC 1035 §2.3.4), in bytes.
_LONGEST = 512

# A name or an address, and a port (RFC 9110 §7.2, RFC 3986 §3.2.2); it may be empty (RFC 9112 §3.2).
_HOST = re.compile(rb"(?:(?:[0-9A-Za-z._~!$&'()*+,;=-]++|%[0-9A-Fa-f]{2})*+|\[[0-9A-Fa-f:.]++\])(?::[0-9]{0,5})?")


def is_host(value: bytes) -> bool:
    """Whether a field's value is well-formed. A request in which it is not is refused, whatever it asks for."""
    return len(value) <= _LONGEST and _HOST.fullmatch(value) is not None
