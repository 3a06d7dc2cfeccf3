"""The command `feedsvc` in processes of its own, as a person runs it; and waiting for what they do."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import urlopen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

# What never comes is given up after so many seconds; what comes is waited for no longer than it takes.
GIVEN_UP_AFTER = 40

_NAMED = {"PYTHONPATH": str(Path(__file__).parent.parent)}


def feedsvc(
    *arguments: object, cwd: Path | None = None, script: Path | None = None, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end.

    Args:
        script: what Python runs; `-m feedsvc` where there is none.
    """
    named = [str(script)] if script is not None else ["-m", "feedsvc"]
    command = [sys.executable, *named, *map(str, arguments)]
    return subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | _NAMED | environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=GIVEN_UP_AFTER,
    )


@dataclass(frozen=True)
class Running:
    """A command that goes on until it is told to end."""

    child: subprocess.Popen[str]
    out: Path
    err: Path

    @property
    def address(self) -> str:
        """The URL that the command says it serves at."""
        return str(until(lambda: re.search(r"(?:listens at|open) +(http://\S+)", self.out.read_text()))[1])

    @property
    def said(self) -> str:
        return self.err.read_text(encoding="utf-8")

    @property
    def revisions(self) -> int:
        return len(re.findall(r"^revision ", self.said, flags=re.MULTILINE))

    def get(self, path: str) -> str:
        """What is served at a path below the base URL, or the status where that is not 200."""
        try:
            with urlopen(self.address + path, timeout=GIVEN_UP_AFTER) as answer:  # noqa: S310 - our own address
                return str(answer.read().decode())
        except HTTPError as error:
            with error:
                return str(error.code)

    def children(self) -> dict[int, str]:
        """The command lines of its child processes, by their ids."""
        # Each thread has the children that it started.
        tasks = Path(f"/proc/{self.child.pid}/task").glob("*/children")
        found = [pid for task in tasks for pid in task.read_text().split()]
        return {int(pid): command for pid in found if (command := command_of(int(pid)))}

    def syncs(self) -> set[int]:
        return {pid for pid, command in self.children().items() if "--with-parent" in command}

    def end(self, number: int = signal.SIGTERM) -> int:
        """Ends it by a signal; returns its exit code."""
        self.child.send_signal(number)
        return self.child.wait(GIVEN_UP_AFTER)


@contextmanager
def running(
    folder: Path, *arguments: object, cwd: Path | None = None, script: Path | None = None, **environ: str
) -> Iterator[Running]:
    """Runs a command meanwhile; what it says goes to files beside the folder.

    Args:
        script: what Python runs; `-m feedsvc` where there is none.
    """
    out, err = (folder.with_name(f"{folder.name}.{end}") for end in ("out", "err"))
    named = [str(script)] if script is not None else ["-m", "feedsvc"]
    command = [sys.executable, *named, *map(str, arguments)]
    surroundings = os.environ | _NAMED | environ
    with out.open("w") as stdout, err.open("w") as stderr:
        child = subprocess.Popen(command, cwd=cwd, env=surroundings, stdout=stdout, stderr=stderr, text=True)
    try:
        yield Running(child, out, err)
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait(GIVEN_UP_AFTER)


def serving(folder: Path, *arguments: object, **more: Any) -> AbstractContextManager[Running]:
    """Serves a folder at any free port."""
    return running(folder, "serve", folder, "--port", 0, *arguments, **more)


def until(condition: Callable[[], Any]) -> Any:
    """Waits until a condition holds; returns what it gave."""
    give_up = time.monotonic() + GIVEN_UP_AFTER
    while not (found := condition()):
        assert time.monotonic() < give_up, "what was waited for did not come"
        time.sleep(0.05)
    return found


def command_of(pid: int) -> str:
    """The command line of a process; empty where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def write(path: Path, title: str = "A title", *, date: str = "2026-01-01", more: str = "") -> None:
    """Saves an article."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\ntitle: {title}\ndate: {date}\n{more}---\nA text.\n", encoding="utf-8")
