"""Those who ask a publication, in one process with it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from feedsvc.publication import Publication

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from house import House

    from feedsvc.model import Document
    from feedsvc.publication.documents import Key

Result = TypeVar("Result")


class Readers:
    """Those who ask a publication, all on one event loop."""

    def __init__(self, house: House, *, limit: int | None = None) -> None:
        self._loop = asyncio.new_event_loop()
        options: dict[str, Any] = {} if limit is None else {"limit": limit}
        self.publication = Publication(house.catalog, clock=house.clock, **options)

    def run(self, asking: Coroutine[object, object, Result]) -> Result:
        return self._loop.run_until_complete(asking)

    def get(self, key: Key) -> Document:
        return self.run(self.publication.get(key))

    def body(self, path: str) -> bytes:
        return self.get(path).representations["identity"].body

    def refresh(self) -> None:
        self.run(self.publication.refresh())

    def close(self) -> None:
        self.publication.close()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()
