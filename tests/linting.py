"""What httplint finds in answers as they came over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from httplint import HttpRequestLinter, HttpResponseLinter, levels

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from httplint import Note


def complaints(request: bytes, reply: bytes, *, now: float) -> set[str]:
    """The names of the notes that are warnings or worse.

    Args:
        reply: whole, on a connection that was closed behind it.
        now: when it came, in seconds since the epoch.
    """
    asked, told = HttpRequestLinter(), HttpResponseLinter(start_time=now)
    told.request, asked.response = asked, told
    line, fields, _ = _parts(request)
    method, target, version = line.split(b" ", 2)
    asked.process_request_topline(method, target, version.removeprefix(b"HTTP/"))
    asked.process_headers(fields)
    asked.finish_content(complete=True)
    line, fields, body = _parts(reply)
    version, status, phrase = line.split(b" ", 2)
    told.is_head_response = method == b"HEAD"
    told.process_response_topline(version.removeprefix(b"HTTP/"), status, phrase)
    told.process_headers(fields)
    told.feed_content(body)
    told.finish_content(complete=True)
    return set(_bad(told.notes))


def _parts(message: bytes) -> tuple[bytes, list[tuple[bytes, bytes]], bytes]:
    head, _, body = message.partition(b"\r\n\r\n")
    line, *fields = head.split(b"\r\n")
    return line, [(name, value.strip()) for name, _, value in (field.partition(b":") for field in fields)], body


def _bad(notes: Iterable[Note]) -> Iterator[str]:
    for note in notes:
        if note.level in {levels.WARN, levels.BAD}:
            yield type(note).__name__
        yield from _bad(note.subnotes)
