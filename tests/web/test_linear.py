"""What reads a client's words takes as long as they are, and no longer: eight times as many cost about eight times."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedsvc import filters
from feedsvc.config import Site
from feedsvc.errors import FilterError
from feedsvc.publication.addresses import is_address
from feedsvc.web.clients import Clients
from feedsvc.web.codings import choose
from feedsvc.web.hosts import is_host
from feedsvc.web.lane import _path
from feedsvc.web.log_lines import LINES, Hit
from feedsvc.web.negotiation import wants_page
from feedsvc.web.ranges import asked
from feedsvc.web.service import _request
from feedsvc.web.validators import matches, seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable

SITE = Site(title="x", base_url="http://example.org/")
CLIENTS = Clients("127.0.0.1, 10.0.0.0/8")


def filtered(text: str) -> None:
    """Reads a query in pieces that are short enough to be read, and whole."""
    written = text.encode("latin-1")
    for query in (written, *(b"tag=" + written[at : at + 400] for at in range(0, len(written), 400))):
        with suppress(FilterError):
            filters.read(query)


LETTERS = [
    *'a0*,;="\\/-%.:[] \t\xe9',
    "W/",
    '"a"',
    ";q=0",
    "q=1.000",
    "bytes=",
    "a/b",
    "%41",
    "%e5%ae%89",
    "10.0.0.1",
    "GMT",
    "&tag=",
    "&%74ag=",
]

READERS: dict[str, Callable[[str], object]] = {
    "Accept-Encoding": lambda text: choose(text, {"identity", "gzip", "br"}),
    "Accept": lambda text: wants_page(text, None, "application/rss+xml"),
    "If-None-Match": lambda text: matches(text, '"x"'),
    "If-Modified-Since": seconds_of,
    "Range": lambda text: asked({"range": f"bytes={text}"}, '"x"', 1000),
    "X-Forwarded-For": lambda text: CLIENTS.client("127.0.0.1", [(b"x-forwarded-for", text.encode("latin-1"))]),
    "Host": lambda text: is_host(text.encode("latin-1")),
    "any field again and again": lambda text: _request(
        {"method": "GET", "headers": [(b"a", each.encode("latin-1")) for each in text.split(",")]}
    ),
    "a filter": filtered,
    "the target": lambda text: _path(f"/{text}".encode("latin-1")),
    "the path": lambda text: is_address(text, SITE),
    "the path of a tag": lambda text: is_address(f"tag/{text.replace('/', '')}/feed/", SITE),
    "the log": lambda text: [
        line(Hit("", "GET", text.encode("latin-1"), "1.1", 200, 0, b"", text.encode("latin-1"), 0.0, 0.0))
        for line in LINES.values()
    ],
}


def cost(read: Callable[[str], object], text: str) -> float:
    """CPU seconds of the quickest of some times."""
    found = []
    for _ in range(5):
        before = time.thread_time()
        read(text)
        found.append(time.thread_time() - before)
    return min(found)


def is_linear(read: Callable[[str], object], short: str, long: str) -> bool:
    """Whether it is in one of three tries: what else runs on a machine makes one look slow now and then."""
    # What is quadratic would cost 64 times as much. The constant is for what is too quick to be measured.
    return any(cost(read, long) < 24 * (cost(read, short) + 0.00005) for _ in range(3))


@pytest.mark.parametrize("name", READERS)
@given(before=st.sampled_from(["", *LETTERS]), units=st.lists(st.sampled_from(LETTERS), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_eight_times_as_much_costs_no_more_than_that(name: str, before: str, units: list[str]) -> None:
    unit = "".join(units)
    short, long = (before + (unit * length)[:length] + "\x7f" for length in (2_000, 16_000))
    assert is_linear(READERS[name], short, long)
