"""Where records come from: a URL or a path in, a `Source` out.

A source is one file in this room and one line in `SCHEMES`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.errors import SourceError
from feedsvc.sources import folder
from feedsvc.sources.source import Mark, Source, Weight

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["SCHEMES", "Mark", "Source", "Weight", "open_source"]

SCHEMES: Mapping[str, Callable[[str, frozenset[str]], Source]] = {
    "": folder.from_path,
    "file": folder.from_url,
}


def open_source(url: str, *, suffixes: frozenset[str]) -> Source:
    """The source at a URL; what has no scheme is the path of a folder. Nothing is read yet.

    Args:
        url: a path, or a URL whose scheme is in `SCHEMES`.
        suffixes: the endings of the addresses that hold records, lower case, with their dot.

    Raises:
        SourceError: where no source is registered for the scheme.
    """
    scheme = _scheme(url)
    if scheme not in SCHEMES:
        known = ", ".join(f"{name}:" for name in SCHEMES if name)
        raise SourceError(
            f"{url}: no records can be read from {scheme}: (write the path of a folder, or one of: {known})"
        )
    return SCHEMES[scheme](url, suffixes)


def _scheme(url: str) -> str:
    # A folder's name may hold a colon, so only `://` and `file:` make a URL.
    before, mark, _ = url.partition("://")
    if mark:
        return before.lower()
    return "file" if url.lower().startswith("file:") else ""
