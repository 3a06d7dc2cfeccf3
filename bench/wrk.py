"""wrk, which asks as fast as it is answered: a URL and header fields in; how many answers, and how fast, out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import NamedTuple

PROGRAM = os.environ.get("WRK") or shutil.which("wrk")
CONNECTIONS = 64
# Nobody waits for a program that measures, but one that hangs is ended, in seconds.
SPARE = 30

_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0}
_RATE = re.compile(r"Requests/sec:\s+([0-9.]+)")
_COUNT = re.compile(r"(\d+) requests in")
_P99 = re.compile(r"99%\s+([0-9.]+)(us|ms|s)")
_FAILED = re.compile(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")


class Load(NamedTuple):
    """What came of it.

    Attributes:
        rate: answers a second.
        count: answers.
        p99: seconds that 99 in a hundred answers took at most.
    """

    rate: float
    count: int
    p99: float


def load(url: str, fields: dict[str, str], *, seconds: int, core: int) -> Load:
    """Asks from one core over 64 connections.

    Raises:
        RuntimeError: where there is no wrk, or a connection failed.
    """
    if not PROGRAM:
        raise RuntimeError("no wrk found (apt-get install wrk, or WRK=path/to/wrk)")
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    options += [part for name, value in fields.items() for part in ("-H", f"{name}: {value}")]
    command = ["taskset", "-c", str(core), PROGRAM, *options, url]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + SPARE).stdout
    rate, count, p99 = _RATE.search(told), _COUNT.search(told), _P99.search(told)
    if rate is None or count is None or p99 is None or _FAILED.search(told):
        raise RuntimeError(f"{url}: {told}")
    return Load(float(rate[1]), int(count[1]), float(p99[1]) * _UNITS[p99[2]])
