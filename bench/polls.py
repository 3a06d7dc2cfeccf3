"""Readers that poll: a port in; answers, and how long they took, out.

As a program (`python polls.py PORT`) it is a load: a few readers at a steady pace, a line a poll, until its standard
input is closed.
"""

from __future__ import annotations

import re
import socket
import sys
import threading
import time
from dataclasses import dataclass, field

HOST = "127.0.0.1"
PATHS = ("/rss.xml", "/atom.xml", "/feed.json", "/", "/tags/harbour/rss.xml", "/tags/weather/atom.xml")
ENDS = {".xml": (b"</rss>", b"</feed>"), "json": (b"}",)}

# The load: so many connections, each with so many polls a second.
READERS = 4
PACE = 50

# A server lets go of a connection that has been idle for five seconds.
IDLE = 3.0

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_ETAG = re.compile(rb"etag: (\S+)", re.IGNORECASE)


@dataclass(slots=True)
class Reader:
    """One connection that is kept, and the entity tags that it was given."""

    port: int
    etags: dict[str, bytes] = field(default_factory=dict)
    _socket: socket.socket | None = None
    _rest: bytes = b""
    _last: float = 0.0

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body; 304 where the document is what it was.

        Raises:
            OSError: where nobody answers.
        """
        if time.monotonic() - self._last > IDLE:
            self.close()
        if self._socket is None:
            self._socket = socket.create_connection((HOST, self.port), timeout=30)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        etag = self.etags.get(path)
        condition = b"If-None-Match: " + etag + b"\r\n" if etag else b""
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: bench.example\r\n".encode() + condition + b"\r\n")
        head = self._until(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        length = _LENGTH.search(head)
        body = self._take(int(length[1])) if length and status != 304 else b""
        if status == 200 and (tag := _ETAG.search(head)):
            self.etags[path] = tag[1]
        self._last = time.monotonic()
        return status, body

    def close(self) -> None:
        """Lets go of the connection."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._rest = None, b""

    def _until(self, end: bytes) -> bytes:
        while end not in self._rest:
            self._receive()
        head, _, self._rest = self._rest.partition(end)
        return head

    def _take(self, length: int) -> bytes:
        while len(self._rest) < length:
            self._receive()
        body, self._rest = self._rest[:length], self._rest[length:]
        return body

    def _receive(self) -> None:
        more = self._socket.recv(262_144) if self._socket else b""
        if not more:
            raise ConnectionError("the connection was closed")
        self._rest += more


def wait(port: int, path: str, *, longest: float = 600.0, pause: float = 0.05) -> bytes:
    """Asks until the answer is 200; its body.

    Raises:
        TimeoutError: where it never is.
    """
    reader = Reader(port)
    until = time.monotonic() + longest
    while time.monotonic() < until:
        try:
            status, body = reader.get(path)
        except OSError:
            status, body = 0, b""
            reader.close()
        if status == 200:
            reader.close()
            return body
        time.sleep(pause)
    raise TimeoutError(f"{path} was not answered")


def _is_whole(path: str, status: int, body: bytes) -> bool:
    if status == 304:
        return True
    ends = ENDS.get(path[-4:], (b"</html>",))
    return status == 200 and body.rstrip().endswith(ends)


def _poll(port: int, number: int, stop: threading.Event) -> None:
    reader = Reader(port)
    due = time.monotonic() + number / READERS / PACE
    turn = number
    while not stop.wait(max(0.0, due - time.monotonic())):
        path = PATHS[turn % len(PATHS)]
        try:
            is_whole = _is_whole(path, *reader.get(path))
        except OSError:
            is_whole = False
            reader.close()
        # From when it was due: one that waited behind a slow one was slow too.
        sys.stdout.write(f"{due:.6f} {time.monotonic() - due:.6f} {int(is_whole)}\n")
        due += 1 / PACE
        turn += 1


def main(port: int) -> None:
    """Polls until standard input is closed."""
    stop = threading.Event()
    readers = [threading.Thread(target=_poll, args=(port, number, stop)) for number in range(READERS)]
    for reader in readers:
        reader.start()
    sys.stdin.read()
    stop.set()
    for reader in readers:
        reader.join()


if __name__ == "__main__":
    main(int(sys.argv[1]))
