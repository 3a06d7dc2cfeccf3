from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serving import Service

from feedsvc.config import Server
from feedsvc.web.politeness import Politeness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from house import House

BURST, MAX_AGE = 3, 30
ANYBODY = {"X-Forwarded-For": "192.0.2.1"}
pauses = st.floats(0, 60, allow_nan=False)


def spent(politeness: Politeness, count: int, *, client: str = "a", now: float = 0.0, max_age: int = MAX_AGE) -> None:
    for _ in range(count):
        assert politeness.wait(client, "rss.xml", max_age, now) == 0


# The bucket


def test_a_burst_is_let_through_and_one_more_is_not() -> None:
    politeness = Politeness(BURST)
    spent(politeness, BURST)
    assert politeness.wait("a", "rss.xml", MAX_AGE, 0.0) == 10
    assert politeness.wait("a", "rss.xml", MAX_AGE, 9.9) == 1
    assert politeness.wait("a", "rss.xml", MAX_AGE, 10.0) == 0
    assert politeness.wait("a", "rss.xml", MAX_AGE, 10.0) == 10


def test_each_client_and_each_document_has_a_bucket_of_its_own() -> None:
    politeness = Politeness(1)
    assert not any(politeness.wait(client, path, MAX_AGE, 0.0) for client in "ab" for path in ("rss.xml", "atom.xml"))
    assert politeness.wait("a", "atom.xml", MAX_AGE, 0.0) == MAX_AGE


def test_one_who_may_ask_as_often_as_he_likes_does() -> None:
    assert not any(Politeness(1).wait(None, "rss.xml", MAX_AGE, 0.0) for _ in range(100))
    nobody = Politeness(0)
    assert not any(nobody.wait("a", "rss.xml", MAX_AGE, 0.0) for _ in range(100))
    assert len(nobody) == 0


def test_what_is_old_at_once_is_refilled_within_a_second() -> None:
    politeness = Politeness(BURST)
    spent(politeness, BURST, max_age=0)
    assert politeness.wait("a", "rss.xml", 0, 0.0) == 1
    spent(politeness, BURST, max_age=0, now=1.0)


@given(
    st.integers(1, 100),
    st.integers(0, 86_400),
    st.floats(0, 1e9),
    st.lists(st.tuples(pauses, st.booleans()), max_size=300),
)
def test_no_stretch_of_time_sees_more_than_the_burst_and_what_comes_back_in_it(
    burst: int, max_age: int, start: float, asked: list[tuple[float, bool]]
) -> None:
    politeness, now, let_through = Politeness(burst), start, list[float]()
    for pause, is_short in asked:
        now += pause / 1000 if is_short else pause
        if not politeness.wait("a", "rss.xml", max_age, now):
            let_through.append(now)
    rate = burst / (max_age or 1)
    for number, first in enumerate(let_through):
        for count, last in enumerate(let_through[number:], 1):
            assert count <= burst + (last - first) * rate + 1e-3


@given(st.integers(1, 100), st.integers(0, 86_400), st.floats(0, 1e8), st.lists(pauses, max_size=300))
def test_who_waits_as_he_is_told_is_let_through(burst: int, max_age: int, start: float, asked: list[float]) -> None:
    politeness, now = Politeness(burst), start
    for pause in asked:
        now += pause / 100
        seconds = politeness.wait("a", "rss.xml", max_age, now)
        if seconds:
            now += seconds
            assert politeness.wait("a", "rss.xml", max_age, now) == 0


# How many of them


def test_full_buckets_are_let_go_of() -> None:
    politeness = Politeness(BURST)
    for number in range(1000):
        politeness.wait(str(number), "rss.xml", MAX_AGE, 0.0)
    for number in range(1200):
        politeness.wait(f"later {number}", "rss.xml", MAX_AGE, 100.0 + number)
    assert len(politeness) < 100


def test_no_crowd_of_strangers_fills_the_memory_or_an_abuser_s_bucket() -> None:
    politeness = Politeness(BURST, most=100)
    spent(politeness, BURST, client="abuser")
    for number in range(10_000):
        politeness.wait(str(number), "rss.xml", MAX_AGE, 0.0)
        assert len(politeness) <= 100
    assert politeness.wait("abuser", "rss.xml", MAX_AGE, 0.0) == 10
    assert len(politeness._order) == len(politeness)


@given(st.lists(st.tuples(st.integers(0, 20), st.floats(0, 5)), max_size=300))
def test_of_all_that_are_in_use_the_one_that_is_full_first_goes(asked: list[tuple[int, float]]) -> None:
    politeness, now = Politeness(BURST, most=5), 0.0
    for number, pause in asked:
        now += pause
        before = dict(politeness._full_at)
        politeness.wait(str(number), "rss.xml", MAX_AGE, now)
        gone = before.keys() - politeness._full_at.keys()
        kept = [full_at for key, full_at in before.items() if key in politeness._full_at]
        assert all(before[key] <= max(now, min(kept)) for key in gone if kept)
        assert len(politeness._order) == len(politeness) <= 5


# Over HTTP


@pytest.fixture
def service(house: House) -> Iterator[Service]:
    house.write("a.md", tags="[one]", text="Words. " * 100)
    house.sync()
    made = Service(house, Server(burst=BURST))
    yield made
    made.stop()


def test_one_who_asks_on_and_on_is_told_how_to(service: Service) -> None:
    replies = [service.ask("/rss.xml", ANYBODY) for _ in range(BURST + 1)]
    assert [reply.status for reply in replies] == [200] * BURST + [429]
    known, refused = replies[0], replies[-1]
    assert int(refused["retry-after"]) > 0
    assert (refused["cache-control"], refused["vary"]) == ("no-store", known["vary"])
    assert refused["content-type"] == "text/plain; charset=utf-8"
    assert int(refused["content-length"]) == len(refused.body)
    assert refused["date"]
    text = refused.body.decode()
    assert f"    If-None-Match: {known['etag']}\n    If-Modified-Since: {known['last-modified']}\n" in text
    assert f"ask again in {refused['retry-after']} second" in text
    assert not refused.has("etag")


def test_one_who_says_what_he_has_is_never_refused(service: Service) -> None:
    etag = service.ask("/rss.xml", ANYBODY)["etag"]
    for _ in range(BURST * 3):
        assert service.ask("/rss.xml", {**ANYBODY, "If-None-Match": etag}).status == 304
        assert service.ask("/rss.xml", {**ANYBODY, "If-None-Match": '"other"'}).status == 200
        assert service.ask("/rss.xml", {**ANYBODY, "If-Modified-Since": "nonsense"}).status == 200
        assert service.ask("/rss.xml", ANYBODY, method="HEAD").status == 200


@pytest.mark.parametrize("path", ["/", "/tags/one/", "/articles/a", "/nothing", "/healthz", "/readyz"])
def test_what_is_no_feed_may_be_asked_for_by_anybody(service: Service, path: str) -> None:
    assert 429 not in [service.ask(path, ANYBODY).status for _ in range(BURST * 3)]


def test_this_machine_may_ask_and_those_for_whom_it_asks_are_counted_each(service: Service) -> None:
    assert {service.ask("/rss.xml").status for _ in range(BURST * 3)} == {200}
    assert {service.ask("/rss.xml", {"X-Forwarded-For": f"192.0.2.{number}"}).status for number in range(9)} == {200}
    lies = [{"X-Forwarded-For": f"198.51.100.{number}, 192.0.2.99"} for number in range(BURST + 1)]
    assert [service.ask("/rss.xml", lie).status for lie in lies] == [200] * BURST + [429]


def test_a_network_of_ipv6_is_one_client(service: Service) -> None:
    asked = [{"X-Forwarded-For": f"2001:db8:1:2::{number}"} for number in range(BURST + 1)]
    assert [service.ask("/rss.xml", each).status for each in asked] == [200] * BURST + [429]


def test_codings_and_queries_are_one_document(service: Service) -> None:
    first, *others = (("", "gzip"), ("?a=b", "br"), ("?c=d", "identity"), ("?", "gzip"))
    assert service.ask(f"/rss.xml{first[0]}", {**ANYBODY, "Accept-Encoding": first[1]}).status == 200
    replies = [service.ask(f"/rss.xml{query}", {**ANYBODY, "Accept-Encoding": coding}) for query, coding in others]
    assert [reply.status for reply in replies] == [200, 200, 429]
