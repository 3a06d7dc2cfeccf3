"""The trust boundary: what becomes an article, and what is said of what does not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from house import article
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.articles import FIELDS, check
from feedsvc.config import Site
from feedsvc.errors import RecordError
from feedsvc.model import Article, Category, Person, Record

SITE = Site(title="A site", base_url="https://news.example/", zone="Europe/Berlin")
HEAD = "title: A title\ndate: 2020-05-20"


def read(text: str, address: str = "a.md") -> Article | None:
    return article(Record(address, text.encode()), site=SITE)


def checked(head: str = HEAD, *, address: str = "a.md", source: str = "") -> Article:
    found = read(f"---\n{head}\n---\n{source}", address)
    assert found
    return found


def faults(text: str, address: str = "a.md") -> list[str]:
    """Each fault's place, problem and cure; where there are only warnings, they say so, and there is an article."""
    (found,) = check(Record(address, text.encode()), site=SITE)
    assert bool(found.article) == all(fault.is_warning for fault in found.faults)
    return [str(fault).partition("\n")[0] for fault in found.faults]


def field_faults(lines: str) -> list[str]:
    """The faults of lines that stand below a good title and date."""
    return faults(f"---\n{HEAD}\n{lines}\n---\n")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def test_a_whole_record_becomes_an_article() -> None:
    head = """
title: "  A \\n title "
date: 2020-05-20 10:00
updated: 21 May 2020
summary: >
  Two
  lines.
slug: The Slug
id: tag:news.example,2020:a
link: https://other.example/a
authors: [{name: Ada, email: ada@news.example, uri: https://ada.example/}, Bob]
tags: [C++, Two Words]
language: de
image: images/a.png
draft: no
expires: 2030-01-01T00:00:00Z
withdrawn: 2029-01-01T00:00:00Z
withdrawn_reason: Its figures &amp; its dates were wrong.
other: {ignored: [yes]}"""
    assert checked(head, address="b/a.md", source="\nWords\n\n") == Article(
        address="b/a.md",
        title="A title",
        slug="the-slug",
        slug_is_explicit=True,
        written_date="2020-05-20",
        published=at(2020, 5, 20, 8),
        updated=at(2020, 5, 20, 22),
        source="Words",
        markup="markdown",
        id="tag:news.example,2020:a",
        summary="Two lines.",
        link="https://other.example/a",
        image="images/a.png",
        authors=(Person("Ada", "ada@news.example", "https://ada.example/"), Person("Bob")),
        categories=(Category("C++", "c++"), Category("Two Words", "two-words")),
        language="de",
        expires=at(2030, 1, 1),
        withdrawn=at(2029, 1, 1),
        reason="Its figures & its dates were wrong.",
    )


def test_title_and_date_are_enough() -> None:
    assert checked() == Article(
        address="a.md",
        title="A title",
        slug="a",
        written_date="2020-05-20",
        published=at(2020, 5, 19, 22),
        updated=at(2020, 5, 19, 22),
        source="",
        markup="markdown",
    )


def test_a_copied_page_becomes_an_article() -> None:
    found = read("20 May 2020\r\nA title\r\nA title\r\nOne\r\n\r\nTwo\r\nBack to the list\r\nOld\r\n", "page.txt")
    assert found
    assert (found.title, found.written_date, found.source, found.markup) == (
        "A title",
        "2020-05-20",
        "One\n\nTwo",
        "text",
    )


@pytest.mark.parametrize("address", ["README.md", "a/readme.txt", "ReadMe.ja.md", "_index.md", "a/_index.de.md"])
def test_a_readme_and_an_index_page_are_no_articles(address: str) -> None:
    assert read("\0", address) is None


@pytest.mark.parametrize("answer", ["true", "yes", "Yes", "on", "1", "'true'"])
def test_a_draft_is_none_whatever_is_wrong_in_it(answer: str) -> None:
    assert read(f"---\ndraft: {answer}\nid: &a\nid:\nlink: nowhere\n---\n\b") is None


@pytest.mark.parametrize("answer", ["false", "No", "off", "0", ""])
def test_what_is_no_draft_is_an_article(answer: str) -> None:
    assert checked(f"{HEAD}\ndraft: {answer}") == checked()


def test_updated_is_never_before_the_date() -> None:
    found = checked(f"{HEAD}\nupdated: 2019-01-01")
    assert found.updated == found.published


@pytest.mark.parametrize(
    ("address", "slug", "date"),
    [
        ("a/My Article.md", "my-article", "2020-05-20"),
        ("2021-02-03-hello.md", "hello", "2020-05-20"),
        ("2021-02-03.md", "2021-02-03", "2020-05-20"),
        ("2021-02-30-hello.md", "2021-02-30-hello", "2020-05-20"),
        ("a/Folder/index.md", "folder", "2020-05-20"),
        ("a/2021-02-03-folder/INDEX.md", "folder", "2020-05-20"),
        ("index.md", "index", "2020-05-20"),
        ("v1.2.md", "v1.2", "2020-05-20"),
        ("archive.md", "archive-0eb3e3", "2020-05-20"),
        ("#.md", "994e72", "2020-05-20"),
        (f"{'a' * 250}.md", "a" * 200, "2020-05-20"),
        (f"{'long-' * 45}.md", "-".join(["long"] * 40), "2020-05-20"),
    ],
)
def test_a_slug_is_made_of_the_name(address: str, slug: str, date: str) -> None:
    found = checked(address=address)
    assert (found.slug, found.written_date, found.slug_is_explicit) == (slug, date, False)


@pytest.mark.parametrize(
    ("slug", "made"),
    [("../../etc", "etc"), ("/../", "..-5ec1f7"), ("a/b/C d", "c-d"), ("Ärger über B", "ärger-über-b")],
)
def test_an_explicit_slug_is_one_segment_of_an_address(slug: str, made: str) -> None:
    found = checked(f"{HEAD}\nslug: {slug}")
    assert (found.slug, found.slug_is_explicit) == (made, True)


@pytest.mark.parametrize("address", ["2021-02-03-hello.md", "2021-02-03-hello/index.md"])
def test_a_name_gives_the_date_where_the_record_has_none(address: str) -> None:
    found = checked("title: A title", address=address)
    assert (found.written_date, found.published) == ("2021-02-03", at(2021, 2, 2, 23))


def test_a_bad_date_is_not_mended_by_the_name() -> None:
    assert len(faults("---\ntitle: x\ndate: soon\n---\n", "2021-02-03-hello.md")) == 1


@pytest.mark.parametrize(
    ("tags", "categories"),
    [
        ("one, Two , ,three", [("one", "one"), ("Two", "two"), ("three", "three")]),
        ("[one, 'a, b', '', ' ']", [("one", "one"), ("a, b", "a,-b")]),
        ("[One, ONE, two, one]", [("One", "one"), ("two", "two")]),
        ("['#']", [("#", "334359")]),
        ("[]", []),
        ("','", []),
    ],
)
def test_tags_are_folded_and_each_slug_comes_once(tags: str, categories: list[tuple[str, str]]) -> None:
    found = checked(f"{HEAD}\ntags: {tags}").categories
    assert [(each.term, each.slug) for each in found] == categories


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("author: Ada  Example", [Person("Ada Example")]),
        ("author: Example, Ada", [Person("Example, Ada")]),
        ("authors: [Ada, Bob, Ada]", [Person("Ada"), Person("Bob")]),
        ("author: {name: Ada, url: https://a.example/}", [Person("Ada", None, "https://a.example/")]),
        ("authors:\n- name: Ada\n  email:\n  uri: ''", [Person("Ada")]),
        ("authors:\nauthor: Ada", [Person("Ada")]),
    ],
)
def test_authors_are_names_or_maps(line: str, authors: list[Person]) -> None:
    assert list(checked(f"{HEAD}\n{line}").authors) == authors


@pytest.mark.parametrize("name", sorted(set(FIELDS) - {"title", "date", "audience"}))
@pytest.mark.parametrize("nothing", ["", "''", "' '", "[]", "{}"])
def test_a_key_that_says_nothing_is_not_there(name: str, nothing: str) -> None:
    assert checked(f"{HEAD}\n{name}: {nothing}") == checked()


BARE_CURE = "(begin the file with four lines: ---, title: My title, date: 2020-05-20, ---)"
STANDS_FOR_IT = "warning: title is missing, and the file's name stands for it"
NAMED = "between the lines --- at the top)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Words\n", [f"a.md:1:1: date is missing {BARE_CURE}", f"a.md:1:1: {STANDS_FOR_IT} {BARE_CURE}"]),
        (
            "---\ntitle: A\n---\nWords",
            [f"a.md:1:1: date is missing (write a line such as date: 2020-05-20 {NAMED}"],
        ),
        (
            "---\ntitle: x\ndate: []\n---\n",
            [f"a.md:3:7: date: is empty (write a line such as date: 2020-05-20 {NAMED}"],
        ),
        ("---\ndate: 2020-05-20\ntitel: x\n---\n", ["a.md:3:1: titel is not a key (did you mean title?)"]),
        (
            "---\ndate: 2020-05-20\nsubtitle: x\n---\n",
            [f"a.md:1:1: {STANDS_FOR_IT} (write a line such as title: My title {NAMED}"],
        ),
        (
            "---\ntitle: !x y\ndate: 2020-05-20\n---\n",
            ["a.md:2:8: the tag !x is not read (remove it, or put the text in quotes)"],
        ),
    ],
)
def test_a_missing_title_or_date_is_told_with_what_to_write(text: str, said: list[str]) -> None:
    assert faults(text) == said


def test_plain_text_is_told_what_to_write_too() -> None:
    assert faults("20 May 2020\n", "a.txt") == [
        f"a.txt:1:1: {STANDS_FOR_IT} (write the title on a line of its own at the top)"
    ]


def test_plain_text_without_a_date_is_another_file_of_the_site() -> None:
    (found,) = check(Record("a.txt", b"A title\nWords\n"), site=SITE)
    assert (found.article, found.aside, found.faults) == (None, "a text without a date", ())
    assert faults("A title\n05/06/2020\nWords\n", "a.txt") == [
        "a.txt:2:1: date: '05/06/2020' could be May or June (write 2020-05-06 or 6 May 2020)"
    ]


def test_a_typo_of_an_optional_key_is_a_warning() -> None:
    assert field_faults("titel: x\nsumary: y\nlayout: post") == [
        "a.md:5:1: warning: sumary is not a key (did you mean summary?)"
    ]


AN_IRI = "is not an absolute IRI (write one such as tag:example.org,2020-05-20:my-article)"
A_URL = "is not an absolute http or https URL (write one such as https://example.org/page)"
A_DATE = "is not a date (write one such as 2020-05-20, 20 May 2020 or 2020-05-20T14:30:00+02:00)"
A_PICTURE = "is no picture that a reader can fetch (write the path of a file beside the article, or an https URL)"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("updated: soon", f"4:10: warning: updated: 'soon' {A_DATE}"),
        ("expires: never|ever", f"4:10: expires: 'never¦ever' {A_DATE}"),
        ("withdrawn: [x]", "4:12: withdrawn: is not text (write it on one line, in quotes where it holds : or #)"),
        (
            "summary: {a: b}",
            "4:10: warning: summary: is not text (write it on one line, in quotes where it holds : or #)",
        ),
        (f"summary: {'x' * 10_001}", "4:10: warning: summary: has 10001 characters (write at most 10000)"),
        (
            "slug: '#'",
            (
                "4:7: warning: slug: has nothing that can stand in an address "
                "(write letters or digits, such as my-article)"
            ),
        ),
        (f"slug: {'x' * 201}", "4:7: warning: slug: has 201 characters (write at most 200)"),
        ("id: 'tag:a b'", f"4:5: id: 'tag:a b' {AN_IRI}"),
        ("link: /a", f"4:7: warning: link: '/a' {A_URL}"),
        ("link: javascript:alert(1)", f"4:7: warning: link: 'javascript:alert(1)' {A_URL}"),
        ("link: http://:80/", f"4:7: warning: link: 'http://:80/' {A_URL}"),
        ("link: http://[::1", f"4:7: warning: link: 'http://[::1' {A_URL}"),
        ("link: 'https://a.example/a b|c'", f"4:7: warning: link: 'https://a.example/a b¦c' {A_URL}"),
        (f"link: /{'a' * 200}", f"4:7: warning: link: '/{'a' * 99}…' {A_URL}"),
        ("image: data:image/png;base64,xx", f"4:8: warning: image: 'data:image/png;base64,xx' {A_PICTURE}"),
        ("language: E", """4:11: warning: language: "E" is not a language tag (write one such as "en" or "pt-BR")"""),
        ("draft: maybe", "4:8: draft: 'maybe' is neither yes nor no (write true or false)"),
        ("tags: {a: b}", "4:7: warning: tags: is a map (write a list such as [one, two])"),
        ("tags: [a, [[b]]]", "4:12: warning: tag: is not text (write it on one line, in quotes where it holds : or #)"),
        (f"tags: [a, {'b' * 101}]", "4:11: warning: tag: has 101 characters (write at most 100)"),
        (f"tags: [{'a,' * 10_000}]", "4:7: warning: tags: 10000 are too many (keep the 100 that matter most)"),
        (f"authors: [{'a,' * 51}]", "4:10: warning: authors: 51 are too many (keep the 50 that matter most)"),
        ("author: {email: a@b.example}", "4:9: warning: author: has no name (write a line such as name: Ada Example)"),
        ("author: {name: ''}", "4:9: warning: author: has no name (write a line such as name: Ada Example)"),
        (
            "author: {name: Ada, email: nobody}",
            "4:28: warning: email: 'nobody' is not an e-mail address (write one such as ada@example.org)",
        ),
        ("author: {name: Ada, url: /ada}", f"4:26: warning: url: '/ada' {A_URL}"),
    ],
)
def test_a_field_at_fault_is_told_with_place_and_cure(line: str, said: str) -> None:
    assert field_faults(line) == [f"a.md:{said}"]


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("05/06/2020", "'05/06/2020' could be May or June (write 2020-05-06 or 6 May 2020)"),
        ("2026-02-30", "'2026-02-30' is not a date: February 2026 has 28 days (write a day from 1 to 28)"),
        ("9" * 99, f"'{'9' * 64}…' {A_DATE}"),
        ("9" * 6000, "has 6000 characters (write at most 100)"),
    ],
)
def test_a_date_is_never_guessed(date: str, said: str) -> None:
    assert faults(f"---\ntitle: x\ndate: {date}\n---\n") == [f"a.md:3:7: date: {said}"]


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ('"a\\bb"', "holds the character U+0008, which no feed can carry (remove U+0008)"),
        ('"a\\x1cb"', "holds the character U+001C, which no feed can carry (remove U+001C)"),
        ('"\\uFFFE"', "holds the character U+FFFE, which no feed can carry (remove U+FFFE)"),
        ('"\\u200b \\u200b"', "is empty (write what it should say)"),
        ("x" * 1001, "has 1001 characters (write at most 1000)"),
        ("[x]", "is not text (write it on one line, in quotes where it holds : or #)"),
    ],
)
def test_a_title_is_text_that_a_feed_can_carry(title: str, said: str) -> None:
    assert faults(f"---\ntitle: {title}\ndate: 2020-05-20\n---\n") == [f"a.md:2:8: title: {said}"]


@pytest.mark.parametrize("title", ["👩\u200d💻 at work", "می\u200cخواهم", "<b> & ]]>", "x" * 1000])
def test_a_title_may_hold_what_people_write(title: str) -> None:
    assert checked(f"title: '{title}'\ndate: 2020-05-20").title == title


def test_a_lone_surrogate_of_the_loader_without_libyaml_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedsvc.readers.yaml_values.LOADER", yaml.BaseLoader)
    assert faults('---\ntitle: "\\ud800"\ndate: 2020-05-20\n---\n') == [
        "a.md:2:8: title: holds the character U+D800, which no feed can carry (remove U+D800)"
    ]


def test_a_forbidden_character_in_the_text_is_told_at_its_place() -> None:
    assert faults(f"---\n{HEAD}\n---\nWords\n\nand é\b.\n") == [
        "a.md:7:6: warning: holds U+0008, which no feed can carry, and is shown without it (remove U+0008)"
    ]


def test_all_faults_of_a_record_come_at_once_in_their_order() -> None:
    with pytest.raises(RecordError) as caught:
        read("---\ntags: &a x\ndate: never\nid: 'x: y'\n---\n\b")
    assert [(fault.line, fault.column, fault.text) for fault in caught.value.faults] == [
        (1, 1, "---"), (2, 7, "tags: &a x"), (3, 7, "date: never"), (4, 5, "id: 'x: y'"), (6, 1, "\b"),
    ]  # fmt: skip


def outcome(record: Record) -> Article | RecordError | None:
    try:
        return article(record, site=SITE)
    except RecordError as error:
        return error


ADDRESSES = st.sampled_from(["a.md", "b/2020-02-30-x.txt", "index.markdown", "#.md"]) | st.text()
SCALARS = st.text(max_size=20) | st.sampled_from(
    ["2020-05-20", "yes", "https://a.example/", "*a", "&a x", "!!int 3", "[[", '"\\ud800"']
)
LINES = st.builds("{}: {}".format, st.sampled_from([*FIELDS, "author", "titel"]), SCALARS | st.lists(SCALARS).map(str))
HEADS = st.lists(LINES | st.text(max_size=20), max_size=8).map("\n".join)
PAGES = st.builds("---\n{}\n---\n{}".format, HEADS, st.text())


@settings(deadline=None, max_examples=300)
@given(ADDRESSES, st.binary() | st.text().map(str.encode) | PAGES.map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_an_article_or_nothing_or_told(address: str, body: bytes) -> None:
    found: Any = outcome(Record(address, body))
    if isinstance(found, RecordError):
        assert all(fault.problem and fault.cure for fault in found.faults)
        assert str(found)
    elif found:
        assert found.title
        assert found.slug
        assert found.updated >= found.published


def test_half_a_pair_in_a_text_is_left_out_and_told() -> None:
    body = b'{"title": "T", "date": "2026-01-01", "text": "a \\udfff b"}'
    (found,) = check(Record("a.json", body), site=SITE)
    assert found.article
    assert found.article.source == "a  b"
    assert "U+DFFF" in str(found.faults[0])


def test_of_very_many_keys_only_the_first_are_looked_at_for_mistakes() -> None:
    keys = ", ".join(f'"titel{number}": 1' for number in range(5000))
    (found,) = check(
        Record("a.json", f'{{"title": "T", "date": "2026-01-01", "text": "x", {keys}}}'.encode()), site=SITE
    )
    assert found.article
