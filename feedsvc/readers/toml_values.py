"""TOML in a text: its lines in; its keys and values, each with its place, out. All values are text, as in YAML."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from feedsvc.config.toml import places
from feedsvc.errors import RecordError
from feedsvc.readers.raw import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedsvc.config.toml import Place
    from feedsvc.readers.manuscript import Manuscript

_WHERE = re.compile(r"(.*?) \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)", re.DOTALL)
_CURE = 'write lines such as title = "My title", with texts in quotes'
_UNCLOSED = "close the list, table or text that is open here"


def fields(head: str, manuscript: Manuscript, first_line: int) -> Mapping[str, Value]:
    """The keys of TOML that begins in a line of a manuscript, by their names in lower case.

    Raises:
        RecordError: where it is no TOML.
    """
    try:
        found = tomllib.loads(head)
    except (ValueError, RecursionError) as error:
        problem, cure, line, column = _wrong(str(error), head)
        place = (line - 1 + first_line, column)
        raise RecordError(manuscript.fault(place, f"front matter is not TOML: {problem}", cure)) from None
    return _Placer(places(head), first_line).table(found, ())


class _Placer:
    """Gives each value its place."""

    def __init__(self, found: Mapping[tuple[str, ...], Place], first_line: int) -> None:
        self._places = found
        self._shift = first_line - 1

    def table(self, table: Mapping[str, Any], path: tuple[str, ...]) -> Mapping[str, Value]:
        return {key.strip().lower(): self._value(value, (*path, key)) for key, value in table.items()}

    def _value(self, value: Any, path: tuple[str, ...]) -> Value:
        made: str | tuple[Value, ...] | Mapping[str, Value]
        if isinstance(value, dict):
            made = self.table(value, path)
        elif isinstance(value, list):
            made = tuple(self._value(item, path) for item in value)
        else:
            made = _text(value)
        return Value(made, *self._place(path))

    def _place(self, path: tuple[str, ...]) -> tuple[int, int, int, int]:
        """Of the longest part of the path that has a place: what stands in an inline table has its table's."""
        while path and path not in self._places:
            path = path[:-1]
        line, column, value_column = self._places.get(path, (1, 1, 1))
        return line + self._shift, value_column, line + self._shift, column


def _wrong(said: str, head: str) -> tuple[str, str, int, int]:
    """The problem, its cure, and its line and column, from what the parser says; 1 is the first."""
    match = _WHERE.match(said)
    if match is None:
        return "it is too deep, or a number is too long", _CURE, 1, 1
    if match[2]:
        return match[1], _CURE, int(match[2]), int(match[3])
    last = head.rstrip()
    return match[1], _UNCLOSED, last.count("\n") + 1, len(last) - last.rfind("\n")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime | date | time) else str(value)
