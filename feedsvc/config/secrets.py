"""A text that may hold URLs with passwords in; the same, fit to be shown, out."""

from __future__ import annotations

import re

# What stands between the first colon behind `://` and the last `@`: a password may hold anything, by mistake.
_BEFORE_HOST = re.compile(r"(://[^:@/?#\s]*:)[^\n]*@")
_IN_QUERY = re.compile(r"([?&](?:password|sslpassword)=)[^&\s\"']*", re.IGNORECASE)


def hidden(text: str) -> str:
    """A text with `***` for every password that a URL in it holds."""
    return _IN_QUERY.sub(r"\1***", _BEFORE_HOST.sub(r"\1***@", text))
