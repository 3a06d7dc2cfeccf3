"""A text that may hold URLs with passwords in; the same, fit to be shown, out."""

from __future__ import annotations

import re

# What stands between the first colon behind `://` and the last `@`: a password may hold anything, by mistake.
_BEFORE_HOST = re.compile(r"(://[^:@/?#\s]*:)[^\n]*@")
_IN_QUERY = re.compile(r"([?&](?:password|sslpassword)=)[^&\s\"']*", re.IGNORECASE)


# Of these a fault may be about a line that cannot be read.
_OF_PURGES = re.compile(r"\s*[\"']?purge", re.IGNORECASE)
_HARMLESS = re.compile(r"[^=]*=\s*[A-Za-z0-9.]{0,5}\s*(?:#.*)?")


def hidden(text: str) -> str:
    """A text with `***` for every password that a URL in it holds."""
    return _IN_QUERY.sub(r"\1***", _BEFORE_HOST.sub(r"\1***@", text))


def hidden_header(line: str) -> str:
    """A line of a head, with `***` for its value."""
    name, colon, _ = line.partition(":")
    return f"{name}: ***" if colon else ""


def may_hold_a_header(line: str) -> bool:
    """Whether a line of the settings may be one that holds what a cache is asked with."""
    return bool(_OF_PURGES.match(line)) and not _HARMLESS.fullmatch(line)
