"""The first files of a site: a folder or a title in; files that were not there before, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.config import FILE_NAME, settings
from feedsvc.errors import FeedsvcError
from feedsvc.text.slugs import slug

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

_SITE = """\
# The settings of this site. What is commented out shows its default.
# `feedsvc config` prints each setting with where its value comes from.

"""

_FIRST = """\
---
title: The first article
date: {date}
tags: [example]
---

This is an article. It is a file of text in this folder; its first sentences become the excerpt that feeds and lists
show. Change it while `feedsvc serve` runs, and look at the feed again.

Write the next one with `feedsvc new "Its title"`.
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
}


class ExistsError(FeedsvcError):
    """A file that was to be written is there already."""


def init(folder: Path, now: datetime) -> tuple[Path, ...]:
    """Writes commented settings and one article; returns what it wrote, for what is there is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {folder / FILE_NAME: _SITE + _commented_settings()}
    if not any(folder.glob("*.md")):
        files[folder / "the-first-article.md"] = _FIRST.format(date=now.date().isoformat())
    return tuple(path for path, text in files.items() if _write(path, text))


def new(folder: Path, title: str, *, uri: str, now: datetime) -> Path:
    """Writes a draft with an id of its own.

    Raises:
        ExistsError: where there is a file of that name.
    """
    path = folder / f"{slug(title) or 'article'}.md"
    text = _NEW.format(id=uri, title=_quoted(title), date=now.isoformat(timespec="seconds"))
    if not _write(path, text):
        raise ExistsError(f"{path}: is there already (choose another title, or edit it)")
    return path


def _write(path: Path, text: str) -> bool:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        return False
    return True


def _commented_settings() -> str:
    lines = []
    for name, default, meaning, _ in settings():
        value = _CHOSEN.get(name) or (f'"{default}"' if isinstance(default, str) else str(default))
        lines.append(f"# {meaning[0].upper()}{meaning[1:]}.\n{'' if name == 'title' else '# '}{name} = {value}\n")
    return "\n".join(lines)


def _quoted(title: str) -> str:
    escaped = title.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
