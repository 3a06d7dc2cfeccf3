"""The fast way through simple front matter: wherever it gives an answer, it is that of the whole language."""

# ruff: noqa: E501 - lists of cases

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedsvc.errors import RecordError
from feedsvc.readers import simple_yaml, yaml_values
from feedsvc.readers.manuscript import Manuscript


def whole(head: str) -> object:
    """What the whole language makes of it; None where it is refused."""
    composer = yaml_values._Composer(Manuscript("a.md", head), 1)
    try:
        found = composer.fields(head)
    except RecordError:
        return None
    return None if composer.faults else found


SCALARS = st.sampled_from(
    ["a", "A title", "2026-05-20", "10:00", "a: b", "a:", "a #b", "#", "'it''s'", '"a\\"b"', "'x: y'", '"x"', "~", "null",
     "'null'", "- a", "-1", "?x", "&a", "*a", "!t", "|", ">", "%", "@", "`", "[a, b]", "[a,]", "[ a , 'b']", "[]", "[ ]",
     "[-a, b]", "[null, ~]", "[a: b]", "{a: b}", "", " ", "yes", "é", "<<", "=", "a,b", "a]", "a'b", 'a"b', "---", "..."]
)  # fmt: skip
LINES = st.one_of(
    st.tuples(st.sampled_from(["a", "Title", "b_c", "d-e", "1x", "ü", "a b"]), st.sampled_from([": ", ":", ":  "]), SCALARS,
              st.sampled_from(["", " ", "  "])).map("".join),
    st.tuples(st.sampled_from(["", " ", "  "]), st.just("- "), SCALARS).map("".join),
    st.sampled_from(["", "  more", "# a comment", "a", "\tx: y"]),
    st.text(max_size=12),
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(LINES, max_size=6).map("\n".join))
@example("a:\n- b\n- 'c'\nd: 1")
@example("a:\n  - b\n  -   c\n")
@example("a:\n  - b\n - c\n")
@example("a: [x,  y]\nb: [ z ]\nc: []")
@example("a:\nb: c\n")
def test_it_reads_what_the_whole_language_reads(head: str) -> None:
    found = simple_yaml.fields(head, 1)
    if found is not None and not yaml_values._UNFIT.search(head):
        assert found == whole(head)


@pytest.mark.parametrize(
    "head",
    [
        "title: A title\ndate: 2026-05-20T10:00:00+02:00\ntags: [a, b c]\nslug: 'x'\n",
        'title: "A: title"\nauthors:\n  - Ada\n  - Ben Example\ndraft: false\n',
        "a:\nb: x\n",
        "",
    ],
)
def test_simple_heads_are_read_the_fast_way(head: str) -> None:
    assert simple_yaml.fields(head, 1) == whole(head)


@pytest.mark.parametrize(
    "head",
    ["a: {b: c}", "a: |\n  b", "a: b\n  c", "a: &x b", "a: b\na: c", "? a\n: b", "a: 'it''s'", 'a: "\\n"', "a: b: c", "x",
     "a:\n  b: c", "a: b #c", "a:\n  - b\n - c", "a: [b, 'c']", "a: [b,]", "a: [-b]", "a:\tb", "# x\na: b"],
)  # fmt: skip
def test_all_else_is_left_to_the_whole_language(head: str) -> None:
    assert simple_yaml.fields(head, 1) is None


@pytest.mark.parametrize("head", ["a: b" + " " * 60_000 + "c", "a:\n- b" + " " * 60_000 + "c", "a: b" + " " * 60_000])
def test_many_spaces_take_no_time(head: str) -> None:
    assert simple_yaml.fields(head, 1) == whole(head)
