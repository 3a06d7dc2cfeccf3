"""The commands where articles stand in a database: SQLite beside the folder, and a real PostgreSQL."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cms import PASSWORD, Cms
from command import Running, feedsvc, running, serving, until, write

from feedsvc.catalog import Catalog
from feedsvc.cli import following, site
from feedsvc.errors import FeedsvcError
from feedsvc.watch import watch

if TYPE_CHECKING:
    from collections.abc import Collection

QUERY = "SELECT id, title, date, updated, content FROM articles"
SETTINGS = f'query = "{QUERY}"\ninterval = 1\n'


def article(number: int, title: str, updated: str = "2026-01-01 10:00:00") -> dict[str, Any]:
    return {"id": number, "title": title, "date": "2026-01-01", "updated": updated, "content": "A text."}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder with an article, and settings that name a table; the source is in the environment."""
    path = tmp_path / "content"
    write(path / "file.md", "From a file")
    (path / "feedsvc.toml").write_text(SETTINGS, encoding="utf-8")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def here(request: pytest.FixtureRequest, folder: Path) -> Cms:
    """The database with one article in it; that of SQLite beside the folder."""
    if request.param == "sqlite":
        found = Cms("sqlite:///../cms.db", folder, str(folder.parent / "cms.db"))
    else:
        found = request.getfixturevalue("postgresql_cms")
    found.run("CREATE TABLE articles (id integer, title text, date text, updated text, content text)")
    found.insert(article(1, "From a row"))
    return found


def titles(feed: str) -> list[str]:
    """What a feed holds; nothing where there is none yet."""
    return [] if feed == "503" else sorted(item["title"] for item in json.loads(feed)["items"])


def troubles(service: Running) -> list[str]:
    """What does not work, as `/readyz` says with 200; nothing until the server has looked at the catalog."""
    report = service.get("readyz")
    return [] if report == "503" else [each["what"] for each in json.loads(report)["troubles"]]


# One command


def test_check_tells_of_rows_and_files_alike(here: Cms, folder: Path) -> None:
    here.insert(article(2, "Wrong") | {"date": "05/06/2020"})
    write(folder / "wrong.md", "Wrong", date="05/06/2020")
    answer = feedsvc("check", folder, FEEDSVC_SOURCE=here.url)
    assert answer.returncode == 1
    problem = "date: '05/06/2020' could be May or June (write 2020-05-06 or 6 May 2020)"
    assert f"\narticles?id=2: {problem}\n" in f"\n{answer.stdout}"
    assert f"{folder}/wrong.md:3:7: {problem}" in answer.stdout
    assert "2 articles, 2 errors in 2 files" in answer.stdout
    written = json.loads(feedsvc("check", folder, "--format", "json", FEEDSVC_SOURCE=here.url).stdout)
    assert [each["file"] for each in written["findings"]] == ["articles?id=2", f"{folder}/wrong.md"]


def test_sync_takes_both_and_says_when_nothing_has_changed(here: Cms, folder: Path) -> None:
    first = feedsvc("sync", folder, FEEDSVC_SOURCE=here.url)
    assert (first.returncode, "revision 1" in first.stderr) == (0, True)
    again = feedsvc("sync", folder, FEEDSVC_SOURCE=here.url)
    assert (again.returncode, again.stderr) == (0, "nothing that is published has changed\n")
    catalog = Catalog(str(folder / ".feedsvc" / "catalog.db"))
    with catalog.snapshot() as snapshot:
        assert {each.address for each in snapshot.newest("", 1 << 31, limit=9)} == {"articles?id=1", "file.md"}
    catalog.close()


def test_config_shows_where_the_source_comes_from_but_no_password(here: Cms, folder: Path) -> None:
    shown = feedsvc("config", folder, FEEDSVC_SOURCE=here.url).stdout
    assert "# FEEDSVC_SOURCE" in shown
    assert f'query = "{QUERY}"' in shown
    assert PASSWORD not in shown
    assert ("***" in shown) == here.is_postgresql


@pytest.mark.parametrize("command", ["check", "sync"])
def test_a_database_that_is_away_is_told_without_its_password(folder: Path, command: str) -> None:
    answer = feedsvc(command, folder, FEEDSVC_SOURCE=f"postgresql://ada:{PASSWORD}@127.0.0.1:1/cms")
    assert answer.returncode == 3
    assert answer.stderr.startswith("feedsvc: postgresql://ada:***@127.0.0.1:1/cms: ")
    assert (
        PASSWORD
        not in feedsvc("--debug", command, folder, FEEDSVC_SOURCE=f"postgresql://a:{PASSWORD}@127.0.0.1:1/c").stderr
    )


# Served


def test_what_changes_in_the_table_is_published_by_itself(here: Cms, folder: Path) -> None:
    with serving(folder, FEEDSVC_SOURCE=here.url) as service:
        until(lambda: titles(service.get("feed.json")) == ["From a file", "From a row"])
        here.insert(article(2, "Second", "2026-01-01 10:00:05"))
        until(lambda: titles(service.get("feed.json")) == ["From a file", "From a row", "Second"])
        here.run("UPDATE articles SET title = 'Edited', updated = '2026-01-01 10:01:00' WHERE id = 1")
        until(lambda: titles(service.get("feed.json")) == ["Edited", "From a file", "Second"])
        here.run("DELETE FROM articles WHERE id = 2")
        until(lambda: titles(service.get("feed.json")) == ["Edited", "From a file"])
        assert service.get("articles/2") == "410"


def test_what_is_published_stays_while_the_table_cannot_be_read(here: Cms, folder: Path) -> None:
    with serving(folder, FEEDSVC_SOURCE=here.url) as service:
        until(lambda: titles(service.get("feed.json")) == ["From a file", "From a row"])
        here.run("ALTER TABLE articles RENAME TO elsewhere")
        until(lambda: any("articles" in each for each in troubles(service)))
        assert titles(service.get("feed.json")) == ["From a file", "From a row"]
        here.run("ALTER TABLE elsewhere RENAME TO articles")
        until(lambda: not troubles(service))
        assert PASSWORD not in service.said + service.out.read_text()


def test_what_is_published_stays_while_the_database_is_away(postgresql_cms: Cms, folder: Path) -> None:
    name = postgresql_cms.url.partition("?")[0].rpartition("/")[2]
    server = Cms(postgresql_cms.url.replace(name, "postgres"), folder, postgresql_cms.url.replace(name, "postgres"))
    postgresql_cms.run("CREATE TABLE articles (id integer, title text, date text, updated text, content text)")
    postgresql_cms.insert(article(1, "From a row"))
    with serving(folder, FEEDSVC_SOURCE=postgresql_cms.url) as service:
        until(lambda: titles(service.get("feed.json")) == ["From a file", "From a row"])
        server.run(
            f"ALTER DATABASE {name} ALLOW_CONNECTIONS false",
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",  # noqa: S608 - our own
        )
        until(lambda: "see that the database runs" in service.get("readyz"))
        assert PASSWORD not in service.get("readyz") + service.said
        assert titles(service.get("feed.json")) == ["From a file", "From a row"]
        server.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        postgresql_cms.insert(article(2, "Second", "2026-01-01 10:00:05"))
        until(lambda: "Second" in titles(service.get("feed.json")))


def test_an_idle_database_in_the_folder_wakes_nobody(folder: Path) -> None:
    cms = Cms("sqlite:///cms.db", folder, str(folder / "cms.db"))
    cms.run(
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE articles (id integer, title text, date text, updated text, content text)",
    )
    cms.insert(article(1, "From a row"))
    (folder / "feedsvc.toml").write_text(f'source = "{cms.url}"\nquery = "{QUERY}"\ninterval = 3600\n', "utf-8")
    source = Counting(folder)
    with source.watched() as catalog:
        until(lambda: found(catalog) == ["From a file", "From a row"])
        threading.Event().wait(4)  # until what is young has settled
        before = source.scans
        threading.Event().wait(3)
        assert source.scans == before
        cms.insert(article(2, "Second", "2026-01-01 10:00:05"))
        until(lambda: found(catalog) == ["From a file", "From a row", "Second"])


class Counting(following.Configured):
    """A source that counts how often it is looked at."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, lambda: site.load(folder, {}).table)
        self.scans = 0
        self.stop = threading.Event()

    def scan(self, places: Collection[str] | None = None) -> Any:
        self.scans += places is None
        return super().scan(places)

    def digest(self) -> str | None:
        self.scans += 1
        return super().digest()

    def watched(self) -> Any:
        return Watching(self)


class Watching:
    """A catalog that is kept in step with a source meanwhile."""

    def __init__(self, source: Counting) -> None:
        self.source = source
        self.catalog = Catalog("memory")
        self.reports: list[Any] = []
        settings = site.settings(source.root or Path(), {}, site.NOWHERE)
        self.thread = threading.Thread(
            target=watch,
            args=(self.catalog, source),
            kwargs={"settings": settings, "report": self.reports.append, "stop": source.stop},
        )

    def __enter__(self) -> Catalog:
        self.thread.start()
        return self.catalog

    def __exit__(self, *_: object) -> None:
        self.source.stop.set()
        self.thread.join()


def found(catalog: Catalog) -> list[str]:
    try:
        with catalog.snapshot() as snapshot:
            return sorted(each.title for each in snapshot.newest("", 1 << 31, limit=9))
    except FeedsvcError:
        return []


def test_rows_and_files_weigh_what_they_have(folder: Path) -> None:
    cms = Cms("sqlite:///cms.db", folder, str(folder / "cms.db"))
    cms.run("CREATE TABLE articles (id integer, title text, date text, updated text, content text)")
    cms.insert(article(1, "First"))
    (folder / "feedsvc.toml").write_text(f'source = "{cms.url}"\nquery = "{QUERY}"\n', "utf-8")
    source = following.source(folder)
    for address in dict(source.scan()):
        record, weight = source.read(address), source.weigh(address)
        assert record is not None
        assert weight is not None
        assert weight.length == len(record.body)
    assert (source.root, source.polled) == (folder, 5)


def test_another_query_is_taken_up_without_a_restart(folder: Path) -> None:
    cms = Cms("sqlite:///cms.db", folder, str(folder / "cms.db"))
    cms.run("CREATE TABLE articles (id integer, title text, date text, updated text, content text)")
    cms.insert(article(1, "First"), article(2, "Second"))
    settings = folder / "feedsvc.toml"
    settings.write_text(f'source = "{cms.url}"\nquery = "{QUERY} WHERE id = 1"\n', "utf-8")
    with Counting(folder).watched() as catalog:
        until(lambda: found(catalog) == ["First", "From a file"])
        settings.write_text(f'source = "{cms.url}"\nquery = "{QUERY}"\n', "utf-8")
        until(lambda: found(catalog) == ["First", "From a file", "Second"])
        settings.write_text("", "utf-8")
        until(lambda: found(catalog) == ["From a file"])


def test_a_site_without_a_table_imports_no_sql_for_it(tmp_path: Path) -> None:
    write(tmp_path / "content" / "a.md")
    program = "import sys, feedsvc.cli.following as f, pathlib; f.source(pathlib.Path('content')).scan()"
    script = tmp_path / "imports.py"
    script.write_text(f"{program}; print('feedsvc.sources.sql' in sys.modules)", "utf-8")
    with running(tmp_path / "content", cwd=tmp_path, script=script, **os.environ) as command:
        assert command.child.wait(40) == 0
        assert command.out.read_text() == "False\n"
