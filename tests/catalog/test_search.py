"""What is found by its words, the same in every database; and that nothing is that does not show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from dialects import SQLITE_ONLY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import text as sql
from sqlalchemy.dialects import sqlite

from feedsvc.catalog import facts, fulltext
from feedsvc.catalog.syncing.indexing import _TO_INDEX, FEW, LIGHT, MOST, fill, tidy
from feedsvc.config import ChannelSettings
from feedsvc.entries import words
from feedsvc.text.search import sought

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from house import House
    from sqlalchemy import Connection

    from feedsvc.model import Article


def index(house: House) -> None:
    while fill(house.catalog, words):
        pass


def found(house: House, typed: str) -> list[str]:
    with house.catalog.snapshot() as snapshot:
        numbers = snapshot.search.find(sought(typed), int(house.clock()))
        return [article.title for article in snapshot.search.articles(numbers)] if numbers else []


@pytest.fixture
def filled(house: House) -> House:
    house.write("a.md", date="2026-01-02", title="Harbour strike", text="The **old pier** is shut. 東京タワーは高い。")
    house.write("b.md", date="2026-01-03", title="Other", summary="About the harbour", text="Nothing [here](x.html).")
    house.write("c.md", date="2026-01-04", title="Third", text="In the harbour: café.\n\n## Old days\n\nThe pier.")
    house.sync()
    index(house)
    return house


TYPED = {
    "harbour": ["Harbour strike", "Other", "Third"],  # in the title, in the summary, in the text
    "HARBOUR": ["Harbour strike", "Other", "Third"],
    "harbour strike": ["Harbour strike"],
    "strike harbour": ["Harbour strike"],
    "harb": ["Harbour strike", "Other", "Third"],
    "ha": [],
    "harb strike": [],
    '"harb"': [],
    "harbour -cafe": ["Harbour strike", "Other"],
    "-cafe": [],
    "cafe": ["Third"],
    "CAFÉ": ["Third"],
    "old pier": ["Third", "Harbour strike"],
    '"old pier"': ["Harbour strike"],
    '"old pier': ["Harbour strike"],
    "“old pier”": ["Harbour strike"],
    '"pier old"': [],
    '"strike the"': [],  # no phrase goes from the title into the text
    "old-days": ["Third"],
    "東京": ["Harbour strike"],
    "タワー": ["Harbour strike"],
    "高": ["Harbour strike"],
    "京高": [],
    "html": [],  # what only an address says
    "nothing here": ["Other"],
    "": [],
    '"': [],
    "'": [],
    "a:b & c | !d": [],
    "harbour OR strike": [],
    "NEAR(harbour strike)": [],
    "harbour*": ["Harbour strike", "Other", "Third"],
}


def test_what_people_type_is_found(filled: House) -> None:
    assert {typed: found(filled, typed) for typed in TYPED} == TYPED


IN_PARTS = """
**北海**道と<ruby>大<rt>おお</rt>阪<rt>さか</rt></ruby>。ここで
折り返し。

神奈

川。H<sub>2</sub>O, **Ver**waltung, foo<wbr>bar, Schiff&shy;fahrt, one<br>two.

- three
- four
"""


def test_a_word_is_whole_whatever_it_is_marked_up_with(house: House) -> None:
    house.write("a.md", title="A", text=IN_PARTS)
    house.sync()
    index(house)
    whole = (
        "北海道",
        "大阪",
        "ここで折り返し",
        "H2O",
        "Verwaltung",
        "foobar",
        "Schifffahrt",
        "Schiff\u00adfahrt",
        "one",
        "four",
    )
    assert [typed for typed in whole if not found(house, typed)] == []
    assert [typed for typed in ("神奈川", "おお", "onetwo", "threefour", "shy") if found(house, typed)] == []


def test_the_newest_come_first_and_equal_instants_as_in_every_list(house: House) -> None:
    for name in "abcd":
        house.write(f"{name}.md", title=name, date="2026-01-02", id=f"https://lantern.example/{name}", text="Tide.")
    house.write("older.md", title="older", date="1969-01-02", text="Tide.")
    house.write("newer.md", title="newer", date="2026-01-03", text="Tide.")
    house.sync()
    index(house)
    assert found(house, "tide") == ["newer", "d", "c", "b", "a", "older"]
    assert found(house, "tide") == house.titles()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_whatever_is_typed_has_an_answer(filled: House, typed: str) -> None:
    assert set(found(filled, typed)) <= {"Harbour strike", "Other", "Third"}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_whatever_is_written_can_be_put_into_the_index(house: House, written: str) -> None:
    with house.catalog.database.writing() as connection:
        connection.execute(sql("DELETE FROM search_text" if connection.dialect.name != "sqlite" else "SELECT 1"))
        fulltext.drop(connection)
        fulltext.create(connection)
        each = written.split()
        fulltext.put(connection, [fulltext.Text(1, each, (), each * 9)])
        assert fulltext.size(connection) == 1


def test_of_a_long_text_the_same_is_found_everywhere_and_it_keeps_no_other_from_it(house: House) -> None:
    many = " ".join(f"{number:x}".rjust(64, "w") for number in range(16_100))
    house.write("long.md", date="2026-01-05", title="Long", text=many)
    house.write("prose.md", date="2026-01-04", title="Prose", text="sea " * 15_997 + "platypus burrow wombat")
    house.write("short.md", date="2026-01-03", title="Short", text="A platypus.")
    house.sync()
    index(house)
    assert found(house, "platypus") == ["Prose", "Short"]
    assert found(house, '"platypus burrow"') == ["Prose"]
    assert found(house, "wombat") == []
    assert found(house, "w" * 63 + "1") == ["Long"]
    assert found(house, f"{16_050:x}".rjust(64, "w")) == []
    with house.catalog.snapshot() as snapshot:
        assert snapshot.search.is_whole


def test_a_text_that_cannot_be_put_in_is_told_and_keeps_no_other_from_it(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(3):
        house.write(f"{number}.md", title=f"Number {number}", text="Tide.")
    house.sync()
    put = fulltext.put

    def unless_it_is_the_second(connection: Connection, texts: Sequence[fulltext.Text]) -> None:
        put(connection, texts)
        if any("1" in each.title for each in texts):
            connection.execute(sql("SELECT nothing FROM nowhere"))

    monkeypatch.setattr(fulltext, "put", unless_it_is_the_second)
    index(house)
    assert found(house, "tide") == ["Number 2", "Number 0"]
    (told,) = caplog.records
    assert told.getMessage() == "1.md: its words cannot be searched for"
    with house.catalog.snapshot() as snapshot:
        assert snapshot.search.is_whole


@pytest.mark.parametrize(
    "keys",
    [
        {"draft": "true"},
        {"date": "2026-01-11"},
        {"expires": "2026-01-09"},
        {"withdrawn": "2026-01-09"},
        {"audience": "[members]"},
    ],
    ids=lambda keys: next(iter(keys)),
)
def test_what_does_not_show_is_not_found(house: House, keys: dict[str, str]) -> None:
    members = ChannelSettings(name="channels/members", private=True)
    house.site = replace(house.site, channels=(members,))
    house.write("shown.md", title="Shown", text="Tide.")
    house.write("hidden.md", title="Hidden", text="Tide and secrets.", **keys)
    house.sync()
    index(house)
    assert (found(house, "tide"), found(house, "secrets")) == (["Shown"], [])


def test_what_time_or_an_edit_hides_is_not_found_from_that_instant_on(house: House) -> None:
    house.write("later.md", title="Later", date="2026-01-10T13:00:00Z", text="Tide.")
    house.write("expires.md", title="Expires", expires="2026-01-10T13:00:00Z", text="Tide.")
    house.write("removed.md", title="Removed", text="Tide.")
    house.sync()
    index(house)
    assert sorted(found(house, "tide")) == ["Expires", "Removed"]
    house.clock.now += 3600
    assert sorted(found(house, "tide")) == ["Later", "Removed"]
    house.remove("removed.md")
    house.sync_after()
    assert found(house, "tide") == ["Later"]


def test_an_edit_s_old_words_are_gone_at_once_and_its_new_ones_come(house: House) -> None:
    house.write("a.md", title="A", text="Ebb.")
    house.write("b.md", title="B", text="Ebb.")
    house.sync()
    index(house)
    house.write("b.md", title="B", text="Flood.")
    house.sync_after()
    assert (found(house, "ebb"), found(house, "flood")) == (["A"], [])
    index(house)
    assert (found(house, "ebb"), found(house, "flood")) == (["A"], ["B"])


def test_a_few_edits_are_found_with_their_revision(filled: House) -> None:
    filled.words = words
    filled.write("b.md", date="2026-01-03", title="Other", text="Flood.")
    filled.write("d.md", title="Fourth", text="Flood.")
    filled.remove("a.md")
    assert filled.sync_after(places=["a.md", "b.md", "d.md"]).is_indexed
    assert (found(filled, "harbour"), found(filled, "flood")) == (["Third"], ["Other", "Fourth"])
    with filled.catalog.snapshot() as snapshot:
        assert snapshot.search.is_whole
    filled.write("d.md", title="Fourth", text="Ebb.")
    assert filled.sync_after(places=["d.md"]).is_indexed
    assert (found(filled, "ebb"), found(filled, "flood")) == (["Fourth"], ["Other"])
    assert not fill(filled.catalog, words)


def test_more_than_a_few_edits_are_left_for_later(filled: House) -> None:
    filled.words = words
    for number in range(FEW + 1):
        filled.write(f"{number}.md", title=f"Number {number}", text="Flood.")
    assert not filled.sync_after().is_indexed
    assert found(filled, "flood") == []
    index(filled)
    assert len(found(filled, "flood")) == FEW + 1


def test_no_revision_waits_for_a_long_text(filled: House) -> None:
    filled.words = words
    filled.write("b.md", title="Long", text="Flood. " * (LIGHT // 7 + 1))
    assert not filled.sync_after().is_indexed
    assert found(filled, "flood") == []
    index(filled)
    assert found(filled, "flood") == ["Long"]


def test_while_much_is_missing_nothing_is_put_in_beside_it(house: House) -> None:
    house.words = words
    house.write("a.md", title="A", text="Ebb.")
    assert not house.sync().is_indexed
    house.write("b.md", title="B", text="Flood.")
    assert not house.sync_after(places=["b.md"]).is_indexed
    assert (found(house, "ebb"), found(house, "flood")) == ([], [])
    index(house)
    assert (found(house, "ebb"), found(house, "flood")) == (["A"], ["B"])


def failing(connection: Connection) -> None:
    connection.execute(sql("SELECT nothing FROM nowhere"))


def ending(connection: Connection) -> None:
    """Leaves nothing for the end of a savepoint: it fails, and what was done before it is still there."""
    nested = connection.get_nested_transaction()
    assert nested is not None
    connection.execute(sql(f"RELEASE SAVEPOINT {nested._savepoint}"))


def missing_memory(_connection: Connection) -> None:
    raise MemoryError


@pytest.mark.parametrize("fails", [failing, ending, missing_memory])
def test_no_revision_waits_for_words_that_cannot_be_put_in(
    filled: House,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fails: Callable[[Connection], None],
) -> None:
    put = fulltext.put

    def broken(connection: Connection, texts: Sequence[fulltext.Text]) -> None:
        put(connection, texts)
        fails(connection)

    filled.words = words
    filled.write("b.md", date="2026-01-03", title="Mended", text="Flood.")
    with monkeypatch.context() as patch:
        patch.setattr(fulltext, "put", broken)
        outcome = filled.sync_after()
    assert (outcome.revision is not None, outcome.is_indexed) == (True, False)
    assert filled.titles() == ["Third", "Mended", "Harbour strike"]
    (told,) = caplog.records
    assert "the words of b.md, and of what came with it, are put into the index later: " in told.getMessage()
    assert found(filled, "flood") == []
    index(filled)
    assert found(filled, "flood") == ["Mended"]


@SQLITE_ONLY
def test_where_the_words_find_no_room_the_revision_is_committed_all_the_same(
    filled: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = fulltext.put

    def without_room(connection: Connection, texts: Sequence[fulltext.Text]) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        put(connection, texts)

    filled.words = words
    filled.write("b.md", date="2026-01-03", title="Mended", text=" ".join(f"flood{n}" for n in range(9_000)))
    with monkeypatch.context() as patch:
        patch.setattr(fulltext, "put", without_room)
        outcome = filled.sync_after()
    with filled.catalog.snapshot() as snapshot:
        assert (outcome.revision, outcome.is_indexed) == (snapshot.revision, False)
    assert filled.titles() == ["Third", "Mended", "Harbour strike"]
    filled.catalog.close()  # the limit is its connection's
    index(filled)
    assert found(filled, "flood8999") == ["Mended"]


class Panic(BaseException):
    """As a renderer that is not written in Python raises."""


@pytest.mark.parametrize("error", [RecursionError, Panic])
def test_a_text_whose_words_cannot_be_told_is_published_and_keeps_no_other_from_being_found(
    filled: House, caplog: pytest.LogCaptureFixture, error: type[BaseException]
) -> None:
    def wordless(article: Article) -> tuple[str, str, str]:
        if article.title == "Odd":
            raise error
        return words(article)

    filled.words = wordless
    filled.write("b.md", date="2026-01-03", title="Odd", text="Flood.")
    filled.write("d.md", title="Fourth", text="Flood.")
    assert filled.sync_after().is_indexed
    assert filled.titles() == ["Third", "Odd", "Harbour strike", "Fourth"]
    assert found(filled, "flood") == ["Fourth"]
    assert [each.getMessage() for each in caplog.records] == ["b.md: its words cannot be searched for"]


def test_it_comes_in_parts_and_says_when_it_is_whole(house: House) -> None:
    for number in range(MOST + 1):
        house.write(f"{number}.md", title=f"T{number}", date=f"20{number:02}-01-01", text="Tide.")
    house.sync()
    assert fill(house.catalog, words)
    with house.catalog.snapshot() as snapshot:
        assert not snapshot.search.is_whole
    assert found(house, "tide") == house.titles()[:MOST]  # the newest first
    assert not fill(house.catalog, words)
    with house.catalog.snapshot() as snapshot:
        assert snapshot.search.is_whole
    assert found(house, "tide") == house.titles()
    revision = house.modified()
    assert not fill(house.catalog, words)
    assert house.modified() == revision


def test_what_a_sync_overtakes_is_read_again(house: House) -> None:
    house.write("a.md", title="A", text="Ebb.")
    house.sync()

    def slowly(article: object) -> tuple[str, str, str]:
        house.write("a.md", title="A", text="Flood.")
        house.sync_after()
        return words(article)  # type: ignore[arg-type]

    assert fill(house.catalog, slowly)
    assert (found(house, "ebb"), found(house, "flood")) == ([], [])
    index(house)
    assert (found(house, "ebb"), found(house, "flood")) == ([], ["A"])


def test_what_leads_nowhere_any_more_is_let_go_of(filled: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedsvc.catalog.syncing.indexing._SLACK", 0)
    tidy(filled.catalog)
    assert found(filled, "harbour") == ["Harbour strike", "Other", "Third"]
    for number in range(4):
        filled.write("b.md", date="2026-01-03", title="Other", text=f"Number {number}.")
        filled.sync_after()
        index(filled)
    with filled.catalog.database.reading() as connection:
        assert fulltext.size(connection) == 7
    tidy(filled.catalog)
    assert found(filled, "harbour") == []
    index(filled)
    assert found(filled, "harbour") == ["Harbour strike", "Third"]
    with filled.catalog.database.reading() as connection:
        assert fulltext.size(connection) == 3


def test_texts_that_were_cut_in_another_way_are_put_in_anew(filled: House) -> None:
    with filled.catalog.database.writing() as connection:
        facts.put(connection, facts.SEARCHABLE, "0")
    tidy(filled.catalog)
    assert found(filled, "harbour") == []
    index(filled)
    assert found(filled, "harbour") == ["Harbour strike", "Other", "Third"]


@SQLITE_ONLY
def test_what_is_to_be_indexed_is_found_without_looking_at_all_else(house: House) -> None:
    statement = str(_TO_INDEX.compile(dialect=sqlite.dialect())).replace("LIMIT ? OFFSET ?", f"LIMIT {MOST}")
    with house.catalog.database.reading() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
    assert plan[0] == "SCAN article USING INDEX article_to_index"
    assert not [step for step in plan if "TEMP B-TREE" in step]


@pytest.mark.parametrize("token", ["a" * 64, "я" * 64, "𝒶" * 64])
def test_of_long_words_so_many_have_room_as_their_bytes_say(token: str) -> None:
    """What is cut by its bytes may well have few tokens."""
    fits = fulltext.MOST_BYTES // len(token.encode())
    short, long = [token] * (fits - 1), [token] * (fits + 100)
    assert fulltext.fitted(1, ([token], [], short)).body == short
    assert fulltext.fitted(1, ([token], [], long)).body == short
