"""MDX: the Markdown that is left of it."""

# ruff: noqa: E501 - a case is one line

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.text.markup import render
from feedsvc.text.mdx import markdown


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("import A from './a'\nimport {\n  B,\n} from 'b'\n\nWords", "\nWords"),
        ("export const meta = {\n  a: [1,\n\n  2],\n}\nWords", "Words"),
        ("Words that\nimport goods.", "Words that\nimport goods."),
        ("Words that\nexport default values.", "Words that\nexport default values."),
        ("Words.\n\nimport duties, and\n\nexport {a (b", "Words.\n\nimport duties, and\n\n"),
        ("# Words\nimport A from 'a'\nexport default A\n\nMore", "# Words\n\nMore"),
        ("a {/* a comment */}b", "a b"),
        ("a {b.map((c) => { return c })} d", "a  d"),
        ("a {'b'} {\"d\"} {''}", "a b d "),
        ('<Tabs>\n<Tab.Item value={{a: 1}} label="x">\n\nWords\n\n</Tab.Item>\n</Tabs>', "\n\n\nWords\n\n\n"),
        ("<Image src={a} alt='b' />Words", "Words"),
        ("<>a</>", "a"),
        ("<div className=\"x\" style={{color: 'red'}} onClick={f}>a</div>", '<div class="x">a</div>'),
        ('<iframe\n  style={{\n    a: 1\n  }}\n  src="b">', '<iframe\n  src="b">'),
        ("<Steps>\n    1. a\n\n       ```sh\n       b\n         c\n       ```\n\n    2. d\n</Steps>", "\n1. a\n\n   ```sh\n   b\n     c\n   ```\n\n2. d\n"),
        ("<A>\n  <B b='c'>\n\n    d\n\n    > ```\n    > e\n    > ```\n  </B>\n  f\n</A>", "\n\n\nd\n\n> ```\n> e\n> ```\n\nf\n"),
        ("<pre>\n    a\n</pre>\n</B>\n<B>\n    c", "<pre>\n    a\n</pre>\n\n\n    c"),
        ('<div className="a" />b<br /><span/>', '<div class="a"></div>b<br /><span></span>'),
        ("a } b { c", "a } b { c"),
        ("`{a}` <A/>\n\n```jsx\nimport A from 'a'\n<A b={c} />\n```\n", "`{a}` \n\n```jsx\nimport A from 'a'\n<A b={c} />\n```\n"),
        ("a < B and <https://example.org/>", "a < B and <https://example.org/>"),
    ],
)  # fmt: skip
def test_what_is_no_markdown_is_left_out(source: str, left: str) -> None:
    assert markdown(source) == left


@given(st.text(st.characters(exclude_characters="{}<", exclude_categories=["Cc", "Cs"])))
def test_a_text_without_any_is_left_alone(source: str) -> None:
    if not source.startswith(("import", "export")):
        assert markdown(source) == source


@pytest.mark.parametrize("source", ["{" * 100_000, "}" * 100_000, "{}" * 50_000, "import {\n" * 20_000, "<A " * 50_000])
def test_what_never_closes_costs_little(source: str) -> None:
    assert len(markdown(source)) <= len(source)


def test_the_renderer_shows_it() -> None:
    assert render("import A from 'a'\n\n# B\n\n<A>*c*</A>", "mdx") == "<h1>B</h1>\n<p><em>c</em></p>\n"
