"""The names of channels, as the catalog's rows have them."""

from __future__ import annotations

import unicodedata

SITE = ""

# Not a channel one can subscribe to; its row says when the files under /media/ last changed.
MEDIA = ":media"


def fold(term: str) -> str:
    """A subject as its authors wrote it, without what makes no difference: case, and how much white space there is."""
    return " ".join(unicodedata.normalize("NFC", term).casefold().split())
