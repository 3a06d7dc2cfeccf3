"""What is gone for a moment, and what was moved: neither is a removal."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from feedsvc.catalog.syncing import Absent, SecondTaken, Terms, sync_at
from feedsvc.sources.folder import Folder

if TYPE_CHECKING:
    from house import House

    from feedsvc.catalog.syncing import Outcome
    from feedsvc.model import Record
    from feedsvc.sources import Mark


def look(house: House, *places: str, absent: dict[str, float], patience: float = 0.0) -> Outcome:
    terms = Terms(house.site, patience=patience, clock=house.clock, sleep=house.clock.sleep, absent=absent)
    return sync_at(house.catalog, house.source, places, terms)


def young(house: House, age: float = 0.01) -> None:
    """Makes what was changed last look as if it had been a moment ago, however slow the machine is."""
    assert isinstance(house.source, Folder)
    newest = max(path.stat().st_ctime for path in house.content.rglob("*.md"))
    house.source = replace(house.source, clock=lambda: newest + age)


def swap(house: House, one: str, other: str) -> None:
    """Lets two files change their names."""
    away = house.content / "away"
    (house.content / one).rename(away)
    (house.content / other).rename(house.content / one)
    away.rename(house.content / other)


def test_a_renamed_file_is_never_missing_though_its_new_name_is_young(house: House) -> None:
    house.write("a.md")
    house.sync()
    ids = house.ids()
    (house.content / "a.md").rename(house.content / "b.md")
    young(house)
    house.clock.now += 10
    outcome = look(house, "a.md", "b.md", absent={}, patience=0.4)
    assert outcome.revision is not None
    assert house.ids() == {"b.md": ids["a.md"]}
    assert house.feed().tombstones == ()


def test_a_file_that_another_program_copies_and_removes_keeps_its_id(house: House) -> None:
    house.write("a.md")
    house.sync()
    ids, absent = house.ids(), dict[str, float]()
    shutil.copyfile(house.content / "a.md", house.content / "b.md")
    (house.content / "a.md").unlink()
    young(house)
    house.clock.now += 10
    with pytest.raises(Absent) as raised:
        look(house, "a.md", "b.md", absent=absent, patience=0.4)
    assert raised.value.places == {"a.md"}
    assert house.ids() == ids
    house.clock.now += raised.value.wait
    young(house, 0.5)
    look(house, "a.md", "b.md", absent=absent, patience=0.4)
    assert house.ids() == {"b.md": ids["a.md"]}


@pytest.mark.parametrize("keys", [{}, {"id": "urn:x:1"}])
def test_what_swapped_its_place_with_one_that_is_not_to_be_seen_for_a_moment_leaves_it_there(
    house: House, keys: dict[str, str]
) -> None:
    house.write("here/a.md", title="A", **keys)
    house.write("there/b.md", title="B")
    house.sync()
    ids, absent = house.ids(), dict[str, float]()
    swap(house, "here/a.md", "there/b.md")
    (house.content / "there").rename(house.content.with_name("away"))
    house.clock.now += 10
    with pytest.raises(Absent):
        look(house, "here/a.md", "there", absent=absent)
    assert sorted(house.titles()) == ["A", "B"]
    house.content.with_name("away").rename(house.content / "yonder")
    house.clock.now += 0.1
    look(house, "here/a.md", "there", "yonder", absent=absent)
    assert house.ids() == {"here/a.md": ids["there/b.md"], "yonder/b.md": ids["here/a.md"]}


def test_what_was_seen_where_it_was_moved_to_is_missed_from_then_on(house: House) -> None:
    house.write("f/a.md", id="urn:x:a")
    house.write("b.md")
    house.sync()
    absent: dict[str, float] = {}
    (house.content / "f").rename(house.content / "g")
    with pytest.raises(SecondTaken):  # nothing is written
        look(house, "f", "g", absent=absent)
    (house.content / "g").rename(house.content.with_name("away"))
    house.clock.now += 10
    with pytest.raises(Absent):
        look(house, "f", "g", absent=absent)
    assert len(house.titles()) == 2


def test_what_took_the_place_of_one_that_is_gone_for_good_has_it_a_moment_later(house: House) -> None:
    house.write("a.md", title="A")
    house.write("b.md", title="B")
    house.sync()
    ids, absent = house.ids(), dict[str, float]()
    (house.content / "b.md").rename(house.content / "a.md")
    house.clock.now += 10
    with pytest.raises(Absent) as raised:
        look(house, "a.md", "b.md", absent=absent)
    house.clock.now += raised.value.wait
    look(house, "a.md", "b.md", absent=absent)
    assert house.ids() == {"a.md": ids["b.md"]}
    assert house.titles() == ["B"]


def test_a_removal_beside_a_new_file_is_waited_for_too(house: House) -> None:
    house.write("a.md")
    house.sync()
    (house.content / "a.md").rename(house.content / "a.md~")
    house.write("new.md", title="New")
    house.clock.now += 10
    with pytest.raises(Absent):
        look(house, "a.md", "new.md", absent={})
    assert house.titles() == ["A title"]


def test_what_came_back_and_went_again_is_waited_for_from_anew(house: House) -> None:
    house.write("a.md")
    house.sync()
    absent: dict[str, float] = {}
    (house.content / "a.md").rename(house.content / "a")
    with pytest.raises(Absent):
        look(house, "a.md", absent=absent)
    (house.content / "a").rename(house.content / "a.md")
    house.clock.now += 10
    look(house, "a.md", absent=absent)
    (house.content / "a.md").rename(house.content / "a")
    with pytest.raises(Absent):
        look(house, "a.md", absent=absent)
    assert house.titles() == ["A title"]


def test_what_has_been_gone_for_long_does_not_wait_for_what_goes_now(house: House) -> None:
    for name in ("a", "b", "stays"):
        house.write(f"{name}.md", title=name)
    house.sync()
    absent: dict[str, float] = {}
    house.remove("a.md")
    house.clock.now += 10
    with pytest.raises(Absent):
        look(house, "a.md", absent=absent)
    house.clock.now += 1
    house.remove("b.md")
    house.write("stays.md", title="stays, edited")
    outcome = look(house, "a.md", "b.md", "stays.md", absent=absent)
    assert outcome.restless == ("b.md",)
    assert set(house.titles()) == {"b", "stays, edited"}
    house.clock.now += 2
    look(house, *outcome.restless, absent=absent)
    assert set(house.titles()) == {"stays, edited"}


@pytest.mark.parametrize("keys", [{}, {"id": "urn:x:b"}])
def test_what_is_new_waits_for_what_has_just_gone_where_it_is_that(house: House, keys: dict[str, str]) -> None:
    house.write("a.md", title="a")
    house.write("f/b.md", title="b", **keys)
    house.write("stays.md", title="stays")
    house.sync()
    before = {article.title: article.id for article in house.articles()}
    absent: dict[str, float] = {}
    house.remove("a.md")
    house.clock.now += 10
    with pytest.raises(Absent):
        look(house, "a.md", absent=absent)
    house.clock.now += 1
    house.remove("f/b.md")
    house.write("g/b.md", title="b, edited", **keys)
    house.write("new.md", title="new")
    outcome = look(house, "a.md", "f", "g", "new.md", absent=absent)
    assert set(outcome.restless) == {"f/b.md", "g/b.md"}
    assert set(house.titles()) == {"b", "stays", "new"}
    house.clock.now += 2
    look(house, *outcome.restless, absent=absent)
    assert set(house.titles()) == {"b, edited", "stays", "new"}
    assert house.ids()["g/b.md"] == before["b"]


def test_what_was_moved_and_edited_and_moved_again_is_found_a_moment_later(house: House) -> None:
    house.write("a.md")
    house.write("b.md", title="b")
    house.sync()
    absent: dict[str, float] = {}
    (house.content / "a.md").rename(house.content / "c.md")
    with pytest.raises(SecondTaken):
        look(house, "a.md", "c.md", absent=absent)
    house.clock.now += 10
    house.write(".new", title="Edited")
    (house.content / ".new").replace(house.content / "c.md")
    (house.content / "c.md").rename(house.content / "d.md")
    with pytest.raises(Absent) as raised:  # it was seen at its second place: at its third nothing tells that it is it
        look(house, "a.md", "c.md", "d.md", absent=absent)
    assert set(house.titles()) == {"A title", "b"}
    house.clock.now += raised.value.wait
    assert look(house, "a.md", "c.md", "d.md", absent=absent).revision is not None
    assert set(house.titles()) == {"Edited", "b"}


def test_a_clock_that_goes_back_does_not_make_it_wait_for_long(house: House) -> None:
    house.write("a.md")
    house.sync()
    house.remove("a.md")
    absent: dict[str, float] = {}
    house.clock.now += 7200
    with pytest.raises(Absent):
        look(house, "a.md", absent=absent)
    house.clock.now -= 3600
    with pytest.raises(Absent) as raised:
        look(house, "a.md", absent=absent)
    assert raised.value.wait <= 1
    house.clock.now += raised.value.wait
    look(house, "a.md", absent=absent)
    assert house.titles() == []


def test_a_first_load_waits_for_what_is_being_written(house: House) -> None:
    house.write("a.md")
    house.write("b.md", title="Another")
    house.clock.sleep = time.sleep  # type: ignore[method-assign, assignment]
    with (house.content / "b.md").open("a") as file:
        file.write("More")
        outcome = house.sync(patience=0.4)
        assert outcome.restless == ("b.md",)
        assert house.titles() == ["A title"]
        file.write(" and more.")
    time.sleep(0.5)
    house.sync_after(patience=0.4)
    assert len(house.titles()) == 2


def test_a_first_load_takes_what_was_saved_just_before(house: House) -> None:
    house.write("a.md")
    house.clock.sleep = time.sleep  # type: ignore[method-assign, assignment]
    outcome = house.sync(patience=0.4)
    assert outcome.restless == ()
    assert house.titles() == ["A title"]


def test_a_recording_that_is_being_written_is_left_alone(house: House) -> None:
    with (house.content / "a.mp3").open("wb") as file:
        file.write(bytes(1000))
        file.flush()
        time.sleep(0.5)
        outcome = house.sync(patience=0.4)
        assert outcome.restless == ("a.mp3",)


@pytest.mark.parametrize("keys", [{}, {"id": "urn:x:"}, {"slug": "s-"}])
def test_what_swaps_its_name_with_a_file_that_is_being_written_waits_for_it(house: House, keys: dict[str, str]) -> None:
    for name in "ab":
        house.write(f"{name}.md", title=name, **{key: f"{value}{name}" for key, value in keys.items()})
    house.sync()
    before = {article.title: (article.id, article.slug) for article in house.articles()}
    swap(house, "a.md", "b.md")
    with (house.content / "b.md").open("a") as file:
        file.write("More")
        file.flush()
        house.clock.now += 10
        outcome = look(house, "a.md", "b.md", absent={}, patience=0.4)
        assert set(outcome.restless) == {"a.md", "b.md"}
        assert {article.title: (article.id, article.slug) for article in house.articles()} == before
    if keys:
        time.sleep(0.5)
        house.clock.now += 10
        look(house, *outcome.restless, absent={}, patience=0.4)
        assert {article.title: article.id for article in house.articles()} == {
            title: uri for title, (uri, _) in before.items()
        }
        assert set(house.ids()) == {"a.md", "b.md"}


def test_what_was_moved_waits_too_where_something_waits_for_what_is_being_written(house: House) -> None:
    for name in ("a", "b", "f/c", "f/d"):
        house.write(f"{name}.md", title=name, id=f"urn:x:{name}" if len(name) == 1 else "urn:y:" + name[-1])
        house.write(f"g/{name[-1]}.md", title=f"g {name[-1]}")
    house.sync()
    before = {article.title: article.id for article in house.articles()}
    swap(house, "a.md", "b.md")
    (house.content / "g").rename(house.content / "h")
    house.clock.now += 10
    with (house.content / "b.md").open("a") as file:
        file.write("More")
        file.flush()
        outcome = look(house, "a.md", "b.md", "g", "h", absent={}, patience=0.4)
        assert {article.title: article.id for article in house.articles()} == before
    time.sleep(0.5)
    house.clock.now += 10
    look(house, *outcome.restless, absent={}, patience=0.4)
    assert {article.title: article.id for article in house.articles()} == before
    assert {address.split("/")[0] for address in house.ids()} == {"a.md", "b.md", "f", "h"}


class Late:
    """A source in which a file is saved right before it is read."""

    def __init__(self, house: House, address: str, **keys: str) -> None:
        self._house, self._source, self._address, self._keys = house, house.source, address, keys

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def read(self, address: str, mark: Mark | None = None) -> Record | None:
        if address == self._address:
            self._house.write(address, **self._keys)
        return self._source.read(address, mark)


def test_what_is_edited_between_its_move_and_its_reading_is_never_missing(house: House) -> None:
    for name in "ab":
        house.write(f"f/{name}.md", title=name, id=f"urn:x:{name}")
    house.sync()
    (house.content / "f").rename(house.content / "g")
    source, house.source = house.source, Late(house, "g/a.md", title="a, edited", id="urn:x:a")
    house.clock.now += 10
    outcome = look(house, "f", "g", absent={}, patience=0.4)
    assert set(outcome.restless) == {"f/a.md", "g/a.md"}
    assert house.ids() == {"f/a.md": "urn:x:a", "g/b.md": "urn:x:b"}
    house.source = source
    time.sleep(0.5)
    absent: dict[str, float] = {}
    with pytest.raises(Absent):
        look(house, *outcome.restless, absent=absent, patience=0.4)
    house.clock.now += 1
    look(house, *outcome.restless, absent=absent, patience=0.4)
    assert house.ids() == {"g/a.md": "urn:x:a", "g/b.md": "urn:x:b"}
    assert house.feed().tombstones == ()


def test_what_swapped_its_place_with_one_that_is_edited_meanwhile_leaves_it_there(house: House) -> None:
    house.write("f/a.md", title="a", id="urn:x:a")
    house.write("h/b.md", title="b", id="urn:x:b")
    house.sync()
    swap(house, "f/a.md", "h/b.md")
    (house.content / "f").rename(house.content / "g")
    source, house.source = house.source, Late(house, "g/a.md", title="b, edited", id="urn:x:b")
    house.clock.now += 10
    outcome = look(house, "f", "g", "h", absent={}, patience=0.4)
    assert house.ids() == {"f/a.md": "urn:x:a", "h/b.md": "urn:x:b"}
    house.source = source
    time.sleep(0.5)
    absent: dict[str, float] = {}
    with pytest.raises(Absent):
        look(house, *outcome.restless, absent=absent, patience=0.4)
    house.clock.now += 1
    look(house, *outcome.restless, absent=absent, patience=0.4)
    assert house.ids() == {"g/a.md": "urn:x:b", "h/b.md": "urn:x:a"}
    assert house.feed().tombstones == ()


def test_what_was_moved_and_is_edited_over_and_over_is_not_missing_meanwhile(house: House) -> None:
    house.write("f/a.md", id="urn:x:a")
    house.write("b.md", title="b")
    house.sync()
    absent: dict[str, float] = {}
    (house.content / "f").rename(house.content / "g")
    house.clock.now += 10
    for number in range(3):
        house.write("g/a.md", title=f"Edited {number}", id="urn:x:a")
        young(house)
        if number == 0:
            with pytest.raises(Absent):
                look(house, "f", "g", absent=absent, patience=0.4)
        else:
            assert set(look(house, "f", "g", absent=absent, patience=0.4).restless) == {"f/a.md", "g/a.md"}
        house.clock.now += 2
        assert "urn:x:a" in house.ids().values()
    young(house, 0.5)
    look(house, "f", "g", absent=absent, patience=0.4)
    assert house.ids()["g/a.md"] == "urn:x:a"
    assert "f/a.md" not in house.ids()


def test_what_is_written_without_end_keeps_nothing_from_being_removed(house: House) -> None:
    house.write("a.md")
    house.sync()
    absent: dict[str, float] = {}
    house.remove("a.md")
    house.write("log.md")
    young(house)
    house.clock.now += 10
    with pytest.raises(Absent):
        look(house, "a.md", "log.md", absent=absent, patience=0.4)
    house.clock.now += 9
    assert look(house, "a.md", "log.md", absent=absent, patience=0.4).revision is None
    house.clock.now += 1
    assert look(house, "a.md", "log.md", absent=absent, patience=0.4).revision is not None
    assert house.titles() == []


def test_what_was_moved_twice_before_it_was_committed_is_looked_for_again(house: House) -> None:
    house.write("f/a.md", title="a", id="urn:x:a")
    house.write("b.md", title="b")
    house.sync()
    absent: dict[str, float] = {}
    new: set[str] = set()
    terms = Terms(house.site, clock=house.clock, sleep=house.clock.sleep, absent=absent, new=new)
    (house.content / "f").rename(house.content / "g")
    house.write("g/a.md", title="a, edited", id="urn:x:a")
    house.write("b.md", title="b, edited")
    house.clock.now += 0.3
    with pytest.raises(Absent):
        sync_at(house.catalog, house.source, ["f", "g"], terms)
    house.clock.now += 0.5
    with pytest.raises(SecondTaken):
        sync_at(house.catalog, house.source, ["f", "g"], terms)
    (house.content / "g").rename(house.content / "h")
    house.clock.now += 10
    with pytest.raises(Absent):
        sync_at(house.catalog, house.source, ["f", "g", "b.md"], terms)
    house.clock.now += 1
    sync_at(house.catalog, house.source, ["f", "g", "h", "b.md"], terms)
    assert house.ids()["h/a.md"] == "urn:x:a"
    assert house.feed().tombstones == ()


@pytest.mark.parametrize("uri", ["", "urn:x:"])
@pytest.mark.parametrize("places", [["a.md"], ["b.md"]])
def test_a_swap_of_which_only_a_half_is_told_is_seen_as_a_whole(house: House, uri: str, places: list[str]) -> None:
    for name in "ab":
        house.write(f"{name}.md", title=name, **({"id": uri + name} if uri else {}))
    house.sync()
    before = {article.title: article.id for article in house.articles()}
    swap(house, "a.md", "b.md")
    house.clock.now += 10
    outcome = look(house, *places, absent={}, patience=0.4)
    assert outcome.faults == ()
    assert {article.title: article.id for article in house.articles()} == before
    assert house.ids()["a.md"] == before["b"]


def test_a_copy_of_what_stands_is_an_article_of_its_own(house: House) -> None:
    house.write("a.md", id="urn:x:a")
    house.write("b.md", slug="s")
    house.sync()
    shutil.copyfile(house.content / "b.md", house.content / "c.md")
    house.write("d.md", id="urn:x:a")
    house.clock.now += 10
    outcome = look(house, "c.md", "d.md", absent={})
    assert len(outcome.faults) == 2
    assert set(house.ids()) == {"a.md", "b.md"}
