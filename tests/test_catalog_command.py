"""`feedsvc catalog` as an operator meets it: in processes of its own, on real folders."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import pytest
from command import feedsvc, write
from house import House
from serving import Command

from feedsvc.catalog import Catalog
from feedsvc.catalog.upkeep import report
from feedsvc.cli import holdings

if TYPE_CHECKING:
    from pathlib import Path

WRITE = "write one such as 2020-05-20, 20 May 2020 or 2020-05-20T14:30:00+02:00"
BASE = ("--base-url", "https://lantern.example/")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    house = House(folder, str(folder / ".feedsvc" / "catalog.db"))
    with closing(house.catalog):
        house.write("a.md", title="A", tags="[x]")
        house.write("b.md", title="B", date="2099-01-01")
        house.write("gone.md", date="2026-01-02", tags="[x]")
        house.sync()
        house.remove("gone.md")
        (folder / "a.md").rename(folder / "renamed.md")
        house.write("c.md", date="nonsense")
        house.sync_after()
    return folder


def test_it_shows_what_the_catalog_holds(content: Path) -> None:
    answer = feedsvc("catalog", cwd=content)
    assert (answer.returncode, answer.stderr) == (0, "")
    lines = answer.stdout.splitlines()
    assert lines[0].startswith("catalog     .feedsvc/catalog.db, ")
    assert lines[1:6] == [
        f"folder      {content}",
        "site        https://lantern.example/",
        "articles    1 shown, 1 scheduled, 0 expired, 0 withdrawn, 1 removed",
        "tags        1",
        "media       0 files, 0 bytes",
    ]
    assert lines[6:11] == [
        "revisions   2 at 2026-01-10T12:00:10Z",
        "            1 at 2026-01-10T12:00:00Z",
        "next        2099-01-01T00:00:00Z scheduled: b.md (B)",
        "rejected    1 finding",
        f"{content}/c.md:3:7: date: 'nonsense' is not a date ({WRITE})",
    ]
    for arguments in ([content], ["show", "--database", content / ".feedsvc/catalog.db"]):
        again = feedsvc("catalog", *arguments, cwd=content).stdout.splitlines()
        assert again[1:] == lines[1:]


def test_it_shows_the_same_to_a_program(content: Path) -> None:
    found = json.loads(feedsvc("catalog", content, "--format", "json").stdout)
    assert found["articles"] == {"shown": 1, "scheduled": 1, "expired": 0, "withdrawn": 0, "removed": 1}
    assert found["next"] == [{"at": "2099-01-01T00:00:00Z", "what": "scheduled", "file": "b.md", "title": "B"}]
    assert [each["number"] for each in found["revisions"]] == [2, 1]
    assert found["rejected"][0]["file"] == f"{content}/c.md"
    assert found["trouble"] is None


def test_what_keeps_the_sync_from_its_work_is_shown(content: Path) -> None:
    with closing(Catalog(str(content / ".feedsvc" / "catalog.db"))) as catalog:
        catalog.note_trouble("smoke", 86_400.0)
        found = report(catalog, 0)
    assert "trouble     smoke (since 1970-01-02T00:00:00Z)" in holdings.text(found)


def test_its_help_lists_its_commands_in_the_order_of_need() -> None:
    answer = feedsvc("catalog", "--help").stdout
    assert re.findall(r"^  ([a-z]+)  ", answer, flags=re.MULTILINE) == ["show", "check", "export", "import", "backup"]


def test_it_says_whether_the_catalog_is_whole(content: Path) -> None:
    answer = feedsvc("catalog", "check", content)
    assert (answer.returncode, answer.stdout) == (0, "the catalog is whole\n")
    with closing(sqlite3.connect(content / ".feedsvc" / "catalog.db")) as connection, connection:
        connection.execute("DELETE FROM record WHERE address = 'b.md'")
    answer = feedsvc("catalog", "check", content)
    assert answer.returncode == 1
    assert answer.stdout == (
        "articles without a record: b.md (make it anew: `feedsvc catalog export FILE`, delete the catalog, "
        "`feedsvc catalog import FILE`, sync)\n1 finding\n"
    )
    answer = feedsvc("catalog", "check", content, "--format", "json")
    assert [each["problem"] for each in json.loads(answer.stdout)["findings"]] == ["articles without a record: b.md"]


def test_a_site_served_from_a_restored_ledger_is_the_one_that_was(content: Path, tmp_path: Path) -> None:
    feeds = [f"/{channel}{file}" for channel in ("", "tags/x/") for file in ("rss.xml", "atom.xml", "feed.json")]
    pages = ["/", "/articles/renamed", "/articles/a", "/articles/gone"]
    (content / "c.md").unlink()
    assert feedsvc("sync", content, *BASE).returncode == 0  # with the settings of this folder
    with Command(content, *BASE).ready() as before:
        told = {path: before.ask(path) for path in (*feeds, *pages)}
    file = tmp_path / "ledger.jsonl"
    assert feedsvc("catalog", "export", file, content).stderr == f"wrote {file}\n"
    assert feedsvc("catalog", "export", "-", content).stdout == file.read_text("utf-8")

    for each in (content / ".feedsvc").glob("catalog.db*"):
        each.unlink()
    assert feedsvc("catalog", "import", file, content).returncode == 0
    with Command(content, *BASE).ready() as after:
        again = {path: after.ask(path) for path in (*feeds, *pages)}
    assert [told[path].status for path in pages] == [200, 200, 301, 410]
    for path in (*feeds, *pages):
        assert (again[path].status, again[path].body) == (told[path].status, told[path].body)
        assert not told[path].has("etag") or again[path]["etag"] == told[path]["etag"]
    for path in feeds:
        assert instant(again[path]["last-modified"]) > instant(told[path]["last-modified"])


def instant(date: str) -> float:
    return parsedate_to_datetime(date).timestamp()


def test_an_import_that_is_refused_says_what_to_do(content: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "ledger.jsonl", tmp_path / "other.db"
    feedsvc("catalog", "export", file, content)
    write(content / "new.md")
    feedsvc("sync", content, *BASE)
    answer = feedsvc("catalog", "import", file, content)
    assert answer.returncode == 3
    assert "a ledger is imported into an empty catalog, and this one is not (stop feedsvc and delete" in answer.stderr
    file.write_text(file.read_text("utf-8").replace('"version":1', '"version":7'), "utf-8")
    answer = feedsvc("catalog", "import", file, "--database", other)
    assert answer.returncode == 3
    assert answer.stderr.startswith(f"{file}:1:1: the ledger is of version 7, this feedsvc knows version 1 (use")
    assert "0 shown" in feedsvc("catalog", "--database", other).stdout


def test_what_cannot_be_read_or_written_is_told(content: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere" / "file"
    for arguments, told in (
        (
            ["show", tmp_path],
            f"feedsvc: {tmp_path}: there is no catalog yet (name another one by --database, or sync)\n",
        ),
        (
            ["show", "--database", nowhere],
            f"feedsvc: {nowhere}: there is no catalog (feedsvc sync CONTENT makes one)\n",
        ),
        (["export", nowhere, content], f"feedsvc: {nowhere}: cannot be written: No such file or directory\n"),
        (["import", nowhere, "--database", tmp_path / "n.db"], f"feedsvc: {nowhere}: cannot be read: No such file or"),
        (["import", "-", "--database", "memory"], "feedsvc: .: its catalog would end with this command (name a file"),
    ):
        answer = feedsvc("catalog", *arguments)
        assert answer.returncode == 3
        assert answer.stderr.startswith(told)
    assert not (tmp_path / "n.db").exists()


def test_a_ledger_that_is_imported_again_changes_nothing(content: Path, tmp_path: Path) -> None:
    feedsvc("catalog", "export", tmp_path / "l.jsonl", content)
    answer = feedsvc("catalog", "import", tmp_path / "l.jsonl", content)
    assert (answer.returncode, answer.stderr) == (0, f"{content}/.feedsvc/catalog.db has this ledger already\n")


def test_a_backup_is_a_catalog_to_serve_from(content: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    answer = feedsvc("catalog", "backup", copy, content)
    assert answer.stderr == f"wrote {copy.stat().st_size:,} bytes to {copy}\n"
    shown, copied = (feedsvc("catalog", "show", *place).stdout for place in ([content], ["--database", copy]))
    assert copied.splitlines()[1:] == shown.splitlines()[1:]
    with Command(None, "--database", str(copy)).ready() as served:
        assert served.ask("/articles/gone").status == 410


def test_a_zone_that_was_changed_is_told_before_it_is_taken_up(content: Path) -> None:
    (content / "feedsvc.toml").write_text('title = "The Lantern"\nzone = "Asia/Tokyo"\n', "utf-8")
    answer = feedsvc("check", content)
    assert (
        f"{content}/feedsvc.toml:2:1: warning: zone: was UTC when the catalog was made, and is Asia/Tokyo now: "
        "2 articles get another instant: b.md (2099-01-01T00:00:00Z → 2098-12-31T15:00:00Z), "
        "renamed.md (2026-01-01T00:00:00Z → 2025-12-31T15:00:00Z) (set it back, or"
    ) in answer.stdout
    assert "Traceback" not in answer.stderr
