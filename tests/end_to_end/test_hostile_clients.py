"""Whatever is sent to it, it answers as it should or hangs up; it never fails, and goes on for all others."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import struct
import time
from typing import TYPE_CHECKING

import pytest
from hostile_requests import CASES, HONEST, WORD, Case
from serving import CONTENT, FEEDS, READINGS, Command, exchange

if TYPE_CHECKING:
    from collections.abc import Iterator

POLL = b"GET /rss.xml HTTP/1.1\r\nHost: x\r\n\r\n"
END = b"Host: x\r\nConnection: close\r\n\r\n"

# Paths of which none is anybody's.
PATHS = (
    b"/..%2f..%2fetc/passwd",
    b"/../../etc/passwd",
    b"/%2e%2e/%2e%2e/etc/passwd",
    b"/media/../feedsvc.toml",
    b"/media/..%2ffeedsvc.toml",
    b"/media/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    b"/media//etc/passwd",
    b"/media/.feedsvc/catalog.db",
    b"/media/%2efeedsvc/catalog.db",
    b"/media/%00",
    b"/media/" + b"a/" * 3_000,
    b"/static/",
    b"/static/../rss.xml",
    b"/static%2fsite.css",
    b"/%00",
    b"/rss.xml%00",
    b"/rss.xml/",
    b"/rss.xml;a=b",
    b"//rss.xml",
    b"/%ff%fe",
    b"/tags/%ff/",
    b"/tags/%00/rss.xml",
    b"/tags//rss.xml",
    b"/tags/%2e%2e/rss.xml",
    b"/tags/%3Cscript%3Ealert(1)%3C%2Fscript%3E/",
    b"/tags/x%0d%0aSet-Cookie:%20a=b/",
    b"/tags/" + b"x" * 5000 + b"/rss.xml",
    b"/articles/",
    b"/articles/%ed%a0%80",
    b"/articles/x%0d%0aSet-Cookie:%20a=b",
    b"/articles/%F0%9F%92%A9",
    b"/articles/'%20OR%201=1%20--",
    b"/before/%00",
    b"/before/a/b",
    b"/before/" + b"%41" * 2_500,
    b"/%",
    b"/%zz",
    b"/{{7*7}}",
)

# Requests that are none.
NONSENSE = (
    b"\x00" * 100,
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET /\x00 HTTP/1.1\r\n" + END,
    b"GET /\xff\xfe HTTP/1.1\r\n" + END,
    b"GET rss.xml HTTP/1.1\r\n" + END,
    b"GET /rss.xml HTTP/9.9\r\n" + END,
    b"get /rss.xml HTTP/1.1\r\n" + END,
    b"NONSENSE /rss.xml HTTP/1.1\r\n" + END,
    b"CONNECT evil.test:443 HTTP/1.1\r\n" + END,
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET /rss.xml HTTP/1.1\r\n\r\n",
    b"GET /rss.xml HTTP/1.1\r\nHost: a\r\n" + END,
    b"GET /rss.xml HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n" + END,
    b"GET /rss.xml HTTP/1.1\r\nContent-Length: -1\r\n" + END,
    b"GET /rss.xml HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n" + END,
    b"GET /rss.xml HTTP/1.1\r\nBad Name: x\r\n" + END,
    b"GET /rss.xml HTTP/1.1\r\nX: a\x00b\r\n" + END,
    b"GET /rss.xml HTTP/1.1\r\nno colon\r\n" + END,
    b"GET /rss.xml HTTP/1.1\r\n folded: x\r\n" + END,
)

# Requests that take more than one may.
TOO_LONG = (
    (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n" + END, 414),
    (b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n" + END, 414),
    (b"GET /?" + b"a" * 200_000 + b" HTTP/1.1\r\n" + END, 414),
    (b"GET /rss.xml HTTP/1.1\r\nCookie: " + b"a=b;" * 10_000 + b"\r\n" + END, 431),
    (b"GET /rss.xml HTTP/1.1\r\n" + b"X-Filler: y\r\n" * 5_000 + END, 431),
    (b"GET /rss.xml HTTP/1.1\r\n" + b"X" * 100_000 + b": y\r\n" + END, 431),
)

# Fields that ask for nothing a feed gives, or are wrong in ways that are to be ignored.
IGNORED = (
    b"If-None-Match: " + b'"a", ' * 3_000 + b"\r\n",
    b"If-None-Match: " + b"," * 15_000 + b"x\r\n",
    b"If-None-Match: " + b" " * 15_000 + b"x\r\n",
    b"If-None-Match: " + b'"' * 15_000 + b"\r\n",
    b'If-None-Match: "\xff"\r\n',
    b"If-Modified-Since: Mon, 99 Foo 9999 99:99:99 GMT\r\n",
    b"If-Modified-Since: Mon, 01 Jan 0000 00:00:00 GMT\r\n",
    b"If-Modified-Since: Mon, 31 Feb 2026 00:00:00 GMT\r\n",
    b"If-Modified-Since: 1768046400\r\n",
    b"If-Modified-Since: \xff\xfe\r\n",
    b'If-Match: "nothing"\r\n',
    b"Accept-Encoding: " + b"identity;q=0.5, " * 900 + b"\r\n",
    b"Accept-Encoding: identity;q=nan, gzip;q=1e9, br;q=-1, *;q=\r\n",
    b"Accept: text/nothing;q=0\r\n",
    b"Accept-Language: \x80\r\n",
    b"Range: bytes=0-10\r\n",
    b"Range: bytes=" + b"0-1," * 3_500 + b"\r\n",
    b"A-IM: feed\r\n",
    b"Content-Length: 10\r\n",
    b"Expect: 100-continue\r\nContent-Length: 3\r\n",
    b"Upgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n",
    b"Upgrade: h2c\r\nHTTP2-Settings: x\r\n",
    b"X-HTTP-Method-Override: DELETE\r\nX-Original-URL: /evil\r\nX-Forwarded-Prefix: /evil\r\n",
    b"Cookie: " + b"a=b;" * 3_500 + b"\r\n",
    b"".join(b"X-%d: y\r\n" % number for number in range(1200)),
)


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    content = tmp_path_factory.mktemp("site") / "content"
    shutil.copytree(CONTENT, content, ignore=shutil.ignore_patterns(".feedsvc"))
    with Command(content) as started:
        started.ready()
        before = {name: started.ask(f"/{name}").body for name in FEEDS}
        yield started
        assert "Traceback" not in started.output
        for name, body in before.items():
            assert started.ask(f"/{name}").body == body
            assert READINGS[name](body).items
        assert started.ask("/readyz").body == b'{"ready":true,"troubles":[]}'


def status(reply: bytes) -> int:
    """The status of the only answer there is; 0 where the server only hung up."""
    found = re.findall(rb"^HTTP/1\.1 ([0-9]{3}) ", reply, re.MULTILINE)
    assert len(found) <= 1
    return int(found[0]) if found else 0


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:40].decode("latin-1"))
@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
def test_there_is_nothing_at_an_address_that_nobody_gave(command: Command, path: bytes, method: bytes) -> None:
    reply = exchange(command.port, b"%s %s HTTP/1.1\r\n%s" % (method, path, END))
    assert status(reply) == 404
    head = reply.partition(b"\r\n\r\n")[0].lower()
    assert head.count(b"\r\nvary: accept-encoding") == head.count(b"\r\ndate: ") == 1
    for word in (b"\r\nset-cookie", b"root:", b"<script", b">49<", b"sqlite"):
        assert word not in reply.lower()


@pytest.mark.parametrize("request_", NONSENSE, ids=lambda request: repr(request[:40]))
def test_what_is_no_request_is_refused(command: Command, request_: bytes) -> None:
    assert status(exchange(command.port, request_)) == 400


@pytest.mark.parametrize(("request_", "refusal"), TOO_LONG, ids=lambda each: repr(each)[:40])
def test_what_is_too_long_is_refused(command: Command, request_: bytes, refusal: int) -> None:
    assert status(exchange(command.port, request_)) == refusal


@pytest.mark.parametrize("fields", IGNORED, ids=lambda fields: repr(fields[:40]))
def test_what_it_does_not_understand_changes_nothing(command: Command, fields: bytes) -> None:
    plain = exchange(command.port, b"GET /rss.xml HTTP/1.1\r\n" + END)
    reply = exchange(command.port, b"GET /rss.xml HTTP/1.1\r\n" + fields + END)
    assert status(reply) == 200
    assert lasting(reply) == lasting(plain)


def lasting(reply: bytes) -> set[bytes]:
    """All lines but the moment of the answer, and Last-Modified, which rule R3 leaves out at times."""
    return {line for line in reply.split(b"\r\n") if not line.startswith((b"date: ", b"last-modified: "))}


@pytest.mark.parametrize("method", [b"POST", b"PUT", b"DELETE", b"PATCH", b"TRACE", b"MKCOL", b"SUBSCRIBE"])
def test_nothing_can_be_written(command: Command, method: bytes) -> None:
    body = b"Content-Length: 4\r\n" + END + b"evil"
    reply = exchange(command.port, method + b" /rss.xml HTTP/1.1\r\n" + body)
    assert status(reply) == 405
    assert b"evil" not in reply


def test_one_who_hangs_up_in_the_middle_harms_nobody(command: Command) -> None:
    for request in (b"G", b"GET /rss.xml HTTP/1.1\r\nHo", b"GET /rss.xml HTTP/1.1\r\nHost: x\r\n\r\n"):
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", command.port)) as connection:
                connection.sendall(request)
                # Closed with a reset: what was sent to us is thrown away.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert command.ask("/rss.xml").status == 200


@pytest.mark.parametrize("path", [b"/rss.xml", b"/nothing", b"/tags/nothing/rss.xml"])
@pytest.mark.parametrize("count", [1, 5])
def test_one_who_says_that_it_asks_no_more_has_its_answers(command: Command, path: bytes, count: int) -> None:
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", command.port), timeout=10) as connection:
            connection.sendall(b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % path * count)
            connection.shutdown(socket.SHUT_WR)
            reply = b""
            while read := connection.recv(65536):
                reply += read
        assert len(answers(reply)) == count


def test_one_who_goes_before_all_that_it_asked_for_is_answered_leaves_no_mark(command: Command) -> None:
    for number in range(200):
        with socket.create_connection(("127.0.0.1", command.port)) as connection:
            connection.sendall(
                b"".join(b"GET /tags/%d-%d/ HTTP/1.1\r\nHost: x\r\n\r\n" % (number, n) for n in range(5))
            )
            time.sleep(number % 10 / 1000)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert command.ask("/rss.xml").status == 200
    assert "Traceback" not in command.output


def test_silent_connections_keep_nobody_waiting(command: Command) -> None:
    silent = [socket.create_connection(("127.0.0.1", command.port)) for _ in range(200)]
    try:
        assert command.ask("/rss.xml").status == 200
    finally:
        for connection in silent:
            connection.close()


def answers(reply: bytes) -> list[tuple[int, bytes]]:
    """Status and body of each answer to requests other than HEAD, as a client reads them one behind the other."""
    found = []
    while reply:
        head, _, rest = reply.partition(b"\r\n\r\n")
        first = re.match(rb"HTTP/1\.1 ([0-9]{3}) ", head)
        assert first
        length = re.search(rb"^content-length: ([0-9]+)", head, re.MULTILINE)
        body, reply = (rest[: int(length[1])], rest[int(length[1]) :]) if length else (b"", rest)
        found.append((int(first[1]), body))
    return found


def in_pieces(port: int, sent: bytes, pieces: int) -> bytes:
    """All that comes back for what is sent a part at a time."""
    length = -(-len(sent) // pieces)
    found = b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(ConnectionError):
            for start in range(0, len(sent), length):
                connection.sendall(sent[start : start + length])
            while read := connection.recv(65536):
                found += read
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case.sent[:60]))
def test_what_is_meant_to_confuse_has_its_answer_and_leaves_nothing_behind(command: Command, case: Case) -> None:
    plain = answers(exchange(command.port, POLL + HONEST))
    # Twice in a second, for what was answered without an application is remembered that long.
    for pieces in (1, 1, 3):
        reply = in_pieces(command.port, case.sent + HONEST, pieces)
        assert WORD not in reply
        found = answers(reply)
        if case.is_last:
            # What is closed while more of it comes may take its answer with it.
            assert len(found) == 1 or (pieces > 1 and not found)
        else:
            assert len(found) == 2
            assert found[1] == plain[1]
        assert {status for status, _ in found[:1]} <= case.statuses
        assert all(body == plain[0][1] for status, body in found[:1] if status == 200)
        assert answers(exchange(command.port, POLL + HONEST)) == plain


def answered(connection: socket.socket, request: bytes) -> tuple[int, bytes]:
    """Status and body of one answer on a connection that is kept."""
    connection.sendall(request)
    reply = b""
    while b"\r\n\r\n" not in reply or len(reply) < expected(reply):
        more = connection.recv(65536)
        assert more
        reply += more
    (found,) = answers(reply)
    return found


def expected(reply: bytes) -> int:
    """How long an answer is, head and body."""
    head, end, _ = reply.partition(b"\r\n\r\n")
    length = re.search(rb"^content-length: ([0-9]+)", head, re.MULTILINE)
    return len(head + end) + (int(length[1]) if length else 0)


@pytest.mark.parametrize("case", [each for each in CASES if not each.is_last], ids=lambda case: repr(case.sent[:60]))
def test_what_is_remembered_on_a_connection_with_a_past_is_what_others_get(command: Command, case: Case) -> None:
    with socket.create_connection(("127.0.0.1", command.port), timeout=10) as fresh:
        plain = answered(fresh, POLL)
    # Nobody has sent these bytes before.
    poll = POLL.replace(b"\r\n\r\n", b"\r\nX-Case: %d\r\n\r\n" % CASES.index(case))
    with socket.create_connection(("127.0.0.1", command.port), timeout=10) as with_a_past:
        assert answered(with_a_past, case.sent)[0] in case.statuses
        for _ in range(2):
            assert answered(with_a_past, poll) == plain
            with socket.create_connection(("127.0.0.1", command.port), timeout=10) as fresh:
                assert answered(fresh, poll) == plain
