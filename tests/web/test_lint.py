"""Nothing that httplint and REDbot look for is wrong with any answer (https://redbot.org/)."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from house import House
from linting import complaints
from serving import FEEDS, Command, Service, ask, exchange

from feedsvc.config import Server
from feedsvc.pages import style_name
from feedsvc.web.protocol import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
STYLE = f"/static/{style_name}"
DOCUMENTS = [
    *(f"/{name}" for name in FEEDS),
    *(f"/tags/t/{name}" for name in FEEDS),
    "/rss.xml?format=feed",
    "/",
    "/tags/t/",
    "/before/b",
    "/articles/a",
    STYLE,
    "/media/dot.png",
    "/media/dot.svg",
    "/media/sound.mp3",
    "/media/large.mp3",
]
OTHERS = {
    "/feed/": 301,
    "/articles/old": 301,
    "/tags/t": 301,
    "/nothing": 404,
    "/tags/nobody/rss.xml": 404,
    "/articles/removed": 410,
    "/healthz": 200,
    "/readyz": 200,
}
UNFAIR = {
    # A picture that is opened by itself may have styles: those in an SVG, and those that a browser puts around any.
    # Nothing runs there, under `default-src 'none'` and `sandbox`; the note is about scripts.
    "/media/": {"CSP_UNSAFE_INLINE"},
    # sniffpy 1.0 knows sound only where it is not said to be any.
    "/media/sound.mp3": {"CSP_UNSAFE_INLINE", "CONTENT_TYPE_MISMATCH"},
    "/media/large.mp3": {"CSP_UNSAFE_INLINE", "CONTENT_TYPE_MISMATCH"},
}

MP3 = b"ID3\x04" + bytes(6)


def furnish(house: House) -> House:
    house.write("a.md", date="2026-01-03", tags="[T]", text="Words. " * 100)
    house.write("b.md", date="2026-01-04", text="![A dot](dot.png) ![A drawing](dot.svg)\n\n" + "Words. " * 100)
    house.write("removed.md")
    house.write("moved.md", slug="old")
    (house.content / "dot.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(400))
    (house.content / "dot.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg'>" + "<path d='M0 0h1'/>" * 50 + "</svg>", encoding="utf-8"
    )
    (house.content / "sound.mp3").write_bytes(MP3 + bytes(1000))
    (house.content / "large.mp3").write_bytes(MP3 + bytes(6 << 20))
    house.sync()
    house.remove("removed.md")
    house.write("moved.md", slug="new")
    house.sync_after(10)
    house.clock.now += 60
    return house


@pytest.fixture(scope="module", params=["httptools", Protocol], ids=["application", "lane"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    place = tmp_path_factory.mktemp("service")
    house = furnish(House(place / "content", str(place / "catalog.db")))
    made = Service(house, Server(burst=1), http=request.param)
    yield made
    made.stop()
    house.catalog.close()


def unfair(path: str) -> set[str]:
    return UNFAIR.get(path, UNFAIR["/media/"] if path.startswith("/media/") else set())


def status(service: Service, path: str, fields: Mapping[str, str] | None = None, *, method: str = "GET") -> int:
    """The status of an answer in which nothing is wrong."""
    sent = {"Host": "lantern.example", "User-Agent": "a test", "Connection": "close", **(fields or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    request = f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode()
    reply = exchange(service.port, request)
    assert not complaints(request, reply, now=service.house.clock()) - unfair(path), reply[:2000]
    return int(reply[9:12])


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "gzip;q=0, *"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_nothing_is_wrong_with_a_document(service: Service, path: str, coding: str, method: str) -> None:
    assert status(service, path, {"Accept-Encoding": coding}, method=method) == 200


@pytest.mark.parametrize("path", DOCUMENTS)
def test_nothing_is_wrong_with_a_304(service: Service, path: str) -> None:
    first = service.ask(path)
    assert status(service, path, {"If-None-Match": first["etag"]}) == 304
    if first.has("last-modified"):
        assert status(service, path, {"If-Modified-Since": first["last-modified"]}) == 304


@pytest.mark.parametrize("name", FEEDS)
def test_nothing_is_wrong_with_a_feed_s_page(service: Service, name: str) -> None:
    for method in ("GET", "HEAD"):
        assert status(service, f"/{name}", BROWSER | {"Accept-Encoding": "gzip"}, method=method) == 200
    etag = service.ask(f"/{name}", BROWSER)["etag"]
    assert status(service, f"/{name}", BROWSER | {"If-None-Match": etag}) == 304


@pytest.mark.parametrize("path", ["/media/sound.mp3", "/media/large.mp3"])
def test_nothing_is_wrong_with_a_part(service: Service, path: str) -> None:
    etag = service.ask(path, method="HEAD")["etag"]
    assert status(service, path, {"Range": "bytes=10-19", "If-Range": etag}) == 206
    assert status(service, path, {"Range": "bytes=99999999-"}) == 416


@pytest.mark.parametrize("path", OTHERS)
def test_nothing_is_wrong_with_other_answers(service: Service, path: str) -> None:
    for method in ("GET", "HEAD"):
        assert status(service, path, method=method) == OTHERS[path]


@pytest.mark.parametrize("path", ["/rss.xml", "/", "/nothing"])
def test_nothing_is_wrong_with_other_methods(service: Service, path: str) -> None:
    for method in ("POST", "DELETE"):
        assert status(service, path, method=method) == 405
    assert status(service, path, method="OPTIONS") == 204
    preflight = {
        "Origin": "https://a.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    assert status(service, path, preflight, method="OPTIONS") == 204
    assert status(service, "*", method="OPTIONS") == 204


@pytest.mark.parametrize("path", ["/rss.xml", "/tags/t/feed.json"])
def test_nothing_is_wrong_with_a_429(service: Service, path: str) -> None:
    somebody = {"X-Forwarded-For": "192.0.2.1"}
    assert [status(service, path, somebody) for _ in range(2)] == [200, 429]


def test_nothing_is_wrong_before_the_first_sync(house: House) -> None:
    service = Service(house)
    try:
        assert status(service, "/rss.xml") == status(service, "/readyz") == 503
    finally:
        service.stop()


def test_nothing_is_wrong_when_redbot_asks(tmp_path: Path) -> None:
    """REDbot asks for each address several times: for other codings, with validators, for parts."""
    house = furnish(House(tmp_path / "content", str(tmp_path / "unused.db")))
    house.catalog.close()
    with Command(house.content, "--database", str(tmp_path / "catalog.db")) as command:
        base = f"http://127.0.0.1:{command.ready().port}"
        lasting = re.findall(r'src="[^"]+(/media/dot\.[^"]+)"', ask(command.port, "/articles/b").body.decode())
        assert len(lasting) == 2
        paths = [*DOCUMENTS, *OTHERS, *lasting]
        asked = [(base + path, "") for path in paths] + [(f"{base}/{name}", BROWSER["Accept"]) for name in FEEDS]
        script = Path(__file__).with_name("redbot_asks.py")
        told = subprocess.run(
            [sys.executable, str(script)], input=json.dumps(asked), capture_output=True, text=True, check=True
        )
        found = [(url.removeprefix(base), set(notes)) for url, *notes in json.loads(told.stdout)]
    assert len(found) == len(asked)
    assert not [(path, notes - unfair(path)) for path, notes in found if notes - unfair(path)]
