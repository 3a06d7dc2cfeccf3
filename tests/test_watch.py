"""A catalog that keeps in step with a folder: real files, a real catalog, and a thread that watches."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command import serving, until, write
from msgspec.structs import replace
from watching import Watched

from feedsvc.catalog import Catalog
from feedsvc.catalog.syncing import Outcome, Terms, sync
from feedsvc.cli import following, site
from feedsvc.model import Revision
from feedsvc.verification import Verification
from feedsvc.watch import _Follower

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedsvc.config import Site


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """A folder with one article, which is in the catalog; it is watched."""
    write(tmp_path / "content" / "a.md", "First")
    with Watched(tmp_path / "content", Catalog(str(tmp_path / "catalog.db"))).running() as found:
        found.waits_for("First")
        yield found


def test_a_file_saved_in_place_is_noticed(watched: Watched) -> None:
    write(watched.folder / "a.md", "Edited")
    watched.waits_for("Edited")


def test_a_file_saved_by_renaming_another_over_it_is_noticed(watched: Watched) -> None:
    write(watched.folder / ".a.md.new", "Edited")
    (watched.folder / ".a.md.new").replace(watched.folder / "a.md")
    watched.waits_for("Edited")


def test_a_file_that_is_added_renamed_or_removed_is_noticed(watched: Watched) -> None:
    write(watched.folder / "b.md", "Second")
    watched.waits_for("First", "Second")
    (watched.folder / "b.md").rename(watched.folder / "c.md")
    until(lambda: "c.md" in {each.address for each in watched.articles()})
    (watched.folder / "a.md").unlink()
    watched.waits_for("Second")


def test_a_new_folder_with_files_and_what_comes_into_it_later_is_noticed(watched: Watched) -> None:
    write(watched.folder / "2026" / "01" / "b.md", "Deep")
    watched.waits_for("First", "Deep")
    write(watched.folder / "2026" / "01" / "c.md", "Deeper")
    watched.waits_for("First", "Deep", "Deeper")


def test_many_files_at_once_are_few_revisions(watched: Watched) -> None:
    before = watched.revision()
    titles = [f"Number {number}" for number in range(200)]
    for title in titles:
        write(watched.folder / f"{title}.md", title)
    watched.waits_for("First", *titles)
    assert watched.revision() - before < 20


def test_hidden_files_cause_no_work(watched: Watched) -> None:
    watched.stop.wait(5)  # what was young at first has settled
    asked: list[str] = []
    settings = watched.settings

    def noted() -> Site:
        asked.append("once")
        return settings()

    watched.settings = noted  # type: ignore[method-assign]
    for number in range(20):
        write(watched.folder / ".feedsvc" / f"{number}.md")
        write(watched.folder / ".git" / "objects" / f"{number}.md")
        write(watched.folder / f".{number}.md.swp")
        watched.stop.wait(0.05)
    assert len(asked) <= 1  # the scan that comes now and then
    write(watched.folder / "b.md", "Second")
    watched.waits_for("First", "Second")


def test_a_folder_that_vanishes_is_trouble_until_another_stands_in_its_place(watched: Watched) -> None:
    watched.folder.rename(watched.folder.with_name("away"))
    until(lambda: "there is no such folder" in watched.trouble())
    assert watched.titles() == ["First"]
    shutil.copytree(watched.folder.with_name("away"), watched.folder)
    until(lambda: not watched.trouble())
    assert len(watched.errors()) == 1
    for number in range(3):
        write(watched.folder / "a.md", f"Edited {number}")
        watched.waits_for(f"Edited {number}")


def test_a_link_to_a_folder_is_followed_wherever_it_points(tmp_path: Path) -> None:
    for release in ("one", "two"):
        write(tmp_path / release / "a.md", release)
    (tmp_path / "current").symlink_to("one")
    found = Watched(tmp_path / "current", Catalog(str(tmp_path / "catalog.db")))
    thread = found.run()
    found.waits_for("one")
    (tmp_path / "next").symlink_to("two")
    (tmp_path / "next").replace(tmp_path / "current")
    found.waits_for("two")
    write(tmp_path / "two" / "a.md", "Edited")
    found.waits_for("Edited")
    found.stop.set()
    thread.join()
    found.catalog.close()


def test_settings_that_change_are_taken_and_broken_ones_are_not(watched: Watched) -> None:
    path = watched.folder / "feedsvc.toml"
    path.write_text('title = "New"', encoding="utf-8")
    until(lambda: _site_title(watched) == "New")
    path.write_text("entries = 0", encoding="utf-8")
    until(lambda: "entries: 0 is not a whole number" in watched.trouble())
    assert _site_title(watched) == "New"
    path.write_text('title = "Mended"', encoding="utf-8")
    until(lambda: _site_title(watched) == "Mended" and not watched.trouble())
    assert len(watched.errors()) == 1


def test_a_database_that_is_deleted_is_made_anew(watched: Watched) -> None:
    for path in watched.folder.parent.glob("catalog.db*"):
        path.unlink()
    watched.waits_for("First")
    write(watched.folder / "a.md", "Edited")
    watched.waits_for("Edited")


def test_a_database_that_turns_bad_is_reported_until_it_is_deleted(watched: Watched) -> None:
    place = Path(watched.catalog.database.place)
    spoiled = place.with_name("spoiled")
    spoiled.write_bytes(b"no database at all " * 1000)
    for end in ("-wal", "-shm"):
        place.with_name(place.name + end).unlink(missing_ok=True)
    spoiled.replace(place)
    write(watched.folder / "a.md", "Edited")
    until(lambda: any("file is not a database" in error for error in watched.errors()))
    place.unlink()
    watched.waits_for("Edited")


def test_bad_records_are_reported_with_the_sync_that_reads_them(watched: Watched) -> None:
    write(watched.folder / "b.md", date="soon")
    until(lambda: any(getattr(each, "faults", ()) for each in watched.reports))
    assert watched.titles() == ["First"]
    assert watched.errors() == []


def test_a_mistake_in_the_program_is_trouble_and_not_the_end(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    settings = watched.settings
    watched.settings = site.settings(watched.folder, None, "")  # type: ignore[method-assign, arg-type]
    write(watched.folder / "a.md", "Edited")
    until(lambda: "the sync failed: AttributeError" in watched.trouble())
    assert "Traceback" in caplog.text
    watched.settings = settings  # type: ignore[method-assign]
    watched.waits_for("Edited")
    until(lambda: not watched.trouble())


def test_what_is_served_follows_the_folder_and_its_settings(tmp_path: Path) -> None:
    write(tmp_path / "content" / "a.md", "First")
    with serving(tmp_path / "content") as served:
        until(lambda: "First" in served.get("atom.xml"))
        write(tmp_path / "content" / "b.md", "Second")
        until(lambda: "Second" in served.get("atom.xml"))
        os.truncate(tmp_path / "content" / "a.md", 0)
        until(lambda: "a.md:1:1: " in served.said)
        (tmp_path / "content" / "feedsvc.toml").write_text('title = "New title"', encoding="utf-8")
        until(lambda: "New title" in served.get("atom.xml"))
        assert "First" in served.get("atom.xml")
        for path in (tmp_path / "content" / ".feedsvc").glob("catalog.db*"):
            path.unlink()
        write(tmp_path / "content" / "b.md", "Third")
        until(lambda: "Third" in served.get("atom.xml"))


def _site_title(watched: Watched) -> str:
    with watched.catalog.snapshot() as snapshot:
        return snapshot.site.title


def test_a_sync_that_waits_for_another_one_says_so_and_goes_on(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedsvc.catalog.database.sqlite.PATIENCE", 1)
    with Catalog(watched.catalog.database.place).database.writing():
        write(watched.folder / "b.md", "Second")
        until(watched.errors)
        until(lambda: watched.untold)
    watched.waits_for("First", "Second")
    assert "another process is writing to the catalog; this one waits for it" in watched.errors()[0]
    assert watched.trouble() == ""
    until(lambda: watched.untold[1:])
    assert "another process is writing" in watched.untold[0]
    assert watched.untold[1] == ""


def test_two_that_undo_each_other_s_settings_are_told_once(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    theirs = Terms(replace(watched.settings(), base_url="http://127.0.0.1:8105/"), watched.catalog.now)
    for title in ("Edited", "Again"):
        sync(watched.catalog, following.source(watched.folder), theirs)
        write(watched.folder / "a.md", title)
        watched.waits_for(title)
        until(lambda: "another process publishes the same catalog with other settings" in watched.trouble())
    told = [each for each in caplog.records if "another process publishes" in each.getMessage()]
    assert len(told) == 1


def test_a_revision_of_the_future_does_not_keep_a_watch_from_looking(watched: Watched) -> None:
    """As where the clock was set back by an hour, and the revision took the second after the last one."""
    terms = Terms(watched.settings(), watched.catalog.now)
    source = following.source(watched.folder)
    verification = Verification(watched.catalog, source, lambda: terms, pause=lambda _: 10.0)
    follower = _Follower(
        watched.catalog,
        source,
        lambda: terms,
        watched.reports.append,
        watched.untold.append,
        nullcontext,
        {},
        verification,
    )
    to_come = Revision(9, datetime.now(UTC) + timedelta(hours=1))
    follower._note_outcome(Outcome(to_come, held=""))
    assert follower.agenda.silence <= time.monotonic() + 1
