"""Every error that feedsvc raises on purpose.

FeedsvcError
├── FaultError        faults in what a person wrote, each with its place and its cure
│   ├── RecordError   in one article record
│   ├── LedgerError   in a file that a ledger was exported to
│   └── SettingsError in feedsvc.toml, an environment variable or a flag
├── SourceError       the place where records come from cannot be read at all
├── CatalogError      the catalog cannot be opened, read or written
│   └── CatalogBusy   now, for another process is writing to it
├── FilterError       the query of an address was meant as a filter, and is none
└── Unpublished       nothing is published at an address
    ├── NotFound      and never was
    ├── Gone          any more
    ├── Moved         here, but at another address
    └── NotReady      yet: the first sync has not ended
        └── Crowded   too many others wait for what has to be made first
"""

from __future__ import annotations

from msgspec import Struct


class FeedsvcError(Exception):
    """The root: its text says what, where and what to do."""


class Fault(Struct, frozen=True, order=True):
    """One thing wrong at one place of a text that a person wrote.

    Attributes:
        address: the file, as the person knows it.
        line: counted from 1; 0 where the whole file is meant.
        column: counted from 1, in characters.
        problem: what is wrong.
        cure: what to write instead.
        text: the line itself, without its end; empty where there is none to show.
        is_warning: whether the article is published all the same, without what is at fault.
    """

    address: str
    line: int
    column: int
    problem: str
    cure: str
    text: str = ""
    is_warning: bool = False

    def __str__(self) -> str:
        """`path:line:col: what is wrong (what to write instead)`, then the line with a caret below."""
        place = f"{self.address}:{self.line}:{self.column}" if self.line else self.address
        message = f"{place}: {'warning: ' if self.is_warning else ''}{self.problem} ({self.cure})"
        return f"{message}\n{self._excerpt()}" if self.text else message

    def _excerpt(self) -> str:
        # A window of the line, so that a megabyte on one line shows as one screen line.
        start = max(0, self.column - 60)
        window = self.text[start : start + 100].replace("\t", " ")
        shown = "".join(c if c.isprintable() else "�" for c in window)
        return f"    {shown}\n    {' ' * (self.column - 1 - start)}^"


class FaultError(FeedsvcError):
    """What a person wrote cannot be used.

    Attributes:
        faults: all that was found, in the order of their places; never empty.
    """

    def __init__(self, *faults: Fault) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(map(str, self.faults)))


class RecordError(FaultError):
    """One article record cannot be published; all others are."""


class LedgerError(FaultError):
    """A file cannot be imported as a ledger; nothing of it was."""


class SettingsError(FaultError):
    """The settings cannot be used."""


class SourceError(FeedsvcError):
    """The place where records come from cannot be read; what is published stays published."""


class CatalogError(FeedsvcError):
    """The catalog cannot be opened, read or written."""


class CatalogBusy(CatalogError):  # noqa: N818 - a reason to wait, not a failure
    """Another process is writing to the catalog, and has been for longer than this one waits at a time."""


class FilterError(FeedsvcError):
    """The query of an address was meant as a filter, and is none: its text, for who wrote it, says what to write."""


class SearchError(FilterError):
    """What somebody searches for is more than a search takes; its words are for who asked."""


class Unpublished(FeedsvcError):  # noqa: N818 - an answer, not a failure
    """Nothing is published at an address."""


class NotFound(Unpublished):
    """Nothing is published at this address, and as far as the ledger remembers nothing ever was."""


class Gone(Unpublished):
    """What was published at this address was withdrawn or removed.

    Attributes:
        instead: a media type and the bytes that are told instead of a page; None for a page.
        reason: why, in a line of its publisher's; None where he does not say.
    """

    def __init__(self, message: str, *, instead: tuple[str, bytes] | None = None, reason: str | None = None) -> None:
        self.instead = instead
        self.reason = reason
        super().__init__(message)


class Moved(Unpublished):
    """What is asked for is published at another address.

    Attributes:
        location: the absolute URL of that address.
    """

    def __init__(self, location: str) -> None:
        self.location = location
        super().__init__(f"moved to {location}")


class NotReady(Unpublished):
    """The first sync of an empty catalog has not ended: what is asked for cannot be made yet, or not as a whole."""

    def __init__(self, message: str = "the articles are being read for the first time (ask again in a moment)") -> None:
        super().__init__(message)


class Crowded(NotReady):
    """Too many others wait for documents of the same kind, which are made one after the other."""
