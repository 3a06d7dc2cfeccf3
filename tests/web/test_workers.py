from __future__ import annotations

import os
import resource
import signal
from typing import TYPE_CHECKING

import pytest

from feedsvc.config import Server
from feedsvc.web import server
from feedsvc.web.signals import Told
from feedsvc.web.workers import FIRST_PAUSE, LONGEST_PAUSE, Worker, Workers, _Place

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def told() -> Iterator[Told]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1)
    before = [signal.getsignal(number) for number in numbers]
    yield Told()
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.fixture
def workers(told: Told) -> Iterator[Workers]:
    with server.listen("127.0.0.1", 0) as listening:
        yield Workers(Worker("nowhere", Server(workers=2), ""), listening, told, lambda: None)


def test_one_that_dies_at_once_is_started_after_pauses_that_grow(workers: Workers) -> None:
    place, pauses = _Place(), list[float]()
    for now in range(100, 200, 10):
        place.began = now
        workers._defer(place, now + 1, "died")
        pauses.append(place.due - now - 1)
    assert pauses == [0, FIRST_PAUSE, 1, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]
    workers._defer(place, place.began + LONGEST_PAUSE + 1, "died")
    assert place.due == place.began + LONGEST_PAUSE + 1


def test_one_that_cannot_be_started_is_tried_again(workers: Workers, capsys: pytest.CaptureFixture[str]) -> None:
    place = _Place()
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    # So many are open that no pipe can be.
    spare = os.open(os.devnull, os.O_RDONLY)
    os.close(spare)
    resource.setrlimit(resource.RLIMIT_NOFILE, (spare, before[1]))
    try:
        workers._start(place, 100.0)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert place.process is None
    assert place.due == 100.0
    said = "feedsvc: a worker cannot be started (Too many open files); another one is started\n"
    assert capsys.readouterr().err == said


def test_faulty_settings_are_passed_on_to_nobody(workers: Workers, told: Told) -> None:
    os.kill(os.getpid(), signal.SIGHUP)
    (number,) = told.others()
    before = workers._worker
    workers._pass_on(number)
    assert workers._worker is before
