"""What a sync tells of what it took back, or moved, so that caches can be asked to let go of it."""

from __future__ import annotations

import pytest
from house import NOON, SITE, House
from msgspec.structs import replace

from feedsvc.catalog.syncing import Undone

FIRST = int(NOON - 9.5 * 86_400)  # 2026-01-01


def gone(*pages: str, **channels: int) -> Undone:
    named = {f"tags/{name}": frozenset([date]) for name, date in channels.items() if name != "site"}
    if "site" in channels:
        named[""] = named["languages/en"] = frozenset([channels["site"]])
    return Undone("https://lantern.example/", pages, named)


@pytest.fixture
def public(house: House) -> House:
    """Two articles, of which one is told of everywhere."""
    house.write("a.md", tags="[t, u]")
    house.write("b.md", tags="[t]", date="2026-01-02")
    house.sync()
    return house


def test_a_first_sync_takes_nothing_back(house: House) -> None:
    house.write("a.md", withdrawn="2026-01-05")
    assert house.sync().undone is None


@pytest.mark.parametrize(
    "keys", [{"draft": "true"}, {"withdrawn": "2026-01-05"}, {"expires": "2026-01-10"}, {"date": "2027-01-01"}]
)
def test_what_a_record_takes_back_is_told_with_its_page_and_channels(public: House, keys: dict[str, str]) -> None:
    public.write("a.md", tags="[t, u]", **keys)
    assert public.sync_after().undone == gone("a", site=FIRST, t=FIRST, u=FIRST)


def test_what_is_removed_is_told(public: House) -> None:
    public.remove("a.md")
    assert public.sync_after().undone == gone("a", site=FIRST, t=FIRST, u=FIRST)


def test_what_goes_sooner_than_caches_let_go_of_it_is_told(public: House) -> None:
    public.write("a.md", tags="[t, u]", expires="2026-01-10T12:10:00Z")
    assert public.sync_after().undone == gone("a", site=FIRST, t=FIRST, u=FIRST)
    public.write("a.md", tags="[t, u]", expires="2026-01-10T12:12:00Z")
    assert public.sync_after().undone is None  # it stays for longer than was told
    public.write("a.md", tags="[t, u]", withdrawn="2026-01-10T12:11:00Z")
    assert public.sync_after().undone == gone("a", site=FIRST, t=FIRST, u=FIRST)


@pytest.mark.parametrize("keys", [{"expires": "2026-01-10T13:00:00Z"}, {"withdrawn": "2026-02-01"}])
def test_what_goes_later_is_not(public: House, keys: dict[str, str]) -> None:
    public.write("a.md", tags="[t, u]", **keys)
    assert public.sync_after().undone is None


def test_an_edit_takes_nothing_back(public: House) -> None:
    public.write("a.md", tags="[t, u, v]", title="Another title", text="Another text.")
    public.write("c.md")
    assert public.sync_after().undone is None


def test_an_article_that_leaves_a_channel_is_told_for_that_one(public: House) -> None:
    public.write("a.md", tags="[u]")
    assert public.sync_after().undone == gone(t=FIRST)


def test_what_was_never_public_is_not_told(public: House) -> None:
    public.write("later.md", date="2027-01-01", tags="[t, secret]")
    public.write("ended.md", date="2026-01-01", expires="2026-01-02", tags="[t]")
    public.sync_after()
    public.remove("later.md")
    public.remove("ended.md")
    assert public.sync_after().undone is None


def test_a_page_that_moved_is_told_with_both_its_addresses(public: House) -> None:
    public.write("a.md", tags="[t, u]", slug="z")
    assert public.sync_after().undone == gone("a", "z")


def test_what_was_not_shown_moves_without_a_word(public: House) -> None:
    public.write("later.md", date="2027-01-01")
    public.sync_after()
    public.write("later.md", date="2027-01-01", slug="z")
    assert public.sync_after().undone is None


def test_two_that_swap_their_pages_are_told(house: House) -> None:
    for one, other in ("ab", "ba"):
        house.write("one.md", slug=one)
        house.write("other.md", slug=other, date="2026-01-02")
        outcome = house.sync_after()
    assert outcome.undone == gone("a", "b")


def test_a_page_that_is_another_article_s_now_is_told(public: House) -> None:
    public.remove("a.md")
    public.write("c.md", slug="a", date="2026-01-03", text="Another.")
    assert public.sync_after().undone == gone("a", site=FIRST, t=FIRST, u=FIRST)


def test_what_is_held_is_not_taken_back(house: House) -> None:
    for number in range(20):
        house.write(f"{number}.md")
    house.sync()
    for number in range(20):
        house.remove(f"{number}.md")
    assert house.sync_after().undone is None
    outcome = house.sync_after(confirm=True)
    assert outcome.undone is not None
    assert len(outcome.undone.pages) == 20


def test_a_cache_that_keeps_for_longer_is_told_of_more(public: House) -> None:
    public.site = replace(SITE, max_age=3600, stale=3600)
    public.sync_after()
    public.write("a.md", tags="[t, u]", expires="2026-01-10T13:00:00Z")
    assert public.sync_after().undone == gone("a", site=FIRST, t=FIRST, u=FIRST)
