"""The theme in the catalog: files that are read, and removed, in; whether it is another one, and faults, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import bindparam, delete, insert, select, update

from feedsvc.catalog import facts
from feedsvc.catalog.batches import batches
from feedsvc.catalog.schema import fault, theme
from feedsvc.config.fonts import THEME
from feedsvc.errors import Fault, RecordError
from feedsvc.text.xml import clean
from feedsvc.themes import HEAVIEST, LARGEST, digest, is_of_theme, is_static, is_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from feedsvc.catalog.syncing.fetching import Fetched
    from feedsvc.sources import Source

_FORGET = delete(theme).where(theme.c.address.in_(bindparam("addresses", expanding=True)))
_FILLED = update(theme).where(theme.c.address == bindparam("at")).values(body=bindparam("bytes"))


class Theming(Struct):
    """What became of the theme in one sync.

    Attributes:
        is_other: whether it is another one than before.
    """

    connection: Connection
    is_other: bool = False
    _is_concerned: bool = False

    def take(self, each: Fetched) -> None:
        """Notes a file that was read.

        Raises:
            RecordError: where it is too large.
        """
        self.forget([each.address])
        if each.length > LARGEST:
            problem = f"is larger than {LARGEST // 1024 // 1024} MiB"
            raise RecordError(
                Fault(each.address, 1, 1, problem, "make it smaller, or put it elsewhere than in the theme")
            )
        is_used = is_template(each.address) or is_static(each.address)
        body = each.record.body if each.record is not None and is_used else None
        row = {"address": each.address, "digest": each.digest, "length": each.length if is_used else 0, "body": body}
        self.connection.execute(insert(theme).values(**row))

    def forget(self, addresses: Sequence[str]) -> None:
        """Forgets files that are gone, or cannot be read."""
        meant = [address for address in addresses if is_of_theme(address)]
        for batch in batches(meant):
            self._is_concerned = True
            self.connection.execute(_FORGET, {"addresses": batch})

    def settle(self, source: Source) -> list[Fault]:
        """Looks at the theme as a whole, where anything of it changed; gives the faults that were not told before."""
        if not self._is_concerned:
            return []
        from feedsvc.themes import checks  # noqa: PLC0415 - jinja takes long to load, and most sites have no theme

        rows = self.connection.execute(select(theme.c.address, theme.c.digest, theme.c.length)).all()
        fitting, left_out = _fitting((row.address, row.length) for row in sorted(rows))
        bodies = self._bodies(fitting, source)
        made = digest({row.address: row.digest for row in rows if row.address in bodies})
        _, found = checks.made(bodies, made)
        misplaced = {row.address: b"" for row in rows if not row.length and row.address not in bodies}
        wrong = {*found, *checks.made(misplaced, "")[1], *map(_no_room, left_out)}
        before = self._noted([row.address for row in rows])
        _note(self.connection, wrong)
        self.is_other = made != (facts.get(self.connection, facts.THEME) or "")
        if self.is_other:
            facts.put(self.connection, facts.THEME, made)
        return sorted(wrong - before)

    def _bodies(self, addresses: Sequence[str], source: Source) -> dict[str, bytes]:
        """The bytes of those files for which there is room; what there was none for before is read now."""
        self.connection.execute(update(theme).where(theme.c.address.not_in(addresses)).values(body=None))
        found: dict[str, bytes] = {}
        for address, body in self.connection.execute(select(theme.c.address, theme.c.body)).all():
            if address not in addresses:
                continue
            if body is not None:
                found[address] = bytes(body)
            elif (read := _read(source, address)) is not None:  # else the next look tells what became of it
                self.connection.execute(_FILLED, {"at": address, "bytes": read})
                found[address] = read
        return dict(sorted(found.items()))

    def _noted(self, addresses: Sequence[str]) -> set[Fault]:
        """The faults that were noted of files, which are forgotten."""
        found: set[Fault] = set()
        for batch in batches(addresses):
            noted = fault.c.address.in_(batch)
            found.update(Fault(**row._asdict()) for row in self.connection.execute(select(fault).where(noted)))
            self.connection.execute(delete(fault).where(noted))
        return found


def _read(source: Source, address: str) -> bytes | None:
    try:
        record = source.read(address)
    except RecordError:
        return None
    return None if record is None or len(record.body) > LARGEST else record.body


def _fitting(sizes: Iterable[tuple[str, int]]) -> tuple[list[str], list[str]]:
    """Of some files in their order those for which there is room, and those for which there is none."""
    fitting: list[str] = []
    left_out: list[str] = []
    total = 0
    for address, length in sizes:
        if not (is_template(address) or is_static(address)):
            continue
        is_fitting = total + length <= HEAVIEST
        total += length if is_fitting else 0
        (fitting if is_fitting else left_out).append(address)
    return fitting, left_out


def _no_room(address: str) -> Fault:
    problem = f"is left out: the files of {THEME} are larger than {HEAVIEST // 1024 // 1024} MiB together"
    return Fault(address, 0, 0, problem, "make them smaller, or remove some")


def _note(connection: Connection, faults: Iterable[Fault]) -> None:
    rows = [{column.name: getattr(each, column.name) for column in fault.c} for each in sorted(faults)]
    rows = [row | {name: clean(row[name]) for name in ("problem", "cure", "text")} for row in rows]
    if rows:
        connection.execute(insert(fault), rows)
