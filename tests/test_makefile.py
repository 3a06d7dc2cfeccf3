"""The Makefile on machines that lack something: what it says, and that it leaves nothing half-made."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# pip takes seconds to copy, and no test here asks for it.
QUICK = 'exec "$real" -m venv --without-pip .venv'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder, with a space in its path, that holds the Makefile."""
    folder = tmp_path / "a folder"
    folder.mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    return folder


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", "UV=", *arguments], cwd=folder, env=surroundings, capture_output=True, text=True, check=False
    )


def python(folder: Path, *, when_asked: str = "pass", otherwise: str = 'exec "$real" "$@"') -> str:
    """A Python in which a statement ran before what `-c` says, and a shell line stands for every other call."""
    path = folder / "python"
    path.write_text(
        f"#!/bin/sh\nreal='{sys.executable}'\nif [ \"$1\" = -c ]; then\n"
        f'  exec "$real" -c \'import sys; {when_asked}; exec(sys.argv[1])\' "$2"\nfi\n{otherwise}\n',
        encoding="utf-8",
    )
    path.chmod(0o755)
    return f"PYTHON={path}"


def test_make_alone_lists_every_command() -> None:
    listed = set(re.findall(r"^make ([\w-]+)", make(ROOT).stdout, flags=re.MULTILINE))
    bench = {
        f"bench-{name}"
        for name in ("articles", "catalog", "channels", "crowd", "growth", "scale", "search", "serve", "soak")
    }
    judged = {"golden", "validate", "screenshots", "lighthouse"}
    assert listed == {"help", "run", "test", "coverage", "check", *judged, *bench, "clean"}


def test_a_python_too_old_is_named_with_what_to_install(tree: Path) -> None:
    answer = make(tree, ".venv/.made", python(tree, when_asked="sys.version_info = (3, 9, 18)"))
    assert "Python 3.11 or later is needed; found 3.9" in answer.stderr
    assert answer.returncode


def test_a_python_that_is_not_there_is_named(tree: Path) -> None:
    answer = make(tree, ".venv/.made", "PYTHON=/nowhere/python3")
    assert "Python 3.11 or later is needed; found none at /nowhere/python3" in answer.stderr
    assert answer.returncode


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_is_told_debian_s_package(tree: Path, module: str) -> None:
    answer = make(tree, ".venv/.made", python(tree, when_asked=f"sys.modules['{module}'] = None".replace("'", '"')))
    assert "apt-get install python3-venv" in answer.stderr
    assert not (tree / ".venv").exists()


def test_a_half_made_environment_is_removed(tree: Path) -> None:
    answer = make(tree, ".venv/.made", python(tree, otherwise="mkdir -p .venv/bin; exit 1"))
    assert ".venv could not be made" in answer.stderr
    assert not (tree / ".venv").exists()


def test_an_environment_whose_python_is_gone_is_made_anew(tree: Path) -> None:
    (tree / ".venv").mkdir()
    (tree / ".venv" / ".made").touch()
    answer = make(tree, ".venv/.made", python(tree, otherwise=QUICK))
    assert answer.returncode == 0, answer.stderr
    assert (tree / ".venv" / "bin" / "python").exists()


def test_an_environment_is_kept_while_its_python_is_the_one_asked_for(tree: Path) -> None:
    make(tree, ".venv/.made", python(tree, otherwise=QUICK))
    (tree / ".venv" / "kept").touch()
    assert "Making" not in make(tree, ".venv/.made", f"PYTHON={tree / 'python'}").stdout
    assert (tree / ".venv" / "kept").exists()


def test_a_python_that_cannot_be_taken_costs_nobody_the_environment_there_is(tree: Path) -> None:
    (tree / ".venv").mkdir()
    (tree / ".venv" / "kept").touch()
    make(tree, ".venv/.made", "PYTHON=/nowhere/python3")
    assert (tree / ".venv" / "kept").exists()


def test_validate_asks_for_the_validator_before_it_installs_anything(tree: Path) -> None:
    answer = make(tree, "validate")
    assert "make validate FEEDVALIDATOR=path/to/src" in answer.stderr
    assert not (tree / ".venv").exists()
