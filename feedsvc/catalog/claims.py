"""What a changed article claims: an identity, a slug, a place in channels. Articles in, claims out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from feedsvc.catalog.rows import seconds
from feedsvc.text.slugs import digest, slug

if TYPE_CHECKING:
    from feedsvc.model import Article, Category


@dataclass(slots=True)
class Claim:
    """The part of a changed article that decides where it stands; light, so that a whole archive's fit in memory.

    Attributes:
        digest: of the record's bytes.
        id: what the record itself says; empty for none.
        key: the identity's, once the ledger has settled it.
        uri: the identity's id, likewise.
    """

    address: str
    digest: str
    id: str
    slug: str
    slug_is_explicit: bool
    written_date: str
    published: int
    expires: int | None
    withdrawn: int | None
    categories: tuple[Category, ...]
    key: int = 0
    uri: str = ""

    @property
    def slugs(self) -> tuple[str, ...]:
        """The slugs it may get, the wanted one first: a derived one that is taken gets its section, then a digest."""
        if self.slug_is_explicit:
            return (self.slug,)
        section = slug(self.address.rpartition("/")[0])
        in_section = f"{section}-{self.slug}" if section else self.slug
        return (self.slug, in_section, f"{in_section}-{digest(self.address)}")


def claim(article: Article, record_digest: str) -> Claim:
    """What an article claims."""
    return Claim(
        address=article.address,
        digest=record_digest,
        id=article.id,
        slug=article.slug,
        slug_is_explicit=article.slug_is_explicit,
        written_date=article.written_date,
        published=seconds(article.published),
        expires=seconds(article.expires),
        withdrawn=seconds(article.withdrawn),
        categories=article.categories,
    )
