"""A large file and the positions that are asked for in; its bytes to a client, as fast as it takes them, out."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from starlette.types import Receive, Send

    from feedsvc.publication.documents import Place

# In bytes; so much of a file is in memory for each client at a time.
_CHUNK = 256 * 1024


def opened(place: Place) -> BinaryIO | None:
    """The file at a place; None where it is not there, or no longer what it was."""
    from feedsvc.sources.folder import opened_as  # noqa: PLC0415 - most answers are no files

    return opened_as(Path(place.folder), place.address, place.mark) if place.folder else None


async def send_part(file: BinaryIO, part: range, receive: Receive, send: Send) -> None:
    """Sends a part of a file as the body of an answer, until the client leaves; the file is closed then.

    Where the file ends before the part does, so does the answer, and the server breaks the connection off.
    """
    leaving = asyncio.ensure_future(_left(receive))
    try:
        await asyncio.to_thread(file.seek, part.start)
        while not leaving.done():
            chunk = await asyncio.to_thread(file.read, min(_CHUNK, len(part)))
            if part and not chunk:
                return
            part = part[len(chunk) :]
            await send({"type": "http.response.body", "body": chunk, "more_body": bool(part)})
            if not part:
                return
    finally:
        leaving.cancel()
        file.close()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
