"""Markdown with front matter: a manuscript in; its fields and the text below them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.readers import frontmatter
from feedsvc.readers.raw import Raw

if TYPE_CHECKING:
    from feedsvc.readers.manuscript import Manuscript

_CURES = {
    "title": "begin the file with four lines: ---, title: My title, date: 2020-05-20, ---",
    "date": "begin the file with four lines: ---, title: My title, date: 2020-05-20, ---",
}


def read(manuscript: Manuscript) -> Raw:
    """Reads the fields of the front matter; without it there are none, and all is the article's text.

    Raises:
        RecordError: where the front matter cannot be read at all.
    """
    matter = frontmatter.read(manuscript)
    if matter is None:
        return Raw(manuscript, {}, manuscript.text, 0, "markdown", _CURES)
    source = manuscript.text[matter.end :]
    return Raw(manuscript, matter.fields, source, matter.end, "markdown", matter.cures, matter.faults)
