"""A folder of files as a source: a path in, marks and records out.

Links to files are followed while they stay inside the folder.
"""

from __future__ import annotations

import os
import stat
import time
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from feedsvc.errors import Fault, RecordError, SourceError
from feedsvc.model import Record
from feedsvc.sources import status, walk
from feedsvc.sources.source import LARGEST, Weight, digest
from feedsvc.sources.writers import is_open_for_writing
from feedsvc.text.keys import LONGEST_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from feedsvc.sources.source import Mark, Wanted

HEAVIEST = 1024 * 1024 * 1024
"""The most bytes that a file may have which is served from where it lies."""

WRITTEN_FOR = 10.0
"""Seconds after which a file is read though somebody has it open for writing: not everybody closes what is done."""

_CHUNK = 1024 * 1024

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)

# Where Linux tells which file stands behind a descriptor.
_DESCRIPTORS = "/proc/self/fd"


class Folder(Struct, frozen=True):
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

    def scan(self, places: Collection[str] | None = None) -> Iterator[tuple[str, Mark]]:
        """Every file's address with its mark, in the order of addresses; hidden names and editors' copies are skipped.

        Args:
            places: only the files at these addresses, and those in folders there; None for all.

        Raises:
            SourceError: where the folder, or one below it, cannot be listed.
        """
        look = partial(status.marked, clock=self.clock)
        if places is None:
            return walk.walked(self.root, self.suffixes, look)
        return iter(walk.found_at(self.root, self.suffixes, look, places))

    def digest(self) -> str:
        """Of all that a scan would give: it takes four fifths of the time, and no row is needed.

        Raises:
            SourceError: as a scan does.
        """
        return digest(walk.walked(self.root, self.suffixes, status.valued))

    def is_replaced(self, address: str, before: str, now: Mark) -> bool:
        """Whether a whole file was put there, as by a rename, rather than the same one written anew.

        An editor that makes a new file under the old name has it open while it writes. Where nobody can tell whether
        that is so, a rename is known by the instant that it leaves on a file that was written before.
        """
        if status.inode(before) == status.inode(now.value):
            return False
        try:
            number, _ = self._descriptor(address, HEAVIEST)
        except (OSError, RecordError):
            return True  # whoever reads it tells what is wrong with it
        try:
            is_open = is_open_for_writing(number)
        finally:
            os.close(number)
        modified, changed = status.dates(now.value)
        return not is_open if is_open is not None else modified != changed

    def trace(self, value: str) -> str:
        """Date, size and inode: a rename changes none of them."""
        return status.trace(value)

    def read(self, address: str, mark: Mark | None = None) -> Record | None:
        """The file's bytes; None where it is not there any more, or not as it was when it got the mark.

        Raises:
            RecordError: where it is no regular file, outside the folder, larger than `LARGEST`, or not readable.
        """
        try:
            return self._record(address, mark)
        except OSError as error:
            _check_gone(address, error)
            return None

    def top(self, address: str, length: int) -> bytes:
        """The file's first bytes; none of one that a link leads to."""
        try:
            number = os.open(f"{self.root}/{address}", _FLAGS)
        except OSError:
            return b""
        try:
            return os.read(number, length)
        except OSError:
            return b""
        finally:
            os.close(number)

    def weigh(self, address: str, mark: Mark | None = None) -> Weight | None:
        """The file's length and digest; None as above.

        Raises:
            RecordError: where it is no regular file, outside the folder, larger than `HEAVIEST`, or not readable.
        """
        try:
            return self._weight(address, mark)
        except OSError as error:
            _check_gone(address, error)
            return None

    def _record(self, address: str, mark: Mark | None) -> Record | None:
        number, size = self._descriptor(address, LARGEST)
        try:
            # As much as there is: to be ready for the most costs more than the reading.
            body = os.read(number, size + 1)
            while len(body) != size:  # pragma: no cover - it is growing or shrinking
                more = os.read(number, LARGEST + 1 - len(body))
                body += more
                if not more:
                    break
            if mark is not None and _is_moving(number, mark):
                return None
        finally:
            os.close(number)
        _check_size(address, len(body), LARGEST)
        return Record(address, body)

    def _weight(self, address: str, mark: Mark | None) -> Weight | None:
        length, digest = 0, sha256()
        with self.opened(address, HEAVIEST) as file:
            while chunk := file.read(_CHUNK):
                length += len(chunk)
                digest.update(chunk)
            if mark is not None and _is_moving(file.fileno(), mark):
                return None
        return Weight(length, digest.hexdigest())

    def opened(self, address: str, most: int) -> BinaryIO:
        """The file at an address, opened.

        Raises:
            RecordError: where it is no regular file, outside the folder, or larger than so many bytes.
            OSError: where it cannot be opened.
        """
        return os.fdopen(self._descriptor(address, most)[0], "rb")

    def _descriptor(self, address: str, most: int) -> tuple[int, int]:
        """The descriptor of the file, opened, and its size in bytes; it raises what `opened` does."""
        number = self._beside_links(address)
        if number is None:
            number = self._through_links(address, most)
        try:
            found = os.fstat(number)
            _check_status(address, found, most)
        except BaseException:
            os.close(number)
            raise
        return number, found.st_size

    def _beside_links(self, address: str) -> int | None:
        """The file, where no link leads to it; else None. The open comes first: nobody can put a link in between."""
        try:
            number = os.open(f"{self.root}/{address}", _FLAGS)
        except OSError:
            return None  # a link perhaps, or what cannot be opened at all
        try:
            path = os.readlink(f"{_DESCRIPTORS}/{number}")  # noqa: PTH115 - half the time
        except OSError:  # pragma: no cover - not on Linux
            path = ""
        if path == f"{_real(self.root)}/{address}":
            return number
        _real.cache_clear()  # the root may be a link that leads elsewhere now
        os.close(number)
        return None

    def _through_links(self, address: str, most: int) -> int:
        # Links are resolved first, so that the open itself follows none; it never waits for a FIFO's writer.
        root = os.path.realpath(self.root)
        path = os.path.realpath(f"{root}/{address}")
        if not path.startswith(f"{root.rstrip('/')}/"):
            _refuse(address, "is a link out of the content folder", "put the file itself there")
        _check_status(address, os.lstat(path), most)
        return os.open(path, _FLAGS)


def opened_as(root: Path, address: str, mark: str) -> BinaryIO | None:
    """The file at an address, opened, while it is what it was when it got its mark; else None."""
    try:
        file = Folder(root, frozenset()).opened(address, HEAVIEST)
    except (OSError, RecordError):
        return None
    if status.value(os.fstat(file.fileno())) == mark:
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


@lru_cache(maxsize=1)
def _real(root: Path) -> str:
    return os.path.realpath(root).rstrip("/")


def _is_moving(number: int, mark: Mark) -> bool:
    """Whether an opened file is another than what got a mark, or is being written."""
    if status.value(os.fstat(number)) != mark.value:
        return True
    return mark.age < WRITTEN_FOR and bool(is_open_for_writing(number))


def _check_status(address: str, found: os.stat_result, most: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        _refuse(address, "is not a regular file", "remove it, or put a file there")
    _check_size(address, found.st_size, most)


def _check_size(address: str, size: int, most: int) -> None:
    if size > most:
        problem = f"is larger than {most // 1024 // 1024} MiB"
        _refuse(address, problem, "split it, or make it smaller")


def _check_gone(address: str, error: OSError) -> None:
    """Raises RecordError where what cannot be read is there all the same."""
    if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
        _refuse(address, f"cannot be read: {error.strerror}", "let the user that runs feedsvc read it")
    if walk.is_cut(address):
        problem = f"its path is longer than {LONGEST_ADDRESS:,} bytes"
        _refuse(address, problem, "give it, or its folders, shorter names")
    if walk.is_spelled(address):
        _refuse(address, "its name holds bytes that are not UTF-8, or control characters", "rename it")


def _refuse(address: str, problem: str, cure: str) -> NoReturn:
    raise RecordError(Fault(address, 1, 1, problem, cure)) from None
