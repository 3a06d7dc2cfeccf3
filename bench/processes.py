"""Processes that are measured: a command in; the CPU seconds and the memory of it and its children out. Linux only."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import resource
    from collections.abc import Sequence

FEEDSVC = (sys.executable, "-m", "feedsvc")

# Where it is installed, its bytecode is there: it is not to be compiled anew by each process that is measured.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

# A command that runs for longer is ended, in seconds.
LONGEST = 600.0


@dataclass(frozen=True, slots=True)
class Usage:
    """What a command took: seconds of the clock and of CPU, and its largest process's peak memory in bytes."""

    wall: float
    cpu: float
    peak: int


def run(command: Sequence[str], *, longest: float = LONGEST) -> Usage | None:
    """Runs a command to its end; None where it failed, or took too long and was ended."""
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT) as process:
        found, status, usage = os.wait4(process.pid, os.WNOHANG)
        while not found:
            if time.monotonic() - began > longest:
                process.kill()
            time.sleep(0.01)
            found, status, usage = os.wait4(process.pid, os.WNOHANG)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        return None
    return Usage(time.monotonic() - began, _spent(usage), usage.ru_maxrss * 1024)


def _spent(usage: resource.struct_rusage) -> float:
    return usage.ru_utime + usage.ru_stime


class Served:
    """`feedsvc serve` of a folder with a catalog of its own, on loopback; a server, and a syncer as its child."""

    def __init__(self, folder: Path, catalog: Path, *more: str) -> None:
        self.port = free_port()
        options = ["--port", str(self.port), "--database", str(catalog), *more]
        self._syncer: int | None = None
        self.began = time.monotonic()
        self._process = subprocess.Popen(
            [*FEEDSVC, "serve", *options, str(folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def processes(self) -> dict[str, int]:
        """The numbers of the processes by what they do; the syncer is missing until it has started."""
        if self._process.poll() is not None:
            raise RuntimeError("feedsvc serve has ended")
        if self._syncer is None:
            self._syncer = next(iter(children(self._process.pid)), None)
        return {"server": self._process.pid} | ({"syncer": self._syncer} if self._syncer else {})

    def cpu(self) -> dict[str, float]:
        """CPU seconds of each process until now."""
        return {name: clock(pid) for name, pid in self.processes.items()}

    def total(self) -> float:
        """CPU seconds of all of them."""
        return sum(self.cpu().values())

    def settle(self, rate: float = 0.0) -> None:
        """Waits until the processes have nothing to do but what takes so many CPU seconds a second."""
        time.sleep(1)  # the syncer may not have begun to look
        until = time.monotonic() + LONGEST
        spent = 1.0
        while spent > rate * 1.3 + 0.02 and time.monotonic() < until:
            before = self.total()
            time.sleep(1)
            spent = self.total() - before

    def memory(self, *, peak: bool = False) -> dict[str, int]:
        """Bytes of memory of each process, now or at most."""
        return {name: memory(pid, "VmHWM" if peak else "VmRSS") for name, pid in self.processes.items()}


def memory(pid: int, name: str) -> int:
    """A line of a process's status, in bytes."""
    found = re.search(rf"^{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text("utf-8"), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def load() -> str:
    """How busy the machine is."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def clock(pid: int) -> float:
    # The clock of another process's CPU time, in nanoseconds (clock_getcpuclockid(3)); /proc counts in hundredths.
    return time.clock_gettime(~pid << 3 | 2)


def children(pid: int) -> list[int]:
    """The processes that one has started, but for those that have ended."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text("utf-8").rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue  # it has ended
        if parent == pid:
            found.append(int(status.parent.name))
    return sorted(found)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
