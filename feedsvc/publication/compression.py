"""A body in; what it is in each content coding, the dearest one made when it is first asked for, out."""

from __future__ import annotations

import gzip
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

import brotli

from feedsvc.model import Representation

if TYPE_CHECKING:
    from collections.abc import Iterator

# Smaller than this, an answer's head outweighs what a coding saves, in bytes.
LEAST = 256

# A feed is compressed after each edit. gzip's level 5 makes one or two per cent more of prose than 6 does, in three
# fifths of the time.
GZIP, BROTLI = 5, 5

# In bytes: what is larger is compressed where it is made, for whoever asks first would keep all others waiting.
LARGE = 256 * 1024


class Representations(Mapping[str, Representation]):
    """A body by content coding: as it is, and where that saves something in gzip, and in br for those who take it.

    Nearly all readers take gzip, few take br: to make both of each feed would take half of what an edit takes here.

    Attributes:
        size: bytes that all of them take, once each is made: br is taken to be as large as gzip.
    """

    def __init__(self, body: bytes, *, is_compressible: bool) -> None:
        self._made = {"identity": representation("identity", body)}
        self._has_br = False
        self.size = len(body)
        if is_compressible and len(body) >= LEAST:
            coded = gzip.compress(body, compresslevel=GZIP, mtime=0)
            if len(coded) < len(body):
                self._made["gzip"] = representation("gzip", coded)
                self._has_br = True
                self.size += 2 * len(coded)
        if len(body) > LARGE:
            self.make()

    def __getitem__(self, coding: str) -> Representation:
        """A body in one coding."""
        if coding == "br":
            self.make()
        return self._made[coding]

    def __iter__(self) -> Iterator[str]:
        """The codings that there are."""
        yield from ("identity", "gzip", "br") if self._has_br else ("identity",)

    def __len__(self) -> int:
        """How many there are."""
        return 3 if self._has_br else 1

    @property
    def is_made(self) -> bool:
        """Whether somebody wanted all of them."""
        return len(self._made) == len(self)

    def make(self) -> None:
        """Makes those that are not made yet."""
        if not self.is_made:
            body = self._made["identity"].body
            self._made["br"] = representation("br", brotli.compress(body, quality=BROTLI))


def size(representations: Mapping[str, Representation]) -> int:
    """The bytes that all of them take, once each is made."""
    if isinstance(representations, Representations):
        return representations.size
    return sum(len(each.body) for each in representations.values())


def make_as(last: Mapping[str, Representation], new: Mapping[str, Representation]) -> None:
    """Makes of a new body at once what was asked for of the last one."""
    if isinstance(last, Representations) and isinstance(new, Representations) and last.is_made:
        new.make()


def representation(coding: str, body: bytes) -> Representation:
    """A body in a coding, with its entity tag."""
    # 128 bits of the digest; the coding is part of what is named, for a coding can leave the bytes as they are.
    digest = sha256(coding.encode() + b"\0" + body).digest()[:16]
    return Representation(coding, body, f'"{urlsafe_b64encode(digest).decode().rstrip("=")}"')
