"""The characters that XML 1.0 allows (§2.2): text in, legal text or the first offender out."""

from __future__ import annotations

import re
from functools import cache

_NONCHARACTERS = "\ufffe".encode()[:1]
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))


def clean(text: str) -> str:
    """The text without C0 controls but tab and line ends, lone surrogates, U+FFFE and U+FFFF."""
    return text if _is_legal(text) else _forbidden().sub("", text)


def forbidden(text: str) -> re.Match[str] | None:
    """The first character that XML 1.0 forbids; None where there is none."""
    return None if _is_legal(text) else _forbidden().search(text)


def are_legal(octets: bytes) -> bool:
    """Whether a text in UTF-8 has no character that XML forbids."""
    # Eight times faster than to look for one, and nearly every text has none; one byte is found faster than two.
    has_none = _NONCHARACTERS not in octets or not any(
        each in octets for each in ("\ufffe".encode(), "\uffff".encode())
    )
    return has_none and len(octets.translate(None, _CONTROLS)) == len(octets)


@cache
def _forbidden() -> re.Pattern[str]:
    # It takes milliseconds to make, and is hardly ever needed.
    return re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _is_legal(text: str) -> bool:
    try:
        return are_legal(text.encode())
    except UnicodeEncodeError:
        return False
