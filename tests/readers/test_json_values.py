"""JSON with the place of every value; held against the parser of the standard library."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import RecordError
from feedsvc.readers import Value, frontmatter
from feedsvc.readers.json_values import DEEPEST, JsonReader
from feedsvc.readers.manuscript import Manuscript


def read(text: str) -> Value:
    return JsonReader(Manuscript("a.json", text)).read(0)[0]


def plain(value: Value) -> Any:
    if isinstance(value.value, tuple):
        return [plain(item) for item in value.value]
    if isinstance(value.value, dict):
        return {key: plain(item) for key, item in value.value.items()}
    return value.value


def texts(value: Any) -> Any:
    """What a value of the library's is here: everything is text, keys are in lower case."""
    if isinstance(value, list):
        return [texts(item) for item in value]
    if isinstance(value, dict):
        return {key.strip().lower(): texts(item) for key, item in value.items()}
    return value if isinstance(value, str) else ("" if value is None else json.dumps(value))


keys = st.text("abcdefg", min_size=1, max_size=5)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20)


@given(values, st.sampled_from([None, 0, 2]), st.booleans())
def test_it_reads_what_the_library_reads(value: object, indent: int | None, ascii_only: bool) -> None:  # noqa: FBT001
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert plain(read(text)) == texts(json.loads(text, parse_float=float))


def test_each_value_has_its_place() -> None:
    found = read('{\n  "title": "A",\n  "tags": ["b", "c"]}')
    assert isinstance(found.value, dict)
    assert found.value["title"] == Value("A", 2, 12, 2, 3)
    assert found.value["tags"].value == (Value("b", 3, 12, 3, 12), Value("c", 3, 17, 3, 17))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a.json:1:1: is not JSON: no value stands here (write a text in double quotes"),
        ("{'a': 1}", "a.json:1:2: is not JSON: no key stands here (write it in double quotes"),
        ('{"a": 1,}', "a.json:1:9: is not JSON: no key stands here"),
        ('{"a" 1}', "a.json:1:6: is not JSON: : is missing (write a colon"),
        ('{"a": 1 "b": 2}', "a.json:1:9: is not JSON: , is missing (write a comma between two lines"),
        ("[1 2]", "a.json:1:4: is not JSON: , is missing"),
        ("[1,", "a.json:1:4: is not JSON: no value"),
        ('{"a": "b\n', "a.json:1:7: is not JSON: unterminated string"),
        ('{"a": "\\x"}', "a.json:1:8: is not JSON: invalid \\escape"),
        ('{"a": 1,\n "A": 2}', "a.json:2:2: a stands twice (keep one; the first is in line 1)"),
        ("[" * (DEEPEST + 1), f"a.json:1:{DEEPEST + 1}: lists and objects are more than {DEEPEST} deep"),
        ('{"a":' * (DEEPEST + 1), f"a.json:1:{DEEPEST * 5 + 1}: lists and objects"),
        ("[nul]", "a.json:1:2: is not JSON: no value"),
    ],
)
def test_what_is_no_json_is_told(text: str, said: str) -> None:
    with pytest.raises(RecordError) as caught:
        read(text)
    assert str(caught.value).startswith(said)


def test_an_object_may_be_front_matter() -> None:
    text = '{\n"title": "A {title}",\n"date": "2020-05-20"\n}\n\nText {x}\n'
    found = frontmatter.read(Manuscript("a.md", text))
    assert found
    assert {key: value.value for key, value in found.fields.items()} == {"title": "A {title}", "date": "2020-05-20"}
    assert text[found.end :] == "\n\nText {x}\n"


@pytest.mark.parametrize("text", ["{{< figure >}}", "{% raw %}", "{ braces }", "{: .class}"])
def test_other_braces_are_text(text: str) -> None:
    assert frontmatter.read(Manuscript("a.md", text)) is None


def test_more_values_than_memory_is_for_are_refused() -> None:
    with pytest.raises(RecordError, match=r"holds more than 500,000 values \(split it into several files\)"):
        read("[" + "1," * 500_000 + "1]")
