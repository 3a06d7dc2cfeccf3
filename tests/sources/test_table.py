"""A table as a source: real SQLite files, and a real PostgreSQL."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from cms import PASSWORD
from house import SITE
from sqlalchemy import event

from feedsvc.articles import check
from feedsvc.config import Table as Settings
from feedsvc.errors import RecordError, SourceError
from feedsvc.sources import open_source, sql, table
from feedsvc.sources.ahead import MOST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from cms import Cms

    from feedsvc.articles import Checked
    from feedsvc.model import Article
    from feedsvc.sources.table import Table

PLAIN = "CREATE TABLE articles (id integer, title text, date text, content text)"
DATED = "CREATE TABLE articles (id integer, title text, date text, updated text, content text)"


def article(number: int, **columns: Any) -> dict[str, Any]:
    return {"id": number, "title": f"Title {number}", "date": "2026-01-01", "content": "A text.", **columns}


def read(source: Table, address: str) -> dict[str, Any]:
    dict(source.scan())
    record = source.read(address)
    assert record is not None
    found: dict[str, Any] = json.loads(record.body)
    return found


def checked(source: Table, address: str) -> Checked:
    dict(source.scan())
    record = source.read(address)
    assert record is not None
    (found,) = check(record, site=SITE)
    return found


def published(source: Table, address: str) -> Article:
    found = checked(source, address).article
    assert found is not None
    return found


def faults(source: Table, address: str) -> list[str]:
    return [str(fault) for fault in checked(source, address).faults]


def refused(source: Table, address: str) -> str:
    dict(source.scan())
    with pytest.raises(RecordError) as caught:
        source.read(address)
    return str(caught.value)


def trouble(source: Table) -> str:
    with pytest.raises(SourceError) as caught:
        dict(source.scan())
    return str(caught.value)


@contextmanager
def statements(source: Table) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    found: list[str] = []

    def note(*arguments: Any) -> None:
        found.append(str(arguments[2]))

    engine = source._database._engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


# What is wrong


def test_a_fault_names_the_table_and_the_key(cms: Cms) -> None:
    cms.run(PLAIN)
    cms.insert(article(17, date="05/06/2020"))
    expected = "articles?id=17: date: '05/06/2020' could be May or June (write 2020-05-06 or 6 May 2020)"
    assert faults(cms.table(), "articles?id=17") == [expected]


def test_a_row_without_title_or_date_is_told_which_column_to_fill(cms: Cms) -> None:
    cms.run(PLAIN)
    cms.insert(article(1, title=None), article(2, date=None), article(3, title=None, content="# A heading"))
    assert faults(cms.table(), "articles?id=1") == ["articles?id=1: title is missing (give the column title a value)"]
    cure = "give the column date a value such as 2020-05-20, or leave the row out of the query"
    assert faults(cms.table(), "articles?id=2") == [f"articles?id=2: date is missing ({cure})"]
    assert published(cms.table(), "articles?id=3").title == "A heading"


@pytest.mark.parametrize("updated", ["updated", ""])
def test_rows_that_share_a_key_harm_no_other(cms: Cms, updated: str) -> None:
    cms.run(DATED)
    cms.insert(article(1), article(1), article(2))
    source = cms.table(updated=updated)
    assert refused(source, "articles?id=1") == (
        "articles?id=1: several rows have this key "
        "(make the query give one row for each: join what has several by a subquery)"
    )
    assert published(source, "articles?id=2").title == "Title 2"
    cms.run("DELETE FROM articles WHERE id = 1")
    cms.insert(article(1))
    assert published(source, "articles?id=1").title == "Title 1"


def test_a_row_that_gets_the_key_of_another_since_the_scan_is_refused(cms: Cms) -> None:
    cms.run(PLAIN)
    cms.insert(article(1))
    source = cms.table()
    dict(source.scan())
    cms.insert(article(1))
    with pytest.raises(RecordError, match="several rows have this key"):
        source.read("articles?id=1")


def test_rows_without_a_key_harm_no_other(cms: Cms) -> None:
    cms.run(PLAIN)
    cms.insert(article(1) | {"id": None}, article(2))
    assert refused(cms.table(), "articles?id=") == (
        "articles?id=: rows have no id (give each row one, or add WHERE id IS NOT NULL)"
    )
    assert published(cms.table(), "articles?id=2").title == "Title 2"


def test_bytes_are_no_text(cms: Cms) -> None:
    cms.run(
        f"CREATE TABLE articles (id integer, title text, date text, cover {'bytea' if cms.is_postgresql else 'blob'})"
    )
    cms.insert({"id": 1, "title": "One", "date": "2026-01-01", "cover": b"\x89PNG"})
    cms.insert({"id": 2, "title": "Two", "date": "2026-01-02", "cover": None})
    assert refused(cms.table(), "articles?id=1") == (
        "articles?id=1: cover: is binary (leave it out of the query, or make text of it, as by convert_from(…, 'UTF8'))"
    )
    assert published(cms.table(), "articles?id=2").title == "Two"


def test_a_row_that_is_too_large_is_refused(cms: Cms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "LARGEST", 1 << 20)
    cms.run(PLAIN)
    cms.insert(article(1, content="x" * (1 << 20)))
    assert refused(cms.table(), "articles?id=1") == (
        "articles?id=1: is larger than 1 MiB (split it, or make it smaller)"
    )


@pytest.mark.parametrize(
    ("columns", "settings", "problem"),
    [
        ("id, titel, date", {}, "query gives no column title, but id, titel, date (did you mean titel AS title?)"),
        ("id, title", {}, "query gives no column date, but id, title (name the one that it is, with AS date)"),
        ("nr, title, date", {}, "query gives no column id, but nr, title, date (name the one that it is, with AS id)"),
        (
            "id, title, date, modified",
            {"updated": "modifed"},
            "query gives no column modifed, but id, title, date, modified (did you mean modified AS modifed?)",
        ),
    ],
)
def test_a_column_that_is_missing_is_named_with_those_that_are_there(
    cms: Cms, columns: str, settings: dict[str, str], problem: str
) -> None:
    cms.run(f"CREATE TABLE articles ({', '.join(f'{column} text' for column in columns.split(', '))})")
    assert trouble(cms.table(**settings)) == f"feedsvc.toml: {problem}"


def test_two_columns_of_one_name_are_told(postgresql_cms: Cms) -> None:
    postgresql_cms.run(PLAIN)
    source = postgresql_cms.table('SELECT *, title AS "Title" FROM articles')
    assert trouble(source) == "feedsvc.toml: query gives two columns title (name each once, with AS)"


def test_what_the_database_says_is_told_with_a_cure_and_without_the_password(cms: Cms) -> None:
    cms.run(PLAIN)
    said = trouble(cms.table("SELECT id, titel FROM articles"))
    assert "titel" in said
    assert said.endswith("(correct `query` in feedsvc.toml)")
    assert PASSWORD not in said
    assert "\n" not in said
    assert "nowhere" in trouble(cms.table("SELECT * FROM nowhere"))


def test_a_hint_of_postgresql_is_told_too(postgresql_cms: Cms) -> None:
    postgresql_cms.run(PLAIN)
    said = trouble(postgresql_cms.table("SELECT id, titel FROM articles"))
    assert 'column "titel" does not exist. Perhaps you meant to reference the column "articles.title"' in said


def test_what_may_not_be_read_is_told_so(postgresql_cms: Cms) -> None:
    postgresql_cms.run(PLAIN, "CREATE ROLE reader", "SET ROLE reader")
    url = f"{postgresql_cms.url}&options=-c%20role%3Dreader"
    source = open_source(url, table=Settings(query="SELECT * FROM articles"))
    with pytest.raises(SourceError, match=r"permission denied for table articles \(let the user of `source` SELECT"):
        dict(source.scan())
    postgresql_cms.run("DROP ROLE reader")


def test_a_query_that_takes_too_long_is_cut(postgresql_cms: Cms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "LONGEST_STATEMENT", 1)
    postgresql_cms.run(PLAIN)
    postgresql_cms.insert(article(1))
    said = trouble(postgresql_cms.table("SELECT *, pg_sleep(20)::text AS slept FROM articles"))
    assert "(make the query answer within 1 seconds, with an index or fewer rows)" in said


def test_a_database_that_is_not_there_is_told_without_the_password(postgresql_cms: Cms) -> None:
    url = f"postgresql://ada:{PASSWORD}@127.0.0.1:1/cms"
    with pytest.raises(SourceError) as caught:
        open_source(url, table=postgresql_cms.table()._settings).scan()
    said = str(caught.value)
    assert said.startswith("postgresql://ada:***@127.0.0.1:1/cms: ")
    assert said.endswith("(see that the database runs and lets feedsvc in, or correct `source` in feedsvc.toml)")
    assert PASSWORD not in said


def test_a_connection_that_was_cut_is_made_again(postgresql_cms: Cms) -> None:
    postgresql_cms.run(PLAIN)
    source = postgresql_cms.table()
    dict(source.scan())
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'feedsvc'"
    postgresql_cms.run(cut)
    assert dict(source.scan()) == {}


def test_a_file_that_is_not_there_is_not_made(sqlite_cms: Cms) -> None:
    path = sqlite_cms.folder / "cms.db"
    assert trouble(sqlite_cms.table()) == (
        f"sqlite:///cms.db: there is no file {path} (correct `source` in feedsvc.toml)"
    )
    assert not path.exists()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("sqlite://", "names no file"),
        ("postgresql://ada@[::1/cms", "is not the URL of a database"),
        ("postgresql://db.example:port/cms", "is not the URL of a database"),
    ],
)
def test_a_url_that_names_no_database_is_refused(url: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=problem):
        open_source(url, table=Settings(query="SELECT 1"), folder=tmp_path)


def test_a_database_without_a_query_is_refused() -> None:
    with pytest.raises(SourceError, match=r"^sqlite:///cms.db: needs a query \(write `source` and `query` into"):
        open_source("sqlite:///cms.db")


def test_a_driver_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SourceError, match=r"is not installed \(pip install 'feedsvc\[postgresql\]'\)"):
        open_source("postgres://db.example/cms", table=Settings(query="SELECT 1"))


# Reading only


def test_nothing_can_be_written_to_postgresql(postgresql_cms: Cms) -> None:
    postgresql_cms.run(
        PLAIN,
        """
        CREATE FUNCTION bad() RETURNS SETOF articles LANGUAGE sql AS
        $$INSERT INTO articles VALUES (1, 'One', '2026-01-01', 'x') RETURNING *$$
        """,
    )
    said = trouble(postgresql_cms.table("SELECT * FROM bad()"))
    assert "cannot execute INSERT in a read-only transaction" in said


def test_nothing_can_be_written_to_sqlite(sqlite_cms: Cms) -> None:
    sqlite_cms.run(PLAIN)
    with (
        pytest.raises(SourceError, match="attempt to write a readonly database"),
        sqlite_cms.table()._database.reading() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM articles")


def test_a_sqlite_file_that_another_program_is_writing_to_is_read(sqlite_cms: Cms) -> None:
    sqlite_cms.run("PRAGMA journal_mode = WAL", PLAIN)
    writer = sqlite_cms.connect()
    writer.execute("INSERT INTO articles VALUES (1, 'One', '2026-01-01', 'x')")
    source = sqlite_cms.table()
    assert dict(source.scan()) == {}
    writer.commit()
    assert list(dict(source.scan())) == ["articles?id=1"]
    writer.close()


# Values


def test_the_types_of_postgresql_are_read_as_what_they_are(postgresql_cms: Cms) -> None:
    postgresql_cms.run(
        """
        CREATE TABLE articles (id uuid, title varchar(50), date timestamptz, updated timestamp, expires date,
          tags text[], authors jsonb, draft boolean, content text, rating numeric, views bigint, size real)
        """,
        """
        INSERT INTO articles VALUES ('0189d0c5-0000-7000-8000-000000000001', 'One', '2026-05-20 14:30+02',
          '2026-05-21 09:00:00.5', '2099-01-01', ARRAY['Harbour', 'Ferries, old'],
          '[{"name": "Ada Example", "uri": "https://example.org/ada", "email": null}]', false, 'x', 4.50, 7, 0.5)
        """,
    )
    source = postgresql_cms.table()
    address = "articles?id=0189d0c5-0000-7000-8000-000000000001"
    assert read(source, address) == {
        "id": "0189d0c5-0000-7000-8000-000000000001",
        "title": "One",
        "date": "2026-05-20 12:30:00+00",
        "updated": "2026-05-21 09:00:00.5",
        "expires": "2099-01-01",
        "tags": ["Harbour", "Ferries, old"],
        "authors": [{"name": "Ada Example", "uri": "https://example.org/ada"}],
        "draft": False,
        "content": "x",
        "rating": "4.50",
        "views": 7,
        "size": "0.5",
    }
    found = published(source, address)
    assert found.id == "urn:uuid:0189d0c5-0000-7000-8000-000000000001"
    assert [each.term for each in found.categories] == ["Harbour", "Ferries, old"]
    assert [each.name for each in found.authors] == ["Ada Example"]


def test_instants_do_not_depend_on_the_zone_that_a_session_has(postgresql_cms: Cms) -> None:
    name = postgresql_cms.url.partition("?")[0].rpartition("/")[2]
    postgresql_cms.run(
        "CREATE TABLE articles (id int, title text, date timestamptz)",
        f"ALTER DATABASE {name} SET timezone = 'Asia/Tokyo'",
        f"ALTER DATABASE {name} SET datestyle = 'SQL, DMY'",
        "INSERT INTO articles VALUES (1, 'One', '2026-05-20 23:30Z')",
    )
    assert read(postgresql_cms.table(), "articles?id=1")["date"] == "2026-05-20 23:30:00+00"


def test_a_time_without_a_zone_is_in_the_site_s(cms: Cms) -> None:
    cms.run(f"CREATE TABLE articles (id integer, title text, date {'timestamp' if cms.is_postgresql else 'text'})")
    cms.insert({"id": 1, "title": "One", "date": "2026-07-01 12:00:00"})
    dict(cms.table().scan())
    source = cms.table()
    dict(source.scan())
    record = source.read("articles?id=1")
    assert record is not None
    (found,) = check(record, site=SITE.__class__(base_url=SITE.base_url, zone="Europe/Berlin"))
    assert found.article is not None
    assert found.article.published.isoformat() == "2026-07-01T10:00:00+00:00"


def test_an_instant_that_python_does_not_know_is_the_fault_of_its_row_only(postgresql_cms: Cms) -> None:
    postgresql_cms.run(
        "CREATE TABLE articles (id int, title text, date timestamptz)",
        "INSERT INTO articles VALUES (1, 'One', 'infinity'), (2, 'Two', '0044-03-15 BC'), (3, 'Three', '2026-01-01')",
    )
    source = postgresql_cms.table()
    assert "'infinity' is not a date" in faults(source, "articles?id=1")[0]
    assert "BC' is not a date" in faults(source, "articles?id=2")[0]
    assert published(source, "articles?id=3").title == "Three"


def test_lists_in_sqlite_are_json_or_text_with_commas(sqlite_cms: Cms) -> None:
    sqlite_cms.run("CREATE TABLE articles (id integer, title text, date text, tags text, authors text, draft integer)")
    row = {"id": 1, "title": "[1] One", "date": "2026-01-01"}
    sqlite_cms.insert(
        row | {"tags": '["Harbour", "Ferries, old"]', "authors": '[{"name": "Ada"}, {"name": "Ben"}]', "draft": 0},
        row | {"id": 2, "tags": "Harbour, Ferries", "authors": "Ada, Ben", "draft": None},
        row | {"id": 3, "tags": "[sic", "draft": 1},
        row | {"id": 4, "tags": "[1] [2]"},
    )
    source = sqlite_cms.table()
    first, second = published(source, "articles?id=1"), published(source, "articles?id=2")
    assert [each.term for each in first.categories] == ["Harbour", "Ferries, old"]
    assert [each.term for each in second.categories] == ["Harbour", "Ferries"]
    assert [each.name for each in first.authors] == [each.name for each in second.authors] == ["Ada", "Ben"]
    assert first.title == "[1] One"
    assert checked(source, "articles?id=3").aside == "a draft"
    assert [each.term for each in published(source, "articles?id=4").categories] == ["[1] [2]"]


def test_characters_that_no_feed_can_carry_are_told_and_left_out(sqlite_cms: Cms) -> None:
    sqlite_cms.run(PLAIN)
    sqlite_cms.insert(article(1, content="a\0b"))
    sqlite_cms.run("INSERT INTO articles VALUES (2, 'Two', '2026-01-01', CAST(X'61FF62' AS text))")
    source = sqlite_cms.table()
    assert faults(source, "articles?id=1") == [
        "articles?id=1: warning: holds U+0000, which no feed can carry, and is shown without it (remove U+0000)"
    ]
    assert "U+DCFF" in faults(source, "articles?id=2")[0]
    assert published(source, "articles?id=1").source == published(source, "articles?id=2").source == "ab"


def test_line_ends_of_browsers_are_those_of_files(sqlite_cms: Cms) -> None:
    sqlite_cms.run(PLAIN)
    sqlite_cms.insert(article(1, content="one\r\n\r\ntwo\rthree"))
    assert published(sqlite_cms.table(), "articles?id=1").source == "one\n\ntwo\nthree"


@pytest.mark.parametrize(
    ("columns", "markup"),
    [
        ({"content": "<p>One</p>"}, "html"),
        ({"content": "One *two*"}, "markdown"),
        ({"content": "One *two*", "markup": "HTML"}, "html"),
        ({"content": "<p>One</p>", "markup": "md"}, "markdown"),
        ({"content": "<p>One</p>", "format": "plain"}, "text"),
        ({"content": "<p>One</p>", "format": "aside"}, "html"),
        ({"content": "<p>One</p>", "markup": " "}, "html"),
    ],
)
def test_a_column_says_what_the_text_is_written_in(sqlite_cms: Cms, columns: dict[str, str], markup: str) -> None:
    sqlite_cms.run("CREATE TABLE articles (id integer, title text, date text, content text, markup text, format text)")
    sqlite_cms.insert(article(1) | columns)
    assert published(sqlite_cms.table(), "articles?id=1").markup == markup


def test_a_markup_that_is_not_known_is_an_error(sqlite_cms: Cms) -> None:
    sqlite_cms.run("CREATE TABLE articles (id integer, title text, date text, content text, markup text)")
    sqlite_cms.insert(article(1, markup="bbcode"))
    assert faults(sqlite_cms.table(), "articles?id=1") == [
        "articles?id=1: markup: 'bbcode' is not known (write one of markdown, mdx, html, text)"
    ]


@pytest.mark.parametrize(
    ("key", "address", "slug"),
    [
        ("my-article", "articles?id=my-article", "my-article"),
        ("2026-05-20-ferry", "articles?id=2026-05-20-ferry", "2026-05-20-ferry"),
        ("/2026/ferry.html", "articles?id=%2F2026%2Fferry%2Ehtml", "2026-ferry.html"),
        ("README.png", "articles?id=README%2Epng", "readme.png"),
        ("Ä b", "articles?id=Ä%20b", "ä-b"),
        ("x" * 300, f"articles?id={'x' * 200}%7E0d4e2ca9", "x" * 200),
    ],
)
def test_a_row_is_named_by_its_key(sqlite_cms: Cms, key: str, address: str, slug: str) -> None:
    sqlite_cms.run("CREATE TABLE articles (id text, title text, date text, content text)")
    sqlite_cms.insert(article(1) | {"id": key})
    source = sqlite_cms.table()
    (found,) = dict(source.scan())
    assert (found, published(source, found).slug) == (address, slug)


@pytest.mark.parametrize(
    "key", ["integer", "bigint", "text", "varchar(20)", "char(20)", "numeric", "timestamptz", "double precision"]
)
def test_a_key_of_any_type_is_found_again(postgresql_cms: Cms, key: str) -> None:
    value = "'2026-01-01'" if key == "timestamptz" else "'17'" if "char" in key or key == "text" else "17"
    postgresql_cms.run(
        f"CREATE TABLE articles (nr {key}, title text, date text)",
        f"INSERT INTO articles VALUES ({value}, 'One', '2026-01-01')",  # noqa: S608 - our own
    )
    source = postgresql_cms.table(key="nr")
    (address,) = dict(source.scan())
    assert published(source, address).title == "One"


# Queries


def test_a_query_may_hold_anything_that_sql_may(cms: Cms) -> None:
    cms.run(PLAIN)
    cms.insert(article(1, content="at 12:30, 100 % sure"), article(2))
    query = """
        WITH chosen AS (SELECT * FROM articles)
        SELECT id AS "ID", title || ' :x' AS title, date, content
        FROM chosen WHERE content LIKE '%12:30%' -- the last; of all
    """
    source = cms.table(query)
    assert list(dict(source.scan())) == ["chosen?id=1"]
    assert read(source, "chosen?id=1")["title"] == "Title 1 :x"
    if cms.is_postgresql:
        as_text = cms.table("SELECT id::text, title, date FROM articles WHERE id::int = 1")
        assert list(dict(as_text.scan())) == ["articles?id=1"]


# Finding what changed


def test_with_a_column_for_changes_no_text_is_fetched_for_a_look(cms: Cms) -> None:
    cms.run(DATED)
    cms.insert(article(1, updated="2026-01-01 10:00:00"))
    source = cms.table()
    with statements(source) as found:
        dict(source.scan())
    assert any('SELECT "id", "updated" FROM' in each for each in found)
    assert all("WHERE 1 = 0" in each for each in found if "SELECT *" in each.splitlines()[0])


def test_where_nothing_changed_the_rows_are_not_looked_at_again(cms: Cms) -> None:
    cms.run(DATED)
    cms.insert(article(1, updated="2026-01-01 10:00:00"), article(2, updated=None))
    source = settled(cms, cms.table())
    before = source._marks
    with statements(source) as found:
        assert dict(source.scan()) == before
    assert source._marks is before
    assert not any('SELECT "id", "updated" FROM' in each for each in found)
    cms.run("UPDATE articles SET updated = '2026-01-01 10:00:01' WHERE id = 2")
    assert values(dict(source.scan())) != values(before)


def test_where_a_sqlite_file_was_not_written_to_no_row_is_read_for_its_digest(sqlite_cms: Cms) -> None:
    sqlite_cms.run(PLAIN)
    sqlite_cms.insert(article(1))
    source = settled(sqlite_cms, sqlite_cms.table())
    before = source._marks
    assert dict(source.scan()) == before
    assert source._marks is before
    sqlite_cms.run("UPDATE articles SET title = 'Another'")
    assert values(dict(source.scan())) != values(before)


def settled(cms: Cms, source: Table) -> Table:
    """A source of which all that there is is old."""
    if not cms.is_postgresql:
        os.utime(cms.place, (0, 0))
    source._youth._clock = iter(range(0, 100, 10)).__next__
    dict(source.scan())
    dict(source.scan())
    return source


def test_with_a_column_for_changes_only_it_counts(cms: Cms) -> None:
    cms.run(DATED)
    cms.insert(article(1, updated="2026-01-01 10:00:00"), article(2, updated=None))
    source = cms.table()
    before = dict(source.scan())
    cms.run("UPDATE articles SET title = 'silently'")
    assert values(dict(source.scan())) == values(before)
    cms.run("UPDATE articles SET updated = '2026-01-01 10:00:01' WHERE id = 2")
    assert [each for each, mark in values(dict(source.scan())).items() if mark != values(before)[each]] == [
        "articles?id=2"
    ]


def values(marks: Mapping[str, Any]) -> dict[str, str]:
    return {address: mark.value for address, mark in marks.items()}


def test_another_query_makes_other_marks(cms: Cms) -> None:
    cms.run(DATED)
    cms.insert(article(1, updated="2026-01-01 10:00:00"))
    other = cms.table("SELECT id, title, date, updated FROM articles")
    assert values(dict(other.scan())) != values(dict(cms.table().scan()))


@pytest.mark.parametrize("updated", ["2026-01-01", "some day", None])
def test_a_column_that_tells_no_time_of_day_is_not_relied_on(cms: Cms, updated: str | None) -> None:
    cms.run(DATED)
    cms.insert(article(1, updated=updated), article(2, updated="2026-01-02"))
    source = cms.table()
    before = dict(source.scan())
    cms.run("UPDATE articles SET title = 'Another' WHERE id = 1")
    after = dict(source.scan())
    assert [each for each in after if after[each] != before[each]] == ["articles?id=1"]


def test_what_changed_last_may_change_again_in_the_same_second(cms: Cms) -> None:
    cms.run(DATED)
    cms.insert(article(1, updated="2026-01-01 10:00:00"), article(2, updated="2026-01-01 11:00:00"))
    marks = dict(cms.table().scan())
    assert [marks[f"articles?id={number}"].is_settled for number in (1, 2)] == [True, False]


def test_many_rows_are_read_by_few_statements(cms: Cms) -> None:
    cms.run(DATED)
    cms.insert(*(article(number, updated="2026-01-01 10:00:00") for number in range(1000)))
    source = cms.table()
    with statements(source) as found:
        for address in dict(source.scan()):
            record = source.read(address)
            assert record is not None
            assert f'"title":"Title {address.partition("=")[2]}"'.encode() in record.body
    assert sum(" IN (" in each for each in found) < 10
    assert len(source._fetched) <= MOST


def test_rows_that_changed_are_read_together_wherever_they_stand(cms: Cms) -> None:
    cms.run(PLAIN)
    cms.insert(*(article(number) for number in range(500)))
    source = cms.table()
    for _ in range(4):
        dict(source.scan())
    cms.run("UPDATE articles SET title = 'Another' WHERE id % 10 = 0")
    before, after = source._marks, dict(source.scan())
    changed = [each for each in after if after[each] != before[each]]
    with statements(source) as found:
        assert all(b"Another" in source.read(each).body for each in changed)  # type: ignore[union-attr]
    assert len(changed) == 50
    assert sum(" IN (" in each for each in found) < 5


def test_large_rows_are_read_a_few_at_a_time(sqlite_cms: Cms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedsvc.sources.ahead._HEAVY", 1000)
    sqlite_cms.run(PLAIN)
    sqlite_cms.insert(*(article(number, content="x" * 500) for number in range(100)))
    source = sqlite_cms.table()
    most = 0
    for address in dict(source.scan()):
        assert source.read(address) is not None
        most = max(most, len(source._fetched))
    assert most < 8


def test_a_table_asks_to_be_looked_at_as_often_as_is_set(sqlite_cms: Cms) -> None:
    sqlite_cms.run(PLAIN)
    source = sqlite_cms.table(interval=7)
    assert source.polled == 7
    assert source.root is None
