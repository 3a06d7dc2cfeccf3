"""Many articles that disappear at once: an unmounted disk is not ten thousand withdrawals."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from feedsvc.catalog.syncing import hold

if TYPE_CHECKING:
    from house import House


@pytest.fixture
def many(house: House) -> House:
    """Forty articles, twenty of them in a folder."""
    for number in range(20):
        house.write(f"a{number}.md", title=f"A{number}")
        house.write(f"b/b{number}.md", title=f"B{number}")
    house.sync()
    return house


def published(house: House) -> int:
    return len(house.articles())


def lose(house: House, count: int) -> None:
    for number in range(count):
        house.remove(f"b/b{number}.md")


def test_a_fifth_may_go_at_once(many: House) -> None:
    lose(many, 8)
    assert many.sync_after().held == ""
    assert published(many) == 32


def test_few_may_go_whatever_their_share(house: House) -> None:
    for number in range(12):
        house.write(f"b/b{number}.md")
    house.sync()
    lose(house, 9)
    assert house.sync_after().held == ""
    assert published(house) == 3


def test_more_than_a_fifth_is_held_and_told(many: House) -> None:
    lose(many, 10)
    outcome = many.sync_after()
    assert outcome.held is not None
    assert outcome.held.startswith("10 of 40 articles disappeared at once, b/b0.md among them; they stay published for")
    assert outcome.held.endswith("feedsvc sync --confirm)")
    assert outcome.revision is None
    assert published(many) == 40
    assert many.feed().tombstones == ()


def test_a_folder_that_is_back_is_as_it_was(many: House) -> None:
    (many.content / "b").rename(many.content.parent / "b")
    assert many.sync_after().held
    (many.content.parent / "b").rename(many.content / "b")
    assert many.sync_after().held == ""
    assert published(many) == 40
    lose(many, 10)
    many.clock.now += hold.PATIENCE
    assert many.sync_after().held  # from anew


def test_a_folder_that_vanishes_a_second_time_has_as_long_again(many: House) -> None:
    for _ in range(2):
        (many.content / "b").rename(many.content.parent / "b")
        assert many.sync_after().held
        (many.content.parent / "b").rename(many.content / "b")
        assert many.sync_after().held == ""
        many.clock.now += hold.PATIENCE
    assert published(many) == 40


def test_what_comes_back_one_by_one_is_not_cut_off_in_the_middle(many: House) -> None:
    away = many.content.parent / "b"
    (many.content / "b").rename(away)
    assert many.sync_after().held
    (many.content / "b").mkdir()
    for number in range(19):
        (away / f"b{number}.md").rename(many.content / "b" / f"b{number}.md")
        assert many.sync_after(1).held
        assert published(many) == 40
    assert many.sync_after(hold.STILL - 1).held
    assert many.sync_after(1).held == ""  # nothing came back for long: this one is gone
    assert published(many) == 39


def test_pictures_stay_with_the_articles_that_are_held(many: House) -> None:
    (many.content / "b" / "p.png").write_bytes(b"x")
    many.write("b/draft.md", draft="true")
    many.sync_after()
    (many.content / "b").rename(many.content.parent / "b")
    assert many.sync_after().held
    with many.catalog.snapshot() as snapshot:
        assert snapshot.media("b/p.png") is not None


def test_what_is_held_goes_when_somebody_says_so(many: House) -> None:
    shutil.rmtree(many.content / "b")
    assert many.sync_after().held
    assert many.sync_after(confirm=True).held == ""
    assert published(many) == 20
    assert len(many.feed().tombstones) == 20


def test_what_is_held_goes_when_it_is_not_back_in_time(many: House) -> None:
    shutil.rmtree(many.content / "b")
    assert many.sync_after().held
    assert many.sync_after(hold.PATIENCE - 60).held
    assert many.sync_after(60).held == ""
    assert published(many) == 20


def test_what_changes_meanwhile_is_published(many: House) -> None:
    shutil.rmtree(many.content / "b")
    many.write("a0.md", title="Edited")
    outcome = many.sync_after()
    assert outcome.held
    assert outcome.revision is not None
    assert {"Edited", "B0"} <= {article.title for article in many.articles()}


def test_one_that_is_removed_meanwhile_goes(many: House) -> None:
    shutil.rmtree(many.content / "b")
    many.sync_after()
    many.remove("a0.md")
    assert many.sync_after(places=["a0.md"]).held is None  # nobody looked at the rest
    assert published(many) == 39
    assert many.sync_after().held


def test_a_folder_that_is_renamed_did_not_disappear(many: House) -> None:
    ids = set(many.ids().values())
    (many.content / "b").rename(many.content / "c")
    assert many.sync_after().held == ""
    assert set(many.ids().values()) == ids
    assert "c/b0.md" in many.ids()
    assert many.feed().tombstones == ()


@pytest.mark.parametrize("uri", ["urn:x:", ""])
def test_a_folder_that_is_renamed_and_edited_did_not_disappear(house: House, uri: str) -> None:
    def keys(number: int) -> dict[str, str]:
        return {"id": f"{uri}{number}"} if uri else {}

    for number in range(20):
        house.write(f"b/{number}.md", **keys(number))
    house.sync()
    ids = set(house.ids().values())
    (house.content / "b").rename(house.content / "c")
    for number in range(20):
        house.write(f"c/{number}.md", title="Edited", **keys(number))
    outcome = house.sync_after()
    assert (outcome.held, outcome.faults) == ("", ())
    assert {article.title for article in house.articles()} == {"Edited"}
    assert set(house.ids().values()) == ids


def test_a_new_article_may_take_the_slug_of_one_that_is_held(many: House) -> None:
    shutil.rmtree(many.content / "b")
    assert many.sync_after().held
    many.write("c.md", title="Another", slug="b1")
    outcome = many.sync_after(places=["c.md"])
    assert outcome.faults == ()
    titles = {article.title for article in many.articles()}
    assert {"Another", "B2"} <= titles
    assert "B1" not in titles


def test_records_of_several_articles_count_once(house: House) -> None:
    for number in range(12):
        path = house.content / f"{number}.json"
        path.write_text(f'[{{"title": "A", "date": "2026-01-01", "id": "urn:x:{number}"}}]', encoding="utf-8")
    house.write("stays.md")
    house.sync()
    for number in range(12):
        house.remove(f"{number}.json")
    outcome = house.sync_after()
    assert outcome.held is not None
    assert outcome.held.startswith("12 of 13 articles")
    assert published(house) == 13


def test_media_are_no_articles(house: House) -> None:
    for number in range(20):
        (house.content / f"{number}.png").write_bytes(b"x")
    house.sync()
    for number in range(20):
        house.remove(f"{number}.png")
    assert house.sync_after().held == ""
