"""Where a page stood under another tool, as its record says: a redirect, and never a way to what is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from feedsvc.errors import Gone, Moved, NotFound

if TYPE_CHECKING:
    from asking import Readers
    from house import House


def location(readers: Readers, path: str) -> str:
    with pytest.raises(Moved) as moved:
        readers.get(path)
    return moved.value.location


def publish(house: House, readers: Readers) -> None:
    house.sync_after()
    readers.refresh()


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        ({"aliases": "[/2019/old-page/]"}, "2019/old-page/"),
        ({"aliases": "[/2019/old-page/]"}, "2019/old-page"),
        ({"aliases": "[/old.html, /older.php]"}, "older.php"),
        ({"aliases": "older-slug"}, "articles/older-slug"),
        ({"redirect_from": "/blog/x/"}, "blog/x/"),
        ({"permalink": "/2019/05/its-old-name.html"}, "2019/05/its-old-name.html"),
        ({"url": "/posts/über/"}, "posts/über/"),
        ({"canonical_url": "https://lantern.example/blog/its-page/"}, "blog/its-page"),
        ({"aliases": "[https://lantern.example/by-url/]"}, "by-url"),
    ],
)
def test_a_former_address_leads_to_the_page(house: House, readers: Readers, keys: dict[str, str], asked: str) -> None:
    house.write("a.md", slug="its-slug", **keys)
    publish(house, readers)
    assert location(readers, asked) == "https://lantern.example/articles/its-slug"


def test_below_a_base_path_it_may_be_of_the_host_or_of_the_site(house: House, readers: Readers) -> None:
    house.site = replace(house.site, base_url="https://lantern.example/news/")
    house.write("a.md", aliases="[/news/old/, /other/]")
    publish(house, readers)
    assert location(readers, "old/") == "https://lantern.example/news/articles/a"
    assert location(readers, "other/") == "https://lantern.example/news/articles/a"


def test_an_address_of_ours_is_not_taken_by_one(house: House, readers: Readers) -> None:
    house.write("a.md", tags="[t]")
    house.write("b.md", aliases="[/, /rss.xml, /articles/a, /tags/t/, /tags/t, /static/x.css]")
    publish(house, readers)
    assert all(readers.body(path) for path in ("", "rss.xml", "articles/a"))
    assert location(readers, "tags/t") == "https://lantern.example/tags/t/"


def test_an_article_that_takes_a_former_address_of_another_has_it(house: House, readers: Readers) -> None:
    house.write("a.md", aliases="[b]")
    publish(house, readers)
    assert location(readers, "articles/b").endswith("/articles/a")
    house.write("b.md", title="Another")
    publish(house, readers)
    assert b"Another" in readers.body("articles/b")


def test_what_is_withdrawn_is_gone_at_its_former_address_too(house: House, readers: Readers) -> None:
    house.write("a.md", aliases="[/old/]")
    publish(house, readers)
    house.write("a.md", aliases="[/old/]", withdrawn="2026-01-05")
    publish(house, readers)
    with pytest.raises(Gone):
        readers.get("old/")


def test_a_record_that_is_removed_is_gone_at_its_former_address_too(house: House, readers: Readers) -> None:
    house.write("a.md", aliases="[/old/]")
    publish(house, readers)
    house.remove("a.md")
    publish(house, readers)
    with pytest.raises(Gone):
        readers.get("old/")


def test_nothing_tells_of_a_scheduled_article(house: House, readers: Readers) -> None:
    house.write("a.md", date="2030-01-01", aliases="[/old/]")
    publish(house, readers)
    with pytest.raises(NotFound):
        readers.get("old/")


def test_an_alias_that_is_taken_out_of_a_record_leads_nowhere(house: House, readers: Readers) -> None:
    house.write("a.md", aliases="[/old/, /older/]")
    publish(house, readers)
    house.write("a.md", aliases="[/old/]")
    publish(house, readers)
    assert location(readers, "old/")
    with pytest.raises(NotFound):
        readers.get("older/")


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("a.md", "a.md"),
        ("blog/a.mdx", "blog/a.mdx"),
        ("blog/a.md", "site/docs/blog/a.md"),  # written for a site whose top is above the content folder
        ("content/blog/a.md", "blog/a.md"),  # or is a folder in it
        ("media/a.md", "media/a.md"),
    ],
)
def test_a_file_of_an_article_leads_to_its_page(house: House, readers: Readers, written: str, asked: str) -> None:
    house.write(written, slug="its-slug")
    publish(house, readers)
    assert location(readers, asked) == "https://lantern.example/articles/its-slug"


def test_of_the_files_that_a_path_may_mean_the_likeliest_counts(house: House, readers: Readers) -> None:
    house.write("a.md", slug="at-the-top")
    house.write("blog/a.md", slug="below")
    publish(house, readers)
    assert location(readers, "x/blog/a.md").endswith("/below")
    assert location(readers, "x/a.md").endswith("/at-the-top")


@pytest.mark.parametrize("asked", ["b.md", "media/a.md", "a.html"])
def test_another_file_leads_nowhere(house: House, readers: Readers, asked: str) -> None:
    house.write("a.md")
    publish(house, readers)
    with pytest.raises(NotFound):
        readers.get(asked)


def test_the_file_of_what_is_not_shown_does_not_tell_of_it(house: House, readers: Readers) -> None:
    house.write("coming.md", date="2027-01-05")
    house.write("taken-back.md", withdrawn="2026-01-05")
    publish(house, readers)
    with pytest.raises(NotFound):
        readers.get("coming.md")
    with pytest.raises(Gone):
        readers.get("taken-back.md")
