"""Caches are asked to let go of what was taken back: by real requests to a server that notes them."""

from __future__ import annotations

import ssl
import subprocess
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from command import feedsvc, until, write

from feedsvc import purging
from feedsvc.catalog.syncing import Undone
from feedsvc.config import Server
from feedsvc.config.purges import METHODS
from feedsvc.errors import Fault, SettingsError
from feedsvc.purging import Purger, addresses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PAGE = "https://lantern.example/articles/a"
FEED = "https://lantern.example/rss.xml?format=feed"
NOT_TOLD = "never-to-be-told"


class Asked(NamedTuple):
    method: str
    path: str
    host: str
    header: str | None


class Cache(ThreadingHTTPServer):
    """A cache that notes what it is asked for, and answers as it is told to: with 200 when nothing is left of that."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[Asked] = []
        self.answers: list[int] = []
        self.goes_on = threading.Event()
        self.goes_on.set()

    @property
    def origin(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


class _Handler(BaseHTTPRequestHandler):
    server: Cache

    def answer(self) -> None:
        host, header = self.headers["Host"], self.headers["X-Key"]
        self.server.asked.append(Asked(self.command, self.path, host, header))
        self.server.goes_on.wait()
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.send_header("Location", f"http://{self.server.origin}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Says nothing."""


for _method in METHODS:
    setattr(_Handler, f"do_{_method}", _Handler.answer)


@pytest.fixture
def cache() -> Iterator[Cache]:
    with listening(Cache()) as made:
        yield made


@contextmanager
def listening(made: Cache) -> Iterator[Cache]:
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.goes_on.set()
    made.shutdown()
    thread.join()
    made.server_close()


@contextmanager
def asking(url: str, said: list[str] | None = None, **more: Any) -> Iterator[Purger]:
    """A purger whose pauses are short."""
    settings = {name: more.pop(name) for name in list(more) if name.startswith("purge_")}
    server = Server(purge_url=url, **settings)
    options = {"again": 0.05, "first_pause": 0.02, "patience": 20.0, **more}
    purger = Purger(lambda: server, ([] if said is None else said).append, **options)
    yield purger
    purger.close(20)


def test_the_addresses_are_those_of_the_pages_and_of_each_channel_that_lost_something() -> None:
    undone = Undone("https://lantern.example/news/", ("über", "b"), {"tags/c++": frozenset([1]), "": frozenset([1])})
    top = "https://lantern.example/news/"
    names = ("rss.xml", "atom.xml", "feed.json")
    feeds = [f"{name}{query}" for name in names for query in ("", "?format=feed")]
    feeds += [f"archive/1970-01/{name}" for name in names]
    assert sorted(addresses(undone)) == sorted(
        [f"{top}articles/%C3%BCber", f"{top}articles/b", f"{top}1970/", f"{top}1970/01/"]
        + [f"{top}{name}" for name in ("", *feeds, "embed/", "llms.txt")]
        + [f"{top}tags/c++/{name}" for name in ("", *feeds)]
        + [f"{top}embed/tags/c++"]
    )


def test_years_and_months_are_by_the_zone_of_the_site_and_archives_by_utc() -> None:
    new_year = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
    lost = {"": frozenset([new_year - 60])}
    found = addresses(Undone("https://lantern.example/", (), lost, archive="day", zone="Europe/Berlin"))
    paths = {address.removeprefix("https://lantern.example/") for address in found}
    assert {"2026/", "2026/01/", "archive/2025-12-31/rss.xml"} < paths
    assert not [path for path in paths if path.startswith(("2025", "archive/2026"))]


def test_what_is_not_public_is_not_among_them() -> None:
    undone = Undone("https://lantern.example/", (), {"private/board": frozenset([1]), ":media": frozenset([1])})
    assert addresses(undone) == ()


@pytest.mark.parametrize(
    ("written", "paths", "host"),
    [
        ("http://CACHE{path}", ["/articles/a", "/rss.xml?format=feed"], "lantern.example"),
        ("http://CACHE/purge{path}", ["/purge/articles/a", "/purge/rss.xml?format=feed"], "CACHE"),
        (
            "http://CACHE/purge?url={url}",
            [
                "/purge?url=https%3A%2F%2Flantern.example%2Farticles%2Fa",
                "/purge?url=https%3A%2F%2Flantern.example%2Frss.xml%3Fformat%3Dfeed",
            ],
            "CACHE",
        ),
        ("http://CACHE/zones/1", ["/zones/1"], "CACHE"),
    ],
)
def test_each_address_is_asked_for_twice_as_the_settings_say(
    cache: Cache, written: str, paths: list[str], host: str
) -> None:
    host = host.replace("CACHE", cache.origin)
    keys = {"purge_method": "DELETE", "purge_header": f"X-Key: {NOT_TOLD}"}
    with asking(written.replace("CACHE", cache.origin), None, **keys) as purger:
        purger.purge([PAGE, FEED])
    assert cache.asked == [Asked("DELETE", path, host, NOT_TOLD) for path in [*paths, *paths]]


def test_the_address_itself_is_asked(cache: Cache) -> None:
    with asking("{url}") as purger:
        purger.purge([f"http://{cache.origin}/articles/a"])
    assert cache.asked == [Asked("PURGE", "/articles/a", cache.origin, None)] * 2


def test_a_host_of_the_settings_counts(cache: Cache) -> None:
    with asking(f"http://{cache.origin}{{path}}", purge_header="Host: inside.example") as purger:
        purger.purge([PAGE])
    assert {asked.host for asked in cache.asked} == {"inside.example"}


def test_without_a_cache_nothing_is_done(cache: Cache) -> None:
    with asking("") as purger:
        purger.purge([f"http://{cache.origin}/articles/a"])
    assert cache.asked == []


@pytest.mark.parametrize("status", [500, 502, 503, 408, 429])
def test_what_fails_is_tried_again(cache: Cache, status: int) -> None:
    cache.answers = [status] * 3
    said: list[str] = []
    with asking(f"http://{cache.origin}{{path}}", said) as purger:
        purger.purge([PAGE])
    assert cache.paths == ["/articles/a"] * 5
    assert said == []


def test_the_pauses_grow(cache: Cache) -> None:
    cache.answers = [503] * 5
    began = time.monotonic()
    with asking(f"http://{cache.origin}{{path}}", again=0.0) as purger:
        purger.purge([PAGE])
    assert time.monotonic() - began >= 0.02 * (1 + 2 + 4 + 8 + 16)


@pytest.mark.parametrize("status", [404, 410, 412])
def test_what_the_cache_does_not_keep_is_done(cache: Cache, status: int) -> None:
    cache.answers = [status] * 2
    said: list[str] = []
    with asking(f"http://{cache.origin}{{path}}", said) as purger:
        purger.purge([PAGE])
    assert (len(cache.asked), said) == (2, [])


@pytest.mark.parametrize(
    ("status", "method"), [(301, "PURGE"), (307, "GET"), (308, "POST"), (401, "PURGE"), (405, "PURGE"), (404, "POST")]
)
def test_what_the_settings_are_at_fault_for_is_told_once_and_not_tried_again(
    cache: Cache, status: int, method: str
) -> None:
    cache.answers = [status] * 3
    said: list[str] = []
    keys = {"purge_method": method, "purge_header": f"X-Key: {NOT_TOLD}"}
    with asking(f"http://{cache.origin}/a?key={NOT_TOLD}&url={{url}}", said, **keys) as purger:
        purger.purge([PAGE, FEED, "https://lantern.example/"])
    assert len(cache.asked) == 3  # of a redirect, nobody else is asked
    assert said == [
        f"feedsvc: {PAGE} cannot be purged: the cache answers {status}",
        "feedsvc: 2 addresses were not purged either",
    ]


def test_what_cannot_be_reached_is_given_up_and_told() -> None:
    said: list[str] = []
    with listening(Cache()) as other:
        away = other.origin
    with asking(f"http://{away}{{path}}", said, patience=0.2) as purger:
        purger.purge([PAGE])
        until(lambda: said)
    assert said == [f"feedsvc: {PAGE} cannot be purged: the cache cannot be reached (Connection refused)"]


def test_nobody_waits_for_a_cache_that_does_not_answer(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "TIMEOUT", 0.2)
    cache.goes_on.clear()
    said: list[str] = []
    with asking(f"http://{cache.origin}{{path}}", said, patience=0.5) as purger:
        began = time.monotonic()
        purger.purge([PAGE] * 1000)
        assert time.monotonic() - began < 0.2
        until(lambda: said)
    assert said == [f"feedsvc: {PAGE} cannot be purged: the cache cannot be reached (timed out)"]


def test_the_end_does_not_wait_for_ever_and_says_what_is_left(cache: Cache) -> None:
    cache.goes_on.clear()
    said: list[str] = []
    purger = Purger(lambda: Server(purge_url=f"http://{cache.origin}{{path}}"), said.append)
    purger.purge([PAGE, FEED])
    purger.close(0.1)
    assert said == ["feedsvc: 2 addresses were not purged before the end; caches keep what is there"]


def test_no_more_wait_than_there_is_room_for(cache: Cache) -> None:
    cache.goes_on.clear()
    said: list[str] = []
    with asking(f"http://{cache.origin}{{path}}", said, most=10) as purger:
        purger.purge([f"https://lantern.example/{number}" for number in range(8)])
        purger.purge([f"https://lantern.example/{number}" for number in range(5, 25)])
        cache.goes_on.set()
    assert set(cache.paths) == {f"/{number}" for number in range(10)}
    assert said == ["feedsvc: 15 addresses were not purged: too many are waiting; caches keep what is there"]


def test_what_is_taken_back_once_more_meanwhile_is_asked_for_anew(cache: Cache) -> None:
    cache.goes_on.clear()
    with asking(f"http://{cache.origin}{{path}}", again=0.0) as purger:
        purger.purge([PAGE])
        until(lambda: cache.asked)
        purger.purge([PAGE])
        cache.goes_on.set()
    assert len(cache.asked) == 3


def test_settings_at_fault_leave_those_before_them_in_force(cache: Cache) -> None:
    given = iter([Server(purge_url=f"http://{cache.origin}{{path}}")])

    def settings() -> Server:
        for found in given:
            return found
        raise SettingsError(Fault("feedsvc.toml", 1, 1, "is wrong", "mend it"))

    purger = Purger(settings, list[str]().append, again=0.0)
    purger.purge([PAGE])
    purger.purge([FEED])
    purger.close(20)
    assert set(cache.paths) == {"/articles/a", "/rss.xml?format=feed"}


def test_a_certificate_that_nobody_vouches_for_is_not_taken(
    cache: Cache, tmp_path: Path, peer: Callable[[str], str]
) -> None:
    key, certificate = tmp_path / "key", tmp_path / "certificate"
    options = ["-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-days", "1"]
    command = [peer("openssl"), "req", *options, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    said: list[str] = []
    cache.socket = context.wrap_socket(cache.socket, server_side=True, do_handshake_on_connect=False)
    cache.handle_error = lambda *_args: None  # type: ignore[method-assign]
    with asking(f"https://{cache.origin}{{path}}", said, patience=0.1) as purger:
        purger.purge([PAGE])
        until(lambda: said)
    assert cache.asked == []
    assert said[0].startswith(f"feedsvc: {PAGE} cannot be purged: the cache cannot be reached (self")


def test_a_sync_purges_what_it_took_back_and_ends_after_that(cache: Cache, tmp_path: Path) -> None:
    content = tmp_path / "content"
    write(content / "a.md", "First", more="tags: [harbour]\n")
    settings: dict[str, Any] = {
        "FEEDSVC_PURGE_URL": f"http://{cache.origin}{{path}}",
        "FEEDSVC_PURGE_HEADER": f"X-Key: {NOT_TOLD}",
        "FEEDSVC_BASE_URL": "https://lantern.example/",
    }
    assert feedsvc("sync", content, **settings).returncode == 0
    assert cache.asked == []
    (content / "a.md").unlink()
    done = feedsvc("sync", content, **settings)
    assert done.returncode == 0
    assert {"/articles/a", "/", "/atom.xml", "/tags/harbour/", "/tags/harbour/rss.xml"} <= set(cache.paths)
    assert {(asked.method, asked.host, asked.header) for asked in cache.asked} == {
        ("PURGE", "lantern.example", NOT_TOLD)
    }
    assert sorted(cache.paths)[::2] == sorted(set(cache.paths))
    assert NOT_TOLD not in done.stderr
    shown = feedsvc("config", content, **settings)
    assert NOT_TOLD not in shown.stdout
    assert "X-Key: ***" in shown.stdout


def test_a_cache_that_is_away_fails_no_sync(tmp_path: Path) -> None:
    content = tmp_path / "content"
    write(content / "a.md", "First")
    settings: dict[str, Any] = {
        "FEEDSVC_PURGE_URL": "http://127.0.0.1:1/purge?url={url}",
        "FEEDSVC_PURGE_METHOD": "POST",
    }
    assert feedsvc("sync", content, **settings).returncode == 0
    write(content / "a.md", "First", more="draft: true\n")
    began = time.monotonic()
    with_pauses = feedsvc("sync", content, script=_impatient(tmp_path), **settings)
    assert with_pauses.returncode == 0
    assert "revision 2" in with_pauses.stderr
    assert "not purged before the end" in with_pauses.stderr
    assert time.monotonic() - began < 30


def _impatient(folder: Path) -> Path:
    """The command, which waits for less long at its end."""
    script = folder / "impatient.py"
    lines = ["import feedsvc.cli", "feedsvc.cli._PATIENCE = 0.5", "feedsvc.cli.main()", ""]
    script.write_text("\n".join(lines), encoding="utf-8")
    return script
