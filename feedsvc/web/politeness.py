"""Who asks again and again without saying what he has: a client, a feed and the time in; how long he has to wait out.

A bucket of tokens for each client and document, in the shape of the Generic Cell Rate Algorithm (ITU-T I.371): all that
is kept is the instant at which the bucket is full again. It needs no clock of its own, and nothing happens between two
requests.
"""

from __future__ import annotations

from heapq import heappop, heappush, heapreplace
from math import ceil
from typing import TYPE_CHECKING

from feedsvc.formats import FORMATS
from feedsvc.web.answers import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedsvc.model import Document

# How many buckets are kept; some 20 MB of them.
MOST = 65_536

# Sums of thirds are never exact, and the less so the longer the machine runs: so many seconds are no reason to turn
# anybody away.
_NOTHING = 1e-6

# The fields of the document's answer that stand in a refusal too.
_KEPT = frozenset(
    {
        b"date",
        b"vary",
        b"access-control-allow-origin",
        b"x-content-type-options",
        b"referrer-policy",
        b"x-robots-tag",
    }
)
_VALIDATORS = {b"etag": "If-None-Match", b"last-modified": "If-Modified-Since"}

_FEEDS = frozenset(written.media_type for written in FORMATS.values())


class Politeness:
    """The buckets of one process.

    A full bucket is as good as none, and is let go of by and by. Where all are in use, the one that is full first goes:
    who wants to be rid of an empty one would have to empty as many others before, and that takes longer than to wait.

    Args:
        burst: how many tokens a bucket holds; 0 for as many as anybody likes.
        most: how many buckets to keep.
    """

    def __init__(self, burst: int, *, most: int = MOST) -> None:
        self.burst = burst
        self._most = most
        self._full_at: dict[tuple[str, str], float] = {}
        # Each bucket once, by the instant that was known when it was put there: the true one may be later.
        self._order: list[tuple[float, tuple[str, str]]] = []

    def __len__(self) -> int:
        return len(self._full_at)

    def wait(self, client: str | None, path: str, max_age: int, now: float) -> int:
        """Takes a token; where there is none, says after how many whole seconds there is one again.

        Args:
            client: as `clients.household` names it; None for one who may ask as often as he likes.
            path: the document's name: two addresses of one feed are two documents.
            max_age: in how many seconds an empty bucket fills; 0, by which an answer is old at once, counts as 1.
            now: seconds, by a clock that never goes back.

        Returns:
            0 where the answer may be sent.
        """
        if client is None or not self.burst:
            return 0
        key, each = (client, path), (max_age or 1) / self.burst
        full_at = self._full_at.get(key)
        if full_at is None:
            self._add(key, now + each, now)
            return 0
        full_at = max(full_at, now) + each
        missing = full_at - now - each * self.burst
        if missing > _NOTHING:
            return ceil(missing - _NOTHING)
        self._full_at[key] = full_at
        return 0

    def _add(self, key: tuple[str, str], full_at: float, now: float) -> None:
        # Two looks for each bucket that comes: so those that are full go faster than new ones come.
        for _ in range(2):
            if self._order and self._order[0][0] <= now:
                self._settle(now)
        while len(self._full_at) >= self._most:
            self._settle(self._order[0][0])
        self._full_at[key] = full_at
        heappush(self._order, (full_at, key))

    def _settle(self, now: float) -> None:
        """Lets go of the bucket that was to be full first; or puts it where it belongs, if it is not full by now."""
        _, key = self._order[0]
        full_at = self._full_at[key]
        if full_at > now:
            heapreplace(self._order, (full_at, key))
        else:
            heappop(self._order)
            del self._full_at[key]


def is_feed(document: Document) -> bool:
    """Whether a document is one that readers poll."""
    return document.media_type in _FEEDS


def is_counted(method: str, request: Mapping[str, str], document: Document, status: int) -> bool:
    """Whether an answer takes a token: a whole feed, to one who did not say what he has of it."""
    return (
        status == 200  # noqa: PLR2004 - it is what it is
        and method == "GET"
        and is_feed(document)
        and "if-none-match" not in request
        and "if-modified-since" not in request
    )


def refusal(given: Answer, burst: int, seconds: int) -> Answer:
    """What is sent in the place of an answer (RFC 6585 §4): how to ask, for whoever wrote the client.

    Args:
        given: the answer that is not sent.
        burst: how often it may be asked for.
        seconds: how long to wait.
    """
    named = [f"    {_VALIDATORS[name]}: {value.decode()}" for name, value in given.fields if name in _VALIDATORS]
    text = "\n".join(
        [
            f"You asked for this feed more than {burst} times without saying what you have of it already.",
            "Please send back what came with the last answer: then this one is short, and never refused.",
            "",
            *named,
            "",
            f"Without it, ask again in {seconds} second{'' if seconds == 1 else 's'}.",
            "",
        ]
    )
    body = text.encode()
    own = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"retry-after", str(seconds).encode()),
    ]
    return Answer(429, [*(field for field in given.fields if field[0] in _KEPT), *own], body)
