"""A glimpse never says less than the record as a whole: no earlier day, no other slug, and no end is left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from house import SITE
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from feedsvc.articles import check
from feedsvc.articles.dialects import DIALECTS
from feedsvc.articles.glimpse import LENGTH, glimpse
from feedsvc.model import Article, Record

ZONES = ("UTC", "Pacific/Kiritimati", "Etc/GMT+12")
FARTHEST = timedelta(days=2)

DECISIVE = (
    "date",
    "embargo",
    "updated",
    "slug",
    "id",
    "link",
    "path",
    "expires",
    "withdrawn",
    "zone",
    "draft",
    "title",
)
KEYS = [DIALECTS[name].split() for name in DECISIVE] + [["Date", "tags", "dates"]]
ADDRESSES = (
    "a.md",
    "2031-05-06-a-title.md",
    "2031/05/06/index.md",
    "deep/folder/Über uns.markdown",
    "a.de.md",
    "archive.md",
    ".md",
)
SAID = (
    "2025-01-02",
    "2031-05-06T23:59:59-12:00",
    "2031-05-06T00:00:00+14:00",
    "2031-05-06 10:00",
    '"2031-05-06"',
    "6 May 2031",
    "Tue, 06 May 2031 10:00:00 GMT",
    "1936000000",
    "20310506",
    "true",
    "no",
    "",
    "null",
    "draft",
    "a-slug",
    "A Slug",
    "/a/path/to-it/",
    "https://lantern.example/elsewhere/",
    "https://other.example/elsewhere/",
    "tag:other.example,2025:x",
    "Europe/Berlin",
    "[a, b]",
)
# What only the whole of YAML knows, or nobody.
STRANGE = (
    "2031-02-30",
    "2031-05-06 # a comment",
    "'it''s'",
    "[2031-05-06]",
    "{date: 2031-05-06}",
    "&x 2031-05-06",
    "*x",
    "|\n  2031-05-06",
    "\n  2031-05-06",
    "\n  date: 2031-05-06",
    "\n- 2031-05-06",
    "2025-01-02\n  and more",
)
# How a line may begin, and what may stand behind it.
MARGINS = ("  ", "\t", "? ", "- ", "# ", "\ufeff")
BREAKS = ("\r\n", "\r", "\n\n", "\n---\n", "\n...\n", "\x85", "\u2028")
FENCES = (("--- \n", "---\n"), ("---\n", "...\n"), ("+++\n", "+++\n"), ("\n---\n", "---\n"))


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Records as most are, of which some have one thing that is strange."""
    keys = draw(st.lists(st.sampled_from(KEYS).flatmap(st.sampled_from), max_size=4, unique=True))
    lines = [["", key, draw(st.sampled_from(SAID)), "\n"] for key in ("title", *keys)]
    place, values = draw(st.sampled_from([(None, ()), (None, ()), (0, MARGINS), (2, STRANGE), (3, BREAKS)]))
    if place is not None:
        draw(st.sampled_from(lines))[place] = draw(st.sampled_from(values))
    opening, closing = draw(st.sampled_from([*[("---\n", "---\n")] * 8, *FENCES]))
    head = "".join(f"{margin}{key}: {said}{end}" for margin, key, said, end in lines)
    return Record(draw(st.sampled_from(ADDRESSES)), f"{opening}{head}{closing}\nA text of 2031-05-06.\n".encode())


def articles(record: Record, zone: str) -> list[Article]:
    return [each.article for each in check(record, site=replace(SITE, zone=zone)) if each.article is not None]


@settings(max_examples=1500)
@given(records(), st.sampled_from(ZONES))
def test_it_never_says_less_than_the_whole_does(record: Record, zone: str) -> None:
    found = glimpse(record.address, record.body[:LENGTH])
    if found is None:
        return
    for article in articles(record, zone):
        assert article.slug in found.slugs
        until = datetime.fromisoformat(found.day).replace(tzinfo=UTC) + FARTHEST
        assert max(article.published, article.updated) < until
        assert (article.expires, article.withdrawn, article.id) == (None, None, "")


@pytest.mark.parametrize(
    ("address", "head", "day", "slugs"),
    [
        ("a.md", "title: One\ndate: 2025-01-02\ntags: [a, b]", "2025-01-02", ("a",)),
        ("2025-01-02-one.md", "title: One", "2025-01-02", ("one",)),
        ("a.md", "date: 2025-01-02\nlastmod: 2026-03-04T10:00:00Z", "2026-03-04", ("a",)),
        ("a.md", "pubDate: Thu, 02 Jan 2025 10:00:00 +0100\npublished: true", "2025-01-02", ("a",)),
        ("a.md", "date: 2025-01-02\nslug: Other One\naliases: [b]", "2025-01-02", ("a", "other-one")),
        ("a.md", "title: A page", "", ("a",)),
    ],
)
def test_what_most_records_say_is_seen(address: str, head: str, day: str, slugs: tuple[str, ...]) -> None:
    assert glimpse(address, f"---\n{head}\n---\nA text.\n".encode()) == (day, slugs)


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("a.html", "---\ndate: 2025-01-02\n---\n"),
        ("a.md", "+++\ndate = 2025-01-02\n+++\n"),
        ("a.md", "A text without keys.\n"),
        ("a.md", "---\ndate: 2025-01-02\n"),
        ("a.md", "---\ndate: yesterday\n---\n"),
        ("a.md", "---\ndate: 2025-01-02\nexpires: 2026-01-02\n---\n"),
        ("a.md", "---\ndate: 2025-01-02\nid: tag:example.org,2025:x\n---\n"),
        ("a.md", "---\ndate: 2025-01-02\ncanonical_url: https://example.org/x\n---\n"),
        ("a.md", f"---\ntitle: {'x' * LENGTH}\ndate: 2025-01-02\n---\n"),
    ],
)
def test_of_all_others_only_the_whole_tells(address: str, text: str) -> None:
    assert glimpse(address, text.encode()[:LENGTH]) is None
