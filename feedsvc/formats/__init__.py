"""A Feed in, the bytes of a document out: one module a format, registered here by file name."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from feedsvc.formats import atom, jsonfeed, rss
from feedsvc.formats.format import Format

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMATS", "Format"]

_FORMATS = (
    rss.FORMAT,
    atom.FORMAT,
    jsonfeed.FORMAT,
)

FORMATS: Mapping[str, Format] = MappingProxyType({format_.filename: format_ for format_ in _FORMATS})
