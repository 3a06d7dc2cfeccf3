"""Where faults are noted beside a record while it is checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from feedsvc.errors import Fault
    from feedsvc.readers import Raw, Value

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Margin:
    """A record that was read, and what its checks have found so far.

    Attributes:
        zone: of dates that name none.
    """

    raw: Raw
    zone: ZoneInfo
    faults: list[Fault] = field(default_factory=list)

    def attempt(self, name: str, value: Value, check: Callable[[Value, Margin], T]) -> T | None:
        """What the check makes of the value; None, and a fault, where it raises `ValueError("problem|cure")`."""
        try:
            return check(value, self)
        except ValueError as error:
            problem, _, cure = str(error).partition("|")
            self.note((value.line, value.column), f"{name}: {problem}", cure)
            return None

    def note(self, place: tuple[int, int], problem: str, cure: str) -> None:
        """Notes a fault at a line and column."""
        self.faults.append(self.raw.manuscript.fault(place, problem, cure))
