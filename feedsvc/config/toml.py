"""A settings file: its path in; its keys, each with its value and where they stand, out."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

from feedsvc.errors import Fault, SettingsError

if TYPE_CHECKING:
    from pathlib import Path

LINES = 'write lines such as: title = "My site"'

# A text of several lines: what looks like a key in it is none.
_LONG = re.compile(r'"""(?:\\.|[^\\])*?"""' + "|'''.*?'''", re.DOTALL)


class Key(NamedTuple):
    """A key of the file's top level.

    Attributes:
        line: of the key, counted from 1; 0 where it is spelled so that it cannot be found.
        column: of the key, counted from 1.
        value_column: of its value, counted from 1; of the key where that is a section's name.
        text: the line.
    """

    name: str
    value: Any
    line: int
    column: int
    value_column: int
    text: str


def keys(path: Path) -> tuple[Key, ...]:
    """The keys of a file, in its order; none where there is no file.

    Raises:
        SettingsError: where it cannot be read, or is not TOML.
    """
    text = ""
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        return tuple(_placed(name, value, text) for name, value in tomllib.loads(text).items())
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


def _placed(name: str, value: Any, text: str) -> Key:
    pattern = re.compile(rf"[ \t]*\[*[ \t]*[\"']?({re.escape(name)})(?![\w-])([\"']?[ \t]*=[ \t]*)?")
    shortened = _LONG.sub(lambda long: "\n" * long[0].count("\n"), text).split("\n")
    for number, line in enumerate(shortened, 1):
        if match := pattern.match(line):
            column = match.start(1) + 1
            return Key(
                name, value, number, column, match.end() + 1 if match[2] else column, text.split("\n")[number - 1]
            )
    return Key(name, value, 0, 0, 0, "")


def _fault(path: Path, message: str, text: str) -> Fault:
    match = re.search(r"^(.*?) \(at (?:line (\d+), column (\d+)|end of document)\)$", message, re.DOTALL)
    if match is None:
        # A number of thousands of digits, or thousands of brackets: the parser does not say where.
        return Fault(str(path), 0, 0, f"cannot be read: {message}", LINES)
    lines = text.split("\n")
    line, column = (int(match[2]), int(match[3])) if match[2] else (len(lines), len(lines[-1]) + 1)
    cure = "give each setting once" if "overwrite" in match[1] else LINES
    return Fault(str(path), line, column, f"is not TOML: {match[1]}", cure, lines[line - 1])
