"""What an article is found under: tags, categories, authors, sections, languages, and channels that settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from feedsvc.catalog.channels import MEDIA
from feedsvc.catalog.syncing.subjects import is_in
from feedsvc.config import ChannelSettings
from feedsvc.config.sections import Section
from feedsvc.errors import Gone, NotFound

if TYPE_CHECKING:
    from house import House


def name(house: House, *channels: ChannelSettings) -> None:
    house.site = replace(house.site, channels=tuple(sorted(channels, key=lambda each: each.name)))


def named(word: str = "mine", **settings: Any) -> ChannelSettings:
    return ChannelSettings(name=f"channels/{word}", **settings)


def test_an_article_is_in_the_channels_of_all_that_it_says_of_itself(house: House) -> None:
    house.write(
        "News/Local/a.md", title="A", tags="[Harbour]", categories="[Ferries]", author="Ada Example", language="de"
    )
    house.write("b.md", title="B")
    house.sync()
    for channel in (
        "tags/harbour",
        "categories/ferries",
        "authors/ada-example",
        "sections/news",
        "sections/news/local",
        "languages/de",
    ):
        assert house.titles(channel) == ["A"], channel
    assert house.titles("languages/en") == ["B"]
    assert house.titles() == ["B", "A"]
    for channel in ("tags/ferries", "categories/harbour", "sections/b", "sections/local"):
        with pytest.raises(NotFound):
            house.titles(channel)


def test_the_folder_of_an_article_with_its_pictures_is_no_section(house: House) -> None:
    house.write("news/ferry/index.md", title="A")
    house.write("news/tide/index.de.md", title="B")
    house.sync()
    assert house.titles("sections/news") == ["B", "A"]
    with pytest.raises(NotFound):
        house.titles("sections/news/ferry")


def test_who_is_the_author_by_default_counts_and_the_site_s_title_does_not(house: House) -> None:
    house.write("a.md", title="A")
    house.write("letters/b.md", title="B")
    house.site = replace(house.site, sections=(Section(name="letters", author="Our readers"),))
    house.sync()
    assert house.titles("authors/our-readers") == ["B"]
    with pytest.raises(NotFound):
        house.titles("authors/the-lantern")
    house.site = replace(house.site, author="Ada")
    house.sync_after(10)
    assert house.titles("authors/ada") == ["A"]


def test_two_authors_with_one_slug_have_a_channel_each(house: House) -> None:
    house.write("a.md", title="A", author="Ada/Example")
    house.write("b.md", title="B", author="Ada Example")
    house.write("c.md", title="C", author="ADA   example")
    house.sync()
    with house.catalog.snapshot() as snapshot:
        (one, two) = (channel for _, channel in snapshot.contents.of_kind("authors", int(house.clock()), most=9))
    assert (house.titles(one), house.titles(two)) == (["C", "B"], ["A"])
    assert (one, two[: len(one)]) == ("authors/ada-example", "authors/ada-example")


@pytest.mark.parametrize(
    ("settings", "titles"),
    [
        ({"any": ("tags/harbour", "sections/news")}, ["C", "B", "A"]),
        ({"all": ("tags/harbour", "sections/news")}, ["B"]),
        ({"any": ("tags/harbour",), "none": ("sections/news",)}, ["A"]),
        ({"none": ("tags/harbour",)}, ["D", "C"]),
        ({"text": "Herring quay"}, ["D"]),
        ({"text": "herring barrel"}, []),
        ({"has_image": True}, ["C"]),
        ({"since": "2026-01-03"}, ["D", "C"]),
        ({"all": ("languages/en",), "any": ("authors/ada",)}, ["A"]),
        ({}, ["D", "C", "B", "A"]),
    ],
)
def test_a_channel_of_the_settings_holds_what_it_asks_for(
    house: House, settings: dict[str, Any], titles: list[str]
) -> None:
    house.write("a.md", title="A", date="2026-01-01", tags="[Harbour]", author="Ada")
    house.write("news/b.md", title="B", date="2026-01-02", tags="[Harbour]")
    house.write("news/c.md", title="C", date="2026-01-03", text="![The quay](quay.png)")
    house.write("d.md", title="D", date="2026-01-04", text="On the QUAY lay a herring.")
    name(house, named(**settings))
    house.sync()
    assert house.titles("channels/mine") == titles


def test_other_settings_put_each_article_where_it_belongs_then_and_none_is_read_again(house: House) -> None:
    for number in range(1, 8):
        house.write(f"{number}.md", title=f"{number}", date=f"2026-01-0{number}", tags=f"[t{number % 2}]")
    name(house, named(any=("tags/t0",)))
    house.sync()
    (house.content / "4.md").write_text("no article any more", encoding="utf-8")  # its last good version stays
    house.sync_after(10)
    assert house.titles("channels/mine") == ["6", "4", "2"]
    name(house, named(any=("tags/t1",), since="2026-01-03"), named("even", none=("tags/t1",)))
    outcome = house.sync_after(10)
    assert outcome.revision is not None
    assert house.titles("channels/mine") == ["7", "5", "3"]
    assert house.titles("channels/even") == ["6", "4", "2"]
    assert house.titles("tags/t1") == ["7", "5", "3", "1"]


def test_what_leaves_a_channel_by_its_settings_is_no_tombstone_and_its_documents_go(house: House) -> None:
    house.write("a.md", title="A", tags="[t]")
    name(house, named(any=("tags/t",)))
    house.sync()
    before = house.catalog.news(None)
    name(house, named(any=("tags/other",)))
    house.sync_after(10)
    assert house.feed("channels/mine").tombstones == ()
    assert "channels/mine" in house.catalog.news(before).lost


def test_a_channel_of_the_settings_is_there_before_any_article_is(house: House) -> None:
    name(house, named(any=("tags/never",)))
    house.sync()
    assert house.titles("channels/mine") == []
    name(house, named(any=("tags/never",)), named("later", any=("tags/never",)))
    house.sync_after(10)
    assert house.titles("channels/later") == []


def test_a_channel_that_the_settings_no_longer_name_is_gone_if_it_ever_showed_anything(house: House) -> None:
    house.write("a.md", tags="[t]")
    name(house, named(any=("tags/t",)), named("empty", any=("tags/never",)))
    house.sync()
    name(house)
    house.sync_after(10)
    with pytest.raises(Gone):
        house.titles("channels/mine")
    with pytest.raises(NotFound):
        house.titles("channels/empty")


SETS = st.sets(st.sampled_from(["tags/a", "tags/b", "sections/c", "authors/d"]))


@given(SETS, SETS, SETS, SETS)
def test_what_is_in_a_channel_is_in_any_in_all_and_in_none(
    names: set[str], some: set[str], every: set[str], none: set[str]
) -> None:
    settings = ChannelSettings(name="channels/x", any=tuple(some), all=tuple(every), none=tuple(none))
    assert is_in(settings, names) == ((not some or bool(names & some)) and names >= every and not names & none)


# Delay and age


def test_a_delay_holds_back_each_article_and_dates_the_channel_at_its_instant(house: House) -> None:
    house.write("a.md", title="A", date="2026-01-10T11:00:00Z")
    house.write("b.md", title="B", date="2026-01-10T13:00:00Z")
    settings = named(delay=7200)
    name(house, settings)
    house.sync()
    seen = []
    for _ in range(6):  # a look each half hour from noon on
        feed = house.feed("channels/mine")
        with house.catalog.snapshot() as snapshot:
            times = snapshot.times(feed.channel.selection, int(house.clock()))
        seen.append(([entry.title for entry in feed.entries], times.next_change - house.clock(), times.last_modified))
        house.clock.now += 1800
    noon = int(house.clock()) - 6 * 1800
    assert [titles for titles, *_ in seen] == [[], [], ["A"], ["A"], ["A"], ["A"]]
    assert [left for _, left, _ in seen] == [3600, 1800, 7200, 5400, 3600, 1800]
    assert [at - noon for *_, at in seen][2:] == [3600] * 4
    house.clock.now += 1
    assert house.titles("channels/mine") == ["B", "A"]


def test_what_is_withdrawn_before_it_came_leaves_no_tombstone_in_a_delayed_channel(house: House) -> None:
    house.write("a.md", title="A", date="2026-01-10T11:00:00Z", withdrawn="2026-01-10T11:30:00Z")
    house.write("b.md", title="B", date="2026-01-10T08:00:00Z", withdrawn="2026-01-10T11:30:00Z")
    name(house, named(delay=7200))
    house.sync()
    assert len(house.feed().tombstones) == 2
    assert [stone.ref for stone in house.feed("channels/mine").tombstones] == [
        stone.ref for stone in house.feed().tombstones if stone.ref.endswith(":b")
    ]


def test_what_grows_too_old_leaves_at_its_instant_and_dates_the_channel(house: House) -> None:
    house.write("a.md", title="A", date="2026-01-10T11:00:00Z")
    house.write("b.md", title="B", date="2026-01-10T11:30:00Z")
    name(house, named(within=5400))
    house.sync()
    feed = house.feed("channels/mine")
    with house.catalog.snapshot() as snapshot:
        assert snapshot.times(feed.channel.selection, int(house.clock())).next_change == house.clock() + 1800
    before = house.observed("channels/mine")[0]
    house.clock.now += 1800
    feed = house.feed("channels/mine")
    with house.catalog.snapshot() as snapshot:
        assert snapshot.times(feed.channel.selection, int(house.clock())).last_modified == house.clock()
    assert house.titles("channels/mine") == ["B"]
    assert house.observed("channels/mine")[0] != before


def test_the_last_updated_come_first_where_a_channel_says_so(house: House) -> None:
    house.write("a.md", title="A", date="2026-01-01", updated="2026-01-09")
    house.write("b.md", title="B", date="2026-01-02")
    house.write("c.md", title="C", date="2026-01-03", updated="2026-01-05")
    house.write("d.md", title="D", date="2026-01-11", updated="2026-01-12")
    name(house, named(order="updated", entries=2))
    house.sync()
    assert house.titles("channels/mine") == ["A", "C"]


def test_other_settings_date_files_anew_only_where_there_were_any(house: House) -> None:
    house.write("a.md")
    house.sync()
    for seconds in (60, 3600):
        house.site = replace(house.site, max_age=seconds)
        assert house.sync_after().revision is not None
        assert house.modified(MEDIA) == 0
    (house.content / "p.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    house.sync_after()
    dated = house.modified(MEDIA)
    assert dated == int(house.clock())
    house.site = replace(house.site, max_age=60)
    house.sync_after()
    assert house.modified(MEDIA) > dated
