"""MDX with front matter: a manuscript in; its fields and the text below them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.readers import markdown

if TYPE_CHECKING:
    from feedsvc.readers.manuscript import Manuscript
    from feedsvc.readers.raw import Raw


def read(manuscript: Manuscript) -> Raw:
    """Reads it as Markdown is read; what its JSX becomes is the renderer's business.

    Raises:
        RecordError: where the front matter cannot be read at all.
    """
    return markdown.read(manuscript)._replace(markup="mdx")
