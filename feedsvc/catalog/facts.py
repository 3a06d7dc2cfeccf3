"""What holds for the catalog as a whole: names in, values out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, update

from feedsvc.catalog.schema import fact

if TYPE_CHECKING:
    from sqlalchemy import Connection

SCHEMA = "schema"
CATALOG = "catalog"
SITE = "site"
THEME = "theme"
READ_WITH = "read_with"
PLACED_WITH = "placed_with"
LOADED = "loaded"
FOREMOST = "foremost"
FOLDER = "folder"
TROUBLE = "trouble"
SYNCS = "syncs"
HELD = "held"
STILL = "still"
MARKS = "marks"
TOKENS = "tokens"
SEARCHABLE = "searchable"
TEXTS = "texts"

# Built once: to build a statement takes as long as to send it.
_ALL = select(fact.c.name, fact.c.value)
_VALUE = select(fact.c.value).where(fact.c.name == bindparam("of"))
_FORGET = delete(fact).where(fact.c.name == bindparam("of"))
_PUT = insert(fact)
_PUT_ANEW = update(fact).where(fact.c.name == bindparam("of")).values(value=bindparam("said"))


def get(connection: Connection, name: str) -> str | None:
    """The value of a fact; None where it is not known."""
    return connection.scalar(_VALUE, {"of": name})


def known(connection: Connection) -> dict[str, str]:
    """Every fact by its name."""
    return {row.name: row.value for row in connection.execute(_ALL)}


def is_loaded(connection: Connection) -> bool:
    """Whether a sync has ended, so that there is something whole to publish; an imported ledger alone is not."""
    return get(connection, LOADED) is not None


def forget(connection: Connection, name: str) -> None:
    """Forgets a fact."""
    connection.execute(_FORGET, {"of": name})


def put(connection: Connection, name: str, value: str) -> None:
    """Notes a fact."""
    if not connection.execute(_PUT_ANEW, {"of": name, "said": value}).rowcount:
        connection.execute(_PUT, {"name": name, "value": value})
