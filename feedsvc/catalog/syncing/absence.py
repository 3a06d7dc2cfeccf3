"""What is gone for a moment only: where a source differs in; what is gone for good out, or for how long to wait.

Many a program saves by removing and writing. What is gone must still be gone a moment later, and is then looked at
together with all that came meanwhile: it may stand elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from feedsvc.errors import FeedsvcError

if TYPE_CHECKING:
    from collections.abc import Collection

    from feedsvc.catalog.syncing.difference import Difference
    from feedsvc.catalog.syncing.terms import Terms

# So many seconds later a record must still be gone before its article is taken back.
ABSENCE = 0.5
# For so long it is held possible that what is still being written somewhere is what is gone.
LONGEST = 10.0


class Absent(FeedsvcError):  # noqa: N818 - a reason to wait, not a failure
    """Records are gone that were there a moment ago.

    Attributes:
        places: their addresses.
        wait: in so many seconds everything is to be looked at again.
    """

    def __init__(self, places: Collection[str], wait: float) -> None:
        self.places = frozenset(places)
        self.wait = wait
        super().__init__(f"{min(places)} is gone, and may be there again in {wait:g} seconds")


def without_absent(differs: Difference, places: Collection[str] | None, terms: Terms) -> Difference:
    """The difference without what has not been gone for long; that is to be looked at again in a moment.

    Raises:
        Absent: where there is nothing else that is gone.
    """
    now = terms.clock()
    new = {seen.address for seen in differs.changed if not seen.is_known} | differs.arriving
    if not terms.new <= new:
        terms.absent.clear()  # what was new is gone too: it may have been moved on
    terms.new.clear()
    terms.new.update(new)
    left = [address for address in differs.gone if address not in differs.moved]
    since = {address: min(terms.absent.get(address, now), now) for address in left}
    for address in list(terms.absent) if places is None else [*places, *differs.moved]:
        terms.absent.pop(address, None)
    terms.absent.update(since)
    waiting = {address for address in left if now - since[address] < ABSENCE}
    if waiting and len(waiting) == len(left):
        raise Absent(waiting, max(since[address] for address in waiting) + ABSENCE - now)
    if differs.arriving:
        waiting = {address for address in left if now - since[address] < LONGEST}
    gone = [address for address in differs.gone if address not in waiting]
    return replace(differs, gone=gone, restless=[*differs.restless, *waiting])
