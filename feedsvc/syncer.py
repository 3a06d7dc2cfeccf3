"""The sync beside the servers: a command in; a process that runs it, and is started again when it dies, out."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from feedsvc.web.signals import held_back

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Pauses between starts of a process that dies at once, in seconds: doubled each time, up to the longest. One that lived
# for longer than that starts anew.
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0

# How much less of the processor the sync gets where there is not enough for all (POSIX `nice`).
NICENESS = 5

# Python would take modules from the current folder, which may be a content folder; only where feedsvc itself is there
# has it to.
_SAFELY = () if Path(__file__).resolve().parents[1] == Path.cwd() else ("-P",)


class Syncer:
    """A child process that ends with this one, however this one ends: its standard input is a pipe from here.

    Args:
        arguments: of the `feedsvc` command.
        more: environment variables beside those of this process.
    """

    def __init__(self, arguments: Sequence[str], more: Mapping[str, str] | None = None) -> None:
        self._command = [sys.executable, *_SAFELY, "-m", "feedsvc", *arguments]
        self._environ = {**os.environ, **(more or {})}
        self._stop = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="syncer", daemon=True)

    def start(self) -> None:
        """Starts the process, and watches over it."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the process, and waits until it has ended."""
        self._stop.set()
        child = self._child
        if child is not None:
            child.terminate()
        self._thread.join()

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            began = time.monotonic()
            ended = self._run_once()
            if time.monotonic() - began > LONGEST_PAUSE:
                pause = FIRST_PAUSE
            if self._stop.wait(pause):
                return
            with suppress(OSError):  # whoever took what is said may have gone
                sys.stderr.write(f"feedsvc: the sync {ended}; it is started again\n")
            pause = min(pause * 2, LONGEST_PAUSE)

    def _run_once(self) -> str:
        """Runs the process to its end; how that came."""
        try:
            # What comes to a whole group of processes is not to end it, not even before it can say so.
            with held_back():
                child = subprocess.Popen(self._command, stdin=subprocess.PIPE, env=self._environ)  # noqa: S603 - our own
            with child as self._child:
                if self._stop.is_set():
                    self._child.terminate()
                return f"ended with code {self._child.wait()}"
        except OSError as error:  # too many processes, no memory: it may go later
            return f"cannot be started ({error.strerror})"


def give_way() -> None:
    """Lets the servers have the processor first: a reader waits for their answer, and nobody for the sync's."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)


def end_with_parent() -> None:
    """Ends this process as soon as the pipe at its standard input is closed.

    At once, for a sync that is cut off leaves nothing behind: its transaction is undone.
    """

    def wait() -> None:  # pragma: no cover - it ends the process before what was covered is written
        while os.read(0, 1024):
            pass
        os._exit(0)

    threading.Thread(target=wait, name="parent", daemon=True).start()
