"""Articles in several channels at once: what the database finds is what sets of them would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from feedsvc.catalog import crossing
from feedsvc.catalog.schema import channel, identity, membership
from feedsvc.errors import NotFound
from feedsvc.model import Selection

if TYPE_CHECKING:
    from house import House

    from feedsvc.model import Article

NAMES = ("tags/a", "tags/b", "tags/c", "tags/d")
COUNT, NOW = 7, 100


@dataclass(frozen=True)
class Standing:
    """Where one article stands: its instants, and by channel when it left it; None where it is in it still."""

    published: int
    expires: int | None
    left: dict[str, int | None]

    def is_shown(self, of: Selection) -> bool:
        has_begun = self.published <= NOW - of.delay and (self.expires is None or self.expires > NOW)
        lives = {name for name, at in self.left.items() if at is None or at > NOW}
        return has_begun and all(group & lives for group in of.groups) and not of.none & lives

    def taken_back(self, of: Selection) -> set[int]:
        return {at for group in of.groups if (at := self._end(group)) is not None and self._showed(of, at)}

    def _end(self, group: frozenset[str]) -> int | None:
        ends = [at for name, at in self.left.items() if name in group]
        return max((at for at in ends if at is not None), default=None) if None not in ends else None

    def _showed(self, of: Selection, until: int) -> bool:
        then = {name for name, at in self.left.items() if at is None or at >= until}
        was_shown = self.published + of.delay < until <= NOW
        return was_shown and all(group & then for group in of.groups) and not of.none & then


def standings() -> st.SearchStrategy[list[Standing]]:
    ends = st.sampled_from([None, None, None, None, 90, 95, 97, 100, 101, 110])
    # Of each channel: whether the article is or was in it, and when it left.
    where = st.tuples(*(st.sampled_from([{}, {name: None}, {name: None}, {name: 95}, {name: 97}]) for name in NAMES))
    left = st.one_of(
        where.map(lambda each: {name: at for part in each for name, at in part.items()}),
        st.dictionaries(st.sampled_from(NAMES), ends),
    )
    each = st.builds(Standing, st.sampled_from([80, 80, 90, 95, 100, 105]), ends, left)
    return st.lists(each, min_size=COUNT, max_size=COUNT)


GROUPS = st.frozensets(st.sampled_from(NAMES), min_size=1, max_size=3)
SELECTIONS = st.builds(
    Selection,
    st.lists(st.one_of(GROUPS, st.just(frozenset({""}))), min_size=1, max_size=3).map(tuple),
    st.frozensets(st.sampled_from(NAMES), max_size=2),
    st.sampled_from([0, 0, 5]),
)


@pytest.fixture
def furnished(house: House) -> House:
    for number in range(COUNT):
        house.write(f"{number}.md", title=str(number), tags="[a, b, c, d]")
    house.sync()
    return house


def put(house: House, found: list[Standing]) -> dict[str, Standing]:
    """Writes them over what the catalog has; by id."""
    with house.catalog.database.writing() as connection:
        keys = {row.name: row.key for row in connection.execute(select(channel.c.name, channel.c.key))}
        rows = connection.execute(select(identity.c.key, identity.c.id).order_by(identity.c.key)).all()
        connection.execute(delete(membership))
        everywhere = [
            {
                "channel": keys[name],
                "key": row.key,
                "id": row.id,
                "updated": each.published,
                "published": each.published,
                "expires": each.expires,
                "withdrawn": at,
            }
            for row, each in zip(rows, found, strict=True)
            for name, at in {"": None, **each.left}.items()
        ]
        connection.execute(insert(membership), everywhere)
    return {
        row.id: Standing(each.published, each.expires, {"": None, **each.left})
        for row, each in zip(rows, found, strict=True)
    }


@given(found=standings(), of=SELECTIONS, limit=st.integers(1, 4))
@settings(max_examples=100)
def test_what_is_found_is_what_sets_would_give(
    furnished: House, found: list[Standing], of: Selection, limit: int
) -> None:
    by_id = put(furnished, found)
    shown = sorted(((each.published, id_) for id_, each in by_id.items() if each.is_shown(of)), reverse=True)
    back = sorted((-at, id_) for id_, each in by_id.items() for at in each.taken_back(of))
    with furnished.catalog.snapshot() as snapshot:
        assert [each.id for each in snapshot.newest(of, NOW, limit=COUNT)] == [id_ for _, id_ in shown]
        pages: list[Article] = []
        place = None
        while page := snapshot.newest(of, NOW, limit=limit, before=place):
            pages += page
            place = snapshot.place_of(page[-1].slug, of, NOW)
        assert [each.id for each in pages] == [id_ for _, id_ in shown]
        tombstones = snapshot.tombstones(of, NOW, limit=limit)
        assert [(-int(each.when.timestamp()), each.ref) for each in tombstones] == back[:limit]


@pytest.mark.parametrize(
    ("left", "taken_back"),
    [
        ({"tags/a": 95, "tags/c": None}, 95),
        ({"tags/a": None, "tags/c": 95}, 95),
        ({"tags/a": 95, "tags/c": 97}, 95),
        ({"tags/a": 95, "tags/b": 97, "tags/c": None}, 97),
        ({"tags/a": 95, "tags/b": None, "tags/c": None}, None),
        ({"tags/a": 97, "tags/b": 95, "tags/c": 96}, 96),
        ({"tags/a": 95, "tags/c": None, "tags/d": None}, None),
        ({"tags/a": 95, "tags/c": None, "tags/d": 94}, 95),
        ({"tags/a": 101, "tags/c": None}, None),
        ({"tags/a": 80, "tags/c": None}, None),
    ],
)
def test_what_left_the_last_channel_of_a_group_is_taken_back(
    furnished: House, left: dict[str, int | None], taken_back: int | None
) -> None:
    put(furnished, [Standing(80, None, left)] * COUNT)
    of = Selection((frozenset({"tags/a", "tags/b"}), frozenset({"tags/c"})), frozenset({"tags/d"}))
    with furnished.catalog.snapshot() as snapshot:
        found = {int(each.when.timestamp()) for each in snapshot.tombstones(of, NOW, limit=COUNT)}
    assert found == ({taken_back} if taken_back else set())


def test_an_article_has_a_place_where_it_is_or_was_in_every_group(furnished: House) -> None:
    put(
        furnished, [Standing(80, None, {"tags/a": None, "tags/b": 95})] * 3 + [Standing(80, None, {"tags/a": None})] * 4
    )
    of = Selection((frozenset({"tags/a"}), frozenset({"tags/b", "tags/c"})))
    with furnished.catalog.snapshot() as snapshot:
        assert snapshot.place_of("0", of, NOW)[0] == 80
        with pytest.raises(NotFound):
            snapshot.place_of("6", of, NOW)


def test_the_group_with_the_fewest_members_is_gone_through(furnished: House) -> None:
    put(
        furnished,
        [Standing(80, None, {"tags/a": None, "tags/b": None})] * 2 + [Standing(80, None, {"tags/a": None})] * 5,
    )
    with furnished.catalog.database.reading() as connection:
        keys = {row.name: row.key for row in connection.execute(select(channel.c.name, channel.c.key))}
        few, many, none = ((keys[name],) for name in ("tags/b", "tags/a", "tags/d"))
        assert crossing.fewest(connection, [many, few]) == (few, many)
        assert crossing.fewest(connection, [many, few, none]) == (none, few, many)
        assert crossing.fewest(connection, [(*few, *many), many]) == (many, (*few, *many))
