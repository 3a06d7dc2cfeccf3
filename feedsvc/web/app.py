"""The Starlette application: a catalog's place in; an ASGI application out."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette

from feedsvc.catalog import Catalog
from feedsvc.publication import Publication
from feedsvc.web.connections import Connections, Limits
from feedsvc.web.lane import Lane
from feedsvc.web.service import Service

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from multiprocessing.process import BaseProcess

# How often a process looks for a new revision, in seconds.
EVERY = 0.1


def application(
    catalog: Catalog,
    *,
    clock: Callable[[], float] | None = None,
    limits: Limits = Limits(),  # noqa: B008 - it is frozen
    has_lane: bool = True,
) -> Starlette:
    """The service: every published document, `/healthz` and `/readyz`.

    Args:
        clock: seconds since the epoch; the catalog's own where there is none.
        limits: of the connections, where `feedsvc.web.protocol` is what speaks HTTP on them.
        has_lane: whether it answers polls itself.
    """
    clock = clock or catalog.now
    publication = Publication(catalog, clock=clock)
    service = Service(publication, clock=clock)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[Mapping[str, Any]]:
        await publication.refresh()
        connections = Connections(limits)
        tasks = [asyncio.create_task(_refresh(publication)), asyncio.create_task(connections.watch())]
        yield {"connections": connections, "lane": Lane(service, publication, clock=clock) if has_lane else None}
        for task in tasks:
            task.cancel()
        publication.close()

    app = Starlette(lifespan=lifespan)
    # Not as a route: Starlette's routes answer what they do not match themselves, and leave out what ours say.
    app.router.default = service
    return app


def from_environment() -> Starlette:
    """The service of a worker process, which is told its catalog by `FEEDSVC_DATABASE`."""
    parent = multiprocessing.parent_process()
    if parent is not None:  # pragma: no branch - a worker must not keep the port when who started it was killed
        threading.Thread(target=_end_with, args=(parent,), name="parent", daemon=True).start()
    return application(Catalog.unchecked(os.environ["FEEDSVC_DATABASE"]))


def _end_with(parent: BaseProcess) -> None:  # pragma: no cover - it ends the process
    parent.join()
    os._exit(0)


async def _refresh(publication: Publication) -> None:
    while True:
        await asyncio.sleep(EVERY)
        await publication.refresh()
