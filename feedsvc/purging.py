"""Caches in front of the site: what a revision took back in; requests that they let go of it at once, out.

They are asked by a thread of its own, so that no sync waits for them; and twice, for what was let go of may have been
fetched again from a server that had not seen the revision yet. What is not asked for because this process ended is let
go of later: when `max_age` and `stale` are over, as without it.
"""

from __future__ import annotations

import heapq
import threading
import time
from contextlib import suppress
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener
from zoneinfo import ZoneInfo

from msgspec import Struct

from feedsvc import __version__
from feedsvc.config.purges import filled, is_for_all
from feedsvc.errors import SettingsError
from feedsvc.text import periods
from feedsvc.text.links import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from feedsvc.catalog.syncing import Undone
    from feedsvc.config import Server

# After so many seconds each is asked once more: no server needs as long to see a revision.
AGAIN = 2.0
# Pauses between tries that fail, in seconds: doubled each time, up to the longest.
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
# For so many seconds it is tried: by default, caches let go by themselves then.
PATIENCE = 900.0
# So many seconds a cache has to answer.
TIMEOUT = 5.0
# So many addresses wait at most.
MOST = 10_000

# What says that nothing is kept there, in answer to who asks for one address: nginx Plus, and the module for nginx.
_NOT_KEPT = frozenset({404, 410, 412})
# What may be otherwise next time; of all others below 500 each is a mistake in the settings.
_PASSING = frozenset({408, 425, 429})

# In place of an address, where all is let go of at once.
_ALL = ""

# Channels that are not for everybody have no address that a shared cache may keep; some are no channels at all.
_HIDDEN = ("private/", ":")


def addresses(undone: Undone) -> tuple[str, ...]:
    """The absolute URLs that show otherwise what was taken back or moved, the pages first.

    The lists' further pages, and other articles' pages that name it among the latest, are not among them: which these
    are is not known.
    """
    below = [f"articles/{quoted(slug)}" for slug in undone.pages]
    for name in sorted(undone.channels):
        if not name.startswith(_HIDDEN):
            below += _of_channel(quoted(f"{name}/" if name else ""), undone.channels[name], undone.archive)
    below += _years_and_months(undone.channels.get("", ()), ZoneInfo(undone.zone))
    return tuple(undone.base_url + path for path in below)


def _of_channel(top: str, lost: Iterable[int], archive: str) -> Iterator[str]:
    """The list and the feeds of a channel, and the archives in which was what it lost."""
    # What makes documents takes 30 MB, and a sync needs it for nothing else.
    from feedsvc.formats import FORMATS  # noqa: PLC0415
    from feedsvc.publication.documents import FOR_READERS  # noqa: PLC0415

    yield top
    yield f"embed/{top.removesuffix('/')}"
    if not top:
        yield "llms.txt"
    for filename in FORMATS:
        yield from (f"{top}{filename}", f"{top}{filename}?{FOR_READERS}")
    for period in sorted({periods.at(instant, archive).name for instant in lost}):
        yield from (f"{top}archive/{period}/{filename}" for filename in FORMATS)


def _years_and_months(lost: Iterable[int], zone: ZoneInfo) -> list[str]:
    names = {periods.at(instant, kind, zone).name for instant in lost for kind in ("year", "month")}
    return [f"{name.replace('-', '/')}/" for name in sorted(names)]


class _Call(Struct, eq=False):
    """One address that a cache is to be asked to let go of.

    Attributes:
        until: until when it is tried, by the monotonic clock in seconds.
        pause: after the next failure, in seconds.
        is_last: whether it is not asked once more.
    """

    address: str
    until: float
    pause: float
    is_last: bool = False


class Purger:
    """Asks the cache that the settings name, until it has done what it was asked for, or that has taken too long.

    Args:
        settings: as they are now; raises SettingsError, and those before them stay in force.
        say: tells an operator what could not be done.
        again: after how many seconds each address is asked for once more.
        first_pause: after the first failure, in seconds.
        patience: for how many seconds an address is tried.
        most: how many addresses may wait.
    """

    def __init__(  # noqa: PLR0913 - what a test shortens
        self,
        settings: Callable[[], Server],
        say: Callable[[str], None],
        *,
        again: float = AGAIN,
        first_pause: float = FIRST_PAUSE,
        patience: float = PATIENCE,
        most: int = MOST,
    ) -> None:
        self._settings = settings
        self._say = say
        self._again, self._first_pause, self._patience, self._most = again, first_pause, patience, most
        self._server: Server | None = None
        self._opener = build_opener(_NoRedirects)
        self._calls: dict[str, _Call] = {}
        self._due: list[tuple[float, int, _Call]] = []
        self._number = 0
        self._failures = 0
        self._is_closing = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def purge(self, wanted: Iterable[str]) -> None:
        """Has addresses asked for, without waiting for it; does nothing where no cache is set."""
        with suppress(SettingsError):
            self._server = self._settings()
        if self._server is None or not self._server.purge_url:
            return
        meant = [_ALL] if is_for_all(self._server.purge_url) else list(wanted)
        with self._changed:
            new = [address for address in meant if address not in self._calls]
            left_out = frozenset(new[max(0, self._most - len(self._calls)) :])
            until = time.monotonic() + self._patience
            for address in meant:
                if address not in left_out:
                    self._put(_Call(address, until, self._first_pause), 0.0)
            self._changed.notify()
        if left_out:
            self._say(f"feedsvc: {_counted(len(left_out))} not purged: too many are waiting; caches keep what is there")
        self._start()

    def close(self, patience: float) -> None:
        """Waits until all that was asked for is done, for so many seconds at most, and ends."""
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(patience)
        with self._changed:
            first = [call for call in self._calls.values() if not call.is_last]
            self._calls.clear()
            self._due.clear()
            self._changed.notify()
        if first:
            self._say(f"feedsvc: {_counted(len(first))} not purged before the end; caches keep what is there")

    def _start(self) -> None:
        if self._thread is None:
            thread = threading.Thread(target=self._run, name="purger", daemon=True)
            try:
                thread.start()
            except RuntimeError as error:  # too many threads: with what is taken back next, it is tried again
                self._say(f"feedsvc: caches cannot be purged now: {error}")
            else:
                self._thread = thread

    def _put(self, call: _Call, pause: float) -> None:
        self._calls[call.address] = call
        self._number += 1
        heapq.heappush(self._due, (time.monotonic() + pause, self._number, call))

    def _run(self) -> None:
        while (call := self._next()) is not None:
            why = self._asked(call.address)
            with self._changed:
                if self._calls.get(call.address) is not call:
                    continue  # it was taken back once more meanwhile, and is asked for anew
                del self._calls[call.address]
                said = self._settled(call, why)
            if said:
                self._say(said)

    def _next(self) -> _Call | None:
        """The next one whose time has come; None at the end."""
        with self._changed:
            while True:
                while self._due and self._calls.get(self._due[0][2].address) is not self._due[0][2]:
                    heapq.heappop(self._due)
                if not self._due and self._is_closing:
                    return None
                pause = self._due[0][0] - time.monotonic() if self._due else None
                if pause is not None and pause <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(pause)

    def _settled(self, call: _Call, why: _Failure | None) -> str:
        """Notes what comes next of a call; what is to be told of it."""
        if why is None:
            if not call.is_last:
                self._put(_Call(call.address, time.monotonic() + self._patience, self._first_pause, True), self._again)
        elif not why.is_final and time.monotonic() + call.pause < call.until:
            pause = call.pause
            call.pause = min(2 * pause, LONGEST_PAUSE)
            self._put(call, pause)
        else:
            self._failures += 1
            if self._failures == 1:
                return f"feedsvc: {call.address or 'the cache'} cannot be purged: {why.told}"
        if self._calls or not self._failures:
            return ""
        more, self._failures = self._failures - 1, 0
        return f"feedsvc: {_counted(more)} not purged either" if more else ""

    def _asked(self, address: str) -> _Failure | None:
        """Asks the cache to let go of an address; why it did not."""
        assert self._server is not None  # noqa: S101 - there is no call before
        try:
            with self._opener.open(_request(self._server, address), timeout=TIMEOUT) as reply:
                status = reply.status
        except HTTPError as error:
            error.close()
            status = error.code
        except OSError as error:
            return _Failure(_reason(error))
        except (HTTPException, ValueError) as error:  # its text may hold the settings
            return _Failure(f"it answers what is no HTTP ({type(error).__name__})")
        is_not_kept = status in _NOT_KEPT and self._server.purge_method != "POST" and address != _ALL
        if status < 300 or is_not_kept:  # noqa: PLR2004 - RFC 9110 §15.3
            return None
        is_final = status < 500 and status not in _PASSING  # noqa: PLR2004 - RFC 9110 §15.6
        return _Failure(f"the cache answers {status}", is_final)


class _Failure(Struct, frozen=True):
    told: str
    is_final: bool = False


class _NoRedirects(HTTPRedirectHandler):
    """A cache that has moved is a matter for the settings: what they hold is sent to nobody else."""

    def redirect_request(self, *_args: object) -> None:
        return None


def _request(server: Server, address: str) -> Request:
    url, host = filled(server.purge_url, address)
    request = Request(url, method=server.purge_method, data=b"" if server.purge_method == "POST" else None)  # noqa: S310 - http or https, as checked
    request.add_header("User-Agent", f"feedsvc/{__version__}")
    if host:
        request.add_header("Host", host)
    name, _, value = server.purge_header.partition(":")
    if name:
        request.add_header(name, value.strip())
    return request


def _reason(error: OSError) -> str:
    reason = getattr(error, "reason", error)
    told = getattr(reason, "verify_message", None) or getattr(reason, "strerror", None) or str(reason)
    return f"the cache cannot be reached ({told})"


def _counted(number: int) -> str:
    return f"{number} address was" if number == 1 else f"{number} addresses were"
