"""Runs the service under uvicorn: a socket and an application in; an exit code out."""

from __future__ import annotations

import signal
import socket
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.supervisors import Multiprocess

from feedsvc.errors import FeedsvcError

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from feedsvc.web.app import Worker

BACKLOG = 2048


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


def run(app: Starlette | Worker, listening: socket.socket, *, workers: int) -> None:
    """Serves until a signal ends it.

    Args:
        app: what to serve; a `Worker` where several processes do.
        workers: how many processes.
    """
    config = uvicorn.Config(
        app,
        factory=workers > 1,
        http=_http(),
        workers=workers,
        backlog=BACKLOG,
        # Our answers carry their own Date: a Last-Modified is compared with exactly it.
        date_header=False,
        server_header=False,
        access_log=False,
        # Whose word for a client's address counts is told by `clients`, in one place.
        proxy_headers=False,
        ws="none",
        log_level="warning",
        timeout_graceful_shutdown=10,
    )
    server = uvicorn.Server(config)
    if workers > 1:
        Multiprocess(config, [listening]).run()
    else:
        # uvicorn raises the signal that ended it once more; that would end us before we have put all in order.
        for number in (signal.SIGINT, signal.SIGTERM):
            # One that comes before uvicorn listens to signals ends it as soon as it has started.
            signal.signal(number, lambda _number, _frame: setattr(server, "should_exit", True))
        server.run(sockets=[listening])
