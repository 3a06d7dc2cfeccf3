"""The look of a site: what its folder and its settings make of pages, and what no mistake in it takes down."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from asking import Readers
from house import House
from msgspec.structs import replace

from feedsvc import config
from feedsvc.catalog import Catalog
from feedsvc.errors import Moved, NotFound
from feedsvc.pages import STATIC, script_name, style_name
from feedsvc.publication import looks, rehearsal
from feedsvc.publication.answers import YEAR
from feedsvc.themes import HEAVIEST, LARGEST, sheets
from feedsvc.themes.checks import ours

if TYPE_CHECKING:
    from feedsvc.errors import Fault
    from feedsvc.model import Document

HOW_TO = (Path(__file__).parents[2] / "docs" / "how-to.md").read_text("utf-8")


def put(house: House, name: str, body: str | bytes) -> None:
    path = house.content / "theme" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body if isinstance(body, bytes) else body.encode())


@pytest.fixture
def lit(house: House, readers: Readers) -> House:
    house.write("a.md", title="The ferry", tags="[harbour]")
    house.sync()
    readers.refresh()
    return house


def again(house: House, readers: Readers) -> tuple[Fault, ...]:
    outcome = house.sync_after(10)
    readers.refresh()
    return outcome.faults


def page(readers: Readers, path: str = "") -> str:
    return readers.body(path).decode()


def style(readers: Readers) -> tuple[str, Document]:
    match = re.search(r'<link rel="stylesheet" href="/(static/[^"]+)">', page(readers))
    assert match
    return match[1], readers.get(match[1])


def css(readers: Readers) -> str:
    return style(readers)[1].representations["identity"].body.decode()


# The folder


def test_without_a_theme_pages_have_our_style(lit: House, readers: Readers) -> None:
    del lit
    assert style(readers)[0] == f"static/{style_name}"
    assert css(readers).encode() == STATIC[style_name][1]


def test_a_template_replaces_ours_and_may_build_on_it(lit: House, readers: Readers) -> None:
    text = '{% extends "feedsvc/base.html" %}\n{% block main %}<p>Ahoy</p>{{ super() }}{% endblock %}\n'
    put(lit, "templates/base.html", text.replace("main", "more"))
    put(lit, "templates/article.html", text.replace("base.html", "article.html"))
    assert not again(lit, readers)
    assert "<p>Ahoy</p>" in page(readers)
    found = page(readers, "articles/the-ferry") if "the-ferry" in page(readers) else page(readers, "articles/a")
    assert found.count("<p>Ahoy</p>") == 2
    assert '<h1 class="p-name">The ferry</h1>' in found


def test_what_is_put_into_a_template_is_escaped(lit: House, readers: Readers) -> None:
    lit.write("a.md", title="'Cod & chips'")
    put(lit, "templates/list.html", "{% for entry in view.entries %}[{{ entry.title }}]{% endfor %}")
    again(lit, readers)
    assert page(readers) == "[Cod &amp; chips]"


def test_files_are_served_for_a_year_under_names_of_their_bytes(lit: House, readers: Readers) -> None:
    put(lit, "static/logo.svg", "<svg/>")
    put(lit, "templates/list.html", '{{ static("logo.svg") }}')
    again(lit, readers)
    address = page(readers)
    assert re.fullmatch(r"/static/logo\.[0-9a-f]{10}\.svg", address)
    found = readers.get(address[1:])
    assert (found.media_type, found.lifetime.max_age) == ("image/svg+xml", YEAR)
    assert readers.body(address[1:]) == b"<svg/>"


def test_extra_is_added_to_our_style_and_site_css_replaces_it(lit: House, readers: Readers) -> None:
    put(lit, "static/extra.css", "p { margin: 3px }")
    again(lit, readers)
    assert css(readers).startswith(STATIC[style_name][1].decode())
    assert css(readers).endswith("p { margin: 3px }")
    put(lit, "static/site.css", "p { margin: 2px }")
    again(lit, readers)
    assert css(readers) == "p { margin: 2px }\np { margin: 3px }"


def test_an_old_name_of_the_style_leads_to_the_present_one_and_is_not_kept(lit: House, readers: Readers) -> None:
    put(lit, "static/extra.css", "p { margin: 1px }")
    again(lit, readers)
    before, document = style(readers)
    assert document.lifetime.max_age == YEAR
    put(lit, "static/extra.css", "p { margin: 2px }")
    again(lit, readers)
    present = f"/{style(readers)[0]}"
    for name in (before, "static/site.anything.css", "static/site.0000000000.css"):
        with pytest.raises(Moved) as moved:
            readers.get(name)
        assert moved.value.location == present
    assert css(readers).endswith("2px }")
    with pytest.raises(NotFound):
        readers.get("static/other.0000000000.css")


def test_addresses_in_style_sheets_are_those_of_the_files(lit: House, readers: Readers) -> None:
    put(lit, "static/waves.svg", "<svg/>")
    no = '/* url(no.png) */ b { content: "url(no.png)" }'
    text = f'a {{ background: url("waves.svg#x") }}\n{no}\nc {{ src: url( gone.png ) }}'
    put(lit, "static/extra.css", text)
    (fault,) = again(lit, readers)
    assert str(fault).startswith("theme/static/extra.css:3:15: warning: there is no file gone.png")
    (name,) = re.findall(r'url\("(waves\.[0-9a-f]{10}\.svg)#x"\)', css(readers))
    assert readers.body(f"static/{name}") == b"<svg/>"
    assert no in css(readers)
    put(lit, "static/gone.png", b"\x89PNG")
    assert not again(lit, readers)
    assert not lit.catalog.faults()


def test_nothing_of_a_theme_is_an_article_or_a_media_file(lit: House, readers: Readers) -> None:
    put(lit, "static/logo.svg", "<svg/>")
    put(lit, "notes.md", "---\ntitle: No\ndate: 2026-01-02\n---\n\nNo.\n")
    (fault,) = again(lit, readers)
    assert (fault.address, fault.is_warning) == ("theme/notes.md", True)
    assert lit.titles() == ["The ferry"]
    with pytest.raises(NotFound):
        readers.get("media/theme/static/logo.svg")


def test_what_is_removed_leaves_ours(lit: House, readers: Readers) -> None:
    before = page(readers)
    put(lit, "templates/list.html", "mine")
    again(lit, readers)
    assert page(readers) == "mine"
    (lit.content / "theme/templates/list.html").unlink()
    again(lit, readers)
    assert page(readers) == before


def test_who_has_only_the_database_serves_the_same(lit: House, readers: Readers, tmp_path: Path) -> None:
    put(lit, "templates/list.html", '{{ static("logo.svg") }}')
    put(lit, "static/logo.svg", "<svg/>")
    again(lit, readers)
    looks._looks.clear()
    lit.content.rename(tmp_path / "elsewhere")
    replica = Readers(replace_house(lit))
    replica.refresh()
    assert page(replica) == page(readers)
    assert replica.body(page(replica)[1:]) == b"<svg/>"
    replica.close()
    (tmp_path / "elsewhere").rename(lit.content)


def replace_house(house: House) -> House:
    found = House.__new__(House)
    found.catalog, found.clock = Catalog(house.place, create=False), house.clock
    return found


def test_a_changed_theme_moves_the_date_of_every_channel(lit: House, readers: Readers) -> None:
    before = lit.modified("tags/harbour")
    put(lit, "static/extra.css", "p {}")
    again(lit, readers)
    assert lit.modified("tags/harbour") == lit.modified() == before + 10


# Mistakes


def wrong(house: House) -> tuple[Fault, ...]:
    """What was wrong with the templates of a site when its pages were made."""
    with house.catalog.snapshot() as snapshot:
        templates = looks.look(snapshot).templates
    assert templates is not None
    return tuple(templates.faults)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("one\n{% if %}", ":2:1: Expected an expression"),
        ("{{ a|nonsense }}", ":1:1: No filter named 'nonsense'"),
        (b"\x00\xff\xfe\x01" * 50, ":1:1: byte 1 is not UTF-8"),
        ('{% extends "list.html" %}', "extends itself"),
        ("{{ '" + "(" * 90000 + "' }}{{" + "(" * 5000, "translated|unexpected|Expected"),
        ("x" * (128 * 1024 + 1), "is larger than 128 KiB"),
    ],
)
def test_a_template_that_cannot_be_read_is_told_and_ours_serves(
    lit: House, readers: Readers, text: str | bytes, problem: str
) -> None:
    before = page(readers)
    put(lit, "templates/list.html", text)
    (fault,) = again(lit, readers)
    assert not fault.is_warning
    assert re.search(problem, str(fault))
    assert page(readers) == before


@pytest.mark.parametrize(
    "text",
    [
        "{{ unknown }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ structured.news_article.__globals__ }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% macro f(n) %}{{ f(n - 1) }}{{ f(n - 1) }}{% endmacro %}{{ f(900) }}",
        "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
        "{{ 'a' * 999999999 }}",
        "{{ 10 ** 10 ** 10 }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{% set a = 'aaaaaaaa' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
        "{% for a in range(99999) %}{{ 'a very long line of a text' ~ a }}" + "x" * 500 + "{% endfor %}",
        '{{ static("gone.svg") }}',
        '{% include "gone.html" %}',
    ],
)
def test_a_template_that_fails_is_told_with_its_line_and_ours_serves(lit: House, readers: Readers, text: str) -> None:
    before = page(readers)
    put(lit, "templates/list.html", f"\n{text}")
    again(lit, readers)
    assert page(readers) == before
    found = wrong(lit)
    assert [each.address for each in found] == ["theme/templates/list.html"]
    assert all(each.line == 2 or "million characters" in each.problem for each in found)
    assert page(readers, "articles/a").startswith("<!doctype html>")


def test_a_template_of_which_nothing_comes_is_told_and_ours_serves(lit: House, readers: Readers) -> None:
    before = page(readers, "articles/a")
    put(lit, "templates/article.html", "{# nothing yet #}\n")
    again(lit, readers)
    assert page(readers, "articles/a") == before
    (fault,) = wrong(lit)
    assert (fault.address, fault.problem) == ("theme/templates/article.html", "article.html: nothing comes of it")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{% extends "feedsvc/article.html" %}\n{% block mian %}x{% endblock %}', ":2:10: there is no block mian in"),
        ('{% extends "base.html" %}\n{% block after %}x{% endblock %}', "after in base.html (there are feeds, head"),
        ('{% extends "feedsvc/article.html" %}{% block more %}{% block mine %}x{% endblock %}{% endblock %}', ""),
        ('{% extends "own.html" %}{% block own %}x{% endblock %}{% block head %}{% endblock %}', ""),
        ("{% extends view.base %}{% block mian %}x{% endblock %}", ""),
        ("{% block mian %}x{% endblock %}", ""),
    ],
)
def test_a_block_that_nothing_shows_is_told(lit: House, readers: Readers, text: str, told: str) -> None:
    put(
        lit,
        "templates/own.html",
        '{% extends "feedsvc/base.html" %}{% block main %}{% block own %}{% endblock %}{% endblock %}',
    )
    put(lit, "templates/article.html", text)
    faults = again(lit, readers)
    assert [told in str(fault) for fault in faults] == [True] * bool(told)


def test_the_name_of_a_site_is_the_same_block_on_every_page(lit: House, readers: Readers) -> None:
    put(lit, "templates/base.html", '{% extends "feedsvc/base.html" %}{% block name %}{{ super() }}Ahoy{% endblock %}')
    again(lit, readers)
    assert re.search(r'<h1 class="name">.*</h1>\s*Ahoy', page(readers))
    assert re.search(r'<a class="name" .*</a>\s*Ahoy', page(readers, "articles/a"))


def test_a_page_without_the_mistake_is_the_site_s_own(lit: House, readers: Readers) -> None:
    put(lit, "templates/list.html", "{% if view.first %}{{ view.nothing }}{% endif %}mine")
    lit.site = replace(lit.site, list_length=1)
    lit.write("b.md", title="Another", date="2026-01-02")
    again(lit, readers)
    assert page(readers) == "mine"
    assert page(readers, "before/b").startswith("<!doctype html>")


def test_a_rehearsal_finds_what_only_pages_show(lit: House, readers: Readers) -> None:
    put(lit, "templates/message.html", "{{ view.mesage }}")
    assert not again(lit, readers)
    with lit.catalog.snapshot() as snapshot:
        (fault,) = rehearsal.faults(snapshot, int(lit.clock()))
    assert str(fault).startswith("theme/templates/message.html:1:9: there is no mesage in it; did you mean message? (")


def test_a_link_out_of_the_folder_is_refused(lit: House, readers: Readers, tmp_path: Path) -> None:
    (tmp_path / "secret.css").write_text("secret", encoding="utf-8")
    put(lit, "static/extra.css", "p {}")
    (lit.content / "theme/static/site.css").symlink_to(tmp_path / "secret.css")
    (fault,) = again(lit, readers)
    assert fault.problem == "is a link out of the content folder"
    assert "secret" not in css(readers)


def test_files_are_bounded_one_by_one_and_together(lit: House, readers: Readers) -> None:
    put(lit, "static/large.png", b"\0" * (LARGEST + 1))
    (fault,) = again(lit, readers)
    assert "is larger than 1 MiB" in fault.problem
    for number in range(HEAVIEST // LARGEST + 1):
        put(lit, f"static/{number}.png", b"\0" * LARGEST)
    (fault,) = again(lit, readers)
    assert (fault.address, "8 MiB together" in fault.problem) == ("theme/static/8.png", True)
    with lit.catalog.snapshot() as snapshot:
        assert "theme/static/8.png" not in snapshot.theme_files()
    (lit.content / "theme/static/3.png").unlink()  # then there is room for what there was none for
    assert not again(lit, readers)
    with lit.catalog.snapshot() as snapshot:
        assert "theme/static/8.png" in snapshot.theme_files()


def test_a_page_for_other_sites_stays_ours(lit: House, readers: Readers) -> None:
    before = page(readers, "embed/")
    put(lit, "templates/headlines.html", "mine")
    (fault,) = again(lit, readers)
    assert "stays as feedsvc has it" in fault.problem
    assert page(readers, "embed/") == before


# Settings


def test_colours_are_in_the_style_sheet_for_light_and_dark(lit: House, readers: Readers) -> None:
    lit.site = replace(lit.site, accent="#8a3324", color_scheme="dark", font="serif")
    again(lit, readers)
    # Ours where it is dark, all of it: only the other one is set.
    dark = "color-scheme: dark; --paper: #16181a; --ink: #e4e4df; --link: #8ec1f5; --quiet: #a3a8ad;"
    assert f"@media screen {{ :root {{ {dark}" in css(readers)
    lit.site = replace(lit.site, color_scheme="auto")
    again(lit, readers)
    light = "--paper: #fdfdfb; --ink: #1d1f21; --link: #8a3324; --quiet: #5c6166; --rule: #dcdcd6; --tint: #f1f1ec;"
    assert f"@media screen {{ :root {{ {light} --visited: #8a3324; --mat: transparent; }} }}" in css(readers)
    assert "html { font-family: Charter" in css(readers)


def test_a_family_is_loaded_from_the_theme(lit: House, readers: Readers) -> None:
    put(lit, "static/SourceSerif-Bold.woff2", b"wOF2")
    lit.site = replace(lit.site, font="Source Serif")
    again(lit, readers)
    (name,) = re.findall(r"font-weight: 700; .*url\((SourceSerif-Bold\.[0-9a-f]{10}\.woff2)\)", css(readers))
    assert readers.get(f"static/{name}").media_type == "font/woff2"


def test_logo_navigation_footer_and_icon_are_on_every_page(lit: House, readers: Readers) -> None:
    (lit.content / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>')
    put(lit, "static/favicon.svg", "<svg/>")
    lit.site = replace(
        lit.site,
        logo="logo.svg",
        navigation=(("About", "/about"), ("<Shop>", "https://shop.example/")),
        footer='*Ours* <script>alert(1)</script><b onclick="x">b</b> [mail](javascript:x)',
    )
    again(lit, readers)
    for path in ("", "articles/a", "feeds", "2026/", "tags/harbour/"):
        found = page(readers, path)
        assert re.search(r'<img class="logo" src="[^"]+" alt="" width="30" height="20">', found), path
        assert '<a href="https://lantern.example/about"><bdi>About</bdi></a>' in found
        assert "<bdi>&lt;Shop&gt;</bdi>" in found
        assert re.search(r'<link rel="icon" href="/static/favicon\.[0-9a-f]{10}\.svg">', found)
        footer = found[found.index('<footer class="site">') :]
        assert "<em>Ours</em>" in footer
        assert not re.search("script|onclick", footer)


# What pages load


def test_pages_load_nothing_from_elsewhere_and_set_no_cookie(lit: House, readers: Readers) -> None:
    put(lit, "static/extra.css", "p {}")
    lit.site = replace(lit.site, logo="https://elsewhere.example/logo.png", navigation=(("A", "/a"),))
    again(lit, readers)
    for path in ("", "articles/a", "feeds", "2026/"):
        found = readers.get(path)
        names = {name.lower() for name, _ in found.headers}
        assert "set-cookie" not in names
        policy = dict(found.headers)["Content-Security-Policy"]
        assert "font-src 'self'" in policy
        assert "script-src" not in policy
        text = page(readers, path)
        loaded = re.findall(r'<(?:link rel="(?:stylesheet|icon)"|img|script(?! type))[^>]*(?:href|src)="([^"]+)"', text)
        assert loaded
        assert all(each.startswith(("/static/", "https://lantern.example/")) for each in loaded)
        assert " style=" not in text


def test_scripts_run_where_the_theme_has_any(lit: House, readers: Readers) -> None:
    put(lit, "static/menu.js", "1")
    again(lit, readers)
    assert "script-src 'self'" in dict(readers.get("").headers)["Content-Security-Policy"]
    assert readers.body(f"static/{script_name}") == STATIC[script_name][1]


def test_a_page_of_the_sample_site_is_light(tmp_path: Path) -> None:
    content = Path(__file__).parents[2] / "content"
    found = config.load(content, {}, {}).site
    made = config.complete(found, folder_name="content", address="http://127.0.0.1:8000/")
    house = House(content, str(tmp_path / "sample.db"), site=made)
    house.clock.now += 400 * 86_400
    house.sync()
    asking = Readers(house)
    sheet = len(STATIC[style_name][1])
    for path in ("", "feeds", *(f"articles/{article.slug}" for article in house.articles())):
        weight = len(asking.body(path)) + sheet
        assert weight < 30_000, (path, weight)
    asking.close()
    house.catalog.close()


# What the documentation shows


def test_the_five_minutes_of_the_how_to_work(lit: House, readers: Readers) -> None:
    chapter = HOW_TO.split("## Change how it looks")[1].split("\n## ")[0]
    shown = dict(re.findall(r"```(\w+)\n(.*?)```", chapter, re.DOTALL))
    (lit.content / "feedsvc.toml").write_text(shown["toml"], encoding="utf-8")
    given = config.load(lit.content, {}, {})
    assert not list(config.faint(given))
    lit.site = replace(
        lit.site,
        accent=given.site.accent,
        font=given.site.font,
        footer=given.site.footer,
        navigation=given.site.navigation,
    )
    put(lit, "static/extra.css", shown["css"])
    put(lit, "static/waves.svg", "<svg/>")
    put(lit, "templates/article.html", shown["jinja"])
    assert not again(lit, readers)
    assert "Thank you for reading The Lantern." in page(readers, "articles/a")
    assert "#8a3324" in css(readers)
    assert "small-caps" in css(readers)


def test_every_template_and_all_that_it_is_given_is_in_the_reference() -> None:
    reference = (Path(__file__).parents[2] / "docs" / "reference.md").read_text("utf-8")
    chapter = reference.split("\n## The theme\n")[1].split("\n## ")[0]
    assert {name for name in ours() if f"`{name}`" not in chapter} == set()


def test_of_very_many_references_that_lead_nowhere_the_first_are_told() -> None:
    told = list(sheets.faults("theme/static/extra.css", "url(a.svg) " * 90_000, ()))
    assert [fault.column for fault in told] == [5 + 11 * number for number in range(sheets.MOST_TOLD)]
