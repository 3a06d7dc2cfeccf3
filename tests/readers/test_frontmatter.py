"""YAML at the top of a text; what is refused is quoted whole: place, problem, cure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from feedsvc.errors import RecordError
from feedsvc.readers import Value, frontmatter, yaml_values
from feedsvc.readers.manuscript import Manuscript

if TYPE_CHECKING:
    from feedsvc.readers.frontmatter import FrontMatter


def read(text: str) -> FrontMatter:
    found = frontmatter.read(Manuscript("a.md", text))
    assert found
    return found


def fields(head: str) -> Any:
    """What stands between the lines, without places."""
    return {key: plain(value) for key, value in read(f"---\n{head}\n---\n").fields.items()}


def plain(value: Value) -> Any:
    if isinstance(value.value, tuple):
        return [plain(item) for item in value.value]
    if isinstance(value.value, dict):
        return {key: plain(item) for key, item in value.value.items()}
    return value.value


def refusal(head: str) -> list[str]:
    """The first line of each fault that stops the reading."""
    with pytest.raises(RecordError) as caught:
        read(f"---\n{head}\n---\n")
    return [str(fault).partition("\n")[0] for fault in caught.value.faults]


def faults(head: str) -> list[str]:
    """The first line of each fault that does not."""
    return [str(fault).partition("\n")[0] for fault in read(f"---\n{head}\n---\n").faults]


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ("", {}),
        ("# a comment", {}),
        ("title: A title", {"title": "A title"}),
        ("Title : A title", {"title": "A title"}),
        ("n: 1_000\nd: 2020-02-30\nb: yes\nz: ~\ne:", {"n": "1_000", "d": "2020-02-30", "b": "yes", "z": "", "e": ""}),
        ("tags: [a, 'b, c']", {"tags": ["a", "b, c"]}),
        ("authors:\n- name: Ada\n  uri: /a\n- Bob", {"authors": [{"name": "Ada", "uri": "/a"}, "Bob"]}),
        ("text: >\n  one\n  two", {"text": "one two\n"}),
        ("text: 'one\u2028two\x85three'", {"text": "one two three"}),
    ],
)
def test_scalars_are_plain_text(head: str, found: object) -> None:
    assert fields(head) == found


def test_a_text_without_front_matter_has_none() -> None:
    assert frontmatter.read(Manuscript("a.md", "Words\n---\ntitle: x\n---\n")) is None


@pytest.mark.parametrize(
    "text", ["---\na: 1\n---\nrest", "\n \n--- \na: 1\n...\t\nrest", "---\na: 1\n---\nrest\n---\n"]
)
def test_the_rest_begins_behind_the_closing_line(text: str) -> None:
    found = read(text)
    assert list(found.fields) == ["a"]
    assert text[found.end :].startswith("rest")


def test_front_matter_may_end_the_file() -> None:
    assert read("---\na: 1\n---").end == len("---\na: 1\n---")


def test_places_count_characters_from_the_top_of_the_file() -> None:
    found = read("\n---\nname: x\nübung: [é, ö]\u2028\nlast: 'l'\n---\n").fields
    assert found["name"] == Value("x", 3, 7, 3, 1)
    assert found["übung"] == Value((Value("é", 4, 9, 4, 9), Value("ö", 4, 12, 4, 12)), 4, 8, 4, 1)
    assert found["last"] == Value("l", 5, 7, 5, 1)


@pytest.mark.parametrize(("text", "line"), [("---", 1), ("---\ntitle: x\n", 1), ("\n---\ntitle: x\n----\n", 2)])
def test_front_matter_that_is_not_closed_is_told_where_it_opens(text: str, line: int) -> None:
    with pytest.raises(RecordError) as caught:
        read(text)
    assert str(caught.value) == (
        f"a.md:{line}:1: front matter is not closed (write --- on a line of its own after the last key)\n    ---\n    ^"
    )


@pytest.mark.parametrize(
    ("head", "place", "problem", "cure"),
    [
        (
            "title: One: two", "2:11", "mapping values are not allowed in this context",
            "put the text in quotes, since it holds a colon; indent keys alike",
        ),
        ("title: 'One", "2:8", "found unexpected end of stream", "write the quote that closes the text"),
        ("tags: [a", "2:7", "did not find expected ',' or ']'", "write the bracket that closes the list or map"),
        ("tags: {a", "2:7", "did not find expected ',' or '}'", "write the bracket that closes the list or map"),
        (
            "title: @one", "2:8", "found character that cannot start any token",
            "put the text in quotes; indent with spaces, not tabs",
        ),
        (
            "tags:\n\t- a", "3:1", "found character that cannot start any token",
            "put the text in quotes; indent with spaces, not tabs",
        ),
        (
            'title: "a\\qb"', "2:10", "found unknown escape character",
            "write a backslash in quotes as \\\\, or use single quotes",
        ),
        (
            'title: "\\ud800"', "2:11", "found invalid Unicode character escape code",
            "write a backslash in quotes as \\\\, or use single quotes",
        ),
        (
            "title: 'it's'", "2:12", "did not find expected key",
            "put the whole text in quotes, and double each quote within it; indent keys alike",
        ),
        ("title: ]", "2:8", "did not find expected node content", "put the text in quotes"),
    ],
)  # fmt: skip
def test_a_slip_in_yaml_is_told_with_its_cure(head: str, place: str, problem: str, cure: str) -> None:
    assert refusal(head) == [f"a.md:{place}: front matter is not YAML: {problem} ({cure})"]


def test_a_list_is_no_front_matter() -> None:
    assert refusal("- a") == [
        "a.md:2:1: front matter is no list of keys with values (write lines such as title: My title)"
    ]


def test_a_second_document_is_told() -> None:
    assert faults("a: 1\n--- b") == ["a.md:3:5: a second document starts here (remove the line --- above it)"]


def test_an_alias_is_never_followed() -> None:
    head = "a: &a [x]\nb: [*a, *a]"
    assert faults(head) == [
        "a.md:2:4: the anchor &a is not read (remove it, or put the text in quotes)",
        "a.md:3:5: the alias *a is not read (write the value itself, or put the text in quotes)",
        "a.md:3:9: the alias *a is not read (write the value itself, or put the text in quotes)",
    ]
    assert fields(head) == {"a": None, "b": [None, None]}


def test_a_bomb_of_aliases_stays_small() -> None:
    head = "a0: &a0 [x]\n" + "\n".join(f"a{n + 1}: &a{n + 1} [{f'*a{n},' * 9}]" for n in range(30))
    assert len(refusal(head)) == yaml_values.MOST_FAULTS


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("!!python/object/apply:os.system", "tag:yaml.org,2002:python/object/apply:os.system"),
        ("!!binary", "tag:yaml.org,2002:binary"),
        ("!mine", "!mine"),
    ],
)
def test_a_tag_makes_nothing(tag: str, name: str) -> None:
    assert faults(f"a: {tag} x") == [f"a.md:2:4: the tag {name} is not read (remove it, or put the text in quotes)"]
    assert fields(f"a: {tag} x") == {"a": None}


@pytest.mark.parametrize("tag", ["!", "!!str", "!!int", "!!bool", "!!timestamp"])
def test_a_tag_that_only_says_of_which_type_a_text_is_changes_nothing(tag: str) -> None:
    assert fields(f"a: {tag} 'x: y'\nb: 1") == {"a": "x: y", "b": "1"}


def test_a_tag_on_the_whole_leaves_nothing() -> None:
    assert fields("!mine\na: 1") == {}


def test_of_a_repeated_key_the_last_counts_and_it_is_told() -> None:
    head = "title: one\nTITLE: two"
    (fault,) = read(f"---\n{head}\n---\n").faults
    assert str(fault).partition("\n")[0] == (
        "a.md:3:1: warning: title stands twice, and the last one counts (keep one of them; the first is in line 2)"
    )
    assert fault.is_warning
    assert fields(head) == {"title": "two"}


def test_a_null_says_nothing_and_a_quoted_one_is_text() -> None:
    assert fields("a: null\nb: 'null'") == {"a": "", "b": "null"}


def test_a_key_that_is_a_list_is_told() -> None:
    assert faults("? [a]\n: b") == ["a.md:2:3: a key is not plain text (write keys such as title:)"]


@pytest.mark.parametrize(
    ("head", "places"),
    [
        ("a: " + "[" * 50_000, {"2:23", "2:1003"}),  # libyaml has a limit of its own since version 0.2.6
        ("a: " + "{b: " * 10_000, {"2:80"}),
        ("\n".join(" " * n + "a:" for n in range(100)), {"22:21"}),
        ("a:\n " + "? " * 20_000, {"3:40"}),
    ],
)
def test_deep_nesting_is_refused_before_it_recurs(head: str, places: set[str]) -> None:
    (told,) = refusal(head)
    assert told in {f"a.md:{place}: lists and maps are more than 20 deep (write them flat)" for place in places}


def test_front_matter_has_a_largest_size() -> None:
    fitting = "a: " + "x" * (frontmatter.LARGEST - 4)
    assert list(fields(fitting)) == ["a"]
    assert refusal(fitting + "x") == [
        "a.md:1:1: front matter is longer than 64 KiB (keep the text of the article below it)"
    ]


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x7f", "\x9f", "\ufeff", "\ufffe"])
def test_a_character_that_yaml_forbids_is_told_at_its_place(character: str) -> None:
    code = f"U+{ord(character):04X}"
    assert refusal(f"title: é{character}") == [f"a.md:2:9: holds the character {code} (remove {code})"]


@pytest.mark.parametrize("escape", ["\\U00110000", "\\UFFFFFFFF"])
def test_the_loader_without_libyaml_refuses_an_impossible_character(
    escape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_values, "LOADER", yaml.BaseLoader)
    assert refusal(f'title: "{escape}"') == [
        "a.md:2:1: front matter is not YAML: no such character (correct the escapes that start with \\)"
    ]


@pytest.mark.parametrize("head", ["é: 'ß'\nb: [1, {c: d}]", "a: |\n  b\n  c\nd: e", "a: &x [*x]\nb: !c d\na: 2"])
def test_both_loaders_read_alike(head: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(f"---\n{head}\n---\n")
    monkeypatch.setattr(yaml_values, "LOADER", yaml.BaseLoader)
    assert read(f"---\n{head}\n---\n") == found


@pytest.mark.parametrize(
    "text",
    ['---json\n{"title": "A", "draft": false}\n---\nText', "---toml\ntitle = 'A'\ndraft = false\n---\nText",
     "---yaml\ntitle: A\ndraft: false\n---\nText", "+++\ntitle = 'A'\ndraft = false\n+++\nText"],
)  # fmt: skip
def test_a_fence_may_name_its_language(text: str) -> None:
    found = frontmatter.read(Manuscript("a.md", text))
    assert found is not None
    assert {key: value.value for key, value in found.fields.items()} == {"title": "A", "draft": "false"}
    assert text[found.end :] == "Text"
