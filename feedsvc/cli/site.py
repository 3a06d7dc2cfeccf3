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


class Latest:
    """The settings of a folder as they stand whenever they are asked for; read again where the file is another one.

    To read and check them takes some twenty times as long as to see that the file holds what it held.
    """

    def __init__(self, folder: Path, flags: Mapping[str, Any]) -> None:
        self._folder = folder
        self._flags = flags
        self._written: bytes | None = None
        self._found: Config | None = None

    def __call__(self) -> Config:
        """The settings now.

        Raises:
            SettingsError: with every fault in any of them.
        """
        written = self._text()
        if self._found is None or written is None or written != self._written:
            self._found, self._written = None, None
            self._found = load(self._folder, self._flags)
            self._written = written if self._text() == written else None  # it may have been written meanwhile
        return self._found

    def _text(self) -> bytes | None:
        try:
            return (self._folder / config.FILE_NAME).read_bytes()
        except FileNotFoundError:
            return b""
        except OSError:  # to read the settings tells why
            return None


def settings(folder: Path, flags: Mapping[str, Any], address: str) -> Callable[[], Site]:
    """What the documents are made with, as it stands each time it is called."""
    latest = Latest(folder, flags)
    return lambda: complete(latest(), folder, address)
