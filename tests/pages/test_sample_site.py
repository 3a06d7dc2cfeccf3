"""The sample site in `content/`: it is accepted whole and shows what it is there to show."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from house import article

from feedsvc.config import complete, load
from feedsvc.model import Article, Record

CONTENT = Path(__file__).parents[2] / "content"
SITE = complete(load(CONTENT, {}, {}).site, folder_name="content", address="http://127.0.0.1:8000/")
FILES = [path for path in sorted(CONTENT.iterdir()) if path.suffix in {".md", ".txt"} and path.stem != "README"]


def _read(path: Path) -> Article | None:
    return article(Record(path.name, path.read_bytes()), site=SITE)


ARTICLES = [found for path in FILES if (found := _read(path))]


def test_the_sample_holds_thirteen_articles_and_one_draft() -> None:
    assert len(ARTICLES) >= 13
    assert len(FILES) - len(ARTICLES) == 1


@pytest.mark.parametrize(
    ("day", "word"),
    [
        ("2020-05-20", "missile"),
        ("2024-03-28", "energy bodies"),
        ("2024-03-28", "VPN"),
        ("2024-03-29", "week in review"),
    ],
)
def test_the_publisher_s_four_articles_are_there(day: str, word: str) -> None:
    assert [found for found in ARTICLES if found.written_date == day and word in found.title]


def test_one_article_waits_for_its_day() -> None:
    waiting = [found.slug for found in ARTICLES if found.published > datetime(2026, 12, 1, tzinfo=UTC)]
    assert waiting == ["why-2100-has-no-29-february"]


def test_the_furniture_of_a_plain_page_is_no_part_of_its_article() -> None:
    (plain,) = (found for found in ARTICLES if found.markup == "text")
    assert plain.title == "Japan's next-generation missile details feared leaked in cyber attack"
    assert plain.source.strip().startswith("Japan's defence ministry")
    assert "airline" not in plain.source


def test_articles_are_written_in_three_languages() -> None:
    assert {found.language for found in ARTICLES} == {None, "ja", "de"}


def test_every_picture_is_there() -> None:
    for found in ARTICLES:
        assert found.image is None or (CONTENT / found.image).is_file()


def test_days_in_feeds_are_the_days_that_were_written() -> None:
    assert all(found.published.strftime("%Y-%m-%d") == found.written_date for found in ARTICLES)
