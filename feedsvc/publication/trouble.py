"""What does not work now, as a frozen value."""

from __future__ import annotations

from msgspec import Struct


class Trouble(Struct, frozen=True):
    """Something that does not work now.

    Attributes:
        what: for an operator.
        since: seconds since the epoch.
    """

    what: str
    since: float
