"""Rules R1 and R2 for channels that the site's does not hold: their Last-Modified advances by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from house import NOON
from msgspec.structs import replace
from privately import furnish, write_inside
from sqlalchemy import select

from feedsvc.catalog.calendar import last_modified
from feedsvc.catalog.schema import channel
from feedsvc.catalog.syncing import Terms, sync
from feedsvc.catalog.syncing.apart import apart

if TYPE_CHECKING:
    from house import House

MEMBERS = "channels/members"


@pytest.fixture
def site(house: House) -> House:
    return furnish(house)


def modified(house: House, name: str = MEMBERS) -> int:
    with house.catalog.database.reading() as connection:
        key = connection.scalar(select(channel.c.key).where(channel.c.name == name))
        return last_modified(connection, key or 0, int(house.clock()))


def later(house: House) -> None:
    """An article for members that shows in a quarter of an hour, and nothing public that does."""
    house.write("later.md", title="Later", date="2026-01-10T12:15:00Z", audience="members")
    house.sync_after()


def test_a_private_article_dates_its_channel_and_no_other(site: House) -> None:
    later(site)
    before = modified(site, "")
    site.clock.now = NOON + 900
    assert modified(site) == NOON + 900
    assert modified(site, "") == before


def test_new_settings_wait_for_a_private_channel_s_second_too(site: House) -> None:
    later(site)
    site.clock.now = NOON + 900.2
    assert modified(site) == NOON + 900
    site.site = replace(site.site, title="The Lamp")
    outcome = site.sync()
    assert outcome.revision is not None
    assert int(outcome.revision.at.timestamp()) == NOON + 901
    assert modified(site) == NOON + 901


def test_what_comes_due_while_a_revision_is_committed_gets_an_earlier_date_than_it(site: House) -> None:
    later(site)
    write_inside(site, summary="Edited.")
    ticks = iter([899.9] * 4)
    real = site.clock

    class Passing:
        """A clock that crosses the instant between the choice of the revision's second and its commit."""

        def __call__(self) -> float:
            real.now = NOON + next(ticks, max(900.05, real.now - NOON))
            return real.now

    before = site.catalog.news(None).revision
    sync(site.catalog, site.source, Terms(site=site.site, clock=Passing(), sleep=real.sleep))
    assert site.catalog.news(None).revision == before + 2  # one for what was written, one for what came due
    assert modified(site) == NOON + 901


def test_only_channels_of_the_settings_stand_apart(site: House) -> None:
    site.write("tagged.md", tags="[a]")
    site.sync_after()
    with site.catalog.database.reading() as connection:
        rows = {row.name: row.key for row in connection.execute(select(channel))}
        assert apart(connection) == sorted([rows[MEMBERS], rows["channels/press"]])
        assert apart(connection, {rows[""], rows["tags/a"]}) == []
        assert apart(connection, frozenset()) == []
