from __future__ import annotations

import asyncio
import gzip
import json
import sqlite3
import threading
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote

import brotli
import pytest
from house import NOON, SITE, House
from msgspec.structs import replace
from serving import FEEDS, Reply, Service, exchange, until

from feedsvc.config import Server
from feedsvc.errors import CatalogError
from feedsvc.pages import style_name
from feedsvc.publication import Publication, publication
from feedsvc.web import app
from feedsvc.web import service as web
from feedsvc.web.conduct import Conduct
from feedsvc.web.validators import http_date

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TYPES = {
    "/rss.xml": "application/rss+xml; charset=utf-8",
    "/atom.xml": "application/atom+xml; charset=utf-8",
    "/feed.json": "application/feed+json; charset=utf-8",
    "/tags/security/rss.xml": "application/rss+xml; charset=utf-8",
    "/": "text/html; charset=utf-8",
    "/tags/security/": "text/html; charset=utf-8",
    "/before/second": "text/html; charset=utf-8",
    "/articles/first": "text/html; charset=utf-8",
    f"/static/{style_name}": "text/css; charset=utf-8",
    "/media/pictures/dot.png": "image/png",
    "/media/pictures/dot.svg": "image/svg+xml",
}
REPORTS = ("/healthz", "/readyz")
WITHOUT = ("/nothing", "/articles/removed", "/articles/old", "/tags/security")
every_document = pytest.mark.parametrize("path", TYPES)
every_feed = pytest.mark.parametrize("path", [path for path in TYPES if path.endswith(FEEDS)])
every_page = pytest.mark.parametrize("path", [path for path, type_ in TYPES.items() if "html" in type_])
every_address = pytest.mark.parametrize("path", [*TYPES, *REPORTS, *WITHOUT])


def furnish(house: House) -> None:
    """One article of every fate, tags of several scripts, and pictures."""
    house.write("first.md", date="2026-01-03", title="First", tags="[Security, C++, 安全, a/b]", text="Words. " * 100)
    house.write("second.md", date="2026-01-04", title="Second")
    house.write("removed.md", date="2026-01-01")
    house.write("moved.md", date="2026-01-02", slug="old")
    (house.content / "pictures").mkdir()
    (house.content / "pictures" / "dot.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (house.content / "pictures" / "dot.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    house.sync()
    house.remove("removed.md")
    house.write("moved.md", date="2026-01-02", slug="new")
    house.sync_after(10)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    place = tmp_path_factory.mktemp("service")
    yield from serving(House(place / "content", str(place / "catalog.db")), is_furnished=True)


@pytest.fixture
def own(house: House) -> Iterator[Service]:
    """A service of which nothing has been published yet."""
    yield from serving(house, is_furnished=False)


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose base URL has a path that is not all ASCII."""
    place = tmp_path_factory.mktemp("below")
    site = replace(SITE, base_url="https://example.org/my%20blog/")
    yield from serving(House(place / "content", str(place / "catalog.db"), site=site), is_furnished=True)


def serving(house: House, *, is_furnished: bool) -> Iterator[Service]:
    if is_furnished:
        furnish(house)
    made = Service(house)
    yield made
    made.stop()
    house.catalog.close()


@every_document
def test_a_document_has_exactly_its_type(service: Service, path: str) -> None:
    reply = service.ask(path)
    assert (reply.status, reply["content-type"]) == (200, TYPES[path])
    assert int(reply["content-length"]) == len(reply.body)
    assert reply["x-content-type-options"] == "nosniff"


@every_address
def test_every_answer_varies_by_coding_and_has_one_date_and_no_server(service: Service, path: str) -> None:
    for method in ("GET", "HEAD", "OPTIONS", "POST"):
        reply = service.ask(path, method=method)
        is_feed = path.endswith(FEEDS) and method in {"GET", "HEAD"}
        assert reply["vary"] == ("Accept, Accept-Encoding, Sec-Fetch-Dest" if is_feed else "Accept-Encoding")
        assert reply["date"] == http_date(int(service.house.clock()))
        assert not reply.has("server")


@every_address
def test_head_has_the_same_fields_and_no_body(service: Service, path: str) -> None:
    for coding in ("identity", "gzip", "br"):
        got = service.ask(path, {"Accept-Encoding": coding})
        head = service.ask(path, {"Accept-Encoding": coding}, method="HEAD")
        assert (head.status, head.fields, head.body) == (got.status, got.fields, b"")


@every_address
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_what_would_write_is_refused(service: Service, path: str, method: str) -> None:
    reply = service.ask(path, method=method)
    assert (reply.status, reply["allow"]) == (405, "GET, HEAD, OPTIONS")


@every_address
def test_options_names_the_methods(service: Service, path: str) -> None:
    reply = service.ask(path, method="OPTIONS")
    assert (reply.status, reply["allow"], reply.body) == (204, "GET, HEAD, OPTIONS", b"")
    assert reply["access-control-allow-origin"] == "*"
    assert not reply.has("access-control-allow-methods")


@every_address
def test_a_script_of_another_site_may_read_and_send_validators(service: Service, path: str) -> None:
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}
    reply = service.ask(path, {"Origin": "https://a.example", **asked}, method="OPTIONS")
    assert (reply.status, reply["access-control-allow-origin"]) == (204, "*")
    assert reply["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in reply["access-control-allow-headers"]


@every_feed
def test_a_script_may_read_a_feed_s_tag_and_links_of_a_304_too(service: Service, path: str) -> None:
    first = service.ask(path)
    for reply in (first, service.ask(path, {"If-None-Match": first["etag"]})):
        assert reply["access-control-allow-origin"] == "*"
        assert reply["access-control-expose-headers"] == "ETag, Link"


@pytest.mark.parametrize("path", WITHOUT)
def test_a_script_is_told_why_there_is_nothing(service: Service, path: str) -> None:
    assert service.ask(path)["access-control-allow-origin"] == "*"


def test_options_of_the_whole_server_are_the_same(service: Service) -> None:
    assert exchange(service.port, b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").startswith(
        b"HTTP/1.1 204"
    )


@every_document
def test_what_a_client_has_is_not_sent_again(service: Service, path: str) -> None:
    for coding in ("identity", "gzip", "br"):
        first = service.ask(path, {"Accept-Encoding": coding})
        again = service.ask(path, {"Accept-Encoding": coding, "If-None-Match": first["etag"]})
        assert (again.status, again.body) == (304, b"")
        shared = {"access-control-allow-origin", "access-control-expose-headers"}
        repeated = ({"etag", "cache-control", "vary", "last-modified"} | shared) & first.lasting.keys()
        assert again.lasting == {name: first[name] for name in repeated}


@every_feed
def test_a_date_that_a_client_has_is_enough(service: Service, path: str) -> None:
    modified = service.ask(path)["last-modified"]
    assert service.ask(path, {"If-Modified-Since": modified}).status == 304
    assert service.ask(path, {"If-Modified-Since": http_date(NOON - 1)}).status == 200
    assert service.ask(path, {"If-Modified-Since": modified, "If-None-Match": '"other"'}).status == 200


def test_if_none_match_may_stand_on_several_lines(service: Service) -> None:
    etag = service.ask("/rss.xml")["etag"]
    lines = [("If-None-Match", '"other", W/"another"'), ("If-None-Match", etag)]
    assert service.ask("/rss.xml", lines).status == service.ask("/rss.xml", lines[::-1]).status == 304
    assert service.ask("/rss.xml", lines[:1]).status == 200


@every_document
def test_a_coding_decodes_to_the_plain_bytes(service: Service, path: str) -> None:
    plain = service.ask(path)
    assert not plain.has("content-encoding")
    for coding, decode in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        reply = service.ask(path, {"Accept-Encoding": coding})
        assert (decode(reply.body) if reply.has("content-encoding") else reply.body) == plain.body


@every_feed
def test_each_coding_has_a_validator_of_its_own(service: Service, path: str) -> None:
    codings = ("identity", "gzip", "br")
    etags = {service.ask(path, {"Accept-Encoding": coding})["etag"] for coding in codings}
    assert len(etags) == 3
    assert not any(etag.startswith("W/") for etag in etags)


@every_feed
def test_a_feed_is_open_to_other_sites_and_names_itself(service: Service, path: str) -> None:
    reply = service.ask(path)
    address = f"https://lantern.example{path}"
    page = address.rpartition("/")[0]
    assert reply["access-control-allow-origin"] == "*"
    assert reply["link"] == f'<{address}>; rel="self", <{page}/>; rel="alternate"; type="text/html"'


@every_page
def test_a_page_runs_nothing(service: Service, path: str) -> None:
    policy = service.ask(path)["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert "script" not in policy


def test_our_own_files_are_kept_for_a_year(service: Service) -> None:
    reply = service.ask(f"/static/{style_name}")
    assert reply["cache-control"] == "max-age=31536000, immutable"
    assert service.ask("/static/copy.0000000000.js").status == 404


def test_a_page_of_a_moment_ago_still_gets_a_style(service: Service) -> None:
    moved = service.ask("/static/site.0000000000.css")
    assert (moved.status, moved["location"], moved["cache-control"]) == (301, f"/static/{style_name}", "max-age=10")


def test_a_picture_is_kept_for_a_year_at_the_address_that_documents_name(service: Service) -> None:
    body = (service.house.content / "pictures" / "dot.png").read_bytes()
    reply = service.ask(f"/media/pictures/dot.{sha256(body).hexdigest()[:10]}.png")
    assert (reply["cache-control"], reply["content-type"]) == ("max-age=31536000, immutable", "image/png")
    moved = service.ask("/media/pictures/dot.0123456789.png")
    assert (moved.status, moved["cache-control"]) == (301, "max-age=10")


def test_a_picture_comes_as_it_lies_in_the_folder(service: Service) -> None:
    reply = service.ask("/media/pictures/dot.png")
    assert reply.body == (service.house.content / "pictures" / "dot.png").read_bytes()
    assert "sandbox" in reply["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/tags/nobody/rss.xml", 404),
        ("/articles/nothing", 404),
        ("/before/nothing", 404),
        ("/media/first.md", 404),
        ("/media/feedsvc.toml", 404),
        ("/media/none.0123456789.png", 404),
        ("/healthz/", 404),
        ("/articles/removed", 410),
        ("/articles/old", 301),
        ("/tags/security", 301),
    ],
)
def test_what_is_not_here_says_why(service: Service, path: str, status: int) -> None:
    reply = service.ask(path)
    assert reply.status == status
    assert reply["cache-control"] == "max-age=10"


def test_a_withdrawal_says_why_as_text(own: Service) -> None:
    for number in range(100):
        keys = {"withdrawn": "2026-01-05", "withdrawn_reason": f"Figure {number} was 3, and 3 < 4 & 5."}
        own.house.write(f"{number}.md", slug=f"a{number}", **keys)
    own.sync()
    for number in [*range(100), *range(100)]:
        reply = own.ask(f"/articles/a{number}")
        assert reply.status == 410
        assert f">Figure {number} was 3, and 3 &lt; 4 &amp; 5.</p>" in reply.body.decode()


def test_what_moved_says_where_to(service: Service) -> None:
    assert service.ask("/articles/old")["location"] == "https://lantern.example/articles/new"
    assert service.ask("/tags/%E5%AE%89%E5%85%A8")["location"] == "https://lantern.example/tags/%E5%AE%89%E5%85%A8/"


@pytest.mark.parametrize("slug", ["c++", "安全", "a-b", "security"])
def test_a_tag_is_found_under_its_encoded_name(service: Service, slug: str) -> None:
    address = f"/tags/{quote(slug, safe='')}/"
    for name in FEEDS:
        assert service.ask(address + name).status == 200
    assert b"First" in service.ask(address).body


def test_a_plus_sign_may_stay_as_it_is(service: Service) -> None:
    assert service.ask("/tags/c++/rss.xml").body == service.ask("/tags/c%2B%2B/rss.xml").body


@every_document
def test_a_query_changes_nothing(service: Service, path: str) -> None:
    assert service.ask(f"{path}?utm_source=%00&a=<b>").lasting == service.ask(path).lasting


def test_a_client_s_word_for_the_host_never_comes_back(service: Service) -> None:
    lies = {"X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "ftp", "Forwarded": "host=evil.test;proto=ftp"}
    head = "".join(
        f"{name}: {value}\r\n" for name, value in {"Host": "evil.test", **lies, "Connection": "close"}.items()
    )
    for path in [*TYPES, *REPORTS, *WITHOUT, "//evil.test/", "http://evil.test/rss.xml"]:
        for method in ("GET", "HEAD", "OPTIONS", "POST"):
            reply = exchange(service.port, f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode())
            assert reply.startswith(b"HTTP/1.1 ")
            assert b"evil" not in reply


def test_before_the_first_sync_a_client_is_asked_to_come_again(own: Service) -> None:
    for path in ("/", "/rss.xml", "/atom.xml", "/feed.json", "/articles/a", "/tags/a/rss.xml"):
        reply = own.ask(path)
        assert (reply.status, reply["cache-control"]) == (503, "no-store")
        assert int(reply["retry-after"]) > 0
        assert reply["vary"] == "Accept-Encoding"
    assert own.ask("/healthz").status == 200
    assert own.ask("/readyz").status == 503


def test_readiness_comes_with_the_first_sync(own: Service) -> None:
    own.sync()
    reply = own.ask("/readyz")
    assert (reply.status, json.loads(reply.body)) == (200, {"ready": True, "troubles": []})
    assert reply["cache-control"] == "no-store"


def test_the_first_sync_is_known_to_whoever_asks_after_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    # Of several processes none says "not yet" when another one has said "yes".
    monkeypatch.setattr(app, "EVERY", 1000)
    for service in serving(house, is_furnished=False):
        assert service.ask("/").status == 503
        house.sync()
        assert service.ask("/").status == 200


def test_a_catalog_that_does_not_answer_keeps_nobody_from_seeing_that_the_process_does(
    own: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs, go_on = threading.Event(), threading.Event()

    def stuck(*_arguments: object) -> None:
        hangs.set()
        go_on.wait(20)
        raise CatalogError("it is away")

    monkeypatch.setattr(publication, "glance", stuck)
    assert hangs.wait(10)
    assert own.ask("/healthz").status == 200
    assert not go_on.is_set()
    go_on.set()
    until(lambda: json.loads(own.ask("/readyz").body)["troubles"])
    hangs.clear()
    go_on.clear()
    assert hangs.wait(10)
    assert own.ask("/rss.xml").status == 503  # it is known to be away: nobody waits for one more try
    go_on.set()


def test_what_does_not_work_is_told_with_its_instant(own: Service) -> None:
    own.sync()
    own.house.catalog.note_trouble("the folder is gone", own.house.clock())
    told = {"what": "the folder is gone", "since": int(own.house.clock())}
    until(lambda: json.loads(own.ask("/readyz").body)["troubles"] == [told])
    assert own.ask("/readyz").status == 200


def test_a_catalog_out_of_order_asks_for_patience_without_a_traceback(own: Service, tmp_path: Path) -> None:
    own.house.write("a.md")
    own.sync()
    kept = own.ask("/rss.xml")
    with sqlite3.connect(tmp_path / "catalog.db") as database:
        database.execute("ALTER TABLE article RENAME TO lost")
    database.close()
    reply = own.ask("/atom.xml")
    assert (reply.status, reply["retry-after"]) == (503, "5")
    assert b"lost" not in reply.body
    assert b"article" not in reply.body.lower().replace(b"list of articles", b"")
    assert own.ask("/rss.xml").body == kept.body
    with sqlite3.connect(tmp_path / "catalog.db") as database:
        database.execute("ALTER TABLE lost RENAME TO article")
    database.close()


def test_an_edit_changes_exactly_the_feeds_it_touches(own: Service) -> None:
    own.house.write("a.md", tags="[one]")
    own.house.write("b.md", tags="[two]")
    own.sync()
    paths = ["/rss.xml", "/tags/one/rss.xml", "/tags/two/rss.xml"]
    before = [own.ask(path) for path in paths]
    own.house.write("a.md", tags="[one]", text="Another text.")
    own.sync()
    after = [own.ask(path) for path in paths]
    assert [new["etag"] != old["etag"] for new, old in zip(after, before, strict=True)] == [True, True, False]
    assert after[2].lasting == before[2].lasting


def test_a_new_article_reaches_a_client_whose_date_is_already_ours(own: Service) -> None:
    own.house.write("a.md")
    own.sync()
    own.house.write("b.md")
    own.sync()
    reply = own.ask("/rss.xml", {"If-None-Match": '"old"', "If-Modified-Since": own.ask("/rss.xml")["last-modified"]})
    assert reply.status == 200
    assert not reply.has("last-modified")


@pytest.mark.parametrize("path", [path for path in TYPES if path != "/"])
def test_a_base_url_s_path_may_be_stripped_by_a_proxy_or_not(below: Service, path: str) -> None:
    stripped, whole = below.ask(path), below.ask(f"/my%20blog{path}")
    assert (stripped.status, stripped.fields, stripped.body) == (200, whole.fields, whole.body)


def test_below_a_base_url_s_path_everything_else_is_found_too(below: Service) -> None:
    assert below.ask("/my%20blog/").body == below.ask("/").body
    assert below.ask("/my%20blog/readyz").status == 200
    assert below.ask("/my%20blog")["location"] == "https://example.org/my%20blog/"
    assert below.ask("/my%20blogrss.xml").status == 404


def test_a_prefix_is_known_before_anything_was_asked_for(own: Service) -> None:
    own.house.site = replace(SITE, base_url="https://example.org/blog/")
    own.sync()
    assert own.ask("/blog/rss.xml").status == 200


def is_refused(reply: bytes) -> bool:
    return reply.startswith(b"HTTP/1.1 400 ") and b"\r\nvary: Accept-Encoding\r\n" in reply


@pytest.mark.parametrize("hosts", [b"", b"Host: a\r\nHost: b\r\n"])
def test_a_request_of_http_1_1_names_one_host(service: Service, hosts: bytes) -> None:
    assert is_refused(exchange(service.port, b"GET /rss.xml HTTP/1.1\r\n" + hosts + b"Connection: close\r\n\r\n"))


def test_one_of_http_1_0_need_not_name_any(service: Service) -> None:
    assert exchange(service.port, b"GET /rss.xml HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 ")


def test_many_requests_on_one_connection_are_answered_in_order(service: Service) -> None:
    paths = [b"/rss.xml", b"/nothing", b"/feed.json"]
    asked = b"".join(b"HEAD %s HTTP/1.1\r\nHost: x\r\n\r\n" % path for path in paths)
    last = b"HEAD /articles/removed HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    replies = exchange(service.port, asked + last).split(b"\r\n\r\n")
    assert [reply[9:12] for reply in replies[:4]] == [b"200", b"404", b"200", b"410"]


def test_the_same_is_said_to_everybody(service: Service) -> None:
    first: Reply = service.ask("/feed.json")
    agents = ["", "Mozilla/5.0", "newsboat/2.32", "curl"]
    assert {service.ask("/feed.json", {"User-Agent": agent}).body for agent in agents} == {first.body}


def test_what_is_not_http_gets_no_answer(house: House) -> None:
    sent: list[object] = []

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: object) -> None:
        sent.append(message)

    publication = Publication(house.catalog, clock=house.clock)
    service = web.Service(publication, clock=house.clock, conduct=Conduct(Server()))
    asyncio.run(service({"type": "websocket"}, receive, send))
    publication.close()
    assert sent == []
