"""`check` on a folder of a thousand good articles with forty different faults: forty findings, and nothing else."""

from __future__ import annotations

import json
import struct
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from command import feedsvc, write

if TYPE_CHECKING:
    from pathlib import Path

GOOD = 1000
FAULTS = 40


class Broken(NamedTuple):
    """A file with a single fault.

    Attributes:
        place: the line and column at which `check` must show it.
        problem, cure: words that it must say.
    """

    name: str
    body: bytes
    place: tuple[int, int]
    problem: str
    cure: str


def record(*lines: str, text: str = "A text.", without: str = "") -> bytes:
    """A record in Markdown: these lines below a title and a date, but for the one that is left out."""
    head = [line for line in ("title: A title", "date: 2026-01-01") if not without or not line.startswith(without)]
    return "\n".join(["---", *head, *lines, "---", "", text, ""]).encode()


def dated(written: str) -> bytes:
    return record(f"date: {written}", without="date")


def png() -> bytes:
    """A picture of one pixel."""
    chunks = ((b"IHDR", struct.pack(">2I5B", 1, 1, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b""))
    parts = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


BROKEN = (
    Broken("latin-1.md", record(text="Un caf\xe9").replace(b"\xc3\xa9", b"\xe9"), (6, 7), "0xE9 is not UTF-8", "UTF-8"),
    Broken("utf-16.md", record().decode().encode("utf-16"), (1, 1), "UTF-16", "save it as UTF-8"),
    Broken("control.md", record(text="A \x0c text"), (6, 3), "U+000C", "remove U+000C"),
    Broken("control-in-title.md", record('title: "A \\b title"', without="title"), (3, 8), "U+0008", "remove"),
    Broken("open.md", b"---\ntitle: A title\ndate: 2026-01-01\n\nA text.\n", (1, 1), "not closed", "---"),
    Broken("yaml.md", record("tags: [one, two"), (4, 7), "not YAML", "bracket"),
    Broken("tag.md", record("summary: !!python/object:os.system x"), (4, 10), "python/object", "in quotes"),
    Broken("twice.md", record("title: Another"), (4, 1), "stands twice", "keep one"),
    Broken("toml.md", b"+++\ntitle = 'A'\ndate = 2026-01-01\ntags = [\n+++\n", (4, 9), "not TOML", "close the list"),
    Broken("front.md", b'{\n"title": "A",\n"date": 2026-01-01\n}\n\nA text.\n', (3, 13), "not JSON", "comma"),
    Broken("values.json", b'{"title": "A", "date": "2026-01-01", }\n', (1, 38), "not JSON", "no comma before }"),
    Broken("lines.jsonl", b'{"title": "A", "date": "2026-01-01"}\n{"title"}\n', (2, 9), "not JSON", "colon"),
    Broken("no-date.md", record(without="date"), (1, 1), "date is missing", "date: "),
    Broken("empty-date.md", dated('""'), (3, 7), "date: is empty", "date: "),
    Broken("impossible.md", dated("2026-02-30"), (3, 7), "February", "from 1 to 28"),
    Broken("ambiguous.md", dated("05/06/2020"), (3, 7), "May or June", "2020-05-06 or 6 May 2020"),
    Broken("relative.md", dated("yesterday"), (3, 7), "yesterday", "2020-05-20"),
    Broken("hour.md", dated("2026-01-01T25:00:00Z"), (3, 7), "time of day", "23:59:59"),
    Broken("offset.md", dated("2026-01-01T10:00:00+99:00"), (3, 7), "offset", "+02:00"),
    Broken("zone-letters.md", dated("2026-01-01 10:00 IST"), (3, 7), "zone", "+02:00"),
    Broken("zone.md", record("zone: Europe/Berln"), (4, 7), "Europe/Berln", "Europe/Berlin"),
    Broken("title-list.md", record("title: [a, b]", without="title"), (3, 8), "not text", "one line"),
    Broken("long-title.md", record(f"title: {'long ' * 300}", without="title"), (3, 8), "characters", "at most 1000"),
    Broken("titel.md", record("titel: A title", without="title"), (3, 1), "titel is not a key", "did you mean title?"),
    Broken("slug.md", record("slug: /"), (4, 7), "address", "my-article"),
    Broken("id.md", record('id: "tag: x"'), (4, 5), "absolute IRI", "tag:example.org"),
    Broken("same-id.md", record("id: tag:e.org,2026:good-0"), (1, 1), "good/0000.md", "of its own"),
    Broken("updated.md", record("updated: soon"), (4, 10), "soon", "2020-05-20"),
    Broken("expires.md", record("expires: never"), (4, 10), "never", "2020-05-20"),
    Broken("draft.md", record("draft: maybe"), (4, 8), "neither yes nor no", "true or false"),
    Broken("tags-map.md", record("tags: {a: b}"), (4, 7), "map", "[one, two]"),
    Broken("many-tags.md", record(f"tags: [{', '.join(map(str, range(101)))}]"), (4, 7), "too many", "keep the 100"),
    Broken("email.md", record("authors: [{name: Ada, email: ada}]"), (4, 30), "e-mail", "ada@example.org"),
    Broken("language.md", record("language: English (UK)"), (4, 11), "English (UK)", "pt-BR"),
    Broken("image.md", record("image: 'javascript:x'"), (4, 8), "javascript", "https"),
    Broken("content.md", record("feed_content: everything"), (4, 15), "everything", "full"),
    Broken("excerpt-length.md", record("excerpt_length: 3"), (4, 17), "from 40 to 10000", "280"),
    Broken("enclosure.md", record("audio: {url: 'https://e.org/a.mp3', length: long}"), (4, 45), "bytes", "5242880"),
    Broken("picture.png", b"Not Found", (1, 1), "not a picture", ""),
    Broken("photo.jpg", png(), (1, 1), "image/png", "ending"),
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    content = tmp_path_factory.mktemp("content")
    for number in range(GOOD):
        name = f"good/{number:04}.md"
        date = f"20{number % 26:02}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        write(content / name, f"Article {number}", date=date, more=f"id: tag:e.org,2026:good-{number}\n")
    return content


@pytest.fixture(scope="module")
def broken(folder: Path) -> Path:
    for each in BROKEN:
        (folder / each.name).write_bytes(each.body)
    return folder


@pytest.fixture(scope="module")
def findings(broken: Path) -> dict[str, Any]:
    answer = feedsvc("check", broken, "--format", "json")
    assert (answer.returncode, answer.stderr) == (1, "")
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def test_a_clean_folder_has_no_finding(folder: Path) -> None:
    answer = feedsvc("check", folder)
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, f"{GOOD} articles, no errors\n", "")


def test_forty_different_faults_are_forty_findings(findings: dict[str, Any]) -> None:
    assert len(BROKEN) == FAULTS
    assert len({each["problem"] for each in findings["findings"]}) == FAULTS
    assert sorted(each["file"].rpartition("/")[2] for each in findings["findings"]) == sorted(
        each.name for each in BROKEN
    )


@pytest.mark.parametrize("each", BROKEN, ids=lambda each: each.name)
def test_each_has_its_place_its_reason_and_its_cure(findings: dict[str, Any], broken: Path, each: Broken) -> None:
    (found,) = [fault for fault in findings["findings"] if fault["file"] == str(broken / each.name)]
    assert (found["line"], found["column"]) == each.place
    assert each.problem in found["problem"]
    assert each.cure in found["cure"]


def test_a_person_reads_a_line_for_each_and_how_many_there_are(broken: Path) -> None:
    answer = feedsvc("check", broken)
    assert answer.returncode == 1
    shown = [line for line in answer.stdout.splitlines() if line.startswith(str(broken))]
    places = [f"{broken / each.name}:{each.place[0]}:{each.place[1]}: " for each in BROKEN]
    assert len(shown) == FAULTS
    assert all(any(line.startswith(place) for line in shown) for place in places)
    warnings = sum(": warning: " in line for line in shown)
    published = GOOD + sum(": warning: " in line and ".md:" in line for line in shown)
    published += 1  # the other line of lines.jsonl
    counts = f"{published} articles, {FAULTS - warnings} errors and {warnings} warnings in {FAULTS} files"
    assert answer.stdout.splitlines()[-1] == counts


def test_a_runner_shows_each_beside_its_line(broken: Path) -> None:
    shown = feedsvc("check", broken, "--format", "github").stdout.splitlines()[:-1]
    assert len(shown) == FAULTS
    for each in BROKEN:
        line, column = each.place
        assert any(f"file={broken / each.name},line={line},col={column}::" in command for command in shown)
