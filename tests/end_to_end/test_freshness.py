"""What changes in the folder is served at once, under another entity tag; what it does not touch stays as it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from serving import READINGS, Command, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATHS = ("/atom.xml", "/tags/left/atom.xml", "/tags/right/atom.xml")


class Site:
    """A folder, and the command that serves it."""

    def __init__(self, content: Path, *arguments: str) -> None:
        self.content = content
        self.content.mkdir()
        self.write("one.md", tag="left")
        self.write("two.md", tag="right")
        # The catalog stands elsewhere: a folder that goes away must not take it along.
        self.command = Command(content, "--database", str(content.with_name("catalog.db")), *arguments)

    def write(self, name: str, *, tag: str, date: str = "2026-01-01", text: str = "Text.") -> None:
        lines = [f"title: {name}", f"date: {date}", f"tags: [{tag}]"]
        (self.content / name).write_text("\n".join(["---", *lines, "---", text, ""]), encoding="utf-8")

    def titles(self, path: str = PATHS[0]) -> set[str]:
        return {item.title for item in READINGS["atom.xml"](self.command.ask(path).body).items}

    def changed(self, before: dict[str, str]) -> set[str]:
        """The feeds that have another entity tag, as soon as the site's has in every worker."""
        path = PATHS[0]
        until(lambda: before[path] not in self.command.of_each_worker(lambda: self.command.answers(path)))
        after = self.etags()
        return {path for path in PATHS if after[path] != before[path]}

    def etags(self) -> dict[str, str]:
        """The entity tags of the feeds, the same in every worker."""
        found, *others = self.command.of_each_worker(lambda: self.command.etags(*PATHS))
        assert all(other == found for other in others)
        return found


@pytest.fixture
def site(tmp_path: Path, workers: str) -> Iterator[Site]:
    made = Site(tmp_path / "content", "--workers", workers)
    with made.command.ready():
        yield made


@pytest.fixture
def workers() -> str:
    return "1"


@pytest.mark.parametrize("workers", ["2"])
def test_every_kind_of_change_is_served_by_every_worker(site: Site) -> None:
    before = site.etags()
    site.write("one.md", tag="left", text="Another text.")
    assert site.changed(before) == set(PATHS[:2])

    before = site.etags()
    site.write("three.md", tag="right")
    assert site.changed(before) == {PATHS[0], PATHS[2]}
    assert site.titles() == {"one.md", "two.md", "three.md"}

    before = site.etags()
    site.write("two.md", tag="left")
    assert site.changed(before) == set(PATHS)
    assert site.titles(PATHS[1]) == {"one.md", "two.md"}

    before = site.etags()
    (site.content / "three.md").unlink()
    assert site.changed(before) == {PATHS[0], PATHS[2]}
    assert site.titles() == {"one.md", "two.md"}
    assert site.command.ask("/articles/three").status == 410


def test_a_renamed_file_keeps_its_id_and_its_old_address_leads_to_it(site: Site) -> None:
    before, ids = site.etags(), identities(site)
    (site.content / "one.md").rename(site.content / "uno.md")
    assert site.changed(before) == set(PATHS[:2])
    assert identities(site) == ids
    assert site.command.ask("/articles/one").status == 301
    assert site.command.ask("/articles/uno").status == 200


def identities(site: Site) -> set[str]:
    return {item.id for item in READINGS["atom.xml"](site.command.ask(PATHS[0]).body).items}


def test_a_scheduled_article_appears_by_itself(site: Site) -> None:
    before = site.etags()
    due = datetime.now(UTC) + timedelta(seconds=5)
    site.write("soon.md", tag="left", date=due.isoformat(timespec="seconds"))
    site.write("now.md", tag="right")
    until(lambda: "now.md" in site.titles())
    if datetime.now(UTC) < due - timedelta(seconds=1):  # a slow machine may be late
        assert "soon.md" not in site.titles()
        assert site.command.etags(PATHS[1]) == {PATHS[1]: before[PATHS[1]]}
    until(lambda: "soon.md" in site.titles(PATHS[1]))
    until(lambda: "soon.md" in site.titles())


def test_settings_are_taken_over_while_it_serves_and_wrong_ones_are_only_told(site: Site) -> None:
    before = site.etags()
    (site.content / "feedsvc.toml").write_text('title = "The new name"\n', encoding="utf-8")
    assert site.changed(before) == set(PATHS)
    assert READINGS["atom.xml"](site.command.ask(PATHS[0]).body).title == "The new name"

    before = site.etags()
    (site.content / "feedsvc.toml").write_text('tilte = "The new name"\n', encoding="utf-8")
    until(lambda: b"did you mean title?" in site.command.ask("/readyz").body)
    assert site.etags() == before


def test_a_folder_that_vanishes_for_a_while_loses_nothing(site: Site, tmp_path: Path) -> None:
    before = site.etags()
    site.content.rename(tmp_path / "away")
    until(lambda: b'"since":' in site.command.ask("/readyz").body)
    assert site.etags() == before
    (tmp_path / "away").rename(site.content)
    until(lambda: site.command.ask("/readyz").body == b'{"ready":true,"troubles":[]}')
    assert site.etags() == before
