"""Puts articles into the index of words: a few at a time, each time in a short transaction of its own.

No revision comes of it: what feeds and pages show is the same. What a search finds is an article's words as they were
when it was last read; until they are there, it is not found.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, literal_column, select, update

from feedsvc.catalog import facts, fulltext
from feedsvc.catalog.rows import article_of
from feedsvc.catalog.schema import article, source_text
from feedsvc.errors import CatalogBusy, CatalogError
from feedsvc.text.search import VERSION, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Row, Select

    from feedsvc.catalog.catalog import Catalog
    from feedsvc.model import Article

    # By number of an article, the tokens of its title, its summary and its text.
    _Cut = Mapping[int, Sequence[Sequence[str]]]

logger = logging.getLogger(__name__)

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
_IS_LEFT = _TO_INDEX.with_only_columns(article.c.number).limit(1)
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
        known = facts.known(connection)
        syncs = known.get(facts.SYNCS)
        is_whole = known.get(facts.SEARCHABLE) == str(VERSION)
        rows = connection.execute(_TO_INDEX).all() if facts.LOADED in known else None
    if rows is None or (not rows and is_whole):
        return False
    cut = {row.number: [tokens(each) for each in words(article_of(row))] for row in rows}
    try:
        return not _write(catalog, rows, cut, syncs) or len(rows) == MOST
    except CatalogBusy:
        raise
    except CatalogError as error:
        _write_one_by_one(catalog, rows, cut, syncs, error)
        return True


def _write(catalog: Catalog, rows: Sequence[Row[Any]], cut: _Cut, syncs: str | None) -> bool:
    """Puts texts into the index; whether they still are what was read."""
    with catalog.database.writing() as connection:
        known = facts.known(connection)
        if known.get(facts.SYNCS) != syncs:
            return False
        serial = int(known.get(facts.TEXTS, "0"))
        numbers = {
            row.number: (row.published << _BITS) + number % (1 << _BITS) for number, row in enumerate(rows, serial + 1)
        }
        fulltext.put(connection, [fulltext.fitted(doc, cut[number]) for number, doc in numbers.items()])
        if numbers:
            connection.execute(_INDEXED, [{"of": number, "given": doc} for number, doc in numbers.items()])
        facts.put(connection, facts.TEXTS, str(serial + len(rows)))
        searchable = str(VERSION) if connection.execute(_IS_LEFT).first() is None else None
        if searchable is None:
            facts.forget(connection, facts.SEARCHABLE)
        elif searchable != known.get(facts.SEARCHABLE):
            facts.put(connection, facts.SEARCHABLE, searchable)
    return True


def _write_one_by_one(
    catalog: Catalog, rows: Sequence[Row[Any]], cut: _Cut, syncs: str | None, error: CatalogError
) -> None:
    """What one text does to the index must not keep all others from it: it is put there without words, and told.

    Raises:
        CatalogError: where not even that can be written, for then it is the catalog itself.
    """
    if not rows:
        raise error
    for row in rows:
        try:
            _write(catalog, [row], cut, syncs)
        except CatalogBusy:
            raise
        except CatalogError:
            _write(catalog, [row], {row.number: ((), (), ())}, syncs)
            logger.exception("%s: its words cannot be searched for", row.address)


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
