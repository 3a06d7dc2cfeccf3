"""The Starlette application: a catalog's place in; an ASGI application out."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette

from feedsvc.catalog import Catalog
from feedsvc.publication import Publication
from feedsvc.web.service import Service

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from multiprocessing.process import BaseProcess

# How often a process looks for a new revision, in seconds.
EVERY = 0.1


def application(catalog: Catalog, *, clock: Callable[[], float] | None = None, negotiate: bool = True) -> Starlette:
    """The service: every published document, `/healthz` and `/readyz`.

    Args:
        negotiate: whether a person who opens a feed's address sees a page.
    """
    clock = clock or catalog.now
    publication = Publication(catalog, clock=clock, negotiate=negotiate)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await publication.refresh()
        refreshing = asyncio.create_task(_refresh(publication))
        yield
        refreshing.cancel()
        publication.close()

    app = Starlette(lifespan=lifespan)
    # Not as a route: Starlette's routes answer what they do not match themselves, and leave out what ours say.
    app.router.default = Service(publication, clock=clock)
    return app


def from_environment() -> Starlette:
    """The service of a worker process, which is told its catalog and its settings by the variables of these."""
    parent = multiprocessing.parent_process()
    if parent is not None:  # pragma: no branch - a worker must not keep the port when who started it was killed
        threading.Thread(target=_end_with, args=(parent,), name="parent", daemon=True).start()
    negotiate = os.environ.get("FEEDSVC_NEGOTIATE") != "false"
    return application(Catalog.unchecked(os.environ["FEEDSVC_DATABASE"]), negotiate=negotiate)


def _end_with(parent: BaseProcess) -> None:  # pragma: no cover - it ends the process
    parent.join()
    os._exit(0)


async def _refresh(publication: Publication) -> None:
    while True:
        await asyncio.sleep(EVERY)
        await publication.refresh()
