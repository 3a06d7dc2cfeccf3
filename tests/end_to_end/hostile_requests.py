"""Some hundred requests that are meant to confuse: what is sent, and how many answers it may have."""

from __future__ import annotations

from typing import NamedTuple

# In what is sent and in none of our documents.
WORD = b"evil"

GET = b"GET /rss.xml HTTP/1.1\r\nHost: x\r\n"
# An honest request behind each of them, on the same connection.
HONEST = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
SMUGGLED = b"GET /evil HTTP/1.1\r\nHost: evil\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


class Case(NamedTuple):
    """What is sent.

    Attributes:
        sent: one request, as it may seem.
        statuses: of the answers that it may have before the honest one behind it.
        is_last: whether the connection is closed behind it, so that the honest one has none.
    """

    sent: bytes
    statuses: frozenset[int]
    is_last: bool


def refused(*sent: bytes) -> list[Case]:
    return [Case(each, frozenset({400}), is_last=True) for each in sent]


def closed(*sent: bytes, statuses: tuple[int, ...] = (200, 405)) -> list[Case]:
    return [Case(each, frozenset(statuses), is_last=True) for each in sent]


def kept(*sent: bytes, statuses: tuple[int, ...] = (200, 405)) -> list[Case]:
    return [Case(each, frozenset(statuses), is_last=False) for each in sent]


def with_methods(*behind_the_method: bytes) -> list[bytes]:
    """Requests whose body is of no use, and such whose body is to be thought of some."""
    return [method + each for method in (b"GET", b"POST", b"OPTIONS") for each in behind_the_method]


HEAD = b" /rss.xml HTTP/1.1\r\nHost: x\r\n"

# Where a message ends, and what is the next one's.
FRAMING = [
    *refused(
        *with_methods(
            HEAD + b"Content-Length: 6\r\n" + CHUNKED + b"0\r\n\r\nG",
            HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n8\r\nSMUGGLED\r\n0\r\n\r\n",
            HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
            HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
            HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
            HEAD + b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
            HEAD + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
            HEAD + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n" + SMUGGLED,
            HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
            HEAD + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
            HEAD + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
            HEAD + b'Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n' + SMUGGLED,
            HEAD + b"Transfer-Encoding: chunked;evil\r\n\r\n0\r\n\r\n" + SMUGGLED,
            HEAD + b"Transfer-Encoding: identity\r\n\r\n" + SMUGGLED,
            HEAD + b"Transfer-Encoding: \r\n\r\n" + SMUGGLED,
            HEAD + b"X: a\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
            HEAD + b"X: a\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
            HEAD + b"\x00Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
            *(
                HEAD + b"Content-Length: " + length + b"\r\n\r\n" + SMUGGLED
                for length in (
                    b"",
                    b"+0",
                    b"-0",
                    b"0x0",
                    b"0 0",
                    b"0, 0",
                    b"0,",
                    b"1_0",
                    b"1e1",
                    b"0.0",
                    b'"0"',
                    b"evil",
                )
            ),
            HEAD + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
            HEAD + b"Content-Length: 0\r\nContent-Length: 35\r\n\r\n" + SMUGGLED,
            HEAD + b"Content-Length : 35\r\n\r\n" + SMUGGLED,
            HEAD + b"Content-Length\t: 35\r\n\r\n" + SMUGGLED,
            HEAD + b"Content-Length:\r\n 35\r\n\r\n" + SMUGGLED,
        )
    ),
    # The request itself is whole, and has its answer; nothing behind it is read any more.
    *closed(
        *with_methods(
            HEAD + CHUNKED + b"-1\r\nx\r\n0\r\n\r\n" + SMUGGLED,
            HEAD + CHUNKED + b"0x1\r\nx\r\n0\r\n\r\n" + SMUGGLED,
            HEAD + CHUNKED + b"fffffffffffffffff\r\nx\r\n0\r\n\r\n" + SMUGGLED,
            HEAD + CHUNKED + b"\r\n0\r\n\r\n" + SMUGGLED,
            HEAD + CHUNKED + b"1 \r\nx\r\n0\r\n\r\n" + SMUGGLED,
            HEAD + CHUNKED + b"1\nx\n0\n\n" + SMUGGLED,
            HEAD + CHUNKED + b"1\r\nxy0\r\n\r\n" + SMUGGLED,
            HEAD + CHUNKED + b"1;a\nx\r\n0\r\n\r\n" + SMUGGLED,
            HEAD + CHUNKED + b"1;\x00\r\nx\r\n0\r\n\r\n" + SMUGGLED,
            HEAD + CHUNKED + b'1;a="\r\n"\r\nx\r\n0\r\n\r\n' + SMUGGLED,
            HEAD + CHUNKED + b"0\r\nbad name: x\r\n\r\n" + SMUGGLED,
            HEAD + CHUNKED + b"0\r\nConnection: close\r\n\r\n" + SMUGGLED,
            HEAD + CHUNKED + b"0\r\nContent-Length: 35\r\nContent-Length: 3\r\n\r\n" + SMUGGLED,
        ),
        statuses=(200, 204, 405, 400),
    ),
    *kept(
        *with_methods(
            HEAD + CHUNKED + b"0\r\n\r\n",
            HEAD + b"transfer-encoding:\tCHUNKED \r\n\r\n0\r\n\r\n",
            HEAD + CHUNKED + b"1;a=b\r\nx\r\n0;c\r\n\r\n",
            HEAD + CHUNKED + b"%x\r\n%b\r\n0\r\n\r\n" % (len(SMUGGLED), SMUGGLED),
            HEAD + CHUNKED + b"0\r\nHost: evil\r\nIf-None-Match: *\r\nConnection: upgrade\r\nUpgrade: evil\r\n\r\n",
            HEAD + b"Content-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED,
            HEAD + b"Content-Length: 00\r\n\r\n",
            HEAD + b"Expect: 100-continue\r\nContent-Length: 4\r\n\r\nevil",
            HEAD + b"Expect: evil\r\n\r\n",
        ),
        statuses=(200, 204, 405),
    ),
]

# First lines, versions, lines that do not end as they should, and connections that are to become something else.
LINES = [
    *refused(
        GET.replace(b"\r\n", b"\n") + b"\n",
        GET.replace(b"\r\n", b"\r") + b"\r",
        GET + b"X: a\r\n b\r\n\r\n",
        GET + b"X: a\r\n\tb\r\n\r\n",
        GET + b": evil\r\n\r\n",
        GET + b"evil\r\n\r\n",
        GET + b"\xc0\xaf: evil\r\n\r\n",
        GET + b"X(evil): evil\r\n\r\n",
        GET + b"X: evil\x7f\r\n\r\n",
        b"GET /rss.xml\r\n\r\n",
        b"GET /rss.xml HTTP/1.1 \r\nHost: x\r\n\r\n",
        b"GET\t/rss.xml\tHTTP/1.1\r\nHost: x\r\n\r\n",
        b" GET /rss.xml HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /rss.xml evil HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /rss.xml http/1.1\r\nHost: x\r\n\r\n",
        b"EVIL /rss.xml HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET evil.test:80 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://evil.test:99999999/rss.xml HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT evil.test:80 HTTP/1.1\r\nHost: x\r\n\r\n",
        *(
            b"GET /rss.xml HTTP/%b\r\nHost: x\r\n\r\n" % each
            for each in (b"0.9", b"1.2", b"1.10", b"1", b"2.0", b"3.0")
        ),
        *(
            b"GET %b HTTP/1.1\r\nHost: %b\r\n\r\n" % (path, host)
            for path in (b"/rss.xml", b"/evil", b"http://x/rss.xml")
            for host in (
                b"evil evil",
                b"evil/",
                b"a@evil",
                b"evil, x",
                b"<evil>",
                b"evil\\",
                b"evil:x",
                b"\xff",
                b"[evil]",
            )
        ),
        b"GET /rss.xml HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET /rss.xml HTTP/1.1\r\nHost: x\r\nHost: evil\r\n\r\n",
        b"GET /rss.xml HTTP/1.1\r\nHost: x\r\nhOST: x\r\n\r\n",
        b"GET http://x/rss.xml HTTP/1.1\r\n\r\n",
    ),
    *closed(
        GET + b"Connection: close\r\n\r\n" + SMUGGLED,
        GET + b"Connection: keep-alive, close\r\n\r\n" + SMUGGLED,
        GET + b"Connection: close\r\nConnection: keep-alive\r\n\r\n" + SMUGGLED,
        GET + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n" + SMUGGLED,
        GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: evil\r\n\r\n" + SMUGGLED,
        GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\n" + CHUNKED + b"0\r\n\r\n" + SMUGGLED,
        b"GET /rss.xml HTTP/1.0\r\n\r\n" + SMUGGLED,
        b"GET /rss.xml HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + SMUGGLED,
        b"POST /rss.xml HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 4\r\n\r\nevil" + SMUGGLED,
        b"CONNECT /rss.xml HTTP/1.1\r\nHost: x\r\n\r\n" + SMUGGLED,
        b"GET /rss.xml RTSP/1.0\r\nHost: x\r\n\r\n",
    ),
    *kept(
        b"\r\n\r\n" + GET + b"\r\n",
        GET + b"\r\n\r\n\r\n",
        GET + b"Upgrade: h2c\r\n\r\n",
        GET + b"Connection: Upgrade, evil\r\n\r\n",
        GET + b"Connection: If-None-Match, Host\r\n\r\n",
        b"GET http://evil.test/rss.xml HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://u:p@evil.test:81/rss.xml HTTP/1.1\r\nHost: evil\r\n\r\n",
        *(
            b"GET /rss.xml%b HTTP/1.1\r\nHost: evil.test\r\n\r\n" % each
            for each in (
                b"?evil",
                b"?format=evil",
                b"?format=feed&evil",
                b"?%0d%0aSet-Cookie:evil=1",
                b"?%00evil",
                b"#evil",
            )
        ),
        *(
            b"%b /rss.xml HTTP/1.1\r\nHost: x\r\n\r\n" % each
            for each in (b"TRACE", b"PUT", b"DELETE", b"PATCH", b"QUERY")
        ),
    ),
    *kept(b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", b"GET * HTTP/1.1\r\nHost: x\r\n\r\n", statuses=(204, 404)),
]

_NAMES = (
    b"Accept Accept-Charset Accept-Encoding Accept-Language Access-Control-Request-Method Authorization Cache-Control "
    b"Content-Type Cookie Forwarded From If-Match If-Modified-Since If-None-Match If-Range If-Unmodified-Since Origin "
    b"Pragma Range Referer Sec-Fetch-Dest TE User-Agent Via X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto "
    b"X-HTTP-Method-Override X-Original-URL X-Rewrite-URL"
).split()
_INJECTED = (b"evil\x00", b"evil\nSet-Cookie: evil=1", b"evil\rSet-Cookie: evil=1", b"evil\r\n\r\r\n")
_ODD = (
    b"",
    b"evil\r\nSet-Cookie: evil=1",
    b"%0d%0aSet-Cookie:%20evil=1",
    b"\xc0\xaf\xed\xa0\x80\xffevil",
    b'"><script>evil</script>',
    b"evil, " * 2_000,
    b'"' * 999 + b"evil",
    b"evil;q=" * 500,
)

# Anything in any field: the feed is what it is.
FIELDS = [
    *refused(*(GET + b"%b: %b\r\n\r\n" % (name, value) for name in _NAMES for value in _INJECTED)),
    *kept(*(GET + b"%b: %b\r\n\r\n" % (name, value) for name in _NAMES for value in _ODD), statuses=(200,)),
]

CASES = [*FRAMING, *LINES, *FIELDS]
