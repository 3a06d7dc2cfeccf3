"""Heads as the tools of publishers write them: every one becomes the same article, and nothing is said of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedsvc.articles import DIALECTS, FIELDS, check
from feedsvc.articles.typos import KNOWN, meant
from feedsvc.config import Site
from feedsvc.model import Article, Category, Enclosure, Person, Record

SITE = Site(title="A site", base_url="https://news.example/")

HEADS = {
    "hugo": """+++
title = "The ferry"
date = 2026-05-20T10:00:00Z
lastmod = 2026-05-21T10:00:00Z
description = "It left on time."
tags = ["Harbour"]
categories = ["Ferries"]
author = "Ada"
images = ["ferry.jpg"]
aliases = ["/old/ferry/"]
weight = 3
draft = false
+++
""",
    "jekyll": """---
layout: post
title: "The ferry"
date: 2026-05-20 10:00:00 +0000
last_modified_at: 2026-05-21 10:00:00 +0000
excerpt: It left on time.
tags: [Harbour]
category: Ferries
author: Ada
image: {path: ferry.jpg, alt: A ferry}
redirect_from: /old/ferry/
published: true
toc: true
---
""",
    "zola": """+++
title = "The ferry"
path = "old/ferry"
date = 2026-05-20T10:00:00Z
updated = 2026-05-21T10:00:00Z
description = "It left on time."
authors = ["Ada"]
[taxonomies]
tags = ["Harbour"]
categories = ["Ferries"]
[extra]
image = "ferry.jpg"
+++
""",
    "pelican": """Title: The ferry
Date: 2026-05-20 10:00
Modified: 2026-05-21 10:00
Category: Ferries
Tags: Harbour
Author: Ada
Summary: It left on time.
Image: ferry.jpg
Alias: /old/ferry/
Status: published

""",
    "nikola": """<!--
.. title: The ferry
.. date: 2026-05-20 10:00:00 UTC
.. updated: 2026-05-21 10:00:00 UTC
.. tags: Harbour
.. category: Ferries
.. author: Ada
.. description: It left on time.
.. previewimage: ferry.jpg
.. url: /old/ferry/
.. type: text
-->
""",
    "astro": """---
title: 'The ferry'
pubDate: '2026-05-20T10:00:00.000Z'
updatedDate: 'May 21 2026 10:00 UTC'
description: 'It left on time.'
tags: ["Harbour", "Ferries"]
author: {name: Ada}
heroImage: {src: ferry.jpg, alt: A ferry}
permalink: /old/ferry/
---
""",
    "docusaurus": """---
title: The ferry
slug: /2026/the-ferry
id: the-ferry
date: 2026-05-20T10:00
last_update:
  date: 2026-05-21T10:00
  author: Bob
description: It left on time.
authors:
  - name: Ada
    title: Reporter
    image_url: https://elsewhere.example/ada.png
tags: [Harbour, {label: Ferries, permalink: /ferries}]
image: ferry.jpg
aliases: [/old/ferry/]
hide_table_of_contents: false
---
""",
    "json": """{
  "title": "The ferry",
  "date": "2026-05-20",
  "published_at": "2026-05-20T10:00:00.000Z",
  "modified": 1779357600,
  "custom_excerpt": "It left <b>on time</b>.",
  "authors": [{"name": "Ada"}],
  "tags": [{"name": "Harbour", "slug": "harbour"}, {"name": "Ferries"}],
  "feature_image": "ferry.jpg",
  "canonical_url": "https://news.example/old/ferry/",
  "status": "published",
  "visibility": "public"
}
""",
}


def read(head: str, address: str = "the-ferry.md") -> Article:
    (found,) = check(Record(address, f"{head}\nText.\n".encode()), site=SITE)
    assert [str(fault) for fault in found.faults] == []
    assert found.article, found.aside
    return found.article


@pytest.mark.parametrize("tool", HEADS)
def test_a_head_of_another_tool_is_read(tool: str) -> None:
    found = read(HEADS[tool])
    assert (found.title, found.slug, found.summary) == ("The ferry", found.slug, "It left on time.")
    assert found.slug in {"the-ferry", "ferry"}  # a page that had an address keeps its last part
    assert found.written_date == "2026-05-20"
    assert found.published in {datetime(2026, 5, 20, 10, tzinfo=UTC), datetime(2026, 5, 20, tzinfo=UTC)}
    assert found.updated == datetime(2026, 5, 21, 10, tzinfo=UTC)
    assert found.authors == (Person("Ada"),)
    assert [each.term for each in found.categories] == ["Harbour", "Ferries"]
    assert {each.scheme for each in found.categories} <= {"tags", "categories"}
    assert found.image == "ferry.jpg"
    assert [alias.strip("/") for alias in found.aliases] == ["old/ferry"]


def test_every_key_of_the_table_is_one_of_a_field() -> None:
    assert DIALECTS.keys() == FIELDS.keys()
    keys = [key for keys in DIALECTS.values() for key in keys.split()]
    # `published` is a date to some, and an answer to Jekyll; Hugo's `publishDate` is the date where there is no other.
    twice = {"published", "permalink", "publishdate", "publish_date"}
    assert {key for key in keys if keys.count(key) > 1} == twice
    assert all(key == key.lower() for key in keys)


SAMPLES = {
    "title": ("A title", "title"), "date": ("2026-05-20", "written_date"), "updated": ("2027-05-20", "updated"),
    "summary": ("A summary.", "summary"), "slug": ("a-slug", "slug"), "id": ("tag:a.example,2026:x", "id"),
    "link": ("https://elsewhere.example/x", "link"), "path": ("/a/path", "aliases"), "aliases": ("a-slug", "aliases"),
    "authors": ("Ada", "authors"), "tags": ("Harbour", "categories"), "language": ("de", "language"),
    "image": ("a.jpg", "image"), "enclosures": ("a.mp3", "enclosures"), "rights": ("© Ada", "rights"),
    "expires": ("2099-01-01", "expires"), "withdrawn": ("2098-01-01", "withdrawn"),
    "withdrawn_reason": ("A mistake.", "reason"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "key"), [(name, key) for name, keys in DIALECTS.items() if name in SAMPLES for key in keys.split()]
)
def test_each_key_says_its_field(name: str, key: str) -> None:
    value, attribute = SAMPLES[name]
    table, dot, inner = key.rpartition(".")
    line = f"{table}: {{{inner}: '{value}'}}" if dot else f"{key}: '{value}'"
    if key in {"guid", "uuid"}:
        line = f"{key}: 01234567-89ab-cdef-0123-456789abcdef"
    if key == "date.updated":
        line = f"date: {{created: 2020-01-01, updated: '{value}'}}"
    missing = [given for given in ("title: T", "date: 2020-01-01") if given[:5] not in {f"{name}:"[:5], line[:5]}]
    found = read("\n".join(["---", line, *missing, "---"]))
    assert getattr(found, attribute) not in {None, "", (), "the-ferry", "T", "2020-01-01", found.published}


@pytest.mark.parametrize(
    "line",
    [
        "draft: yes", "published: false", "publish: no", "status: Draft", "status: hidden", "hidden: true",
        "private: true", "unlisted: true", "visibility: members", "visibility: private", "extra: {draft: true}",
        "draft: false\nstatus: draft", "isDraft: true", "isPublished: false", "status: in-progress", "password: x",
        "permalink: false", "eleventyExcludeFromCollections: true", "render: false", "headless: true",
        "build: {render: never}", "build: {list: never}", "_build: {render: false}", "email_only: true",
    ],
)  # fmt: skip
def test_what_is_not_for_everybody_is_a_draft(line: str) -> None:
    (found,) = check(Record("a.md", f"---\ntitle: A\ndate: 2026-05-20\n{line}\n---\n".encode()), site=SITE)
    assert (found.article, found.aside, found.faults) == (None, "a draft", ())


@pytest.mark.parametrize(
    "line",
    ["published: true", "status: published", "status: scheduled", "visibility: public", "published: 2026-05-20",
     "permalink: /a/", "permalink: [a]", "permalink: {x: y}", "render: true", "render: {x: y}", "password: ''",
     "build: {render: always, list: local}", "headless: false"],
)  # fmt: skip
def test_what_is_public_is_an_article(line: str) -> None:
    assert read(f"---\ntitle: A\ndate: 2026-05-20\n{line}\n---").title == "A"


@pytest.mark.parametrize(
    ("line", "attribute", "value"),
    [
        ("id: 5f3a", "id", ""),
        ("permalink: /:year/:title/", "aliases", ()),
        ("publishDate: 2026-06-01", "published", datetime(2026, 6, 1, tzinfo=UTC)),
        ("publishDate: 2026-05-01", "published", datetime(2026, 5, 20, tzinfo=UTC)),
        ("embargo: 2026-06-01", "updated", datetime(2026, 6, 1, tzinfo=UTC)),
        ("Authors: Ada Example, Ben Example", "authors", (Person("Ada Example"), Person("Ben Example"))),
        ("author: Ada Example, Director", "authors", (Person("Ada Example, Director"),)),
        ("author: Example, Ada; Example, Ben", "authors", (Person("Example, Ada"), Person("Example, Ben"))),
        (
            "author: '[Ada](https://a.example/), [Ben](https://b.example/) (Harbour)'",
            "authors",
            (Person("Ada, Ben (Harbour)"),),
        ),
        ("author: '[Ada](https://a.example/)'", "authors", (Person("Ada", None, "https://a.example/"),)),
        ("tags: a, b; c", "categories", (Category("a, b", "a,-b"), Category("c", "c"))),
        ("categories: [a, [b]]", "categories", (Category("a", "a", "categories"), Category("b", "b", "categories"))),
        ("category: a\ntags: b", "categories", (Category("b", "b"), Category("a", "a", "categories"))),
        ("category: a\nkeywords: b", "categories", (Category("a", "a", "categories"),)),
        ("url: https://old.example/2026/ferry.html", "aliases", ("/2026/ferry.html",)),
        ("canonical_url: https://elsewhere.example/x", "link", "https://elsewhere.example/x"),
        ("canonical_url: https://news.example/x", "link", None),
        ("canonical_url: none", "link", None),
        ("excerpt: true", "summary", None),
        ("description: May 20, 2026", "summary", None),
        ('rights: "&copy; 2026 <a href=/x>Ada</a>"', "rights", "© 2026 Ada"),
        ("tags: [R&amp;D, <i>Ferries</i>]", "categories", (Category("R&D", "r&d"), Category("Ferries", "ferries"))),
        ("cover: {image: a.png, alt: x}", "image", "a.png"),
        ("header: {teaser: a.png}", "image", "a.png"),
        ("header: true", "image", None),
        ("video: dQw4w9WgXcQ", "enclosures", ()),
        ("keywords: a, b", "categories", (Category("a", "a"), Category("b", "b"))),
        ("tags: [c]\nkeywords: a, b", "categories", (Category("c", "c"),)),
        ("license: {name: x}", "rights", None),
        ("author: Ada Example <ada@a.example>", "authors", (Person("Ada Example", "ada@a.example"),)),
        ("author: Ada Example <ada>", "authors", (Person("Ada Example"),)),
        ("author: Ada &amp; <b>Ben</b>", "authors", (Person("Ada & Ben"),)),
        ("summary: Nested trees &mdash; a <dialog>", "summary", "Nested trees — a <dialog>"),
        ("summary: <p>Nested <b>trees</b></p>", "summary", "Nested trees"),
        ("lang: en_GB.UTF-8", "language", "en-GB"),
        ("published: true", "written_date", "2026-05-20"),
        ("feed_content: summary", "content", "summary"),
        ("excerpt_length: 100", "excerpt_length", 100),
        (
            "podcast: {mp3: a.mp3, bytes: 12_000, duration: '1:02:03'}",
            "enclosures",
            (Enclosure("a.mp3", None, 12000, 3723),),
        ),
        (
            "enclosure: {url: https://a.example/x, type: audio/mpeg, length: 5, duration: 61.5}",
            "enclosures",
            (Enclosure("https://a.example/x", "audio/mpeg", 5, 61),),
        ),
    ],
)
def test_a_value_of_another_tool_is_taken_or_passed_over(line: str, attribute: str, value: object) -> None:
    assert getattr(read(f"---\ntitle: A\ndate: 2026-05-20\n{line}\n---"), attribute) == value


def test_the_zone_of_a_record_is_that_of_its_dates() -> None:
    found = read("---\ndate: 2026-05-20 10:00\ntitle: A\ntimezone: Europe/Berlin\n---")
    assert found.published == datetime(2026, 5, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "date", "slug"),
    [
        ("2026/05/20/ferry", "2026-05-20", "ferry"),
        ("/2026/05/20/The-Ferry/", "2026-05-20", "the-ferry"),
        ("news/2026-05-20-ferry.html", "2026-05-20", "ferry"),
    ],
)
def test_a_date_and_a_slug_in_the_old_address_are_taken(path: str, date: str, slug: str) -> None:
    found = read(f'+++\ntitle = "A"\npath = "{path}"\n+++', "x.md")
    assert (found.written_date, found.slug, found.slug_is_explicit) == (date, slug, False)


@pytest.mark.parametrize(
    ("address", "date", "slug", "language"),
    [
        ("2026-05-20-ferry.md", "2026-05-20", "ferry", None),
        ("2026_05_20_ferry.md", "2026-05-20", "ferry", None),
        ("2026-5-2-ferry.md", "2026-05-02", "ferry", None),
        ("2026/5/20/ferry.md", "2026-05-20", "ferry", None),
        ("2026-05-20 The ferry.md", "2026-05-20", "the-ferry", None),
        ("2026-05-20 - ferry.md", "2026-05-20", "ferry", None),
        ("20260520-ferry.md", "2026-05-20", "ferry", None),
        ("2026-05-20-ferry/index.md", "2026-05-20", "ferry", None),
        ("2026-05-20/ferry.md", "2026-05-20", "ferry", None),
        ("2026.05.20-ferry.md", "2026-05-20", "ferry", None),
        ("20260520.md", "2026-05-20", "20260520", None),
        ("news/2026/05/20/ferry.md", "2026-05-20", "ferry", None),
        ("news/2026/05-20-ferry.md", "2026-05-20", "ferry", None),
        ("2026-05-20-ferry.de.md", "2026-05-20", "ferry-de", "de"),
        ("2026-05-20.md", "2026-05-20", "2026-05-20", None),
    ],
)
def test_a_date_in_a_name_or_path_is_taken(address: str, date: str, slug: str, language: str | None) -> None:
    found = read("---\ntitle: A\n---", address)
    assert (found.written_date, found.slug, found.language) == (date, slug, language)


@pytest.mark.parametrize("address", ["2026-13-20-ferry.md", "2026/05/ferry.md", "20261399-x.md"])
def test_a_name_without_a_date_that_can_be_gives_none(address: str) -> None:
    (found,) = check(Record(address, b"---\ntitle: A\n---\nText"), site=SITE)
    assert [fault.problem for fault in found.faults] == ["date is missing"]


@pytest.mark.parametrize(
    ("address", "text", "aside"),
    [
        ("README.md", "x", "a README"),
        ("news/_index.md", "---\ntitle: x\n---", "a section's page"),
        ("_index.de.md", "x", "a section's page"),
        ("LICENSE.txt", "x", "a file about the project"),
        ("docs/CHANGELOG.md", "---\ntitle: x\ndate: 2026-05-20\n---", "a file about the project"),
        ("robots.txt", "User-agent: *", "a file about the project"),
        ("tsconfig.json", "{ // x\n}", "settings of another tool"),
        ("posts/posts.11tydata.json", '{"layout": "post"}', "settings of another tool"),
        ("authors.md", "---\ntitle: Authors\n---\nx", "a page, not an article"),
        ("_drafts/a.md", "---\ntitle: x\ndate: 2026-05-20\n---", "a draft"),
        ("_docs/install/linux.md", "---\ntitle: Linux\n---\nx", "a page, not an article"),
        ("_data/news.json", '[{"title": "x", "date": "May 2026"}]', "data of another tool"),
        ("posts/x.rst", "x", "in reStructuredText, which is not read"),
        ("README.rst", "x", "a README"),
        ("_layouts/post.md", "x", "part of a theme"),
        ("themes/a/b/x.md", "x", "part of a theme"),
        ("_site/x.md", "x", "made by another tool"),
        ("about.md", "---\ntitle: About\n---\nx", "a page, not an article"),
        ("x.md", "---\ntitle: x\nlayout: page\n---\nx", "a page, not an article"),
        ("x.md", "---\ntitle: x\ntype: page\ndate: 2026-05-20\n---\nx", "a page, not an article"),
        ("x.md", "+++\ntemplate = 'latest.html'\n+++\n", "an empty page"),
    ],
)
def test_what_is_no_article_is_left_out_with_its_reason(address: str, text: str, aside: str) -> None:
    (found,) = check(Record(address, text.encode()), site=SITE)
    assert (found.article, found.aside, found.faults) == (None, aside, ())


@pytest.mark.parametrize("address", ["history.md", "Security.md", "about.md", "design/themes/dark.md", "_notes/a.md"])
def test_an_article_may_have_the_name_of_a_page_or_a_theme_or_lie_in_a_collection(address: str) -> None:
    assert read("---\ntitle: A\ndate: 2026-05-20\n---", address).title == "A"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ndate: 2026-05-20\n---\n# The `ferry` & *us*\n\nText", "The ferry & us"),
        ("---\ndate: 2026-05-20\n---\n\nFerry\n=====\n", "Ferry"),
    ],
)
def test_the_first_heading_is_the_title_where_there_is_none(text: str, title: str) -> None:
    assert read(text).title == title


@pytest.mark.parametrize(
    ("written", "problem"),
    [("Created", "date: names no day"), ("{a: b}", "date: names no day"), ("''", "date: is empty")],
)
def test_a_date_that_says_no_day_is_told_of_as_it_is_written(written: str, problem: str) -> None:
    (found,) = check(Record("a.md", f"---\ntitle: A\ndate: {written}\n---\n".encode()), site=SITE)
    assert [(fault.problem, fault.line, fault.column) for fault in found.faults] == [(problem, 3, 7)]


def test_a_title_that_was_written_as_html_is_read() -> None:
    assert read('---\ntitle: "150 seats <strike>open</strike>&nbsp;gone"\ndate: 2026-05-20\n---').title == (
        "150 seats open gone"
    )


@pytest.mark.parametrize(
    "line",
    ["drfat: true", "draf: true", "drafts: true", "drafft: true", "publised: false", "is_drafft: true",
     "expire: 2026-05-21", "withdrawm: 2026-05-21", "withdraw: 2026-05-21", "expirydat: 2026-05-21",
     "embargos: 2026-05-21"],
)  # fmt: skip
def test_nothing_is_shown_that_a_misspelt_key_may_have_hidden(line: str) -> None:
    (found,) = check(Record("a.md", f"---\ntitle: A\ndate: 2026-05-20\n{line}\n---\n".encode()), site=SITE)
    assert found.article is None
    assert "did you mean" in found.faults[0].cure


@pytest.mark.parametrize("date", ["date: 2026-05-20\n", ""])
def test_an_embargo_that_cannot_be_read_is_no_reason_to_show_the_article(date: str) -> None:
    (found,) = check(Record("a.md", f"---\ntitle: A\n{date}publishDate: 2026-06-31\n---\n".encode()), site=SITE)
    assert found.article is None
    assert [fault.problem.partition(":")[0] for fault in found.faults] == ["publishdate"]


@pytest.mark.parametrize("line", ["withdrawn: false", "retracted: no", "expires: False", "expiryDate: off"])
def test_what_never_ends_is_shown(line: str) -> None:
    found = read(f"---\ntitle: A\ndate: 2026-05-20\n{line}\n---")
    assert (found.expires, found.withdrawn) == (None, None)


@pytest.mark.parametrize("line", ["datte: 2026-05-21", "publised: 2026-05-21", "publised: true", "titles: [a]"])
def test_a_misspelt_key_that_cannot_have_hidden_an_article_keeps_it_not_back(line: str) -> None:
    assert read(f"---\ntitle: A\ndate: 2026-05-20\n{line}\n---").title == "A"


@pytest.mark.parametrize(
    ("line", "attribute", "value"),
    [
        ("last-modified: 2027-05-20", "updated", datetime(2027, 5, 20, tzinfo=UTC)),
        ("excerpt-length: 50", "excerpt_length", 50),
        ("extra: {og-image: a.png}", "image", "a.png"),
    ],
)
def test_a_hyphen_in_a_key_is_as_good_as_an_underscore(line: str, attribute: str, value: object) -> None:
    assert getattr(read(f"---\ntitle: A\ndate: 2026-05-20\n{line}\n---"), attribute) == value


def test_a_misspelt_date_is_not_told_to_be_missing_too() -> None:
    (found,) = check(Record("a.md", b"---\ntitle: A\ndatte: 2026-05-20\n---\n"), site=SITE)
    assert [(fault.problem, fault.cure) for fault in found.faults] == [("datte is not a key", "did you mean date?")]


@pytest.mark.parametrize("written", ["Last Modified", "git Last Modified", "Created", "git Created"])
def test_a_date_of_the_file_s_history_is_none_of_the_article(written: str) -> None:
    assert read(f"---\ntitle: A\ndate: {written}\n---", "2026-05-20-a.md").written_date == "2026-05-20"


@pytest.mark.parametrize(
    ("key", "ours"),
    [
        ("titel", "title"),
        ("updatd", "updated"),
        ("sumary", "summary"),
        ("auhtors", "authors"),
        ("drfat", "draft"),
        ("descripton", "description"),
        ("expirydat", "expirydate"),
        ("lastmodd", "lastmod"),
        ("slgu", "slug"),
        ("langauge", "language"),
        ("tittle", "title"),
        ("titl", "title"),
        ("autor", "author"),
        ("dates", "date"),
    ],
)
def test_a_key_near_to_one_of_ours_is_a_typo(key: str, ours: str) -> None:
    assert meant(key) == ours


@pytest.mark.parametrize("key", [*sorted(KNOWN), "subtitle", "mood", "x", "languages", "slugs", "linked", "line"])
def test_a_key_of_another_tool_is_no_typo(key: str) -> None:
    assert meant(key) == ""
