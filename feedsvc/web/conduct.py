"""How one process treats those who ask: the server's settings in; what it holds of clients out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from feedsvc.notice import Notice
from feedsvc.publication import Trouble
from feedsvc.web.access_log import AccessLog
from feedsvc.web.clients import Clients, household
from feedsvc.web.connections import Connections
from feedsvc.web.politeness import Politeness, is_counted, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Scope

    from feedsvc.config import Server
    from feedsvc.model import Document
    from feedsvc.web.answers import Answer


class Conduct:
    """What stands between the answer that a document gives and the one that is sent.

    Attributes:
        connections: those that are open.
        is_ending: whether the process has been told to stop: each answer is the last one on its connection.
        clients: who the client is.
        politeness: how often a client may ask.
        log: where requests are noted; None where they are not.

    Args:
        notice: by which a sync tells what the catalog cannot tell.
    """

    def __init__(self, settings: Server, notice: Notice | None = None) -> None:
        self.is_ending = False
        self._notice = notice or Notice("")
        self.connections = Connections(settings)
        self.clients = Clients("")
        self.politeness = Politeness(0)
        self.log: AccessLog | None = None
        self.take(settings)

    def take(self, settings: Server) -> None:
        """Goes by other settings from now on. Buckets stand as they are, unless they have another size."""
        self.settings = settings
        self.connections.set(settings)
        self.clients = Clients(settings.trusted_proxies)
        if settings.burst != self.politeness.burst:
            self.politeness = Politeness(settings.burst)
        log = settings.access_log, settings.access_log_format
        if log != (self.log.path if self.log else "", self.log.form if self.log else settings.access_log_format):
            if self.log:
                self.log.close(patience=0)
            self.log = AccessLog(*log) if settings.access_log else None

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """What does not work now; empty when all is well."""
        told = self._notice.read()
        return (*([Trouble(*told)] if told else []), *(self.log.troubles if self.log else ()))

    def client(self, scope: Scope) -> str:
        """The address of the client of a request (ASGI); empty where the connection has none."""
        peer = scope["client"]
        return self.clients.client(peer[0] if peer else "", scope["headers"])

    def politely(
        self, given: Answer, document: Document, path: str, scope: Scope, request: Mapping[str, str]
    ) -> Answer:
        """The answer, or a refusal in its place.

        Args:
            path: the document's name.
            request: its header fields, names in lower case.
        """
        if not is_counted(scope["method"], request, document, given.status):
            return given
        seconds = self.wait(self.client(scope), path, document.lifetime.max_age)
        return refusal(given, self.politeness.burst, seconds) if seconds else given

    def wait(self, client: str, path: str, max_age: int) -> int:
        """For how many seconds a client is not given a feed without saying what it has of it; 0 where it is now."""
        return self.politeness.wait(household(client), path, max_age, time.monotonic())

    def reopen(self) -> None:
        """Opens the log anew, where it was renamed."""
        if self.log:
            self.log.reopen()

    def close(self) -> None:
        """Writes what is left of the log."""
        if self.log:
            self.log.close()
