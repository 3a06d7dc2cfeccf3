"""Records that hold several articles: each is published, edited, withdrawn and at fault by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from house import House


def said(title: str, **keys: Any) -> dict[str, Any]:
    return {"title": title, "date": "2026-01-01", "slug": title.lower(), "text": "A text.", **keys}


def save(house: House, *articles: dict[str, Any]) -> None:
    (house.content / "all.json").write_text(json.dumps(articles, indent=1), encoding="utf-8")


@pytest.fixture
def published(house: House) -> House:
    save(house, said("One"), said("Two"), said("Three"))
    house.sync()
    return house


def test_each_is_an_article(published: House) -> None:
    assert sorted(published.titles()) == ["One", "Three", "Two"]
    assert sorted(published.slugs()) == ["all.json#one", "all.json#three", "all.json#two"]
    assert len(set(published.ids().values())) == 3


def test_one_that_is_added_leaves_the_others_alone(published: House) -> None:
    before = published.ids()
    save(published, said("New"), said("One"), said("Two"), said("Three"))
    outcome = published.sync_after()
    assert outcome.revision is not None
    assert len(published.titles()) == 4
    assert {address: published.ids()[address] for address in before} == before


def test_one_that_is_edited_keeps_its_id_and_the_others_keep_all(published: House) -> None:
    before = {article.address: article for article in published.articles()}
    save(published, said("One"), said("Two", text="Edited."), said("Three"))
    published.sync_after()
    after = {article.address: article for article in published.articles()}
    assert after["all.json#two"].source == "Edited."
    assert after["all.json#two"].id == before["all.json#two"].id
    assert after["all.json#one"] == before["all.json#one"]


def test_another_order_changes_nothing(published: House) -> None:
    before = published.observed()
    save(published, said("Three"), said("One"), said("Two"))
    published.sync_after()
    assert published.observed() == before


def test_one_that_is_taken_out_is_withdrawn(published: House) -> None:
    taken = published.ids()["all.json#two"]
    save(published, said("One"), said("Three"))
    published.sync_after()
    assert sorted(published.titles()) == ["One", "Three"]
    assert [tombstone.ref for tombstone in published.feed().tombstones] == [taken]


def test_one_at_fault_keeps_its_last_good_version_and_the_others_go_on(published: House) -> None:
    save(published, said("One", text="Edited."), said("Two", date="soon", text="Lost."), said("Three"))
    outcome = published.sync_after()
    assert [fault.address for fault in outcome.faults] == ["all.json"]
    sources = {article.address: article.source for article in published.articles()}
    assert sources == {"all.json#one": "Edited.", "all.json#two": "A text.", "all.json#three": "A text."}
    save(published, said("One", text="Edited."), said("Two", text="Mended."), said("Three"))
    assert published.sync_after().faults == ()
    assert published.catalog.faults() == ()
    assert {article.source for article in published.articles()} == {"Edited.", "Mended.", "A text."}


def test_all_stay_while_their_record_cannot_be_read(published: House) -> None:
    before = published.observed()
    (published.content / "all.json").write_text("[{", encoding="utf-8")
    assert len(published.sync_after().faults) == 1
    assert published.observed() == before
    save(published, said("One"), said("Two"), said("Three"))
    assert published.sync_after().faults == ()
    assert published.observed() == before


def test_all_go_with_their_record(published: House) -> None:
    published.remove("all.json")
    published.sync_after()
    assert published.titles() == []
    assert len(published.feed().tombstones) == 3


def test_a_draft_among_them_is_none(published: House) -> None:
    save(published, said("One"), said("Two", draft=True), said("Three"))
    outcome = published.sync_after()
    assert outcome.asides == {"all.json#two": "a draft"}
    assert sorted(published.titles()) == ["One", "Three"]


def test_two_with_one_id_are_told_and_the_first_stays(house: House) -> None:
    save(house, said("One", id="tag:e.org,2026:x"), said("Two", id="tag:e.org,2026:x"))
    (fault,) = house.sync().faults
    assert fault.problem == "id: 'tag:e.org,2026:x' is the id of all.json#tag:e.org,2026:x too"
    assert house.titles() == ["One"]


def test_a_list_of_one_and_a_record_by_itself_are_the_same_article(house: House) -> None:
    (house.content / "all.json").write_text(json.dumps(said("One")), encoding="utf-8")
    house.sync()
    before = house.ids()
    save(house, said("One"))
    house.sync_after()
    assert list(house.ids().values()) == list(before.values())


def test_one_that_moves_to_a_record_of_its_own_keeps_its_id(published: House) -> None:
    before = published.ids()["all.json#two"]
    save(published, said("One"), said("Three"))
    (published.content / "two.json").write_text(json.dumps(said("Two")), encoding="utf-8")
    published.sync_after()
    assert published.ids()["two.json"] == before
