"""Many rows at once: a table and rows in; one statement, sent as it is, out.

An insert that SQLAlchemy compiles looks at each value of each row by its name, which costs as much as the insert.
The rows of a whole archive come in an order that suits no index but one: the others are made when the rows are there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean

from feedsvc.catalog.schema import identity, membership

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Dialect, Table


def insert_rows(connection: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """Inserts rows whose values are in the order of the table's columns, and as the driver takes them."""
    if not rows:
        return
    # Python's driver of SQLite looks up how to adapt each None and each truth value, which takes longer than to insert
    # a text: columns in which nothing is said are left out, and truth is said as a number.
    columns = zip(table.c, zip(*rows, strict=True), strict=True)
    said = [(column, values) for column, values in columns if values.count(None) < len(values)]
    if connection.dialect.paramstyle == "qmark":
        said = [
            (column, tuple(map(int, values)) if isinstance(column.type, Boolean) else values) for column, values in said
        ]
    connection.exec_driver_sql(
        _statement(table, tuple(column.name for column, _ in said), connection.dialect),
        list(zip(*(values for _, values in said), strict=True)),
    )


@lru_cache(maxsize=256)
def _statement(table: Table, columns: Sequence[str], dialect: Dialect) -> str:
    quote = dialect.identifier_preparer.quote
    names = ", ".join(map(quote, columns))
    mark = "?" if dialect.paramstyle == "qmark" else "%s"
    return f"INSERT INTO {quote(table.name)} ({names}) VALUES ({', '.join([mark] * len(columns))})"  # noqa: S608 - names of ours


FILLED = (identity, membership)
"""The tables that have indexes which cost more than to make them at the end, when the tables are filled."""


def drop_indexes(connection: Connection) -> None:
    """Drops the indexes of tables that are hardly filled, and are about to be."""
    for index in (index for table in FILLED for index in table.indexes):
        index.drop(connection, checkfirst=True)


def make_indexes(connection: Connection, *tables: Table) -> None:
    """Makes them again."""
    for index in (index for table in tables for index in table.indexes):
        index.create(connection)
