"""Which second a revision gets. The clock and the seconds already taken in; an instant, or a time to wait for, out.

Three rules keep `Last-Modified` an advancing date, one second being all that HTTP can tell apart:

R1. A revision's instant is later than the Last-Modified of every channel it touches, and not later than the clock: when
    the second is taken, the revision waits for the next one.
R2. Where the clock went back by more than `PATIENCE` seconds it does not wait, but takes the next second.
R3. (In `web`: an answer never gives a date that its reader has already, with other bytes.)
"""

from __future__ import annotations

from feedsvc.errors import FeedsvcError

PATIENCE = 2


class SecondTaken(FeedsvcError):  # noqa: N818 - a reason to wait, not a failure
    """No revision can be committed before an instant.

    Attributes:
        until: that instant, in seconds since the epoch.
    """

    def __init__(self, until: int) -> None:
        self.until = until
        super().__init__(f"the next revision can be committed at {until}")


def instant(now: int, taken: int) -> int:
    """The instant of a revision.

    Args:
        now: the clock's whole seconds since the epoch.
        taken: the latest Last-Modified of the channels it touches.

    Raises:
        SecondTaken: where it has to wait.
    """
    if now > taken:
        return now
    if taken - now > PATIENCE:
        return taken + 1
    raise SecondTaken(taken + 1)
