"""What is published: entries, chosen and ordered for a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from datetime import datetime

    from feedsvc.model.articles import Category, Enclosure, Image, Person
    from feedsvc.podcast import Podcast


class Source(Struct, frozen=True):
    """The feed that an entry was taken from (RFC 4287 §4.2.11, RSS 2.0 `source`).

    Attributes:
        id: of the feed.
        title: plain text.
        link: the absolute URL of its list page, below which its feeds stand.
        rights: of the whole feed; None where none are told.
    """

    id: str
    title: str
    link: str
    rights: str | None = None


class Entry(Struct, frozen=True):
    """An article with its summary and content made, for a window somebody asked for.

    Attributes:
        id: permanent, an absolute IRI.
        link: the canonical page, absolute; None where there is none that everybody may read.
        page: the article's page on this site, absolute; of one that is not public its path below an address of a
            private channel.
        summary: plain text, never empty.
        content: sanitised HTML in which every URL is absolute; None where the site publishes summaries only.
        language: BCP 47; None where it is the channel's.
        source: where it is shown under an attribution, the feed of the site.
        is_public: whether everybody may read it.
    """

    id: str
    title: str
    link: str | None
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
    source: Source | None = None
    is_public: bool = True


class Tombstone(Struct, frozen=True):
    """The id of a published article that was withdrawn or removed, and the instant of that (RFC 6721).

    Attributes:
        reason: why, in a line of its publisher's; None where he does not say.
    """

    ref: str
    when: datetime
    reason: str | None = None


class Selection(Struct, frozen=True):
    """Which articles are meant: those in at least one channel of each group, and in none of some others.

    Attributes:
        groups: of names of channels, at least one; of the first one's it is told when they change.
        delay: so many seconds after its publication an article shows.
        within: for so many seconds after its publication; None for ever.
    """

    groups: tuple[frozenset[str], ...]
    none: frozenset[str] = frozenset()
    delay: int = 0
    within: int | None = None

    @classmethod
    def of(cls, name: str) -> Selection:
        """All articles of one channel."""
        return cls((frozenset({name}),))

    @property
    def depends_on(self) -> frozenset[str]:
        """The channels of which at least one changes whenever it does."""
        return self.groups[0]


_SITE = Selection.of("")


class Channel(Struct, frozen=True):
    """A subject one can subscribe to.

    Attributes:
        name: its path below the base URL without slashes at its ends: empty for the site, else such as `tags/SLUG`.
        id: permanent, an absolute IRI.
        title: plain text.
        description: plain text, never empty.
        top: the absolute URL below which its documents stand, ending in `/`.
        base_url: the absolute URL of the site, ending in `/`; the schemes of categories stand below it.
        language: BCP 47.
        author: who is responsible for the whole (RFC 4287 §4.1.1).
        max_age: for how many seconds an answer may be taken from a cache.
        podcast: what directories are told, where it is one.
        selection: the articles that it shows.
        term: the subject in a few words, as a heading has it; empty for the site.
        ends: the instant from which on there is no more to come, in seconds since the epoch; None where none is set.
        query: what stands behind the path of each of its addresses, with its question mark; empty for most.
        logo: a picture that stands for the whole.
        preset: the name of the partner's that it is made for; empty for most.
        is_private: whether each who reads it has an address of their own, which no document names: `top` is a relative
            reference then, and a feed says nothing of where it stands.
    """

    name: str
    id: str
    title: str
    description: str
    top: str
    base_url: str
    language: str
    author: Person
    max_age: int
    rights: str | None = None
    podcast: Podcast | None = None
    selection: Selection = _SITE
    term: str = ""
    ends: int | None = None
    query: str = ""
    logo: Image | None = None
    preset: str = ""
    is_private: bool = False

    def address(self, path: str) -> str:
        """The absolute URL of one of its documents, by its path below `top`."""
        return f"{self.top}{path}{self.query}"

    @property
    def link(self) -> str:
        """The absolute URL of its list page."""
        return self.address("")


class History(Struct, frozen=True):
    """Which of a channel's documents a feed is (RFC 5005 §4), and which ones it leads to; periods by their names.

    Attributes:
        period: of the archive that it is; None for the document that one subscribes to.
        older: of the archive before it, or of the newest that holds more than it does; None for none.
        newer: of the archive behind it; None for none.
    """

    period: str | None = None
    older: str | None = None
    newer: str | None = None


_SUBSCRIPTION = History()


class Feed(Struct, frozen=True):
    """A channel with its chosen, ordered entries: newest first, equal instants by id from the last to the first.

    Attributes:
        updated: the latest `updated` of the entries, or the instant at which something that the channel showed was last
            taken back or expired, whichever is later: it does not go back when a tombstone has been told long enough.
    """

    channel: Channel
    entries: tuple[Entry, ...]
    updated: datetime
    tombstones: tuple[Tombstone, ...] = ()
    history: History = _SUBSCRIPTION


class Revision(Struct, frozen=True):
    """One committed change of the catalog: a number and an instant, in whole seconds."""

    number: int
    at: datetime
