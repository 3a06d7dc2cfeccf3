"""Tombstones are told for so many days: what falls out dates the feed, and does not set `updated` back."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from house import NOON, SITE, House
from msgspec.structs import replace

from feedsvc.catalog.calendar import DAY
from feedsvc.publication.answers import lifetime

if TYPE_CHECKING:
    from datetime import datetime

    from feedsvc.model import Lifetime

CHANNELS = ("", "tags/a", "tags/b")


def told(house: House) -> list[str]:
    return [stone.ref.rpartition(":")[2] for stone in house.feed().tombstones]


@pytest.fixture
def old(house: House) -> House:
    """A house whose one article was withdrawn, and tells of it for ten days."""
    house.site = replace(SITE, tombstones=10)
    house.write("a.md", withdrawn="2026-01-10T12:00:00Z")
    house.write("b.md", date="2025-01-01")
    house.clock.now = NOON - 60
    house.sync()
    house.clock.now = NOON
    return house


def test_a_tombstone_is_told_for_as_many_days_as_are_set(old: House) -> None:
    old.clock.now = NOON + 10 * DAY - 1
    assert told(old) == ["a"]
    assert old.modified() == NOON
    old.clock.now += 1
    assert told(old) == []
    assert old.modified() == NOON + 10 * DAY


def test_a_document_knows_when_a_tombstone_will_fall_out(old: House) -> None:
    with old.catalog.snapshot() as snapshot:
        times = snapshot.times("", NOON)
    assert times.next_change == NOON + 10 * DAY
    assert times.next_loss > NOON + 1000 * DAY  # nobody is to fetch sooner for that


def test_the_feed_s_date_does_not_go_back_with_a_tombstone(old: House) -> None:
    before = old.feed().updated
    assert before.timestamp() == NOON
    old.clock.now += 100 * DAY
    assert old.feed().updated == before


def test_the_page_is_gone_for_as_long_as_the_ledger_remembers(old: House) -> None:
    from feedsvc.errors import Gone  # noqa: PLC0415 - of this one alone

    old.clock.now += 10_000 * DAY
    with old.catalog.snapshot() as snapshot, pytest.raises(Gone):
        snapshot.article("a", int(old.clock()))


def test_none_is_for_ever(old: House) -> None:
    old.site = replace(SITE, tombstones=0)
    old.sync()
    old.clock.now += 10_000 * DAY
    assert told(old) == ["a"]
    with old.catalog.snapshot() as snapshot:
        assert snapshot.times("", int(old.clock())).last_modified == NOON + 1


def test_a_removal_counts_from_its_own_instant(house: House) -> None:
    house.write("a.md")
    house.sync()
    house.remove("a.md")
    house.sync_after(60)
    house.clock.now = NOON + 60 + 180 * DAY - 1
    assert told(house) == ["a"]
    house.clock.now += 1
    assert told(house) == []


def test_other_settings_date_the_feed_later_than_what_just_fell_out(old: House) -> None:
    old.clock.now = NOON + 10 * DAY
    before = old.observed()
    old.site = replace(SITE, tombstones=0)
    old.sync()  # it waits: what fell out in this second has its date already
    after = old.observed()
    assert told(old) == ["a"]
    assert after[1] > before[1]


def test_an_expiry_dates_the_feed_too(house: House) -> None:
    house.write("a.md", date="2026-01-09", expires="2026-01-10T13:00:00Z")
    house.write("b.md", date="2025-01-01")
    house.sync()
    before = house.feed().updated
    house.clock.now = NOON + 3600
    assert house.feed().updated.timestamp() == NOON + 3600
    assert house.feed().updated > before


def test_what_did_not_show_when_it_ended_dates_nothing(house: House) -> None:
    house.write("a.md", date="2026-01-01")
    house.write("b.md", date="2026-01-09", withdrawn="2026-01-08")
    house.write("c.md", date="2026-01-02", withdrawn="2026-01-03", expires="2026-01-09")
    house.sync()
    assert house.feed().updated.isoformat() == "2026-01-03T00:00:00+00:00"


def seen(house: House, name: str) -> tuple[bytes, Lifetime, datetime]:
    with house.catalog.snapshot() as snapshot:
        stands = lifetime(snapshot, name, int(house.clock()))
    return house.observed(name)[0], stands, house.feed(name).updated


def fill(house: House, dice: random.Random) -> None:
    """Articles that come, end and are told of within some days."""
    for number in range(8):
        keys = {}
        for key, share in (("expires", 0.3), ("withdrawn", 0.6)):
            if dice.random() < share:
                keys[key] = f"2026-01-{dice.randrange(8, 24):02}T{dice.randrange(24):02}:00:00Z"
        date = f"2026-01-{dice.randrange(1, 20):02}T06:00:00Z"
        tags = dice.choice(["[a]", "[b]", "[a, b]"])
        house.write(f"{number}.md", title=f"T{number}", date=date, tags=tags, **keys)
    house.write("always.md", date="2025-12-01", tags="[a, b]")


@pytest.mark.parametrize("seed", range(3))
def test_as_time_passes_dates_advance_with_the_bytes_and_the_feed_s_date_never_goes_back(
    house: House, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - dice, not secrets
    house.site = replace(SITE, tombstones=dice.choice([1, 2, 5]), entries=dice.choice([2, 5, 30]))
    fill(house, dice)
    house.sync()
    last = {name: seen(house, name) for name in CHANNELS}
    changes = 0
    for _ in range(60):
        house.clock.now += dice.choice([1, 3599, 3600, 6 * 3600, DAY])
        for name in CHANNELS:
            (before, stood, was), after = last[name], seen(house, name)
            assert after[2] >= was
            if after[0] != before:
                changes += 1
                assert (after[1].last_modified or 0) > (stood.last_modified or 0)
                assert stood.good_until <= house.clock()
            last[name] = after
    assert changes > 3


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_edited_meanwhile_the_date_is_later_where_the_bytes_differ(house: House, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - dice, not secrets
    house.site = replace(SITE, tombstones=1)
    fill(house, dice)
    house.sync()
    last = {name: seen(house, name) for name in CHANNELS}
    for _ in range(25):
        address = f"{dice.randrange(8)}.md"
        match dice.randrange(5):
            case 0 if (house.content / address).exists():
                house.remove(address)
            case 1:
                house.site = replace(house.site, tombstones=dice.choice([0, 1, 2]))
            case 2:
                house.write(address, date="2026-01-05", tags="[a]", withdrawn=f"2026-01-{dice.randrange(8, 24):02}")
            case _:
                house.write(address, date="2026-01-05", tags="[a, b]", text=f"Text {dice.random()}.")
        house.clock.now += dice.choice([0, 0.4, 3600, DAY])
        house.sync()
        for name in CHANNELS:
            (before, stood, _), after = last[name], seen(house, name)
            if after[0] != before:
                assert (after[1].last_modified or 0) > (stood.last_modified or 0)
            last[name] = after
