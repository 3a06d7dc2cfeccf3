"""What a catalog holds and what is wrong with it in; lines for a person or for a machine out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from feedsvc.cli import words
from feedsvc.cli.findings import described
from feedsvc.text.dates import rfc3339

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from feedsvc.catalog.upkeep import Finding, Report

_WIDTH = len("revisions") + 3


def text(found: Report) -> Iterator[str]:
    """For a person."""
    size = f", {found.size:,} bytes" if found.size is not None else ""
    yield from _lines("catalog", [f"{found.place}{size}, schema {found.schema}"])
    yield from _lines("folder", [found.folder or "none was read yet"])
    yield from _lines("site", [found.base_url] if found.base_url else ["nothing is published until a sync has ended"])
    counted = ", ".join(f"{count:,} {state}" for state, count in found.articles.items())
    is_begun = found.base_url and not found.is_loaded
    yield from _lines(
        "articles", [f"{counted}; the newest only, all others are still to be read" if is_begun else counted]
    )
    yield from _lines("tags", [f"{found.tags:,}"])
    yield from _lines("media", [f"{words.counted(found.media[0], 'file')}, {found.media[1]:,} bytes"])
    if any(found.tokens):
        yield from _lines("tokens", ["{:,} living, {:,} revoked".format(*found.tokens)])
    yield from _lines("revisions", [f"{each.number} at {rfc3339(each.at)}" for each in found.revisions])
    yield from _lines("next", [f"{rfc3339(due.at)} {due.what}: {due.address} ({due.title})" for due in found.due])
    if found.trouble is not None:
        yield from _lines("trouble", [f"{found.trouble[0]} (since {rfc3339(found.trouble[1])})"])
    yield from _lines("rejected", [words.counted(len(found.faults), "finding")] if found.faults else ["nothing"])
    yield from words.lines(found.faults, Path(found.folder))


def json(found: Report) -> Iterator[str]:
    """For a program: one object; instants as RFC 3339."""
    trouble = found.trouble and {"what": found.trouble[0], "since": found.trouble[1]}
    yield _object(
        {
            "catalog": found.place,
            "schema": found.schema,
            "bytes": found.size,
            "folder": found.folder,
            "base_url": found.base_url,
            "is_loaded": found.is_loaded,
            "articles": found.articles,
            "tags": found.tags,
            "media": {"files": found.media[0], "bytes": found.media[1]},
            "tokens": {"living": found.tokens[0], "revoked": found.tokens[1]},
            "revisions": found.revisions,
            "next": [{"at": d.at, "what": d.what, "file": d.address, "title": d.title} for d in found.due],
            "trouble": trouble,
            "rejected": [described(fault, str(Path(found.folder) / fault.address)) for fault in found.faults],
        }
    )


def findings_text(found: Sequence[Finding]) -> Iterator[str]:
    """For a person: each finding with its cure, and how many there are."""
    for each in found:
        yield f"{each.problem} ({each.cure})"
    yield words.counted(len(found), "finding") if found else "the catalog is whole"


def findings_json(found: Sequence[Finding]) -> Iterator[str]:
    """For a program: one object."""
    yield _object({"findings": found})


FORMATS: Mapping[str, Callable[[Report], Iterator[str]]] = {"text": text, "json": json}
FINDINGS: Mapping[str, Callable[[Sequence[Finding]], Iterator[str]]] = {"text": findings_text, "json": findings_json}


def _lines(name: str, values: Sequence[str]) -> Iterator[str]:
    for number, value in enumerate(values):
        yield f"{'' if number else name:<{_WIDTH}}{value}"


def _object(values: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(values), indent=2).decode()
