"""TOML at the top of a text: all values as text, each with its place."""

from __future__ import annotations

from typing import Any

import pytest

from feedsvc.errors import RecordError
from feedsvc.readers import Value, frontmatter
from feedsvc.readers.manuscript import Manuscript

ZOLA = """+++
path = "2025/06/26/a-title"
title = 'A "title"'
date = 2025-06-26
updated = 2025-06-27T10:00:00Z
draft = false
weight = 1.5
authors = ["Ada", "Bob"]
"quoted key" = "x"
long = \"\"\"
title = "not this"
\"\"\"
[extra]
team.name = "T"
[taxonomies]
tags = [
  "a",
]
[[resources]]
src = "a.png"
+++
Text"""


def fields(text: str) -> Any:
    found = frontmatter.read(Manuscript("a.md", text))
    assert found
    return found.fields


def plain(value: Value) -> Any:
    if isinstance(value.value, tuple):
        return [plain(item) for item in value.value]
    if isinstance(value.value, dict):
        return {key: plain(item) for key, item in value.value.items()}
    return value.value


def test_all_values_are_text() -> None:
    assert {key: plain(value) for key, value in fields(ZOLA).items()} == {
        "path": "2025/06/26/a-title",
        "title": 'A "title"',
        "date": "2025-06-26",
        "updated": "2025-06-27T10:00:00+00:00",
        "draft": "false",
        "weight": "1.5",
        "authors": ["Ada", "Bob"],
        "quoted key": "x",
        "long": 'title = "not this"\n',
        "extra": {"team": {"name": "T"}},
        "taxonomies": {"tags": ["a"]},
        "resources": [{"src": "a.png"}],
    }


def test_each_value_has_its_place() -> None:
    found = fields(ZOLA)
    assert found["title"] == Value('A "title"', 3, 9, 3, 1)
    assert found["taxonomies"].value["tags"].line == 16
    assert found["extra"].value["team"].value["name"] == Value("T", 14, 13, 14, 1)
    assert found["resources"].value[0].value["src"].key_line == 20


def test_the_text_begins_behind_the_closing_line() -> None:
    found = frontmatter.read(Manuscript("a.md", ZOLA))
    assert found
    assert ZOLA[found.end :] == "Text"


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("title = A title", "a.md:2:9: front matter is not TOML: Invalid value (write lines such as"),
        ("title = 'a'\ntitle = 'b'", "a.md:3:12: front matter is not TOML: Cannot overwrite a value (write lines"),
        ("a = " + "[" * 5000, "a.md:2:1: front matter is not TOML: it is too deep"),
        ("a = 0x" + "f" * 5000, "a.md:2:1: front matter is not TOML: it is too deep, or a number is too long"),
        ("a" + ".a" * 30_000 + " = 1", "a.md:2:1: lists and tables are more than 20 deep (write them flat)"),
        ("b = 1\n[" + '"a.\\"" . ' * 2000 + "a]", "a.md:2:1: lists and tables are more than 20 deep"),
        ("b = {" + "a." * 2000 + "a = 1}", "a.md:2:1: lists and tables are more than 20 deep"),
        ("a = " + "[" * 21 + "]" * 21, "a.md:2:1: front matter is not TOML: it is too deep"),
        ("a = " + "{a = " * 21 + "1" + "}" * 21, "a.md:2:1: front matter is not TOML: it is too deep"),
        ("a = " + "9" * 5000, "a.md:2:1: front matter is not TOML: it is too deep, or a number is too long"),
    ],
)
def test_what_is_no_toml_is_told(head: str, said: str) -> None:
    with pytest.raises(RecordError) as caught:
        fields(f"+++\n{head}\n+++\n")
    assert str(caught.value).startswith(said)


def test_a_head_without_end_is_told() -> None:
    with pytest.raises(RecordError, match=r"^a.md:1:1: front matter is not closed \(write \+\+\+ on a line"):
        fields("+++\ntitle = 'a'\n")


@pytest.mark.parametrize(
    "head",
    [
        f"a = 'A{' . ' * 100}'", f'a = "A{" . " * 100}"', f"a = 'A' # it's {'.a' * 100}",
        f"a = '''A\n{'.a' * 100}'''",
        'a = """A\n' + ".a" * 100 + '\\""""', "a = 'A'\nb = [" + "1.5, " * 100 + "]", "a = 'A'\n# " + '"""\\' * 10_000,
    ],
)  # fmt: skip
def test_dots_in_texts_comments_and_numbers_make_no_depth(head: str) -> None:
    assert str(plain(fields(f"+++\n{head}\n+++\n")["a"])).startswith("A")
