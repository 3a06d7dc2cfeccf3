"""What a changed article claims: an identity, a slug, a place in channels. Articles in, claims out."""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING
from urllib.parse import unquote

from msgspec import Struct

from feedsvc.catalog.channels import SITE
from feedsvc.catalog.rows import seconds
from feedsvc.catalog.syncing.subjects import fitting, subjects
from feedsvc.text.ids import tag_uri
from feedsvc.text.keys import fits, fitted
from feedsvc.text.slugs import digest, slug

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedsvc.catalog.syncing.subjects import Subject
    from feedsvc.config import Site
    from feedsvc.model import Article, Category


_NONE: frozenset[str] = frozenset()


class Claim(Struct, eq=False):
    """The part of a changed article that decides where it stands; light, so that a whole archive's fit in memory.

    Attributes:
        digest: of the record's bytes.
        aliases: paths at which its page stood before, without slashes at their ends.
        is_waiting: whether it was refused before, and is read again only to see whether it still is.
        is_known: whether a record was at its address before.
        id: what the record itself says; empty for none.
        is_refused: whether another article's stands against it; what it had before is then left to it.
        is_idle: whether nothing at all came of reading it again.
        key: the identity's, once the ledger has settled it.
        uri: the identity's id, likewise.
        subjects: what it is found under (`subjects`).
        fits: the channels of the settings that it may be in besides.
    """

    address: str
    digest: str
    id: str
    slug: str
    slug_is_explicit: bool
    written_date: str
    published: int
    updated: int
    expires: int | None
    withdrawn: int | None
    categories: tuple[Category, ...]
    subjects: tuple[Subject, ...]
    fits: tuple[str, ...] = ()
    aliases: frozenset[str] = frozenset()
    is_waiting: bool = False
    is_known: bool = False
    is_refused: bool = False
    is_idle: bool = False
    key: int = 0
    uri: str = ""

    @property
    def is_public(self) -> bool:
        """Whether it is found under the site, and not in its audience's channels alone."""
        return any(subject.name == SITE for subject in self.subjects)

    @property
    def slugs(self) -> Iterator[str]:
        """The slugs it may get, the wanted one first, without end: then its section's, then ones with a digest."""
        yield self.slug  # most get it, and never ask for another
        section = slug(self.address.rpartition("/")[0])
        in_section = fitted(f"{section}-{self.slug}") if section else self.slug
        yield in_section
        yield from self._with_digests(in_section)

    def uris(self, authority: str) -> Iterator[str]:
        """The ids that may be minted for it, the best first, without end."""
        for name in chain((self.slug,), self._with_digests(self.slug)):
            yield fitted(tag_uri(authority, self.written_date, name))

    def is_shown(self, now: int) -> bool:
        """Whether it shows at an instant."""
        ends = (end for end in (self.expires, self.withdrawn) if end is not None)
        return self.published <= now and all(end > now for end in ends)

    def _with_digests(self, name: str) -> Iterator[str]:
        return (f"{name}-{digest(self.address + chr(0) * number)}" for number in count())


def claim(
    article: Article, record_digest: str, site: Site, *, is_waiting: bool = False, is_known: bool = False
) -> Claim:
    """What an article claims."""
    published = seconds(article.published)
    return Claim(
        address=article.address,
        digest=record_digest,
        is_waiting=is_waiting,
        is_known=is_known,
        id=article.id,
        slug=article.slug,
        slug_is_explicit=article.slug_is_explicit,
        written_date=article.written_date,
        published=published,
        # One number for both, where they are one: there are as many claims as articles.
        updated=published if article.updated is article.published else seconds(article.updated),
        expires=seconds(article.expires),
        withdrawn=seconds(article.withdrawn),
        categories=article.categories,
        subjects=subjects(article, site),
        fits=fitting(article, site),
        aliases=frozenset(path for path in map(_path, article.aliases) if path and fits(path)) or _NONE,
    )


def _path(alias: str) -> str:
    """The path of a page that stood at an alias, as `alias.path` holds it."""
    return unquote(alias).strip("/") if alias.startswith("/") else f"articles/{alias}"
