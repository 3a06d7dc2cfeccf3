"""A word from one process to others, for when the catalog cannot carry it: what does not work in; the same out."""

from __future__ import annotations

import json
import mmap
import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# As long as a page of memory, in bytes. A word of more characters than find room in it is cut.
LENGTH = 4096
_LONGEST = 600


class Notice:
    """A file that was written to its full length before any disk was full, and only ever changes within it.

    Args:
        path: of the file; empty where there is none, and nothing is told.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._page: mmap.mmap | None = None
        with suppress(OSError), Path(path).open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), LENGTH)

    def tell(self, what: str, since: float) -> None:
        """Puts down what does not work, and since when in seconds since the epoch; nothing, where all is well."""
        if self._page is not None:
            word = json.dumps([what[:_LONGEST], since] if what else None, ensure_ascii=False)
            self._page[:] = word.encode(errors="replace").ljust(LENGTH)

    def read(self) -> tuple[str, float] | None:
        """What was put down; None where all is well, or it is just being written."""
        if self._page is None:
            return None
        try:
            what, since = json.loads(self._page[:]) or ("", 0.0)
        except ValueError:
            return None
        return (what, since) if what else None


@contextmanager
def posted() -> Iterator[str]:
    """The path of a notice that is there meanwhile; empty where there is no place for one."""
    try:
        number, path = tempfile.mkstemp(prefix="feedsvc-")
        with os.fdopen(number, "wb") as file:
            file.write(b"null".ljust(LENGTH))
    except OSError:  # no folder for it can be written, or the disk is full already
        yield ""
        return
    try:
        yield path
    finally:
        with suppress(OSError):
            Path(path).unlink()
