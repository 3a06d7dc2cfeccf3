"""Addresses of somebody's own over HTTP: what is said to whom, and that no address is told to anybody."""

from __future__ import annotations

import json
import logging
import re
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from privately import TOKEN, furnish, token, write_inside
from serving import Reply, Service, ask, exchange, until

from feedsvc.catalog.tokens import PREFIX
from feedsvc.catalog.upkeep import revoke_tokens
from feedsvc.config import Server
from feedsvc.web.protocol import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from house import House

FEEDS = ("rss.xml", "atom.xml", "feed.json")
GUARDS = {"referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow"}
PEOPLE = {"Accept": "text/html,*/*;q=0.8", "Sec-Fetch-Dest": "document"}


@pytest.fixture(params=["lane", "application"])
def service(request: pytest.FixtureRequest, house: House, tmp_path: Path) -> Iterator[Service]:
    furnish(house)
    log = Server(access_log=str(tmp_path / "log"), burst=5)
    made = Service(house, log, http=Protocol if request.param == "lane" else "httptools")
    yield made
    made.stop()


def address(service: Service, name: str = "Ada", channel: str = "members") -> str:
    """A new address, below the host, once it is known."""
    made = f"/private/{token(service.house, channel, name)}/"
    until(lambda: service.ask(made).status == 200)
    return made


def is_guarded(reply: Reply) -> bool:
    said = dict(reply.fields)
    opens = any(name.startswith("access-control-") or name == "link" for name in said)
    kept = said.get("cache-control", "")
    return not opens and said.items() >= GUARDS.items() and kept.startswith(("private, ", "no-store"))


def test_every_answer_below_it_is_for_nobody_else(service: Service) -> None:
    own = address(service)
    paths = ["", *FEEDS, "articles/inside", "before/inside", "articles/open", "nothing", "//", "%00"]
    for method in ("GET", "HEAD", "OPTIONS", "POST"):
        for path in (*(own + path for path in paths), own[:-1], "/private/", "/private", "/private/x/", "//private/x/"):
            for headers in ({}, PEOPLE, {"Access-Control-Request-Method": "GET", "Origin": "https://evil.example"}):
                reply = service.ask(path, headers, method=method)
                assert is_guarded(reply), (method, path, reply)


def test_a_document_says_for_how_long_one_s_own_cache_may_keep_it(service: Service) -> None:
    own = address(service)
    for path in ("", *FEEDS, "articles/inside"):
        assert service.ask(own + path)["cache-control"].startswith("private, max-age=300, ")
    assert service.ask(f"{own}rss.xml", PEOPLE)["cache-control"].startswith("private, max-age=300, ")
    assert service.ask(f"{own}rss.xml")["vary"] == "Accept, Accept-Encoding, Sec-Fetch-Dest"
    assert service.ask(own)["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
@pytest.mark.parametrize("path", ["", *FEEDS, "articles/inside"])
def test_polls_are_answered_as_any(service: Service, path: str, coding: str) -> None:
    own = address(service)
    for _ in range(3):  # the application, then the lane, then what the lane remembers
        whole = service.ask(own + path, {"Accept-Encoding": coding})
        assert whole.status == 200
        asked = {"Accept-Encoding": coding, "If-None-Match": whole["etag"]}
        unchanged = service.ask(own + path, asked)
        assert (unchanged.status, unchanged.body) == (304, b"")
        assert {"etag", "cache-control", "vary", "last-modified", *GUARDS} <= {name for name, _ in unchanged.fields}
        head = service.ask(own + path, {"Accept-Encoding": coding}, method="HEAD")
        assert (head.status, head.lasting, head.body) == (200, whole.lasting, b"")
    assert service.ask(own + path, {"If-Modified-Since": whole["last-modified"]}).status == 304


def test_two_have_the_same_bytes_and_the_same_tag(service: Service) -> None:
    ada, ben = address(service), address(service, "Ben")
    assert service.ask(f"{ada}rss.xml").lasting == service.ask(f"{ben}rss.xml").lasting
    assert service.ask(f"{ada}rss.xml").body == service.ask(f"{ben}rss.xml").body


def test_requests_behind_each_other_are_each_answered(service: Service) -> None:
    ada, ben = address(service), address(service, "Ben")
    revoke_tokens(service.house.catalog, channel="members", name="Ben")
    until(lambda: service.ask(ben).status == 410)
    paths = [
        f"{ada}feed.json",
        f"{ben}feed.json",
        "/feed.json",
        f"{ada}articles/inside",
        "/private/x/",
        f"{ada}feed.json",
    ]
    asked = "".join(f"GET {path} HTTP/1.1\r\nHost: a.example\r\n\r\n" for path in paths[:-1])
    asked += f"GET {paths[-1]} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n"
    found = exchange(service.port, asked.encode())
    assert re.findall(rb"HTTP/1\.1 (\d+)", found) == [b"200", b"410", b"200", b"200", b"404", b"200"]


def test_a_poll_that_was_just_answered_is_refused_as_soon_as_the_address_is_revoked(service: Service) -> None:
    own = address(service)
    etag = service.ask(f"{own}rss.xml")["etag"]
    for _ in range(3):
        assert service.ask(f"{own}rss.xml", {"If-None-Match": etag}).status == 304
    revoke_tokens(service.house.catalog, channel="members", name="Ada")  # the clock stands: it is still the same second
    until(lambda: service.ask(f"{own}rss.xml", {"If-None-Match": etag}).status == 410, patience=2)
    for path in ("", *FEEDS, "articles/inside", "nothing"):
        reply = service.ask(own + path)
        assert (reply.status, reply["cache-control"]) == (410, "no-store")


def test_an_address_without_its_slash_is_no_redirect_that_names_it(service: Service) -> None:
    for path in (address(service)[:-1], "/private/never-given"):
        reply = service.ask(path)
        assert (reply.status, reply.has("location")) == (404, False)
        assert b"ends in a slash" in reply.body


def test_who_asks_too_often_is_told_so_and_not_where(service: Service) -> None:
    ada, ben = address(service), address(service, "Ben")
    client = {"X-Forwarded-For": "192.0.2.1"}
    # One document: it is counted together.
    replies = [service.ask(f"{each}rss.xml", client) for each in (ada, ben) * 4]
    assert {reply.status for reply in replies} == {200, 429}
    refused = next(reply for reply in replies if reply.status == 429)
    assert is_guarded(refused)
    assert "/private" not in refused.body.decode()


def test_at_an_encoded_slash_it_is_the_same(service: Service) -> None:
    own = address(service)
    for path in (own.replace("/private", "/%70rivate"), own.replace("/", "%2F").replace("%2F", "/", 1)):
        assert service.ask(path).status == 200


def test_below_a_base_url_with_a_path_too(house: House) -> None:
    furnish(house)
    house.site = replace(house.site, base_url="https://lantern.example/a b/")
    house.sync_after()
    service = Service(house)
    try:
        own = f"/private/{token(house)}/"
        for path in (f"/a%20b{own}", own):
            until(partial(is_found, service, path))
            assert is_guarded(service.ask(path))
            assert is_guarded(service.ask(f"{path}nothing"))
        assert service.ask("/a%20b/private/x/").status == 404
    finally:
        service.stop()


def is_found(service: Service, path: str) -> bool:
    return service.ask(path).status == 200


def spellings(own: str) -> list[str]:
    """An address as it may be mistyped, encoded and passed on."""
    _, _, made, _ = own.split("/")
    return [
        own,
        own[:-1],
        f"/%70rivate/{made}/rss.xml",
        f"/%70%72%69%76%61%74%65/{made}/rss.xml",
        f"/PRIVATE/{made}/",
        f"/private%2F{made}/rss.xml",
        f"/private%2f{made}%2frss.xml",
        f"//private//{made}//rss.xml",
        f"/./private/{made}/rss.xml",
        f"/x/../private/{made}/rss.xml",
        f"/blog/private/{made}/rss.xml",
        f"{own}rss.xml?{own}",
        f"/search?u=https%3A%2F%2Flantern.example%2Fprivate%2F{made}%2F",
        f"http://lantern.example{own}rss.xml",
        f"{own}%FF",
        f"{own}" + "x" * 3000,
    ]


def test_no_spelling_of_it_is_in_a_log_or_an_answer(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    own = address(service)
    made = own.split("/")[2]
    said: list[bytes] = []
    for path in spellings(own):
        for fields in (
            "",
            f"Referer: https://lantern.example{own}\r\n",
            f"User-Agent: reads https://a.example{own}\r\n",
        ):
            for method, version in (("GET", "1.1"), ("HEAD", "1.1"), ("POST", "1.1"), ("GET", "1.0"), ("G E T", "1.1")):
                request = f"{method} {path} HTTP/{version}\r\nHost: a.example\r\n{fields}Connection: close\r\n\r\n"
                said.append(exchange(service.port, request.encode()))
    said.append(service.ask("/readyz").body)
    said.append(service.ask("/", {"Referer": f"https://lantern.example{own}"}).body)
    service.ask("/the-last-of-all")
    noted = tmp_path / "log"
    log = until(lambda: noted.exists() and b"/the-last-of-all" in (text := noted.read_bytes()) and text)
    for text in (b"".join(said), log, caplog.text.encode(), "".join(capfd.readouterr()).encode()):
        assert made.encode() not in text
        assert made[PREFIX:].encode() not in text
    assert b"/private/\\xe2\\x80\\xa6" in log or "/private/…".encode() in log


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_asked_for_no_answer_holds_a_token(shared: Shared, data: st.DataObject) -> None:
    own = data.draw(st.sampled_from(shared.addresses))
    path = data.draw(
        st.sampled_from(["/", "/rss.xml", "/atom.xml", "/feed.json", "/articles/open", "/articles/inside", "/readyz"])
        | st.sampled_from(shared.below).map(lambda below: own + below)
        | st.sampled_from(spellings(own))
        | st.text("abc/.%20", max_size=8).map(lambda more: own + more.replace("%", "%25"))
    )
    names = st.sampled_from(["Accept", "Accept-Encoding", "Referer", "Origin", "If-None-Match", "Range", "Cookie"])
    values = st.sampled_from(["text/html", "gzip", "*/*", "bytes=0-3", f"https://lantern.example{own}", own])
    headers = data.draw(st.lists(st.tuples(names, values), max_size=3))
    method = data.draw(st.sampled_from(["GET", "GET", "HEAD", "OPTIONS", "PUT"]))
    reply = ask(shared.port, path, headers, method=method)
    told = repr(reply.fields).encode() + reply.body
    for each in shared.addresses:
        made = each.split("/")[2]
        assert made.encode() not in told
        assert made[PREFIX:].encode() not in told


class Shared:
    """A site with addresses, one of them revoked."""

    below = ("", *FEEDS, "articles/inside", "before/inside", "articles/open", "nothing")

    def __init__(self, house: House) -> None:
        furnish(house)
        self.service = Service(house, Server(burst=0), http=Protocol)
        self.port = self.service.port
        self.addresses = [address(self.service, name) for name in ("Ada", "Ben", "Cleo")]
        revoke_tokens(house.catalog, channel="members", name="Cleo")
        until(lambda: self.service.ask(self.addresses[-1]).status == 410)


@pytest.fixture
def shared(house: House) -> Iterator[Shared]:
    made = Shared(house)
    yield made
    made.service.stop()


def test_nothing_public_changes_with_what_is_for_members_only(service: Service) -> None:
    public = ("/", *(f"/{feed}" for feed in FEEDS), "/articles/open", "/articles/inside", "/inside.md", "/private/x/")
    before = {path: service.ask(path).lasting for path in public}
    house = service.house
    own = address(service)
    write_inside(house, summary="Another revision of the private channel.")
    service.sync(0.5)
    until(lambda: service.ask(own)["last-modified"] != before["/"]["last-modified"])
    after = {path: service.ask(path).lasting for path in public}
    assert after == before


def test_no_subscriber_s_token_is_in_what_he_may_pass_on(service: Service) -> None:
    own = address(service)
    feed = json.loads(service.ask(f"{own}feed.json").body)
    assert not TOKEN.search(json.dumps(feed))
