"""HTTP/1.1 on one connection: bytes in; the answers to polls, and the application's to all else, out."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from feedsvc.web.log_lines import Hit
from feedsvc.web.refusals import refusal

if TYPE_CHECKING:
    import asyncio

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    from feedsvc.config import Server
    from feedsvc.web.conduct import Conduct
    from feedsvc.web.lane import Lane, Said

# More than so much at once is parsed in pieces, in bytes, so that what is too long is noticed before it is all there.
_PIECE = 16_384

# Those that are read alike; the parser knows two more.
_VERSIONS = frozenset({"1.0", "1.1"})

# When all connections are to end, who was let in only now is listened to for so many seconds.
_HEARING = 0.3

# So many requests may wait on a connection for the one before them.
_MOST_WAITING = 16


class _Outlet:
    """A transport to which nothing is written once it closes: uvloop would raise, until its protocol is told so."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.close, self.is_closing = transport.close, transport.is_closing

    def write(self, data: bytes) -> None:
        """Writes, where somebody may read it."""
        if not self._transport.is_closing():
            self._transport.write(data)


class Protocol(HttpToolsProtocol):
    """Answers polls before there is a task, a scope or a request, and closes what takes too long.

    It is only that: what it does not answer itself is the application's, by the way that uvicorn has for it, and what
    it answers is what the application would have said. Lifespan state: `conduct`, and `lane`, which may be None.
    """

    def __init__(self, config: Any, server_state: Any, app_state: dict[str, Any], _loop: Any = None) -> None:
        super().__init__(config, server_state, {}, _loop)
        self._conduct: Conduct = app_state["conduct"]
        self._connections = self._conduct.connections
        self._lane: Lane | None = app_state["lane"]
        self._begun = 0  # when the request began that is being read; 0 between requests
        self._unfinished = 0  # bytes of a head, or of the body behind it, that is not whole yet
        self._is_asked = False  # whether the request that is being read has been answered, or will be
        self._quiet_since = self._connections.now
        self._left = 0  # bytes that the client has not taken yet, when it was last looked at
        self._moved = 0  # when there were fewer of them
        self._messages = 0  # requests that began in what came last
        self._said: Said | None = None  # what the last of them was answered with, where it was a poll
        self._is_heard = False  # whether anything came, or was waited for long enough
        self._is_refused = False
        self._cycles: list[RequestResponseCycle] = []  # those of the application that may not have ended
        self._peer = ""
        self.url = b""

    def connection_made(self, transport: Any) -> None:
        """Refuses a connection that is one too many."""
        super().connection_made(transport)
        self._peer = self.client[0] if self.client else ""
        if not self._connections.take(self):
            self._refuse(503)

    def connection_lost(self, exc: Exception | None) -> None:
        """Counts it out, and tells all who are answering; uvicorn tells only the one whose request came last."""
        self._connections.drop(self)
        for cycle in self._cycles:
            cycle.disconnected = True
            cycle.message_event.set()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Ends when all that was asked is answered. What nobody has read yet may be a request: it would be reset."""
        if self._is_heard:
            super().shutdown()
        else:
            self._is_heard = True
            self.loop.call_later(_HEARING, self.shutdown)

    def eof_received(self) -> bool:  # type: ignore[override]  # uvicorn closes at once
        """Answers what was asked before the client said that it asks no more; True while it is being answered."""
        if self._is_free() or self.transport.is_closing():
            return False
        self._end()
        return True

    def data_received(self, data: bytes) -> None:
        """Parses what came; a head that grows too long, or is none, is refused."""
        self._is_heard = True
        if self._is_refused:
            return
        lane, is_between = self._lane, not self._begun
        if lane is not None and is_between and self._may_say():
            # Between two requests the parser would find in the same bytes what it found in them the first time.
            said = lane.recall(data)
            if said is not None and self._say(said):
                return
        said = self._read(data)
        if lane is not None and said is not None and is_between:
            lane.remember(data, said)

    def _read(self, data: bytes) -> Said | None:
        """Parses what came; the answer to it where it was one poll, and nothing beside it."""
        self._said, self._messages = None, 0
        for start in range(0, len(data), _PIECE):
            self._parse(data[start : start + _PIECE] if len(data) > _PIECE else data)
        return self._said if self._messages == 1 and not (self._begun or self._is_refused) else None

    def _parse(self, data: bytes) -> None:
        if self._is_refused:
            return
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # It is answered in HTTP/1.1 all the same, but nothing more is read as such.
            self._end()
        except httptools.HttpParserError:
            if not self._is_refused:
                self._refuse(400)
        if self._unfinished and not self._is_refused:
            self._unfinished += len(data)
            if self._unfinished > self._connections.limits.head_limit + _PIECE:
                self._stop_reading()

    def _stop_reading(self) -> None:
        """Takes no more of a head; nor of a body, of which we have no use, once its request has been answered."""
        if self._is_asked and not self._is_free():
            self.flow.pause_reading()
        else:
            self._refuse(self._length_status())

    def on_message_begin(self) -> None:
        """A request's first byte."""
        self.url = b""
        self.headers = []
        self._begun = self._connections.now
        self._unfinished = 1
        self._messages += 1

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keeps a field as it came; those that follow a body are nobody's."""
        if not self._is_asked:
            self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Answers a poll; leaves all else to the application."""
        self._check()
        self._unfinished = 1
        self._said = self._polled()
        if self._said is None:
            self._check_framing()
            url, headers = self.url, self.headers
            super().on_message_begin()
            self.url = url
            for name, value in headers:
                super().on_header(name, value)
            super().on_headers_complete()
            self._is_asked = True
            self.cycle.transport = cast("asyncio.Transport", _Outlet(self.transport))
            self._cycles = [*(cycle for cycle in self._cycles if not cycle.response_complete), self.cycle]

    def on_message_complete(self) -> None:
        """A request's last byte."""
        self._begun = self._unfinished = 0
        self._is_asked = False
        if self._said is None:
            super().on_message_complete()
            if not self.parser.should_keep_alive():
                self._end()  # also where only a field behind the body said so: the parser reads no more

    def on_response_complete(self) -> None:
        """Begins to wait for the next request."""
        super().on_response_complete()
        self._unset_keepalive_if_required()  # `look` does what that timer would
        self._quiet_since = self._connections.now

    def look(self, now: int, limits: Server) -> None:
        """Closes itself where the client takes too long; looked at every second."""
        left = self.transport.get_write_buffer_size()
        if not left and self.transport.is_closing():
            return  # it is just being told that it has ended
        if left != self._left:
            self._left, self._moved = left, now
        if left:
            if now - self._moved > limits.stall_timeout:
                self.transport.abort()
        elif self._begun:
            if now - self._begun > limits.request_timeout:
                self._give_up()
        elif self._is_free() and now - self._quiet_since > limits.idle_timeout:
            self.transport.close()

    def _give_up(self) -> None:
        if not self._is_refused:
            self._refuse(408)
        elif self._is_free():  # else the answer that is on its way is the last one
            self.transport.close()

    def _polled(self) -> Said | None:
        """What a request was answered with by a mere look-up; None where the application is to answer it."""
        parser = self.parser
        if self._lane is None or not self._may_say():
            return None
        if parser.get_http_version() != "1.1" or not parser.should_keep_alive():
            return None
        said = self._lane.answer(parser.get_method(), self.url, self.headers)
        return said if said is not None and self._say(said) else None

    def _say(self, said: Said) -> bool:
        """Gives an answer; False where the client asks too often, or it is not known who asks."""
        conduct = self._conduct
        if said.counted is not None or conduct.log is not None:
            if said.is_forwarded and conduct.clients.is_trusted(self._peer):
                return False
            if said.counted is not None and conduct.wait(self._peer, *said.counted):
                return False
            if conduct.log is not None:
                conduct.log.note(said.hit._replace(client=self._peer, at=time.time()))
        self.transport.writelines(said.parts)
        self.server_state.total_requests += 1
        self._quiet_since = self._connections.now
        return True

    def _may_say(self) -> bool:
        """Whether an answer would be the next on the connection but not the last, and the client takes them."""
        return self._is_free() and not self.flow.write_paused and not self._conduct.is_ending

    def _is_free(self) -> bool:
        """Whether no answer is on its way, and no request waits."""
        cycle: RequestResponseCycle | None = self.cycle
        return (cycle is None or cycle.response_complete) and not self.transport.is_closing()

    def _check(self) -> None:
        """Refuses what is too long, or one too many of those that wait."""
        limit = self._connections.limits.head_limit
        length = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if length > limit or len(self.url) > limit // 2:
            self._refuse(self._length_status())
        elif len(self.pipeline) >= _MOST_WAITING:
            self._refuse(429)
        if self._is_refused:
            raise httptools.HttpParserError

    def _check_framing(self) -> None:
        """Refuses what somebody before us may have read as another request (RFC 9112 §2.3, §6.3)."""
        coded = [value for name, value in self.headers if name.lower() == b"transfer-encoding"]
        is_plain = not coded or [value.strip().lower() for value in coded] == [b"chunked"]
        if not is_plain or self.parser.get_http_version() not in _VERSIONS:
            self._refuse(400)
            raise httptools.HttpParserError

    def _length_status(self) -> int:
        """What is too long where a head is."""
        return 414 if len(self.url) > self._connections.limits.head_limit // 2 else 431

    def _refuse(self, status: int) -> None:
        """Answers what never becomes a request, and closes; where there is an answer to it, it only closes."""
        if self._is_asked or not self._is_free():
            self._end()
            return
        self._is_refused = True
        self.transport.write(refusal(status))
        if self._conduct.log is not None:
            self._conduct.log.note(Hit(self._peer, "", self.url, "", status, 0, b"", b"", time.time(), 0.0))
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            self.transport.close()
        else:
            self._linger()

    def _end(self) -> None:
        """Closes the connection when all requests that came have been answered."""
        self._is_refused = True
        if self._is_free():
            self._linger()
        elif self.cycle is not None:
            self.cycle.keep_alive = False  # that of the last request

    def _linger(self) -> None:
        # Closed only after the client: what it still sends would have the answer thrown away (RFC 9112 §9.6).
        self.transport.write_eof()
        self._begun = self._connections.now
