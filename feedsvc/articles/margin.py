"""Where faults are noted beside a record while it is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from feedsvc.config.channels import ChannelSettings
    from feedsvc.errors import Fault
    from feedsvc.readers import Raw, Value

T = TypeVar("T")


class UnusedError(ValueError):
    """A value that another tool keeps under a key, and that says nothing here; nobody is told of it."""


class Margin(Struct):
    """A record that was read, and what its checks have found so far.

    Attributes:
        zone: of dates that name none.
        channels: those of the settings.
        key: under which the value that is being checked stands.
        is_vital: whether what is wrong now keeps the article from being published; else it is a warning.
    """

    raw: Raw
    zone: ZoneInfo
    channels: tuple[ChannelSettings, ...] = ()
    key: str = ""
    is_vital: bool = True
    faults: list[Fault] = field(default_factory=list)

    def attempt(self, name: str, value: Value, check: Callable[[Value, Margin], T]) -> T | None:
        """What the check makes of the value; None, and a fault, where it raises `ValueError("problem|cure")`."""
        try:
            return check(value, self)
        except UnusedError:
            return None
        except ValueError as error:
            problem, _, cure = str(error).partition("|")
            self.note((value.line, value.column), f"{name}: {problem}", cure)
            return None

    def note(self, place: tuple[int, int], problem: str, cure: str) -> None:
        """Notes a fault at a line and column."""
        self.faults.append(replace(self.raw.manuscript.fault(place, problem, cure), is_warning=not self.is_vital))
