"""JSON in a text: a manuscript and an index in; the value that stands there, with the place of every part, out.

The library's parser gives no places; its scanner of strings is used here.
"""

from __future__ import annotations

import re
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined] # the public name of the one written in C
from typing import TYPE_CHECKING, NoReturn

from feedsvc.errors import RecordError
from feedsvc.readers.raw import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedsvc.readers.manuscript import Manuscript

DEEPEST = 50
"""The most lists and objects within each other."""

MOST = 500_000
"""The most values in a file: a list of nothing but numbers takes a hundred times the memory of its text."""

_SPACE = re.compile(r"[ \t\n\r]*+")
_SCALAR = re.compile(r"true|false|null|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")
_TOO_DEEP = f"lists and objects are more than {DEEPEST} deep"


class JsonReader:
    """Reads values of one manuscript.

    Args:
        manuscript: errors name its lines.
    """

    def __init__(self, manuscript: Manuscript) -> None:
        self._manuscript = manuscript
        self._text = manuscript.text
        manuscript.line_starts  # noqa: B018 - found now, every place is found fast
        self._values = 0

    def read(self, start: int) -> tuple[Value, int]:
        """The value at an index, and the index behind it. Numbers are text as written; null is nothing.

        Raises:
            RecordError: where there is none, or one that is not JSON (RFC 8259), names a key twice or is too deep.
        """
        start = self.behind_space(start)
        return self._value(start, self._manuscript.place(start), depth=1)

    def behind_space(self, index: int) -> int:
        """The index of the next character that is no white space."""
        match = _SPACE.match(self._text, index)
        return match.end() if match else index

    def refuse(self, index: int, problem: str, cure: str) -> NoReturn:
        """Raises what is wrong at an index.

        Raises:
            RecordError: always.
        """
        raise RecordError(self._manuscript.fault(self._manuscript.place(index), problem, cure))

    def index(self, place: tuple[int, int]) -> int:
        """The index of a line and column."""
        line, column = place
        return self._manuscript.line_starts[line - 1] + column - 1

    def _value(self, start: int, key: tuple[int, int], *, depth: int) -> tuple[Value, int]:
        opening = self._text[start : start + 1]
        if depth > DEEPEST and opening in {"[", "{"}:
            self.refuse(start, _TOO_DEEP, "write them flat")
        self._values += 1
        if self._values > MOST:
            self.refuse(start, f"holds more than {MOST:,} values", "split it into several files")
        found: str | tuple[Value, ...] | Mapping[str, Value] | None
        if opening == '"':
            found, end = self._string(start)
        elif opening == "{":
            found, end = self._object(start, depth)
        elif opening == "[":
            found, end = self._list(start, depth)
        elif match := _SCALAR.match(self._text, start):
            found, end = "" if match[0] == "null" else match[0], match.end()
        else:
            self.refuse(start, "is not JSON: no value stands here", 'write a text in double quotes, such as "My title"')
        return Value(found, *self._manuscript.place(start), *key), end

    def _string(self, start: int) -> tuple[str, int]:
        try:
            found, end = scanstring(self._text, start + 1, False)
        except JSONDecodeError as error:
            self.refuse(error.pos, f"is not JSON: {error.msg.lower()}", 'close the text with ", and write \\ as \\\\')
        return str(found), int(end)

    def _list(self, start: int, depth: int) -> tuple[tuple[Value, ...], int]:
        found: list[Value] = []
        at = self.behind_space(start + 1)
        if self._text.startswith("]", at):
            return (), at + 1
        while True:
            value, at = self._value(at, self._manuscript.place(at), depth=depth + 1)
            found.append(value)
            at = self.behind_space(at)
            if self._text.startswith("]", at):
                return tuple(found), at + 1
            at = self._behind(",", at, "write a comma between two values, and ] behind the last one")

    def _object(self, start: int, depth: int) -> tuple[Mapping[str, Value], int]:
        found: dict[str, Value] = {}
        at = self.behind_space(start + 1)
        if self._text.startswith("}", at):
            return found, at + 1
        while True:
            if not self._text.startswith('"', at):
                self.refuse(at, "is not JSON: no key stands here", "write it in double quotes; no comma before }")
            key_at = at
            key, at = self._string(at)
            at = self._behind(":", self.behind_space(at), "write a colon behind the key")
            value, at = self._value(at, self._manuscript.place(key_at), depth=depth + 1)
            if found.setdefault(name := key.strip().lower(), value) is not value:
                self.refuse(key_at, f"{name} stands twice", f"keep one; the first is in line {found[name].key_line}")
            at = self.behind_space(at)
            if self._text.startswith("}", at):
                return found, at + 1
            at = self._behind(",", at, "write a comma between two lines, and } behind the last one")

    def _behind(self, mark: str, at: int, cure: str) -> int:
        if not self._text.startswith(mark, at):
            self.refuse(at, f"is not JSON: {mark} is missing", cure)
        return self.behind_space(at + 1)
