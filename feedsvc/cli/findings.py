"""What `check` found: faults and what was left out in; lines for a person or for a machine out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import click
import msgspec
from msgspec import Struct

from feedsvc.cli import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from feedsvc.errors import Fault


class Findings(Struct, frozen=True):
    """What was found in a folder.

    Attributes:
        faults: in the order of their places, with the addresses of their files below the folder.
        asides: by address of what is no article, why it is none.
        articles: how many would be published.
    """

    folder: Path
    faults: tuple[Fault, ...]
    asides: Mapping[str, str]
    articles: int

    @property
    def errors(self) -> int:
        """How many of the faults keep an article from being published as it stands."""
        return sum(not fault.is_warning for fault in self.faults)

    def path(self, address: str) -> str:
        """The path of a file as the caller can open it; a row as it is."""
        return words.place(address, self.folder)


def elsewhere(found: Iterable[Fault], told: Iterable[Fault]) -> Iterator[Fault]:
    """The faults at places of which nothing is told yet."""
    places = {(fault.address, fault.line) for fault in told}
    return (fault for fault in found if (fault.address, fault.line) not in places)


def text(found: Findings) -> Iterator[str]:
    """For a person: each fault with its line, what was left out by its reason, and how many there are."""
    yield from words.lines(found.faults, found.folder)
    by_reason: defaultdict[str, list[str]] = defaultdict(list)
    for address, reason in sorted(found.asides.items()):
        by_reason[reason].append(address)
    for reason, addresses in sorted(by_reason.items()):
        yield f"left out, {reason}: {words.listed([*map(found.path, addresses)])}"
    if found.faults or found.asides:
        yield ""
    yield _counts(found)


def json(found: Findings) -> Iterator[str]:
    """For a program: one object."""
    findings = [described(fault, found.path(fault.address)) for fault in found.faults]
    left_out = [{"file": found.path(address), "reason": reason} for address, reason in sorted(found.asides.items())]
    whole: dict[str, Any] = {"findings": findings, "left_out": left_out, "articles": found.articles}
    yield msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()


def described(fault: Fault, path: str) -> dict[str, Any]:
    """A fault for a program, at the path of its file as the caller can open it."""
    return {
        "file": path,
        "line": fault.line,
        "column": fault.column,
        "severity": _severity(fault),
        "problem": fault.problem,
        "cure": fault.cure,
        "text": fault.text,
    }


def github(found: Findings) -> Iterator[str]:
    """For GitHub's runner, which shows each fault beside its line (workflow commands).

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    for fault in found.faults:
        place = {"file": found.path(fault.address), "line": fault.line, "col": fault.column}
        properties = ",".join(f"{name}={_property(str(value))}" for name, value in place.items() if value)
        yield f"::{_severity(fault)} {properties}::{_data(f'{fault.problem} ({fault.cure})')}"
    yield _counts(found)


FORMATS: Mapping[str, Callable[[Findings], Iterator[str]]] = {"text": text, "json": json, "github": github}


def show(found: Findings, written: str) -> None:
    """Prints what was found."""
    for line in FORMATS[written](found):
        click.echo(line)


def _counts(found: Findings) -> str:
    warnings = len(found.faults) - found.errors
    files = words.counted(len({fault.address for fault in found.faults}), "file")
    faults = [
        words.counted(number, noun) for number, noun in ((found.errors, "error"), (warnings, "warning")) if number
    ]
    said = f"{' and '.join(faults)} in {files}" if faults else "no errors"
    left_out = f"; {words.counted(len(found.asides), 'file')} left out" if found.asides else ""
    return f"{words.counted(found.articles, 'article')}, {said}{left_out}"


def _severity(fault: Fault) -> str:
    return "warning" if fault.is_warning else "error"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
