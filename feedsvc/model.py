"""The nouns: what flows from a source to a reader, as frozen values.

RFC 4287's word wins where two formats disagree. Datetimes are aware, in UTC and whole seconds; sequences are tuples.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - at run time too: articles are read from a ledger's file by their types
from math import inf
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedsvc.podcast import Podcast

Markup = Literal["markdown", "mdx", "text", "html"]


@dataclass(frozen=True, slots=True)
class Record:
    """What a source holds at one address; untrusted.

    Attributes:
        address: unique in its source; for a folder the path below it, with `/` between its parts.
        key: what names a row; empty for a file, which its address names.
    """

    address: str
    body: bytes
    key: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """An author (RFC 4287 §3.2)."""

    name: str
    email: str | None = None
    uri: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """A subject of an article, as its author wrote it (RFC 4287 §4.2.2), and its segment in an address, decoded."""

    term: str
    slug: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that stands for an article.

    Attributes:
        url: absolute.
        type: its media type, where known.
        width: in pixels, where known; likewise `height`.
        length: in bytes, where known.
    """

    url: str
    type: str | None = None
    width: int | None = None
    height: int | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Enclosure:
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


@dataclass(frozen=True, slots=True)
class MediaFile:
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


@dataclass(frozen=True, slots=True)
class Article:
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


@dataclass(frozen=True, slots=True)
class Entry:
    """An article with its summary and content made, for a window somebody asked for.

    Attributes:
        id: permanent, an absolute IRI.
        link: the canonical page, absolute.
        page: the article's page on this site, absolute.
        summary: plain text, never empty.
        content: sanitised HTML in which every URL is absolute; None where the site publishes summaries only.
        language: BCP 47; None where it is the channel's.
    """

    id: str
    title: str
    link: str
    page: str
    published: datetime
    updated: datetime
    summary: str
    content: str | None = None
    authors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    image: Image | None = None
    language: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    rights: str | None = None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The id of a published article that was withdrawn or removed, and the instant of that (RFC 6721)."""

    ref: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Channel:
    """A subject one can subscribe to.

    Attributes:
        name: its path below the base URL without slashes at its ends: empty for the site, else `tags/SLUG`.
        id: permanent, an absolute IRI.
        title: plain text.
        description: plain text, never empty.
        link: the absolute URL of its list page, ending in `/`; with a format's file name it is a feed's own address.
        categories_link: the absolute URL below which the site's tags stand, ending in `/`; the scheme of categories.
        language: BCP 47.
        author: who is responsible for the whole (RFC 4287 §4.1.1).
        max_age: for how many seconds an answer may be taken from a cache.
        podcast: what directories are told, where it is one.
    """

    name: str
    id: str
    title: str
    description: str
    link: str
    categories_link: str
    language: str
    author: Person
    max_age: int
    rights: str | None = None
    podcast: Podcast | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A channel with its chosen, ordered entries: newest first, equal instants by id from the last to the first.

    Attributes:
        updated: the latest `updated` of the entries and `when` of the tombstones.
    """

    channel: Channel
    entries: tuple[Entry, ...]
    updated: datetime
    tombstones: tuple[Tombstone, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """One committed change of the catalog: a number and an instant, in whole seconds."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Representation:
    """The bytes of a document in one content coding, and the strong entity tag that names exactly them."""

    coding: str
    body: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Lifetime:
    """For how long a document stands.

    Attributes:
        channels: the names of the channels it was made from: it is good while none of them changes,
        good_until: and before this instant, in seconds since the epoch.
        kept_until: from this instant on something in it has expired or is withdrawn: it is not served, whatever fails.
        last_modified: in seconds since the epoch; None for what has no such date.
        max_age: for how many seconds a cache may keep it.
        stale: for how many seconds more a cache may serve it while it asks again, or cannot.
        is_private: whether that is for the client's own cache only.
    """

    channels: frozenset[str] = frozenset()
    good_until: float = inf
    kept_until: float = inf
    last_modified: int | None = None
    max_age: int = 0
    stale: int = 0
    is_private: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A rendered answer, whole: everything that a request only has to choose from.

    Attributes:
        media_type: the value of Content-Type.
        representations: by content coding; `identity` is always there.
        headers: what else the answer carries.
        vary: the value of Vary: the fields of a request that its answer is chosen by.
    """

    media_type: str
    representations: Mapping[str, Representation]
    lifetime: Lifetime
    headers: tuple[tuple[str, str], ...] = ()
    vary: str = "Accept-Encoding"
