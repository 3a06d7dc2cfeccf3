"""What a connection is refused, and when it is closed: whatever one client does, there is room for the others."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from house import House
from serving import Service, exchange, until
from uvicorn.server import ServerState

from feedsvc.config import Server
from feedsvc.web.conduct import Conduct
from feedsvc.web.protocol import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Receive, Scope, Send

GET = b"GET /rss.xml HTTP/1.1\r\nHost: x\r\n"
LIMITS = Server(connection_limit=8, head_limit=2_000, request_timeout=1, stall_timeout=1, idle_timeout=2)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    place = tmp_path_factory.mktemp("protocol")
    house = House(place / "content", str(place / "catalog.db"))
    for number in range(12):
        house.write(f"{number}.md", date="2026-01-03", title=f"Article {number}", text="Words. " * 20_000)
    house.sync()
    made = Service(house, LIMITS, http=Protocol)
    made.ask("/rss.xml")
    yield made
    made.stop()


def opened(service: Service) -> socket.socket:
    return socket.create_connection(("127.0.0.1", service.port), timeout=30)


def rest(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    found = b""
    with contextlib.suppress(ConnectionError):
        while read := connection.recv(65536):
            found += read
    return found


def is_refused(answer: bytes, status: int) -> bool:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"connection: close" in head
    assert b"cache-control: no-store" in head
    assert f"content-length: {len(body)}".encode() in head
    return body.endswith(b".\n")


def test_a_connection_without_a_request_is_closed_in_time(service: Service) -> None:
    with opened(service) as connection:
        assert rest(connection) == b""


def test_one_that_had_an_answer_is_closed_in_time_too(service: Service) -> None:
    for path in (b"/rss.xml", b"/nothing"):
        with opened(service) as connection:
            connection.sendall(b"HEAD %b HTTP/1.1\r\nHost: x\r\n\r\n" % path)
            assert rest(connection).count(b"HTTP/1.1 ") == 1


def test_a_request_that_comes_too_slowly_is_refused(service: Service) -> None:
    with opened(service) as connection:
        connection.sendall(GET)
        assert is_refused(rest(connection), 408)


def test_so_is_one_whose_body_never_ends(service: Service) -> None:
    with opened(service) as connection:
        connection.sendall(GET + b"Content-Length: 1000000\r\n\r\nx")
        assert rest(connection).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    "sent",
    [
        GET + b"X: " + b"a" * 3_000 + b"\r\n\r\n",
        GET + b"".join(b"X-%d: a\r\n" % number for number in range(300)) + b"\r\n",
        GET + b"X: " + b"a" * 100_000,
        GET + b"X" * 100_000,
        GET + b"\r\n" + GET + b"X" * 100_000,
    ],
)
def test_a_head_that_is_too_long_is_refused_before_it_is_all_there(service: Service, sent: bytes) -> None:
    answer = exchange(service.port, sent)
    assert is_refused(answer[answer.rindex(b"HTTP/1.1 ") :], 431)


def test_a_target_that_is_too_long_is_refused(service: Service) -> None:
    assert is_refused(exchange(service.port, b"GET /" + b"a" * 1_500 + b" HTTP/1.1\r\nHost: x\r\n\r\n"), 414)


@pytest.mark.parametrize(
    "sent", [b"\x16\x03\x01\x02\x00\x01", b"GET rss.xml HTTP/1.1\r\n\r\n", GET + b"a b: c\r\n\r\n"]
)
def test_what_is_no_request_is_refused_in_words(service: Service, sent: bytes) -> None:
    assert is_refused(exchange(service.port, sent), 400)


def test_what_follows_an_answer_and_is_no_request_is_refused_behind_it(service: Service) -> None:
    answer = exchange(service.port, GET + b"\r\n\x00\x00")
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert is_refused(answer[answer.rindex(b"HTTP/1.1 ") :], 400)


def test_what_is_no_request_never_cuts_the_answer_before_it(service: Service) -> None:
    answer = exchange(service.port, b"GET /nothing?a HTTP/1.1\r\nHost: x\r\n\r\n\x00\x00")
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert answer.endswith(b"</html>")


def test_of_requests_that_are_sent_without_waiting_so_many_are_answered_and_in_their_order(service: Service) -> None:
    answers = exchange(service.port, b"GET /nothing?a HTTP/1.1\r\nHost: x\r\n\r\n" * 30)
    assert answers.count(b"HTTP/1.1 404 ") == 17
    assert answers.endswith(b"</html>")


def test_an_upgrade_is_not_taken_and_its_request_is_answered(service: Service) -> None:
    sent = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n"
    answer = exchange(service.port, GET + sent + GET + b"\r\n")
    assert answer.count(b"HTTP/1.1 200 OK") == 1
    assert b"connection: close" in answer


def test_fields_behind_a_body_count_for_nothing(service: Service) -> None:
    body = b"Transfer-Encoding: chunked\r\n\r\n0\r\nIf-None-Match: *\r\n\r\n"
    assert exchange(service.port, GET + body).startswith(b"HTTP/1.1 200 OK")


CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("head", "then"),
    [
        (b"Content-Length: 100\r\n\r\n", b"x"),
        (b"Content-Length: 1000000\r\n\r\n", b"x" * 900_000),
        (CHUNKED, b"zz\r\n"),
        (CHUNKED, b"5\r\nabcdefg\r\n"),
        (CHUNKED, b"5;" + b"x" * 100_000),
        (CHUNKED, b"0\r\nX: " + b"x" * 100_000),
        (CHUNKED, b"0\r\n" + b"X: y\r\n" * 30_000),
        (CHUNKED, b"2000\r\n%b\r\n" % (b"x" * 8192) * 20),
    ],
    ids=lambda each: repr(each)[:30],
)
def test_a_request_that_has_its_answer_gets_no_second_one_whatever_its_body_is(
    service: Service, head: bytes, then: bytes
) -> None:
    with opened(service) as connection:
        connection.sendall(b"GET /nothing HTTP/1.1\r\nHost: x\r\n" + head)
        answer = connection.recv(65536)
        assert answer.startswith(b"HTTP/1.1 404 ")
        assert b"connection: close" not in answer
        with contextlib.suppress(ConnectionError):
            connection.sendall(then)
        assert b"HTTP/1.1" not in answer[1:] + rest(connection)


@pytest.mark.parametrize(
    "fields",
    [
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n",
        b'Transfer-Encoding: "chunked"\r\n',
        b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
    ],
)
def test_a_body_whose_end_others_may_see_elsewhere_is_refused(service: Service, fields: bytes) -> None:
    assert is_refused(exchange(service.port, GET + fields + b"\r\n0\r\n\r\n" + GET + b"\r\n"), 400)


@pytest.mark.parametrize("version", [b"HTTP/0.9", b"HTTP/2.0"])
def test_so_is_a_version_that_is_none_of_ours(service: Service, version: bytes) -> None:
    assert is_refused(exchange(service.port, GET.replace(b"HTTP/1.1", version) + b"\r\n"), 400)


@pytest.mark.parametrize(
    "host", [b"a b", b"a/b", b"a@b", b"a, b", b"\xff", b"<a>", b"a:b", b"[a", b"[::1]x", b"a" * 600]
)
@pytest.mark.parametrize("path", [b"/rss.xml", b"/rss.xml?a", b"/nothing"])
def test_so_is_a_host_that_can_be_none(service: Service, host: bytes, path: bytes) -> None:
    answer = exchange(service.port, b"GET %b HTTP/1.1\r\nHost: %b\r\n\r\n" % (path, host))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("host", [b"", b"a", b"A.example:8000", b"a_b", b"127.0.0.1:1", b"[::1]:8000", b"xn--a%20"])
def test_a_host_that_can_be_one_is_nobody_s_business(service: Service, host: bytes) -> None:
    sent = b"GET /rss.xml HTTP/1.1\r\nHost: %b\r\nConnection: close\r\n\r\n" % host
    assert exchange(service.port, sent).startswith(b"HTTP/1.1 200 OK")


def test_one_connection_too_many_is_refused_until_there_is_room(service: Service) -> None:
    until(lambda: not service._server.server_state.connections)
    with contextlib.ExitStack() as stack:
        for _ in range(LIMITS.connection_limit):
            stack.enter_context(opened(service))
        until(lambda: len(service._server.server_state.connections) == LIMITS.connection_limit)
        refused = exchange(service.port, b"")
        assert is_refused(refused, 503)
        assert b"retry-after: " in refused
        until(lambda: exchange(service.port, GET + b"Connection: close\r\n\r\n").startswith(b"HTTP/1.1 200 OK"))


@pytest.mark.parametrize("path", [b"/rss.xml", b"/feed.json"])
def test_a_client_that_takes_nothing_of_what_it_asked_for_is_let_go_of(service: Service, path: bytes) -> None:
    until(lambda: not service._server.server_state.connections)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", service.port))
        connection.sendall(b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % path * 8)
        until(lambda: service._server.server_state.connections)
        until(lambda: not service._server.server_state.connections)


class Wire(asyncio.Transport):
    """The other side of a connection, which takes what it likes.

    Attributes:
        left: bytes that it has not taken yet.
        is_cut: whether the connection was closed by us.
    """

    def __init__(self) -> None:
        super().__init__()
        self.left = 0
        self.is_cut = False
        self.written = b""

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": ("192.0.2.1", 5000), "sockname": ("192.0.2.80", 80)}.get(name, default)

    def get_write_buffer_size(self) -> int:
        return self.left

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.is_cut

    def abort(self) -> None:
        self.is_cut = True

    def close(self) -> None:
        self.is_cut = True


def connected(app: ASGIApp, wire: Wire, limits: Server) -> Protocol:
    config = uvicorn.Config(app, log_config=None, ws="none")
    config.load()
    protocol = Protocol(config, ServerState(), {"conduct": Conduct(limits), "lane": None})
    protocol.connection_made(wire)
    return protocol


async def answering_late(wire: Wire, limits: Server) -> None:
    come = asyncio.Event()

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"8")]})
        await come.wait()
        await send({"type": "http.response.body", "body": b"all of it"[:8]})

    protocol = connected(app, wire, limits)
    protocol.data_received(GET + b"\r\n" + GET)
    await asyncio.sleep(0)
    for now in range(1, 100):
        protocol.look(now, limits)
        assert not wire.is_cut
    come.set()
    await asyncio.gather(*protocol.tasks)


async def ended_before_it_is_heard(wire: Wire) -> bool:
    """Whether a connection is left open until what waits to be read of it must have been read."""

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise NotImplementedError

    protocol = connected(app, wire, Server())
    protocol.shutdown()
    is_left = not wire.is_cut
    await asyncio.sleep(0.5)
    return is_left


def test_at_the_end_who_was_let_in_only_now_is_heard_before_the_connection_is_closed() -> None:
    wire = Wire()
    assert asyncio.run(ended_before_it_is_heard(wire))
    assert wire.is_cut


def test_an_answer_is_not_cut_because_the_next_request_never_comes_whole() -> None:
    wire = Wire()
    asyncio.run(answering_late(wire, Server(request_timeout=10)))
    assert wire.written.endswith(b"all of i")
    assert wire.written.count(b"HTTP/1.1 ") == 1
    assert wire.is_cut


async def standing_still(wire: Wire, limits: Server) -> None:
    async def nobody(_scope: Scope, _receive: Receive, _send: Send) -> None:
        """Is asked nothing."""

    protocol = connected(nobody, wire, limits)
    for now, left, is_cut in ((1, 700, False), (2, 0, False), (60, 700, False), (90, 700, False), (91, 700, True)):
        wire.left = left
        protocol.look(now, limits)
        assert wire.is_cut == is_cut


def test_one_who_leaves_as_much_untaken_of_a_later_answer_as_of_an_earlier_one_has_not_stood_still() -> None:
    asyncio.run(standing_still(Wire(), Server(stall_timeout=30)))
