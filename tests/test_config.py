"""Settings: what is taken from where, and what is said of what cannot be taken."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from command import feedsvc

from feedsvc.config import FILE_NAME, Server, Site, Table, at, complete, load, missing, settings
from feedsvc.errors import Fault, SettingsError

if TYPE_CHECKING:
    from pathlib import Path


def faults(folder: Path, text: str | bytes = "", *, flags: dict[str, Any] | None = None, **environ: str) -> list[Fault]:
    (folder / "feedsvc.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SettingsError) as caught:
        load(folder, environ, flags or {})
    return list(caught.value.faults)


def site(folder: Path, text: str, **environ: str) -> Site:
    (folder / "feedsvc.toml").write_text(text, encoding="utf-8")
    return load(folder, environ, {}).site


def test_without_anything_every_setting_has_its_default(tmp_path: Path) -> None:
    found = load(tmp_path, {"PATH": "/bin"}, {"port": None})
    assert (found.site, found.table, found.server) == (Site(), Table(), Server())
    assert set(found.origins.values()) == {"default"}


def test_without_a_folder_no_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "feedsvc.toml").write_text("nonsense", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load(None, {}, {}).site == Site()


def test_a_flag_wins_over_a_variable_over_the_file_over_the_default(tmp_path: Path) -> None:
    (tmp_path / "feedsvc.toml").write_text("\nport = 1\nentries = 2\nworkers = 3\n", encoding="utf-8")
    found = load(tmp_path, {"FEEDSVC_PORT": "4", "FEEDSVC_ENTRIES": "5"}, {"port": 6})
    assert (found.server.port, found.site.entries, found.server.workers, found.site.stale) == (6, 5, 3, 600)
    names = ("port", "entries", "workers", "stale")
    assert [found.origins[name] for name in names] == ["--port", "FEEDSVC_ENTRIES", "feedsvc.toml:4", "default"]


def test_an_empty_variable_is_none(tmp_path: Path) -> None:
    found = site(tmp_path, 'title = "Mine"', FEEDSVC_TITLE="", FEEDSVC_PORT="", FEEDSVC_UNKNOWN="")
    assert found.title == "Mine"


def test_what_stands_open_may_be_written_down_as_such(tmp_path: Path) -> None:
    assert site(tmp_path, 'base_url = ""\nid_authority = ""\ntitle = ""\n') == Site()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://Example.ORG", "https://example.org/"),
        (" https://example.org/Blog ", "https://example.org/Blog/"),
        ("http://[::1]:8080/a/%C3%A9/", "http://[::1]:8080/a/%C3%A9/"),
    ],
)
def test_a_base_url_ends_in_one_slash(tmp_path: Path, written: str, read: str) -> None:
    assert site(tmp_path, f'base_url = "{written}"').base_url == read


@pytest.mark.parametrize(
    ("written", "read"),
    [("", ""), ("10.0.0.0/8  ::1,", "10.0.0.0/8, ::1"), ("2001:DB8:0::/32,192.0.2.1", "2001:db8::/32, 192.0.2.1")],
)
def test_proxies_are_addresses_and_networks(tmp_path: Path, written: str, read: str) -> None:
    (tmp_path / FILE_NAME).write_text(f'trusted_proxies = "{written}"', encoding="utf-8")
    assert load(tmp_path, {}, {}).server.trusted_proxies == read


WRONG = [
    ("title", "3", "3 is not text"),
    ("title", "true", "true is not text"),
    ("title", '"a\\nb"', '"a\\nb" holds a character that cannot be printed'),
    ("base_url", '"example.org"', "is not an absolute http or https URL"),
    ("base_url", '"ftp://example.org/"', "is not an absolute http or https URL"),
    ("base_url", '"https:///a"', "is not an absolute http or https URL"),
    ("base_url", '"https://[::1/"', "is not an absolute http or https URL"),
    ("base_url", '"https://example.org:0/"', "is not an absolute http or https URL"),
    ("base_url", '"https://example.org:99999/"', "is not an absolute http or https URL"),
    ("base_url", '"https://example.org/?"', "has more than scheme, host and path"),
    ("base_url", '"https://example.org/#a"', "has more than scheme, host and path"),
    ("base_url", '"https://me:secret@example.org/"', "has more than scheme, host and path"),
    ("base_url", '"https://exämple.org/"', "has characters that a URL cannot have"),
    ("base_url", '"https://example.org/a>b/"', "has characters that a URL cannot have"),
    ("base_url", '"https://example.org/50%/"', "has characters that a URL cannot have"),
    ("description", "1.5", "1.5 is not text"),
    ("language", '"english, mostly"', "is not a language tag"),
    ("language", '"german"', "is not a language tag"),
    ("zone", '"Mars"', "is not a time zone"),
    ("zone", '"../../etc/passwd"', "is not a time zone"),
    ("zone", '""', "is not a time zone"),
    ("author", '["Ada"]', "is a list where one value belongs"),
    ("rights", "{ a = 1 }", "is a table where one value belongs"),
    ("id_authority", '"-example"', "is not a domain name"),
    ("entries", '"30"', '"30" is not a whole number from 1 to 1000'),
    ("entries", "2020-01-01", "2020-01-01 is not a whole number"),
    ("archive", '"week"', '"week" is not known'),
    ("content", '"all"', '"all" is not known'),
    ("excerpt_length", "39", "39 is not a whole number from 40 to 10000"),
    ("tombstones", "-1", "-1 is not a whole number from 0 to 36500"),
    ("list_length", "0", "0 is not a whole number from 1 to 200"),
    ("latest_length", "-1", "-1 is not a whole number from 0 to 50"),
    ("related_length", "25", "25 is not a whole number from 0 to 24"),
    ("podcast_category", "1", "1 is not text"),
    ("podcast_image", "[]", "is a list where one value belongs"),
    ("logo", "[]", "is a list where one value belongs"),
    ("accent", '"blue"', '"blue" is not a colour'),
    ("accent_dark", '"#12345"', '"#12345" is not a colour'),
    ("background", '"rgb(1,2,3)"', "is not a colour"),
    ("background_dark", "0", "0 is not text"),
    ("text", '"#ggg"', '"#ggg" is not a colour'),
    ("text_dark", '"000000"', '"000000" is not a colour'),
    ("color_scheme", '"both"', '"both" is not known'),
    ("font", '"Georgia; }"', '"Georgia; }" is not the name of a font'),
    ("footer", '"a\\nb"', "holds a character that cannot be printed"),
    ("llms", '"yes"', '"yes" is neither true nor false'),
    ("podcast_explicit", '"no"', '"no" is neither true nor false'),
    ("podcast_explicit", "1.0", "1.0 is neither true nor false"),
    ("podcast_owner", '"Ada"', '"Ada" is not an e-mail address'),
    ("podcast_type", '"daily"', '"daily" is not known'),
    ("max_age", "1.5", "1.5 is not a whole number from 0 to 86400"),
    ("stale", "604801", "604801 is not a whole number from 0 to 604800"),
    ("source", '"cms.db"', "is not the URL of a database"),
    ("source", '"file:"', "is not the URL of a database"),
    ("query", "1", "1 is not text"),
    ("query", '"SELECT \\u0000"', "holds a character that cannot be printed"),
    ("key", "1", "1 is not text"),
    ("updated", "false", "false is not text"),
    ("interval", "0", "0 is not a whole number from 1 to 3600"),
    ("host", '""', "is not an address"),
    ("port", "true", "true is not a whole number from 0 to 65535"),
    ("workers", "99999999999999999999", "is not a whole number from 1 to 256"),
    ("database", "nan", "nan is not text"),
    ("negotiate", '"no"', '"no" is neither true nor false'),
    ("poll", "1.0", "1.0 is neither true nor false"),
    ("grace", "-1", "-1 is not a whole number from 0 to 3600"),
    ("burst", "-1", "-1 is not a whole number from 0 to 100000"),
    ("connection_limit", "0", "0 is not a whole number from 1 to 1000000"),
    ("head_limit", "100", "100 is not a whole number from 1024 to 65536"),
    ("request_timeout", "0", "0 is not a whole number from 1 to 3600"),
    ("stall_timeout", '"long"', '"long" is not a whole number from 1 to 3600'),
    ("idle_timeout", "-5", "-5 is not a whole number from 1 to 86400"),
    ("lane", "2", "2 is neither true nor false"),
    ("access_log", '"a\\nb"', '"a\\nb" holds a character that cannot be printed'),
    ("access_log_format", '"common"', '"common" is not known'),
    ("purge_url", "1", "is not text"),
    ("purge_method", "true", "true is not text"),
    ("purge_header", "false", "is not text"),
    ("trusted_proxies", '"127.0.0.1, localhost"', '"localhost" is not an address, nor a network'),
]


@pytest.mark.parametrize(("name", "value", "problem"), WRONG)
def test_a_wrong_value_is_shown_where_it_stands_with_a_cure(
    tmp_path: Path, name: str, value: str, problem: str
) -> None:
    (fault,) = faults(tmp_path, f"# Ours\n  {name} = {value}\n")
    assert (fault.address, fault.line, fault.column) == (str(tmp_path / "feedsvc.toml"), 2, len(f"  {name} = ") + 1)
    assert fault.problem.startswith(f"{name}: ")
    assert problem in fault.problem
    assert fault.cure
    assert str(fault).endswith(f"    {fault.text}\n    {' ' * (fault.column - 1)}^")


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("zone", '"Amerca/New_York"', 'did you mean "America/New_York"?'),
        ("zone", '"europe/paris"', 'did you mean "Europe/Paris"?'),
        ("zone", '"UTC+2"', 'write one such as "Europe/Berlin"'),
        ("language", '"de_AT"', 'did you mean "de-AT"?'),
        ("content", '"sumary"', 'did you mean "summary"?'),
        ("content", '"all"', 'write one of: "full", "summary"'),
        ("entries", '"50"', "write 50, without quotes"),
        ("entries", '"5000"', "write one such as 30"),
        ("trusted_proxies", '"10.0.0.1/8"', "did you mean 10.0.0.0/8?"),
        ("trusted_proxies", '"*"', 'write some such as "127.0.0.1, ::1, 10.0.0.0/8"'),
    ],
)
def test_the_nearest_right_value_is_named(tmp_path: Path, name: str, value: str, cure: str) -> None:
    (fault,) = faults(tmp_path, f"{name} = {value}\n")
    assert fault.cure == cure


def test_there_is_a_wrong_value_above_for_every_setting() -> None:
    assert {name for name, *_ in WRONG} == {name for name, *_ in settings()}


NOT_TOLD = "never-to-be-told"


@pytest.mark.parametrize(
    "text",
    [
        f'purge_header = "Bearer {NOT_TOLD}"',
        f'purge_header = "Authorization: {NOT_TOLD}\\u0000"',
        f'purge_header = "Authorization: {NOT_TOLD}é"',
        f'purge_header = ["Authorization: {NOT_TOLD}"]',
        f"purge_header = Authorization: {NOT_TOLD}",
        f'purge_header: "Authorization: {NOT_TOLD}"',
        f'purge_headr = "Authorization: {NOT_TOLD}"',
        f'  "purge_header" = "Authorization: {NOT_TOLD}',
        f'purge_url = "https://ada:{NOT_TOLD}@cache.example/{{url}}"',
        f'purge_url = "cache.example?key={NOT_TOLD}"',
        f'purge_url = "https://cache.example/#{NOT_TOLD}"',
        f'purge_url = "https://cache.example/{{address}}{NOT_TOLD}"',
        f'purge_url = "https://cache.example{{url}}{NOT_TOLD}"',
        f'purge_url = "https://cache.example:0/{NOT_TOLD}"',
        f'purge_url = "file:///{NOT_TOLD}"',
    ],
)
def test_no_fault_tells_what_a_cache_is_asked_with(tmp_path: Path, text: str) -> None:
    (fault,) = faults(tmp_path, f"{text}\n")
    assert NOT_TOLD not in str(fault)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "{url}",
        "http://127.0.0.1:6081{path}",
        "http://[::1]:6081{path}",
        "https://api.bunny.net/purge?url={url}",
        "https://api.fastly.com/service/abc/purge_all",
        "http://127.0.0.1/purge{path}",
    ],
)
def test_a_cache_may_be_asked_in_many_ways(tmp_path: Path, url: str) -> None:
    (tmp_path / "feedsvc.toml").write_text(f'purge_url = "{url}"\npurge_header = "Fastly-Key: a b"\n', encoding="utf-8")
    assert load(tmp_path, {}, {}).server.purge_url == url


@pytest.mark.parametrize(
    "text",
    [
        f'source = "postgresql://ada:{NOT_TOLD}@db.example/cms"',
        f'source = "postgresql://ada:{NOT_TOLD}@db.example/cms',
        f'source = "postgresql://ada:{NOT_TOLD}',
        f'source = "ada:{NOT_TOLD}@db.example/cms"',
        f'source = "postgresql://ada:{NOT_TOLD}@home@db.example/cms"\nquery = "SELECT 1"',
        f'source = "postgresql://db.example/cms?user=ada&password={NOT_TOLD}"',
        f'source = "postgresql://ada:{NOT_TOLD}\\u0000@db.example/cms"',
        f'source = ["postgresql://ada:{NOT_TOLD}@db.example/cms"]',
        f'sauce = "postgresql://ada:{NOT_TOLD}@db.example/cms"',
    ],
)
def test_no_fault_tells_a_password(tmp_path: Path, text: str) -> None:
    assert not [fault for fault in faults(tmp_path, text) if NOT_TOLD in str(fault)]


def test_a_database_needs_a_query_and_a_query_a_database(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, 'title = "Mine"\nsource = "sqlite:///cms.db"')
    assert (fault.line, fault.problem) == (2, "source: a database needs a query")
    (fault,) = faults(tmp_path, 'query = "SELECT 1"')
    assert (fault.line, fault.problem) == (1, "query: there is no source to ask it of")
    assert fault.cure.startswith("write source, or set FEEDSVC_SOURCE")


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, 'source = "file:///srv/news"\nquery = "SELECT 1"')
    assert fault.problem == "source: names a folder, and no database"


def test_a_source_may_come_from_the_environment_and_a_query_go_over_many_lines(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('query = """\nSELECT *\n\tFROM articles;\n"""\n', encoding="utf-8")
    found = load(tmp_path, {"FEEDSVC_SOURCE": "postgresql://ada:secret@db.example/cms"}, {})
    assert found.table == Table(source="postgresql://ada:secret@db.example/cms", query="SELECT *\n\tFROM articles")


def test_a_number_in_quotes_is_told_to_leave_them_out(tmp_path: Path) -> None:
    assert [fault.cure for fault in faults(tmp_path, 'port = "80"')] == ["write 80, without quotes"]


def test_all_that_is_wrong_anywhere_is_told_at_once(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        "entries = 0\nnonsense = 1\nport = 1",
        flags={"workers": 0, "base_url": "here"},
        FEEDSVC_PORT="x",
        FEEDSVC_TITEL="A",
    )
    assert sorted(fault.address.rpartition("/")[2] for fault in found) == [
        "--base-url",
        "--workers",
        "FEEDSVC_PORT",
        "FEEDSVC_TITEL",
        "feedsvc.toml",
        "feedsvc.toml",
    ]


def test_a_variable_or_a_flag_is_named_once(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, flags={"port": 70000})
    assert str(fault) == "--port: 70000 is not a whole number from 0 to 65535 (write one such as 8000)"


@pytest.mark.parametrize(
    ("text", "column", "cure"),
    [
        ("titel = 1", 1, "did you mean title?"),
        ('  "base-url" = 1', 4, "did you mean base_url?"),
        ("qqq = 1", 1, "remove it; `feedsvc config` lists all settings"),
        ("[site]\ntitle = 'A'", 2, "write its lines without the name of a table above them"),
        ("site.title = 'A'", 1, "write its lines without the name of a table above them"),
    ],
)
def test_an_unknown_key_is_told_what_is_near(tmp_path: Path, text: str, column: int, cure: str) -> None:
    (fault,) = faults(tmp_path, text)
    assert (fault.line, fault.column, fault.cure) == (1, column, cure)


def test_an_unknown_variable_is_told_what_is_near(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, FEEDSVC_BASEURL="x")
    assert str(fault) == "FEEDSVC_BASEURL: is not a setting (did you mean FEEDSVC_BASE_URL?)"


@pytest.mark.parametrize("text", ["[title]\na = 1\n", "[[title]]\na = 1\n", 'title.a = "b"\n'])
def test_a_section_where_a_value_belongs_is_told_so(tmp_path: Path, text: str) -> None:
    (fault,) = faults(tmp_path, text)
    assert "where one value belongs" in fault.problem
    assert fault.text == text.split("\n", maxsplit=1)[0]


def test_what_looks_like_a_key_inside_a_text_is_none(tmp_path: Path) -> None:
    text = 'author = """\\\n  title = 4 \\"\\\n"""\nrights = \'\'\'a\'\'\'\n# title = 5\ntitle = 6\n'
    assert [(fault.line, fault.problem) for fault in faults(tmp_path, text)] == [(6, "title: 6 is not text")]


def test_a_key_that_is_spelled_with_escapes_is_reported_without_a_place(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, '"ti\\u0074le" = 4')
    assert str(fault) == f"{tmp_path / 'feedsvc.toml'}: title: 4 is not text (write it in quotes)"


def test_a_key_that_is_spelled_with_escapes_is_read(tmp_path: Path) -> None:
    (tmp_path / "feedsvc.toml").write_text('"ti\\u0074le" = "A"', encoding="utf-8")
    assert load(tmp_path, {}, {}).origins["title"] == "feedsvc.toml"


@pytest.mark.parametrize(
    ("text", "line", "cure"),
    [
        ('\ntitle = "a', 2, 'write lines such as: title = "My site"'),
        ("title =", 1, 'write lines such as: title = "My site"'),
        ("title: a", 1, 'write lines such as: title = "My site"'),
        ('title = "\\ud800"', 1, 'write lines such as: title = "My site"'),
        ('a = """b\r\nc\r\n', 3, 'write lines such as: title = "My site"'),
        ("port = 1\nport = 2\n", 2, "give each setting once"),
    ],
)
def test_what_is_not_toml_is_shown_where_it_stops_being_it(tmp_path: Path, text: str, line: int, cure: str) -> None:
    (fault,) = faults(tmp_path, text)
    assert fault.problem.startswith("is not TOML: ")
    assert (fault.line, fault.cure) == (line, cure)


@pytest.mark.parametrize("text", [f"a = {'[' * 9999}", f"entries = {'9' * 9999}"], ids=["brackets", "digits"])
def test_what_no_parser_can_bear_is_a_fault_too(tmp_path: Path, text: str) -> None:
    (fault,) = faults(tmp_path, text)
    assert fault.problem.startswith("cannot be read: ")


def test_what_is_not_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, b'port = 1\ntitle = "\xff"\n')
    assert (fault.problem, fault.cure) == ("byte 18 (in line 2) is not UTF-8", "save it as UTF-8")


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    (tmp_path / "feedsvc.toml").write_bytes(b'\xef\xbb\xbftitle = "A"\r\nport = 7\r\n')
    found = load(tmp_path, {}, {})
    assert (found.site.title, found.origins["port"]) == ("A", "feedsvc.toml:2")


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "feedsvc.toml").mkdir()
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        load(tmp_path, {}, {})


def test_what_stands_open_follows_from_the_folder_and_the_address() -> None:
    made = complete(Site(), folder_name="lantern", address="http://127.0.0.1:8000/")
    assert (made.title, made.description, made.author) == ("lantern", "lantern", "lantern")
    assert (made.base_url, made.id_authority) == ("http://127.0.0.1:8000/", "127.0.0.1")


def test_what_is_set_stays(tmp_path: Path) -> None:
    text = (
        'title = "A"\nbase_url = "https://b.example/c/"\ndescription = "D"\nauthor = "E"\nid_authority = "F.example"\n'
    )
    made = complete(site(tmp_path, text), folder_name="x", address="y")
    assert (made.title, made.base_url, made.description) == ("A", "https://b.example/c/", "D")
    assert (made.author, made.id_authority) == ("E", "f.example")


def test_ids_are_minted_under_the_base_url_s_host_where_nothing_else_is_said() -> None:
    assert complete(Site(base_url="http://[::1]:80/"), folder_name="", address="").id_authority == "1"
    assert complete(Site(base_url="https://news.example/a/"), folder_name="", address="").id_authority == "news.example"


def test_the_command_prints_every_setting_as_toml_with_its_origin(tmp_path: Path) -> None:
    (tmp_path / "feedsvc.toml").write_text('title = "A \\"B\\""\n', encoding="utf-8")
    printed = feedsvc("config", tmp_path, FEEDSVC_PORT="9000").stdout
    assert list(tomllib.loads(printed)) == [*(name for name, *_ in settings()), "readers"]
    assert tomllib.loads(printed)["title"] == 'A "B"'
    assert [line.split() for line in printed.splitlines() if "# default" not in line] == [
        ["title", "=", '"A', '\\"B\\""', "#", "feedsvc.toml:1"],
        ["port", "=", "9000", "#", "FEEDSVC_PORT"],
    ]


@pytest.mark.parametrize(("written", "value"), [("true", True), ("1", True), ("false", False), ("0", False)])
def test_a_variable_says_yes_or_no(tmp_path: Path, written: str, *, value: bool) -> None:
    assert load(tmp_path, {"FEEDSVC_PODCAST_EXPLICIT": written}, {}).site.podcast_explicit is value


def test_a_podcast_s_owner_has_an_address(tmp_path: Path) -> None:
    assert load(tmp_path, {"FEEDSVC_PODCAST_OWNER": "ada@example.org"}, {}).site.podcast_owner == "ada@example.org"


def at_address(folder: Path, text: str, address: str) -> Site:
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
    return at(load(folder, {}, {}).site, address)


SECTIONS = """
language = "en"
author = "The desk"

[sections.news]
language = "de"
excerpt_length = 100

[sections."news/local"]
author = "Ada"

[sections.opinion.letters]
content = "summary"
zone = "Europe/Berlin"
rights = "© the writers"
"""


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("a.md", ("en", "The desk", 280, "full", "UTC", "")),
        ("newsroom/a.md", ("en", "The desk", 280, "full", "UTC", "")),
        ("news/a.md", ("de", "The desk", 100, "full", "UTC", "")),
        ("news/world/a.md", ("de", "The desk", 100, "full", "UTC", "")),
        ("news/local/2026/a.json#x", ("de", "Ada", 100, "full", "UTC", "")),
        ("opinion/a.md", ("en", "The desk", 280, "full", "UTC", "")),
        ("opinion/letters/a.md", ("en", "The desk", 280, "summary", "Europe/Berlin", "© the writers")),
    ],
)
def test_the_innermost_section_wins(tmp_path: Path, address: str, expected: object) -> None:
    found = at_address(tmp_path, SECTIONS, address)
    assert (
        found.language, found.author, found.excerpt_length, found.content, found.zone, found.rights
    ) == expected  # fmt: skip


def test_a_setting_of_a_section_has_its_origin(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(SECTIONS, encoding="utf-8")
    origins = load(tmp_path, {}, {}).origins
    assert origins["sections.news.language"] == "feedsvc.toml:6"
    assert origins["sections.news/local.author"] == "feedsvc.toml:10"


@pytest.mark.parametrize(
    ("text", "line", "problem", "cure"),
    [
        ("[sections.news]\nlangage = 'de'", 2, "sections.news.langage is not a setting", "did you mean language?"),
        (
            "[sections.news]\nbase_url = 'x'",
            2,
            "sections.news.base_url is not a setting",
            "a section, as in",
        ),
        ("[sections.news]\nlanguage = 1", 2, "sections.news.language: 1 is not text", "write it in quotes"),
        ("[sections.a.b]\nzone = 'Mars'", 2, 'sections.a/b.zone: "Mars" is not a time zone', "write one such as"),
        ("[section.news]\nlanguage = 'de'", 1, "section is not a setting", "did you mean [sections.NAME]?"),
        ("[sections]\nlanguage = 'de'", 2, "sections.language is not a setting", "a section, as in"),
    ],
)
def test_what_is_wrong_in_a_section_is_told(tmp_path: Path, text: str, line: int, problem: str, cure: str) -> None:
    (fault,) = faults(tmp_path, text)
    assert (fault.line, fault.problem.startswith(problem), fault.cure.startswith(cure)) == (line, True, True), fault


def test_the_command_prints_the_sections_too(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(SECTIONS, encoding="utf-8")
    printed = feedsvc("config", tmp_path).stdout.splitlines()
    assert [line for line in printed if line.startswith("sections.news/local")] == [
        'sections.news/local.author = "Ada"        # feedsvc.toml:10'
    ]


@pytest.mark.parametrize("table", ["navigation", "readers", "redirects"])
def test_a_setting_below_a_table_is_told_where_it_belongs(tmp_path: Path, table: str) -> None:
    (fault,) = faults(tmp_path, f'[{table}]\nbase_url = "https://example.org/"')
    assert "base_url is a setting, and not one of the" in fault.problem
    assert fault.cure.startswith(f"move it above the line [{table}]")
    (fault,) = faults(tmp_path, f"[{table}]\nentries = 60")
    assert "entries is a setting" in fault.problem


def test_a_link_may_be_called_as_a_setting_is(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(
        '[navigation]\narchive = "/2026/"\nlanguage = "/languages/de/"\n', encoding="utf-8"
    )
    assert load(tmp_path, {}, {}).site.navigation == (("archive", "/2026/"), ("language", "/languages/de/"))


def test_a_section_without_its_folder_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(SECTIONS, encoding="utf-8")
    (tmp_path / "news" / "local").mkdir(parents=True)
    answer = feedsvc("check", cwd=tmp_path)
    assert answer.returncode == 0
    assert answer.stdout.startswith(
        "feedsvc.toml:13:1: warning: sections.opinion/letters: there is no folder opinion/letters (name a folder"
    )


def test_a_cover_that_is_not_there_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(
        'podcast_category = "Technology"\npodcast_image = "a%20cover.png"\n', encoding="utf-8"
    )
    answer = feedsvc("check", cwd=tmp_path)
    assert answer.returncode == 0
    assert answer.stdout.startswith("feedsvc.toml:2:1: warning: podcast_image: there is no file a%20cover.png (write")


@pytest.mark.parametrize(
    ("logo", "problem"),
    [
        ("theme/static/logo.svg", "theme/static/logo.svg is part of the theme, and is published for the theme only"),
        ("/logo.tiff", "/logo.tiff is no picture that is published"),
        ("talk.mp3", "talk.mp3 is no picture that is published"),
    ],
)
def test_a_logo_that_is_not_published_is_a_warning(tmp_path: Path, logo: str, problem: str) -> None:
    file = tmp_path / logo.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    (fault,) = missing(load(tmp_path, {"FEEDSVC_LOGO": logo}, {}), tmp_path)
    assert (fault.problem, fault.is_warning) == (f"logo: {problem}", True)


@pytest.mark.parametrize("image", ["a%20cover.png", "/a cover.png", "https://a.example/cover.png", "//a.example/cover"])
def test_a_cover_that_may_be_there_is_none(tmp_path: Path, image: str) -> None:
    (tmp_path / "a cover.png").touch()
    assert missing(load(tmp_path, {"FEEDSVC_PODCAST_IMAGE": image}, {}), tmp_path) == ()


@pytest.mark.parametrize(
    ("category", "cure"),
    [
        ("Tecnology", 'did you mean "Technology"?'),
        ("Tech News", 'did you mean "News > Tech News"?'),
        ("Cooking", 'write one such as "Technology" or "News > Tech News"'),
    ],
)
def test_a_podcast_is_of_one_of_apple_s_categories(tmp_path: Path, category: str, cure: str) -> None:
    (fault,) = faults(tmp_path, f"podcast_category = '{category}'")
    assert fault.cure == cure


def test_a_podcast_needs_a_cover(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "title = 'A'\npodcast_category = 'News>Tech News'")
    assert (fault.line, fault.problem) == (2, "podcast_category: a podcast needs a cover")
    (tmp_path / FILE_NAME).write_text("podcast_category = 'News>Tech News'\npodcast_image = 'a.png'", encoding="utf-8")
    assert load(tmp_path, {}, {}).site.podcast_category == "News > Tech News"


def redirects(folder: Path, *lines: str, base_url: str = "") -> tuple[tuple[str, str], ...]:
    return site(folder, "\n".join([f'base_url = "{base_url}"', "[redirects]", *lines])).redirects


def test_redirects_are_kept_as_they_are_looked_up(tmp_path: Path) -> None:
    assert redirects(
        tmp_path,
        '"/old/feed/" = "/atom.xml"',
        "'/b%C3%BCcher' = '/tags/bücher/?a=b%20c#d'",
        '"/a" = "https://other.example:8080/x?y=/z"',
        '"/c+d/" = "http://[::1]/"',
    ) == (
        ("/a", "https://other.example:8080/x?y=/z"),
        ("/bücher", "/tags/b%C3%BCcher/?a=b%20c#d"),
        ("/c+d", "http://[::1]/"),
        ("/old/feed", "/atom.xml"),
    )


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('"old" = "/x"', '"old" is not a path'),
        ('"https://example.org/old" = "/x"', '"https://example.org/old" is not a path'),
        ('"//old" = "/x"', '"//old" is not a path'),
        ('"/a b" = "/x"', '"/a b" is not a path'),
        ('"/50%" = "/x"', '"/50%" is not a path'),
        ('"/?feed=rss2" = "/x"', "the query of an address is not looked at"),
        ('"/" = "/x"', "the site's own list stands there"),
        ('"/old" = "x"', '"x" is neither a path nor an http or https URL'),
        ('"/old" = ""', '"" is neither a path nor an http or https URL'),
        ('"/old" = "//evil.example"', '"//evil.example" is neither a path'),
        ('"/old" = "/x\\r\\nSet-Cookie: a"', "holds a character that cannot be printed"),
        ('"/old" = "/a b"', '"/a b" is neither a path'),
        ('"/old" = "javascript:alert(1)"', "is neither a path"),
        ('"/old" = "ftp://a.example/"', "is neither a path"),
        ('"/old" = "https://"', "is neither a path"),
        ('"/old" = "https://me@a.example/"', "is neither a path"),
        ('"/old" = "https://a.example:0/"', "is neither a path"),
        ('"/old" = "https://a.example:99999/"', "is neither a path"),
        ('"/old" = "https://[::1.2/"', "is neither a path"),
        ('"/old" = "https://[1]/"', "is neither a path"),
        ('"/old" = 1', "1 is not text"),
        ('"/old" = ["/x"]', "is a list where one value belongs"),
        ('"/old" = {a = "/x"}', "is a table where one value belongs"),
        ('"/old" = "/old/"', "leads back to itself"),
        ('"/old" = "/old?a=b"', "leads back to itself"),
        ('"/%6Fld" = "https://lantern.example/news/old"', "leads back to itself"),
    ],
)
def test_a_wrong_redirect_is_shown_where_it_stands_with_a_cure(tmp_path: Path, line: str, problem: str) -> None:
    (fault,) = faults(tmp_path, f'base_url = "https://lantern.example/news/"\n[redirects]\n{line}\n')
    assert (fault.line, fault.column) == (3, line.index(" = ") + 4)
    assert fault.problem.startswith("redirects.")
    assert problem in fault.problem
    assert fault.cure


def test_redirects_that_lead_round_are_told_with_the_way(tmp_path: Path) -> None:
    lines = ['"/a" = "/b/"', '"/b" = "/c"', '"/c" = "/a"', '"/d" = "/a"', '"/e" = "/rss.xml"']
    found = faults(tmp_path, "\n".join(["[redirects]", *lines]))
    assert [(fault.line, fault.problem) for fault in found] == [
        (2, 'redirects."/a": leads back to itself, by way of "/b", by way of "/c"'),
        (3, 'redirects."/b": leads back to itself, by way of "/c", by way of "/a"'),
        (4, 'redirects."/c": leads back to itself, by way of "/a", by way of "/b"'),
    ]


def test_redirects_may_lead_on_to_others(tmp_path: Path) -> None:
    assert redirects(tmp_path, '"/a" = "/b"', '"/b" = "/rss.xml"', '"/c" = "https://example.org/c"')


def test_an_old_path_is_there_once(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, '[redirects]\n"/a" = "/b"\n"/a/" = "/c"\n')
    assert (fault.line, fault.problem) == (3, 'redirects."/a/": is there already, with a slash at its end or without')


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("[redirect]\n'/a' = '/b'", "did you mean [redirects]?"),
        ("redirects = '/b'", "write [redirects], and the redirects below it, each on a line"),
        ("[[redirects]]\na = '/b'", "write [redirects], and the redirects below it, each on a line"),
    ],
)
def test_redirects_are_a_table_of_their_own(tmp_path: Path, text: str, cure: str) -> None:
    (fault,) = faults(tmp_path, text)
    assert (fault.line, fault.cure) == (1, cure)


def test_the_command_prints_the_redirects_too(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('[redirects]\n"/old/" = "/rss.xml"\n', encoding="utf-8")
    printed = feedsvc("config", tmp_path).stdout.splitlines()
    assert printed[-1].split() == ['redirects."/old"', "=", '"/rss.xml"', "#", "feedsvc.toml:2"]
