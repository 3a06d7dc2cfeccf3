from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent / "browser"))
sys.path.insert(0, str(Path(__file__).parent))

import postgresql
from asking import Readers
from browsing import sites, windows  # noqa: F401 - they are fixtures
from cms import cms, postgresql_cms, postgresql_server, sqlite_cms  # noqa: F401 - they are fixtures
from dialects import DIALECTS, ON_EVERY
from house import House

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A slow machine is no failure: examples have no deadline, and the same ones are tried everywhere.
settings.register_profile(
    "everywhere",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("everywhere")

for _name in [name for name in os.environ if name.startswith("FEEDSVC_")]:
    del os.environ[_name]  # settings of whoever runs the tests are none of theirs


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is tested of the catalog, and of what reads it, has to be the same in every database."""
    marks = metafunc.definition.iter_markers("parametrize")
    is_chosen = any(mark.args[0] == "dialect" for mark in marks)
    usual = DIALECTS if metafunc.definition.path.parent.name in ON_EVERY else ()
    chosen = getattr(metafunc.module, "DIALECTS", usual)
    if "dialect" in metafunc.fixturenames and chosen and not is_chosen:
        metafunc.parametrize("dialect", chosen)


@pytest.fixture
def dialect() -> str:
    """Which database a catalog is in."""
    return "sqlite"


@pytest.fixture
def place(dialect: str, tmp_path: Path) -> Iterator[str]:
    """Where a catalog can be made, or is already, with nothing in it."""
    if dialect == "sqlite":
        yield str(tmp_path / "catalog.db")
        return
    with postgresql.shared().database() as url:
        yield url


def pytest_unconfigure() -> None:
    if postgresql.shared.cache_info().currsize:
        postgresql.shared().end()


@pytest.fixture
def house(tmp_path: Path, place: str) -> Iterator[House]:
    built = House(tmp_path / "content", place)
    yield built
    built.catalog.close()


@pytest.fixture
def readers(house: House) -> Iterator[Readers]:
    asking = Readers(house)
    yield asking
    asking.close()


@pytest.fixture(scope="session")
def peer() -> Callable[[str], str]:
    """The path of a command that a test needs; where it is not installed the test is skipped, or fails if asked to."""

    def path_of(command: str) -> str:
        found = shutil.which(command)
        if found is not None:
            return found
        reason = f"{command} is not installed"
        if os.environ.get("REQUIRE_PEERS"):
            pytest.fail(reason)
        pytest.skip(reason)

    return path_of
