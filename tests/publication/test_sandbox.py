from __future__ import annotations

import re
from string import Formatter
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError
from markupsafe import Markup

from feedsvc.pages.wording import _FILES, wording
from feedsvc.themes.allowance import LARGEST, TakesLong
from feedsvc.themes.checks import ours
from feedsvc.themes.sandbox import OURS, Blank, Loader, Sandbox, render

LANGUAGES = sorted(each.name.removesuffix(".toml") for each in _FILES.iterdir() if each.name.endswith(".toml"))
TEXT = "{% set a = 'aaaaaaaa' %}" + "{% set a = a ~ a %}" * 18  # two million characters


def made(source: str, others: dict[str, str] | None = None, /, *, seconds: float = 1.0, **given: Any) -> str:
    environment = Sandbox(Loader({"page.html": source, **(others or {})}, ours()))
    return render(environment, "page.html", given, seconds=seconds)


@pytest.mark.parametrize(
    "text",
    [
        "{% set a = [1] %}" + "{% set a = [a, a] %}" * 40 + "{{ a == a }}{{ a | length }}",
        "{% set a = (1,) %}" + "{% set a = (a, a) %}" * 40 + "{{ {a: 1} }}",
        "{% set a = {} %}" + "{% set a = dict(x=a, y=a) %}" * 40 + "{{ a | length }}",
        "{% set a = [[1]] %}" + "{% set a = (a + a) | groupby(0) | list %}" * 40 + "{{ a | length }}",
        "{% set a = range(99999) | list %}" + "{% set a = a + a %}" * 20 + "{{ a | length }}",
        TEXT + "{{ a | replace('a', 'aaaaaaaa') | length }}",
        TEXT + "{{ a | replace('', 'aaaaaaaa') | length }}",
        TEXT + "{% filter replace('a', 'aaaaaaaa') %}{{ a }}{% endfilter %}",
        TEXT + "{{ [a, a, a, a, a] | length }}",
        TEXT + "{{ range(99999) | map('replace', '1', a) | list | length }}",
        TEXT + "{{ range(99999) | join(a) | length }}",
        TEXT + "".join(f"{{% set a{number} = a[1:] %}}" for number in range(50)) + "{{ a49 | length }}",
        "{{ range(99999) | map('string') | map('list') | sum(start=[]) | length }}",
        "{% for a in range(99999) %}{{ view.entries | join(', ', attribute='text') | length }}{% endfor %}",
    ],
)
def test_what_grows_without_end_is_cut_off_before_it_is_large(text: str) -> None:
    view = SimpleNamespace(entries=[SimpleNamespace(text="a" * 1000)] * 1000)
    with pytest.raises((TakesLong, SecurityError)):
        made(text, view=view)


@pytest.mark.parametrize("name", ["slice", "batch", "random", "urlize", "pprint", "indent", "center", "wordwrap"])
def test_a_filter_that_makes_much_of_a_number_is_not_there(name: str) -> None:
    with pytest.raises(Exception, match=f"No filter named '{name}'"):
        made(f"{{{{ 1 | {name} }}}}")


def test_a_template_that_includes_itself_many_times_by_way_of_others_ends() -> None:
    twice = "{{% include '{0}.html' %}}{{% include '{0}.html' %}}"
    chain = {f"{number}.html": twice.format(number + 1) for number in range(60)}
    with pytest.raises(TakesLong):
        made("{% include '0.html' %}", {**chain, "60.html": ""}, seconds=0.2)


def test_nothing_is_made_while_a_template_is_translated() -> None:
    environment = Sandbox(Loader({}, {}))
    code = environment.compile("{{ [3, 1, 2] | sort | join('-') }}{{ 'a' | replace('a', 'b') }}", raw=True)
    assert "1-2-3" not in code
    assert made("{{ [3, 1, 2] | sort | join('-') }}{{ 'a' | replace('a', 'b') }}") == "1-2-3b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ '<b>' | safe ~ '<i>' }}", "<b>&lt;i&gt;"),
        ("{{ ['<', '<b>' | safe] | join('&') }}", "&lt;&amp;<b>"),
        ("{{ view.entries | join(', ', attribute='text') }}", "One, Two"),
        ("{{ view.entries | map(attribute='text') | join(d=' ') }}", "One Two"),
        ("{{ view.entries | selectattr('text', 'equalto', 'Two') | first is defined }}", "True"),
        ("{{ range(5) | sum }} {{ view.entries | sum(attribute='size') }}", "10 3"),
        ("{{ [1, 2] | tojson }} {{ 1.55 | round(1) }} {{ 'abc'[1:] }}", "[1, 2] 1.6 bc"),
        ("{{ '{:>5}'.format(7) }}{{ '<a {}>'.format(1) }}", "    7&lt;a 1&gt;"),
        ("{{ '{a}'.format_map({'a': 7}) }}", "7"),
        ("{% for a, b in [(1, 2), (3, 4)] %}{{ a }}{{ b }}{% endfor %}", "1234"),
        ("{% for c in 'abc' | reverse %}{{ loop.index }}{{ c }}{% endfor %}", "1c2b3a"),
        ("{{ '<p>A <b>ferry</b><!-- x > --> &amp; <' | striptags }}", "A ferry &amp;"),
        ("{% filter upper %}a{{ 1 }}{% endfilter %}{{ 'ab' | truncate(9) }}", "A1ab"),
    ],
)
def test_what_templates_do_is_as_ever(text: str, shown: str) -> None:
    entries = [SimpleNamespace(text="One", size=1), SimpleNamespace(text="Two", size=2)]
    assert made(text, view=SimpleNamespace(entries=entries)) == shown


@pytest.mark.parametrize(
    "text",
    [
        "{% set a = [1] %}{{ a }}",
        "{{ [1] | upper }}",
        "{{ [[1]] | join }}",
        "{{ '{}'.format([1]) }}",
        "{{ '{a}'.format(a=[1]) }}",
        "{{ '{a}'.format_map({'a': [1]}) }}",
    ],
)
def test_a_list_is_no_text(text: str) -> None:
    with pytest.raises(SecurityError, match="a list is no text"):
        made(text)


@pytest.mark.parametrize("text", ["{:9999}", "{:{}}", "{:.9999f}", "{a:>99999}", "{0:<{width}}"])
def test_a_width_is_not_for_templates_where_it_is_large_or_looked_up(text: str) -> None:
    with pytest.raises(SecurityError, match="width"):
        made(f"{{{{ '{text}'.format(1, 2, a=3, width=4) }}}}")


def test_tags_are_taken_out_in_time_that_grows_with_the_text() -> None:
    hostile = "<!--" * 50_000 + "<a " * 50_000 + "<" * 50_000
    assert made("{{ text | striptags }}x", text=hostile)


@pytest.mark.parametrize("text", ["", " \n", "{# later #}", "{% block main %}{% endblock %}"])
def test_a_page_without_anything_is_none(text: str) -> None:
    with pytest.raises(Blank):
        made(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{{ view.entres }}", "there is no entres in it; did you mean entries?"),
        ("{{ {'title': 1}.titel }}", "there is no titel in it; did you mean title?"),
        ("{{ view.quokka }}", "there is no quokka in it"),
        ("{{ quokka }}", "there is no quokka here"),
    ],
)
def test_what_is_not_there_is_told_with_what_may_be_meant(text: str, problem: str) -> None:
    with pytest.raises(UndefinedError, match=f"{re.escape(problem)}$"):
        made(text, view=SimpleNamespace(entries=()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_words_go_through_it_in_every_language(language: str) -> None:
    words = wording(language).words
    for name, text in vars(words).items():
        given = {field: Markup("<i>%s</i>") % field for _, field, _, _ in Formatter().parse(text) if field}
        written = ", ".join(f"{field}={field}" for field in given)
        shown = made(f"{{{{ words.{name}.format({written}) }}}}", words=words, **given)
        assert all(str(each) in shown for each in given.values())


def test_ours_is_there_under_a_name_that_nothing_overrides() -> None:
    environment = Sandbox(Loader({"base.html": "mine"}, {"base.html": "ours"}))
    assert render(environment, "base.html", {}) == "mine"
    assert render(environment, f"{OURS}base.html", {}) == "ours"


def test_a_page_may_be_large_but_not_that_large() -> None:
    assert len(made("{{ text }}" * 3, text="a" * (LARGEST // 4))) == LARGEST // 4 * 3
    with pytest.raises(TakesLong, match="million characters"):
        made("{{ text }}" * 5, text="a" * (LARGEST // 4))
