"""Many rows at once: a table and rows in; one statement, sent as it is, out.

An insert that SQLAlchemy compiles looks at each value of each row by its name, which costs as much as the insert.
The rows of a whole archive come in an order that suits no index but one: the others are made when the rows are there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from feedsvc.catalog.schema import identity, membership

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Dialect, Table


def insert_rows(connection: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """Inserts rows whose values are in the order of the table's columns, and as the driver takes them."""
    if rows:
        connection.exec_driver_sql(_statement(table, connection.dialect), rows)


@lru_cache(maxsize=64)
def _statement(table: Table, dialect: Dialect) -> str:
    prepare = dialect.identifier_preparer
    columns = ", ".join(prepare.quote(column.name) for column in table.c)
    mark = "?" if dialect.paramstyle == "qmark" else "%s"
    return f"INSERT INTO {prepare.quote(table.name)} ({columns}) VALUES ({', '.join([mark] * len(table.c))})"  # noqa: S608 - names of ours


def drop_indexes(connection: Connection) -> None:
    """Drops the indexes of tables that are empty, and about to be filled."""
    for table in (identity, membership):
        for index in table.indexes:
            index.drop(connection, checkfirst=True)


def make_indexes(connection: Connection) -> None:
    """Makes them again."""
    for table in (identity, membership):
        for index in table.indexes:
            index.create(connection)
