"""What one setting is, and what a group of them is: a class with a line for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping  # noqa: TC003 - at run time too: the catalog holds groups
from typing import Any, ClassVar, NamedTuple

from msgspec import Struct, StructMeta


class Setting(NamedTuple):
    """One line.

    Attributes:
        check: gives the value for what was read; raises ValueError with the problem and the cure, a `|` between them.
        meaning: a few words for the reference.
    """

    default: Any
    check: Callable[[Any], Any]
    meaning: str


def setting(default: Any, check: Callable[[Any], Any], meaning: str) -> Any:
    """What a field of `Settings` is set to, where it is a setting."""
    return Setting(default, check, meaning)


class _Group(StructMeta):
    """Leaves a class the default of each of its settings, and keeps the rest of it beside them."""

    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any], **options: Any) -> type:
        lines = {key: value for key, value in body.items() if isinstance(value, Setting)}
        defaults = {key: line.default for key, line in lines.items()}
        return super().__new__(mcs, name, bases, {**body, **defaults, "lines": lines}, **options)


class Settings(Struct, metaclass=_Group, frozen=True, kw_only=True):
    """A group of them.

    Attributes:
        lines: its settings by their names, in the order of the reference; what else it holds is no setting.
    """

    lines: ClassVar[Mapping[str, Setting]]
