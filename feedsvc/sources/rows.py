"""Rows of a table as records: keys and values in; addresses, and JSON that is always the same, out."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# In characters; a longer key is cut, and its digest stands behind it.
_LONGEST_KEY = 200

_STRING = r"'(?:[^']|'')*'"
_COMMENT = r"--[^\n]*|/\*.*?\*/"
_INNER = re.compile(r"\([^()]*\)")
_NAME = r"(?:\"[^\"]+\"|`[^`]+`|\[[^\]]+\]|\w+)"
_FROM = re.compile(rf"\bfrom\s+(?:{_NAME}\s*\.\s*)*({_NAME})", re.IGNORECASE)


class BinaryError(ValueError):
    """A column holds bytes, which are no text.

    Attributes:
        column: its name.
    """

    def __init__(self, column: str) -> None:
        self.column = column
        super().__init__(column)


def table_of(query: str) -> str:
    """The name of the table that a query reads first, without its schema; `query` where none is seen."""
    bare = re.sub(rf"{_STRING}|{_COMMENT}", "''", query, flags=re.DOTALL)
    while (outer := _INNER.sub("''", bare)) != bare:
        bare = outer
    found = _FROM.search(bare)
    return _quoted(found[1].strip('"`[]')) if found else "query"


def address(table: str, column: str, key: str) -> str:
    """`articles?id=17`: without a dot or a slash, so that it is never a file's.

    Args:
        table: as `table_of` gives it.
        key: empty for all rows that have none.
    """
    if len(key) > _LONGEST_KEY:
        key = f"{key[:_LONGEST_KEY]}~{sha256(_bytes(key)).hexdigest()[:8]}"
    return f"{table}?{_quoted(column)}={_quoted(key)}"


def is_row(address: str) -> bool:
    """Whether an address is that of a row: a file's has an ending."""
    return "." not in address


def key_text(value: Any) -> str:
    """What names a row, as text; empty where nothing does."""
    return "" if value is None or isinstance(value, bytes | memoryview) else str(value).strip()


def body(row: Mapping[Any, Any]) -> bytes:
    """A row as JSON, its columns in the order of their names, without those that hold nothing.

    Text goes as escapes, so that half a pair of surrogates and NUL reach the checks as they would from a file.

    Raises:
        BinaryError: where a column holds bytes.
    """
    plain: dict[str, Any] = {}
    for column, value in row.items():
        if isinstance(value, bytes | bytearray | memoryview):
            raise BinaryError(column)
        if value is not None:
            plain[column] = _plain(value)
    return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    """A value as JSON has it; what JSON has no form for as text."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")  # as forms in browsers send line ends
    if isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value if item is not None]
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items() if item is not None}
    return value.isoformat() if isinstance(value, datetime | date | time) else str(value)


def _quoted(text: str) -> str:
    """Percent-encodes all but letters, digits, `-` and `_`; what people write in other scripts stays readable."""
    return re.sub(r"[^\w-]", _escape, text)


def _escape(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in _bytes(match[0]))


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
