"""What a reader makes of a record: fields that are not checked yet, each with its place, and the source text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedsvc.errors import Fault
    from feedsvc.model import Markup
    from feedsvc.readers.manuscript import Manuscript


class Value(NamedTuple):
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
    def plain(self) -> object:
        """The value without places: text, lists and dicts of it."""
        if isinstance(self.value, tuple):
            return [item.plain for item in self.value]
        if isinstance(self.value, dict):
            return {key: part.plain for key, part in self.value.items()}
        return self.value

    @property
    def is_blank(self) -> bool:
        """Whether it says nothing."""
        return not self.value or (isinstance(self.value, str) and self.value.isspace())


class Raw(NamedTuple):
    """A record that was read, but not checked.

    Attributes:
        manuscript: the whole text.
        fields: by key, in lower case.
        source: the article's own text, with its markup.
        starts_at: the index in the manuscript's text at which it begins.
        markup: what it is written in.
        cures: for `title` and `date`, how this kind of record names them where it does not.
        faults: what the reader refused; the rest was read all the same.
        part: its name among several articles in the record, always the same; empty where it is the only one.
        written: that part of the manuscript; empty for all of it.
        aside: why it is no article; empty where it may be one.
        undated: why it is none where it has no date; empty where that is a fault.
        top: the line and column at which it begins, which are told of what it lacks.
    """

    manuscript: Manuscript
    fields: Mapping[str, Value]
    source: str
    starts_at: int
    markup: Markup
    cures: Mapping[str, str]
    faults: tuple[Fault, ...] = ()
    part: str = ""
    written: str = ""
    aside: str = ""
    undated: str = ""
    top: tuple[int, int] = (1, 1)

    def place(self, index: int) -> tuple[int, int]:
        """The line and column of a character of the source; of its beginning where it is not written as it is read."""
        return self.manuscript.place(self.starts_at + index * self._is_verbatim)

    @property
    def is_legal(self) -> bool:
        """Whether it is known that the source has no character that XML forbids."""
        return self.manuscript.is_legal and self._is_verbatim

    @property
    def _is_verbatim(self) -> bool:
        return self.manuscript.text.startswith(self.source, self.starts_at)
