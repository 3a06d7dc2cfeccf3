"""A table of another program as a source: a URL and a query in, marks and records out. Rows are records like files."""
# ruff: noqa: PLC0415 - SQLAlchemy takes 0.2 s to import, and most sites need none of it

from __future__ import annotations

import threading
from collections import defaultdict, deque
from difflib import get_close_matches
from hashlib import sha256
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from msgspec.structs import replace

from feedsvc.config import FILE_NAME
from feedsvc.config.secrets import hidden
from feedsvc.errors import Fault, RecordError, SourceError
from feedsvc.model import Record
from feedsvc.sources import rows
from feedsvc.sources.ahead import Ahead
from feedsvc.sources.source import LARGEST, Mark, Weight
from feedsvc.sources.youth import Youth

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import BindParameter, Connection, Result, RowMapping

    from feedsvc.config import Table as Settings
    from feedsvc.sources.source import Wanted

# So many rows are held at a time while all are looked at.
_STREAMED = 200

# A sync may look several times before it reads: what changed is remembered for so many looks.
_LOOKS = 4

_REQUIRED = ("title", "date")
_UPDATED = "updated"
_SEVERAL = Mark("several rows", inf, is_settled=True)


class _Columns(NamedTuple):
    """The columns of the query that mean something here, as the database names them; empty for none."""

    key: str
    updated: str


class Table:
    """The rows that a query gives.

    Args:
        settings: with a source and a query.
        folder: what the relative path of a database is below.

    Raises:
        SourceError: where the URL is not one of a database, or what is needed for it is not installed.
    """

    root = None

    def __init__(self, settings: Settings, folder: Path) -> None:
        from feedsvc.sources.sql import Database

        self.polled: float | None = float(settings.interval)
        self._settings = settings
        self._database = Database(settings.source, folder)
        self._table = rows.table_of(settings.query)
        # Marks of another query say nothing about what this one gives.
        self._version = sha256(f"{settings.key}\n{settings.query}".encode()).hexdigest()[:8]
        self._youth = Youth()
        self._has_instants = True
        self._stamp: tuple[Any, ...] | None = None
        self._alone = threading.Lock()
        self._keys: dict[str, Any] = {}
        self._marks: Mapping[str, Mark] = {}
        self._changed: deque[frozenset[str]] = deque(maxlen=_LOOKS)
        self._ahead = Ahead(())
        self._fetched: dict[str, list[bytes | Fault]] = {}

    def scan(self, places: Collection[str] | None = None) -> Iterator[tuple[str, Mark]]:
        """Every row's address with its mark, in the order of addresses.

        Without a column that says when a row changed, every row is read for its digest, a few at a time.

        Args:
            places: only the rows at these addresses; where none of them is a row's, nothing is looked at.

        Raises:
            SourceError: where the database cannot be read, or the query lacks a column.
        """
        if places is not None and not any(map(rows.is_row, places)):
            return iter(())
        marks = self._look()
        return iter([(each, mark) for each, mark in marks.items() if places is None or each in places])

    def digest(self) -> None:
        """None: a scan asks the table for nothing where nobody has written to it."""

    def is_replaced(self, _address: str, _before: str, _now: Mark) -> bool:
        """Yes: a row is never seen half written."""
        return True

    def trace(self, value: str) -> str:
        """The whole: a row with another key is another row."""
        return value

    def _look(self) -> Mapping[str, Mark]:
        stamp = self._database.stamp()
        keys, marks = self._keys, self._marks
        with self._database.reading() as connection:
            columns = self._columns(connection)
            stamp = stamp or self._sum(connection, columns)
            if stamp is None or stamp != self._stamp:
                keys = {}
                marks = self._looked_at(connection, columns, keys)
        # What is young is to be looked at again, even where nothing else changes.
        self._stamp = stamp if all(mark.is_settled for mark in marks.values()) else None
        self._note(keys, marks)
        return self._marks

    def read(self, address: str, _mark: Mark | None = None) -> Record | None:
        """The row as JSON; None where it is not there any more. Others that changed too are fetched along with it.

        Raises:
            RecordError: where several rows have its key, or none, or it is too large, or no text.
            SourceError: where the database cannot be read.
        """
        with self._alone:
            if address not in self._keys:
                return None
            key = self._keys[address]
            if not rows.key_text(key):
                problem = f"rows have no {self._settings.key}"
                self._refuse(address, problem, f"give each row one, or add WHERE {self._settings.key} IS NOT NULL")
            if address not in self._fetched:
                self._fetch(self._ahead.from_(address))
            found = self._fetched.pop(address, [])
        if not found:
            return None
        if len(found) > 1:
            cure = "make the query give one row for each: join what has several by a subquery"
            self._refuse(address, "several rows have this key", cure)
        if isinstance(found[0], Fault):
            raise RecordError(found[0])
        return Record(address, found[0], rows.key_text(key))

    def top(self, _address: str, _length: int) -> bytes:
        """None: a row is fetched as a whole."""
        return b""

    def weigh(self, address: str, _mark: Mark | None = None) -> Weight | None:
        """The length and digest of the row as JSON; it gives None and raises as `read` does."""
        found = self.read(address)
        return Weight(len(found.body), sha256(found.body).hexdigest()) if found else None

    def _note(self, keys: dict[str, Any], marks: Mapping[str, Mark]) -> None:
        before = self._marks
        changed = {each for each, mark in marks.items() if before.get(each) != mark} if marks is not before else ()
        latest = dict(sorted(marks.items())) if changed or len(marks) != len(before) else before
        with self._alone:
            self._keys, self._marks = keys, latest
            self._changed.append(frozenset(changed))
            self._ahead = Ahead(sorted(frozenset[str]().union(*self._changed) & marks.keys()))
            self._fetched.clear()

    def _columns(self, connection: Connection) -> _Columns:
        with self._selected(connection, "*", "WHERE 1 = 0") as found:
            names = list(found.keys())
        known = {name.lower(): name for name in names}
        twice = {name for name in known if sum(each.lower() == name for each in names) > 1}
        if twice:
            _refuse_query(f"gives two columns {min(twice)}", "name each once, with AS")
        updated = self._settings.updated
        # That of our name is used where it is there.
        wanted = [self._settings.key, *_REQUIRED, *({updated} - {"", _UPDATED})]
        for name in wanted:
            if name.lower() not in known:
                _refuse_query(f"gives no column {name}, but {', '.join(names)}", _cure(name, known))
        return _Columns(known[self._settings.key.lower()], known.get(updated.lower(), "") if self._has_instants else "")

    def _sum(self, connection: Connection, columns: _Columns) -> tuple[Any, ...] | None:
        """What differs when any row changed, made by the database: a hundred thousand keys cost a second here.

        None where it cannot tell: SQLite makes no digests, and those of whole texts may take it too long.
        """
        if connection.dialect.name != "postgresql" or not columns.updated:
            return None
        row = ", ".join(_quoted(connection, column) for column in columns)
        with self._selected(connection, f"count(*), sum(hashtextextended(ROW({row})::text, 0))") as found:
            return tuple(found.one())

    def _looked_at(self, connection: Connection, columns: _Columns, keys: dict[str, Any]) -> Mapping[str, Mark]:
        marks = self._by_updated(connection, columns, keys) if columns.updated else None
        if marks is None:
            self._has_instants = False
            marks = self._by_digest(connection, columns, keys)
        return marks

    def _by_updated(self, connection: Connection, columns: _Columns, keys: dict[str, Any]) -> dict[str, Mark] | None:
        """Marks by the column that moves with each change; None where it tells no time of day."""
        values: dict[str, Any] = {}
        several = set()
        wanted = ", ".join(_quoted(connection, column) for column in columns)
        with self._selected(connection, wanted) as found:
            for key, value in found:
                address = self._address(key)
                if address in values:
                    several.add(address)
                keys[address], values[address] = key, value
        young = self._youth.young(values)
        if young is None:
            return None
        marks = {each: Mark(f"{self._version} {value}", inf, each not in young) for each, value in values.items()}
        return marks | dict.fromkeys(several, _SEVERAL)

    def _by_digest(self, connection: Connection, columns: _Columns, keys: dict[str, Any]) -> dict[str, Mark]:
        marks: dict[str, Mark] = {}
        with self._selected(connection, "*") as found:
            for row in found.mappings():
                address = self._address(row[columns.key])
                is_first = address not in marks
                keys[address] = row[columns.key]
                marks[address] = Mark(_digest(self._made(address, row)), inf, is_settled=True) if is_first else _SEVERAL
        return marks

    def _fetch(self, addresses: Sequence[str]) -> None:
        from sqlalchemy import bindparam
        from sqlalchemy.types import NullType

        keys = [self._keys[address] for address in addresses]
        # Without a type, the driver leaves it to the database to compare each key as what it is.
        bound = bindparam("keys", keys, expanding=True, type_=NullType())
        fetched: defaultdict[str, list[bytes | Fault]] = defaultdict(list)
        with self._database.reading() as connection:
            columns = self._columns(connection)
            where = f"WHERE {_quoted(connection, columns.key)} IN :keys"
            with self._selected(connection, "*", where, bound) as found:
                for row in found.mappings():
                    address = self._address(row[columns.key])
                    fetched[address].append(self._made(address, row))
        self._fetched = dict(fetched)
        self._ahead.weigh(sum(len(each) for several in fetched.values() for each in several if isinstance(each, bytes)))

    def _selected(
        self, connection: Connection, what: str, where: str = "", *bound: BindParameter[Any]
    ) -> Result[*tuple[Any, ...]]:
        """What the query gives, a few rows at a time; to be closed."""
        from sqlalchemy import text

        # A colon is none of our parameters; a comment in the query's last line must end before the bracket.
        query = self._settings.query.replace(":", "\\:")
        statement = text(f"SELECT {what} FROM (\n{query}\n) AS given {where}").bindparams(*bound)  # noqa: S608 - the site's own
        return connection.execution_options(yield_per=_STREAMED).execute(statement)

    def _made(self, address: str, row: RowMapping) -> bytes | Fault:
        try:
            found = rows.body(row)
        except rows.BinaryError as error:
            cure = "leave it out of the query, or make text of it, as by convert_from(…, 'UTF8')"
            return Fault(address, 0, 0, f"{error.column}: is binary", cure)
        if len(found) > LARGEST:
            return Fault(address, 0, 0, f"is larger than {LARGEST >> 20} MiB", "split it, or make it smaller")
        return found

    def _address(self, key: Any) -> str:
        return rows.address(self._table, self._settings.key, rows.key_text(key))

    def _refuse(self, address: str, problem: str, cure: str) -> NoReturn:
        raise RecordError(Fault(address, 0, 0, problem, cure))


def _quoted(connection: Connection, column: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(column)


def _refuse_query(problem: str, cure: str) -> NoReturn:
    raise SourceError(f"{FILE_NAME}: query {problem} ({cure})")


def _digest(made: bytes | Fault) -> str:
    return sha256(made).hexdigest() if isinstance(made, bytes) else f"unfit {made.problem}"


def _cure(name: str, known: Mapping[str, str]) -> str:
    near = get_close_matches(name.lower(), known, n=1)
    return f"did you mean {known[near[0]]} AS {name}?" if near else f"name the one that it is, with AS {name}"


def from_url(url: str, wanted: Wanted) -> Table:
    """The rows that the settings ask for of the database at a URL.

    Raises:
        SourceError: where there is no query, or as `Table`.
    """
    if wanted.table is None or not wanted.table.query:
        raise SourceError(f"{hidden(url)}: needs a query (write `source` and `query` into {FILE_NAME})")
    return Table(replace(wanted.table, source=url), wanted.folder)
