"""Signals: those that the system sends in; how often it was told to stop, and what else it was told, out."""

from __future__ import annotations

import os
import signal
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

STOP = (signal.SIGINT, signal.SIGTERM)
# There is neither on Windows.
RELOAD: int | None = getattr(signal, "SIGHUP", None)
REOPEN: int | None = getattr(signal, "SIGUSR1", None)
_HELD = {signal.SIGINT, *(number for number in (RELOAD, REOPEN) if number is not None)}


class Told:
    """What this process has been told by signals since it was made, in its main thread.

    SIGHUP means two things: read the settings again, and the terminal is gone. It is the second where the terminal that
    it was started from is gone indeed.

    Args:
        stop: called when it is told to stop for the first time.

    Attributes:
        stops: how often it was told to stop. The second time ends it, whatever it is at.
    """

    def __init__(self, stop: Callable[[], None] = lambda: None) -> None:
        self.stops = 0
        self._stop = stop
        self._others: deque[int] = deque()
        self._has_terminal = _is_terminal()
        for number in STOP:
            signal.signal(number, self.stop)
        for other in (RELOAD, REOPEN):
            if other is not None:  # pragma: no branch - it is on Windows
                signal.signal(other, self._note)

    def stop(self, number: int, _frame: FrameType | None) -> None:
        """Notes a signal that tells to stop."""
        if self.stops:
            end_by(number)  # pragma: no cover - as below
        self.stops += 1
        self._stop()

    def others(self) -> Iterator[int]:
        """Each `RELOAD` and `REOPEN` that came since this was asked last."""
        while self._others:
            yield self._others.popleft()

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if number == RELOAD and self._has_terminal and not _is_terminal():
            signal.raise_signal(signal.SIGTERM)
        else:
            self._others.append(number)


def end_by(number: int) -> None:  # pragma: no cover - it ends the process before what was covered is written
    """Ends this process as a signal ends any program that does not listen to it."""
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)


def ignore() -> None:
    """Lets `RELOAD` and `REOPEN` pass, as they come to a whole group of processes."""
    for number in (RELOAD, REOPEN):
        if number is not None:  # pragma: no branch - it is on Windows
            signal.signal(number, signal.SIG_IGN)


@contextmanager
def held_back() -> Iterator[None]:
    """Keeps signals from a process that is started meanwhile, from this thread, until it knows what to do with them."""
    if not hasattr(signal, "pthread_sigmask"):  # pragma: no cover - Windows, where no such signals come
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def let_go() -> None:
    """Takes, in a process that was started so, what was held back: it is for its parent, and passes."""
    ignore()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):  # pragma: no branch - as above
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HELD)


def _is_terminal() -> bool:
    return os.isatty(0)
