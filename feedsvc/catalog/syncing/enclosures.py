"""Recordings that articles name and that are not there: addresses of articles in; warnings in `fault`, and out.

A picture may be elsewhere, as generators keep them; an episode without its sound is a mistake that players meet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import delete, func, insert, select

from feedsvc.catalog.batches import batches
from feedsvc.catalog.schema import article, fault, media, record, reference
from feedsvc.errors import Fault
from feedsvc.model import Enclosure
from feedsvc.text.links import candidates, local_path
from feedsvc.text.media_types import media_type

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

_PROBLEM = "enclosure: there is no file "
_CURE = "put it beside the article, or write the path of where it is, or an https URL"


def note_missing(connection: Connection, read: Collection[str], changed: Collection[str]) -> tuple[Fault, ...]:
    """Notes which files are missing, and forgets which were.

    Args:
        read: addresses of articles that were read.
        changed: addresses of media files that are new, others than before, or gone.

    Returns:
        The warnings that were not noted before.
    """
    concerned = set(read)
    for batch in batches(sorted(changed)):
        concerned.update(connection.scalars(select(reference.c.article).where(reference.c.media.in_(batch))))
    told: list[Fault] = []
    for batch in batches(sorted(concerned)):
        named = _named(connection, batch)
        files, problems = {file for file, _ in named}, {_PROBLEM + path for _, path in named}
        noted = fault.c.address.in_(files), fault.c.problem.in_(problems)
        before = {Fault(**row._asdict()) for row in connection.execute(select(fault).where(*noted))}
        connection.execute(delete(fault).where(*noted))
        missing = {
            Fault(file, 1, 1, _PROBLEM + path, _CURE, is_warning=True)
            for (file, path), addresses in named.items()
            if not all(_is_there(connection, address, path) for address in addresses)
        }
        rows = [{column.name: getattr(each, column.name) for column in fault.c} for each in sorted(missing)]
        if rows:
            connection.execute(insert(fault), rows)
        told += sorted(missing - before)
    return tuple(told)


def _named(connection: Connection, addresses: Collection[str]) -> dict[tuple[str, str], list[str]]:
    """By file and path, the addresses of the articles in that file whose recording is at that path on this site."""
    found: dict[tuple[str, str], list[str]] = {}
    file = func.coalesce(record.c.file, record.c.address)
    query = select(article.c.address, article.c.enclosures, file).join(record, record.c.address == article.c.address)
    for address, enclosures, of in connection.execute(query.where(article.c.address.in_(addresses))):
        for each in msgspec.json.decode(enclosures, type=tuple[Enclosure, ...]):
            if media_type(path := local_path(each.url)):
                found.setdefault((of, path), []).append(address)
    return found


def _is_there(connection: Connection, address: str, path: str) -> bool:
    meant = [each for written in (path, f"/{path}") for each in candidates(address, written)]
    return connection.execute(select(media.c.address).where(media.c.address.in_(meant)).limit(1)).first() is not None
