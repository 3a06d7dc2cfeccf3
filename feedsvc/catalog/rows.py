"""Articles to rows and back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, overload

import msgspec

from feedsvc.model import Article, Category, Person

if TYPE_CHECKING:
    from sqlalchemy import Row


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
        "markup": article.markup,
        "source": article.source,
    }


def article_of(row: Row[Any]) -> Article:
    """The article of a row that also holds the `id` and `slug` of its identity."""
    values = row._asdict()
    for column in ("published", "updated", "expires", "withdrawn"):
        values[column] = instant(values[column])
    authors = msgspec.json.decode(values.pop("authors"), type=tuple[Person, ...])
    categories = msgspec.json.decode(values.pop("categories"), type=tuple[Category, ...])
    return Article(**values, authors=authors, categories=categories)
