"""An access log: requests with their answers in; lines in a file, or at standard output, out.

A thread of its own writes them, some at a time: neither a slow disk nor a pipe that nobody reads holds up anybody who
asks. What cannot be written is lost, and said.
"""

from __future__ import annotations

import logging
import os
import stat
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from feedsvc.errors import FeedsvcError
from feedsvc.publication import Trouble
from feedsvc.web.log_lines import LINES, Hit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)

STANDARD = "-"

# Lines are written after so many seconds, or when there are so many bytes of them,
EVERY = 1.0
MANY = 64 * 1024
# and are lost where so many wait already.
MOST = 4 * 1024 * 1024

# What a pipe takes in one piece, in bytes (PIPE_BUF).
_PIECE = 4096

_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOCTTY", 0)


class AccessLog:
    """The log of one process. Several append to one file: each writes whole lines at its end.

    Args:
        path: of the file; `-` for standard output.
        form: of a line, one of `LINES`.
    """

    def __init__(self, path: str, form: str) -> None:
        self.path, self.form = path, form
        self._line = LINES[form]
        self._lock = threading.Lock()
        self._lines: list[bytes] = []
        self._size = 0
        self._lost = 0
        self._trouble: Trouble | None = None
        self._file: int | None = None
        self._is_torn = self._is_moved = self._is_closed = False
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="access log", daemon=True)
        self._thread.start()

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """What keeps lines from being written now; empty where nothing does."""
        return (self._trouble,) if self._trouble else ()

    def note(self, hit: Hit) -> None:
        """Has a line written by and by: the door for whatever answers requests. It neither waits nor fails."""
        line = self._line(hit)
        with self._lock:
            is_taken = self._size + len(line) <= MOST
            if is_taken:
                self._lines.append(line)
                self._size += len(line)
        if not is_taken:
            self._lost += 1
            if self._trouble is None:
                self._note_trouble("lines come faster than they are taken")
        elif self._size > MANY:
            self._wake.set()

    async def follow(self, app: ASGIApp, client: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets an application answer a request (ASGI), and notes what it sent."""
        at, began, status, length = time.time(), time.monotonic(), 500, 0

        async def noting(message: Message) -> None:
            nonlocal status, length
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)
            length += len(message.get("body", b""))

        try:
            await app(scope, receive, noting)
        finally:
            target, fields = scope["raw_path"], dict(scope["headers"])
            if scope["query_string"]:
                target += b"?" + scope["query_string"]
            hit = Hit(
                client,
                scope["method"],
                target,
                scope["http_version"],
                status,
                length,
                fields.get(b"referer", b""),
                fields.get(b"user-agent", b""),
                at,
                time.monotonic() - began,
            )
            self.note(hit)

    def reopen(self) -> None:
        """Lets go of a file that was renamed, and opens one where it was; what came before goes to the old one."""
        self._is_moved = True
        self._wake.set()

    def close(self, *, patience: float = EVERY) -> None:
        """Writes what is left, and waits for that, so many seconds at most."""
        self._is_closed = True
        self._wake.set()
        self._thread.join(patience)

    def _run(self) -> None:
        while not self._is_closed:
            self._wake.wait(EVERY)
            self._wake.clear()
            is_moved, self._is_moved = self._is_moved, False
            self._flush()
            if is_moved:
                self._let_go()
                self._is_torn = False
        self._flush()
        self._let_go()

    def _flush(self) -> None:
        with self._lock:
            lines, self._lines, self._size = self._lines, [], 0
        if not lines:
            return
        written = 0
        try:
            if self._file is None:
                self._file = _open(self.path)
            # A file takes what it is given in one piece, whoever else appends to it.
            longest = MANY if stat.S_ISREG(os.fstat(self._file).st_mode) else _PIECE
            for piece, count in _pieces(lines, longest):
                self._write(self._file, piece)
                written += count
        except OSError as error:
            self._lost += len(lines) - written
            self._note_trouble(error.strerror or str(error))
            self._let_go()
        else:
            self._forget_trouble()

    def _write(self, file: int, piece: bytes) -> None:
        # Where a disk was full in the middle of a line, the next one is to begin on a line of its own.
        rest = memoryview(b"\n" + piece if self._is_torn else piece)
        while rest:
            rest = rest[os.write(file, rest) :]
            self._is_torn = bool(rest)

    def _let_go(self) -> None:
        if self._file is not None and self.path != STANDARD:
            with suppress(OSError):
                os.close(self._file)
        self._file = None

    def _note_trouble(self, reason: str) -> None:
        what = f"the access log {self.path} cannot be written: {reason}"
        if self._trouble is None or self._trouble.what != what:
            self._trouble = Trouble(what, time.time())
            logger.warning("feedsvc: %s; requests are answered all the same", what)

    def _forget_trouble(self) -> None:
        if self._trouble is not None:
            self._trouble = None
            lost, self._lost = self._lost, 0
            logger.warning("feedsvc: the access log %s can be written again; it lacks %d requests", self.path, lost)


def check(path: str) -> None:
    """Tries whether a log can be written; makes it where there is none.

    Raises:
        FeedsvcError: where it cannot.
    """
    try:
        # Standard output is there, and to open a pipe is to wait for who reads it.
        if path != STANDARD and not _is_pipe(path):
            os.close(_open(path))
    except OSError as error:
        raise FeedsvcError(
            f"the access log {path} cannot be written: {error.strerror} (name a file in a folder that is there)"
        ) from None


def _is_pipe(path: str) -> bool:
    try:
        return stat.S_ISFIFO(Path(path).stat().st_mode)
    except FileNotFoundError:
        return False


def _open(path: str) -> int:
    return 1 if path == STANDARD else os.open(path, _FLAGS, 0o640)


def _pieces(lines: list[bytes], longest: int) -> list[tuple[bytes, int]]:
    """Whole lines, joined to pieces of so many bytes at most, each with their number."""
    pieces: list[list[bytes]] = [[]]
    size = 0
    for line in lines:
        if pieces[-1] and size + len(line) > longest:
            pieces.append([])
            size = 0
        pieces[-1].append(line)
        size += len(line)
    return [(b"".join(each), len(each)) for each in pieces]
