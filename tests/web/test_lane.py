"""The lane says what the application says, byte for byte, and says it by itself where it may."""

from __future__ import annotations

import asyncio
import re
import socket
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from house import NOON, House
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from serving import Service, ask, exchange, until
from uvicorn.server import ServerState

from feedsvc.config import Server
from feedsvc.web import lane
from feedsvc.web.app import application
from feedsvc.web.conduct import Conduct
from feedsvc.web.protocol import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FEEDS = ("/rss.xml", "/atom.xml", "/feed.json", "/tags/%E5%AE%89%E5%85%A8/rss.xml")
FILTERS = ("/rss.xml?tag=birds&tag=%E5%AE%89%E5%85%A8", "/?not=birds")
KEPT = (*FEEDS, "/", "/articles/first", "/media/dot.png", *FILTERS)
TARGETS = (
    *KEPT,
    "/rss.xml?a=b",
    "/rss.xml?format=feed",
    f"{FILTERS[0]}&format=feed",
    "/rss.xml?tag=birds",
    "/rss.xml?tags=birds",
    "/rss.xml?not=nothing",
    "/rss.xml?",
    "/rss.xml#a",
    "//rss.xml",
    "/%72ss.xml",
    "/nothing",
    "/first.md",
    "/articles/nothing",
    "/articles/first/",
    "/feed/",
)
CODINGS = ("gzip", "br", "gzip, deflate, br", "gzip;q=0", "identity;q=0, br;q=0.1", "*", "", "nonsense;;", "\xe9")
DATES = ("Sat, 10 Jan 2026 12:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT", "never")
TYPES = ("*/*", "text/html", "application/atom+xml", "text/html,application/xhtml+xml,*/*;q=0.8", "")
OTHERS = (
    ("Range", "bytes=0-9"),
    ("If-Match", '"x"'),
    ("If-Range", '"x"'),
    ("If-Unmodified-Since", DATES[0]),
    ("Authorization", "Basic YTpi"),
    ("Content-Length", "0"),
    ("Expect", "100-continue"),
    ("Cookie", "a=b"),
    ("User-Agent", "a reader"),
    ("X-Forwarded-For", "192.0.2.1"),
    ("Connection", "keep-alive"),
    ("Sec-Fetch-Dest", "document"),
    ("Sec-Fetch-Dest", "empty"),
)


class Pair:
    """One catalog behind uvicorn's own protocol, and behind ours."""

    def __init__(self, house: House) -> None:
        self.app, self.lane = Service(house), Service(house, http=Protocol)
        self.etags = [
            ask(self.app.port, path, {"Accept-Encoding": coding})["etag"] for path in KEPT for coding in CODINGS
        ]
        for path in TARGETS:  # what is nowhere, or elsewhere, is known from the first time on too
            ask(self.lane.port, path)
        for path in KEPT:
            ask(self.lane.port, path)
            self.etags.append(ask(self.app.port, path, {"Accept": "text/html"})["etag"])
            ask(self.lane.port, path, {"Accept": "text/html"})

    def stop(self) -> None:
        self.app.stop()
        self.lane.stop()


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    place = tmp_path_factory.mktemp("lane")
    house = House(place / "content", str(place / "catalog.db"))
    house.write("first.md", date="2026-01-03", title="First", tags="[安全]", text="Words. " * 100)
    (house.content / "dot.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    house.write("second.md", date="2026-01-02", tags="[Birds]")
    house.sync()
    house.clock.now += 10
    made = Pair(house)
    yield made
    made.stop()


@st.composite
def requests(draw: st.DrawFn, etags: list[str], *, is_last: bool) -> bytes:
    """One request without a body, of any of the kinds that readers, caches and strangers send.

    Only the last may be one after which a server closes: what came behind such a one would reset the connection.
    """
    method = draw(st.sampled_from(["GET", "GET", "GET", "HEAD", "OPTIONS", "POST"]))
    fields = [("Host", "example.org")] * draw(st.sampled_from([1, 1, 1, 0, 2] if is_last else [1]))
    for name, values in (("Accept-Encoding", CODINGS), ("Accept", TYPES), ("If-Modified-Since", DATES)):
        fields += [(name, draw(st.sampled_from(values))) for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2])))]
    tags = [*etags, "*", '"other"', f"W/{etags[0]}", ", ".join(etags[:3]), "malformed"]
    fields += [("If-None-Match", draw(st.sampled_from(tags))) for _ in range(draw(st.sampled_from([0, 0, 1, 1, 1, 2])))]
    fields += draw(st.lists(st.sampled_from(OTHERS), max_size=2, unique_by=lambda each: each[0]))
    fields = [
        (draw(st.sampled_from([name, name.lower(), name.upper()])), value)
        for name, value in draw(st.permutations(fields))
    ]
    version = draw(st.sampled_from(["1.1", "1.1", "1.0"] if is_last else ["1.1"]))
    if is_last:
        fields.append(("Connection", "close"))
    lines = [
        f"{method} {draw(st.sampled_from(TARGETS))} HTTP/{version}",
        *(f"{name}: {value}" for name, value in fields),
    ]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")


LAST = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def said(port: int, parts: list[bytes]) -> bytes:
    """All that comes back for bytes that are sent in parts, until the other side closes."""
    found = b""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in parts:
            connection.sendall(part)
        while read := connection.recv(65536):
            found += read
    return found


@given(data=st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_both_ways_say_the_same_bytes_to_whatever_is_asked_in_whatever_pieces(pair: Pair, data: st.DataObject) -> None:
    asked = data.draw(st.lists(requests(pair.etags, is_last=False), max_size=4))
    asked = [each for each in asked for _ in range(data.draw(st.sampled_from([1, 1, 2])))]
    asked.append(data.draw(requests(pair.etags, is_last=True)))
    whole = b"".join(asked)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=3)))
    parts = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    if data.draw(st.booleans()):
        parts = asked
    assert said(pair.lane.port, parts) == said(pair.app.port, parts)


@pytest.mark.parametrize(("path", "status"), [("/nothing", 404), ("/articles/nothing", 404), ("/feed/", 301)])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_where_nothing_is_is_known_for_a_second_without_the_application(
    pair: Pair, path: str, status: int, method: str
) -> None:
    before = len(pair.lane.log.statuses)
    for _ in range(3):
        assert ask_again(pair.lane.port, path, {}, method) == status
    assert len(pair.lane.log.statuses) == before


@pytest.mark.parametrize("path", KEPT)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_poll_of_what_is_kept_never_reaches_the_application(pair: Pair, path: str, method: str) -> None:
    first = ask(pair.lane.port, path)
    before = len(pair.lane.log.statuses)
    for tag, status in (({}, 200), ({"If-None-Match": first["etag"]}, 304)):
        for _ in range(3):
            assert ask_again(pair.lane.port, path, tag, method) == status
    assert len(pair.lane.log.statuses) == before


def ask_again(port: int, path: str, fields: dict[str, str], method: str) -> int:
    """The status of an answer on a connection that could be kept."""
    lines = [f"{method} {path} HTTP/1.1", "Host: x", *(f"{name}: {value}" for name, value in fields.items())]
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall("".join(f"{line}\r\n" for line in [*lines, ""]).encode())
        return int(connection.recv(65536).split(b" ", 2)[1])


def test_a_document_that_changed_is_never_said_again(house: House) -> None:
    house.write("first.md", date="2026-01-03", title="First")
    house.sync()
    service = Service(house, http=Protocol)
    try:
        service.ask("/rss.xml")
        assert b"First" in service.ask("/rss.xml").body
        house.write("first.md", date="2026-01-03", title="Second")
        service.sync()
        assert b"Second" in service.ask("/rss.xml").body
    finally:
        service.stop()


def test_what_was_nowhere_is_there_as_soon_as_it_is_published(house: House) -> None:
    house.write("first.md", date="2026-01-03", title="First")
    house.write("later.md", date="2026-01-10T12:00:30Z", title="Later")
    house.sync()
    service = Service(house, http=Protocol)
    try:
        for _ in range(3):
            assert [service.ask(path).status for path in ("/articles/second", "/articles/later")] == [404, 404]
        house.write("second.md", date="2026-01-03", title="Second")
        service.sync()
        assert [service.ask(path).status for path in ("/articles/second", "/articles/later")] == [200, 404]
        house.clock.now = NOON + 30
        assert service.ask("/articles/later").status == 200
    finally:
        service.stop()


def test_an_article_that_comes_due_or_expires_is_there_and_gone_to_the_second(house: House) -> None:
    house.write("first.md", date="2026-01-10T12:00:05Z", title="Soon", expires="2026-01-10T12:00:07Z")
    house.sync()
    service = Service(house, http=Protocol)
    try:
        for seconds, is_there in ((0, False), (4, False), (1, True), (1, True), (1, False)):
            house.clock.now += seconds
            for _ in range(3):
                assert (b"Soon" in service.ask("/rss.xml").body) == is_there
    finally:
        service.stop()


def test_of_one_target_so_many_kinds_of_requests_are_known_and_no_more(pair: Pair) -> None:
    for number in range(lane.VARIANTS + 10):
        ask(pair.lane.port, "/atom.xml", {"Accept": f"text/x-{number}"})
    before = len(pair.lane.log.statuses)
    assert ask(pair.lane.port, "/atom.xml", {"Accept": "text/one-more"}).status == 200
    assert len(pair.lane.log.statuses) == before + 1


def test_a_log_has_the_same_lines_of_both_ways(house: House, tmp_path: Path) -> None:
    house.write("first.md", date="2026-01-03", title="First")
    house.sync()
    lines = {}
    for name, http in (("app", "httptools"), ("lane", Protocol)):
        log = tmp_path / name
        service = Service(house, Server(access_log=str(log)), http=http)
        for _ in range(2):
            etag = service.ask("/rss.xml")["etag"]
        for method, path, fields in (
            ("GET", "/rss.xml", {"User-Agent": "a reader", "Referer": "https://example.org/"}),
            ("GET", "/rss.xml", {"User-Agent": "a reader", "If-None-Match": etag, "X-Forwarded-For": "192.0.2.1"}),
            ("GET", "/rss.xml", {"If-None-Match": etag}),
            ("HEAD", "/rss.xml", {}),
        ):
            for _ in range(3):
                ask_again(service.port, path, fields, method)
        service.stop()
        lines[name] = [re.sub(r"\[.*?\]", "[]", line) for line in log.read_text("utf-8").splitlines()]
        assert len(service.log.statuses) == (
            14 if name == "app" else 4
        )  # the first, and what a proxy asks for somebody
    assert lines["app"] == lines["lane"]


class Wire(asyncio.Transport):
    """The other side of a connection from somewhere else."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address
        self.written: list[bytes] = []

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": (self._address, 5000), "sockname": ("192.0.2.80", 80)}.get(name, default)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def is_closing(self) -> bool:
        return False


class Closing(Wire):
    """One of which its protocol has not been told yet that it has closed; to do anything with it would raise."""

    def is_closing(self) -> bool:
        return True

    def get_write_buffer_size(self) -> int:
        return 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        raise RuntimeError(data)


def test_a_connection_that_has_just_closed_in_the_middle_of_a_request_is_left_alone(house: House) -> None:
    async def look() -> None:
        app = application(house.catalog, clock=house.clock)
        config = uvicorn.Config(app, log_config=None, ws="none")
        config.load()
        async with app.router.lifespan_context(app) as state:
            protocol = Protocol(config, ServerState(), dict(state or {}), asyncio.get_running_loop())
            protocol.connection_made(Closing("192.0.2.1"))
            protocol.data_received(b"GET /rss")
            protocol.look(1_000, Server())
            protocol.data_received(b" nonsense\r\n\r\n")

    asyncio.run(look())


async def statuses(house: House, address: str, requests: list[bytes]) -> list[int]:
    """What somebody from an address is answered."""
    app = application(house.catalog, clock=house.clock, conduct=Conduct(Server(burst=3)))
    config = uvicorn.Config(app, log_config=None, ws="none")
    config.load()
    async with app.router.lifespan_context(app) as state:
        wire = Wire(address)
        server = ServerState()
        protocol = Protocol(config, server, dict(state or {}), asyncio.get_running_loop())
        protocol.connection_made(wire)
        found: list[int] = []
        for request in requests:
            wire.written.clear()
            protocol.data_received(request)
            await asyncio.gather(*server.tasks)
            found.append(int(wire.written[0].split(b" ", 2)[1]))
        return found


def test_who_asks_too_often_is_told_so_by_both_ways_alike(house: House) -> None:
    house.write("first.md", date="2026-01-03", title="First")
    house.sync()
    whole = b"GET /rss.xml HTTP/1.1\r\nHost: x\r\n\r\n"
    page = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    head = whole.replace(b"GET", b"HEAD")
    conditional = whole[:-2] + b'If-None-Match: "x"\r\n\r\n'
    for address, expected in (("192.0.2.1", 429), ("127.0.0.1", 200)):
        asked = [whole] * 5 + [head, page, page, page, page, page, conditional, whole]
        found = asyncio.run(statuses(house, address, asked))
        assert found == [200, 200, 200, expected, expected, 200, 200, 200, 200, 200, 200, 200, expected]


def test_a_client_that_takes_nothing_is_not_written_to_without_end(pair: Pair) -> None:
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", pair.lane.port))
        connection.settimeout(20)
        connection.sendall(b"GET /rss.xml HTTP/1.1\r\nHost: x\r\n\r\n" * 14 + LAST)
        read = b""
        while more := connection.recv(4096):
            read += more
    assert read.count(b"HTTP/1.1 200 OK") == 15
    assert exchange(pair.lane.port, LAST).count(b"HTTP/1.1 200 OK") == 1
    until(lambda: not pair.lane._server.server_state.connections)
