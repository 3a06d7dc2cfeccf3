"""Whether there is anything at an address: never denied of what was shown, never told of what was not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedsvc.catalog import Names
from feedsvc.errors import Gone, Moved, NotFound
from feedsvc.publication.addresses import names
from feedsvc.publication.making import made

if TYPE_CHECKING:
    from house import House


def furnish(house: House) -> None:
    house.write("first.md", title="First", tags="[One]", aliases="[/old/first/]")
    house.write("moved.md", title="Moved", slug="former")
    house.write("removed.md", title="Removed", slug="removed")
    house.write("later.md", title="Later", date="2026-01-11", slug="later", tags="[Soon]", aliases="[/old/later]")
    (house.content / "dot.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(10))
    house.sync()
    house.write("moved.md", title="Moved", slug="present")
    house.remove("removed.md")
    house.sync_after()


@pytest.mark.parametrize(
    ("asked", "is_there"),
    [
        (Names(slugs=("first",)), True),
        (Names(slugs=("former",)), True),
        (Names(slugs=("present",)), True),
        (Names(slugs=("removed",)), True),
        (Names(slugs=("later",)), False),
        (Names(slugs=("nothing",)), False),
        (Names(slugs=("nothing", "first")), True),
        (Names(addresses=("first.md",)), True),
        (Names(addresses=("later.md",)), False),
        (Names(addresses=("dot.png",)), True),
        (Names(addresses=("nothing.png",)), False),
        (Names(channels=("tags/one",)), True),
        (Names(channels=("tags/soon",)), False),
        (Names(channels=("tags/nothing",)), False),
        (Names(aliases=("old/first",)), True),
        (Names(aliases=("old/later",)), False),
        (Names(), False),
    ],
)
def test_what_was_shown_is_there_and_nothing_else(house: House, asked: Names, is_there: bool) -> None:  # noqa: FBT001
    furnish(house)
    assert house.catalog.holds(asked, int(house.clock())) == is_there


def test_what_comes_due_is_there_from_its_instant_on(house: House) -> None:
    furnish(house)
    for asked in (Names(slugs=("later",)), Names(channels=("tags/soon",)), Names(aliases=("old/later",))):
        assert not house.catalog.holds(asked, int(house.clock()))
        assert house.catalog.holds(asked, int(house.clock()) + 86_400)


PARTS = ("first", "former", "present", "removed", "later", "nothing", "first.md", "dot.png", "one", "soon", "old", "a")
AROUND = (
    "articles/{}",
    "before/{}",
    "tags/{}/",
    "tags/{}",
    "tags/{}/rss.xml",
    "tags/{}/before/first",
    "media/{}",
    "{}",
)
MORE = ("{}/", "old/{}", "old/{}/", "content/{}", "feed/", "rss", "tag/{}/feed/", "rss.xml", "static/{}", "2026/{}")


@given(form=st.sampled_from((*AROUND, *MORE)), part=st.sampled_from(PARTS), seconds=st.sampled_from([0, 100_000]))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_address_at_which_anything_is_or_was_is_denied(house: House, form: str, part: str, seconds: int) -> None:
    if not house.catalog.size():
        furnish(house)
    path, now = form.format(part), int(house.clock()) + seconds
    try:
        made(house.catalog, path, lambda: now)
        is_something = True
    except (Moved, Gone):
        is_something = True
    except NotFound:
        is_something = False
    asked = names(path, house.site)
    assert asked is None or house.catalog.holds(asked, now) or not is_something
