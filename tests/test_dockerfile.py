"""The container file: what hadolint says of it, and what hadolint does not look at."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import threading
import tomllib
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
DOCKERFILE = ROOT / "Dockerfile"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def instructions() -> list[tuple[str, str]]:
    """Each instruction as its keyword and the rest, continued lines joined, comments left out."""
    lines = DOCKERFILE.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    joined = re.sub(r"\\\n\s*", "", text)
    return [(keyword, rest) for keyword, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    return found[max(index for index, (keyword, _) in enumerate(found) if keyword == "FROM") :]


def final(keyword: str) -> str:
    """What an instruction that stands once says in the final stage."""
    [rest] = [rest for each, rest in last_stage() if each == keyword]
    return rest


def argv(text: str) -> list[str]:
    """The exec form of an instruction."""
    words: list[str] = json.loads(text[text.index("[") :])
    return words


def test_hadolint_finds_nothing() -> None:
    hadolint = Path(sysconfig.get_path("scripts")) / "hadolint"
    command = [str(hadolint), "--no-fail", "--format", "json", str(DOCKERFILE)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout) == []


def test_what_builds_does_not_ship() -> None:
    assert [keyword for keyword, _ in instructions()].count("FROM") == 2
    assert not any(keyword == "RUN" and "pip " in rest for keyword, rest in last_stage())


def test_every_base_image_is_pinned_by_minor_version_and_new_enough() -> None:
    least = tuple(map(int, re.findall(r"\d+", PROJECT["requires-python"])))
    for image in (rest for keyword, rest in instructions() if keyword == "FROM"):
        version = re.match(r"python:(\d+)\.(\d+)-slim\b", image)
        assert version, f"{image} is not python:MAJOR.MINOR-slim"
        assert tuple(map(int, version.groups())) >= least


def test_it_runs_as_a_numeric_user_who_is_not_root() -> None:
    # Kubernetes' runAsNonRoot refuses a name.
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", final("USER"))


def test_it_starts_the_command_that_the_project_installs() -> None:
    [entry] = argv(final("ENTRYPOINT"))
    assert entry in PROJECT["scripts"]
    assert argv(final("CMD")) == ["serve", "/content", "--host", "0.0.0.0"]


def test_the_exposed_port_is_the_default_port() -> None:
    from feedsvc.config import Server  # noqa: PLC0415 - the rest of this file needs no feedsvc

    assert final("EXPOSE") == str(Server().port)


def test_everything_copied_is_there_and_let_through() -> None:
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    copies = [rest.split()[:-1] for keyword, rest in instructions() if keyword == "COPY" and "--from" not in rest]
    sources = {source for names in copies for source in names}
    assert rules[1] == "*"
    assert sources == allowed
    assert {name for name in sources if not (ROOT / name).exists()} == set()


def test_what_a_folder_s_service_remembers_is_not_baked_in() -> None:
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert any(fnmatch("content/.feedsvc", rule) for rule in rules[rules.index("!content") :])


@pytest.fixture(params=[200, 503])
def health(request: pytest.FixtureRequest) -> Iterator[tuple[int, int]]:
    """A port at which something answers /healthz with a status, and that status."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(request.param if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port, request.param
        server.shutdown()
        thread.join()


def test_the_health_check_passes_exactly_when_healthz_does(health: tuple[int, int]) -> None:
    port, status = health
    _, *arguments = argv(final("HEALTHCHECK"))
    # A proxy that a container is told of must not be asked.
    surroundings = {**os.environ, "FEEDSVC_PORT": str(port), "http_proxy": "http://127.0.0.1:9"}
    answer = subprocess.run([sys.executable, *arguments], env=surroundings, capture_output=True, check=False)
    assert (answer.returncode == 0) == (status == 200)
