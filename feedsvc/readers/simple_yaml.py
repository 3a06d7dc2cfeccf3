"""The YAML that nearly all front matter is: its lines in; the same fields as the whole language gives, sooner, out.

Keys at the left with a text, a list in brackets, or a list of lines below. What is not surely that is left to
`yaml_values`; a test holds the two equal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feedsvc.readers.raw import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PLAIN = r"[^\s\[\]{}\"'&*!#|>%@`,?:<=-](?:[^\n]*[^\n ])?"
_SCALAR = rf"(?:\"(?P<double>[^\"\\\n]*)\"|'(?P<single>[^'\n]*)'|(?P<plain>{_PLAIN}))"
_LIST = r"\[(?P<list>[^\[\]{}\"'&*!#:|>%@`\n]*)\]"
_KEY = re.compile(rf"(?P<key>[A-Za-z_][A-Za-z0-9_-]*):(?: +(?:{_LIST}|{_SCALAR}))? *(?:\n|\Z)")
_ITEM = re.compile(rf"(?P<indent> *)- +{_SCALAR} *(?:\n|\Z)")

# A tab, a mark of bytes and the line ends that only YAML knows are read in ways of their own.
_STRANGE = re.compile("[\t\x85\u2028\u2029\ufeff]")
_NOTHING = frozenset({"~", "null", "Null", "NULL"})
_MARKS = ("-", "?", "<", "=")


class _NotSimpleError(Exception):
    """What stands here is for the whole language to read."""


def is_plain(head: str) -> bool:
    """Whether it is of printable ASCII, as most is, and no character of it needs a closer look."""
    return head.isascii() and head.replace("\n", "").isprintable()


def fields(head: str, first_line: int) -> Mapping[str, Value] | None:
    """The fields of simple YAML that begins in a line; None where it is not surely that."""
    try:
        return _fields(head, first_line)
    except _NotSimpleError:
        return None


def _fields(head: str, line: int) -> Mapping[str, Value]:
    if not is_plain(head) and _STRANGE.search(head):
        raise _NotSimpleError
    found: dict[str, Value] = {}
    at = 0
    while at < len(head):
        match = _KEY.match(head, at)
        if not match or (name := match[1].lower()) in found:
            raise _NotSimpleError
        start, at, kind = at, match.end(), match.lastgroup
        if kind == "list":
            column = match.start(2) - start
            found[name] = Value(tuple(_of_list(match[2], line, column + 1)), line, column, line, 1)
        elif kind != "key":
            found[name] = Value(*_scalar(match, line, start), line, 1)
        elif _ITEM.match(head, at):
            items, column, at = _of_lines(head, at, line + 1)
            found[name] = Value(items, line + 1, column, line, 1)
            line += len(items)
        else:
            found[name] = Value("", line, len(match[1]) + 2, line, 1)
        line += 1
    return found


def _scalar(match: re.Match[str], line: int, start: int) -> tuple[str, int, int]:
    """A text with its line and column."""
    group = match.lastgroup or ""
    text = match[group]
    if group != "plain":
        return text, line, match.start(group) - start
    if ": " in text or " #" in text or text.endswith(":"):
        raise _NotSimpleError
    return "" if text in _NOTHING else text, line, match.start(group) - start + 1


def _of_list(text: str, line: int, column: int) -> Iterator[Value]:
    if not text.strip():
        return
    for part in text.split(","):
        word = part.strip(" ")
        if not word or word.startswith(_MARKS):
            raise _NotSimpleError
        at = column + len(part) - len(part.lstrip(" "))
        yield Value("" if word in _NOTHING else word, line, at, line, at)
        column += len(part) + 1


def _of_lines(head: str, at: int, line: int) -> tuple[tuple[Value, ...], int, int]:
    """The items of a list of lines, the column of their dashes, and the index behind them."""
    found: list[Value] = []
    indent: str | None = None
    while match := _ITEM.match(head, at):
        if indent is not None and match["indent"] != indent:
            raise _NotSimpleError
        indent = match["indent"]
        text, _, column = _scalar(match, line, at)
        found.append(Value(text, line, column, line, column))
        at, line = match.end(), line + 1
    return tuple(found), len(indent or "") + 1, at
