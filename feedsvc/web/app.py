"""The Starlette application: a catalog's place in; an ASGI application out."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette

from feedsvc.config import Server
from feedsvc.publication import Publication
from feedsvc.web.conduct import Conduct
from feedsvc.web.lane import Lane
from feedsvc.web.service import Service

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from feedsvc.catalog import Catalog

# How often a process looks for a new revision, in seconds.
EVERY = 0.1


def application(
    catalog: Catalog, *, clock: Callable[[], float] | None = None, conduct: Conduct | None = None
) -> Starlette:
    """The service: every published document, `/healthz` and `/readyz`.

    Args:
        clock: seconds since the epoch; the catalog's own where there is none.
    """
    clock = clock or catalog.now
    conduct = conduct or Conduct(Server())
    publication = Publication(catalog, clock=clock, negotiate=conduct.settings.negotiate)
    service = Service(publication, clock=clock, conduct=conduct)
    lane = Lane(service, publication, clock=clock) if conduct.settings.lane else None

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[Mapping[str, Any]]:
        await publication.refresh()
        tasks = [asyncio.create_task(_refresh(publication)), asyncio.create_task(conduct.connections.watch())]
        yield {"conduct": conduct, "lane": lane}
        for task in tasks:
            task.cancel()
        publication.close()
        conduct.close()

    app = Starlette(lifespan=lifespan)
    # Not as a route: Starlette's routes answer what they do not match themselves, and leave out what ours say.
    app.router.default = service
    return app


async def _refresh(publication: Publication) -> None:
    while True:
        await asyncio.sleep(EVERY)
        await publication.refresh()
