"""What the documentation says of the code, held against the code."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from house import article

from feedsvc import cli, config, filters
from feedsvc.articles import DIALECTS, FIELDS, names, values
from feedsvc.catalog.syncing import fetching
from feedsvc.catalog.upkeep.ledger_file import Head, Id, Name, Token
from feedsvc.cli import codes
from feedsvc.config import channels
from feedsvc.errors import FilterError
from feedsvc.formats import FORMATS
from feedsvc.model import Record
from feedsvc.publication import addresses, filtered, redirects, shelf
from feedsvc.readers import READERS, frontmatter, json_record, json_values, manuscript, yaml_values
from feedsvc.sources import folder, source, walk
from feedsvc.text import keys
from feedsvc.text.media_types import MEDIA_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
REFERENCE = (ROOT / "docs" / "reference.md").read_text("utf-8")
SITE = config.complete(config.Site(), folder_name="news", address="http://localhost:8000/")


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command by its whole name, those of a group in the place of the group."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name, command


COMMANDS = dict(commands(cli.cli))
OPERATORS = {"/healthz", "/readyz"}

FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INDENTED = re.compile(r"^    (?:\$ )?(?:~/feedsvc/bin/)?((?:feedsvc|make) (?:.*\\\n)*.*)$", re.MULTILINE)
TYPED = re.compile(r"`(feedsvc [a-z][^`]*|make [a-z][^`]*)`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def section(title: str) -> str:
    """The reference's text below a heading, down to the next one of the same depth."""
    return re.split(r"^## ", REFERENCE.split(f"\n## {title}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]


def rows(title: str) -> Iterator[list[str]]:
    """The cells of the tables in a section, without the rows that are heads."""
    for line in section(title).splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def examples(language: str) -> list[tuple[str, str]]:
    return [
        (page.name, text)
        for page in PAGES
        for found, text in FENCED.findall(page.read_text("utf-8"))
        if found == language
    ]


def typed() -> Iterator[tuple[str, str]]:
    """Every command line in the documentation, with the name of its page."""
    for page in PAGES:
        text = FENCED.sub("", page.read_text("utf-8"))
        for line in INDENTED.findall(text) + TYPED.findall(text):
            yield page.name, re.sub(r"\s+#.*", "", line.replace("\\\n", " "))


# The reference


def test_every_setting_is_in_the_reference_with_its_default() -> None:
    of_channels = set(map(tuple, of_the_channels()))
    documented = {cells[0].strip("`"): cells[1] for cells in rows("Settings") if tuple(cells) not in of_channels}
    assert list(documented) == [name for name, *_ in config.settings()]
    for name, default, *_ in config.settings():
        shown = f'"{default}"' if isinstance(default, str) else str(default).lower()
        assert not default or documented[name] == f"`{shown}`", name


def of_the_channels() -> list[list[str]]:
    text = section("Settings").split("### Channels")[1].split("\n### ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_every_setting_of_a_channel_is_in_the_reference() -> None:
    assert [cells[0].strip("`") for cells in of_the_channels()] == list(channels.KEYS)


def test_every_key_of_an_article_is_in_the_reference() -> None:
    tables = [(named(cells[0])[0], named(cells[1]), len(cells)) for cells in rows("Keys of an article")]
    assert [name for name, _, width in tables if width == 3] == list(FIELDS)
    theirs = {name: keys for name, keys, width in tables if width == 2 and name in FIELDS}
    assert theirs == {name: others for name, keys in DIALECTS.items() if (others := keys.split()[1:])}


def test_every_command_is_in_the_reference() -> None:
    shown = (name for cells in rows("Commands") for name in named(cells[0]))
    documented = [match[1] for name in shown if (match := re.match(r"feedsvc ([a-z]+(?: [a-z]+)?)", name))]
    assert sorted(documented) == sorted(COMMANDS)


def test_every_option_is_in_the_reference_with_its_commands() -> None:
    documented = {
        (option, command)
        for cells in rows("Commands")
        if cells[0].startswith("`--")
        for option in named(cells[0])
        for command in named(cells[1])
    }
    options = {(option, "feedsvc") for option in opts(cli.cli)}
    options |= {(option, name) for name, command in COMMANDS.items() for option in opts(command)}
    assert documented == options


def opts(command: click.Command) -> set[str]:
    found = (each for each in command.params if isinstance(each, click.Option) and not each.hidden)
    return {option for each in found for option in (*each.opts, *each.secondary_opts)}


def test_every_key_of_the_ledger_s_file_is_in_the_reference() -> None:
    lines = section("Commands").split("### The ledger's file")[1].splitlines()
    documented = [name for line in lines if line.startswith("| ") for name in named(line.split(" | ")[1])]
    fields = [name for kind in (Head, Name, Id, Token) for name in kind.__struct_fields__]
    assert sorted(documented) == sorted(fields)


def test_every_exit_code_is_in_the_reference() -> None:
    documented = re.findall(r"^\| (\d) \|", section("Commands"), re.MULTILINE)
    assert [int(code) for code in documented] == [
        codes.DONE,
        codes.CONTENT_HAS_ERRORS,
        codes.WRONG_SETTINGS,
        codes.CANNOT_START,
    ]


def documented_addresses() -> set[str]:
    return {address for cells in rows("Addresses") for address in named(cells[0])}


def pattern_of(address: str) -> re.Pattern[str] | None:
    path = address.removeprefix("/").replace("PATH", "a/b.png").replace("PERIOD", "2026-10")
    path = path.replace("YYYY", "2026").replace("MM", "10")
    for pattern, _ in (*addresses._OF_CHANNELS, *addresses._ALONE):
        if match := pattern.fullmatch(path):
            return pattern if match.groupdict().get("filename", "rss.xml") in FORMATS else None
    return None


def test_every_address_in_the_reference_is_one() -> None:
    ours = {address for address in documented_addresses() if address.startswith("/static/")} | OPERATORS | moved()
    ours |= {address for address in documented_addresses() if address.startswith("/private/")}
    assert all(pattern_of(address) for address in documented_addresses() - ours)


def test_every_address_of_a_private_channel_is_in_the_reference() -> None:
    archives = [f"archive/PERIOD/{name}" for name in FORMATS]
    below = ("", "before/SLUG", *FORMATS, *archives, "articles/SLUG")
    documented = {address for address in documented_addresses() if address.startswith("/private/")}
    assert documented == {f"/private/TOKEN/{path}" for path in below}


def moved() -> set[str]:
    """The documented addresses that lead to feeds of ours."""
    return {address for address in documented_addresses() if redirects.of_other_systems(address.removeprefix("/"))}


def test_an_address_of_another_system_is_in_the_reference_with_where_it_leads() -> None:
    documented = {name: cells[1] for cells in rows("Addresses") for name in named(cells[0])}
    assert {f"/{path}" for path in redirects._OF_SITE} <= moved()
    for address in moved():
        channel, name = redirects.of_other_systems(address.removeprefix("/")) or ("", "")
        kind, _, subject = channel.partition("/")
        target = "/".join(filter(None, ("", kind, subject.upper(), name)))
        target = target if target.startswith("/") else f"/{target}"
        assert f"301 to `{target}`" in documented[address], address


def test_every_address_is_in_the_reference() -> None:
    assert {pattern_of(address) for address in documented_addresses()} >= {
        pattern for pattern, _ in (*addresses._OF_CHANNELS, *addresses._ALONE)
    }
    assert documented_addresses() >= {"/static/NAME.HASH.EXT"} | OPERATORS


def test_every_format_has_its_addresses_in_the_reference() -> None:
    tops = ("/", "/tags/TAG/", "/archive/PERIOD/", "/tags/TAG/archive/PERIOD/")
    wanted = {f"{before}{name}" for before in tops for name in FORMATS}
    assert wanted <= documented_addresses()


def test_every_media_type_of_a_feed_is_in_the_reference() -> None:
    assert {written.type for written in FORMATS.values()} <= set(named(section("Answers")))


def test_every_kind_of_file_is_in_the_reference() -> None:
    documented = {ending for cells in rows("Files") for ending in named(cells[0])}
    assert documented == {*READERS, *MEDIA_TYPES}


def test_what_is_skipped_is_in_the_reference() -> None:
    skipped = set(named(section("Files")))
    assert skipped >= walk._SKIPPED_FOLDERS
    assert {"README", "_index", "_drafts", "_layouts", "_site"} <= skipped
    assert {"readme", "_index"} <= names.ASIDES.keys()
    assert {"_drafts", "_layouts", "_site"} <= names.FOLDERS.keys()


@pytest.mark.parametrize(
    ("what", "limit"),
    [
        ("any other file", f"{source.LARGEST >> 20} MiB"),
        ("a row, as JSON", f"{source.LARGEST >> 20} MiB"),
        ("the text of an article", f"{manuscript.LARGEST >> 10} KiB"),
        (
            "its front matter",
            f"{frontmatter.LARGEST >> 10} KiB of characters; lists and maps {yaml_values.DEEPEST} deep",
        ),
        (
            "a JSON file",
            (
                f"{json_values.MOST:,} values, {json_record.MOST_ARTICLES:,} articles; lists and objects"
                f" {json_values.DEEPEST} deep"
            ),
        ),
        ("a picture", f"{fetching.MEDIA_LIMIT >> 20} MiB"),
        ("sound, video, a PDF", f"{folder.HEAVIEST >> 30} GiB"),
        ("a tag or a name", f"{values.LONGEST_NAME} characters"),
        ("a URL, an id", f"{values.LONGEST_URL:,} characters"),
        ("an id, an alias", f"{keys.LONGEST:,} bytes"),
        ("the path of a file, below the content folder", f"{keys.LONGEST_ADDRESS:,} bytes"),
    ],
)
def test_a_limit_is_in_the_reference(what: str, limit: str) -> None:
    assert f"| {what} | {limit} |" in section("Limits")


def test_every_key_of_a_filter_is_in_the_reference_in_the_order_of_addresses() -> None:
    keys = [cells[0].strip("`") for cells in rows("Filters") if re.fullmatch("`[a-z]+`", cells[0])]
    assert keys == [*filters.KEYS]
    told = section("Filters")
    assert all(f"`{kind}/" in told for kind in filters.KINDS.values() if kind != "tags")
    assert all(f" {sign} " in f" {told.split('``')[1]} " for sign in '*()[]{}|^$<>"`,;')


@pytest.mark.parametrize(
    ("what", "limit"),
    [
        ("values of a filter, those too that are there twice", filters.MOST),
        ("its query", f"{filters.LONGEST} bytes"),
        ("documents of filters that a process keeps", f"{shelf.MOST_FILTERED}, in a quarter of the room for all"),
        ("filters that wait to be made", filtered.MOST_WAITING),
    ],
)
def test_a_limit_of_filters_is_in_the_reference(what: str, limit: str | int) -> None:
    assert f"| {what} | {limit} |" in section("Filters")
    assert shelf.PART == 0.25


def test_a_filter_in_the_reference_is_answered_as_it_says() -> None:
    for cells in rows("Filters"):
        for query in re.findall(r"`[?]([^`]+)`", cells[0]):
            try:
                found = filters.read(query.encode())
            except FilterError:
                said = "400"
            else:
                is_canonical = found is not None and found.query == query and found.channel is None
                said = "301" if found and not is_canonical else "404" if "nobody" in query else "200" if found else "as"
            assert cells[1].startswith(said), query


# Examples


@pytest.mark.parametrize(("page", "line"), sorted(set(typed())))
def test_a_command_that_is_shown_can_be_typed(page: str, line: str) -> None:
    program, name, *arguments = shlex.split(line.replace("[CONTENT]", "CONTENT"))
    if program == "make":
        assert re.search(rf"^{name}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE), page
    elif name.startswith("--"):
        assert name in opts(cli.cli), page
    else:
        whole = f"{name} {arguments[0]}" if arguments and f"{name} {arguments[0]}" in COMMANDS else name
        command = COMMANDS[whole if whole in COMMANDS else f"{name} show"]
        command.make_parser(click.Context(command)).parse_args(arguments[whole != name :])


def test_commands_are_found_in_the_pages() -> None:
    pages = {page for page, _ in typed()}
    assert {"README.md", "how-to.md", "reference.md"} <= pages


@pytest.mark.parametrize(("page", "text"), examples("toml"))
def test_settings_that_are_shown_are_taken(page: str, text: str, tmp_path: Path) -> None:
    (tmp_path / config.FILE_NAME).write_text(text, "utf-8")
    found = config.load(tmp_path, {}, {})
    assert set(found.origins.values()) > {"default"}, page


@pytest.mark.parametrize(("page", "text"), [each for each in examples("markdown") if each[1].startswith("---")])
def test_an_article_that_is_shown_is_accepted(page: str, text: str) -> None:
    found = article(Record("ferry.md", text.encode()), site=SITE)
    assert found is not None, page
    assert found.title == "The ferry that was on time"


@pytest.mark.parametrize(("page", "text"), examples("text"))
def test_an_article_in_plain_text_that_is_shown_is_accepted(page: str, text: str) -> None:
    found = article(Record("ferry.txt", text.encode()), site=SITE)
    assert found is not None, page
    assert (found.title, found.written_date) == ("The ferry that was on time", "2026-05-20")


@pytest.mark.parametrize(("page", "text"), examples("yaml"))
def test_keys_that_are_shown_are_read(page: str, text: str) -> None:
    key, _, value = text.strip().partition(": ")
    before = "" if key == "date" else "date: 2026-05-20\n"
    record = Record("ferry.md", f"---\ntitle: The ferry\n{before}{text}---\n\nIt runs.\n".encode())
    found = article(record, site=SITE)
    assert key in FIELDS, page
    assert found is not None
    assert str(getattr(found, "published" if key == "date" else key))[:10] == value[:10]


# Links


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = FENCED.sub("", page.read_text("utf-8"))
    broken = [link for link in LINK.findall(text) if "://" not in link and not leads_somewhere(page, link)]
    assert not broken


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    return target.exists() and (not anchor or anchor in anchors(target))


def anchors(page: Path) -> set[str]:
    """The names under which headings can be linked to, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_is_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    coming = {ROOT / "README.md"}
    while coming:
        page = coming.pop()
        reached.add(page)
        links = (link.partition("#")[0] for link in LINK.findall(page.read_text("utf-8")) if "://" not in link)
        found = {(page.parent / link).resolve() for link in links if link.endswith(".md")}
        coming |= {target for target in found if target.exists()} - reached
    assert set(PAGES) <= reached


def test_a_room_that_stands_is_in_the_table_of_rooms() -> None:
    table = (ROOT / "docs" / "how-it-works.md").read_text("utf-8")
    rooms = {
        path.stem for path in (ROOT / "feedsvc").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert {room for room in rooms if not room.startswith("__")} <= set(re.findall(r"\[`(\w+)[./]", table))


def test_every_picture_is_shown_on_a_page() -> None:
    shown = {(page.parent / link).resolve() for page in PAGES for link in LINK.findall(page.read_text("utf-8"))}
    assert {*(ROOT / "docs" / "images").iterdir()} <= shown


def test_the_picture_of_the_readme_is_light() -> None:
    assert (ROOT / "docs" / "images" / "list.png").stat().st_size < 150_000


def test_all_that_is_told_how_to_do_is_led_to() -> None:
    text = (ROOT / "docs" / "how-to.md").read_text("utf-8")
    contents, *chapters = text.split("\n## ")
    anchors = [re.sub(r"[^\w\- ]", "", each.split("\n")[0].lower()).replace(" ", "-") for each in chapters]
    assert re.findall(r"\]\(#([^)]+)\)", contents) == anchors
