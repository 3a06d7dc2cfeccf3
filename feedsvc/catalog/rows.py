"""Articles to rows and back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, overload

import msgspec

from feedsvc.model import Article, Category, Enclosure, MediaFile, Person

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Row


# What stands as JSON in one column.
_LISTS: Mapping[str, Any] = {
    "authors": tuple[Person, ...],
    "categories": tuple[Category, ...],
    "aliases": tuple[str, ...],
    "enclosures": tuple[Enclosure, ...],
    "media": tuple[MediaFile, ...],
}


@overload
def seconds(at: datetime) -> int: ...
@overload
def seconds(at: datetime | None) -> int | None: ...
def seconds(at: datetime | None) -> int | None:
    """Whole seconds since the epoch."""
    return None if at is None else int(at.timestamp())


@overload
def instant(at: int) -> datetime: ...
@overload
def instant(at: int | None) -> datetime | None: ...
def instant(at: int | None) -> datetime | None:
    """The aware UTC datetime of whole seconds since the epoch."""
    return None if at is None else datetime.fromtimestamp(at, UTC)


def article_row(article: Article) -> dict[str, Any]:
    """An article as the columns of its table; `key` is left to the ledger."""
    return {
        "address": article.address,
        "title": article.title,
        "slug": article.slug,
        "slug_is_explicit": article.slug_is_explicit,
        "written_date": article.written_date,
        "published": seconds(article.published),
        "updated": seconds(article.updated),
        "expires": seconds(article.expires),
        "withdrawn": seconds(article.withdrawn),
        "summary": article.summary,
        "link": article.link,
        "image": article.image,
        "authors": msgspec.json.encode(article.authors).decode(),
        "categories": msgspec.json.encode(article.categories).decode(),
        "language": article.language,
        "aliases": msgspec.json.encode(article.aliases).decode(),
        "enclosures": msgspec.json.encode(article.enclosures).decode(),
        "rights": article.rights,
        "content": article.content,
        "excerpt_length": article.excerpt_length,
        "media": msgspec.json.encode(article.media).decode(),
        "markup": article.markup,
        "source": article.source,
    }


def article_of(row: Row[Any]) -> Article:
    """The article of a row that also holds the `id` and `slug` of its identity."""
    values = row._asdict()
    for column in ("published", "updated", "expires", "withdrawn"):
        values[column] = instant(values[column])
    for column, type_ in _LISTS.items():
        values[column] = msgspec.json.decode(values[column], type=type_)
    return Article(**values)
