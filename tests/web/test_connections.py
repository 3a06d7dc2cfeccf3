from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

import pytest

from feedsvc.config import Server
from feedsvc.web.connections import Connections

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


@dataclass(eq=False)
class Ending:
    """One that ends, and takes all others along, when it is looked at."""

    connections: Connections
    looks: list[int]

    def look(self, now: int, limits: Server) -> None:  # noqa: ARG002 - as all are told
        self.looks.append(limits.idle_timeout)
        for other in tuple(self.connections._open):
            self.connections.drop(other)


def test_one_that_has_ended_meanwhile_is_not_looked_at() -> None:
    connections, looks = Connections(Server(connection_limit=100, idle_timeout=75)), list[int]()
    for count, timeout in ((50, 75), (80, 1)):
        for _ in range(count):
            assert connections.take(Ending(connections, looks))
        assert len(list(connections.looks())) > 1
        assert looks == [timeout]
        looks.clear()


@dataclass(eq=False)
class Broken:
    """One that cannot be looked at."""

    looks: list[int]

    def look(self, now: int, limits: Server) -> None:  # noqa: ARG002 - as all are told
        self.looks.append(now)
        raise ValueError("no")


def test_what_is_wrong_with_one_keeps_the_limits_from_none_of_the_others(caplog: pytest.LogCaptureFixture) -> None:
    connections, looks = Connections(Server()), list[int]()
    for _ in range(3):
        assert connections.take(Broken(looks))
    for _ in range(2):
        list(connections.looks())
    assert looks == [2, 2, 2, 3, 3, 3]
    assert caplog.text.count("a connection cannot be looked at") == 6
