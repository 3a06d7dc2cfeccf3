"""Whether the service works: a publication in; answers for those who operate it out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from feedsvc.publication import Publication, Trouble

# A status, header fields, and a body.
Report: TypeAlias = tuple[int, tuple[tuple[str, str], ...], bytes]


def healthz(_publication: Publication, _more: Iterable[Trouble] = ()) -> Report:
    """Whether the process answers at all."""
    return _report(200, {"healthy": True})


def readyz(publication: Publication, more: Iterable[Trouble] = ()) -> Report:
    """Whether there is something whole to serve; and what does not work, since when in seconds since the epoch.

    Args:
        more: what does not work beside the publication.
    """
    found = (*publication.troubles, *more)
    troubles = [{"what": trouble.what, "since": int(trouble.since)} for trouble in found]
    return _report(200 if publication.is_ready else 503, {"ready": publication.is_ready, "troubles": troubles})


HEALTH = "healthz"
REPORTS: Mapping[str, Callable[[Publication, Iterable[Trouble]], Report]] = {HEALTH: healthz, "readyz": readyz}


def _report(status: int, value: object) -> Report:
    body = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(errors="replace")
    headers = (
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("Vary", "Accept-Encoding"),
        ("X-Content-Type-Options", "nosniff"),
    )
    return status, headers, body
