"""Why something that came is no request to be answered: a status in; the bytes of an answer out."""

from __future__ import annotations

import time
from http import HTTPStatus

from feedsvc.web.validators import http_date

_REASONS = {
    400: "What came is not an HTTP request (RFC 9112).",
    408: "The request took too long to come.",
    414: "The address is too long.",
    429: "Too many requests were sent without waiting for their answers.",
    431: "The header fields are too long.",
    503: "Too many connections are open. Please come again in a moment.",
}


def refusal(status: int) -> bytes:
    """A whole answer that closes the connection, with a sentence that a person can read."""
    body = f"{_REASONS[status]}\n".encode()
    again = "retry-after: 2\r\n" if status == 503 else ""  # noqa: PLR2004 - see above
    lines = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
        f"date: {http_date(int(time.time()))}\r\n"
        "content-type: text/plain; charset=utf-8\r\n"
        f"content-length: {len(body)}\r\n"
        f"cache-control: no-store\r\n{again}connection: close\r\n\r\n"
    )
    return lines.encode() + body
