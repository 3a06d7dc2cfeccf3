"""An archive without a folder: a number of articles in; a source that yields them, and a catalog full of rows, out.

A million files would take hours to make and read. Here the first article is synced as any other; the rows of all the
others are written by SQL as a sync would have left them, and the source yields marks and texts that fit them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import inf
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from feedsvc.catalog import Catalog
from feedsvc.catalog.schema import article, channel, identity, membership, record, source_text
from feedsvc.catalog.syncing import Terms, sync
from feedsvc.catalog.syncing.bulk import FILLED, drop_indexes, make_indexes
from feedsvc.config import Site, complete
from feedsvc.model import Record
from feedsvc.sources import Mark, digest
from feedsvc.text.ids import tag_uri

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import Connection, Table

    from feedsvc.sources import Weight

SITE = complete(Site(base_url="https://bench.example/"), folder_name="bench", address="")
TAGS = ("Harbour", "Ferries", "Weather", "Council", "History")
NOW = 1_790_000_000
# The articles are spread over sixteen years before that.
YEARS = 16 * 365 * 86_400
DAY = 86_400
BATCH = 20_000
PARAGRAPH = "The harbour ferry left in the morning with a letter for the council, and the captain told nobody. " * 6


@dataclass(slots=True)
class Archive:
    """The source.

    Attributes:
        count: of its articles.
        edited: by number, how often an article was edited.
    """

    count: int
    edited: dict[int, int] = field(default_factory=dict)
    root: None = None
    polled: None = None

    def scan(self, places: Collection[str] | None = None) -> Iterator[tuple[str, Mark]]:
        """Every address with its mark, or those of some places."""
        numbers = range(self.count) if places is None else sorted(map(number, places))
        for each in numbers:
            yield address(each), Mark(mark(each, self.edited.get(each, 0)), inf, is_settled=True)

    def digest(self) -> str:
        """Of all the marks."""
        return digest((address, mark.value) for address, mark in self.scan())

    def is_replaced(self, _address: str, before: str, now: Mark) -> bool:
        """Whether it was replaced as a whole: always."""
        return before != now.value

    def trace(self, value: str) -> str:
        """The whole: none is moved."""
        return value

    def read(self, address: str, mark: Mark | None = None) -> Record | None:  # noqa: ARG002 - it is that still
        """The article at an address."""
        found = number(address)
        return Record(address, text(found, self.count, self.edited.get(found, 0)).encode())

    def top(self, address: str, length: int) -> bytes:
        """The first bytes of its text."""
        found = number(address)
        return text(found, self.count, self.edited.get(found, 0)).encode()[:length]

    def weigh(self, address: str, mark: Mark | None = None) -> Weight | None:
        """Not asked: there are no recordings."""
        raise NotImplementedError(address, mark)


def filled(place: str, count: int) -> tuple[Catalog, Archive]:
    """A catalog of so many articles, and the source that it is in step with."""
    catalog = Catalog(place)
    sync(catalog, Archive(1), Terms(SITE, clock=lambda: NOW))
    with catalog.database.writing() as connection:
        drop_indexes(connection)
        for start in range(1, count, BATCH):
            _write(connection, range(start, min(count, start + BATCH)), count)
        _place(connection, count)
        make_indexes(connection, *FILLED)
    return catalog, Archive(count)


def address(each: int) -> str:
    """In the order of numbers, as a scan has it."""
    return f"{each // 1000:05}/{each % 1000:03}.md"


def number(address: str) -> int:
    """That of the article at an address."""
    return int(address[:5]) * 1000 + int(address[6:9])


def mark(each: int, edits: int) -> str:
    """About as long as a file's."""
    return f"1700000000000000000 1700000000000000000 5000 {each}-{edits}"


def published(each: int, count: int) -> int:
    """When an article was published, in seconds since the epoch; the greater its number, the later."""
    return NOW - YEARS + YEARS // (count + 1) * each


def text(each: int, count: int, edits: int) -> str:
    """The article's file."""
    tags = ", ".join(_tags(each))
    date = datetime.fromtimestamp(published(each, count), UTC).isoformat()
    return (
        f"---\ntitle: Article {each}\ndate: {date}\ntags: [{tags}]\nslug: article-{each}\n---\n\n{edits} {PARAGRAPH}\n"
    )


def _tags(each: int) -> tuple[str, ...]:
    return TAGS if each == 0 else (TAGS[each % 5], TAGS[each // 5 % 5])


def _ends(each: int, count: int) -> tuple[int | None, int | None]:
    """When it expires and when it was withdrawn: one in a hundred each."""
    later = published(each, count) + 30 * DAY
    return (later if each % 100 == 7 else None), (later if each % 100 == 13 else None)


def _write(connection: Connection, numbers: range, count: int) -> None:
    """The rows of articles, all but where they show."""
    dates = {each: datetime.fromtimestamp(published(each, count), UTC).date().isoformat() for each in numbers}
    _insert(
        connection,
        record,
        ("address", "mark", "is_settled", "digest"),
        ((address(each), mark(each, 0), True, f"{each:064x}") for each in numbers),
    )
    _insert(
        connection,
        article,
        ("number", "address", "title", "slug", "slug_is_explicit", "written_date", "published", "updated", "expires",
         "withdrawn", "authors", "categories", "aliases", "enclosures", "markup", "audience"),
        ((each + 1, address(each), f"Article {each}", f"article-{each}", True, dates[each], published(each, count),
          published(each, count), *_ends(each, count), "[]", _categories(each), "[]", "[]", "markdown", "[]")
         for each in numbers),
    )  # fmt: skip
    _insert(connection, source_text, ("number", "text"), ((each + 1, f"0 {PARAGRAPH}\n") for each in numbers))
    _insert(
        connection,
        identity,
        ("key", "id", "address", "digest", "wanted", "is_explicit", "slug"),
        ((each + 1, _uri(each, dates[each]), address(each), f"{each:064x}", f"article-{each}", True, f"article-{each}")
         for each in numbers),
    )  # fmt: skip


def _place(connection: Connection, count: int) -> None:
    """Where articles show, a channel after the other: in the order of the table."""
    for key, term in sorted((row.key, row.term) for row in connection.execute(select(channel))):
        if not term and key > 1:
            continue  # media
        for start in range(1, count, BATCH):
            numbers = [each for each in range(start, min(count, start + BATCH)) if not term or term in _tags(each)]
            _insert(
                connection,
                membership,
                ("channel", "key", "id", "published", "updated", "expires", "withdrawn"),
                ((key, each + 1, _uri(each, _date(each, count)), published(each, count), published(each, count),
                  *_ends(each, count)) for each in numbers),
            )  # fmt: skip


def _date(each: int, count: int) -> str:
    return datetime.fromtimestamp(published(each, count), UTC).date().isoformat()


def _uri(each: int, date: str) -> str:
    return tag_uri(SITE.id_authority, date, f"article-{each}")


def _categories(each: int) -> str:
    named = ",".join(f'{{"term":"{tag}","slug":"{tag.lower()}"}}' for tag in dict.fromkeys(_tags(each)))
    return f"[{named}]"


def _insert(connection: Connection, table: Table, names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * len(names))
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names of ours
    connection.exec_driver_sql(statement, list(rows))
