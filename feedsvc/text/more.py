"""More-markers: an article's HTML in; the part before the place where its author ended the teaser out.

Hugo, WordPress, Jekyll, Hexo and Zola write `<!--more-->`, Docusaurus `truncate`, Nikola `TEASER_END`, Pelican
`PELICAN_END_SUMMARY`, Gatsby `end`.
"""

from __future__ import annotations

import re

_WORDS = (
    r"more|read[ -]?more|truncate|excerpt|end[ _-]?excerpt|teaser[ _-]?end|pelican_end_summary|end_summary|break"
    r"|end(?=\s*-->)"
)
_MARKER = re.compile(rf"<!--\s*(?:{_WORDS})\b[^<>]{{0,200}}?-->", re.IGNORECASE)


def lead(html: str) -> str | None:
    """What stands before the first more-marker; None where there is none, or nothing stands before it."""
    if "<!--" not in html:
        return None
    match = _MARKER.search(html)
    before = html[: match.start()] if match else ""
    return before if before.strip() else None
