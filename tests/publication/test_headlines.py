"""The latest headlines for other sites: small, safe to frame, and seen in a real browser."""

from __future__ import annotations

import re
import subprocess
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest
from dialects import SQLITE_ONLY
from house import SITE
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from privately import furnish
from serving import Service

from feedsvc import pages
from feedsvc.config.channels import ChannelSettings
from feedsvc.errors import Gone, Moved, NotFound
from feedsvc.model import Article, Channel, Person
from feedsvc.publication import headlines
from feedsvc.publication.documents import Variant
from feedsvc.text.links import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from asking import Readers
    from house import House

    from feedsvc.model import Document

BASE = "https://lantern.example/"
AT = datetime(2026, 1, 1, tzinfo=UTC)

# It frames the headlines, and fetches them as well, from another origin; what it has fetched it shows.
ANOTHER_SITE = """<!doctype html><meta charset="utf-8"><title>Another site</title><h1></h1>
<iframe src="{address}" title="The Lantern" sandbox="allow-top-navigation-by-user-activation" width="400"></iframe>
<script>
const request = new XMLHttpRequest();
request.open("GET", "{address}", false);
request.send();
const found = new DOMParser().parseFromString(request.responseText, "text/html");
document.querySelector("h1").textContent = found.querySelector("li a").textContent + " at " + location.origin;
</script>
"""


def publish(house: House, readers: Readers) -> None:
    house.sync()
    readers.refresh()


def header(found: Document, name: str) -> str:
    return dict(found.headers)[name]


@SQLITE_ONLY
def test_the_newest_stand_on_it_with_their_links_on_top_of_the_frame(house: House, readers: Readers) -> None:
    for number in range(12):
        house.write(f"a{number:02}.md", title=f"Nº {number} & more", date=f"2025-12-{number + 1:02}")
    publish(house, readers)
    page = readers.body("embed/").decode()
    links = re.findall(r'<a href="([^"]*)" target="_top">([^<]*)</a>', page)
    assert links[0] == (BASE, "The Lantern")
    assert links[1:] == [(f"{BASE}articles/a{number:02}", f"Nº {number} &amp; more") for number in range(11, 1, -1)]
    assert page.count("<a ") == len(links) == headlines.MOST + 1
    assert page.startswith('<!doctype html>\n<html lang="en" dir="ltr">')


@SQLITE_ONLY
def test_a_channel_has_its_own_in_its_language(house: House, readers: Readers) -> None:
    desk = ChannelSettings(name="channels/desk", title="המרפסת", language="he", any=("tags/harbour",))
    house.site = replace(house.site, channels=(desk,))
    house.write("a.md", title="Ours", tags="[Harbour]")
    house.write("b.md", title="Not ours")
    publish(house, readers)
    page = readers.body("embed/channels/desk").decode()
    assert '<html lang="he" dir="rtl">' in page
    assert '<li lang="en" dir="ltr">' in page
    assert "Not ours" not in page
    assert "Ours" in readers.body("embed/tags/harbour").decode()


@SQLITE_ONLY
def test_everybody_may_frame_it_and_fetch_it_and_nothing_runs_in_it(house: House, readers: Readers) -> None:
    house.write("a.md")
    publish(house, readers)
    found = readers.get("embed/")
    policy = dict(each.split(" ", 1) for each in header(found, "Content-Security-Policy").split("; "))
    assert policy.pop("style-src") == pages.STYLE_SOURCE
    assert policy == {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "*"}
    assert header(found, "Access-Control-Allow-Origin") == "*"
    assert not re.search(rb"<script|\bon\w+=|\bstyle=|src=|<link", readers.body("embed/"))


@SQLITE_ONLY
def test_what_is_private_over_or_renamed_has_none(house: House, readers: Readers) -> None:
    furnish(house)
    over = ChannelSettings(name="channels/old", any=("tags/shared",), ended="2025-01-01")
    named = ChannelSettings(name="channels/desk", any=("tags/shared",), aliases=("channels/former",))
    house.site = replace(house.site, channels=(*house.site.channels, over, named))
    house.sync_after()
    readers.refresh()
    assert b"insiders" not in readers.body("embed/")
    for path in ("embed/channels/members", "embed/tags/nobody", "embed/nothing", "embed/private/x"):
        with pytest.raises(NotFound):
            readers.get(path)
    with pytest.raises(Gone):
        readers.get("embed/channels/old")
    with pytest.raises(Moved) as moved:
        readers.get("embed/channels/former")
    assert moved.value.location == f"{BASE}embed/channels/desk"
    assert isinstance(readers.publication.key("embed/channels/members"), str)
    with pytest.raises(NotFound):  # nor below anybody's own address
        readers.get(Variant("embed/", private="channels/members"))


@SQLITE_ONLY
def test_what_comes_due_or_expires_changes_it_at_its_instant(house: House, readers: Readers) -> None:
    house.write("soon.md", title="Soon", date="2026-01-10 12:00:20", expires="2026-01-10 12:00:40", tags="[Harbour]")
    house.write("a.md", tags="[Harbour]")
    publish(house, readers)
    shown = []
    for _ in range(3):
        shown.append([b"Soon" in readers.body(path) for path in ("embed/", "embed/tags/harbour")])
        house.clock.now += 20
    assert shown == [[False] * 2, [True] * 2, [False] * 2]


TITLES = st.lists(st.text(st.sampled_from("a &<\"'日😀.\u0301"), min_size=1, max_size=1000), max_size=12)


@settings(max_examples=60)
@given(TITLES, st.text(st.sampled_from("a&日/"), max_size=1000), st.integers(0, 400))
def test_it_is_small_whatever_the_titles_and_addresses_are(titles: list[str], name: str, length: int) -> None:
    site = replace(SITE, title=name or "&" * 500, base_url=f"https://lantern.example/{'x' * length}/")
    of = Channel(
        *("", "urn:x", site.title, "d", f"{site.base_url}{quoted(name)}", site.base_url, "en", Person("Ada"), 0),
        term="",
    )
    shown = [
        headlines._headline(Article(f"{n}.md", title, "日" * 60, "2026-01-01", AT, AT, "", "markdown"), site)
        for n, title in enumerate(titles)
    ]
    body = headlines._fitting(headlines._view(site, of), shown)
    assert len(body) < 4096
    assert body.endswith(b"</html>")
    assert (b"<li" in body) == bool(shown)


# In a browser


class Elsewhere(BaseHTTPRequestHandler):
    address = ""

    def do_GET(self) -> None:
        body = ANOTHER_SITE.replace("{address}", self.address).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def elsewhere() -> Iterator[HTTPServer]:
    """Another site, on a port of its own."""
    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@SQLITE_ONLY
def test_a_browser_shows_it_in_another_site_s_frame(
    house: House, elsewhere: HTTPServer, peer: Callable[[str], str], tmp_path: Path
) -> None:
    house.write("a.md", title="Fog & ferries")
    house.sync()
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--enable-logging=stderr",
        f"--user-data-dir={tmp_path}/c",
    ]
    service = Service(house)
    try:
        Elsewhere.address = f"http://127.0.0.1:{service.port}/embed/"
        origin = f"http://127.0.0.1:{elsewhere.server_port}"
        seen = subprocess.run(
            [peer("chromium"), *options, "--dump-dom", f"{origin}/"],
            capture_output=True,
            text=True,
            timeout=50,
            check=True,
        )
    finally:
        service.stop()
    assert f"<h1>Fog &amp; ferries at {origin}</h1>" in seen.stdout
    # What a policy refuses, of the frame or of the style in it, the browser says.
    said = [line for line in seen.stderr.splitlines() if ":CONSOLE" in line]
    assert said == []
    assert service.log.statuses == [200, 200]
