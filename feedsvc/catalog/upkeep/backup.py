"""A whole copy of a catalog that is in use: it and a path in; a file of its own out."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from feedsvc.errors import CatalogError

if TYPE_CHECKING:
    from pathlib import Path

    from feedsvc.catalog.catalog import Catalog


def back_up(catalog: Catalog, target: Path) -> int:
    """Writes one state of the whole to a file, whoever reads and writes meanwhile; what stood there before is replaced.

    `VACUUM INTO` reads in one transaction and writes a file without gaps. A copy of the file would lack the commits
    that are in the file `-wal` beside it, and hold half of one that is being moved over from there.

    Returns:
        The copy's length in bytes.

    Raises:
        CatalogError: where the catalog is no file, or cannot be read, or the copy cannot be written.
    """
    source = catalog.database.path
    if source is None:
        raise CatalogError(f"{catalog.database.place}: is no file (for PostgreSQL: pg_dump)")
    if target.exists() and target.samefile(source):
        raise CatalogError(f"{target}: is the catalog itself (name another file)")
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # it holds what is not published yet
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("VACUUM INTO ?", (str(part),))
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise CatalogError(f"{target}: the catalog cannot be copied there: {error}") from error
    return target.stat().st_size
