"""A document and what a client asked of it in; status, head and body out."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from feedsvc.publication.documents import IN_PARTS, FileDocument
from feedsvc.publication.private import HEADERS
from feedsvc.web.codings import choose
from feedsvc.web.ranges import asked
from feedsvc.web.validators import http_date, matches, seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from feedsvc.errors import Unpublished
    from feedsvc.model import Document, Lifetime
    from feedsvc.publication.documents import Key, Place

METHODS = "GET, HEAD, OPTIONS"
YEAR = 31_536_000

# Header fields as they go over the wire, names in lower case.
Fields: TypeAlias = list[tuple[bytes, bytes]]


class Answer(Struct, frozen=True):
    """What goes over the wire.

    Attributes:
        fields: the Date is the first.
        file: where the body is to be read from; None where it is `body`.
        part: the positions of the file's bytes that are the body.
    """

    status: int
    fields: Fields
    body: bytes = b""
    file: Place | None = None
    part: range = range(0)


class Prepared(Struct, frozen=True):
    """All that one representation of a document is answered with within one second.

    Attributes:
        modified: the Last-Modified; None where there is none to send.
        unchanged: the head of a 304.
        whole: the head of a 200.
        undated: the head of a 200 without a Last-Modified.
    """

    document: Document
    etag: str
    body: bytes
    modified: int | None
    unchanged: Fields
    whole: Fields
    undated: Fields


def prepared(document: Document, coding: str, now: int) -> Prepared:
    """What a representation is answered with at `now`, in seconds since the epoch, which is each answer's Date."""
    chosen = document.representations[coding]
    modified = _last_modified(document.lifetime, now)
    dated = [] if modified is None else [("Last-Modified", http_date(modified))]
    validators = [
        ("ETag", chosen.etag),
        ("Cache-Control", cache_control(document.lifetime, now)),
        ("Vary", document.vary),
    ]
    length = document.place.length if isinstance(document, FileDocument) else len(chosen.body)
    content = [("Content-Type", document.media_type), ("Content-Length", str(length))]
    coded = [] if coding == "identity" else [("Content-Encoding", coding)]
    # A script of another site that sends validators may read of a 304 what it may read of a 200, or it gets neither.
    shared = [header for header in document.headers if header[0].startswith("Access-Control-") or header in HEADERS]
    return Prepared(
        document,
        chosen.etag,
        chosen.body,
        modified,
        unchanged=fields([*validators, *dated, *shared], now),
        whole=fields([*content, *validators, *dated, *coded, *document.headers], now),
        undated=fields([*content, *validators, *coded, *document.headers], now),
    )


def fields(named: Iterable[tuple[str, str]], now: int) -> Fields:
    """Header fields with the Date before them."""
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in (("Date", http_date(now)), *named)]


class Moment:
    """What has been prepared for one second, so that each head is built once in it.

    Attributes:
        now: seconds since the epoch.
        messages: by title and text.
        notices: by the document that says why there is nothing.
        unpublished: why there is no document, by its key, with the number of changes that were known of.
    """

    def __init__(self, now: int) -> None:
        self.now = now
        self.messages: dict[tuple[str, str], Answer] = {}
        self.notices: dict[Document, Answer] = {}
        self.unpublished: dict[Key, tuple[Unpublished, int]] = {}
        self._prepared: dict[tuple[Document, str], Prepared] = {}

    def prepared(self, document: Document, accept_encoding: str | None) -> Prepared:
        """What the representation that a client likes best is answered with."""
        coding = choose(accept_encoding, document.representations.keys())
        found = self._prepared.get((document, coding))
        if found is None:
            found = self._prepared[document, coding] = prepared(document, coding, self.now)
        return found


def answer(document: Document, request: Mapping[str, str], moment: Moment) -> Answer:
    """Chooses among a document's representations, and compares validators.

    Args:
        request: its header fields, names in lower case, several of one name joined by commas.
        moment: that of the answer's Date.
    """
    found = moment.prepared(document, request.get("accept-encoding"))
    since = seconds_of(request.get("if-modified-since"))
    is_old_news = found.modified is not None and since is not None and found.modified <= since
    if_none_match = request.get("if-none-match")
    if matches(if_none_match, found.etag) if if_none_match is not None else is_old_news:
        return Answer(304, found.unchanged)
    # Rule R3: a 200 must not carry a date that the client has already; newsboat would throw the new bytes away.
    head = found.undated if is_old_news else found.whole
    if "range" in request and IN_PARTS in document.headers:
        return _part(found, head, request)
    file = document.place if isinstance(document, FileDocument) else None
    return Answer(200, head, found.body, file, range(file.length if file else 0))


def _part(found: Prepared, head: Fields, request: Mapping[str, str]) -> Answer:
    """The part of a body that is asked for; all of it where what is asked for is none."""
    document = found.document
    file = document.place if isinstance(document, FileDocument) else None
    length = len(found.body) if file is None else file.length
    part = asked(request, found.etag, length)
    if len(part) == length:
        return Answer(200, head, found.body, file, part)
    others = [field for field in head if field[0] not in {b"content-length", b"content-type"}]
    if not part:
        return Answer(416, [*others, (b"content-range", f"bytes */{length}".encode()), (b"content-length", b"0")])
    described = [
        (b"content-type", document.media_type.encode()),
        (b"content-length", str(len(part)).encode()),
        (b"content-range", f"bytes {part.start}-{part.stop - 1}/{length}".encode()),
    ]
    return Answer(206, [*others, *described], found.body[part.start : part.stop], file, part)


def cache_control(lifetime: Lifetime, now: int) -> str:
    """How long caches may keep an answer (RFC 9111, RFC 5861): never past the next expiry in it."""
    if lifetime.max_age >= YEAR:
        return f"max-age={lifetime.max_age}, immutable"
    left = inf if lifetime.kept_until == inf else max(0, int(lifetime.kept_until) - now)
    max_age = int(min(lifetime.max_age, left))
    stale = int(min(lifetime.stale, left - max_age))
    private = "private, " if lifetime.is_private else ""
    return f"{private}max-age={max_age}, stale-while-revalidate={stale}, stale-if-error={stale}"


def _last_modified(lifetime: Lifetime, now: int) -> int | None:
    # Rule R2: a date later than the answer's own is left out (RFC 9110 §8.8.2.1).
    modified = lifetime.last_modified
    return None if modified is None or modified > now else modified
