"""Articles to rows and back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, overload

import msgspec

from feedsvc.model import Article, Category, Enclosure, Person

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Row

    from feedsvc.model import MediaFile


# What stands as JSON in one column.
_LISTS: Mapping[str, Any] = {
    "authors": tuple[Person, ...],
    "categories": tuple[Category, ...],
    "aliases": tuple[str, ...],
    "enclosures": tuple[Enclosure, ...],
    "audience": tuple[str, ...],
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


def article_row(article: Article, number: int) -> tuple[Any, ...]:
    """An article as the columns of its table, under a number of its own."""
    return (
        number,
        article.address,
        article.title,
        article.slug,
        article.slug_is_explicit,
        article.written_date,
        seconds(article.published),
        seconds(article.updated),
        seconds(article.expires),
        seconds(article.withdrawn),
        article.summary,
        article.link,
        article.image,
        as_json(article.authors),
        as_json(article.categories),
        article.language,
        as_json(article.aliases),
        as_json(article.enclosures),
        article.rights,
        article.content,
        article.excerpt_length,
        article.markup,
        article.reason,
        as_json(article.audience),
        None,
    )


def as_json(values: Sequence[object]) -> str:
    """A list as one column holds it."""
    return msgspec.json.encode(values).decode() if values else "[]"


def article_of(row: Row[Any]) -> Article:
    """The article of a row that also holds its source text, and the `id` and `slug` of its identity."""
    return article(row._fields, tuple(row), ())


def article(columns: Sequence[str], row: Sequence[Any], media: tuple[MediaFile, ...]) -> Article:
    """The article of a row's values.

    Args:
        columns: their names, as `article_of` asks for them.
        media: the files that it refers to.
    """
    values = dict(zip(columns, row, strict=True))
    for column in ("number", "key"):
        values.pop(column, None)
    for column in ("published", "updated", "expires", "withdrawn"):
        values[column] = instant(values[column])
    for column, type_ in _LISTS.items():
        values[column] = msgspec.json.decode(values[column], type=type_)
    return Article(**values, media=media)
