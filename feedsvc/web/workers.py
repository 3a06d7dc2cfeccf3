"""Several processes that serve at one socket: what they serve in; answers out, until a signal ends them all.

uvicorn's own way to run several looks at signals and processes twice a second, starts all anew on SIGHUP, and gives up
where one cannot start (docs/decisions/0054).
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
from contextlib import suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from feedsvc.catalog import Catalog
from feedsvc.notice import Notice
from feedsvc.web import signals
from feedsvc.web.app import application
from feedsvc.web.conduct import Conduct
from feedsvc.web.server import LINGER, Serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.context import SpawnProcess
    from multiprocessing.process import BaseProcess
    from socket import socket

    from feedsvc.config import Server
    from feedsvc.web.signals import Told

# One that dies is started again at once; one that dies again and again after pauses, in seconds, doubled up to the
# longest. One that lived for longer than that starts anew.
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0

# So many seconds after `grace` a worker that was told to stop is killed.
HANGING = 5.0

# How often the parent looks after them, in seconds.
EVERY = 0.1


class Worker(Struct, frozen=True):
    """What each process is made from.

    Attributes:
        database: where the catalog is.
        notice: the path of the one by which a sync tells what the catalog cannot tell.
    """

    database: str
    settings: Server
    notice: str


class _Place(Struct):
    """The place of one worker, whoever has it now."""

    process: SpawnProcess | None = None
    news: Connection | None = None
    began: float = 0.0
    pause: float = 0.0
    due: float = 0.0


class Workers:
    """Looks after the processes: starts them, tells them what they have to know, and replaces those that die.

    Args:
        reload: the settings as they are now; None where they cannot be used.
    """

    def __init__(self, worker: Worker, listening: socket, told: Told, reload: Callable[[], Server | None]) -> None:
        self._worker = worker
        self._listening = listening
        self._told = told
        self._reload = reload
        self._places = [_Place() for _ in range(worker.settings.workers)]

    def run(self) -> None:
        """Serves until a signal ends it. Where that is this process, the others end by themselves."""
        while not self._told.stops:
            for number in self._told.others():
                self._pass_on(number)
            for place in self._places:
                self._fill(place)
            wait([place.process.sentinel for place in self._places if place.process is not None], timeout=EVERY)
        self._end()

    def _fill(self, place: _Place) -> None:
        now = time.monotonic()
        if place.process is not None and not place.process.is_alive():
            place.process.join()
            self._defer(place, now, f"ended with code {place.process.exitcode}")
        if place.process is None and now >= place.due:
            self._start(place, now)

    def _start(self, place: _Place, now: float) -> None:
        place.began = now
        try:
            news, place.news = multiprocessing.Pipe(duplex=False)
            arguments = (self._worker, self._listening, news)
            process = multiprocessing.get_context("spawn").Process(target=_serve, args=arguments, daemon=True)
            if sys.platform != "win32":  # pragma: no branch
                resource_tracker.ensure_running()  # else the first start starts it, and lets signals through again
            with news, signals.held_back():
                process.start()
        except OSError as error:  # too many processes, no memory: it may go later
            self._defer(place, now, f"cannot be started ({error.strerror})")
        else:
            place.process = process

    def _defer(self, place: _Place, now: float, reason: str) -> None:
        with suppress(OSError):  # whoever took what is said may have gone
            sys.stderr.write(f"feedsvc: a worker {reason}; another one is started\n")
        place.process = None
        place.pause = 0.0 if now - place.began > LONGEST_PAUSE else place.pause
        place.due = now + place.pause
        place.pause = min(max(FIRST_PAUSE, place.pause * 2), LONGEST_PAUSE)

    def _pass_on(self, number: int) -> None:
        news: Server | None = None
        if number == signals.RELOAD:
            news = self._reload()
            if news is None:
                return
            # Whoever is started from now on is made from them.
            self._worker = replace(self._worker, settings=news)
        for place in self._places:
            if place.news is not None:
                with suppress(OSError):  # it has died, and another one will know
                    place.news.send(news)

    def _end(self) -> None:
        # Else whoever comes now would wait for one who lets him in, until the last worker has ended.
        self._listening.close()
        running = [place.process for place in self._places if place.process is not None]
        for process in running:
            process.terminate()
        patience = time.monotonic() + LINGER + self._worker.settings.grace + HANGING
        while running := [process for process in running if process.is_alive()]:
            if time.monotonic() > patience:
                for process in running:
                    process.kill()
            wait([process.sentinel for process in running], timeout=EVERY)


def _serve(worker: Worker, listening: socket, news: Connection) -> None:
    """Serves in a process of its own, until it is told to stop or its parent has gone.

    Args:
        news: settings that are in force from now on; None where the log was renamed.
    """
    signals.let_go()
    parent = multiprocessing.parent_process()
    threading.Thread(target=_end_with, args=(parent,), name="parent", daemon=True).start()
    conduct = Conduct(worker.settings, Notice(worker.notice))
    app = application(Catalog.unchecked(worker.database), conduct=conduct)

    async def attend() -> None:
        with suppress(EOFError):  # the parent has gone, and so do we
            while news.poll():
                settings = news.recv()
                if settings is None:
                    conduct.reopen()
                else:
                    conduct.take(settings)

    # Ctrl-C comes to all at once, and then the parent tells us to stop once more.
    Serving(app, conduct, attend=attend, at_once=lambda _number: None).run(sockets=[listening])


def _end_with(parent: BaseProcess) -> None:  # pragma: no cover - it ends the process
    # Else it would keep the port when who started it was killed.
    parent.join()
    os._exit(0)
