"""What a site tells language models of itself: a snapshot and an instant in; a text in Markdown out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from feedsvc import feeds
from feedsvc.errors import NotFound
from feedsvc.formats import FORMATS
from feedsvc.publication.answers import NOSNIFF, OPEN, lifetime
from feedsvc.publication.directory import OPML
from feedsvc.publication.documents import document
from feedsvc.text.xml import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedsvc.catalog import Snapshot
    from feedsvc.model import Document

TEXT = "text/plain; charset=utf-8"

# What could begin something in the middle of a line (CommonMark §2.4); at the start of a line nothing of theirs stands.
_MARKS = re.compile(r"[\\`*_\[\]<>&~]")


def llms(snapshot: Snapshot, now: int) -> Document:
    """The site's name, what it is about, its newest articles and its feeds (https://llmstxt.org/).

    Raises:
        NotFound: where the settings do not ask for it.
    """
    if not snapshot.site.llms:
        raise NotFound("nothing is published at /llms.txt")
    body = "\n".join(_lines(snapshot, now)) + "\n"
    return document(TEXT, body.encode(), lifetime=lifetime(snapshot, "", now), headers=(OPEN, NOSNIFF))


def _lines(snapshot: Snapshot, now: int) -> Iterator[str]:
    site = snapshot.site
    yield from (f"# {_words(site.title)}", "", f"> {_words(site.description)}", "", "## Newest articles", "")
    for article in snapshot.newest("", now, limit=site.entries):
        entry = feeds.entry(article, site=site)
        yield f"- {_link(entry.title, entry.page)}: {_words(entry.summary)}"
    yield from ("", "## Feeds", "")
    for of in feeds.main_channels(snapshot, now):
        for written in FORMATS.values():
            yield f"- {_link(f'{of.title} ({written.title})', written.address(of))}"
    yield f"- {_link('All feeds (OPML)', site.base_url + OPML)}"


def _link(words: str, address: str) -> str:
    return f"[{_words(words)}]({address.replace('(', '%28').replace(')', '%29')})"


def _words(text: str) -> str:
    return _MARKS.sub(r"\\\g<0>", " ".join(clean(text).split()))
