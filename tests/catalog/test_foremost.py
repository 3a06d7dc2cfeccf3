"""Of many articles the newest are published first, and what is made of these is what it will be when all are read."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from house import House
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import func, select

from feedsvc import feeds
from feedsvc.catalog import facts
from feedsvc.catalog.schema import article
from feedsvc.catalog.syncing import SecondTaken, foremost, sync_at, sync_foremost
from feedsvc.catalog.upkeep import findings, report
from feedsvc.cli import holdings
from feedsvc.config import ChannelSettings
from feedsvc.errors import CatalogError, NotReady
from feedsvc.formats import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

    from feedsvc.catalog.syncing import Outcome

ENTRIES = 3
MANY = 60


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foremost, "LEAST", MANY // 2)


@pytest.fixture
def house(house: House) -> House:
    house.site = replace(house.site, entries=ENTRIES)
    return house


def write_many(house: House, count: int = MANY) -> None:
    for number in range(count):
        house.write(f"{number % 5}/article-{number:03}.md", date=day(number), title=f"Article {number}")


def day(number: int) -> str:
    return f"20{10 + number // 12:02}-{number % 12 + 1:02}-15"


def first(house: House) -> Outcome | None:
    return sync_foremost(house.catalog, house.source, house.terms())


def served(house: House) -> dict[str, bytes]:
    """The site's feeds, of whatever there is."""
    with house.catalog.snapshot(at_first=True) as snapshot:
        now = int(house.clock())
        feed = feeds.feed(snapshot, feeds.channel(snapshot, "", now), now)
    return {name: FORMATS[name].render(feed) for name in FORMATS}


def size(house: House) -> int:
    with house.catalog.database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(article)) or 0


def test_the_newest_are_there_first_and_the_feeds_are_whole(house: House) -> None:
    write_many(house)
    outcome = first(house)
    assert outcome is not None
    assert outcome.is_foremost
    assert outcome.revision is not None
    assert ENTRIES < size(house) < MANY
    found = served(house)
    with pytest.raises(NotReady), house.catalog.snapshot():
        pass
    second = house.sync_after()
    assert second.revision is not None
    assert not second.is_foremost
    assert size(house) == MANY
    with house.catalog.database.reading() as connection:
        assert facts.get(connection, facts.FOREMOST) is None
    assert served(house) == found
    assert house.titles() == [f"Article {number}" for number in range(MANY - 1, MANY - 1 - ENTRIES, -1)]
    assert house.sync_after().revision is None


def test_whoever_looks_is_told_that_not_all_is_there_and_then_that_it_is(house: House) -> None:
    write_many(house)
    first(house)
    before = house.catalog.news(None)
    assert (before.revision, before.is_whole) == (1, False)
    assert house.catalog.news(before).touched == frozenset()
    house.sync_after()
    after = house.catalog.news(before)
    assert (after.revision, after.is_whole, after.touched) == (2, True, None)


def test_who_has_served_all_goes_on_with_that_until_all_is_there_again(house: House, tmp_path: Path) -> None:
    write_many(house)
    house.sync()
    before = house.catalog.news(None)
    anew = House(house.content, str(tmp_path / "anew.db"), house.clock, house.site)
    assert first(anew) is not None
    with pytest.raises(CatalogError, match="was lost and is being made anew"):
        anew.catalog.news(before)
    anew.sync_after()
    assert anew.catalog.news(before).is_whole
    anew.catalog.close()


def test_an_operator_is_told_that_not_all_is_there(house: House) -> None:
    def told() -> bool:
        return any("; the newest only" in line for line in holdings.text(report(house.catalog, int(house.clock()))))

    assert not told()
    write_many(house)
    first(house)
    assert told()
    assert findings(house.catalog) == ()
    house.sync_after()
    assert not told()


def test_a_folder_of_few_is_read_at_once(house: House) -> None:
    write_many(house, MANY // 2 - 1)
    assert first(house) is None
    assert size(house) == 0


def test_only_an_empty_catalog_begins_so(house: House) -> None:
    write_many(house)
    house.sync()
    house.write("later.md", date="2025-12-31")
    assert first(house) is None


def test_it_is_done_once(house: House) -> None:
    write_many(house)
    assert first(house) is not None
    assert first(house) is None


def test_two_revisions_of_one_second_are_none(house: House) -> None:
    write_many(house)
    first(house)
    with pytest.raises(SecondTaken):
        sync_at(house.catalog, house.source, None, house.terms())


@pytest.mark.parametrize(
    "settings",
    [{"order": "updated"}, {"delay": 60}, {"within": 86400}],
)
def test_where_the_feeds_are_not_of_the_newest_all_is_read_at_once(house: House, settings: dict[str, object]) -> None:
    house.site = replace(house.site, channels=(ChannelSettings(name="", **settings),))  # type: ignore[arg-type]
    write_many(house)
    assert first(house) is None


def test_where_too_much_would_have_to_be_read_all_is(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    write_many(house)
    monkeypatch.setattr(foremost, "MOST", 5)
    assert first(house) is None
    assert size(house) == 0


def test_where_the_newest_turn_out_to_be_too_few_all_is_read(house: House) -> None:
    for number in range(MANY):
        house.write(f"{number:03}.md", date=day(number), draft="true" if number > MANY // 3 else "false")
    assert first(house) is None
    assert size(house) == 0


def test_an_older_article_that_says_a_slug_keeps_it(house: House) -> None:
    write_many(house)
    house.write("wanted.md", date=day(MANY), title="Newest")
    house.write("old.md", date="2009-01-01", slug="wanted")
    house.write("x/wanted.md", date="2008-01-01")
    assert first(house) is not None
    found = served(house)
    house.sync_after()
    assert served(house) == found
    assert house.slugs()["old.md"] == "wanted"
    assert house.slugs()["wanted.md"] != "wanted"


def test_the_files_that_the_newest_show_are_there(house: House) -> None:
    write_many(house)
    house.site = replace(house.site, logo="/logo.png")
    for name in ("logo.png", "new.png", "old.png"):
        (house.content / name).write_bytes(b"\x89PNG\r\n\x1a\n" + name.encode())
    house.write("old.md", date="2009-01-01", text="![](old.png)")
    house.write("new.md", date=day(MANY), text="![](new.png)")
    first(house)
    found = served(house)
    with house.catalog.snapshot(at_first=True) as snapshot:
        assert [bool(snapshot.media(name)) for name in ("logo.png", "new.png", "old.png")] == [True, True, False]
    house.sync_after()
    assert served(house) == found
    with house.catalog.snapshot() as snapshot:
        assert snapshot.media("old.png")


def test_what_is_wrong_is_told_once(house: House) -> None:
    write_many(house)
    house.write("new.md", date="the other day")
    house.write("old.md", date="2009-01-01", slug="---")
    outcome = first(house)
    assert outcome is not None
    assert [fault.address for fault in outcome.faults] == ["new.md", "old.md"]
    assert house.sync_after().faults == ()
    assert [fault.address for fault in house.catalog.faults()] == ["new.md", "old.md"]


def test_what_changes_in_between_is_what_any_change_is(house: House) -> None:
    write_many(house)
    first(house)
    newest = f"{(MANY - 1) % 5}/article-{MANY - 1:03}.md"
    ids = served(house)["atom.xml"].count(b"article-059")
    assert ids
    (house.content / newest).rename(house.content / "renamed.md")
    house.remove(f"{(MANY - 2) % 5}/article-{MANY - 2:03}.md")
    house.write(f"{(MANY - 3) % 5}/article-{MANY - 3:03}.md", date=day(MANY - 3), title="Edited")
    house.write("newer.md", date=day(MANY), title="Newer")
    house.sync_after()
    assert house.titles() == ["Newer", f"Article {MANY - 1}", "Edited"]
    assert house.ids()["renamed.md"].endswith(f":article-{MANY - 1:03}")
    assert b"deleted-entry" in served(house)["atom.xml"]


def test_what_is_being_written_keeps_its_last_good_version(house: House) -> None:
    write_many(house)
    first(house)
    found = served(house)
    newest = house.content / f"{(MANY - 1) % 5}/article-{MANY - 1:03}.md"
    newest.write_text("---\ntitle: Arti", encoding="utf-8")
    house.sync_after()
    assert served(house) == found
    assert size(house) == MANY


def test_other_settings_hold_for_what_was_there_before_too(house: House) -> None:
    write_many(house)
    first(house)
    house.site = replace(house.site, zone="Asia/Tokyo")
    house.sync_after()
    assert {article.published.hour for article in house.articles()} == {15}


def test_what_was_moved_and_is_being_written_is_not_taken_back(house: House) -> None:
    write_many(house)
    first(house)
    found = served(house)
    newest = house.content / f"{(MANY - 1) % 5}/article-{MANY - 1:03}.md"
    house.write("moved.md", date=day(MANY - 1), title=f"Article {MANY - 1}", text="Edited.")
    newest.unlink()
    house.sync_after(patience=60)  # all that is new is too young for that
    assert served(house) == found
    house.sync_after()
    assert b"Edited." in served(house)["atom.xml"]


def test_what_is_too_young_is_left_for_later(house: House) -> None:
    write_many(house)
    assert sync_foremost(house.catalog, house.source, house.terms(patience=3600)) is None


def test_a_start_in_between_goes_on(house: House, tmp_path: Path) -> None:
    write_many(house)
    first(house)
    found = served(house)
    house.catalog.close()
    again = House(tmp_path / "content", house.place, house.clock, house.site)
    assert first(again) is None
    again.sync_after()
    assert served(again) == found
    assert size(again) == MANY
    again.catalog.close()


# Whatever a folder holds: in two steps or in one, it is the same.

SLUGS = ("", "", "", "one", "two", "wanted")
MORE: tuple[dict[str, str], ...] = (
    {},
    {},
    {},
    {"updated": "2015-05-05"},
    {"draft": "true"},
    {"expires": "2020-01-01"},
    {"withdrawn": "2019-01-01"},
)
NAMES = ("a", "b", "one", "2015-03-04-two", "wanted", "x/index", "y/index", "page")
ENDINGS = (".md", ".md", ".md", ".html", ".json")


@st.composite
def folders(draw: st.DrawFn) -> dict[str, str]:
    chance = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311 - no secrets
    found = {}
    for number in range(draw(st.integers(MANY // 2, MANY))):
        name = chance.choice(NAMES) if chance.random() < 0.3 else f"article-{number}"
        ending = chance.choice(ENDINGS) if chance.random() < 0.1 else ".md"
        address = f"{chance.choice(('', 'news/', 'old/'))}{name}{ending}"
        found[address] = written(chance, ending, number)
    return found


def written(chance: random.Random, ending: str, number: int) -> str:
    date = f"20{chance.randint(10, 27)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    keys = {"title": f"Article {number}", "date": date, **chance.choice(MORE)}
    if slug := chance.choice(SLUGS) if chance.random() < 0.2 else "":
        keys["slug"] = slug
    if chance.random() < 0.05:
        keys["id"] = f"tag:lantern.example,{date}:{chance.choice(NAMES)}"
    if chance.random() < 0.1:
        keys["date"] = f"{date}T{chance.randint(0, 23):02}:30:00{chance.choice(('Z', '-11:00', '+13:00'))}"
    if ending == ".json":
        return "{" + ", ".join(f'"{key}": "{value}"' for key, value in keys.items()) + ', "body": "A text."}'
    return "\n".join(["---", *(f"{key}: {value}" for key, value in keys.items()), "---", f"Text {number}.", ""])


@settings(max_examples=60)
@given(folders(), st.integers(1, 6))
def test_in_two_steps_it_is_what_it_is_in_one(
    tmp_path_factory: pytest.TempPathFactory, folder: dict[str, str], entries: int
) -> None:
    made = tmp_path_factory.mktemp("both")
    steps, whole = (House(made / "content", str(made / f"{name}.db")) for name in ("steps", "whole"))
    steps.site = whole.site = replace(steps.site, entries=entries)
    for address, text in folder.items():
        path = made / "content" / address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    at_first = first(steps) and served(steps)
    steps.sync_after()
    whole.sync_after()
    if at_first:
        assert served(steps) == at_first
    assert served(steps) == served(whole)
    assert (steps.ids(), steps.slugs()) == (whole.ids(), whole.slugs())
    assert findings(steps.catalog) == ()
    for house in (steps, whole):
        house.catalog.close()
