"""Puts articles into the index of words: the few of an edit with it, all else a few at a time, by themselves.

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

    from sqlalchemy import Connection, Row, Select

    from feedsvc.catalog.catalog import Catalog
    from feedsvc.model import Article

    # Of an article its title, its summary, empty for none, and its text, each as it is read.
    Words = Callable[[Article], tuple[str, str, str]]

    # By number of an article, the tokens of these.
    _Cut = Mapping[int, Sequence[Sequence[str]]]

logger = logging.getLogger(__name__)

# So many articles go into the index at once: a sync waits for no longer than they take.
MOST = 25

# So many go there with the sync that reads them, of so many characters in all: for each five kilobytes of prose, the
# revision waits a millisecond or two.
FEW, LIGHT = 4, 100_000

# A number in the index is the second of publication, and behind it one of so many.
_BITS = 22

# What is no fault of a text: it may go another time, or is for who asks for it.
_PASSING = (MemoryError, OSError, ImportError, KeyboardInterrupt, SystemExit)

_NO_WORDS: Sequence[Sequence[str]] = ((), (), ())

# What is left of so many articles more than there are is let go of.
_SLACK = 1000

_TO_INDEX: Select[Any] = (
    select(*(column for column in article.c if column.name != "doc"), source_text.c.text.label("source"))
    .join(source_text, source_text.c.number == article.c.number)
    .where(article.c.doc.is_(None), article.c.audience == literal_column("'[]'"))  # as the index says it
    .order_by(article.c.published.desc())
    .limit(MOST)
)
_FEW_TO_INDEX = _TO_INDEX.limit(FEW + 1)
_IS_LEFT = _TO_INDEX.with_only_columns(article.c.number).limit(1)
_INDEXED = (
    update(article).where(article.c.number == bindparam("of"), article.c.doc.is_(None)).values(doc=bindparam("given"))
)


class Unindexed(Exception):  # noqa: N818 - a course of events
    """Something cannot be put into the index: no revision is to wait for it, and all is to be done without."""


def fill_along(connection: Connection, words: Words, known: Mapping[str, str]) -> bool:
    """Puts what a sync has just read into the index, in its transaction; false where that is left to `fill`.

    So it is where more is missing than a few light texts.

    Args:
        known: all facts, as they are in the transaction.

    Raises:
        Unindexed: where it cannot be put there; nothing of the transaction is to be kept then, for on some errors
            SQLite rolls all of it back, and not only to the savepoint.
    """
    if known.get(facts.SEARCHABLE) != str(VERSION):
        return False
    rows = connection.execute(_FEW_TO_INDEX).all()
    if len(rows) > FEW or sum(len(row.source) for row in rows) > LIGHT:
        return False
    try:
        if rows:
            with connection.begin_nested():  # at its end SQLite writes what it has gathered
                _put(connection, rows, _cut(rows, words), known)
    except Exception as error:
        cause = repr(getattr(error, "orig", None) or error)
        what = f"the words of {rows[0].address}, and of what came with it, are put into the index later"
        raise Unindexed(f"{what}: {cause}") from error
    return True


def fill(catalog: Catalog, words: Words) -> bool:
    """Puts the next few articles into the index, the newest first; whether there may be more.

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
    cut = _cut(rows, words)
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
        _put(connection, rows, cut, known)
        searchable = str(VERSION) if connection.execute(_IS_LEFT).first() is None else None
        if searchable is None:
            facts.forget(connection, facts.SEARCHABLE)
        elif searchable != known.get(facts.SEARCHABLE):
            facts.put(connection, facts.SEARCHABLE, searchable)
    return True


def _cut(rows: Sequence[Row[Any]], words: Words) -> _Cut:
    found: dict[int, Sequence[Sequence[str]]] = {}
    for row in rows:
        try:
            found[row.number] = [tokens(each) for each in words(article_of(row))]
        except _PASSING:
            raise
        except BaseException:
            logger.exception("%s: its words cannot be searched for", row.address)
            found[row.number] = _NO_WORDS
    return found


def _put(connection: Connection, rows: Sequence[Row[Any]], cut: _Cut, known: Mapping[str, str]) -> None:
    serial = int(known.get(facts.TEXTS, "0"))
    numbers = {
        row.number: (row.published << _BITS) + number % (1 << _BITS) for number, row in enumerate(rows, serial + 1)
    }
    fulltext.put(connection, [fulltext.fitted(doc, cut[number]) for number, doc in numbers.items()])
    if numbers:
        connection.execute(_INDEXED, [{"of": number, "given": doc} for number, doc in numbers.items()])
    facts.put(connection, facts.TEXTS, str(serial + len(rows)))


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
            _write(catalog, [row], {row.number: _NO_WORDS}, syncs)
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
