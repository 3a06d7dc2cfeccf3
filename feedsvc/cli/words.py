"""What the command line says: outcomes and errors in; lines of text out."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import click
from msgspec.structs import replace

from feedsvc.errors import CatalogBusy, FaultError, FeedsvcError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from feedsvc.catalog.syncing import Outcome
    from feedsvc.errors import Fault


Result = TypeVar("Result")

# So many names are told of one thing.
_NAMED = 10


def report(news: Outcome | FeedsvcError, folder: Path) -> None:
    """Says on standard error what a sync did, or what keeps it from its work."""
    if isinstance(news, FeedsvcError):
        say(told(news))
        return
    for line in lines(news.faults, folder):
        say(line)
    if news.held:
        say(f"feedsvc: {news.held}")
    if news.revision is not None:
        gone = listed(news.undone.pages) if news.undone is not None else ""
        more = f"; taken back or moved: {gone}" if gone else ""
        if news.is_foremost:
            more = "; the newest articles only, all others are read now"
        say(f"revision {news.revision.number} at {news.revision.at:%H:%M:%S} UTC{more}")


def say(line: str) -> None:
    """Says something on standard error, if anybody is there: whoever took it may have gone, and all else goes on."""
    with suppress(OSError):
        click.echo(line, err=True)


def lines(faults: Iterable[Fault], folder: Path) -> Iterator[str]:
    """Each fault, with the path of its file as the caller can open it."""
    return (str(replace(fault, address=place(fault.address, folder))) for fault in sorted(faults))


def place(address: str, folder: Path) -> str:
    """The path of a file as the caller can open it; a row as it is."""
    from feedsvc.sources import is_row  # noqa: PLC0415 - who only serves needs nothing of sources

    return address if is_row(address) else str(folder / address)


def told(error: Exception) -> str:
    """An error in words."""
    if isinstance(error, FaultError):
        return str(error)
    if isinstance(error, FeedsvcError):
        return f"feedsvc: {error}"
    return f"feedsvc: a mistake in the program: {error!r} (please report what `feedsvc --debug …` shows)"


def in_turn(work: Callable[[], Result]) -> Result:
    """Does a work once no other process is writing to the catalog; says on standard error that it waits."""
    is_said = False
    while True:
        try:
            return work()
        except CatalogBusy as busy:
            if not is_said:
                click.echo(told(busy), err=True)
            is_said = True


def listed(names: Sequence[str]) -> str:
    """The first of some names, and how many there are besides; empty for none."""
    more = f", and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def counted(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
