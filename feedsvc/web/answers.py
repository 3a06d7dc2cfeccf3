"""A document and what a client asked of it in; status, head and body out."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from feedsvc.publication.documents import IN_PARTS, FileDocument
from feedsvc.web.codings import choose
from feedsvc.web.ranges import asked
from feedsvc.web.validators import http_date, matches, seconds_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedsvc.model import Document, Lifetime, Representation
    from feedsvc.publication.documents import Place

METHODS = "GET, HEAD, OPTIONS"
YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes over the wire, but for its Date.

    Attributes:
        file: where the body is to be read from; None where it is `body`.
        part: the positions of the file's bytes that are the body.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    file: Place | None = None
    part: range = range(0)


def answer(document: Document, request: Mapping[str, str], now: int) -> Answer:
    """Chooses among a document's representations, and compares validators.

    Args:
        request: its header fields, names in lower case, several of one name joined by commas.
        now: seconds since the epoch, the answer's Date.
    """
    coding = choose(request.get("accept-encoding"), document.representations.keys())
    chosen = document.representations[coding]
    since = seconds_of(request.get("if-modified-since"))
    modified = _last_modified(document.lifetime, now)
    if_none_match = request.get("if-none-match")
    validators = [
        ("ETag", chosen.etag),
        ("Cache-Control", cache_control(document.lifetime, now)),
        ("Vary", "Accept-Encoding"),
    ]
    has_it = matches(if_none_match, chosen.etag) if if_none_match is not None else _is_not_newer(modified, since)
    if modified is not None and (has_it or not _is_not_newer(modified, since)):
        # Rule R3: a 200 must not carry a date that the client has already; newsboat would throw the new bytes away.
        validators.append(("Last-Modified", http_date(modified)))
    if has_it:
        return Answer(304, tuple(validators))
    if coding != "identity":
        validators.append(("Content-Encoding", coding))
    return _content(document, chosen, (*validators, *document.headers), request)


def _content(
    document: Document, chosen: Representation, headers: tuple[tuple[str, str], ...], request: Mapping[str, str]
) -> Answer:
    """All of a body, or the part of it that is asked for where the document allows that."""
    file = document.place if isinstance(document, FileDocument) else None
    length = len(chosen.body) if file is None else file.length
    part = asked(request, chosen.etag, length) if IN_PARTS in headers else range(length)
    if not part and length:
        return Answer(416, (("Content-Range", f"bytes */{length}"), ("Content-Length", "0"), *headers))
    content = [("Content-Type", document.media_type), ("Content-Length", str(len(part)))]
    if len(part) < length:
        content.append(("Content-Range", f"bytes {part.start}-{part.stop - 1}/{length}"))
    body = chosen.body[part.start : part.stop]
    return Answer(206 if len(part) < length else 200, (*content, *headers), body, file, part)


def cache_control(lifetime: Lifetime, now: int) -> str:
    """How long caches may keep an answer (RFC 9111, RFC 5861): never past the next expiry in it."""
    if lifetime.max_age >= YEAR:
        return f"max-age={lifetime.max_age}, immutable"
    left = inf if lifetime.kept_until == inf else max(0, int(lifetime.kept_until) - now)
    max_age = int(min(lifetime.max_age, left))
    stale = int(min(lifetime.stale, left - max_age))
    return f"max-age={max_age}, stale-while-revalidate={stale}, stale-if-error={stale}"


def _last_modified(lifetime: Lifetime, now: int) -> int | None:
    # Rule R2: a date later than the answer's own is left out (RFC 9110 §8.8.2.1).
    modified = lifetime.last_modified
    return None if modified is None or modified > now else modified


def _is_not_newer(modified: int | None, since: int | None) -> bool:
    return modified is not None and since is not None and modified <= since
