"""The index of words: tokens in, and what is sought; numbers of articles out. Each database has its own kind.

A text has a number of its own here (`article.doc`), in the order of the dates, so that what was published last is found
first without sorting. A number is given once: what is left of an article that was read anew, or is gone, leads nowhere.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection, TextClause

    from feedsvc.text.search import Sought, Term


class Text(NamedTuple):
    """The tokens of an article.

    Attributes:
        doc: its number.
        summary: those of an editor's own; empty for none.
    """

    doc: int
    title: Sequence[str]
    summary: Sequence[str]
    body: Sequence[str]


# Where all words must stand, the closest first.
BANDS = ("title", "summary", "body")

# PostgreSQL counts 16,383 places in a text, 255 of one word, and takes 1 MiB of words with their places. What stands
# behind so many tokens, or bytes of them, is found in no database.
MOST_TOKENS, MOST_BYTES, _MOST_OF_ONE = 16_000, 768 * 1024, 255


def create(connection: Connection) -> None:
    """Makes the index where there is none."""
    for statement in _CREATE[connection.dialect.name]:
        connection.execute(statement)


def drop(connection: Connection) -> None:
    """Lets go of the index and all that is in it."""
    connection.execute(text("DROP TABLE IF EXISTS search_text"))


def put(connection: Connection, texts: Sequence[Text]) -> None:
    """Puts texts into the index."""
    if not texts:
        return
    if connection.dialect.name == "sqlite":
        rows = [(each.doc, *map(" ".join, (each.title, each.summary, each.body))) for each in texts]
        connection.exec_driver_sql("INSERT INTO search_text (rowid, title, summary, body) VALUES (?, ?, ?, ?)", rows)
    else:
        connection.execute(_PUT, [{"doc": each.doc, "words": _vector(each)} for each in texts])


def fitted(doc: int, parts: Sequence[Sequence[str]]) -> Text:
    """The tokens of an article that have room, from the first on.

    Args:
        parts: those of its title, of its summary and of its text.
    """
    if sum(map(len, parts)) <= MOST_TOKENS and 4 * sum(len("".join(part)) for part in parts) <= MOST_BYTES:
        title, summary, body = parts  # as nearly every one: no character has more than four bytes
        return Text(doc, title, summary, body)
    room, bytes_ = MOST_TOKENS, MOST_BYTES
    found: list[Sequence[str]] = []
    for part in parts:
        kept = part[:room]
        sizes = [*accumulate(map(_length, kept))]
        kept = kept[: bisect_right(sizes, bytes_)]
        room, bytes_ = room - len(kept), bytes_ - (sizes[len(kept) - 1] if kept else 0)
        found.append(kept)
    title, summary, body = found
    return Text(doc, title, summary, body)


def _length(token: str) -> int:
    return len(token.encode())


def size(connection: Connection) -> int:
    """How many texts are in the index, those too that lead nowhere any more."""
    return connection.scalar(_SIZE[connection.dialect.name]) or 0


def matching(connection: Connection) -> tuple[str, str]:
    """The number of a text in the index, and the condition that it matches `:sought`, as SQL."""
    return _MATCHING[connection.dialect.name]


def query(connection: Connection, sought: Sought, band: str) -> str:
    """What is sought, all of it in the part of a text that a band names, or before it, in the database's words."""
    return _QUERY[connection.dialect.name](sought, BANDS[: BANDS.index(band) + 1])


# --- SQLite: FTS5, which keeps the index alone. Our tokens hold nothing that its tokenizer would cut. ----------------


def _fts5(sought: Sought, parts: Sequence[str]) -> str:
    columns = "" if len(parts) == len(BANDS) else f"{{{' '.join(parts)}}} : "
    found = f"{columns}({' AND '.join(map(_phrase, sought.terms))})"
    return f"{found} NOT ({' OR '.join(map(_phrase, sought.excluded))})" if sought.excluded else found


def _phrase(term: Term) -> str:
    return f'"{" ".join(term.tokens)}"{" *" if term.is_prefix else ""}'


# --- PostgreSQL: a vector that is written by ourselves, for its parsers ask the locale what a letter is. ------------

_WEIGHTS = {"title": "A", "summary": "B", "body": "D"}


def _tsquery(sought: Sought, parts: Sequence[str]) -> str:
    weights = "" if len(parts) == len(BANDS) else "".join(_WEIGHTS[part] for part in parts)
    terms = [*(_followed(term, weights) for term in sought.terms), *(f"!{_followed(term)}" for term in sought.excluded)]
    return " & ".join(terms)


def _followed(term: Term, weights: str = "") -> str:
    ends = [""] * (len(term.tokens) - 1) + ["*" if term.is_prefix else ""]
    written = (
        _quoted(each) + (f":{end}{weights}" if end or weights else "")
        for each, end in zip(term.tokens, ends, strict=True)
    )
    return f"({' <-> '.join(written)})"


def _vector(of: Text) -> str:
    places: dict[str, list[str]] = {}
    at = 0
    for part, found in (("title", of.title), ("summary", of.summary), ("body", of.body)):
        for each in found:
            at += 1
            known = places.setdefault(each, [])
            if len(known) < _MOST_OF_ONE:
                known.append(f"{at}{_WEIGHTS[part]}")
        at += 1  # no phrase goes from one part into the next
    return " ".join(f"{_quoted(each)}{':' if known else ''}{','.join(known)}" for each, known in places.items())


def _quoted(token: str) -> str:
    doubled = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


_CREATE: Mapping[str, Sequence[TextClause]] = {
    "sqlite": [
        text(
            "CREATE VIRTUAL TABLE IF NOT EXISTS search_text USING fts5("
            "title, summary, body, content='', tokenize='ascii', prefix='3')"
        )
    ],
    "postgresql": [
        text("CREATE TABLE IF NOT EXISTS search_text (doc BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)"),
        text("CREATE INDEX IF NOT EXISTS search_text_words ON search_text USING gin (words)"),
    ],
}
_PUT = text("INSERT INTO search_text (doc, words) VALUES (:doc, CAST(:words AS tsvector))").bindparams(
    bindparam("doc"), bindparam("words")
)
_SIZE = {
    "sqlite": text("SELECT count(*) FROM search_text_docsize"),
    "postgresql": text("SELECT count(*) FROM search_text"),
}
_MATCHING = {
    "sqlite": ("search_text.rowid", "search_text MATCH :sought"),
    "postgresql": ("search_text.doc", "search_text.words @@ CAST(:sought AS tsquery)"),
}
_QUERY: Mapping[str, Callable[[Sought, Sequence[str]], str]] = {"sqlite": _fts5, "postgresql": _tsquery}
