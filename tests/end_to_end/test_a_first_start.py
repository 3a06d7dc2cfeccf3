"""A first start over a large archive: the feeds of the site are there long before all is read, and stay as they are."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest
from serving import FEEDS, READINGS, Command, until

from feedsvc.catalog.syncing.foremost import LEAST

if TYPE_CHECKING:
    from pathlib import Path

COUNT = LEAST + 500
SITE = ("--base-url", "https://lantern.example/")
NEWEST = f"/articles/article-{COUNT - 1}"
# What is made of the whole, or may be.
LATER = (
    "/",
    "/tags/t/atom.xml",
    "/atom.xml?tag=t&tag=u",
    NEWEST,
    "/articles/nothing",
    "/nothing",
    "/media/nothing.png",
    "/feeds",
    "/sitemap.xml",
    "/search",
    "/before/article-1",
    "/private/0123456789abcdef/atom.xml",
)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    for number in range(COUNT):
        month = f"{2000 + number // 250}-{number % 250 // 25 + 1:02}"
        text = f"---\ntitle: Article {number}\ndate: {month}-{number % 25 + 1:02}\ntags: [t]\n---\nText {number}.\n"
        (folder / f"article-{number}.md").write_text(text, encoding="utf-8")
    return folder


def at_first(command: Command) -> dict[str, str]:
    """The entity tags of the site's feeds while nothing else is there yet."""
    until(lambda: command.answers("/atom.xml"))
    found = command.etags(*(f"/{name}" for name in FEEDS))
    answers = {path: command.ask(path) for path in LATER}
    assert command.ask("/readyz").status == 503, "all of it was read too soon for this test"
    assert {path: answer.status for path, answer in answers.items()} == dict.fromkeys(LATER, 503)
    assert all(answer["retry-after"] == "1" for answer in answers.values())
    assert command.ask("/atom.xml", {"Accept": "text/html"}).status == 503
    assert command.ask("/atom.xml?format=feed", {"Accept": "text/html"})["etag"] == found["/atom.xml"]
    return found


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_feeds_come_first_and_are_what_they_will_be(content: Path, workers: str) -> None:
    with Command(content, *SITE, "--workers", workers) as command:
        before = at_first(command)
        os.kill(until(command.syncer), signal.SIGKILL)
        until(lambda: command.ask("/readyz").status == 200)
        assert [command.etags(*before)] == [before]
        titles = [item.title for item in READINGS["atom.xml"](command.ask("/atom.xml").body).items]
        assert titles == [f"Article {number}" for number in range(COUNT - 1, COUNT - 1 - len(titles), -1)]
        assert [command.ask(path).status for path in (NEWEST, "/articles/article-1", "/articles/nothing")] == [
            200,
            200,
            404,
        ]
        assert "UTC; the newest articles only, all others are read now\n" in command.output
        until(lambda: "revision 2 at" in command.output)


def test_a_start_in_between_goes_on_with_what_is_there(content: Path, tmp_path: Path) -> None:
    kept = (*SITE, "--database", str(tmp_path / "catalog.db"))
    with Command(content, *kept) as command:
        before = at_first(command)
        command.kill()
    with Command(content, *kept) as command:
        assert at_first(command) == before
        until(lambda: command.ask("/readyz").status == 200)
        assert command.etags(*before) == before
