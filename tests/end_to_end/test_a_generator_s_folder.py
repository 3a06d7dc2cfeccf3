"""A folder as it comes from a user of a static site generator: all of it is published, in order."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from serving import FEEDS, READINGS, Command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COUNT = 200
FIRST = datetime(2019, 1, 31, 22, 30, tzinfo=UTC)
ZONES = (UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8)))
SUBJECTS = ("python", "Feeds & readers", "C#", "données", "日本語")


def published(number: int) -> datetime:
    """Two articles in three days, no two at once, in no order of their names."""
    return FIRST + timedelta(hours=36 * (number * 77 % COUNT), minutes=number)


def title(number: int) -> str:
    return f'{number}: an article with "quotes", a colon: and a # sign'


def front_matter(number: int) -> list[str]:
    at = published(number).astimezone(ZONES[number % 3])
    date = at.isoformat(sep=" " if number % 2 else "T")
    tags = [SUBJECTS[number % 5], SUBJECTS[number % 3]]
    quoted = json.dumps(title(number)) if number % 2 else "'" + title(number).replace("'", "''") + "'"
    return [
        f"title: {quoted}",
        f"date: {date}" if number % 4 else f'date: "{date}"',
        f"author: {('Ann Example', 'Bob Example')[number % 2]}",
        f"tags: {json.dumps(tags, ensure_ascii=False)}"
        if number % 2
        else "tags:\n" + "\n".join(f"  - {t}" for t in tags),
        f"slug: article-{number}",
        *(["draft: false"] if number % 5 == 0 else []),
        *(["description: a line of another program", "weight: 10", "layout: single"] if number % 7 == 0 else []),
    ]


def write(content: Path, number: int) -> None:
    path = content / ("blog", "notes/deep/er", ".")[number % 3] / f"{published(number):%Y-%m-%d}-{number}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = ["---", *front_matter(number), "---", "", f"## Part {number}", "", f"The *first* sentence of {number}.", ""]
    ending = "\r\n" if number % 10 == 3 else "\n"
    mark = "\ufeff" if number == 42 else ""
    path.write_bytes((mark + "\n".join(text).replace("\n", ending)).encode())


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    content = tmp_path_factory.mktemp("generator") / "content"
    content.mkdir()
    for number in range(COUNT):
        write(content, number)
    with Command(content) as started:
        yield started.ready()


def walked(command: Command, start: str) -> list[str]:
    """The addresses of all articles of a list and of the older pages it leads to."""
    found: list[str] = []
    page: str | None = start
    while page is not None:
        body = command.ask(page).body.decode()
        found += re.findall(r'<h2 class="p-name"><a class="u-url" href="http://[^/]+/articles/([^"]+)"', body)
        older = re.search(r'<a rel="next" href="http://[^/]+(/[^"]+)"', body)
        page = older[1] if older else None
    return found


def test_nothing_is_wrong_with_any_of_them(command: Command) -> None:
    assert ".md:" not in command.output


def test_the_list_leads_to_all_of_them_newest_first(command: Command) -> None:
    newest = sorted(range(COUNT), key=published, reverse=True)
    assert walked(command, "/") == [f"article-{number}" for number in newest]


@pytest.mark.parametrize("name", FEEDS)
def test_each_format_holds_the_newest_of_them(command: Command, name: str) -> None:
    newest = sorted(range(COUNT), key=published, reverse=True)[:30]
    items = READINGS[name](command.ask(f"/{name}").body).items
    assert [(item.title, item.published) for item in items] == [(title(n), published(n)) for n in newest]
    described = "a line of another program"
    summaries = [f"The first sentence of {n}." if n % 7 else described for n in newest]
    assert [item.summary for item in items] == summaries


def test_a_tag_leads_to_all_of_its_own(command: Command) -> None:
    of_tag = [n for n in range(COUNT) if "données" in {SUBJECTS[n % 5], SUBJECTS[n % 3]}]
    newest = sorted(of_tag, key=published, reverse=True)
    assert walked(command, "/tags/donn%C3%A9es/") == [f"article-{number}" for number in newest]


def test_authors_and_tags_are_as_they_were_written(command: Command) -> None:
    items = READINGS["feed.json"](command.ask("/feed.json").body).items
    assert {item.authors for item in items} == {"Ann Example", "Bob Example"}
    assert {tag for item in items for tag in item.tags} == set(SUBJECTS)
