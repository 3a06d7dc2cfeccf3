"""The files of docs/examples/: read by those who know their form, and what they start is run.

No container is started: there is no engine where the tests run. A service's command is run as a process, with its
environment, in the place of its container.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import postgresql
import pytest
import yaml
from command import Running, until, write
from serving import ask, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "docs" / "examples"
UNITS = sorted(EXAMPLES.glob("*/*.service"))
COMPOSED = sorted(EXAMPLES.glob("*/compose.yaml"))
FEEDSVC = [sys.executable, "-m", "feedsvc"]

# How long whatever is told to end may take, by the units and the compose files.
GRACE = 20


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    write(folder / "a.md", "The ferry")
    return folder


@pytest.fixture
def url() -> Iterator[str]:
    server = postgresql.shared()
    name = server.new("template0")
    yield server.url(name)
    server.drop(name)


@contextmanager
def started(arguments: Sequence[str], environ: Mapping[str, str], out: Path) -> Iterator[Running]:
    """A `feedsvc` command that runs meanwhile; then it is told to end, and does so in good order and in time."""
    with out.open("w") as stdout, out.with_suffix(".err").open("w") as stderr:
        child = subprocess.Popen(
            [*FEEDSVC, *arguments], env=os.environ | environ, stdout=stdout, stderr=stderr, text=True
        )
    try:
        yield Running(child, out, out.with_suffix(".err"))
        child.send_signal(signal.SIGTERM)
        assert child.wait(GRACE) == 0
    finally:
        child.kill()
        child.wait()


def placed(words: Sequence[str], places: Mapping[str, str]) -> list[str]:
    """What an example says, with the test's own in the places of what an example alone has."""
    found = [places.get(word, word) for word in words]
    return ["127.0.0.1" if word == "0.0.0.0" else word for word in found]


def titles(port: int) -> str:
    return ask(port, "/rss.xml").body.decode()


# systemd


def of_unit(path: Path, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize("unit", UNITS, ids=named)
def test_systemd_finds_nothing_in_a_unit(unit: Path, tmp_path: Path, peer: Callable[[str], str]) -> None:
    # The program has to be there.
    installed = unit.read_text(encoding="utf-8").replace("/opt/feedsvc/bin/feedsvc ", f"{sys.executable} ")
    assert installed.count(sys.executable) == 1
    (tmp_path / unit.name).write_text(installed, encoding="utf-8")
    command = [peer("systemd-analyze"), "verify", "--man=no", str(tmp_path / unit.name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    # What the machine's own units are is not for us to judge.
    assert [line for line in done.stderr.splitlines() if unit.name in line] == []
    assert done.returncode == 0


def started_by(unit: Path, out: Path, *more: str, environ: Mapping[str, str] | None = None, **places: str) -> Any:
    [line] = of_unit(unit, "ExecStart")
    program, *arguments = shlex.split(line)
    assert program == "/opt/feedsvc/bin/feedsvc"
    here = {
        "/srv/news": places.get("news", ""),
        "/var/lib/feedsvc/catalog.db": places.get("catalog", ""),
        "postgresql://feedsvc@db.example.org/feedsvc": places.get("url", ""),
    }
    return started([*placed(arguments, here), *more], environ or {}, out)


def test_the_unit_of_one_machine_publishes_a_folder(news: Path, tmp_path: Path) -> None:
    unit, port = EXAMPLES / "one-machine" / "feedsvc.service", free_port()
    catalog = str(tmp_path / "catalog.db")
    with started_by(unit, tmp_path / "out", f"--port={port}", news=str(news), catalog=catalog) as site:
        until(lambda: site.get("readyz") != "503")
        assert "The ferry" in titles(port)
        assert "https://example.org/articles/a" in titles(port)


def test_the_units_of_several_machines_publish_what_one_of_them_syncs(news: Path, url: str, tmp_path: Path) -> None:
    folder, port = EXAMPLES / "three-replicas", free_port()
    with started_by(folder / "feedsvc-sync.service", tmp_path / "sync", news=str(news), url=url) as sync:
        until(lambda: sync.revisions)
        serve = started_by(folder / "feedsvc-serve.service", tmp_path / "serve", f"--port={port}", url=url)
        with serve as replica:
            until(lambda: replica.get("healthz"))
            assert "The ferry" in titles(port)


@pytest.mark.parametrize("unit", UNITS, ids=named)
def test_a_unit_s_grace_is_longer_than_what_a_server_may_take_to_end(unit: Path) -> None:
    assert of_unit(unit, "TimeoutStopSec") == [str(GRACE)]
    assert of_unit(unit, "StartLimitIntervalSec") == ["0"]  # else five failures in ten seconds end it for good


# Compose


def composed(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def of_service(path: Path, name: str, **places: str) -> tuple[list[str], dict[str, str]]:
    """A service's command and environment, with the test's own in the places of the network's and the volumes'."""
    service = composed(path)["services"][name]
    assert service["image"] == "feedsvc"
    here = {
        "/content": places["news"],
        "/data/catalog.db": places.get("catalog", ""),
        "postgresql://feedsvc@db/feedsvc": places.get("url", ""),
        "${POSTGRES_PASSWORD:?write it into .env}": "a-password",
    }
    environ = service["environment"]
    return placed(service["command"], here), {key: here.get(value, value) for key, value in environ.items()}


@pytest.mark.parametrize("path", COMPOSED, ids=named)
def test_a_compose_file_is_what_the_specification_says(path: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", COMPOSED, ids=named)
def test_what_a_compose_file_mounts_by_name_it_declares(path: Path) -> None:
    found = composed(path)
    mounted = {volume.split(":")[0] for each in found["services"].values() for volume in each.get("volumes", ())}
    assert {name for name in mounted if not name.startswith("./")} == set(found["volumes"])


def test_the_service_of_one_machine_publishes_a_folder(news: Path, tmp_path: Path) -> None:
    path = EXAMPLES / "one-machine" / "compose.yaml"
    command, environ = of_service(path, "feedsvc", news=str(news), catalog=str(tmp_path / "catalog.db"))
    port = free_port()
    with started([*command, f"--port={port}"], environ, tmp_path / "out") as site:
        until(lambda: site.get("readyz") != "503")
        assert "https://example.org/articles/a" in titles(port)


def test_the_services_of_three_replicas_publish_what_one_of_them_syncs(news: Path, url: str, tmp_path: Path) -> None:
    path = EXAMPLES / "three-replicas" / "compose.yaml"
    services = composed(path)["services"]
    ports = [free_port() for _ in range(3)]
    with ExitStack() as running:
        command, environ = of_service(path, "sync", news=str(news), url=url)
        sync = running.enter_context(started(command, environ, tmp_path / "sync"))
        until(lambda: sync.revisions)
        for number, port in enumerate(ports, 1):
            command, environ = of_service(path, f"replica{number}", news=str(news), url=url)
            replica = running.enter_context(started([*command, f"--port={port}"], environ, tmp_path / f"r{number}"))
            until(partial(replica.get, "healthz"))
        first, *others = [titles(port) for port in ports]
        assert "The ferry" in first
        assert others == [first, first]
    assert set(services) == {"db", "sync", "replica1", "replica2", "replica3", "nginx"}


def test_nginx_asks_the_replicas_that_the_compose_file_starts() -> None:
    written = (EXAMPLES / "three-replicas" / "nginx.conf").read_text(encoding="utf-8")
    asked = re.findall(r"^ +server (\w+):8000", written, flags=re.MULTILINE)
    services = composed(EXAMPLES / "three-replicas" / "compose.yaml")["services"]
    assert asked == [name for name in services if name.startswith("replica")]
    assert services["nginx"]["depends_on"] == asked


def test_the_database_s_health_is_asked_with_postgresql_s_own_command(tmp_path: Path) -> None:
    health = composed(EXAMPLES / "three-replicas" / "compose.yaml")["services"]["db"]["healthcheck"]["test"]
    assert health[0] == "CMD"
    server = postgresql.shared()
    at = ["--host", f"{server.folder}/data"]
    assert subprocess.run([server.program(health[1]), *health[2:], *at], check=False).returncode == 0
    away = ["--host", str(tmp_path)]
    assert subprocess.run([server.program(health[1]), *health[2:], *away], check=False).returncode == 2
