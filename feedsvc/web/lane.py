"""Polls that need nothing but a look-up: what a request asks for, byte for byte, in; the bytes of its answer out."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from urllib.parse import unquote

from feedsvc.text.links import quoted
from feedsvc.web.hosts import is_host
from feedsvc.web.log_lines import Hit
from feedsvc.web.politeness import is_feed

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedsvc.publication import Publication
    from feedsvc.web.answers import Fields, Moment
    from feedsvc.web.service import Service

# So many kinds of requests are known of one target, and so many requests of all, within a second.
VARIANTS, MOST = 64, 4096

# Longer requests are not remembered, nor longer fields that choose among representations, in bytes: requests of readers
# have 150 to 600.
LONGEST = 1024

# The fields of a request that count, and where they are kept meanwhile.
_HOST, _CODING, _ACCEPT, _DESTINATION, _TAG, _SINCE, _FORWARDED, _REFERRER, _AGENT = range(9)
_PLACES = {
    b"host": _HOST,
    b"accept-encoding": _CODING,
    b"accept": _ACCEPT,
    b"sec-fetch-dest": _DESTINATION,
    b"if-none-match": _TAG,
    b"if-modified-since": _SINCE,
    b"x-forwarded-for": _FORWARDED,
    b"referer": _REFERRER,
    b"user-agent": _AGENT,
}
# Those with which a request is not a mere poll.
_NOT_A_POLL = b"authorization content-length expect if-match if-range if-unmodified-since range"
_PLACES.update(dict.fromkeys((*_NOT_A_POLL.split(), b"transfer-encoding", b"upgrade"), -1))

# A request's target, and its Accept-Encoding, Accept and Sec-Fetch-Dest as they came; None where they did not.
Key: TypeAlias = tuple[bytes, bytes | None, bytes | None, bytes | None]


class Poll(NamedTuple):
    """What a kind of requests is answered with.

    Attributes:
        etag: as a client sends it back.
        unchanged: a 304.
        status: 200, or that of what says why there is nothing.
        head: of that, with the empty line at its end.
        body: of that.
        path: the document's name.
        max_age: for how many seconds it may be kept; None where it is not a feed, which one may ask for at will.
    """

    etag: bytes
    unchanged: bytes
    status: int
    head: bytes
    body: bytes
    path: str
    max_age: int | None


class Said(NamedTuple):
    """An answer.

    Attributes:
        parts: its bytes.
        counted: the name of a feed and its max-age, where its client did not say what it has of it.
        hit: what a log says of it; its client and instant are still to be told.
        is_forwarded: whether whoever asked said for whom.
    """

    parts: tuple[bytes, ...]
    counted: tuple[str, int] | None
    hit: Hit
    is_forwarded: bool


class Lane:
    """The answers that need no application: those of documents that are kept.

    What it says is what the application would. All that it knows is of one second, and forgotten sooner where a
    document changes.

    Args:
        clock: seconds since the epoch.
    """

    def __init__(self, service: Service, publication: Publication, *, clock: Callable[[], float]) -> None:
        self._service = service
        self._shelf = publication.shelf
        self._clock = clock
        self._now = 0
        self._changes = 0
        self._polls: dict[Key, Poll] = {}
        self._variants: dict[bytes, int] = {}
        self._same: dict[bytes, Said] = {}

    def recall(self, request: bytes) -> Said | None:
        """What was answered to the same bytes; None where they were not seen, or it may have changed."""
        if int(self._clock()) != self._now or self._shelf.changes != self._changes:
            self._renew()
        return self._same.get(request)

    def remember(self, request: bytes, said: Said) -> None:
        """Keeps what was answered to a whole request that came by itself."""
        if len(request) <= LONGEST and len(self._same) < MOST:
            self._same[request] = said

    def answer(self, method: bytes, target: bytes, fields: Fields) -> Said | None:
        """What a request is answered with; None where the application is to answer it.

        Args:
            fields: as they came, several of one name as often.
        """
        found: list[bytes | None] = [None] * 9
        for name, value in fields:
            place = _PLACES.get(name.lower())
            if place is not None:
                if place < 0 or found[place] is not None:
                    return None
                found[place] = value
        host, coding, accept, destination, tag, since, forwarded, referrer, agent = found
        if host is None or not is_host(host) or method not in {b"GET", b"HEAD"} or (tag is None and since is not None):
            return None
        poll = self._find((target, coding, accept, destination))
        if poll is None or tag not in {None, poll.etag}:
            return None
        is_whole = tag is None and method == b"GET"
        status, length = (304, 0) if tag is not None else (poll.status, len(poll.body) if is_whole else 0)
        hit = Hit("", method.decode(), target, "1.1", status, length, referrer or b"", agent or b"", 0.0, 0.0)
        is_forwarded = forwarded is not None
        if is_whole:
            counted = None if poll.max_age is None else (poll.path, poll.max_age)
            return Said((poll.head, poll.body), counted, hit, is_forwarded)
        return Said((poll.unchanged if tag is not None else poll.head,), None, hit, is_forwarded)

    def _find(self, key: Key) -> Poll | None:
        if int(self._clock()) != self._now or self._shelf.changes != self._changes:
            self._renew()
        return self._polls.get(key) or self._made(key)

    def _renew(self) -> None:
        self._now, self._changes = int(self._clock()), self._shelf.changes
        self._polls, self._variants, self._same = {}, {}, {}

    def _made(self, key: Key) -> Poll | None:
        target = key[0]
        known = self._variants.get(target, 0)
        is_long = sum(len(each) for each in key if each) > LONGEST
        if is_long or known >= VARIANTS or len(self._polls) >= MOST:
            return None
        way, _, query = target.partition(b"?")
        path, moment = _path(way), self._service.moment()
        if path is None or moment.now != self._now:
            return None
        poll = self._kept(path, query.decode("latin-1"), key, moment) or (None if query else self._refused(path))
        if poll is not None:
            self._polls[key], self._variants[target] = poll, known + 1
        return poll

    def _kept(self, path: str, query: str, key: Key, moment: Moment) -> Poll | None:
        _, coding, accept, destination = key
        kept = self._service.kept(path, query, _text(accept), _text(destination))
        if kept is None or kept[1].lifetime.good_until < self._now + 1:
            return None
        named, document = kept
        found = moment.prepared(document, _text(coding))
        max_age = document.lifetime.max_age if is_feed(document) else None
        unchanged, whole = head(304, found.unchanged), head(200, found.whole)
        return Poll(found.etag.encode(), unchanged, 200, whole, found.body, named, max_age)

    def _refused(self, path: str) -> Poll | None:
        answer = self._service.refused(path)
        if answer is None:
            return None
        # No entity tag is empty: who sends one is answered by the application.
        return Poll(b"", b"", answer.status, head(answer.status, answer.fields), answer.body, path, None)


def head(status: int, fields: Fields) -> bytes:
    """A status line and header fields as uvicorn writes them, with the empty line at their end."""
    lines = b"".join(b"%b: %b\r\n" % field for field in fields)
    return b"HTTP/1.1 %d %b\r\n%b\r\n" % (status, HTTPStatus(status).phrase.encode(), lines)


def _path(target: bytes) -> str | None:
    """The decoded path of a target in the one spelling that our links have; None for all others."""
    written = target.decode("latin-1")
    path = unquote(written)
    return path if written.startswith("/") and quoted(path) == written else None


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")
