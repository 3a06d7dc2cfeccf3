from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
from feedsvc.config import Server
from feedsvc.web.connections import Connections
limits = Connections(Server(connection_limit={wanted})).limits
print(limits.connection_limit, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(
    ("soft", "hard", "wanted", "expected"),
    [
        (300, 2000, 1000, "1000 1100"),  # the system is asked for more
        (300, 800, 1000, "700 800"),  # and has no more
        (1500, 2000, 1000, "1000 1500"),  # and has enough
        (50, 60, 1000, "1 60"),
    ],
)
def test_no_more_connections_are_kept_than_there_are_file_descriptors(
    soft: int, hard: int, wanted: int, expected: str
) -> None:
    script = SCRIPT.format(soft=soft, hard=hard, wanted=wanted)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == expected, done.stderr
