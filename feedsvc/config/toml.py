"""A settings file: its path in; its keys, each with its value and where they stand, out."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

from feedsvc.config import channels, pairs
from feedsvc.config.sections import TABLE, tables
from feedsvc.errors import Fault, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

LINES = 'write lines such as: title = "My site"'

# What looks like a key in a text or a comment is none.
_ASIDE = re.compile(
    r'"{3}(?:\\.|[^\\])*?(?:"{3}|\Z)'
    r"|'{3}.*?(?:'{3}|\Z)"
    r'|"(?:\\[^\n]|[^"\\\n])*+"?'
    r"|'[^'\n]*+'?|#[^\n]*+",
    re.DOTALL,
)
_LONG = ('"""', "'''")

_PART = re.compile(r"[A-Za-z0-9_-]+|\"(?:\\.|[^\"\\])*\"|'[^']*'")
_PATH = rf"(?:{_PART.pattern})(?:[ \t]*\.[ \t]*(?:{_PART.pattern}))*"
_LINE = re.compile(rf"[ \t]*(?P<brackets>\[?\[[ \t]*)?(?P<path>{_PATH})(?P<equals>[ \t]*=[ \t]*)?")


class Place(NamedTuple):
    """Where a key stands: its line and column, counted from 1, and its value's column; a table's is its own."""

    line: int
    column: int
    value_column: int


class Key(NamedTuple):
    """A key of the file's top level, of a section, or of a table of pairs.

    Attributes:
        path: the tables that it stands in, and its own name.
        line: of the key, counted from 1; 0 where it is spelled so that it cannot be found.
        column: of the key, counted from 1.
        value_column: of its value, counted from 1; of the key where that is a section's name.
        text: the line.
    """

    path: tuple[str, ...]
    value: Any
    line: int
    column: int
    value_column: int
    text: str

    @property
    def name(self) -> str:
        """Its path as it is shown."""
        return ".".join(self.path)


def keys(path: Path) -> tuple[Key, ...]:
    """The keys of a file, in its order, those of its sections by their whole paths; none where there is no file.

    Raises:
        SettingsError: where it cannot be read, or is not TOML.
    """
    text = ""
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        found, lines = places(text), text.split("\n")
        return tuple(_placed(path, value, found, lines) for path, value in _leaves(tomllib.loads(text)))
    except FileNotFoundError:
        return ()
    except OSError as error:
        fault = Fault(str(path), 0, 0, f"cannot be read: {error.strerror}", "let it be read, or remove it")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        fault = Fault(str(path), 0, 0, f"byte {error.start} (in line {line}) is not UTF-8", "save it as UTF-8")
    except (ValueError, RecursionError) as error:
        fault = _fault(path, str(error), text)
    raise SettingsError(fault)


def _leaves(table: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in table.items():
        if name in {TABLE, channels.TABLE} and isinstance(value, dict):
            for path, given in tables(value):
                yield from (((name, *path, key), each) for key, each in given.items())
        elif name in pairs.KINDS and isinstance(value, dict) and value:
            yield from (((name, key), each) for key, each in value.items())
        else:
            yield (name,), value


def _placed(path: tuple[str, ...], value: Any, found: Mapping[tuple[str, ...], Place], lines: Sequence[str]) -> Key:
    if path not in found:
        return Key(path, value, 0, 0, 0, "")
    place = found[path]
    return Key(path, value, *place, lines[place.line - 1])


def places(text: str) -> Mapping[tuple[str, ...], Place]:
    """Where the keys and tables of TOML stand, by their whole path; the first place of those that stand in several.

    The parser of the standard library does not tell. What stands within an inline table has no place of its own.
    """
    found: dict[tuple[str, ...], Place] = {}
    table: tuple[str, ...] = ()
    shortened = _ASIDE.sub(lambda aside: _lines(aside) if aside[0].startswith(_LONG) else aside[0], text)
    for number, line in enumerate(shortened.split("\n"), 1):
        match = _LINE.match(line)
        if not match:
            continue
        path = tuple(part.strip("\"'") for part in _PART.findall(match["path"]))
        column = match.start("path") + 1 + match["path"].startswith(("'", '"'))
        if match["brackets"]:
            table = whole = path
        elif match["equals"]:
            whole = (*table, *path)
            found.setdefault(whole, Place(number, column, match.end() + 1))
        else:
            continue
        for length in range(len(whole), 0, -1):
            found.setdefault(whole[:length], Place(number, column, column))
    return found


def bare(text: str) -> str:
    """TOML without its texts and comments, in as many lines."""
    return _ASIDE.sub(_lines, text)


def _lines(aside: re.Match[str]) -> str:
    return "\n" * aside[0].count("\n")


def _fault(path: Path, message: str, text: str) -> Fault:
    match = re.search(r"^(.*?) \(at (?:line (\d+), column (\d+)|end of document)\)$", message, re.DOTALL)
    if match is None:
        # A number of thousands of digits, or thousands of brackets: the parser does not say where.
        return Fault(str(path), 0, 0, f"cannot be read: {message}", LINES)
    lines = text.split("\n")
    line, column = (int(match[2]), int(match[3])) if match[2] else (len(lines), len(lines[-1]) + 1)
    cure = "give each setting once" if "overwrite" in match[1] else LINES
    return Fault(str(path), line, column, f"is not TOML: {match[1]}", cure, lines[line - 1])
