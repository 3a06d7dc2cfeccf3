"""Which articles have some words: what is sought and an instant in; what shows of it, in parts, out."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, text

from feedsvc.catalog import facts, fulltext
from feedsvc.catalog.references import articles_of
from feedsvc.catalog.schema import AT_HOME, article, identity, source_text
from feedsvc.catalog.window import ARTICLE
from feedsvc.text.search import VERSION

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select, TextClause

    from feedsvc.model import Article
    from feedsvc.text.search import Sought

# Nobody reads further.
MOST = 200

_WHOLE: Select[Any] = (
    select(*ARTICLE, article.c.number)
    .join(identity, AT_HOME)
    .join(source_text, source_text.c.number == article.c.number)
    .where(article.c.number.in_(bindparam("numbers", expanding=True)))
)


class Search:
    """The words of what a site shows, of one revision.

    Args:
        site: the key of its row.
    """

    def __init__(self, connection: Connection, site: int) -> None:
        self._connection = connection
        self._site = site

    @property
    def is_whole(self) -> bool:
        """Whether all articles have been put into the index, but for what changed just now."""
        return facts.get(self._connection, facts.SEARCHABLE) == str(VERSION)

    def find(self, sought: Sought, now: int) -> tuple[int, ...]:
        """The numbers of the articles that show and match, `MOST` at most.

        First those that have all in their title, then in title and summary, then anywhere; each the newest first.
        """
        if not sought.terms:
            return ()
        found: dict[int, None] = {}
        statement = _matching(*fulltext.matching(self._connection))
        asked: dict[str, object] = {"site": self._site, "now": now, "most": MOST}
        for band in fulltext.BANDS:
            asked["sought"] = fulltext.query(self._connection, sought, band)
            rows = self._connection.execute(statement, asked).all()
            rows = sorted(rows, key=lambda row: (row.published, row.id), reverse=True)
            found.update(dict.fromkeys(row.number for row in rows))
        return tuple(found)[:MOST]

    def articles(self, numbers: tuple[int, ...]) -> tuple[Article, ...]:
        """The articles of some numbers, in their order."""
        rows = {row.number: row for row in self._connection.execute(_WHOLE, {"numbers": numbers})}
        return articles_of(self._connection, [rows[number] for number in numbers])


@lru_cache(maxsize=4)
def _matching(doc: str, matches: str) -> TextClause:
    # The index comes first, in its own order, and nothing is sorted: of a CROSS JOIN, SQLite keeps the order.
    return text(f"""
        SELECT article.number, membership.published, membership.id
        FROM search_text CROSS JOIN article CROSS JOIN identity CROSS JOIN membership
        WHERE {matches} AND article.doc = {doc}
          AND identity.address = article.address AND identity.removed IS NULL
          AND membership."key" = identity."key" AND membership.channel = :site AND membership.published <= :now
          AND (membership.expires IS NULL OR membership.expires > :now)
          AND (membership.withdrawn IS NULL OR membership.withdrawn > :now)
        ORDER BY {doc} DESC LIMIT :most
    """)  # noqa: S608 - both are of ours
