"""An article that everybody could read, and that is for an audience now: taken back where it was public."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from house import NOON
from privately import furnish

from feedsvc.catalog.upkeep.integrity import findings
from feedsvc.errors import Gone, NotFound

if TYPE_CHECKING:
    from house import House

ID = "urn:x:diary"


@pytest.fixture
def turned(house: House) -> House:
    """`diary` is public first, and then for members."""
    furnish(house)
    house.write("diary.md", title="Open to all", id=ID, tags="[t]")
    house.sync_after(60)
    hide(house)
    house.sync_after(60)
    return house


def hide(house: House) -> None:
    house.write("diary.md", title="For members now", id=ID, tags="[t]", audience="members")


def told(house: House, channel: str = "") -> list[str]:
    return [each.ref for each in house.feed(channel).tombstones]


def test_its_page_is_gone_and_the_feeds_say_so(turned: House) -> None:
    assert told(turned) == told(turned, "tags/t") == [ID]
    with turned.catalog.snapshot() as snapshot, pytest.raises(Gone):
        snapshot.article("diary", int(turned.clock()))
    assert findings(turned.catalog) == ()


def test_caches_and_kept_documents_let_go_of_it(turned: House) -> None:
    turned.write("diary.md", title="Open again", id=ID, tags="[t]")
    turned.sync_after(60)
    hide(turned)
    outcome = turned.sync_after(60)
    assert outcome.undone is not None
    assert outcome.undone.pages == ("diary",)
    assert {"", "tags/t"} < set(outcome.undone.channels)
    assert len(outcome.touched.lost) >= len(outcome.undone.channels)


def test_an_edit_of_it_leaves_the_tombstones(turned: House) -> None:
    turned.write("diary.md", title="Edited", id=ID, tags="[t, u]", audience="members")
    turned.sync_after(60)
    assert told(turned) == [ID]
    with pytest.raises(NotFound):
        told(turned, "tags/u")
    assert findings(turned.catalog) == ()


def test_it_comes_back_under_its_id(turned: House) -> None:
    turned.write("diary.md", title="Open again", id=ID, tags="[t]")
    turned.sync_after(60)
    assert told(turned) == []
    assert ID in [article.id for article in turned.articles()]
    assert findings(turned.catalog) == ()


def test_its_removal_afterwards_is_no_second_one(turned: House) -> None:
    before = turned.feed("").tombstones
    turned.remove("diary.md")
    turned.sync_after(60)
    assert turned.feed("").tombstones == before


def test_what_nobody_saw_leaves_no_tombstone(house: House) -> None:
    furnish(house)
    house.write("later.md", title="Later", date="2027-01-01", tags="[t]")
    house.sync_after(60)
    house.write("later.md", title="Later", date="2027-01-01", tags="[t]", audience="members")
    house.sync_after(60)
    house.clock.now = NOON + 400 * 86_400
    assert told(house) == []
