"""What a reader makes of a record: fields that are not checked yet, each with its place, and the source text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedsvc.errors import Fault
    from feedsvc.model import Markup
    from feedsvc.readers.manuscript import Manuscript


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it is written, and where it and its key stand; lines and columns are counted from 1.

    Attributes:
        value: text, a list or a map of values; None where the reader refused it, and says so among the faults.
    """

    value: str | tuple[Value, ...] | Mapping[str, Value] | None
    line: int
    column: int
    key_line: int
    key_column: int

    @property
    def is_blank(self) -> bool:
        """Whether it says nothing."""
        return not self.value or (isinstance(self.value, str) and self.value.isspace())


@dataclass(frozen=True, slots=True)
class Raw:
    """A record that was read, but not checked.

    Attributes:
        manuscript: the whole text.
        fields: by key, in lower case.
        start: the index in the manuscript's text at which the article's own text begins,
        end: and at which it ends.
        markup: what that text is written in.
        faults: what the reader refused; the rest was read all the same.
        cures: for `title` and `date`, how this kind of record names them where it does not.
    """

    manuscript: Manuscript
    fields: Mapping[str, Value]
    start: int
    end: int
    markup: Markup
    cures: Mapping[str, str]
    faults: tuple[Fault, ...] = ()

    @property
    def source(self) -> str:
        """The article's own text, with its markup."""
        return self.manuscript.text[self.start : self.end]
