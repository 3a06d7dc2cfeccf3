from __future__ import annotations

import os
import shutil
import time
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from house import NOON, House

from feedsvc.articles import check
from feedsvc.catalog import Catalog, Stored
from feedsvc.catalog.syncing import Terms, reading, sync

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from feedsvc.articles import Checked
    from feedsvc.config import Site
    from feedsvc.model import Record
    from feedsvc.sources import Mark

from feedsvc.errors import CatalogError, NotReady, SourceError
from feedsvc.model import Enclosure
from feedsvc.sources.folder import Folder


def test_before_the_first_sync_nothing_is_ready(house: House) -> None:
    with pytest.raises(NotReady):
        house.feed()


def test_an_empty_folder_publishes_an_empty_feed(house: House) -> None:
    house.sync()
    assert house.titles() == []


def test_articles_come_newest_first_and_equal_instants_from_the_last_id(house: House) -> None:
    house.write("b.md", date="2026-01-02", title="B")
    house.write("a.md", date="2026-01-02", title="A")
    house.write("c.md", date="2026-01-03", title="C")
    house.sync()
    assert house.titles() == ["C", "B", "A"]


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
        assert snapshot.media_body("images/a.svg") == b"<svg/>"
    (house.content / "images/a.svg").unlink()
    assert house.sync_after().revision is not None


def test_a_picture_too_large_to_serve_is_reported(house: House) -> None:
    (house.content / "a.png").write_bytes(bytes(6 * 1024 * 1024))
    (fault,) = house.sync().faults
    assert "5,242,880 bytes" in fault.problem


def test_a_sync_that_another_overtook_looks_at_the_folder_again(house: House) -> None:
    house.write("a.md", title="First")
    house.sync()
    scan = house.source.scan
    other = House(house.content, house.place, house.clock)

    class Overtaken:
        """A source that is changed, and synced by somebody else, right after it was scanned the first time."""

        root = house.source.root
        read = house.source.read
        polled = None
        weigh = house.source.weigh
        top = house.source.top
        is_replaced = house.source.is_replaced
        trace = house.source.trace
        scans = 0

        def digest(self) -> None:
            return None

        def scan(self, places: Collection[str] | None = None) -> Iterator[tuple[str, Mark]]:
            marks = list(scan(places))
            self.scans += 1
            if self.scans == 1:
                house.write("b.md", title="Second", date="2026-01-02")
                other.sync_after()
            return iter(marks)

    sync(house.catalog, Overtaken(), Terms(site=house.site, clock=house.clock, sleep=house.clock.sleep))
    assert house.titles() == ["Second", "First"]
    other.catalog.close()


def test_a_clock_set_back_makes_no_tombstone_of_what_was_never_public(house: House) -> None:
    house.write("now.md")
    house.sync()
    house.write("later.md", date="2026-01-10T12:00:01Z")
    house.clock.now = NOON - 86400
    house.sync()
    house.remove("later.md")
    house.sync()
    house.clock.now = NOON + 60
    assert house.feed().tombstones == ()


def test_a_file_dated_ahead_of_the_clock_is_not_read_again_for_ever(house: House) -> None:
    house.write("a.md")
    ahead = time.time() + 86400
    os.utime(house.content / "a.md", (ahead, ahead))
    ((_, mark),) = Folder(house.content, frozenset({".md"}), clock=lambda: time.time() + 5).scan()
    assert mark.is_settled


def test_the_folder_of_a_deleted_catalog_is_made_anew(tmp_path: Path) -> None:
    built = House(tmp_path / "content", str(tmp_path / "content" / ".feedsvc" / "catalog.db"))
    built.write("a.md")
    built.sync()
    shutil.rmtree(tmp_path / "content" / ".feedsvc")
    built.catalog.prepare()
    built.sync()
    assert built.titles() == ["A title"]
    assert (tmp_path / "content" / ".feedsvc" / ".gitignore").exists()
    built.catalog.close()


@pytest.mark.parametrize("name", ["a?b", "a%20b", "a b", "é"])
def test_any_name_of_a_folder_will_do_for_the_catalog(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    Catalog(str(tmp_path / name / "catalog.db")).close()
    assert (tmp_path / name / "catalog.db").exists()


def test_a_file_that_is_gone_for_a_moment_was_being_saved(house: House) -> None:
    house.write("a.md", title="Before")
    house.sync()
    house.remove("a.md")
    slept = house.clock.sleep

    def save(seconds: float) -> None:
        house.write("a.md", title="After")
        slept(seconds)

    house.clock.sleep = save  # type: ignore[method-assign]
    house.sync_after()
    assert house.titles() == ["After"]
    assert house.feed().tombstones == ()


def test_a_file_that_vanishes_between_the_scan_and_its_reading_is_looked_for_again(house: House) -> None:
    house.write("a.md")

    class Vanishing:
        """A source whose file is gone by the time it is read."""

        root = house.source.root
        polled = None
        scan = house.source.scan
        digest = house.source.digest
        top = house.source.top
        is_replaced = house.source.is_replaced
        trace = house.source.trace

        def read(self, _address: str, _mark: Mark | None = None) -> None:
            return None

        weigh = read

    outcome = sync(house.catalog, Vanishing(), Terms(site=house.site, clock=house.clock, sleep=house.clock.sleep))
    assert not outcome.is_settled
    assert house.titles() == []
    house.sync_after()
    assert house.titles() == ["A title"]


def test_a_folder_of_a_catalog_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"none/\.feedsvc: cannot be made: No such file"):
        Catalog(str(tmp_path / "none" / ".feedsvc" / "catalog.db"))


def test_a_large_recording_stays_in_the_folder_and_its_facts_are_known(house: House) -> None:
    body = bytes(6 * 1024 * 1024)
    (house.content / "a.mp3").write_bytes(body)
    house.write("a.md", text='<audio src="a.mp3">')
    assert house.sync().faults == ()
    (enclosure,) = house.feed().entries[0].enclosures
    digest = sha256(body).hexdigest()
    assert enclosure == Enclosure(f"https://lantern.example/media/a.{digest[:10]}.mp3", "audio/mpeg", len(body))
    with house.catalog.snapshot() as snapshot:
        assert snapshot.media("a.mp3") == Stored(digest, len(body), is_outside=True)
        assert snapshot.media_body("a.mp3") == b""
        assert snapshot.folder == str(house.content.resolve())
    (house.content / "a.mp3").touch()
    assert house.sync_after().revision is None


def test_a_mistake_of_ours_in_one_record_harms_no_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def mistaken(record: Record, *, site: Site, digest: str) -> tuple[Checked, ...]:
        if record.address == "odd.md":
            raise ZeroDivisionError
        return check(record, site=site, digest=digest)

    monkeypatch.setattr(reading, "check", mistaken)
    house.write("odd.md", title="Odd")
    house.write("good.md", title="Good")
    (fault,) = house.sync().faults
    assert (fault.address, fault.problem) == ("odd.md", "cannot be checked, by a mistake in feedsvc: ZeroDivisionError")
    assert house.titles() == ["Good"]
    monkeypatch.undo()
    house.write("odd.md", title="Even")
    house.sync_after()
    assert sorted(house.titles()) == ["Even", "Good"]
