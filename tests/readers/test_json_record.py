"""JSON records: one article, many, a feed, an export, or one a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from feedsvc.articles import check
from feedsvc.config import Site
from feedsvc.errors import RecordError
from feedsvc.model import Category, Person, Record
from feedsvc.readers import read

if TYPE_CHECKING:
    from feedsvc.articles import Checked
    from feedsvc.readers import Raw

SITE = Site(title="A site", base_url="https://news.example/")
ONE: dict[str, Any] = {"title": "The ferry", "date": "2026-05-20", "body": "It *left*."}


def raws(value: object, address: str = "a.json") -> tuple[Raw, ...]:
    text = value if isinstance(value, str) else json.dumps(value)
    return read(Record(address, text.encode()))


def checked(value: object, address: str = "a.json") -> tuple[Checked, ...]:
    text = value if isinstance(value, str) else json.dumps(value)
    return check(Record(address, text.encode()), site=SITE)


def test_an_object_is_one_article() -> None:
    (found,) = checked(ONE)
    assert found.article
    assert (found.address, found.article.title, found.article.slug) == ("a.json", "The ferry", "a")
    assert (found.article.source, found.article.markup) == ("It *left*.", "markdown")


@pytest.mark.parametrize("value", [[ONE], {"items": [ONE]}, {"posts": [ONE]}, {"version": 1, "articles": [ONE]}])
def test_a_list_is_several(value: object) -> None:
    (found,) = checked(value)
    assert found.article
    assert (found.address, found.article.slug) == ("a.json#the-ferry", "the-ferry")


@pytest.mark.parametrize(
    ("body", "markup", "source"),
    [
        ({"content_html": "<p>a", "content_text": "b"}, "html", "<p>a"),
        ({"content_text": "a *b*"}, "text", "a *b*"),
        ({"content": "<p>a</p>"}, "html", "<p>a</p>"),
        ({"content": "a < b"}, "markdown", "a < b"),
        ({"html": None, "plaintext": "a"}, "text", "a"),
        ({"markdown": "a"}, "markdown", "a"),
        ({}, "markdown", ""),
    ],
)
def test_the_text_is_what_its_key_or_its_tags_say(body: dict[str, Any], markup: str, source: str) -> None:
    (found,) = raws({"title": "A", **body})
    assert (found.markup, found.source) == (markup, source)


def test_each_article_has_a_name_that_stays() -> None:
    items = [{"id": "x/1", "title": "A"}, {"slug": "s", "title": "A"}, {"title": "A"}, {"title": "a"}, {"body": "B"}]
    assert [raw.part for raw in raws(items)] == ["1", "s", "a", "a-2", "item-5"]
    assert [raw.part for raw in raws([{"title": "new"}, *items])][1:4] == ["1", "s", "a"]


def test_what_changes_elsewhere_in_the_file_changes_no_other_article() -> None:
    before = {each.address: each.digest for each in checked([ONE, {**ONE, "title": "B"}])}
    after = {each.address: each.digest for each in checked([{**ONE, "title": "New"}, ONE, {**ONE, "title": "C"}])}
    assert after["a.json#the-ferry"] == before["a.json#the-ferry"]


def test_one_that_is_at_fault_harms_no_other() -> None:
    first, second, third = checked('[{"title": "A", "date": "soon"},\n 3,\n {"title": "B", "date": "2026-05-20"}]')
    assert [(fault.line, fault.column) for fault in first.faults] == [(1, 25)]
    assert (second.article, second.aside) == (None, "holds no articles")
    assert third.article


def test_what_an_article_lacks_is_told_where_it_begins() -> None:
    found = checked('[\n  {"title": "A", "date": "2026-05-20"},\n  {"body": "B", "slug": "b"}\n]')
    places = [(fault.line, fault.column, fault.problem.partition(" ")[0]) for fault in found[1].faults]
    assert places == [(3, 3, "date"), (3, 3, "title")]


def test_lines_are_one_article_each_and_harm_no_other() -> None:
    lines = [json.dumps(ONE), "", '{"title": "Broken",', json.dumps({**ONE, "title": "B"}), "[1]"]
    first, second, third, fourth = checked("\n".join(lines), "a.jsonl")
    assert first.article
    assert [str(fault).partition(" (")[0] for fault in second.faults] == [
        "a.jsonl:4:1: is not JSON: no key stands here"
    ]
    assert third.article
    assert fourth.aside == "holds no articles"


@pytest.mark.parametrize(
    "value", [{"name": "a-package", "version": "1.0.0"}, [1, 2], {}, [], "3", {"items": [{"a": 1}]}, {"data": {}}]
)
def test_other_json_holds_no_articles(value: object) -> None:
    assert [(found.article, found.aside, found.faults) for found in checked(value)] == [(None, "holds no articles", ())]


@pytest.mark.parametrize("text", ["", "{", "[1] 2", "{'a': 1}"])
def test_what_is_no_json_is_told(text: str) -> None:
    with pytest.raises(RecordError, match=r"^a\.json:1:"):
        raws(text)


def test_a_text_that_is_too_long_is_a_fault_of_its_article_alone() -> None:
    first, second = checked([{**ONE, "body": "a" * 1_100_000}, {**ONE, "title": "B"}])
    assert [fault.problem for fault in first.faults] == ["body: is larger than 1024 KiB of text"]
    assert second.article


GHOST = {
    "db": [
        {
            "meta": {"version": "5"},
            "data": {
                "posts": [
                    {
                        "id": "p1", "uuid": "01234567-89ab-cdef-0123-456789abcdef", "title": "The ferry",
                        "slug": "the-ferry", "html": '<p>It <a href="__GHOST_URL__/x/">left</a>.</p>', "lexical": "{}",
                        "feature_image": "__GHOST_URL__/content/images/a.jpg", "status": "published",
                        "visibility": "public", "type": "post", "published_at": "2026-05-20T10:00:00.000Z",
                        "created_at": "2026-05-01T10:00:00.000Z", "updated_at": "2026-05-21T10:00:00.000Z",
                        "custom_excerpt": None,
                    },
                    {"id": "p2", "title": "A draft", "slug": "d", "html": "", "status": "draft", "type": "post"},
                    {"id": "p3", "title": "About", "slug": "about", "html": "<p>x</p>", "status": "published",
                     "type": "page", "published_at": "2026-05-20T10:00:00.000Z"},
                    {"id": "p4", "title": "Paid", "slug": "paid", "html": "<p>x</p>", "status": "published",
                     "visibility": "paid", "type": "post", "published_at": "2026-05-20T10:00:00.000Z"},
                ],
                "tags": [{"id": "t1", "name": "Ferries"}, {"id": "t2", "name": "Harbour"}, {"id": "t3", "name": "#in"}],
                "posts_tags": [
                    {"post_id": "p1", "tag_id": "t1", "sort_order": 1},
                    {"post_id": "p1", "tag_id": "t2", "sort_order": 0},
                    {"post_id": "p1", "tag_id": "t3", "sort_order": 2},
                ],
                "users": [{"id": "u1", "name": "Ada"}],
                "posts_authors": [{"post_id": "p1", "author_id": "u1", "sort_order": 0}],
                "posts_meta": [{"post_id": "p1", "meta_description": "It left on time."}],
            },
        }
    ]
}  # fmt: skip


def test_an_export_of_ghost_is_its_posts() -> None:
    ferry, *others = checked(GHOST, "export.json")
    assert [str(fault) for fault in ferry.faults] == []
    found = ferry.article
    assert found
    assert (found.title, found.slug, found.id) == (
        "The ferry",
        "the-ferry",
        "urn:uuid:01234567-89ab-cdef-0123-456789abcdef",
    )
    assert (found.published.isoformat(), found.updated.isoformat()) == (
        "2026-05-20T10:00:00+00:00",
        "2026-05-21T10:00:00+00:00",
    )
    assert (found.summary, found.image) == ("It left on time.", "/content/images/a.jpg")
    assert (found.source, found.markup) == ('<p>It <a href="/x/">left</a>.</p>', "html")
    assert found.categories == (Category("Harbour", "harbour"), Category("Ferries", "ferries"))
    assert found.authors == (Person("Ada"),)
    assert [each.aside for each in others] == ["a draft", "a page, not an article", "a draft"]


def test_a_tag_that_changes_changes_the_article() -> None:
    renamed = json.loads(json.dumps(GHOST).replace("Harbour", "Port"))
    before, after = checked(GHOST), checked(renamed)
    assert [a.digest == b.digest for a, b in zip(before, after, strict=True)] == [False, True, True, True]


@pytest.mark.parametrize("text", ["x\n" * 60_000, "{}\n" * 60_000])
def test_more_articles_than_a_file_may_hold_are_refused(text: str) -> None:
    with pytest.raises(RecordError, match=r"^a.jsonl:1:1: holds more than 50,000 articles \(split it"):
        read(Record("a.jsonl", text.encode()))


def test_many_faults_in_one_line_take_no_time() -> None:
    found = checked([{"title": "T", "date": "never", "text": "x"}] * 5000)
    assert sum(len(each.faults) for each in found) == 5000
    assert max(len(fault.text) for each in found for fault in each.faults) < 3000


@pytest.mark.parametrize("order", ["first", "9" * 5000, "", "-1"])
def test_tags_in_no_order_are_tags(order: str) -> None:
    export = json.loads(json.dumps(GHOST).replace('"sort_order": 0', f'"sort_order": "{order}"'))
    assert {each.term for each in checked(export)[0].article.categories} == {"Harbour", "Ferries"}  # type: ignore[union-attr]
