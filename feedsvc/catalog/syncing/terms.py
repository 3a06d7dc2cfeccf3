"""What a sync is told, and what it tells."""

from __future__ import annotations

import time
from math import inf
from typing import TYPE_CHECKING

from msgspec import Struct, field

from feedsvc.catalog.syncing.places import NOTHING, Touched

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from feedsvc.catalog.syncing.indexing import Words
    from feedsvc.catalog.syncing.undoing import Undone
    from feedsvc.config import Site
    from feedsvc.errors import Fault
    from feedsvc.model import Revision


class Outcome(Struct, frozen=True):
    """What a sync did.

    Attributes:
        revision: what it committed; None where nothing that is published differs.
        faults: what is wrong with records, and was not told before.
        young: addresses of what was too young to be sure of, and is to be looked at again when it has settled.
        restless: addresses of what may be in the middle of being written, and is to be looked at again in a moment.
        held: what is held, for an operator (`hold`); empty where nothing is, None where not everything was looked at.
        touched: the channels that the revision touched.
        undone: what the revision took back, or moved; None for nothing.
        asides: by address of what it read that is no article, why it is none.
        is_resettled: whether other settings held before.
        turn: when time next changes something in a channel that the revision touched, in seconds since the epoch;
            infinity where that is not known.
        is_foremost: whether the newest articles only were read, and all others are still to be.
        is_indexed: whether it is known that the words of all public articles are in their index.
    """

    revision: Revision | None = None
    faults: tuple[Fault, ...] = ()
    young: tuple[str, ...] = ()
    restless: tuple[str, ...] = ()
    held: str | None = None
    touched: Touched = NOTHING
    asides: Mapping[str, str] = field(default_factory=dict)
    undone: Undone | None = None
    is_resettled: bool = False
    turn: float = inf
    is_foremost: bool = False
    is_indexed: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether nothing is to be looked at again soon."""
        return not (self.young or self.restless)


class Terms(Struct, frozen=True):
    """On which terms a sync is done.

    Attributes:
        site: complete settings; others than before touch every channel.
        clock: seconds since the epoch, such as `Catalog.now`.
        confirm: whether what is held for its number is taken back now (`hold`).
        patience: what is written in place is read when it has been left alone for so many seconds; and what is younger
            than five times that and cannot be read is left for another time.
        sleep: waits for so many seconds.
        words: of an article those that it is found by; None where a sync is to leave them to `indexing.fill`.
        absent: what was not there when it was looked for last, and since when; whoever looks again hands it on,
        new: and what was there for the first time, and is not committed.
    """

    site: Site
    clock: Callable[[], float]
    confirm: bool = False
    patience: float = 0.0
    sleep: Callable[[float], object] = time.sleep
    words: Words | None = None
    absent: dict[str, float] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)
