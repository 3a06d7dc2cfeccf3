from __future__ import annotations

import pytest
from house import NOON, House

from feedsvc.errors import NotReady, SourceError


def test_before_the_first_sync_nothing_is_ready(house: House) -> None:
    with pytest.raises(NotReady):
        house.feed()


def test_an_empty_folder_publishes_an_empty_feed(house: House) -> None:
    house.sync()
    assert house.titles() == []


def test_articles_come_newest_first_and_equal_instants_by_id(house: House) -> None:
    house.write("b.md", date="2026-01-02", title="B")
    house.write("a.md", date="2026-01-02", title="A")
    house.write("c.md", date="2026-01-03", title="C")
    house.sync()
    assert house.titles() == ["C", "A", "B"]


def test_a_sync_without_a_change_commits_nothing(house: House) -> None:
    house.write("a.md")
    assert house.sync().revision is not None
    assert house.sync_after().revision is None


def test_a_touched_file_with_the_same_bytes_commits_nothing(house: House) -> None:
    house.write("a.md")
    house.sync()
    (house.content / "a.md").touch()
    assert house.sync_after().revision is None


def test_all_that_changed_is_one_revision(house: House) -> None:
    for number in range(5):
        house.write(f"{number}.md")
    first = house.sync().revision
    house.write("0.md", title="Edited")
    house.remove("1.md")
    house.write("new.md")
    second = house.sync_after().revision
    assert first is not None
    assert second is not None
    assert (first.number, second.number) == (1, 2)


def test_a_bad_record_is_reported_and_harms_nobody_else(house: House) -> None:
    house.write("good.md", title="Good")
    house.write("bad.md", date="2026-02-30")
    outcome = house.sync()
    assert [fault.address for fault in outcome.faults] == ["bad.md"]
    assert house.catalog.faults() == outcome.faults
    assert house.titles() == ["Good"]


def test_the_last_good_version_stays_while_its_file_is_broken(house: House) -> None:
    house.write("a.md", title="Good")
    house.sync()
    (house.content / "a.md").write_text("---\ntitle: broken", encoding="utf-8")
    outcome = house.sync_after()
    assert outcome.faults
    assert house.titles() == ["Good"]


def test_a_mended_record_leaves_no_fault_behind(house: House) -> None:
    house.write("a.md", date="nonsense")
    house.sync()
    house.write("a.md")
    house.sync_after()
    assert house.catalog.faults() == ()


def test_a_broken_file_that_is_removed_takes_its_last_good_version_along(house: House) -> None:
    house.write("a.md")
    house.sync()
    house.write("a.md", date="nonsense")
    house.sync_after()
    house.remove("a.md")
    house.sync_after()
    assert house.titles() == []


def test_a_folder_that_vanishes_changes_nothing(house: House) -> None:
    house.write("a.md", title="Here")
    house.sync()
    house.content.rename(house.content.with_name("away"))
    with pytest.raises(SourceError):
        house.sync_after()
    assert house.titles() == ["Here"]


def test_a_draft_is_not_published(house: House) -> None:
    house.write("a.md", draft="true")
    house.sync()
    assert house.titles() == []


def test_a_published_article_that_turns_draft_leaves_a_tombstone(house: House) -> None:
    house.write("a.md", id="tag:lantern.example,2026:a")
    house.sync()
    house.write("a.md", id="tag:lantern.example,2026:a", draft="true")
    house.sync_after()
    assert house.titles() == []
    assert [stone.ref for stone in house.feed().tombstones] == ["tag:lantern.example,2026:a"]


def test_a_removed_article_leaves_a_tombstone_with_the_instant_of_its_removal(house: House) -> None:
    house.write("a.md")
    house.sync()
    house.remove("a.md")
    house.sync_after(60)
    (stone,) = house.feed().tombstones
    assert stone.when.timestamp() == NOON + 60


def test_a_removed_article_that_comes_back_is_itself_again(house: House) -> None:
    house.write("a.md")
    house.sync()
    before = house.ids()
    house.remove("a.md")
    house.sync_after()
    house.write("a.md")
    house.sync_after()
    assert house.ids() == before
    assert house.feed().tombstones == ()


def test_a_scheduled_article_that_is_removed_leaves_nothing(house: House) -> None:
    house.write("a.md", date="2026-01-10T13:00:00Z")
    house.sync()
    house.remove("a.md")
    house.sync_after()
    house.clock.now += 7200
    assert house.feed().tombstones == ()
    assert house.titles() == []


def test_a_withdrawn_article_is_a_tombstone_from_its_instant_on(house: House) -> None:
    house.write("a.md", withdrawn="2026-01-10T13:00:00Z")
    house.sync()
    assert house.titles() == ["A title"]
    house.clock.now = NOON + 3600
    assert house.titles() == []
    assert [stone.when.timestamp() for stone in house.feed().tombstones] == [NOON + 3600]


def test_an_expired_article_is_gone_without_a_sync(house: House) -> None:
    house.write("a.md", expires="2026-01-10T13:00:00Z")
    house.sync()
    house.clock.now = NOON + 3600
    assert house.titles() == []


def test_pictures_are_kept_and_let_go_of(house: House) -> None:
    (house.content / "images").mkdir()
    (house.content / "images/a.svg").write_bytes(b"<svg/>")
    house.sync()
    with house.catalog.snapshot() as snapshot:
        assert snapshot.media("images/a.svg") == b"<svg/>"
    (house.content / "images/a.svg").unlink()
    assert house.sync_after().revision is not None


def test_a_picture_too_large_to_serve_is_reported(house: House) -> None:
    (house.content / "a.png").write_bytes(bytes(6 * 1024 * 1024))
    (fault,) = house.sync().faults
    assert "5,242,880 bytes" in fault.problem
