"""A media type and bytes in; a Document with its codings and entity tags out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from feedsvc import filters
from feedsvc.formats import FORMATS
from feedsvc.model import Document, Representation
from feedsvc.publication.compression import Representations
from feedsvc.text.renditions import origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedsvc.model import Lifetime

# Of an address at which a person gets a page, and a reader the feed.
NEGOTIATED = "Accept, Accept-Encoding, Sec-Fetch-Dest"
# The query there with which everybody gets the feed.
FOR_READERS = filters.FOR_READERS

# Of what players ask for in parts (RFC 9110 §14.3).
IN_PARTS = ("Accept-Ranges", "bytes")


class Variant(NamedTuple):
    """The key of what one path alone does not name: no path that is asked for is the same.

    Attributes:
        path: below the base URL.
        is_page: whether it is the page for people, at the address of a feed.
        private: the name of the private channel whose document it is; the path is below each subscriber's address then.
        query: of a filter, canonical, without a question mark; empty for none.
    """

    path: str
    is_page: bool = False
    private: str = ""
    query: str = ""

    def __str__(self) -> str:
        """Its name, which holds nobody's address: it is the same for all who share it."""
        below = f":{self.private}/{self.path}" if self.private else self.path
        return f"{below}?{self.query}" if self.query else below


class Notice(Struct, frozen=True):
    """The key of the page that says why nothing is at an address, and where to go on: one for all such addresses.

    Attributes:
        status: 404, or 410 for what was there.
        reason: why it was withdrawn, in its publisher's words; empty for none.
    """

    status: int
    reason: str = ""

    def __str__(self) -> str:
        """Its name: it is at no address of its own."""
        return f"({self.status})"


Address = str | Variant
"""Where somebody asks: a path below the base URL, decoded and without a slash before it; or a variant of it."""

Key = Address | Notice
"""What a document is kept by."""


def page_at(key: Address) -> Variant:
    """The key of the page for people at the address of a feed."""
    return Variant(key, is_page=True) if isinstance(key, str) else key._replace(is_page=True)


def told(key: Key, why: object) -> str:
    """Why there is no document, in words; of a private one it is not told which and why, for everybody may read it."""
    if isinstance(key, Variant) and key.private:
        return "/private/…: a document cannot be made"
    return f"/{key}: {why}"


def query_of(key: Key) -> str:
    """The canonical query of the filter that a key is of; empty for none."""
    return key.query if isinstance(key, Variant) else ""


def is_of_newest(key: Key) -> bool:
    """Whether a document is made of the newest articles alone: the site's feeds, and the files that they show."""
    return isinstance(key, str) and (key in FORMATS or key.startswith("media/"))


Room = Literal["", "filters", "pictures"]
"""Which documents are made by a thread of their own and take a part of the room only; empty for all others."""


def room_of(key: Key) -> Room:
    """Where the document of a key belongs: there is no end of filters, and smaller pictures take long to make."""
    if query_of(key):
        return "filters"
    return "pictures" if original(key) else ""


def original(key: Key) -> str:
    """The path of the picture of which a key may mean a smaller version; empty where it means none."""
    found = origin(key) if isinstance(key, str) and key.startswith("media/") else None
    return found[0] if found else ""


class Place(Struct, frozen=True):
    """Where a file lies that is too large for the catalog.

    Attributes:
        folder: the content folder, absolute.
        address: of the file, below it.
        mark: by which it can be told whether it still is what was read.
        length: in bytes.
    """

    folder: str
    address: str
    mark: str
    length: int


class FileDocument(Document, frozen=True, eq=False, kw_only=True):
    """A Document whose body is a file."""

    place: Place


class MarkedDocument(Document, frozen=True, eq=False, kw_only=True):
    """A Document that can tell whether it would be the same if it were made again.

    Attributes:
        mark: of all that it was made of.
    """

    mark: bytes


class Unwritten(Struct, frozen=True):
    """A Document before it is made: most that become stale would be the same again.

    Attributes:
        mark: of all that it is to be made of.
        write: makes it; to be called within the snapshot that the rest is of.
    """

    mark: bytes
    lifetime: Lifetime
    write: Callable[[Lifetime], Document]

    def document(self, last: Document | None) -> MarkedDocument:
        """The document; the last one with a new lifetime, where that was made of the same."""
        if isinstance(last, MarkedDocument) and last.mark == self.mark:
            return replace(last, lifetime=self.lifetime)
        made = self.write(self.lifetime)
        return MarkedDocument(
            made.media_type, made.representations, self.lifetime, made.headers, made.vary, mark=self.mark
        )


def document(
    media_type: str, body: bytes, *, lifetime: Lifetime, headers: tuple[tuple[str, str], ...] = ()
) -> Document:
    """A whole answer, in each coding that saves something."""
    return Document(media_type, Representations(body, is_compressible=_is_compressible(media_type)), lifetime, headers)


def file_document(
    media_type: str, digest: str, *, place: Place, lifetime: Lifetime, headers: tuple[tuple[str, str], ...]
) -> FileDocument:
    """An answer whose bytes stay where they are.

    It is not kept: the next one who asks is told where the file is then.
    """
    body = Representation("identity", b"", f'"{digest[:32]}"')
    lifetime = replace(lifetime, good_until=0.0)
    return FileDocument(media_type, {"identity": body}, lifetime, headers, place=place)


def _is_compressible(media_type: str) -> bool:
    return media_type.startswith("text/") or "xml" in media_type or "json" in media_type
