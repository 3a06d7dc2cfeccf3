"""A sync that looks at some places only, and what may be in the middle of being written."""

from __future__ import annotations

import os
import shutil
import sys
import time
from typing import TYPE_CHECKING

import pytest
from house import House
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from feedsvc.catalog.syncing import SecondTaken
from feedsvc.sources.folder import Folder

if TYPE_CHECKING:
    from feedsvc.catalog.syncing import Outcome


def settle(house: House, age: float = 60.0) -> None:
    """Puts the clock of the source so long behind the last change of any file."""
    assert isinstance(house.source, Folder)
    house.source = replace(house.source, clock=lambda: time.time() + age)


def test_only_the_places_that_are_named_are_looked_at(house: House) -> None:
    for name in "abc":
        house.write(f"{name}.md", title=name)
    house.sync()
    for name in "abc":
        house.write(f"{name}.md", title=f"{name} edited")
    house.sync_after(places=["b.md"])
    assert set(house.titles()) == {"a", "b edited", "c"}
    house.sync_after(places=[])
    assert set(house.titles()) == {"a", "b edited", "c"}
    house.sync_after()
    assert set(house.titles()) == {"a edited", "b edited", "c edited"}


def test_a_place_may_be_a_folder_that_came_or_went(house: House) -> None:
    house.write("b.md", title="B")
    house.write("b/c.md", title="C")
    house.write("b/d/e.md", title="E")
    house.write("b0.md", title="B0")
    house.sync()
    shutil.rmtree(house.content / "b")
    house.sync_after(places=["b"])
    assert set(house.titles()) == {"B", "B0"}
    house.write("b/d/f.md", title="F")
    house.sync_after(places=["b"])
    assert set(house.titles()) == {"B", "B0", "F"}


def test_more_places_than_are_worth_it_are_everything(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["feedsvc.catalog.syncing.sync"], "MOST_PLACES", 1)
    house.sync()
    house.write("a.md")
    house.sync_after(places=["x.md", "y.md"])
    assert house.titles() == ["A title"]


def test_other_settings_are_for_everything_whatever_is_named(house: House) -> None:
    house.sync()
    house.write("a.md")
    house.site = replace(house.site, title="Another")
    house.sync_after(places=["none.md"])
    assert house.titles() == ["A title"]


def test_a_taken_second_is_told_to_whoever_looks_at_places(house: House) -> None:
    house.write("a.md")
    house.sync()
    house.write("b.md", title="Second")
    with pytest.raises(SecondTaken) as taken:
        house.sync(["b.md"])
    assert taken.value.until == int(house.clock.now) + 1
    assert house.titles() == ["A title"]


def test_what_is_written_in_place_is_left_alone_until_it_stands_still(house: House) -> None:
    house.write("a.md", title="Before")
    house.sync()
    house.write("a.md", title="After")
    settle(house, 0.0)
    outcome = house.sync_after(patience=0.4)
    assert outcome.restless == ("a.md",)
    assert house.titles() == ["Before"]
    settle(house, 0.5)
    outcome = house.sync_after(patience=0.4)
    assert outcome.restless == ()
    assert house.titles() == ["After"]
    settle(house, 3)
    assert house.sync_after(patience=0.4).is_settled


def test_a_file_that_takes_the_place_of_another_is_read_at_once(house: House) -> None:
    house.write("a.md", title="Before")
    house.sync()
    house.write(".new.md", title="After")
    (house.content / ".new.md").replace(house.content / "a.md")
    settle(house, 0.0)
    assert house.sync_after(patience=0.4).restless == ()
    assert house.titles() == ["After"]


def test_a_new_file_may_still_be_being_written(house: House) -> None:
    house.sync()
    house.write("a.md")
    settle(house, 0.0)
    assert house.sync_after(patience=0.4).restless == ("a.md",)
    assert house.titles() == []


def test_what_cannot_be_read_yet_is_no_error_before_it_has_had_time(house: House) -> None:
    house.write("a.md", title="Before")
    house.sync()
    (house.content / "a.md").write_text("---\ntitle: Aft", encoding="utf-8")
    settle(house, 1.0)
    outcome = house.sync_after(patience=0.4)
    assert (outcome.restless, outcome.faults) == (("a.md",), ())
    assert house.catalog.faults() == ()
    assert house.titles() == ["Before"]
    settle(house, 2.1)
    outcome = house.sync_after(patience=0.4)
    assert outcome.restless == ()
    assert [fault.problem for fault in outcome.faults] == ["front matter is not closed"]
    assert house.titles() == ["Before"]


def test_a_touch_without_a_change_is_no_revision(house: House) -> None:
    house.write("a.md")
    house.sync()
    os.utime(house.content / "a.md")
    outcome: Outcome = house.sync_after()
    assert outcome.revision is None
    assert house.sync_after().revision is None


def test_two_files_that_swap_their_names_keep_their_ids(house: House) -> None:
    house.write("a.md", title="One", text="One text.")
    house.write("b.md", title="Two", text="Two texts.")
    house.sync()
    before = {article.title: article.id for article in house.articles()}
    (house.content / "a.md").rename(house.content / "c")
    (house.content / "b.md").rename(house.content / "a.md")
    (house.content / "c").rename(house.content / "b.md")
    house.sync_after(places=["a.md", "b.md"])
    assert {article.title: article.id for article in house.articles()} == before
    assert house.ids()["a.md"] == before["Two"]


_NAMES = st.sampled_from(["a.md", "a/a.md", "a/b.md", "a.md.md", "a0.md", "a/a/a.md", "é.md", "a-b.md", "b/a.md"])


@given(st.lists(st.tuples(_NAMES, st.sampled_from("xy-")), max_size=12), st.booleans())
def test_whatever_is_written_and_removed_the_catalog_holds_what_the_folder_does(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[str, str]],
    only_places: bool,  # noqa: FBT001
) -> None:
    root = tmp_path_factory.mktemp("made")
    house = House(root / "content", "memory")
    house.sync()
    for address, text in steps:
        path = house.content / address
        if text != "-":
            house.write(address, title=f"{address} {text}")
        elif path.exists():
            path.unlink()
        house.sync_after(places=[address] if only_places else None)
    files = {str(path.relative_to(house.content)) for path in house.content.rglob("*.md")}
    assert {article.address for article in house.articles()} == files
    house.catalog.close()
