"""A line of an access log: the plain values of a request and its answer in; the line out.

Whatever a client sends, it ends neither a line nor a field of one.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Of the target, and of another field, so many characters are shown, as they are written. So a line is shorter than what
# a pipe takes in one piece (PIPE_BUF is 4,096 bytes on Linux), and lines of several processes do not mix.
_TARGET, _OTHER = 1600, 900
# A byte takes six characters at most: `\u0000`.
_WIDEST = 6

# What stands behind `/private/` is a secret, however its letters are encoded; and so is who a URL says one is.
_SLASH = "(?:/|%2f)"
_LETTERS = "".join(f"(?:{letter}|%{ord(letter):x})" for letter in "private")
_PRIVATE = re.compile(f"{_SLASH}{_LETTERS}{_SLASH}".encode(), re.IGNORECASE)
_CREDENTIALS = re.compile(rb"(?<=//)[^/?#]*@")

# As Apache writes them (`ap_escape_logitem`): C's escape where it has one, else the byte in hexadecimal.
_ESCAPES = {number: f"\\x{number:02x}" for number in (*range(0x20), *range(0x7F, 0x100))}
_ESCAPES |= {ord(char): rf"\{name}" for char, name in zip('\b\t\n\v\r"\\', 'btnvr"\\', strict=True)}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Hit(NamedTuple):
    """A request, and what was sent.

    Attributes:
        client: its address; empty where there is none.
        method: empty where the request could not be read.
        target: as it was sent, with its query.
        version: of HTTP, such as `1.1`.
        length: how many bytes of a body were sent.
        referrer: as it was sent; empty where it was not. So is the user agent.
        at: when the request came, in seconds since the epoch.
        seconds: how long it took until the answer was sent, or handed to the system.
    """

    client: str
    method: str
    target: bytes
    version: str
    status: int
    length: int
    referrer: bytes
    user_agent: bytes
    at: float
    seconds: float


def combined(hit: Hit) -> bytes:
    """Apache's and nginx's `combined` form."""
    request = f"{_plain(hit.method.encode(), _OTHER)} {_plain(hit.target, _TARGET)} HTTP/{hit.version}"
    written = (
        f"{hit.client or '-'} - - [{_clock(int(hit.at))}] "
        f'"{request if hit.method else "-"}" {hit.status} {hit.length} '
        f'"{_plain(hit.referrer, _OTHER) or "-"}" "{_plain(hit.user_agent, _OTHER) or "-"}"\n'
    )
    return written.encode()


def as_json(hit: Hit) -> bytes:
    """An object of JSON, in ASCII; null for what was not sent."""
    value = {
        "time": datetime.fromtimestamp(hit.at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "client": hit.client or None,
        "method": hit.method or None,
        "target": _text(hit.target, _TARGET) or None,
        "protocol": f"HTTP/{hit.version}" if hit.method else None,
        "status": hit.status,
        "bytes": hit.length,
        "referrer": _text(hit.referrer, _OTHER) or None,
        "user_agent": _text(hit.user_agent, _OTHER) or None,
        "seconds": round(hit.seconds, 6),
    }
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


LINES: Mapping[str, Callable[[Hit], bytes]] = MappingProxyType({"combined": combined, "json": as_json})
"""The forms of a line, by the value of the setting."""


def _plain(raw: bytes, longest: int) -> str:
    return _shown(raw, longest, lambda raw: raw.decode("latin-1").translate(_ESCAPES), len)


def _text(raw: bytes, longest: int) -> str:
    return _shown(raw, longest, lambda raw: raw.decode(errors="backslashreplace"), lambda text: len(json.dumps(text)))


def _shown(raw: bytes, longest: int, written: Callable[[bytes], str], length: Callable[[str], int]) -> str:
    """What of a field is shown; an ellipsis stands for what is not."""
    head, end = raw[: longest + 1], ""
    if b"@" in head:
        head = _CREDENTIALS.sub(b"***@", head)
    if found := _PRIVATE.search(head):
        head, end = head[: found.start()], "/private/…"
    text = written(head)
    if length(text) > longest:
        text, end = written(head[: longest // _WIDEST]), "…"
    return text + end


@lru_cache(maxsize=2)
def _clock(second: int) -> str:
    at = datetime.fromtimestamp(second, UTC)
    return f"{at:%d}/{_MONTHS[at.month - 1]}/{at:%Y:%H:%M:%S} +0000"
