"""The least that an ASGI application can be: one document and its two codings, kept whole; nothing else is looked at.

It is what serving is held against: `uvicorn bare:app`, with `BARE` naming the document's file.
"""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import Any

BODY = Path(os.environ["BARE"]).read_bytes()
ZIPPED = gzip.compress(BODY, 6, mtime=0)
ETAG = b'"bare"'
FIELDS = [(b"content-type", b"application/rss+xml; charset=utf-8"), (b"etag", ETAG), (b"cache-control", b"max-age=300")]
WHOLE = [*FIELDS, (b"content-length", str(len(BODY)).encode())]
SHORT = [*FIELDS, (b"content-length", str(len(ZIPPED)).encode()), (b"content-encoding", b"gzip")]


async def app(scope: Any, _receive: Any, send: Any) -> None:
    """Answers every request with the document (ASGI 3)."""
    if scope["type"] != "http":
        return
    asked = dict(scope["headers"])
    if asked.get(b"if-none-match") == ETAG:
        status, fields, body = 304, FIELDS, b""
    elif b"gzip" in asked.get(b"accept-encoding", b""):
        status, fields, body = 200, SHORT, ZIPPED
    else:
        status, fields, body = 200, WHOLE, BODY
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})
