"""Puts articles into the index of words: a few at a time, each time in a short transaction of its own.

No revision comes of it: what feeds and pages show is the same. What a search finds is an article's words as they were
when it was last read; until they are there, it is not found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, literal_column, select, update

from feedsvc.catalog import facts, fulltext
from feedsvc.catalog.fulltext import Text
from feedsvc.catalog.rows import article_of
from feedsvc.catalog.schema import article, source_text
from feedsvc.text.search import VERSION, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Select

    from feedsvc.catalog.catalog import Catalog
    from feedsvc.model import Article

# So many articles go into the index at once: a sync waits for no longer than they take.
MOST = 25

# A number in the index is the second of publication, and behind it one of so many.
_BITS = 22

# What is left of so many articles more than there are is let go of.
_SLACK = 1000

_TO_INDEX: Select[Any] = (
    select(*(column for column in article.c if column.name != "doc"), source_text.c.text.label("source"))
    .join(source_text, source_text.c.number == article.c.number)
    .where(article.c.doc.is_(None), article.c.audience == literal_column("'[]'"))  # as the index says it
    .order_by(article.c.published.desc())
    .limit(MOST)
)
_INDEXED = (
    update(article).where(article.c.number == bindparam("of"), article.c.doc.is_(None)).values(doc=bindparam("given"))
)


def fill(catalog: Catalog, words: Callable[[Article], tuple[str, str, str]]) -> bool:
    """Puts the next few articles into the index, the newest first; whether there may be more.

    Args:
        words: of an article its title, its summary, empty for none, and its text, each as it is read.

    Raises:
        CatalogError: where the catalog cannot be written; CatalogBusy where another one is writing.
    """
    with catalog.database.reading() as connection:
        syncs = facts.get(connection, facts.SYNCS)
        is_whole = facts.get(connection, facts.SEARCHABLE) == str(VERSION)
        rows = connection.execute(_TO_INDEX).all() if facts.is_loaded(connection) else None
    if rows is None or (not rows and is_whole):
        return False
    cut = {row.number: [tokens(each) for each in words(article_of(row))] for row in rows}
    with catalog.database.writing() as connection:
        if facts.get(connection, facts.SYNCS) != syncs:
            return True  # it may be another article by now
        serial = int(facts.get(connection, facts.TEXTS) or 0)
        numbers = {
            row.number: (row.published << _BITS) + number % (1 << _BITS) for number, row in enumerate(rows, serial + 1)
        }
        fulltext.put(connection, [Text(doc, *cut[number]) for number, doc in numbers.items()])
        if numbers:
            connection.execute(_INDEXED, [{"of": number, "given": doc} for number, doc in numbers.items()])
        facts.put(connection, facts.TEXTS, str(serial + len(rows)))
        if len(rows) < MOST:
            facts.put(connection, facts.SEARCHABLE, str(VERSION))
        elif is_whole:
            facts.forget(connection, facts.SEARCHABLE)
    return len(rows) == MOST


def tidy(catalog: Catalog) -> None:
    """Begins the index anew, where most of what is in it leads nowhere any more, or it was cut in another way.

    Raises:
        CatalogError: where the catalog cannot be written; CatalogBusy where another one is writing.
    """
    with catalog.database.reading() as connection:
        made_with = facts.get(connection, facts.SEARCHABLE)
        present = connection.scalar(select(func.count()).where(article.c.doc.is_not(None))) or 0
        is_useless = fulltext.size(connection) > 2 * present + _SLACK
    if not is_useless and made_with in {None, str(VERSION)}:
        return
    with catalog.database.writing() as connection:
        fulltext.drop(connection)
        fulltext.create(connection)
        connection.execute(update(article).where(article.c.doc.is_not(None)).values(doc=None))
        facts.forget(connection, facts.SEARCHABLE)
