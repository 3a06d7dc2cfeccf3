"""How a catalog stands before a sync: its facts and the settings in; what is to be done in any case out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from sqlalchemy import func, select

from feedsvc import __version__
from feedsvc.catalog import facts
from feedsvc.catalog.calendar import DAY
from feedsvc.catalog.schema import identity, record, revision
from feedsvc.catalog.syncing import unchanged
from feedsvc.catalog.syncing.placing import placed_with

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Table

    from feedsvc.config import Site

_LATEST = select(func.max(revision.c.number))


class Standing(Struct, frozen=True):
    """How a catalog stands before a sync.

    Attributes:
        syncs: how many have committed something.
        is_first: whether none has ended yet.
        is_bare: whether it holds no record and no id either, as one does that begins with an imported ledger.
        is_foremost: whether it holds the newest articles only, and all others are still to be read.
        read_all: whether records are to be read whatever their marks say.
        site_changed: whether other settings hold than before.
        placed_anew: whether they say otherwise than before what is found in which channel.
        is_held: whether something is held.
        kept: for how many seconds tombstones were kept until now; 0 for ever.
        folder: where large files were said to lie; None where that was not said.
        marks: the digest of all marks, where one is noted (`unchanged`).
    """

    syncs: int
    is_first: bool
    is_bare: bool
    is_foremost: bool
    read_all: bool
    site_changed: bool
    placed_anew: bool
    is_held: bool
    kept: int
    folder: str | None
    marks: str | None

    @classmethod
    def of(cls, connection: Connection, site: Site) -> Standing:
        """How it stands for some settings."""
        said = facts.known(connection)
        read_all = said.get(facts.READ_WITH) != _read_with(site)
        is_first = facts.LOADED not in said
        return cls(
            syncs=int(said.get(facts.SYNCS, "0")),
            is_first=is_first,
            is_bare=is_first and not any(map(partial(_holds_any, connection), (record, identity))),
            is_foremost=is_first and facts.FOREMOST in said,
            read_all=read_all,
            placed_anew=said.get(facts.PLACED_WITH) != placed_with(site),
            site_changed=read_all or said.get(facts.SITE) != _settings(site),
            is_held=facts.HELD in said,
            kept=_kept(said.get(facts.SITE)),
            folder=said.get(facts.FOLDER),
            marks=unchanged.noted(said),
        )

    def note(self, connection: Connection, site: Site, *, is_foremost: bool = False) -> None:
        """Notes that a sync with these settings was done.

        Args:
            is_foremost: whether it was one of the newest articles only.
        """
        facts.put(connection, facts.SYNCS, str(self.syncs + 1))
        if self.site_changed:
            facts.put(connection, facts.READ_WITH, _read_with(site))
            facts.put(connection, facts.SITE, _settings(site))
        if self.placed_anew:
            facts.put(connection, facts.PLACED_WITH, placed_with(site))
        if self.is_first:
            facts.put(connection, facts.FOREMOST if is_foremost else facts.LOADED, "yes")
        if self.is_foremost:
            facts.forget(connection, facts.FOREMOST)

    def holds(self, said: Mapping[str, str]) -> bool:
        """Whether no other sync has committed anything since, by all facts of now."""
        return int(said.get(facts.SYNCS, "0")) == self.syncs


def _holds_any(connection: Connection, table: Table) -> bool:
    return connection.execute(select(*table.primary_key.columns).limit(1)).first() is not None


def _settings(site: Site) -> str:
    return msgspec.json.encode(site).decode()


class _Settings(msgspec.Struct):
    """What older settings say of tombstones: those of a version that did not know of it kept them for ever."""

    tombstones: int = 0


def _kept(settings: str | None) -> int:
    try:
        return msgspec.json.decode(settings or "{}", type=_Settings).tombstones * DAY
    except msgspec.DecodeError:  # they are about to be replaced
        return 0


def _read_with(site: Site) -> str:
    """What decides what a record is read as, beside the record."""
    zones = [f"{section.name} {section.zone}" for section in site.sections if section.zone]
    private = [each.name for each in site.channels if each.private]
    return " ".join([__version__, site.zone, *zones, *private])


def latest(connection: Connection) -> int:
    """The number of the latest revision; 0 before the first."""
    return connection.scalar(_LATEST) or 0
