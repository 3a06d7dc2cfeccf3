"""Varnish as the documentation sets it up, which feedsvc asks to let go of what was taken back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import pytest
from command import write
from proxy import varnish
from serving import Command, ask, exchange, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# In seconds: nothing that a test sees goes by itself.
LONG = 3600

OF_ONE = ("/articles/a", "/", "/rss.xml", "/atom.xml", "/feed.json", "/rss.xml?format=feed", "/tags/harbour/rss.xml")


class Site(NamedTuple):
    content: Path
    port: int

    def ask(self, path: str) -> tuple[int, bool, str]:
        """As readers do, who know the site by its name: the status, whether the cache had it, and the rest."""
        head = f"GET {path} HTTP/1.1\r\nHost: lantern.example\r\nConnection: close\r\n\r\n"
        reply = exchange(self.port, head.encode()).decode()
        return int(reply.split()[1]), "X-Cache: HIT" in reply, reply

    def keeps(self, path: str) -> bool:
        return [self.ask(path)[1] for _ in range(2)][1]


@pytest.fixture
def site(tmp_path: Path, peer: Callable[[str], str]) -> Iterator[Site]:
    program, content = peer("varnishd"), tmp_path / "content"
    write(content / "a.md", "The ferry", more="tags: [harbour]\n")
    write(content / "b.md", "The crane", more="tags: [crane]\n")
    with (
        Command(content, "--base-url", "https://lantern.example/") as server,
        varnish(program, tmp_path / "cache", server.port) as port,
    ):
        lines = [f"max_age = {LONG}", f"stale = {LONG}", f'purge_url = "http://127.0.0.1:{port}{{path}}"']
        (content / "feedsvc.toml").write_text("\n".join(lines), encoding="utf-8")
        server.ready()
        until(lambda: f"max-age={LONG}" in ask(server.port, "/rss.xml")["cache-control"])
        yield Site(content, port)


@pytest.mark.parametrize("way", ["withdrawn: 2026-05-01", "draft: true", "expires: 2026-05-01", "private: true", ""])
def test_what_is_taken_back_is_gone_from_the_cache_at_once(site: Site, way: str) -> None:
    assert all(site.keeps(path) for path in OF_ONE)
    assert all("The ferry" in site.ask(path)[2] for path in OF_ONE)
    if way:
        write(site.content / "a.md", "The ferry", more=f"tags: [harbour]\n{way}\n")
    else:
        (site.content / "a.md").unlink()
    began = time.monotonic()
    until(lambda: not any("The ferry" in site.ask(path)[2] for path in OF_ONE))
    assert time.monotonic() - began < 5
    assert site.ask("/articles/a")[0] == 410
    assert site.ask("/rss.xml")[0] == 200


def test_a_page_that_moved_leads_to_the_new_one_at_once(site: Site) -> None:
    assert site.keeps("/articles/a")
    write(site.content / "a.md", "The ferry", more="tags: [harbour]\nslug: z\n")
    until(lambda: site.ask("/articles/a")[0] == 301)
    assert "The ferry" in site.ask("/articles/z")[2]


def test_what_was_not_taken_back_stays_in_the_cache(site: Site) -> None:
    others = ("/articles/b", "/tags/crane/rss.xml")
    assert all(site.keeps(path) for path in (*OF_ONE, *others))
    (site.content / "a.md").unlink()
    until(lambda: site.ask("/articles/a")[0] == 410)
    assert all(site.ask(path)[1] for path in others)


def test_nobody_else_purges(site: Site) -> None:
    assert site.keeps("/rss.xml")
    other = b"PURGE /rss.xml HTTP/1.1\r\nHost: lantern.example\r\nConnection: close\r\n\r\n"
    assert b" 405 " in exchange(site.port, other, source="127.0.0.5").partition(b"\r\n")[0]
    assert site.ask("/rss.xml")[1]
