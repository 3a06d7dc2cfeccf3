"""Rules R1 and R2: Last-Modified advances whenever the bytes change, and never runs ahead of the clock without need."""

from __future__ import annotations

import random
import threading
from contextlib import closing
from math import inf

import pytest
from command import until
from dialects import SQLITE_ONLY
from house import NOON, House
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from feedsvc.catalog import Catalog
from feedsvc.catalog.syncing import Terms, sync
from feedsvc.catalog.syncing.instants import SecondTaken, instant


def test_a_scheduled_article_appears_at_its_instant_and_dates_the_feed(house: House) -> None:
    house.write("a.md", title="Now")
    house.write("b.md", title="Later", date="2026-01-10T13:00:00Z")
    house.sync()
    house.clock.now = NOON + 3599.9
    assert house.titles() == ["Now"]
    house.clock.now = NOON + 3600
    assert house.titles() == ["Later", "Now"]
    assert house.modified() == NOON + 3600


def test_a_scheduled_article_dates_nothing_before_it_appears(house: House) -> None:
    house.write("a.md")
    house.sync()
    before = house.observed()
    house.write("b.md", date="2026-01-10T13:00:00Z")
    assert house.sync_after(100).revision is not None
    assert house.observed() == before


def test_the_end_of_an_article_that_is_not_yet_published_shortens_no_cache(house: House) -> None:
    house.write("a.md", date="2026-01-10T13:00:00Z", expires="2026-01-10T14:00:00Z")
    house.write("b.md", date="2026-01-10T12:30:00Z", withdrawn="2026-01-10T11:00:00Z")
    house.sync()
    with house.catalog.snapshot() as snapshot:
        assert snapshot.times("", NOON).next_loss == inf
        assert snapshot.times("", NOON).next_change == NOON + 1800
        assert snapshot.times("", NOON + 3600).next_loss == NOON + 7200


def test_two_edits_in_a_second_are_two_dates(house: House) -> None:
    house.write("a.md", text="One.")
    house.sync()
    first = house.modified()
    house.write("a.md", text="Two.")
    house.sync_after(0.2)
    assert house.modified() == first + 1
    assert house.clock.slept == [pytest.approx(0.8)]


def test_the_sync_that_waits_gathers_what_comes_meanwhile(house: House) -> None:
    house.write("a.md", title="First")
    house.sync()
    house.write("b.md", title="Second", date="2026-01-02")
    slept = house.clock.sleep

    def write_meanwhile(seconds: float) -> None:
        house.write("c.md", title="Third", date="2026-01-03")
        slept(seconds)

    house.clock.sleep = write_meanwhile  # type: ignore[method-assign]
    outcome = house.sync_after(0.2)
    assert outcome.revision is not None
    assert outcome.revision.number == 2
    assert house.titles() == ["Third", "Second", "First"]


def test_a_burst_and_then_a_scheduled_instant_are_all_different_dates(house: House) -> None:
    house.write("later.md", date="2026-01-10T12:00:05Z")
    seen = []
    for number in range(4):
        house.write("a.md", text=f"Edit {number}.")
        house.sync()
        seen.append(house.modified())
    house.clock.now = NOON + 5
    seen.append(house.modified())
    house.write("a.md", text="One more.")
    house.sync()
    seen.append(house.modified())
    assert seen == sorted(set(seen))


def test_an_edit_in_the_second_in_which_an_article_came_due_waits(house: House) -> None:
    house.write("later.md", date="2026-01-10T12:00:05Z")
    house.write("a.md")
    house.sync()
    house.clock.now = NOON + 5.5
    assert house.modified() == NOON + 5
    house.write("a.md", text="Edited.")
    house.sync()
    assert house.modified() == NOON + 6


def test_an_article_that_comes_due_while_a_revision_is_committed_still_gets_an_earlier_date_than_it(
    house: House,
) -> None:
    house.write("a.md")
    house.sync()
    house.write("later.md", date="2026-01-10T12:00:11Z")
    house.write("a.md", text="Edited.")
    ticks = iter([10.9] * 4)
    real = house.clock

    class Passing:
        """A clock that crosses the instant between the choice of the revision's second and its commit."""

        def __call__(self) -> float:
            real.now = NOON + next(ticks, max(11.05, real.now - NOON))
            return real.now

        sleep = real.sleep
        now = real.now

    sync(house.catalog, house.source, Terms(site=house.site, clock=Passing(), sleep=real.sleep))
    assert house.modified() == NOON + 12
    assert house.catalog.news(None).revision == 3  # one for what was written, one for what came due


def test_the_newest_article_removed_is_a_later_date(house: House) -> None:
    house.write("a.md", date="2026-01-01")
    house.write("b.md", date="2026-01-09")
    house.sync()
    before = house.modified()
    house.remove("b.md")
    house.sync_after()
    assert house.modified() > before


def test_a_changed_tag_dates_the_tags_it_left_and_came_to_and_no_other(house: House) -> None:
    house.write("a.md", tags="[left, stays]")
    house.write("b.md", tags="[left, came, other]")
    house.sync()
    before = {name: house.modified(f"tags/{name}") for name in ("left", "came", "other")}
    house.write("a.md", tags="[came, stays]")
    house.sync_after()
    after = {name: house.modified(f"tags/{name}") for name in before}
    assert after["left"] > before["left"]
    assert after["came"] > before["came"]
    assert after["other"] == before["other"]


def test_a_tag_that_lost_its_last_article_stays_as_an_empty_channel(house: House) -> None:
    house.write("a.md", tags="[left]")
    house.sync()
    house.write("a.md", tags="[came]")
    house.sync_after()
    assert house.titles("tags/left") == []


def test_changed_settings_date_every_channel(house: House) -> None:
    house.write("a.md", tags="[one, two]")
    house.sync()
    before = [house.modified(name) for name in ("", "tags/one", "tags/two")]
    house.site = replace(house.site, title="The Lamp")
    house.sync_after()
    assert all(
        after > was
        for after, was in zip((house.modified(n) for n in ("", "tags/one", "tags/two")), before, strict=True)
    )


def test_changed_settings_date_what_only_time_has_shown_so_far(house: House) -> None:
    house.write("a.md", tags="[one]", date="2026-01-10T12:30:00Z")
    house.sync()
    house.clock.now = NOON + 1800
    house.site = replace(house.site, title="The Lamp")
    house.sync_after()
    assert house.modified("tags/one") == NOON + 1810


def test_a_clock_set_back_does_not_stop_the_sync(house: House) -> None:
    house.write("a.md", text="One.")
    house.sync()
    house.clock.now = NOON - 3600
    house.write("a.md", text="Two.")
    house.sync()
    assert house.modified() == NOON + 1
    assert house.clock.slept == []


@SQLITE_ONLY
def test_a_deleted_database_is_made_anew_with_the_same_bytes_and_a_later_date(house: House) -> None:
    house.write("a.md", tags="[one]")
    house.sync()
    before, was = house.observed()
    for name in ("", "-wal", "-shm"):
        (house.content.parent / f"catalog.db{name}").unlink(missing_ok=True)
    house.clock.now += 5
    assert not house.catalog.exists()
    house.catalog.prepare()
    house.sync()
    assert house.observed() == (before, was + 5)


def test_a_commit_in_the_middle_of_a_read_is_not_seen_by_it(house: House) -> None:
    house.write("a.md", title="Before")
    house.sync()
    with house.catalog.snapshot() as snapshot:
        now = int(house.clock())
        house.write("a.md", title="After")
        other = House(house.content, house.place, house.clock)
        syncing = threading.Thread(target=other.sync_after)
        syncing.start()
        syncing.join()
        assert [article.title for article in snapshot.newest("", now, limit=10)] == ["Before"]
        assert snapshot.times("", now).last_modified == NOON
        other.catalog.close()
    assert house.titles() == ["After"]


def test_a_stamp_tells_of_the_commits_of_others(house: House) -> None:
    house.sync()
    with closing(Catalog(house.place)) as other:
        stamp = other.stamp()
        assert other.stamp() == stamp
        house.write("a.md")
        house.sync_after()
        until(lambda: other.stamp() != stamp)  # PostgreSQL tells of it a moment later


@given(now=st.integers(0, 10**9), ahead=st.integers(-(10**6), 10**6))
def test_an_instant_is_later_than_all_that_is_taken_and_not_later_than_the_clock(now: int, ahead: int) -> None:
    taken = now + ahead
    if 0 <= ahead <= 2:
        with pytest.raises(SecondTaken) as wait:
            instant(now, taken)
        assert wait.value.until == taken + 1
    else:
        at = instant(now, taken)
        assert at > taken
        assert at <= now or ahead > 2


@pytest.mark.parametrize("seed", range(3))
def test_whenever_a_reader_sees_other_bytes_the_date_is_later(house: House, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - dice, not secrets
    channels = ["", "tags/a", "tags/b"]
    seen: dict[str, tuple[bytes, int]] = {}
    house.write("tagged.md", tags="[a, b]")
    house.sync()
    for _ in range(40):
        _change(house, dice)
        house.clock.now += dice.choice([0, 0.1, 0.4, 1, 3])
        if dice.random() < 0.7:
            house.sync()
        for name in channels:
            body, modified = house.observed(name)
            assert modified <= house.clock()
            if name in seen and seen[name][0] != body:
                assert modified > seen[name][1]
            seen[name] = (body, modified)


def _change(house: House, dice: random.Random) -> None:
    address = f"{dice.randrange(6)}.md"
    date = f"2026-01-10T12:00:{dice.randrange(40):02}Z"
    tags = dice.choice(["[a]", "[b]", "[a, b]", "[]"])
    match dice.randrange(6):
        case 0 if (house.content / address).exists():
            house.remove(address)
        case 1:
            house.write(address, date=date, tags=tags, expires=f"2026-01-10T12:01:{dice.randrange(60):02}Z")
        case 2:
            house.site = replace(house.site, title=dice.choice(["The Lantern", "The Lamp"]))
        case _:
            house.write(address, date=date, tags=tags, text=f"Text {dice.random()}.")
