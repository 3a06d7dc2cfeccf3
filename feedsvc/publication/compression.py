"""A body in; what it is in each content coding, the dearest one made when it is first asked for, out."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

import brotli
import deflate

from feedsvc.model import Representation

if TYPE_CHECKING:
    from collections.abc import Iterator

# Smaller than this, an answer's head outweighs what a coding saves, in bytes.
LEAST = 256

# Feeds are compressed after each edit. libdeflate's level 6 makes of prose what zlib's does, in a third of the time.
GZIP, BROTLI = 6, 5

# In bytes: what is larger is compressed where it is made, for whoever asks first would keep all others waiting.
LARGE = 256 * 1024


class Representations(Mapping[str, Representation]):
    """A body by content coding: as it is, and where that saves something in gzip, and in br for those who take it.

    Each is made when it is first looked for, or by `make_as`: of a feed that is made again, what nobody ever asked for
    is not.
    """

    def __init__(self, body: bytes, *, is_compressible: bool) -> None:
        self._made = {"identity": representation("identity", body)}
        self._is_compressible = is_compressible and len(body) >= LEAST
        self._asked: set[str] = set()
        self._size = 0

    def __getitem__(self, coding: str) -> Representation:
        """A body in one coding."""
        self._asked.add(coding)
        if coding not in self._made and coding in self:
            self.make(coding)
        return self._made[coding]

    def __contains__(self, coding: object) -> bool:
        """Whether there is one, which is known of all but the body itself once gzip is made."""
        return coding == "identity" or (coding in {"gzip", "br"} and self._is_smaller())

    def __iter__(self) -> Iterator[str]:
        """The codings that there are."""
        yield from ("identity", "gzip", "br") if self._is_smaller() else ("identity",)

    def __len__(self) -> int:
        """How many there are."""
        return 3 if self._is_smaller() else 1

    @property
    def made(self) -> frozenset[str]:
        """The codings that are made."""
        return frozenset(self._made)

    @property
    def asked(self) -> frozenset[str]:
        """The codings that somebody asked for, of this body or of those that `make_as` made it as."""
        return frozenset(self._asked)

    @property
    def size(self) -> int:
        """Bytes that all of them take, the same always: br is taken to be as large as gzip, and that as half of all."""
        if not self._size:
            body = len(self._made["identity"].body)
            coded = len(self._made["gzip"].body) if "gzip" in self._made else body // 2 * self._is_compressible
            self._size = body + 2 * coded
        return self._size

    def make(self, *codings: str) -> None:
        """Makes codings that are not made yet, as far as they save something."""
        body = self._made["identity"].body
        if {"gzip", "br"}.intersection(codings):
            self._is_smaller()
        if "br" in codings and "br" not in self._made and self._is_compressible:
            self._made["br"] = representation("br", brotli.compress(body, quality=BROTLI))

    def make_as(self, last: Representations | None) -> None:
        """Makes at once what was asked for of the last one; gzip where there is none, for nearly all readers take it.

        All of what is large.
        """
        if last is not None:
            self._asked |= last.asked
        is_large = len(self._made["identity"].body) > LARGE
        self.make(*({"gzip", "br"} if is_large else self._asked if last is not None else {"gzip"}))

    def _is_smaller(self) -> bool:
        """Whether gzip saves something, which is known once it is made."""
        if self._is_compressible and "gzip" not in self._made:
            body = self._made["identity"].body
            coded = bytes(deflate.gzip_compress(body, GZIP))
            self._is_compressible = len(coded) < len(body)
            if self._is_compressible:
                self._made["gzip"] = representation("gzip", coded)
        return self._is_compressible


def size(representations: Mapping[str, Representation]) -> int:
    """The bytes that all of them take, once each is made."""
    if isinstance(representations, Representations):
        return representations.size
    return sum(len(each.body) for each in representations.values())


def make_as(last: Mapping[str, Representation] | None, new: Mapping[str, Representation]) -> None:
    """Makes of a new body at once what is going to be asked for, by what was of the last one; None for the first."""
    if isinstance(new, Representations):
        new.make_as(last if isinstance(last, Representations) else None)


def representation(coding: str, body: bytes) -> Representation:
    """A body in a coding, with its entity tag."""
    # 128 bits of the digest; the coding is part of what is named, for a coding can leave the bytes as they are.
    digest = sha256(coding.encode() + b"\0" + body).digest()[:16]
    return Representation(coding, body, f'"{urlsafe_b64encode(digest).decode().rstrip("=")}"')
