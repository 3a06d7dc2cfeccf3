"""What the site's pages show beside their articles: neighbours, the related, tags, languages, and where to go on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from feedsvc.config import ChannelSettings
from feedsvc.publication.documents import Notice
from feedsvc.publication.views import MOST_TAGS

if TYPE_CHECKING:
    from asking import Readers
    from house import House


def page(readers: Readers, path: str) -> str:
    return readers.body(path).decode()


def section(html: str, name: str) -> list[str]:
    """The titles in a section."""
    found = re.search(rf'<section class="{name}.*?</section>', html, re.DOTALL)
    return re.findall(r'<a class="u-url" href="[^"]*">([^<]*)</a>', found[0]) if found else []


def beside(html: str) -> dict[str, str]:
    return dict(re.findall(r'<a rel="(prev|next)" href="https://lantern.example/articles/([^"]*)"', html))


def test_an_article_leads_to_the_one_before_and_the_one_behind(house: House, readers: Readers) -> None:
    for day, name in enumerate(["one", "two", "three"], 1):
        house.write(f"{name}.md", date=f"2026-01-0{day}", title=name)
    house.write("later.md", date="2026-02-01")
    house.write("draft.md", date="2026-01-04", draft="true")
    house.sync()
    readers.refresh()
    assert beside(page(readers, "articles/one")) == {"next": "two"}
    assert beside(page(readers, "articles/two")) == {"prev": "one", "next": "three"}
    assert beside(page(readers, "articles/three")) == {"prev": "two"}
    assert beside(page(readers, "articles/three").replace("three", "")) == {"prev": "two"}


def test_neighbours_of_one_instant_follow_the_order_of_the_list(house: House, readers: Readers) -> None:
    for name in "abc":
        house.write(f"{name}.md", id=f"https://lantern.example/{name}")
    house.sync()
    readers.refresh()
    listed = re.findall(r'<a class="u-url" href="https://lantern.example/articles/([^"]*)"', page(readers, ""))
    walked = ["a"]
    while following := beside(page(readers, f"articles/{walked[-1]}")).get("next"):
        walked.append(following)
    assert walked == listed[::-1] == ["a", "b", "c"]


def test_what_is_taken_back_or_expires_is_nobody_s_neighbour(house: House, readers: Readers) -> None:
    house.write("one.md", date="2026-01-01")
    house.write("two.md", date="2026-01-02", expires="2026-01-10T13:00:00Z")
    house.write("three.md", date="2026-01-03")
    house.sync()
    readers.refresh()
    assert beside(page(readers, "articles/one")) == {"next": "two"}
    house.clock.now += 3600
    assert beside(page(readers, "articles/one")) == {"next": "three"}
    house.remove("three.md")
    house.sync_after()
    readers.refresh()
    assert beside(page(readers, "articles/one")) == {}


def test_the_related_share_the_most_subjects_and_are_the_latest_of_these(house: House, readers: Readers) -> None:
    house.site = replace(house.site, latest_length=0, related_length=2)
    house.write("one.md", date="2026-01-01", title="One", tags="[a, b]")
    house.write("both.md", date="2025-01-02", title="Both", tags="[a, b]")
    house.write("old.md", date="2025-01-03", title="Old", tags="[b]")
    house.write("new.md", date="2025-01-04", title="New", tags="[a]")
    house.write("other.md", date="2026-01-05", title="Other", tags="[c]")
    house.write("bare.md", date="2026-01-05", title="Bare")
    house.sync()
    readers.refresh()
    assert section(page(readers, "articles/one"), "related") == ["Both", "New"]
    assert section(page(readers, "articles/other"), "related") == []
    assert section(page(readers, "articles/bare"), "related") == []


def test_what_is_among_the_latest_is_not_shown_again_as_related(house: House, readers: Readers) -> None:
    house.site = replace(house.site, latest_length=1)
    for day in (1, 2, 3):
        house.write(f"{day}.md", date=f"2026-01-0{day}", title=f"T{day}", tags="[a]", slug=f"t{day}")
    house.sync()
    readers.refresh()
    html = page(readers, "articles/t1")
    assert (section(html, "latest"), section(html, "related")) == (["T3"], ["T2"])


def test_a_list_leads_to_every_tag_or_of_many_to_those_that_it_shows(house: House, readers: Readers) -> None:
    names = [f"t{number:02}" for number in range(MOST_TAGS)]
    house.write("old.md", date="2025-01-01", tags=f"[{', '.join(names)}]")
    house.sync()
    readers.refresh()
    assert page(readers, "").count(">t") == MOST_TAGS
    house.site = replace(house.site, list_length=1)
    house.write("new.md", date="2026-01-01", tags="[Newest]")
    house.sync_after()
    readers.refresh()
    html = page(readers, "")
    assert "<bdi>Newest</bdi>" in html
    assert "<bdi>t01</bdi>" not in html


def test_the_list_of_a_language_speaks_it(house: House, readers: Readers) -> None:
    house.write("one.md", date="2026-01-02", title="Eins", language="de")
    house.write("two.md", date="2026-01-03", title="Two")
    house.sync()
    readers.refresh()
    german = page(readers, "languages/de/")
    assert '<html lang="de" dir="ltr">' in german
    assert ">2. Januar 2026</time>" in german
    assert '<article class="teaser h-entry">' in german
    english = page(readers, "")
    assert '<article class="teaser h-entry" lang="de" dir="ltr">' in english
    assert (
        '<time class="dt-published" datetime="2026-01-02T00:00:00Z" lang="en" dir="ltr">2 January 2026</time>'
        in english
    )


def test_months_are_called_as_the_site_s_language_calls_them(house: House, readers: Readers) -> None:
    house.site = replace(house.site, language="de")
    house.write("one.md", date="2026-01-02")
    house.write("two.md", date="2025-12-02")
    house.sync()
    readers.refresh()
    assert "<h1>Januar 2026</h1>" in page(readers, "2026/01/")
    assert ">Dezember 2025</a>" in page(readers, "2026/01/")
    assert "<bdi>Januar</bdi>" in page(readers, "2026/")


def test_authors_lead_to_what_else_is_by_them(house: House, readers: Readers) -> None:
    house.write("one.md", title="One", authors="[Ada Example, The Lantern]")
    house.write("two.md", title="Two", author="Ada/Example")
    house.write("three.md", title="Three")
    house.sync()
    readers.refresh()
    lists = 'class="p-author h-card" rel="author" href="https://lantern.example/authors/ada-example/"'
    assert f"{lists}>Ada Example</a></bdi>" in page(readers, "articles/one")
    assert lists not in page(readers, "articles/two")
    assert "p-author" not in page(readers, "articles/three")


def test_a_list_says_what_kind_of_subject_it_is_of(house: House, readers: Readers) -> None:
    house.write("one.md", tags="[Harbour]", language="de")
    house.sync()
    readers.refresh()
    assert '<p class="kicker">Tag</p>\n<h1>Harbour</h1>' in page(readers, "tags/harbour/")
    assert "<h1>Deutsch</h1>" in page(readers, "languages/de/")
    assert "<bdi>Deutsch</bdi></a>" in page(readers, "feeds")
    assert "kicker" not in page(readers, "")


def test_a_channel_s_list_says_what_is_set_of_it(house: House, readers: Readers) -> None:
    harbour = ChannelSettings(name="tags/harbour", description="Ships & quays.")
    house.site = replace(house.site, channels=(harbour,))
    house.write("one.md", tags="[Harbour, Wind]")
    house.sync()
    readers.refresh()
    assert "<h1>Harbour</h1>\n<p>Ships &amp; quays.</p>" in page(readers, "tags/harbour/")
    assert '<meta name="description" content="Ships &amp; quays.">' in page(readers, "tags/harbour/")
    assert "<h1>Wind</h1>\n</header>" in page(readers, "tags/wind/")


@pytest.mark.parametrize("notice", [Notice(404), Notice(410, "It was wrong.")])
def test_where_nothing_is_the_latest_lead_on(house: House, readers: Readers, notice: Notice) -> None:
    house.write("one.md", date="2026-01-02", title="One", expires="2026-01-10T13:00:00Z")
    house.write("later.md", date="2026-01-10T14:00:00Z", title="Later")
    house.sync()
    readers.refresh()
    html = readers.get(notice).representations["identity"].body.decode()
    assert ">One</a>" in html
    assert "Later" not in html
    assert ('<p class="reason">It was wrong.</p>' in html) == bool(notice.reason)
    house.clock.now += 3600
    assert ">One</a>" not in readers.get(notice).representations["identity"].body.decode()


def test_an_article_without_a_text_says_its_title_once(house: House, readers: Readers) -> None:
    house.write("a.md", title="Fish & chips", text="")
    house.sync()
    readers.refresh()
    assert "<p" not in page(readers, "articles/a").split('<div class="content e-content">')[1].split("</div>")[0]
    assert 'class="p-summary"' not in page(readers, "")
    assert b"Fish &amp;amp; chips&lt;/p&gt;" in readers.body("rss.xml")
