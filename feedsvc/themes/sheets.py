"""Style sheets of a theme: text in; the same with the addresses of its files, and what they refer to in vain, out."""

from __future__ import annotations

import re
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote

from feedsvc.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

# A comment, a text, or what `url()` names (CSS Syntax 3 §4.3.6); texts count where `@import` stands before them.
_FOUND = re.compile(
    r"/\*.*?(?:\*/|\Z)"
    r"|(?P<head>url\(\s*|@import\s+)(?P<quote>[\"'])(?P<quoted>[^\"'\n]*+)(?P=quote)"
    r"|(?P<bare_head>url\(\s*)(?P<bare>[^\"'()\s][^()\s]*+)(?=\s*\))"
    r"|\"[^\"\n]*+\"?|'[^'\n]*+'?",
    re.DOTALL | re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|/|#", re.IGNORECASE)
_REMOTE = re.compile(r"https?:|//", re.IGNORECASE)

MOST_TOLD = 20
"""So many references that lead nowhere are told of one style sheet."""


def placed(text: str, address: Callable[[str], str | None]) -> str:
    """A style sheet in which each relative `url()` is the address of the file that it names.

    Args:
        address: that of a file, by its name; None where there is none: such a `url()` stays as it is.
    """

    def put(match: re.Match[str]) -> str:
        named = _named(match)
        if named is None or _ELSEWHERE.match(named):
            return match[0]
        name, more = _parts(named)
        found = address(name)
        return match[0] if found is None else match[0].replace(named, found + more, 1)

    return _FOUND.sub(put, text)


def faults(file: str, text: str, names: Collection[str]) -> Iterator[Fault]:
    """A warning for each file that a style sheet names and that is not there, and for each of another site.

    Of very many the first are told: to find the place of each takes as long as the file is.
    """
    return islice(_faults(file, text, names), MOST_TOLD)


def _faults(file: str, text: str, names: Collection[str]) -> Iterator[Fault]:
    for match in _FOUND.finditer(text):
        named = _named(match)
        if named is None:
            continue
        if _REMOTE.match(named):
            yield _fault(
                file, text, match, f"{named[:80]} is on another site, and is not loaded", "put the file beside it"
            )
        elif not _ELSEWHERE.match(named) and _parts(named)[0] not in names:
            near = get_close_matches(_parts(named)[0], names, n=1)
            yield _fault(
                file,
                text,
                match,
                f"there is no file {named[:80]}",
                f"did you mean {near[0]}?" if near else "put it beside this file",
            )


def _fault(file: str, text: str, match: re.Match[str], problem: str, cure: str) -> Fault:
    start = match.start("quoted") if match["quoted"] is not None else match.start("bare")
    line = text.count("\n", 0, start) + 1
    begins = text.rfind("\n", 0, start) + 1
    return Fault(file, line, start - begins + 1, problem, cure, text[begins:].partition("\n")[0], is_warning=True)


def _named(match: re.Match[str]) -> str | None:
    return match["quoted"] if match["quoted"] is not None else match["bare"]


def _parts(named: str) -> tuple[str, str]:
    """The name of a file, and what follows it in a reference."""
    path = re.split(r"[?#]", named, maxsplit=1)[0]
    return unquote(path).removeprefix("./"), named[len(path) :]
