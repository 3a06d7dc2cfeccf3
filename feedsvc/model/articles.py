"""What was read: records, and the articles that they became."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - at run time too: articles are read from a ledger's file by their types
from typing import Literal

from msgspec import Struct

Markup = Literal["markdown", "mdx", "text", "html"]


class Record(Struct, frozen=True):
    """What a source holds at one address; untrusted.

    Attributes:
        address: unique in its source; for a folder the path below it, with `/` between its parts.
        key: what names a row; empty for a file, which its address names.
    """

    address: str
    body: bytes
    key: str = ""


class Person(Struct, frozen=True):
    """An author (RFC 4287 §3.2)."""

    name: str
    email: str | None = None
    uri: str | None = None


class Category(Struct, frozen=True):
    """A subject of an article (RFC 4287 §4.2.2).

    Attributes:
        term: as its author wrote it.
        slug: its segment in an address, decoded.
        scheme: what kind of subject: `tags` or `categories`, below which its channel stands.
    """

    term: str
    slug: str
    scheme: str = "tags"

    @property
    def name(self) -> str:
        """That of its channel."""
        return f"{self.scheme}/{self.slug}"


class Image(Struct, frozen=True):
    """A picture that stands for an article.

    Attributes:
        url: absolute.
        type: its media type, where known.
        width: in pixels, where known; likewise `height`.
        length: in bytes, where known.
        widths: in which pages may show it smaller, ascending (`text.renditions`); feeds tell of none.
    """

    url: str
    type: str | None = None
    width: int | None = None
    height: int | None = None
    length: int | None = None
    widths: tuple[int, ...] = ()


class Enclosure(Struct, frozen=True):
    """A file that goes with an article, such as an episode's sound (RFC 4287 §4.2.7.2, RSS 2.0 `enclosure`).

    Attributes:
        url: in an Article as written, in an Entry absolute.
        type: its media type; None where neither the record nor the URL's suffix tells.
        length: in bytes; None where it is not known.
        duration: in seconds; None where it is not known.
    """

    url: str
    type: str | None = None
    length: int | None = None
    duration: int | None = None


class MediaFile(Struct, frozen=True):
    """A file under `/media/` that an article refers to, as it was at a revision.

    Attributes:
        address: its path in the source.
        digest: of its bytes, SHA-256 in hexadecimal.
        length: in bytes.
        width: in pixels, where it is a picture whose size can be read; likewise `height`.
    """

    address: str
    digest: str
    length: int
    width: int | None = None
    height: int | None = None


class Article(Struct, frozen=True):
    """A record that was read and checked: clean fields, and its source text with its markup.

    Attributes:
        address: the record's.
        id: the record's own `id`; empty until the catalog has minted one.
        slug: its segment in an address, not percent-encoded.
        slug_is_explicit: whether the record itself names the slug.
        written_date: the publication's calendar date as written, `YYYY-MM-DD`; minted ids are made of it.
        published: first publication; it is visible from then on.
        updated: last significant change, never before `published`.
        summary: an editor's own; None where an excerpt is to be made.
        link: the canonical page, where that is not on this site.
        image: the picture's URL as written, absolute or relative to the record.
        language: BCP 47; None for the site's.
        expires: from when it is no longer visible.
        withdrawn: from when it is taken back, with a tombstone; set as well when its record was removed.
        aliases: where its page stood before: slugs, and paths on this site that start with a slash.
        enclosures: with URLs as written, absolute or relative to the record.
        rights: None for the site's.
        content: what feeds hold of it; None for what the site says.
        excerpt_length: in characters; None for what the site says.
        media: the files of the source that it refers to.
        reason: why it was withdrawn.
        audience: the names of the private channels that it is for; where there are any, it shows in no other.
        source: the text with its markup.
    """

    address: str
    title: str
    slug: str
    written_date: str
    published: datetime
    updated: datetime
    source: str
    markup: Markup
    id: str = ""
    slug_is_explicit: bool = False
    summary: str | None = None
    link: str | None = None
    image: str | None = None
    authors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    language: str | None = None
    expires: datetime | None = None
    withdrawn: datetime | None = None
    aliases: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    rights: str | None = None
    content: Literal["full", "summary"] | None = None
    excerpt_length: int | None = None
    media: tuple[MediaFile, ...] = ()
    reason: str | None = None
    audience: tuple[str, ...] = ()
