"""Readers who ask for the same documents all the time, and note what goes wrong."""

from __future__ import annotations

import http.client
import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from serving import FEEDS, ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serving import Reply


@dataclass
class Polls:
    """What came of asking.

    Attributes:
        port: where to ask.
        etags: what each feed is to have.
        count: how many whole answers came.
        failed: what came instead.
    """

    port: int
    etags: dict[str, str]
    count: int = 0
    failed: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def ask_on_and_on(self, name: str) -> None:
        """Each time on a connection of its own."""
        while not self.stop.is_set():
            try:
                self._judge(name, ask(self.port, f"/{name}"))
            except ConnectionRefusedError:
                return  # it has ended: nobody was let in
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(f"{name}: {error!r}")
            time.sleep(0.002)

    def ask_on_one_connection(self, name: str) -> None:
        """Keeps its connection as long as it is left open; opens another one where it was closed between answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while not self.stop.is_set():
            try:
                connection.request("GET", f"/{name}", headers={"If-None-Match": self.etags[name]})
                reply = connection.getresponse()
                reply.read()
                if reply.status != 304:
                    self.failed.append(f"{name}: {reply.status}")
                self.count += 1
            except ConnectionRefusedError:
                return
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(f"{name}: {error!r} on a connection that was open")
                connection.close()
            time.sleep(0.002)
        connection.close()

    def _judge(self, name: str, reply: Reply) -> None:
        if reply.status != 200:
            self.failed.append(f"{name}: {reply.status}")
        else:
            well_formed(name, reply.body)
            if reply["etag"] != self.etags[name]:
                self.failed.append(f"{name}: another one")
        self.count += 1


def well_formed(name: str, body: bytes) -> None:
    """Raises where a feed is none."""
    if name.endswith("json"):
        json.loads(body)
    else:
        ET.fromstring(body)  # noqa: S314 - our own feed


@contextmanager
def polled(port: int, *, readers: int = 3) -> Iterator[Polls]:
    """Readers of each feed meanwhile; each on connections of its own, and one more on one that it keeps."""
    polls = Polls(port, {name: ask(port, f"/{name}")["etag"] for name in FEEDS})
    threads = [
        threading.Thread(target=polls.ask_on_and_on, args=(FEEDS[number % len(FEEDS)],)) for number in range(readers)
    ]
    threads.append(threading.Thread(target=polls.ask_on_one_connection, args=("rss.xml",)))
    for thread in threads:
        thread.start()
    try:
        yield polls
    finally:
        polls.stop.set()
        for thread in threads:
            thread.join()
