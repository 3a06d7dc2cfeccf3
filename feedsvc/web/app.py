"""The Starlette application: a catalog's place in; an ASGI application out."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette

from feedsvc.catalog import Catalog
from feedsvc.config import Server
from feedsvc.publication import Publication
from feedsvc.web.conduct import Conduct
from feedsvc.web.lane import Lane
from feedsvc.web.service import Service

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from multiprocessing.process import BaseProcess

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


@dataclass(frozen=True, slots=True)
class Worker:
    """The service of a worker process, to which this is sent.

    Attributes:
        database: where the catalog is.
    """

    database: str
    settings: Server

    def __call__(self) -> Starlette:
        """The service, made in the process that calls it."""
        parent = multiprocessing.parent_process()
        if parent is not None:  # pragma: no branch - a worker must not keep the port when who started it was killed
            threading.Thread(target=_end_with, args=(parent,), name="parent", daemon=True).start()
        return application(Catalog.unchecked(self.database), conduct=Conduct(self.settings))


def _end_with(parent: BaseProcess) -> None:  # pragma: no cover - it ends the process
    parent.join()
    os._exit(0)


async def _refresh(publication: Publication) -> None:
    while True:
        await asyncio.sleep(EVERY)
        await publication.refresh()
