"""Where a source and the catalog's `record` rows differ: both in, in the order of addresses; what to read out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, or_, select

from feedsvc.catalog.batches import batches
from feedsvc.catalog.schema import record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sqlalchemy import ColumnElement, Connection

    from feedsvc.sources import Mark, Source

# Rows that are fetched at a time; few are held, however many there are.
_AT_A_TIME = 1000

# Places that one statement asks for; each is compared twice.
_PLACES = 50


class Seen(NamedTuple):
    """A record that is to be read.

    Attributes:
        is_known: whether it was there before.
    """

    address: str
    mark: Mark
    is_known: bool


@dataclass(slots=True)
class Difference:
    """Where a source and the `record` rows differ.

    Attributes:
        changed: to read.
        gone: addresses that are no longer there.
        moved: by those among them whose record stands at another address now, that address.
        restless: addresses of what may be in the middle of being written: to look at again in a moment.
        arriving: those among them that were not there before.
        is_whole: whether everything was compared.
    """

    changed: list[Seen] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    restless: list[str] = field(default_factory=list)
    arriving: set[str] = field(default_factory=set)
    is_whole: bool = False

    @property
    def is_none(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.changed or self.gone)

    def without(self, addresses: Collection[str], *, unread: bool) -> Difference:
        """The rest, where some records have to wait, and with them what is gone and may be one of them.

        Args:
            unread: whether nobody knows what is in them.
        """
        new = {seen.address for seen in self.changed if not seen.is_known}
        waiting = {gone for gone, address in self.moved.items() if address in addresses}
        if unread and not new.isdisjoint(addresses):
            waiting.update(address for address in self.gone if address not in self.moved)
        return Difference(
            changed=[seen for seen in self.changed if seen.address not in addresses],
            gone=[address for address in self.gone if address not in waiting],
            moved={gone: address for gone, address in self.moved.items() if gone not in waiting},
            restless=[*self.restless, *addresses, *waiting],
            arriving=self.arriving | (new & set(addresses)),
            is_whole=self.is_whole,
        )


def difference(
    connection: Connection,
    source: Source,
    *,
    places: Collection[str] | None = None,
    read_all: bool = False,
    patience: float = 0.0,
) -> Difference:
    """Compares the marks of a source with what they were.

    Args:
        places: only what is at one of these addresses, or in a folder there; None for everything.
        read_all: whether records are to be read whatever their marks say.
        patience: for so many seconds what is written in place must have been left alone.

    Raises:
        SourceError: where a part of the source cannot be listed.
    """
    found = Difference(is_whole=places is None)
    gone: dict[str, str] = {}
    restless: list[Seen] = []
    rows = _rows(connection, places)
    row = next(rows, None)
    for address, mark in source.scan(places):
        while row is not None and row[0] < address:
            gone[row[0]] = row[1]
            row = next(rows, None)
        before = None
        if row is not None and row[0] == address:
            _, before, was_settled = row
            row = next(rows, None)
            if before == mark.value and was_settled and not read_all:
                continue
        is_young = mark.age < patience and before != mark.value
        is_waiting = is_young and not (before and source.is_replaced(address, before, mark))
        (restless if is_waiting else found.changed).append(Seen(address, mark, before is not None))
    gone.update((row[0], row[1]) for row in (row, *rows) if row is not None)
    _sort_out(found, source, gone, restless)
    return found


def _sort_out(found: Difference, source: Source, gone: Mapping[str, str], restless: Iterable[Seen]) -> None:
    """Tells what was moved from what is gone, and from what is being written: all of it has been there before."""
    found.gone += gone
    left = {source.trace(value): address for address, value in gone.items()}
    for seen in [*found.changed, *restless] if left else ():
        if (trace := source.trace(seen.mark.value)) in left:
            found.moved[left[trace]] = seen.address
    moved = set(found.moved.values())
    for seen in restless:
        if seen.address in moved:
            found.changed.append(seen)
        else:
            found.restless.append(seen.address)
            if not seen.is_known:
                found.arriving.add(seen.address)


def parts_of(connection: Connection, files: Collection[str]) -> dict[str, set[str]]:
    """By address of a record that held several articles, the addresses of these."""
    found: dict[str, set[str]] = {}
    for batch in batches(sorted(files)):
        query = select(record.c.file, record.c.address).where(record.c.file.in_(batch))
        for file, address in connection.execute(query):
            found.setdefault(file, set()).add(address)
    return found


def _rows(connection: Connection, places: Collection[str] | None) -> Iterator[tuple[str, str, bool]]:
    """Address, mark and whether it was settled, of each record in order; not of the articles in a record."""
    query = select(record.c.address, record.c.mark, record.c.is_settled).where(record.c.file.is_(None))
    query = query.order_by(record.c.address)
    if places is None:
        streaming = query.execution_options(yield_per=_AT_A_TIME)
        yield from connection.execute(streaming)
        return
    found: set[tuple[str, str, bool]] = set()
    for start in range(0, len(ordered := sorted(places)), _PLACES):
        at = or_(*_conditions(ordered[start : start + _PLACES]))
        found.update((row.address, row.mark, row.is_settled) for row in connection.execute(query.where(at)))
    yield from sorted(found)


def _conditions(places: Iterable[str]) -> Iterator[ColumnElement[bool]]:
    for place in places:
        yield record.c.address == place
        yield and_(record.c.address > f"{place}/", record.c.address < f"{place}0")  # 0 is behind the slash
