"""The Starlette application: a catalog's place in; an ASGI application out."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from feedsvc.catalog import Catalog
from feedsvc.publication import Publication
from feedsvc.web.service import Service

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request

# How often a process looks for a new revision, in seconds.
EVERY = 0.25


def application(catalog: Catalog, *, clock: Callable[[], float] = time.time) -> Starlette:
    """The service: every published document, `/healthz` and `/readyz`."""
    publication = Publication(catalog, clock=clock)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await publication.refresh()
        refreshing = asyncio.create_task(_refresh(publication))
        yield
        refreshing.cancel()
        publication.close()

    async def readyz(_request: Request) -> JSONResponse:
        return _ready(publication)

    return Starlette(
        routes=[Route("/healthz", healthz), Route("/readyz", readyz), Mount("/", Service(publication, clock=clock))],
        lifespan=lifespan,
    )


def from_environment() -> Starlette:
    """The service of a worker process, which is told its catalog by `FEEDSVC_DATABASE`."""
    return application(Catalog(os.environ["FEEDSVC_DATABASE"]))


async def healthz(_request: Request) -> JSONResponse:
    """Whether the process answers at all."""
    return JSONResponse({"healthy": True}, headers={"Cache-Control": "no-store"})


def _ready(publication: Publication) -> JSONResponse:
    """Whether there is something whole to serve; and what does not work, since when in seconds since the epoch."""
    troubles = [{"what": trouble.what, "since": int(trouble.since)} for trouble in publication.troubles]
    return JSONResponse(
        {"ready": publication.is_ready, "troubles": troubles},
        status_code=200 if publication.is_ready else 503,
        headers={"Cache-Control": "no-store"},
    )


async def _refresh(publication: Publication) -> None:
    while True:
        await asyncio.sleep(EVERY)
        await publication.refresh()
