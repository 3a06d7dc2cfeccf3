"""The service under test on real sockets: a site of this process, or the command in a process of its own."""

from __future__ import annotations

import http.client
import importlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import uvicorn
from msgspec.structs import replace

from feedsvc.config import Server as Settings
from feedsvc.web import server
from feedsvc.web.app import application
from feedsvc.web.conduct import Conduct

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from house import House
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from feedsvc.web.protocol import Protocol

# What documents say is read here as in the tests of the formats.
sys.path.insert(0, str(Path(__file__).parent / "formats"))
READINGS = importlib.import_module("reading").READINGS

CONTENT = Path(__file__).parents[1] / "content"
FEEDS = ("rss.xml", "atom.xml", "feed.json")

Found = TypeVar("Found")

# How long something that is to happen soon may take on a slow machine, in seconds.
PATIENCE = 45.0


@dataclass(frozen=True)
class Reply:
    """An answer: names of fields in lower case, in the order they came."""

    status: int
    fields: tuple[tuple[str, str], ...]
    body: bytes

    def __getitem__(self, name: str) -> str:
        """The value of the one field with a name."""
        (value,) = (value for key, value in self.fields if key == name)
        return value

    def has(self, name: str) -> bool:
        return any(key == name for key, _ in self.fields)

    @property
    def lasting(self) -> dict[str, str]:
        """All fields but the moment of the answer."""
        return {name: value for name, value in self.fields if name != "date"}


def ask(
    port: int, path: str, headers: Sequence[tuple[str, str]] | Mapping[str, str] = (), *, method: str = "GET"
) -> Reply:
    """One request on a connection of its own; only the fields that are given are sent, and Host."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items() if hasattr(headers, "items") else headers:
            connection.putheader(name, value)
        connection.endheaders()
        reply = connection.getresponse()
        fields = tuple((name.lower(), value) for name, value in reply.getheaders())
        return Reply(reply.status, fields, reply.read())
    finally:
        connection.close()


def exchange(port: int, request: bytes, *, wait: float = 10.0, source: str = "127.0.0.1") -> bytes:
    """Bytes sent from an address, and all that comes back until the other side closes, or is silent for so long."""
    found = b""
    with socket.create_connection(("127.0.0.1", port), timeout=wait, source_address=(source, 0)) as connection:
        try:
            connection.sendall(request)
            while read := connection.recv(65536):
                found += read
        except (TimeoutError, ConnectionError):
            return found  # the test judges what came until then
    return found


def until(found: Callable[[], Any], *, patience: float = PATIENCE) -> Any:
    """What `found` gives as soon as that is true."""
    end = time.monotonic() + patience
    while not (value := found()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.03)
    return value


@dataclass
class Log:
    """An application in front of another that notes the status of each answer."""

    app: ASGIApp
    statuses: list[int] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.statuses.append(message["status"])
            await send(message)

        await self.app(scope, receive, noting)


class Service:
    """A house behind uvicorn in a thread of this process.

    Args:
        http: what speaks HTTP: uvicorn's own, by which all is answered by the application, or ours.
        listening: the socket to answer at; any free port where there is none.
    """

    def __init__(
        self,
        house: House,
        settings: Settings | None = None,
        *,
        http: type[Protocol] | str = "httptools",
        listening: socket.socket | None = None,
    ) -> None:
        self.house = house
        self.log = Log(application(house.catalog, clock=house.clock, conduct=Conduct(settings or Settings())))
        self._socket = listening or server.listen("127.0.0.1", 0)
        self.port = self._socket.getsockname()[1]
        options = {
            "date_header": False,
            "server_header": False,
            "access_log": False,
            "proxy_headers": False,
            "ws": "none",
        }
        self._server = uvicorn.Server(uvicorn.Config(self.log, http=http, log_level="critical", **options))  # type: ignore[arg-type]
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]})
        self._thread.start()
        until(lambda: self._server.started)

    def ask(self, path: str, headers: Any = (), *, method: str = "GET") -> Reply:
        return ask(self.port, path, headers, method=method)

    def sync(self, seconds: float = 10) -> None:
        """Syncs the house some seconds later, and waits until that is served."""
        before = self.house.catalog.news(None)
        self.house.sync_after(seconds)
        after = self.house.catalog.news(None)
        assert after != before
        until(lambda: self._publication._news is not None and replace(self._publication._news, touched=None) == after)

    @property
    def _publication(self) -> Any:
        return self.log.app.router.default._publication  # type: ignore[attr-defined]

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


class Command:
    """`feedsvc serve` in a process of its own."""

    def __init__(
        self, content: Path | None, *arguments: str, port: int | None = None, env: Mapping[str, str] | None = None
    ) -> None:
        self.port = port if port is not None else free_port()
        folder = [] if content is None else [str(content)]
        command = [sys.executable, "-m", "feedsvc", "serve", *folder, "--port", str(self.port), *arguments]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
        )
        self.said: list[str] = []
        self._listeners = [
            threading.Thread(target=self._listen, args=(pipe,), daemon=True)
            for pipe in (self.process.stdout, self.process.stderr)
        ]
        for listener in self._listeners:
            listener.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def ready(self) -> Self:
        """Waits until the first sync has ended."""
        until(self._is_ready)
        return self

    def ask(self, path: str, headers: Any = (), *, method: str = "GET") -> Reply:
        return ask(self.port, path, headers, method=method)

    def etags(self, *paths: str) -> dict[str, str]:
        return {path: self.ask(path)["etag"] for path in paths}

    def answers(self, path: str) -> str | None:
        """The entity tag of a document; None while nobody answers, or there is none."""
        try:
            answer = self.ask(path)
        except OSError:
            return None
        return answer["etag"] if answer.has("etag") else None

    def children(self) -> list[int]:
        """The ids of the processes that this one has started (Linux)."""
        threads = Path(f"/proc/{self.process.pid}/task").iterdir()
        return [int(number) for thread in threads for number in (thread / "children").read_text().split()]

    def workers(self) -> list[int]:
        return [process for process in self.children() if b"spawn_main" in command_line(process)]

    def of_each_worker(self, found: Callable[[], Found]) -> list[Found]:
        """What is found of each worker while the others stand still and let no connection in."""
        everyone = self.workers()
        return [self._found_of(alone, everyone, found) for alone in everyone] or [found()]

    @staticmethod
    def _found_of(alone: int, everyone: list[int], found: Callable[[], Found]) -> Found:
        others = [worker for worker in everyone if worker != alone]
        try:
            for worker in others:
                os.kill(worker, signal.SIGSTOP)
            until(lambda: all(is_stopped(worker) for worker in others))
            return found()
        finally:
            for worker in others:
                os.kill(worker, signal.SIGCONT)

    def syncer(self) -> int:
        (found,) = (process for process in self.children() if b"--with-parent" in command_line(process))
        return found

    def kill(self) -> None:
        self.process.kill()
        self.ended()

    def stop(self) -> int:
        """Ends it as an operator would; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.ended()

    @property
    def output(self) -> str:
        return "".join(self.said)

    def ended(self) -> int:
        """Waits until it has ended; its exit code."""
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        for listener in self._listeners:
            listener.join(PATIENCE)
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()
        return code

    def _listen(self, pipe: Any) -> None:
        self.said.extend(pipe)

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, self.output
        if self.port == 0:
            found = re.search(r"open +http://[^:/]+:(\d+)/", self.output)
            self.port = int(found[1]) if found else 0
            return False
        try:
            return self.ask("/readyz").status == 200
        except OSError:
            return False


def command_line(process: int) -> bytes:
    """What a process was started with (Linux); empty once it has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def is_running(process: int) -> bool:
    """Whether there is such a process (Linux), other than one that ended and is still to be buried."""
    return state(process) not in {"", "Z"}


def is_stopped(process: int) -> bool:
    """Whether a process stands still at a signal (Linux), or is gone."""
    return state(process) in {"", "T", "Z"}


def state(process: int) -> str:
    """The letter of what a process does (Linux, proc(5)); empty where there is none."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return ""


def free_port() -> int:
    """A port at which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
