"""Where the catalog lives: a content folder in; the best place that can be written to out."""

from __future__ import annotations

import os
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from feedsvc.catalog.database import MEMORY

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = ".feedsvc"
FILE = "catalog.db"


def place(content: Path) -> str:
    """`.feedsvc/catalog.db` in the content folder; else one in the temporary folder; else `memory`.

    In memory and in the temporary folder the ledger is lost with the machine: ids then follow from the records alone.
    """
    return next((str(folder / FILE) for folder in _folders(content) if _can_be_written(folder)), MEMORY)


def kept(content: Path) -> str | None:
    """Where the catalog of a content folder is kept already; None where none is. Makes nothing."""
    return next((str(folder / FILE) for folder in _folders(content) if (folder / FILE).is_file()), None)


def make(folder: Path) -> None:
    """Makes the folder of a catalog where there is none; one in a content folder ignores itself for git.

    Raises:
        OSError: where it cannot be made.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    ignore = folder / ".gitignore"
    if folder.name == FOLDER and not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")


def _folders(content: Path) -> Iterator[Path]:
    yield content / FOLDER
    digest = sha256(os.fsencode(content.resolve())).hexdigest()[:12]
    try:
        yield Path(tempfile.gettempdir()) / f"feedsvc-{_user()}-{digest}"
    except FileNotFoundError:
        return


def _can_be_written(folder: Path) -> bool:
    try:
        make(folder)
        if folder.name != FOLDER and folder.lstat().st_uid != _user():
            return False  # anybody may have put it into the temporary folder
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0  # Windows has none, and a temporary folder for each user
