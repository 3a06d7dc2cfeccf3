"""The first files of a site: a folder or a title in; files that were not there before, out."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from feedsvc.articles import names
from feedsvc.articles.fields import LONGEST_TITLE
from feedsvc.config import FILE_NAME, settings
from feedsvc.config.checks import shown
from feedsvc.errors import FeedsvcError
from feedsvc.readers import READERS
from feedsvc.sources import open_source
from feedsvc.text.ids import tag_uri
from feedsvc.text.slugs import slug
from feedsvc.text.xml import clean

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

_SITE = """\
# The settings of this site. What is commented out shows its default, or an example.
# `feedsvc config FOLDER` prints each setting with where its value comes from.

"""

_FIRST = """\
---
title: The first article
date: {date}
tags: [example]
---

This is an article. It is a file of text in this folder; its first sentences become the excerpt that feeds and lists
show. Change it while `feedsvc serve` runs, and look at the feed again.

Write the next one with `feedsvc new "Its title"` in this folder.
"""

_NEW = """\
---
id: {id}
title: {title}
date: {date}
draft: true
---

"""

# What a new site should choose for itself, rather than have by default.
_CHOSEN = {
    "title": '"My news site"',
    "base_url": '"https://example.org/"',
    "id_authority": '"example.org"',
    "zone": '"Europe/Berlin"',
    "language": '"en"',
    "source": '"sqlite:///cms.db"',
    "query": '"SELECT id, title, date, content FROM articles"',
}


LONGEST = LONGEST_TITLE
"""Of a title, in characters."""

# Percent-encoded, a character may take 12, and an id has 2,000 at most.
_LONGEST_IN_ID = 100


class ExistsError(FeedsvcError):
    """A file that was to be written is there already."""


class WriteError(FeedsvcError):
    """A file or a folder cannot be written."""


def init(folder: Path, now: datetime) -> tuple[Path, ...]:
    """Writes commented settings, and an article where there is none; returns what it wrote. Overwrites nothing.

    Raises:
        WriteError: where it cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritten(folder, error) from error
    files = {folder / FILE_NAME: _SITE + _commented_settings()}
    if not _articles(folder):
        files[folder / "the-first-article.md"] = _FIRST.format(date=now.date().isoformat())
    return tuple(path for path, text in files.items() if _write(path, text))


def is_title(title: str) -> bool:
    """Whether an article can have it: one line that shows something, of at most `LONGEST` characters."""
    is_one_line = not any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in title)
    return is_one_line and len(title) <= LONGEST and any(map(str.isprintable, title.replace(" ", "")))


def new(folder: Path, title: str, *, authority: str, now: datetime) -> Path:
    """Writes a draft with an id of its own.

    Args:
        title: `is_title`; or what becomes one without the characters that XML forbids.
        authority: the domain under which the id is minted.

    Raises:
        ExistsError: where there is a file of that name.
        WriteError: where it cannot be written.
    """
    words = " ".join(clean(title).split())
    uri = tag_uri(authority, now.date().isoformat(), slug(words)[:_LONGEST_IN_ID].strip("-") or f"{now:%H%M%S}")
    path = folder / f"{_name(words)}.md"
    if not _write(path, _NEW.format(id=uri, title=_quoted(words), date=now.isoformat(timespec="seconds"))):
        raise ExistsError(f"{path}: is there already (choose another title, or edit it)")
    return path


def _articles(folder: Path) -> list[str]:
    found = open_source(str(folder), suffixes=frozenset(READERS)).scan()
    return [address for address, _ in found if not names.aside(address)]


def _name(title: str) -> str:
    """A file's name without its ending: one that no shell, file system or reader of the folder takes for more."""
    plain = re.sub(r"[:;,&|<>*!$()\[\]{}~]", " ", re.sub("[\"'`\u2018\u2019\u201c\u201d]", "", title))
    # File systems hold 255 bytes, and a character may take 4.
    name = slug(plain)[:60].strip("-._~#")
    return f"article-{name}" if not name or names.aside(f"{name}.md") else name


def _write(path: Path, text: str) -> bool:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return False
    except OSError as error:
        raise _unwritten(path, error) from error
    return True


def _unwritten(path: Path, error: OSError) -> WriteError:
    return WriteError(f"{path}: cannot be written: {error.strerror} (choose a folder that can be)")


def _commented_settings() -> str:
    lines = []
    for name, default, meaning, _ in settings():
        value = _CHOSEN.get(name) or shown(default)
        lines.append(f"# {meaning[0].upper()}{meaning[1:]}.\n{'' if name == 'title' else '# '}{name} = {value}\n")
    return "\n".join(lines)


def _quoted(title: str) -> str:
    escaped = title.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
