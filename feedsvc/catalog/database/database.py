"""What every database offers below the catalog: snapshots, writing that is alone, a stamp and a clock."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy.exc import SQLAlchemyError

from feedsvc.config.secrets import hidden
from feedsvc.errors import CatalogBusy, CatalogError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy import Connection

MEMORY = "memory"

# How long a writer waits for another one before it says so, in seconds.
PATIENCE = 5

Stamp: TypeAlias = tuple[object, ...]
"""Opaque: it differs from an earlier one when somebody has committed what those who serve need to know."""


class Database(ABC):
    """Many readers, each with one snapshot, beside one writer.

    Args:
        place: as it was given, to open the same once more; it may hold a password.
        path: the file that it is; None where it is none.

    Attributes:
        name: the place, as people are told of it: without its password.
    """

    def __init__(self, place: str, path: Path | None) -> None:
        self.place = place
        self.path = path
        self.name = hidden(place)

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that sees one state of the whole, whatever others commit meanwhile.

        Raises:
            CatalogError: where there is no database any more, or it cannot be read.
        """

    @abstractmethod
    def writing(self, *, create: bool = False) -> AbstractContextManager[Connection]:
        """A transaction that is alone in writing, from its begin on; committed whole, or not at all.

        Args:
            create: whether to make the database where there is none.

        Raises:
            CatalogBusy: where another one has been writing for `PATIENCE` seconds.
            CatalogError: where there is none, or it cannot be written.
        """

    @abstractmethod
    def stamp(self) -> Stamp:
        """A value that differs from an earlier one when another state is there to be served.

        Raises:
            CatalogError: where the database cannot be reached any more.
        """

    @abstractmethod
    def exists(self) -> bool:
        """Whether the database can be reached where it was made; always true in memory."""

    @abstractmethod
    def now(self) -> float:
        """Seconds since the epoch, by the clock of all who share the database; read without asking it."""

    @abstractmethod
    def backup(self, suffix: str) -> None:
        """Puts a copy of what is committed beside the database, where it is a file.

        Args:
            suffix: what stands behind the file's name, and a dot before it.

        Raises:
            CatalogError: where it cannot be written.
        """

    @abstractmethod
    def close(self) -> None:
        """Lets go of every connection."""


@contextmanager
def translated(name: str, driver: type[Exception], is_busy: Callable[[BaseException], bool]) -> Iterator[None]:
    """Raises what a database or its driver raises as a CatalogError.

    Args:
        name: the database's, as people are told of it.
        driver: what the driver raises by itself.
        is_busy: whether an error of the driver says that another one is writing.
    """
    try:
        yield
    except (SQLAlchemyError, driver) as error:
        cause = getattr(error, "orig", None) or error
        if is_busy(cause):
            raise CatalogBusy(f"{name}: another process is writing to the catalog; this one waits for it") from error
        said = str(cause).strip().partition("\n")[0]
        raise CatalogError(f"{name}: the catalog cannot be used: {said}") from error
