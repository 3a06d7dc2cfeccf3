"""A flood of filters, no two alike, while readers poll what they always poll."""

from __future__ import annotations

import http.client
import threading
import time
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from serving import Command

if TYPE_CHECKING:
    from collections.abc import Iterator

TAGS, ARTICLES, WORDS = 16, 120, 400
SECONDS, FLOODERS = 3.0, 8


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Command]:
    content = tmp_path / "content"
    content.mkdir()
    for number in range(ARTICLES):
        tags = ", ".join(f"t{each}" for each in range(TAGS) if number >> (each % 7) & 1 or number % TAGS == each)
        text = " ".join(f"word{each * number}" for each in range(WORDS))
        head = f"title: Article {number}\ndate: 2025-01-{number % 28 + 1:02}\ntags: [{tags}]"
        (content / f"{number}.md").write_text(f"---\n{head}\n---\n{text}\n", encoding="utf-8")
    with Command(content) as command:
        yield command.ready()


class Asker:
    """Asks on one connection, as readers and proxies do."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.statuses: list[int] = []
        self.seconds: list[float] = []

    def close(self) -> None:
        self._connection.close()

    def ask(self, path: str, **fields: str) -> http.client.HTTPResponse:
        began = time.perf_counter()
        self._connection.request("GET", path, headers=fields)
        reply = self._connection.getresponse()
        reply.read()
        self.seconds.append(time.perf_counter() - began)
        self.statuses.append(reply.status)
        return reply


def memory(process: int) -> int:
    """What a process has in memory now, in bytes (Linux)."""
    line = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024


def polled(port: int, until: float) -> Asker:
    reader = Asker(port)
    etags: dict[str, str] = {}
    while time.monotonic() < until:
        for path in ("/atom.xml", "/rss.xml", "/feed.json", "/tags/t1/atom.xml"):
            reply = reader.ask(path, **({"If-None-Match": etags[path]} if path in etags else {}))
            etags[path] = reply.headers["ETag"]
            time.sleep(0.004)
    reader.close()
    return reader


def test_a_flood_of_filters_keeps_nobody_waiting(site: Command) -> None:
    choices = (three for size in (2, 3, 4) for three in combinations([f"t{each}" for each in range(TAGS)], size))
    targets = iter(
        [f"/{name}?" + "&".join(f"tag={tag}" for tag in sorted(each)) for each in choices for name in ("atom.xml", "")]
    )
    alone = threading.Lock()
    kept = polled(site.port, time.monotonic() + 0.5)
    is_over = threading.Event()
    flooders = [Asker(site.port) for _ in range(FLOODERS * 4)]
    grown: list[int] = []

    def flood(asker: Asker) -> None:
        while not is_over.is_set():
            with alone:
                target = next(targets, None)
            if target is None:
                break
            asker.ask(target)
            if asker.statuses[-1] == 503:
                time.sleep(0.1)
        asker.close()

    threads = [threading.Thread(target=flood, args=(asker,)) for asker in flooders]
    for thread in threads:
        thread.start()
    middle = polled(site.port, time.monotonic() + SECONDS)
    grown.append(memory(site.process.pid))
    others = Asker(site.port)
    for number in range(TAGS):
        others.ask(f"/tags/t{number}/rss.xml")
    others.close()
    after = polled(site.port, time.monotonic() + SECONDS)
    grown.append(memory(site.process.pid))
    is_over.set()
    for thread in threads:
        thread.join()
    statuses = [status for asker in flooders for status in asker.statuses]
    polls = sorted(middle.seconds + after.seconds)
    assert set(statuses) <= {200, 503}
    assert statuses.count(200) >= FLOODERS
    # What was kept was kept, and what had to be made did not wait behind the filters.
    assert kept.statuses.count(200) == middle.statuses.count(200) == after.statuses.count(200) == 4
    assert set(middle.statuses + after.statuses) == {200, 304}
    assert set(others.statuses) == {200}
    # In a row with the filters each would wait for several seconds.
    assert max(others.seconds + polls[: int(len(polls) * 0.99)]) < 2.0
    assert grown[1] - grown[0] < 64 * 1024 * 1024
    assert site.ask("/atom.xml?tag=t1&tag=t2").status == 200
