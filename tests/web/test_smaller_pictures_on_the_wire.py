"""Smaller pictures as browsers and strangers ask for them, over sockets."""

from __future__ import annotations

import http.client
import threading
import time
from typing import TYPE_CHECKING

import pytest
from picturing import grain, jpeg, opened, written
from serving import Command, Service, ask

from feedsvc.text.renditions import WIDTHS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from house import House

SECONDS = 3.0


@pytest.fixture
def service(house: House) -> Iterator[Service]:
    (house.content / "owl.jpg").write_bytes(jpeg())
    (house.content / "cut.jpg").write_bytes(jpeg((1000, 700))[:-5000])
    house.write("a.md", text="![](owl.jpg)\n\n![](cut.jpg)")
    house.sync()
    made = Service(house)
    yield made
    made.stop()


def address(house: House, file: str) -> str:
    with house.catalog.snapshot() as snapshot:
        stored = snapshot.media(file)
    assert stored is not None
    return f"/media/{file[:-4]}.{stored.digest[:10]}{file[-4:]}"


def test_a_cache_keeps_it_for_a_year_and_never_asks_again(service: Service) -> None:
    path = f"{address(service.house, 'owl.jpg')}.640w.webp"
    reply = service.ask(path)
    assert reply.status == 200
    assert reply["content-type"] == "image/webp"
    assert reply["cache-control"] == "max-age=31536000, immutable"
    assert reply["access-control-allow-origin"] == "*"
    assert reply["x-content-type-options"] == "nosniff"
    assert opened(reply.body).size == (640, 480)
    assert not reply.has("content-encoding")


def test_it_is_asked_for_as_any_document(service: Service) -> None:
    path = f"{address(service.house, 'owl.jpg')}.320w.webp"
    head = service.ask(path, method="HEAD")  # makes it
    whole = service.ask(path)
    assert (head.status, head.body) == (200, b"")
    assert head.lasting == whole.lasting
    assert int(head["content-length"]) == len(whole.body)
    unchanged = service.ask(path, {"If-None-Match": whole["etag"]})
    assert (unchanged.status, unchanged.body) == (304, b"")
    assert unchanged["cache-control"] == whole["cache-control"]
    assert service.ask(path, {"If-Modified-Since": whole["last-modified"]}).status == 304
    part = service.ask(path, {"Range": "bytes=0-9"})  # of pictures nobody asks for parts
    assert (part.status, part.body) == (200, whole.body)


@pytest.mark.parametrize("wrong", ["960w.webp", "641w.webp", "640w.avif", "640w"])
def test_what_there_is_not_is_not_found(service: Service, wrong: str) -> None:
    assert service.ask(f"{address(service.house, 'owl.jpg')}.{wrong}").status == 404


def test_a_query_changes_nothing(service: Service) -> None:
    path = f"{address(service.house, 'owl.jpg')}.320w.webp"
    assert service.ask(f"{path}?w=9999").body == service.ask(path).body


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_broken_one_leads_to_the_whole(service: Service, method: str) -> None:
    path = address(service.house, "cut.jpg")
    reply = service.ask(f"{path}.640w.webp", method=method)
    assert (reply.status, reply["location"]) == (301, f"https://lantern.example{path}")
    assert reply["cache-control"] == "max-age=10"
    assert service.ask(path).body == jpeg((1000, 700))[:-5000]


class Flood:
    """Asks for every width of many pictures at once, and for widths that there are not."""

    def __init__(self, port: int, paths: list[str]) -> None:
        self.statuses: list[int] = []
        self._port = port
        self._targets = iter([f"{path}.{width}w.webp" for width in (*WIDTHS, *range(1, 40)) for path in paths])
        self._alone = threading.Lock()
        self.threads = [threading.Thread(target=self._ask) for _ in range(40)]

    def _ask(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        while True:
            with self._alone:
                target = next(self._targets, None)
            if target is None:
                break
            connection.request("GET", target)
            reply = connection.getresponse()
            reply.read()
            self.statuses.append(reply.status)
        connection.close()


def test_a_flood_of_widths_keeps_nobody_waiting(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    for number in range(12):
        (content / f"{number}.jpg").write_bytes(written(grain((1600, 1000 + number)), "JPEG"))
        text = (
            f"---\ntitle: Article {number}\ndate: 2025-01-{number + 1:02}\ntags: [t{number}]\n---\n![]({number}.jpg)\n"
        )
        (content / f"{number}.md").write_text(text, encoding="utf-8")
    with Command(content) as command:
        command.ready()
        port = command.port
        pages = [ask(port, f"/articles/{number}").body.decode() for number in range(12)]
        paths = [page.partition('class="content')[2].partition("/media/")[2].partition('"')[0] for page in pages]
        flood = Flood(port, [f"/media/{path}" for path in paths])
        for thread in flood.threads:
            thread.start()
        took: list[float] = []
        for number in range(12):
            for path in ("/atom.xml", f"/tags/t{number}/rss.xml", f"/tags/t{number}/"):
                began = time.perf_counter()
                assert ask(port, path).status == 200
                took.append(time.perf_counter() - began)
        for thread in flood.threads:
            thread.join()
        assert set(flood.statuses) <= {200, 301, 404}
        assert flood.statuses.count(200) >= 5
        assert flood.statuses.count(404) >= 12 * 39  # 1920, which is wider than they are, waits with the others
        # Behind the pictures, most of which take a tenth of a second, each would wait for many seconds.
        assert max(took) < SECONDS
