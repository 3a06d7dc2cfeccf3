"""Which media files an article refers to: its text in; addresses, files, and those that show a file, out."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from html import unescape
from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, select

from feedsvc.catalog import rows as written
from feedsvc.catalog.batches import batches
from feedsvc.catalog.schema import identity, media, reference
from feedsvc.model import MediaFile
from feedsvc.text.keys import LONGEST_ADDRESS, fits
from feedsvc.text.links import candidates, local_path
from feedsvc.text.media_types import MEDIA_TYPES, media_type

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy import Connection, Row

    from feedsvc.model import Article

MOST = 1000
"""The most files that are looked for on behalf of one article."""

_LONGEST = 300

# So many articles are kept as they were last made: as many as there are entries kept of them (`feeds.entry`).
_article = lru_cache(maxsize=1024)(written.article)

# An address ends where its suffix does; it begins behind what opens an attribute or a destination (there a space may
# stand in it), or else behind the last white space or bracket.
_END = re.compile(rf"\.(?=[A-Za-z])(?i:{'|'.join(sorted(suffix[1:] for suffix in MEDIA_TYPES))})(?![A-Za-z0-9])")
_OPENED = re.compile(r"(?s).*(?:[\"'<>]|\]\()")
_PARTED = re.compile(r"(?s)(?:.*[\s\"'<>()=\[\]`])?")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


_REFERRING = (
    select(identity.c.key)
    .join(reference, and_(identity.c.address == reference.c.article, identity.c.removed.is_(None)))
    .where(reference.c.media.in_(bindparam("files", expanding=True)))
    .distinct()
)
_MEDIA = (
    select(reference.c.article, *(media.c[name] for name in ("address", "digest", "length", "width", "height")))
    .join(media, media.c.address == reference.c.media)
    .where(reference.c.article.in_(bindparam("articles", expanding=True)))
    .order_by(media.c.address)
)


def references(made: Article) -> tuple[str, ...]:
    """The addresses of all files that an article may mean, in the order of its text; most of them may not exist.

    It is looked for in the source text, without rendering it, in linear time: rather too much is found than too little.
    """
    named = filter(None, (made.image, *(enclosure.url for enclosure in made.enclosures)))
    # What a key names may stand at the top too, where it is not beside the article.
    keys = chain.from_iterable((path, f"/{path}") for text in named if (path := local_path(text)))
    texts = chain(keys, _paths(made.source))
    found: dict[str, None] = {}
    for path in filter(media_type, texts):
        found.update(dict.fromkeys(each for each in candidates(made.address, path) if fits(each, LONGEST_ADDRESS)))
        if len(found) >= MOST:
            break
    return tuple(found)[:MOST]


def referring(connection: Connection, files: Collection[str]) -> set[int]:
    """The keys of the articles that refer to one of some files."""
    found: set[int] = set()
    for batch in batches(sorted(files)):
        found.update(connection.scalars(_REFERRING, {"files": batch}))
    return found


def media_of(connection: Connection, addresses: Collection[str]) -> defaultdict[str, list[MediaFile]]:
    """By address of an article, the files that it refers to and that are there, in the order of their addresses."""
    found: defaultdict[str, list[MediaFile]] = defaultdict(list)
    for batch in batches(sorted(addresses)):
        for of, *file in connection.execute(_MEDIA, {"articles": batch}):
            found[of].append(MediaFile(*file))
    return found


def articles_of(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[Article, ...]:
    """The articles of rows (`rows.article_of`), with the files that they refer to.

    Of twenty that a feed holds one was edited, and to make the others again takes a quarter of what that feed does.
    """
    files = media_of(connection, [row.address for row in rows])
    return tuple(_article(row._fields, tuple(row), tuple(files[row.address])) for row in rows)


def _paths(source: str) -> Iterator[str]:
    for end in _END.finditer(source):
        before = source[max(0, end.start() - _LONGEST) : end.end()]
        starts = [match.end() for match in (_PARTED.match(before), _OPENED.match(before)) if match]
        for start in dict.fromkeys(starts):
            yield local_path(_written(before[start:]))


def _written(text: str) -> str:
    """Without the escapes of Markdown and HTML."""
    return unescape(_ESCAPE.sub(r"\1", text)).strip()
