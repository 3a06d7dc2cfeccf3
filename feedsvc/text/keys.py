"""Texts by which rows are found: what is found in a folder or a record in; whether every database's index takes it out.

A row of an index in PostgreSQL has at most 2,704 bytes (a third of a page), and no text there holds U+0000.
"""

from __future__ import annotations

from hashlib import sha256

LONGEST = 2400
"""The most bytes of an id, a slug or a former path, in UTF-8; beside it an index has some numbers."""

LONGEST_ADDRESS = 1000
"""The most bytes of a record's address: two of them stand in one index."""

_DIGEST = 16


def fits(text: str, most: int = LONGEST) -> bool:
    """Whether a text has at most so many bytes and can be looked up."""
    return (len(text) * 4 <= most or len(text.encode("utf-8", "surrogatepass")) <= most) and "\0" not in text


def fitted(text: str, most: int = LONGEST, mark: str = "-") -> str:
    """A text that fits: itself; where it is longer its beginning, a mark, and a digest of the whole."""
    whole = text.encode("utf-8", "surrogatepass")
    if len(whole) <= most:
        return text
    digest = sha256(whole).hexdigest()[:_DIGEST]
    beginning = whole[: most - _DIGEST - len(mark.encode())].decode("utf-8", "ignore")
    return f"{beginning}{mark}{digest}"
