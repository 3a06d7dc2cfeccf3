"""Whether the service works: a publication in; answers for those who operate it out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from feedsvc.web.answers import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from feedsvc.publication import Publication


def healthz(_publication: Publication) -> Answer:
    """Whether the process answers at all."""
    return _report(200, {"healthy": True})


def readyz(publication: Publication) -> Answer:
    """Whether there is something whole to serve; and what does not work, since when in seconds since the epoch."""
    troubles = [{"what": trouble.what, "since": int(trouble.since)} for trouble in publication.troubles]
    return _report(200 if publication.is_ready else 503, {"ready": publication.is_ready, "troubles": troubles})


REPORTS: Mapping[str, Callable[[Publication], Answer]] = {"healthz": healthz, "readyz": readyz}


def _report(status: int, value: object) -> Answer:
    body = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(errors="replace")
    headers = (
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("Vary", "Accept-Encoding"),
        ("X-Content-Type-Options", "nosniff"),
    )
    return Answer(status, headers, body)
