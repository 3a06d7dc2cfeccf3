"""Where a source and the catalog's `record` rows differ: both in, in the order of addresses; what to read out."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace
from sqlalchemy import bindparam, func, or_, select

from feedsvc.catalog.batches import batches
from feedsvc.catalog.schema import record
from feedsvc.text.keys import LONGEST_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import BindParameter, Connection

    from feedsvc.sources import Mark, Source

# Rows that are fetched at a time; few are held, however many there are.
_AT_A_TIME = 1000


class Seen(NamedTuple):
    """A record that is to be read.

    Attributes:
        is_known: whether it was there before,
        is_same: and under this mark, so that it is read only to be sure.
    """

    address: str
    mark: Mark
    is_known: bool
    is_same: bool = False


class Difference(Struct):
    """Where a source and the `record` rows differ.

    Attributes:
        changed: to read.
        gone: addresses that are no longer there.
        moved: by those among them whose record stands at another address now, that address; but for those that took the
            place of a record that is not to be seen: as long as it may turn up, it has not lost its place.
        displaced: by address where another record stands now, where the one that stood there before does.
        restless: addresses of what may be in the middle of being written: to look at again in a moment.
        arriving: those among them that were not there before.
        is_whole: whether everything was compared.
        compared: where all else that there is is new, and is listed while it is read: the addresses that were compared.
    """

    changed: list[Seen] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    displaced: dict[str, str] = field(default_factory=dict)
    restless: list[str] = field(default_factory=list)
    arriving: set[str] = field(default_factory=set)
    is_whole: bool = False
    compared: frozenset[str] | None = None

    @property
    def is_none(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.changed or self.gone)

    @property
    def is_only_young(self) -> bool:
        """Whether there is nothing to do but to look once more at what is still too young to be sure of."""
        is_young = all(seen.is_same and not seen.mark.is_settled for seen in self.changed)
        return is_young and not (self.gone or self.restless)

    def without(self, addresses: Collection[str], *, unread: bool) -> Difference:
        """The rest, where some records have to wait, and with them what is gone and may be one of them.

        Args:
            unread: whether nobody knows what is in them.
        """
        left = set(addresses)
        new = {seen.address for seen in self.changed if not seen.is_known}
        if self.compared is not None:
            new |= left - self.compared
        while more := {place for place, now in self.displaced.items() if now in left and place not in left}:
            left |= more  # what took its place gives it back
        waiting = {gone for gone, address in self.moved.items() if address in left}
        if unread and not new.isdisjoint(left):
            waiting.update(address for address in self.gone if address not in self.moved)
        return replace(
            self,
            changed=[seen for seen in self.changed if seen.address not in left],
            gone=[address for address in self.gone if address not in waiting],
            moved={gone: address for gone, address in self.moved.items() if gone not in waiting},
            restless=[*self.restless, *left, *waiting],
            arriving=self.arriving | (new & left),
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

    What claims anything that such a record holds which differs is to be read too: it may be its turn.

    Args:
        places: only what is at one of these addresses, or in a folder there; None for everything.
        read_all: whether records are to be read whatever their marks say.
        patience: for so many seconds what is written in place must have been left alone.

    Raises:
        SourceError: where a part of the source cannot be listed.
    """
    found = _looked(connection, source, places, None if read_all else frozenset(), patience)
    if not read_all and (waiting := _waiting(connection, found)):
        found = _looked(connection, source, None if places is None else waiting.union(places), waiting, patience)
    return found


def _waiting(connection: Connection, found: Difference) -> frozenset[str]:
    """The records that claim what is held by those that differ, but for what is read in any case."""
    waiting: set[str] = set()
    for batch in batches([*found.gone, *(seen.address for seen in found.changed if not seen.is_same)]):
        waiting.update(connection.scalars(_WAITING, {"holders": batch}))
    return frozenset(waiting.difference(seen.address for seen in found.changed))


def _looked(
    connection: Connection,
    source: Source,
    places: Collection[str] | None,
    again: frozenset[str] | None,
    patience: float,
) -> Difference:
    """As `difference`, but without what waits.

    Args:
        again: addresses of records that are to be read whatever their marks say; None for all.
    """
    if places is None:
        with closing(_all_rows(connection)) as rows:
            found = _compared(rows, source.scan(), source, again, patience)
        found.is_whole = True
        return found
    marks = list(source.scan(places))
    files = {address for address, _ in marks}
    return _compared(iter(_rows_at(connection, places, files)), marks, source, again, patience)


def _compared(
    rows: Iterator[_Row],
    marks: Iterable[tuple[str, Mark]],
    source: Source,
    again: frozenset[str] | None,
    patience: float,
) -> Difference:
    found = Difference()
    gone: dict[str, str] = {}
    former: dict[str, str] = {}
    restless: list[Seen] = []
    there, value, was_settled = next(rows, _NONE)
    for address, mark in marks:
        while there < address:
            gone[there] = value
            there, value, was_settled = next(rows, _NONE)
        before = None
        if there == address:
            before, is_sure = value, was_settled
            there, value, was_settled = next(rows, _NONE)
            if is_sure and before == mark.value and again is not None and address not in again:
                continue
            former[address] = before
        is_young = mark.age < patience and before != mark.value
        is_waiting = is_young and not (before and source.is_replaced(address, before, mark))
        seen = Seen(address, mark, before is not None, before == mark.value)
        (restless if is_waiting else found.changed).append(seen)
    if there != _BEHIND_ALL:
        gone[there] = value
    gone.update((there, value) for there, value, _ in rows)
    _sort_out(found, source, gone, former, restless)
    return found


def _sort_out(
    found: Difference,
    source: Source,
    gone: Mapping[str, str],
    former: Mapping[str, str],
    restless: Sequence[Seen],
) -> None:
    """Tells what was moved from what is gone, and from what is being written: all of it has been there before.

    Args:
        former: the marks of before, where there were any, at what is read now.
    """
    found.gone += gone
    left = {source.trace(value): address for address, value in gone.items()}
    stood = {source.trace(value): address for address, value in former.items()}
    there = {source.trace(seen.mark.value): seen.address for seen in [*found.changed, *restless]}
    for trace in left.keys() & there.keys():
        address = there[trace]
        if address not in former or source.trace(former[address]) in there:
            found.moved[left[trace]] = address
    for trace in stood.keys() & there.keys():
        if stood[trace] != there[trace]:
            found.displaced[stood[trace]] = there[trace]
    elsewhere = {*found.moved.values(), *found.displaced.values()}
    for seen in restless:
        if seen.address in elsewhere:
            found.changed.append(seen)
        else:
            found.restless.append(seen.address)
            if not seen.is_known:
                found.arriving.add(seen.address)


def parts_of(connection: Connection, files: Collection[str]) -> dict[str, set[str]]:
    """By address of a record that held several articles, the addresses of these."""
    found: dict[str, set[str]] = {}
    for batch in batches(sorted(files)):
        for file, address in connection.execute(_PARTS, {"files": batch}):
            found.setdefault(file, set()).add(address)
    return found


_Row: TypeAlias = tuple[str, str, bool]
"""Address, mark and whether it was settled, of a record; not of one of several articles in it."""

# Of the last character there is, and longer than an address may be: all addresses are before it.
_BEHIND_ALL = "\U0010ffff" * LONGEST_ADDRESS
_NONE: _Row = (_BEHIND_ALL, "", False)

_HELD = record.alias()
_ROWS = select(record.c.address, record.c.mark, record.c.is_settled).where(record.c.file.is_(None))
_ALL = _ROWS.order_by(record.c.address).execution_options(yield_per=_AT_A_TIME)
_AT = _ROWS.where(record.c.address.in_(bindparam("addresses", expanding=True)))
_PARTS = select(record.c.file, record.c.address).where(record.c.file.in_(bindparam("files", expanding=True)))
_CLAIMED: BindParameter[Sequence[str]] = bindparam("holders", expanding=True)
_HOLDERS = select(_HELD.c.address).where(or_(_HELD.c.address.in_(_CLAIMED), _HELD.c.file.in_(_CLAIMED)))
_WAITING = select(func.coalesce(record.c.file, record.c.address)).where(record.c.waits_for.in_(_HOLDERS))
_BELOW = _ROWS.where(record.c.address > bindparam("first"), record.c.address < bindparam("last"))


def _all_rows(connection: Connection) -> Generator[_Row, None, None]:
    with connection.execute(_ALL) as found:
        yield from found


def _rows_at(connection: Connection, places: Collection[str], files: Collection[str]) -> list[_Row]:
    """The rows at some places, in order; and those below such as are no files: they may be folders, or have been."""
    found: set[_Row] = set()
    for batch in batches(sorted(places)):
        found.update(tuple(row) for row in connection.execute(_AT, {"addresses": batch}))
    for place in sorted(set(places).difference(files)):
        below = {"first": f"{place}/", "last": f"{place}0"}  # 0 is behind the slash
        found.update(tuple(row) for row in connection.execute(_BELOW, below))
    return sorted(found)
