"""Filters: however one is spelled, there is one address for what it means."""

from __future__ import annotations

import random
import time
from contextlib import suppress
from itertools import product
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feedsvc import filters
from feedsvc.errors import FilterError
from feedsvc.filters import KEYS, KINDS, LONGEST, MOST, Filter
from feedsvc.text.subjects import TAGS

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMES = ("tags/a", "tags/b", "tags/ç", "categories/a", "sections/a/b")
PAIRS = [
    *(
        (key, name.partition("/")[2], name)
        for name in NAMES
        for key, kind in KINDS.items()
        if kind == name.split("/")[0]
    ),
    *((key, name.removeprefix("tags/"), name) for name in NAMES for key in ("all", "not")),
    *((key, name, name) for name in NAMES for key in ("all", "not")),
]
# A key, a value and the name of the channel that it means.
MEANINGS = st.lists(st.sampled_from(PAIRS), min_size=1, max_size=MOST)


def read(query: str | bytes) -> Filter:
    found = filters.read(query if isinstance(query, bytes) else query.encode())
    assert found is not None
    return found


def is_meant(pairs: Iterable[tuple[str, str, str]], among: frozenset[str]) -> bool:
    """What the address says, as the reference has it: of an article that is in some channels."""
    names = {key: [name for other, _, name in pairs if other == key] for key in KEYS}
    return (
        all(among & set(names[key]) for key in KINDS if names[key])
        and among.issuperset(names["all"])
        and not among & set(names["not"])
    )


WORLDS = [
    frozenset(name for name, is_in in zip(NAMES, each, strict=True) if is_in)
    for each in product((0, 1), repeat=len(NAMES))
]


def meaning(pairs: Iterable[tuple[str, str, str]]) -> tuple[bool, ...]:
    pairs = list(pairs)
    return tuple(is_meant(pairs, among) for among in WORLDS)


def meaning_of(found: Filter) -> tuple[bool, ...]:
    return tuple(all(group & among for group in found.groups) and not found.none & among for among in WORLDS)


def spelled(pairs: Iterable[tuple[str, str, str]], seed: int) -> str:
    """One of the spellings that an address may have."""
    choice = random.Random(seed)  # noqa: S311 - to spell

    def any_case(value: str) -> str:
        return "".join(choice.choice((letter, letter.upper())) for letter in value)

    def coded(text: str) -> str:
        return (
            "".join(f"%{byte:02x}" for byte in text.encode())
            if choice.random() < 0.3
            else quote(text, safe=choice.choice(("", "/")))
        )

    parts = [f"{coded(key)}={coded(any_case(value))}" for key, value, _ in pairs]
    parts += choice.choices(parts, k=max(0, min(MOST - len(parts), choice.randrange(3)))) if parts else []
    parts += choice.choices(["", "tag=", "not=+", "format=feed"], k=choice.randrange(3))
    choice.shuffle(parts)
    return "&".join(parts)


@given(pairs=MEANINGS, seed=st.integers())
@settings(max_examples=400)
def test_the_canonical_query_means_the_same_and_is_its_own(pairs: list[tuple[str, str, str]], seed: int) -> None:
    query = spelled(pairs, seed)
    assume(len(query) <= LONGEST)
    if not any(meaning(pairs)):
        with pytest.raises(FilterError, match="Nothing can match"):
            read(query)
        return
    found = read(query)
    assert meaning_of(found) == meaning(pairs)
    assert read(found.query) == found
    assert read(found.query).query == found.query


@given(first=MEANINGS, second=MEANINGS, seeds=st.tuples(st.integers(), st.integers()))
@settings(max_examples=1000)
def test_two_filters_have_one_address_if_and_only_if_they_mean_the_same(
    first: list[tuple[str, str, str]], second: list[tuple[str, str, str]], seeds: tuple[int, int]
) -> None:
    queries = [spelled(pairs, seed) for pairs, seed in zip((first, second), seeds, strict=True)]
    assume(any(meaning(first)) and any(meaning(second)) and all(len(query) <= LONGEST for query in queries))
    canonical = [read(query).query for query in queries]
    assert (canonical[0] == canonical[1]) == (meaning(first) == meaning(second))


def test_every_meaning_of_three_tags_has_one_address() -> None:
    """All filters of up to three values, not only those that were drawn."""
    pairs = [pair for pair in PAIRS if pair[2] in {"tags/a", "tags/b", "categories/a"}]
    by_meaning: dict[tuple[bool, ...], set[str]] = {}
    for chosen in product(pairs, repeat=3):
        if any(meaning(chosen)):
            query = "&".join(f"{key}={value}" for key, value, _ in chosen)
            by_meaning.setdefault(meaning(chosen), set()).add(read(query).query)
    assert all(len(queries) == 1 for queries in by_meaning.values())
    assert len({query for queries in by_meaning.values() for query in queries}) == len(by_meaning)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("tag=b&tag=a", "tag=a&tag=b"),
        ("tag=a&tag=b&tag=a", "tag=a&tag=b"),
        ("tag=A&tag=B", "tag=a&tag=b"),
        ("tag=sea+birds&not=x", "tag=sea-birds&not=x"),
        ("tag=sea%20birds&not=x", "tag=sea-birds&not=x"),
        ("tag=&tag=a&&not=b", "tag=a&not=b"),
        ("%74ag=%61&not=b", "tag=a&not=b"),
        ("all=a&all=b&tag=a&tag=c", "all=a&all=b"),
        ("tag=a&all=b", "all=a&all=b"),
        ("all=tags/b&all=tags/a", "all=a&all=b"),
        ("all=Authors/Ada&tag=a", "tag=a&author=ada"),
        ("tag=a&tag=b&not=b", "tag=a&not=b"),
        ("not=b&not=a", "not=a&not=b"),
        ("section=/news//local/&not=sections/news/old/", "section=news/local&not=sections/news/old"),
        ("language=de-AT&language=EN", "language=de-at&language=en"),
        ("not=z&all=c&language=l&section=s&tag=a&tag=b", "tag=a&tag=b&section=s&language=l&all=c&not=z"),
        ("tag=安全&tag=a", "tag=a&tag=%E5%AE%89%E5%85%A8"),
        ("tag=c%2b%2b&not=r%26d", "tag=c%2B%2B&not=r%26d"),
        ("tag=before&not=a", "tag=before-6db7d8&not=a"),
    ],
)  # fmt: skip
def test_spellings(written: str, canonical: str) -> None:
    assert read(written).query == canonical
    assert read(canonical).query == canonical


@pytest.mark.parametrize(
    ("written", "channel"),
    [
        ("tag=a", "tags/a"),
        ("all=a", "tags/a"),
        ("all=authors/ada&author=ada&author=ben", "authors/ada"),
        ("section=news/local", "sections/news/local"),
        ("tag=", ""),
        ("not=", ""),
        ("not=a", None),
        ("tag=a&tag=b", None),
        ("tag=a&category=b", None),
    ],
)
def test_what_one_channel_shows_is_that_channel_s(written: str, channel: str | None) -> None:
    assert read(written).channel == channel


OTHERS = ["", "utm_source=a", "format=feed", "a=tag", "xtag=a", "tag-a", "a=b&c=%74ag", "%ff=tag", "q=a+b", "=tag"]


@pytest.mark.parametrize("query", [*OTHERS, "a" * 5000, "a=b&" * 300 + "tag=a"])
def test_all_other_queries_say_nothing(query: str) -> None:
    assert filters.read(query.encode()) is None


REFUSED = [
    ("tags=a", "Did you mean tag="),
    ("Tag=a", "Did you mean tag="),
    ("tag[]=a", "Did you mean tag="),
    ("tag[0]=a&tag[1]=b", "Did you mean tag="),
    ("any=a", "Did you mean tag="),
    ("lang=en", "Did you mean language="),
    ("categories=a", "Did you mean category="),
    ("exclude=a", "Did you mean not="),
    ("tag=a&tag=b&Not=c", "Did you mean not="),
    ("%54ag=a", "Did you mean tag="),
    ("tag=a&not=a", "Nothing can match"),
    ("all=a&tag=a&tag=b&not=a", "Nothing can match"),
    ("tag=a&page=2", "Beside a filter nothing may stand but format=feed"),
    ("tag=a&format=page", "Beside a filter"),
    ("tag=a&%ff=b", "Beside a filter"),
    ("tag=a/b", "is not the last part of an address"),
    ("tag=a,b", "Give each value its own tag="),
    ("tag=a|b", "no patterns"),
    ("tag=.*", "no patterns"),
    ("not=^a$", "no patterns"),
    ("tag=%00", "no patterns"),
    ("tag=%zz", "no patterns"),
    ("tag=-", "is not the last part of an address"),
    ("tag=%ff", "not UTF-8"),
    ("all=people/ada", "such as authors/ada-example"),
    ("all=authors/", "is not the last part"),
    ("all=tags/a/b", "is not the last part"),
    ("tag=%CD%BE", "is not the last part"),  # NFC makes a semicolon of it
    ("&".join(["tag=a"] * (MOST + 1)), "8 values at most"),
    (f"tag={'a' * 500}", "500 bytes at most"),
    (f"tag={'安' * 60}", "500 bytes at most"),  # as it would have to be written
    ("tag=" + "a" * 3000, "500 bytes at most"),
    ("tag=" + "(a+)+" * 600, "500 bytes at most"),
    ("tag=" + "(a+)+" * 90, "no patterns"),
    ("tag=" + "(.*a){20}" * 50, "no patterns"),
]


@pytest.mark.parametrize(("query", "cure"), REFUSED)
def test_what_is_no_filter_is_told_with_the_cure(query: str, cure: str) -> None:
    with pytest.raises(FilterError) as raised:
        filters.read(query.encode())
    assert cure in str(raised.value)
    assert len(str(raised.value)) < 200  # nothing of what was asked for comes back


@pytest.mark.parametrize("query", [*(query for query, _ in REFUSED), "&" * 8000, "%" * 8000, "+&" * 4000, "tag=&" * 99])
def test_no_query_takes_a_millisecond(query: str) -> None:
    def seconds() -> float:
        before = time.thread_time()
        with suppress(FilterError):
            filters.read(query.encode())
        return time.thread_time() - before

    assert min(seconds() for _ in range(10)) < 0.001


@given(st.binary(max_size=600))
@settings(max_examples=500)
def test_whatever_bytes_come_the_answer_is_a_filter_or_none_or_why_not(query: bytes) -> None:
    for each in (query, b"tag=" + query, b"tag=a&" + query):
        try:
            found = filters.read(each)
        except FilterError:
            continue
        assert found is None or not found.query or read(found.query) == found


def test_tags_are_called_as_in_the_catalog() -> None:
    assert KINDS["tag"] == TAGS
