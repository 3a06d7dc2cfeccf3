"""Formats that people write articles in and that have no reader: a manuscript in; why it is left out, out.

So that nobody has to find out by counting which articles are not there.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from feedsvc.readers.raw import Raw

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedsvc.readers.manuscript import Manuscript

NAMES: Mapping[str, str] = {
    ".rst": "reStructuredText",
    ".rest": "reStructuredText",
    ".adoc": "AsciiDoc",
    ".asciidoc": "AsciiDoc",
    ".org": "Org",
    ".textile": "Textile",
    ".dj": "Djot",
    ".ipynb": "a notebook of Jupyter",
    ".rmd": "R Markdown",
    ".qmd": "Quarto",
}
"""By the ending of an address, in lower case."""


def read(manuscript: Manuscript) -> Raw:
    """Nothing but the reason."""
    name = NAMES[PurePosixPath(manuscript.address).suffix.lower()]
    return Raw(manuscript, {}, "", 0, "text", {}, aside=f"in {name}, which is not read")
