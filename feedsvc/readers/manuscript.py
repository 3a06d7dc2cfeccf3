"""The text of a record: bytes in, characters out, with the line and column of each."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from typing import TYPE_CHECKING

from msgspec import Struct

from feedsvc.errors import Fault, RecordError
from feedsvc.text.xml import are_legal, clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from feedsvc.model import Record

# Measured: half of it renders and is sanitised in 0.2 s, nothing but links in 1.3 s, nothing but `>` in 2.4 s.
LARGEST = 1024 * 1024
"""The most bytes of text of one article; about 160,000 words."""

_WHERE_UTF_16_SHOWS = 64

# In characters: so far into a line a fault shows it, and so much behind its place. A file may be one line of megabytes,
# and have a fault in every thirty characters of it.
_SHOWN = 2000
_SHOWN_BEHIND = 200


class Manuscript(Struct, eq=False):
    """A record's text; its lines end in LF.

    Attributes:
        address: the record's.
        key: the record's; a row has no lines and columns that a person could look at.
        is_legal: whether it is known that no character of the text is one that XML forbids.
    """

    address: str
    text: str
    key: str = ""
    is_legal: bool = False
    _line_starts: Sequence[int] = ()

    def place(self, index: int) -> tuple[int, int]:
        """The line and column of a character, counted from 1."""
        if not self._line_starts:  # most texts are asked for few places, near the top
            return self.text.count("\n", 0, index) + 1, index - self.text.rfind("\n", 0, index)
        line = bisect_right(self._line_starts, index)
        return line, index - self._line_starts[line - 1] + 1

    def fault(self, place: tuple[int, int], problem: str, cure: str) -> Fault:
        """A fault at a line and column, with the line's text as far as it is worth showing; of a row as a whole."""
        if self.key:
            return Fault(self.address, 0, 0, clean(problem), clean(cure))
        line, column = place
        # An escape may have put into a key what no terminal and no catalog takes.
        return Fault(self.address, line, column, clean(problem), clean(cure), self._shown(line, column))

    @property
    def line_starts(self) -> Sequence[int]:
        """The index of each line's first character; found once, however many faults there are."""
        if not self._line_starts:
            self._line_starts = array("L", [0, *(match.end() for match in re.finditer("\n", self.text))])
        return self._line_starts

    def _shown(self, line: int, column: int) -> str:
        starts = self.line_starts
        if line > len(starts) or column > _SHOWN:
            return ""
        start = starts[line - 1]
        end = self.text.find("\n", start, start + column + _SHOWN_BEHIND)
        return self.text[start : end if end >= 0 else start + column + _SHOWN_BEHIND]


def decode(record: Record, *, largest: int = LARGEST) -> Manuscript:
    """Reads UTF-8, with or without a byte order mark, and any line ends.

    Raises:
        RecordError: where it is larger than so many bytes, or at the first byte that is not UTF-8.
    """
    if len(record.body) > largest:
        problem = f"is larger than {largest // 1024} KiB of text"
        raise RecordError(Fault(record.address, 1, 1, problem, "split it into several articles"))
    if record.body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or b"\0" in record.body[:_WHERE_UTF_16_SHOWS]:
        problem = "is not UTF-8: it looks like UTF-16, or is no text at all"
        raise RecordError(Fault(record.address, 1, 1, problem, "save it as UTF-8"))
    try:
        return Manuscript(record.address, _text(record.body), record.key, are_legal(record.body))
    except UnicodeDecodeError as error:
        raise RecordError(_undecoded(record.address, error)) from None


def _undecoded(address: str, error: UnicodeDecodeError) -> Fault:
    before = Manuscript(address, _text(error.object[: error.start]))
    whole = Manuscript(address, _text(error.object, errors="replace"))
    byte = error.object[error.start : error.start + 1]
    guess = byte.decode("cp1252", "replace")
    cure = f"save it as UTF-8; in Windows-1252 it would be {guess}" if guess.isalpha() else "save it as UTF-8"
    return whole.fault(before.place(len(before.text)), f"byte 0x{byte.hex().upper()} is not UTF-8", cure)


def _text(body: bytes, *, errors: str = "strict") -> str:
    # Not by "utf-8-sig", whose decoder is written in Python.
    text = body.decode(errors=errors).removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
