"""A site's settings: its folder and flags in; what they come to, now or whenever it is asked for, out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from feedsvc import config

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from feedsvc.config import Config, Site

# Where a site that names no base URL is thought to be, by commands that do not serve it.
NOWHERE = "http://localhost:8000/"


def load(folder: Path | None, flags: Mapping[str, Any]) -> Config:
    """The settings of a folder, with those of the environment and the command line.

    Raises:
        SettingsError: with every fault in any of them.
    """
    return config.load(folder, os.environ, flags)


def complete(found: Config, folder: Path, address: str = NOWHERE) -> Site:
    """What the documents are made with."""
    return config.complete(found.site, folder_name=folder.resolve().name, address=address)


def settings(folder: Path, flags: Mapping[str, Any], address: str) -> Callable[[], Site]:
    """What the documents are made with, read again each time it is called."""
    return lambda: complete(load(folder, flags), folder, address)
