"""Where old addresses lead: those of other systems, and those that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from house import SITE, House
from msgspec.structs import replace
from serving import Command, Service

from feedsvc.errors import Gone, Moved, NotFound, NotReady
from feedsvc.publication.documents import Variant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from asking import Readers

BASE = "https://lantern.example/"


def location(readers: Readers, path: str) -> str:
    with pytest.raises(Moved) as moved:
        readers.get(path)
    return moved.value.location


def publish(house: House, readers: Readers, **redirects: str) -> None:
    house.site = replace(house.site, redirects=tuple(sorted(redirects.items())))
    house.sync_after()
    readers.refresh()


# Those of other systems

FEEDS = {
    "feed": "rss.xml",
    "feed/": "rss.xml",
    "feed/atom": "atom.xml",
    "feed/atom/": "atom.xml",
    "rss": "rss.xml",
    "rss/": "rss.xml",
    "atom": "atom.xml",
    "atom/": "atom.xml",
    "feed.xml": "atom.xml",
    "index.xml": "rss.xml",
    "tag/harbour/feed/": "tags/harbour/rss.xml",
    "tag/harbour/feed": "tags/harbour/rss.xml",
    "tag/harbour/rss/": "tags/harbour/rss.xml",
    "tag/Harbour/rss": "tags/harbour/rss.xml",
    "tags/harbour/index.xml": "tags/harbour/rss.xml",
    "tag/日本/feed/": "tags/%E6%97%A5%E6%9C%AC/rss.xml",
}


@pytest.mark.parametrize("path", FEEDS)
def test_where_another_system_had_its_feed_ours_is_found(house: House, readers: Readers, path: str) -> None:
    house.write("a.md", tags="[Harbour, 日本]")
    publish(house, readers)
    assert location(readers, path) == BASE + FEEDS[path]


@pytest.mark.parametrize(
    "path",
    [
        "tag/nobody/feed/",
        "tag/%/feed/",
        "tags/nobody/index.xml",
        "tag//feed/",
        "tag/harbour/",
        "feed.xml/",
        "feeds/",
        "Feed",
        "category/harbour/feed/",  # a tag only
        "author/nobody/feed/",
        "author/ada/feed/rdf/",
    ],
)
def test_what_is_like_it_is_not_found(house: House, readers: Readers, path: str) -> None:
    house.write("a.md", tags="[Harbour]")
    publish(house, readers)
    with pytest.raises(NotFound):
        readers.get(path)


def test_the_tag_of_a_scheduled_article_is_not_told(house: House, readers: Readers) -> None:
    house.write("a.md", date="2030-01-01", tags="[Secret]")
    publish(house, readers)
    with pytest.raises(NotFound):
        readers.get("tag/secret/feed/")


def test_before_the_first_sync_nobody_knows(readers: Readers) -> None:
    for path in ("feed/", "tag/a/feed/", "nothing"):
        with pytest.raises(NotReady):
            readers.get(path)


# Those that the settings name


def test_an_old_address_of_the_settings_leads_where_they_say(house: House, readers: Readers) -> None:
    publish(
        house,
        readers,
        **{"/old/feed": "/atom.xml", "/gone": "https://elsewhere.example/x?y#z", "/über uns": "/?a=b#c"},
    )
    assert location(readers, "old/feed/") == location(readers, "old/feed") == f"{BASE}atom.xml"
    assert location(readers, "gone") == "https://elsewhere.example/x?y#z"
    assert location(readers, "über uns/") == f"{BASE}?a=b#c"
    with pytest.raises(NotFound):
        readers.get("old")


def test_what_stands_at_an_address_wins(house: House, readers: Readers) -> None:
    house.write("a.md", tags="[t]", aliases="[/alias/]")
    publish(house, readers, **{"/rss.xml": "/x", "/articles/a": "/x", "/tags/t": "/x", "/alias": "/x", "/a.md": "/x"})
    assert readers.body("rss.xml")
    assert readers.body("articles/a")
    assert location(readers, "tags/t") == f"{BASE}tags/t/"
    assert location(readers, "alias") == location(readers, "a.md") == f"{BASE}articles/a"


def test_it_wins_over_what_other_systems_have_there(house: House, readers: Readers) -> None:
    publish(house, readers, **{"/feed": "/feed.json"})
    assert location(readers, "feed/") == f"{BASE}feed.json"


def test_what_is_withdrawn_may_lead_to_what_stands_in_for_it(house: House, readers: Readers) -> None:
    house.write("a.md", aliases="[/alias/]")
    publish(house, readers)
    house.write("a.md", aliases="[/alias/]", withdrawn="2026-01-05")
    publish(house, readers, **{"/articles/a": "/articles/b"})
    assert location(readers, "articles/a") == f"{BASE}articles/b"
    with pytest.raises(Gone):
        readers.get("alias")


def test_an_article_s_alias_wins_over_what_other_systems_have_there(house: House, readers: Readers) -> None:
    house.write("a.md", aliases="[/feed/]")
    publish(house, readers)
    assert location(readers, "feed/") == f"{BASE}articles/a"


def test_below_a_base_path_it_may_be_of_the_host_or_of_the_site(house: House, readers: Readers) -> None:
    house.site = replace(house.site, base_url=f"{BASE}news/")
    publish(house, readers, **{"/news/old": "/atom.xml", "/other": "/rss.xml"})
    assert location(readers, "old") == f"{BASE}news/atom.xml"
    assert location(readers, "other") == f"{BASE}news/rss.xml"
    assert location(readers, "feed/") == f"{BASE}news/rss.xml"


def test_a_redirect_that_is_taken_out_leads_nowhere(house: House, readers: Readers) -> None:
    publish(house, readers, **{"/old": "/rss.xml"})
    assert location(readers, "old")
    publish(house, readers)
    with pytest.raises(NotFound):
        readers.get("old")


def test_there_is_a_page_for_people_at_feeds_only(house: House, readers: Readers) -> None:
    publish(house, readers)
    with pytest.raises(NotFound):
        readers.get(Variant("feed", is_page=True))


# On the wire


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A site below a path, behind a proxy that strips it or not."""
    place = tmp_path_factory.mktemp("below")
    site = replace(SITE, base_url=f"{BASE}my%20blog/", redirects=(("/old", "/atom.xml"), ("/x", "https://x.example/")))
    house = House(place / "content", str(place / "catalog.db"), site=site)
    house.write("a.md", tags="[t]")
    house.sync()
    made = Service(house)
    yield made
    made.stop()
    house.catalog.close()


@pytest.mark.parametrize("before", ["", "/my%20blog"])
@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/feed/", f"{BASE}my%20blog/rss.xml"),
        ("/feed/?format=feed&a=b", f"{BASE}my%20blog/rss.xml?format=feed"),
        ("/feed/?format=html", f"{BASE}my%20blog/rss.xml"),
        ("/tag/t/feed/", f"{BASE}my%20blog/tags/t/rss.xml"),
        ("/old/", f"{BASE}my%20blog/atom.xml"),
        ("/tags/t", f"{BASE}my%20blog/tags/t/"),
        ("/tags/t?format=feed", f"{BASE}my%20blog/tags/t/"),
        ("/x?format=feed", "https://x.example/"),
    ],
)
def test_a_redirect_is_absolute_and_kept_for_a_moment(below: Service, before: str, path: str, target: str) -> None:
    reply = below.ask(before + path)
    assert (reply.status, reply["location"], reply.body) == (301, target, b"")
    assert (reply["cache-control"], reply["vary"]) == ("max-age=10", "Accept-Encoding")
    assert reply["access-control-allow-origin"] == "*"
    head = below.ask(before + path, method="HEAD")
    assert (head.status, head.fields) == (301, reply.fields)
    assert below.ask(before + path, method="POST").status == 405


def test_an_unknown_tag_is_not_found_on_the_wire(below: Service) -> None:
    assert below.ask("/tag/nobody/feed/").status == below.ask("/my%20blog/tags/nobody/index.xml").status == 404


def test_a_replica_knows_the_redirects_from_the_catalog(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    (content / "feedsvc.toml").write_text(
        'base_url = "https://lantern.example/"\n[redirects]\n"/old/feed/" = "/atom.xml"\n', encoding="utf-8"
    )
    place = ["--database", str(tmp_path / "catalog.db")]
    with Command(content, *place) as command:
        assert command.ready().ask("/old/feed")["location"] == f"{BASE}atom.xml"
    with Command(None, *place) as replica:
        assert replica.ready().ask("/old/feed/")["location"] == f"{BASE}atom.xml"
