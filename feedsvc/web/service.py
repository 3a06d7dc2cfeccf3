"""Every published document as one ASGI application: a scope in; an answer out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from feedsvc.errors import CatalogError, FilterError, Moved, NotReady, Unpublished
from feedsvc.formats import FORMATS
from feedsvc.publication import filtered, searching
from feedsvc.publication.documents import FOR_READERS, NEGOTIATED, Variant, page_at
from feedsvc.publication.private import is_private
from feedsvc.web import files
from feedsvc.web.answers import METHODS, Answer, Moment, answer, fields
from feedsvc.web.health import HEALTH, REPORTS
from feedsvc.web.hosts import is_host
from feedsvc.web.negotiation import wants_page
from feedsvc.web.privacy import guarded
from feedsvc.web.unpublished import SHORTLY, Absences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from starlette.types import Receive, Scope, Send

    from feedsvc.model import Document
    from feedsvc.publication import Publication
    from feedsvc.publication.documents import Address, Key
    from feedsvc.web.conduct import Conduct


class Service:
    """Looks up, compares validators, answers.

    Args:
        clock: seconds since the epoch.
        conduct: how those who ask are treated.
    """

    def __init__(self, publication: Publication, *, clock: Callable[[], float], conduct: Conduct) -> None:
        self._publication = publication
        self._clock = clock
        self._conduct = conduct
        self._moment = Moment(0)
        self._absences = Absences(publication, self.moment)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request (ASGI 3)."""
        if scope["type"] != "http":
            return
        if log := self._conduct.log:
            await log.follow(self._send, self._conduct.client(scope), scope, receive, send)
        else:
            await self._send(scope, receive, send)

    async def _send(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = await self._answer(scope)
        file = await asyncio.to_thread(files.opened, given.file) if given.file else None
        if given.file and file is None:
            given = self._absences.plain(CatalogError("the file lies on another machine, or is being replaced"))
        last = [_CLOSE] if self._conduct.is_ending else []
        await send({"type": "http.response.start", "status": given.status, "headers": [*given.fields, *last]})
        if file is not None:
            await files.send_part(file, given.part if scope["method"] == "GET" else range(0), receive, send)
            return
        body = b"" if scope["method"] == "HEAD" else given.body
        await send({"type": "http.response.body", "body": body})

    def moment(self) -> Moment:
        """What is prepared for the second that it is."""
        now = int(self._clock())
        if now != self._moment.now:
            self._moment = Moment(now)
        return self._moment

    def kept(self, path: str, query: str, accept: str | None, destination: str | None) -> tuple[str, Document] | None:
        """The document that a request for a path, as it was sent, is answered with, if it is there and good.

        Its name stands before it.

        Args:
            query: of a filter, as it was sent; only in the canonical spelling there is something.
            accept: the field's value; None where it was not sent.
            destination: that of Sec-Fetch-Dest, likewise.
        """
        try:
            key = self._publication.key(self._path(path))
        except Unpublished:
            return None
        if query and isinstance(key, str):
            key = Variant(key, query=query)
        document = self._publication.kept(key)
        if document and document.vary == NEGOTIATED and wants_page(accept, destination, document.media_type):
            document = self._publication.kept(page_at(key))
        return (str(key), document) if document else None

    def refused(self, path: str) -> Answer | None:
        """What a request for a path, as it was sent, is answered with, if it is known that nothing is there."""
        try:
            named = self._path(path)
        except Moved as moved:
            return self._moved(moved.location)
        if is_private(named):
            return None  # nothing is remembered of who asks in vain for somebody's address
        error = self._known(named)
        if isinstance(error, Moved):
            return self._moved(error.location)
        return None if error is None else self._absences.kept(error, named)

    async def _answer(self, scope: Scope) -> Answer:
        path = self._below(scope["path"])
        if path != HEALTH:  # whether the process answers at all is no question to the catalog
            await self._publication.awake()
        given = await self._said(scope)
        return guarded(given) if is_private(path) else given

    async def _said(self, scope: Scope) -> Answer:
        method = scope["method"]
        if method == "OPTIONS":
            more = _PREFLIGHT if _is_preflight(scope) else ()
            return self._plain(204, (_ALLOW, ("Vary", "Accept-Encoding"), _OPEN, *more))
        if method not in {"GET", "HEAD"}:
            return self._absences.message(
                405, "Only to be read", f"This address answers {METHODS}.", ("Allow", METHODS)
            )
        if not _names_a_host(scope):
            return self._absences.message(400, "Bad request", "A request names one host.", ("Connection", "close"))
        try:
            return await self._read(scope)
        except Moved as moved:
            return self._moved(self._location(moved, scope))
        except (Unpublished, CatalogError, FilterError) as error:
            return await self._absences.told(error, self._below(scope["path"]))

    async def _read(self, scope: Scope) -> Answer:
        path = self._path(scope["path"])
        if path in REPORTS:
            status, named, body = REPORTS[path](self._publication, self._conduct.troubles)
            return self._plain(status, named, body)
        request, key = _request(scope), self._key(path, scope["query_string"])
        document = self._publication.kept(key) or await self._published(key)
        if document.vary == NEGOTIATED and _is_person(scope, request, document.media_type):
            page = page_at(key)
            document = self._publication.kept(page) or await self._publication.get(page)
        # The clock is read when the document is there: its Last-Modified is compared with the Date that is sent.
        return self._conduct.politely(answer(document, request, self.moment()), document, str(key), scope, request)

    def _key(self, path: str, query: bytes) -> Address:
        key = self._publication.key(path)
        # Before anything is there, it is not known where the site is.
        if not query or not self._publication.is_begun or not isinstance(key, str):
            return key
        if key == searching.PATH:
            return searching.key_of(query)
        return filtered.key_of(path, query, self._publication.site.base_url)

    async def _published(self, key: Key) -> Document:
        """The document of a key; that there is none is asked once a second, for it is asked for again and again."""
        if known := self._known(key):
            raise known.with_traceback(None)
        try:
            return await self._publication.get(key)
        except Unpublished as error:
            known_of = self.moment().unpublished
            if not isinstance(error, NotReady) and len(known_of) < _MOST_KNOWN:
                known_of[key] = error, self._publication.shelf.changes
            raise

    def _known(self, key: Key) -> Unpublished | None:
        error, changes = self.moment().unpublished.get(key, (None, 0))
        return error if changes == self._publication.shelf.changes else None

    def _moved(self, location: str) -> Answer:
        return self._plain(301, (("Location", location), *_MOVED))

    def _location(self, moved: Moved, scope: Scope) -> str:
        is_feed = moved.location.startswith(self._publication.site.base_url) and moved.location.endswith(_FEEDS)
        return f"{moved.location}?{FOR_READERS}" if is_feed and _is_for_readers(scope) else moved.location

    def _path(self, path: str) -> str:
        # A proxy in front may have stripped the base URL's path, or not.
        base = self._publication.base_path
        if path == base.rstrip("/"):
            raise Moved(self._publication.site.base_url)
        return self._below(path)

    def _below(self, path: str) -> str:
        base = self._publication.base_path
        return path.removeprefix(base) if path.startswith(base) else path.removeprefix("/")

    def _plain(self, status: int, named: Iterable[tuple[str, str]], body: bytes = b"") -> Answer:
        return Answer(status, fields(named, self.moment().now), body)


# Of so many paths it is known within a second that nothing is published there.
_MOST_KNOWN = 1024

# A script of another site is told why it gets nothing, and may go where a feed has gone.
_OPEN = ("Access-Control-Allow-Origin", "*")

_PREFLIGHT = (
    ("Access-Control-Allow-Methods", METHODS),
    ("Access-Control-Allow-Headers", "Cache-Control, If-Modified-Since, If-None-Match, If-Range, Range"),
    ("Access-Control-Max-Age", "86400"),
)

_ALLOW = ("Allow", METHODS)
_CLOSE = (b"connection", b"close")

_MOVED = (
    ("Content-Length", "0"),
    ("Vary", "Accept-Encoding"),
    _OPEN,
    ("Cache-Control", f"max-age={SHORTLY}"),
)

_FEEDS = tuple(f"/{name}" for name in FORMATS)


def _is_preflight(scope: Scope) -> bool:
    """Whether a browser asks what a script of another site may ask (Fetch, CORS-preflight request)."""
    return any(name == b"access-control-request-method" for name, _ in scope["headers"])


def _is_person(scope: Scope, request: Mapping[str, str], own_type: str) -> bool:
    """Whether a request for a feed is that of a person, who is to see a page."""
    is_person = wants_page(request.get("accept"), request.get("sec-fetch-dest"), own_type)
    return is_person and not _is_for_readers(scope)


def _is_for_readers(scope: Scope) -> bool:
    """Whether the query asks for the feed, whatever else is said."""
    return FOR_READERS.encode() in scope["query_string"].split(b"&")


def _names_a_host(scope: Scope) -> bool:
    """Whether a request has exactly one Host that can be one, as it must from HTTP/1.1 on (RFC 9112 §3.2)."""
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    return (len(hosts) == 1 and is_host(hosts[0])) or (not hosts and scope["http_version"] == "1.0")


def _request(scope: Scope) -> dict[str, str]:
    """The request's header fields by name in lower case; several of one name are one list (RFC 9110 §5.3)."""
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    if scope["method"] != "GET":
        found.pop("range", None)  # RFC 9110 §14.2
    return found
