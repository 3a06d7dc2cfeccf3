"""Runs the service under uvicorn: a socket and an application in; answers out, until a signal ends it."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import uvicorn

from feedsvc.errors import FeedsvcError
from feedsvc.web import signals

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import FrameType

    from starlette.applications import Starlette

    from feedsvc.config import Server as Settings
    from feedsvc.web.conduct import Conduct
    from feedsvc.web.signals import Told

BACKLOG = 2048

# Python looks for garbage among young objects as often as ever, and among all of them a hundredth as often: with
# thousands of connections that takes a tenth of a second, in which nobody is answered, and finds nothing.
COLLECTIONS = (700, 10, 1_000)

# When it is told to stop: for so many seconds it answers what is asked on connections that are open,
LINGER = 0.3
# and so many more than `grace` what hangs is waited for.
HANGING = 2


class ListenError(FeedsvcError):
    """The address to listen at is taken, not ours, or none."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; where the port is 0, at any free one.

    Raises:
        ListenError: where nothing can listen there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except (OSError, UnicodeError) as error:
        listening.close()
        reason = error.strerror if isinstance(error, OSError) else "not a host name"
        raise ListenError(f"cannot listen at {host} port {port}: {reason} (choose another --host or --port)") from None
    listening.set_inheritable(True)
    return listening


def address(listening: socket.socket) -> str:
    """The URL to open in a browser on this machine, ending in a slash."""
    host, port, *_ = listening.getsockname()
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - every address; on this machine that is also this one
        host = "localhost"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _http() -> Any:
    """What speaks HTTP; without its parser (on Windows) uvicorn's own, which answers all by the application."""
    if find_spec("httptools") is None:
        return "auto"
    from feedsvc.web.protocol import Protocol  # noqa: PLC0415

    return Protocol


class Serving(uvicorn.Server):
    """A server that ends without losing anybody.

    Args:
        conduct: of the application.
        attend: called ten times a second, deals with what this process was told meanwhile.
        at_once: what a second signal to stop does, whose number it gets.
    """

    def __init__(
        self,
        app: Starlette,
        conduct: Conduct,
        *,
        attend: Callable[[], Awaitable[None]],
        at_once: Callable[[int], None],
    ) -> None:
        super().__init__(_config(app))
        self._conduct = conduct
        self._attend = attend
        self._at_once = at_once

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Notes a signal to stop. uvicorn would raise it once more in the end, before all is put in order."""
        del frame
        if self.should_exit:
            self._at_once(sig)
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begins to serve. What is there by now is there for good, and is not looked through for garbage any more."""
        await super().startup(sockets)
        gc.freeze()
        gc.set_threshold(*COLLECTIONS)

    async def on_tick(self, counter: int) -> bool:
        """Looks after everything but requests."""
        await self._attend()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answers whoever has come by now; after `grace` seconds nobody is waited for any more."""
        self._conduct.is_ending = True
        await self._take_in(sockets or [])
        await asyncio.sleep(LINGER)
        # uvicorn would cancel what still runs then, and tell of each as of a mistake: this is for what hangs.
        self.config.timeout_graceful_shutdown = self._conduct.settings.grace + HANGING
        breaking_off = asyncio.get_running_loop().call_later(self._conduct.settings.grace, self._break_off)
        await super().shutdown(sockets)
        breaking_off.cancel()

    async def _take_in(self, sockets: list[socket.socket]) -> None:
        """Takes in who waits to be let in: a listening socket that is closed resets their connections."""
        loop = asyncio.get_running_loop()
        ours = [each.dup() for each in sockets]
        for server in self.servers:
            server.close()
        for each in ours:
            each.setblocking(False)
            for _ in range(2 * BACKLOG):  # pragma: no branch - as many as that never wait
                try:
                    connection, _address = each.accept()
                except OSError:  # nobody is left; or who was has gone, or there are too many open files
                    break
                connection.setblocking(False)
                await loop.connect_accepted_socket(self._protocol, connection)
            each.close()

    def _protocol(self) -> asyncio.Protocol:
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made

    def _break_off(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def run(
    app: Starlette, conduct: Conduct, listening: socket.socket, told: Told, reload: Callable[[], Settings | None]
) -> None:
    """Serves in this process until a signal ends it.

    Args:
        reload: the settings as they are now; None where they cannot be used.
    """

    async def attend() -> None:
        for number in told.others():
            if number == signals.REOPEN:
                conduct.reopen()
            elif (settings := await asyncio.to_thread(reload)) is not None:
                conduct.take(settings)

    def at_once(number: int) -> None:  # pragma: no cover - it ends the process before what was covered is written
        conduct.close()
        signals.end_by(number)

    server = Serving(app, conduct, attend=attend, at_once=at_once)
    for number in signals.STOP:
        # One that comes before uvicorn listens to signals ends it as soon as it has started.
        signal.signal(number, server.handle_exit)
    server.should_exit = told.stops > 0
    server.run(sockets=[listening])


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_http(),
        backlog=BACKLOG,
        # Our answers carry their own Date: a Last-Modified is compared with exactly it.
        date_header=False,
        server_header=False,
        access_log=False,
        # Whose word for a client's address counts is told by `clients`, in one place.
        proxy_headers=False,
        ws="none",
        log_level="warning",
    )
