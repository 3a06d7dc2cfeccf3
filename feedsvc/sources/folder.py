"""A folder of files as a source: a path in, marks and records out.

Links to files are followed while they stay inside the folder. Links to folders are not: without them there is no loop
and no second address for the same file.
"""

from __future__ import annotations

import os
import re
import stat
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn, TypeVar
from urllib.parse import unquote, urlsplit

from feedsvc.errors import Fault, RecordError, SourceError
from feedsvc.model import Record
from feedsvc.sources.source import Mark, Weight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from feedsvc.sources.source import Wanted

Found = TypeVar("Found")

LARGEST = 16 * 1024 * 1024
"""The most bytes that a record may have."""

HEAVIEST = 1024 * 1024 * 1024
"""The most bytes that a file may have which is served from where it lies."""

SETTLED_AFTER = 2.0
"""Seconds for which a file must have been left alone: the coarsest file systems (FAT) count in steps of two."""

_CHUNK = 1024 * 1024

_SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__"})
_SKIPPED_ENDINGS = ("~", ".swp", ".tmp", ".part")

# Bytes that are not UTF-8 (they arrive as surrogates) and control characters: no catalog, page or log can carry them.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)


@dataclass(frozen=True, slots=True)
class Folder:
    """The files below a folder whose names end in one of the suffixes.

    Attributes:
        root: the folder.
        suffixes: lower case, with their dot.
        clock: seconds since the epoch.
    """

    root: Path
    suffixes: frozenset[str]
    clock: Callable[[], float] = time.time

    @property
    def polled(self) -> float | None:
        """None: the operating system tells of changes."""
        return None

    def scan(self) -> dict[str, Mark]:
        """Every file's address with its mark, in the order of addresses; hidden names and editors' copies are skipped.

        Raises:
            SourceError: where the folder, or one below it, cannot be listed.
        """
        return dict(sorted(self._marks(self.clock())))

    def read(self, address: str) -> Record | None:
        """The file's bytes; None where it is not there any more.

        Raises:
            RecordError: where it is no regular file, outside the folder, larger than `LARGEST`, or not readable.
        """
        return _attempted(address, lambda: self._record(address))

    def weigh(self, address: str) -> Weight | None:
        """The file's length and digest; None where it is not there any more.

        Raises:
            RecordError: where it is no regular file, outside the folder, larger than `HEAVIEST`, or not readable.
        """
        return _attempted(address, lambda: self._weight(address))

    def _record(self, address: str) -> Record:
        with self.opened(address, LARGEST) as file:
            # As much as there is: to be ready for the most costs more than the reading.
            size = os.fstat(file.fileno()).st_size
            body = file.read(size + 1)
            if len(body) > size:  # pragma: no cover - it is growing
                body += file.read(LARGEST + 1 - len(body))
        _check_size(address, len(body), LARGEST)
        return Record(address, body)

    def _weight(self, address: str) -> Weight:
        length, digest = 0, sha256()
        with self.opened(address, HEAVIEST) as file:
            while chunk := file.read(_CHUNK):
                length += len(chunk)
                digest.update(chunk)
        return Weight(length, digest.hexdigest())

    def _marks(self, now: float) -> Iterator[tuple[str, Mark]]:
        folders = [""]
        while folders:
            folder = folders.pop()
            for entry in _listed(self.root, folder):
                address = folder + entry.name
                if entry.is_dir(follow_symlinks=False):
                    if not _is_skipped_folder(entry.name):
                        folders.append(f"{address}/")
                elif self._is_record(entry.name) and (mark := _mark(entry, now)):
                    yield _UNFIT.sub(_spelled, address), mark

    def _is_record(self, name: str) -> bool:
        is_skipped = name.startswith((".", "#")) or name.endswith(_SKIPPED_ENDINGS)
        return not is_skipped and os.path.splitext(name)[1].lower() in self.suffixes  # noqa: PTH122 - 5 times faster

    def opened(self, address: str, most: int) -> BinaryIO:
        """The file at an address, opened.

        Raises:
            RecordError: where it is no regular file, outside the folder, or larger than so many bytes.
            OSError: where it cannot be opened.
        """
        # Links are resolved first, so that the open itself follows none; it never waits for a FIFO's writer.
        # By strings: with paths this costs half as much again as the file's reading.
        root = os.path.realpath(self.root)
        path = os.path.realpath(f"{root}/{address}")
        if not path.startswith(f"{root.rstrip('/')}/"):
            _refuse(address, "is a link out of the content folder", "put the file itself there")
        _check_status(address, os.lstat(path), most)
        file = os.fdopen(os.open(path, _FLAGS), "rb")
        try:
            _check_status(address, os.fstat(file.fileno()), most)
        except RecordError:  # pragma: no cover - another file was put there between the two looks
            file.close()
            raise
        return file


def opened_as(root: Path, address: str, mark: str) -> BinaryIO | None:
    """The file at an address, opened, while it is what it was when it got its mark; else None."""
    try:
        file = Folder(root, frozenset()).opened(address, HEAVIEST)
    except (OSError, RecordError):
        return None
    if _value(os.fstat(file.fileno())) == mark:
        return file
    file.close()
    return None


def from_path(path: str, wanted: Wanted) -> Folder:
    """The folder at a path."""
    return Folder(Path(path), wanted.suffixes)


def from_url(url: str, wanted: Wanted) -> Folder:
    """The folder of a `file:` URL (RFC 8089).

    Raises:
        SourceError: where the URL names another machine.
    """
    parts = urlsplit(url)
    if parts.netloc not in {"", "localhost"}:
        raise SourceError(f"{url}: is on another machine (write file:/// and a path of this one)")
    return Folder(Path(unquote(parts.path)), wanted.suffixes)


def _listed(root: Path, folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(root / folder) as entries:
            return list(entries)
    except OSError as error:
        # A folder below that went away since it was listed is no different from one that went before.
        if folder and isinstance(error, (FileNotFoundError, NotADirectoryError)):
            return []
        raise SourceError(_unlisted(root / folder, error)) from None


def _unlisted(folder: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{folder}: there is no such folder (make it, or name the one that holds the articles)"
    if isinstance(error, NotADirectoryError):
        return f"{folder}: is not a folder (name the folder that holds the articles)"
    return f"{folder}: cannot be listed: {error.strerror} (let the user that runs feedsvc read it)"


def _is_skipped_folder(name: str) -> bool:
    return name.startswith(".") or name in _SKIPPED_FOLDERS


def _mark(entry: os.DirEntry[str], now: float) -> Mark | None:
    """The file's mark; None where it is gone. One that cannot be looked at gets a mark too: it is there."""
    try:
        found = entry.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        return Mark(f"error {error.errno}", is_settled=True)
    # A date ahead of the clock, as some archives leave, is as good as one long past.
    age = min(abs(now - found.st_mtime), abs(now - found.st_ctime))
    return Mark(_value(found), is_settled=age >= SETTLED_AFTER)


def _value(status: os.stat_result) -> str:
    return f"{status.st_mtime_ns} {status.st_ctime_ns} {status.st_size} {status.st_ino}"


def _spelled(match: re.Match[str]) -> str:
    return f"\\x{ord(match[0]) & 0xFF:02x}"


def _check_name(address: str) -> None:
    # What `_spelled` made of a name is no file's name.
    if "\\x" in address:
        problem = "its name holds bytes that are not UTF-8, or control characters"
        _refuse(address, problem, "rename it")


def _check_status(address: str, status: os.stat_result, most: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        _refuse(address, "is not a regular file", "remove it, or put a file there")
    _check_size(address, status.st_size, most)


def _check_size(address: str, size: int, most: int) -> None:
    if size > most:
        problem = f"is larger than {most // 1024 // 1024} MiB"
        _refuse(address, problem, "split it, or make it smaller")


def _attempted(address: str, read: Callable[[], Found]) -> Found | None:
    """What was read; None where the file is gone."""
    try:
        return read()
    except (FileNotFoundError, NotADirectoryError):
        _check_name(address)
        return None
    except OSError as error:
        _refuse(address, f"cannot be read: {error.strerror}", "let the user that runs feedsvc read it")


def _refuse(address: str, problem: str, cure: str) -> NoReturn:
    raise RecordError(Fault(address, 1, 1, problem, cure)) from None
