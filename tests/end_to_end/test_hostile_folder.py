"""Law 3 on a real process: whatever lies in the folder, the good articles are published and the others are named.

What lies there is in `hostile_records`.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import re
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import html5lib  # type: ignore[import-untyped]
import pytest
from serving import FEEDS, READINGS, Command, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

sys.path.insert(0, str(Path(__file__).parent))
hostile = importlib.import_module("hostile_records")

SITE = {"FEEDSVC_ENTRIES": "1000", "FEEDSVC_BASE_URL": "https://news.example/"}
FATES = {record.name: record.fate for record in hostile.RECORDS} | {
    name: fate for name, (fate, _) in hostile.TRAPS.items()
}
REFUSED = {name for name, fate in FATES.items() if fate is hostile.REFUSED}
WARNED = {name for name, fate in FATES.items() if fate is hostile.WARNED}
PUBLISHED = {name for name, fate in FATES.items() if fate in {hostile.HARMLESS, hostile.WARNED}} - {"page.png"}
LINES_OF_JSONL = 2

FINDING = re.compile(r".+:[0-9]+:[0-9]+: (?P<warning>warning: )?.+ \(.+\)")
# Elements and attributes that run something, load something into a page, or change what its links and forms mean.
_ACTING = "script style base meta link object embed iframe frame form button input svg template noscript"
ACTING = frozenset(_ACTING.split())
CARRYING = {
    "href",
    "src",
    "srcset",
    "poster",
    "cite",
    "action",
    "formaction",
    "data",
    "{http://www.w3.org/1999/xlink}href",
}
RUNNING = re.compile(r"(?:^|[\s,])(?:javascript|vbscript|data|file):", re.IGNORECASE)

# Of our own pages' head; what is told to machines there runs nothing, and nothing in it begins an element.
OURS = {"link", "meta"}
TOLD = re.compile(r'<script type="application/ld\+json">[^<]*</script>')

# In MiB, of each process. Measured: 127 at the peak of the server and 140 at that of the sync, of which 60 are there
# before anything is read. A body of 50 MB held as bytes and as text would be 100 more; most traps would be gigabytes.
MOST_MEMORY = 220


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    content = tmp_path_factory.mktemp("hostile") / "content"
    hostile.fill(content)
    return content


@pytest.fixture(scope="module")
def command(folder: Path) -> Iterator[Command]:
    with as_anybody(lambda: Command(folder, env=SITE)) as started:
        yield started.ready()
    assert "Traceback" not in started.output


def as_anybody(start: Callable[[], Any]) -> Any:
    """What `start` gives; permissions hold for the processes that it starts even where this one runs as root.

    The capabilities that let root read everything are taken from what a thread may hand on (capabilities(7)).
    """
    found: list[Any] = []

    def run() -> None:
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH; PR_CAPBSET_DROP
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)
        found.append(start())

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found[0]


def findings(output: str, folder: Path) -> dict[str, list[re.Match[str]]]:
    """By name of a file, what was said of it; each in one line with its place and its cure."""
    found: dict[str, list[re.Match[str]]] = {}
    for line in output.splitlines():
        if line.startswith(f"{folder}/"):
            finding = FINDING.fullmatch(line)
            assert finding, line
            name = re.split(r":[0-9]+:[0-9]+: ", line.removeprefix(f"{folder}/"), maxsplit=1)[0]
            found.setdefault(name, []).append(finding)
    return found


def as_told(name: str) -> str:
    """A file's name as it can be told."""
    return re.sub("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", lambda unfit: f"\\x{ord(unfit[0]) & 0xFF:02x}", name)


def assert_told(output: str, folder: Path) -> None:
    """Every bad record is named, and no other: what is not published with errors, what is with warnings."""
    said = findings(output, folder)
    refused = {name for name, found in said.items() if not all(finding["warning"] for finding in found)}
    assert refused == set(map(as_told, REFUSED))
    assert said.keys() - refused == set(map(as_told, WARNED))


@cache
def acting(html: str) -> tuple[str, ...]:
    """What a browser that is given some HTML would run."""
    found: list[str] = []
    for element in html5lib.parseFragment(html, treebuilder="etree").iter():
        name = str(element.tag).rpartition("}")[2].lower()
        found += [name] if name in ACTING else []
        for key, value in element.attrib.items():
            is_running = key.lower().startswith("on") or key.lower() in {"style", "srcdoc"}
            is_running |= key.lower() in CARRYING and RUNNING.search(re.sub(r"[\x00-\x1f]", "", value)) is not None
            found += [f"{name} {key}={value[:100]}"] if is_running else []
    return tuple(found)


def test_there_are_more_than_sixty_hostile_records() -> None:
    assert len(FATES) > 150


@pytest.mark.parametrize("name", FEEDS)
def test_every_feed_holds_the_good_articles_first_and_in_order(command: Command, name: str) -> None:
    reply = command.ask(f"/{name}")
    assert reply.status == 200
    items = READINGS[name](reply.body).items
    assert [item.title for item in items[: len(hostile.GOOD)]] == [
        f"Good {number}" for number in reversed(hostile.GOOD)
    ]
    assert all(
        bool(item.image) == (item.title in {"Good 3", "Good 6", "Good 9"}) for item in items[: len(hostile.GOOD)]
    )


def test_every_good_article_has_its_page(command: Command) -> None:
    for number in hostile.GOOD:
        page = command.ask(f"/articles/good-{number}")
        assert (page.status, f"Text of {number}." in page.body.decode()) == (200, True)


def test_every_bad_record_is_named_with_its_place_and_cure_and_no_other(command: Command, folder: Path) -> None:
    # What was written a moment before is told when it has had time to be written to its end.
    until(lambda: set(map(as_told, REFUSED)) <= findings(command.output, folder).keys())
    assert_told(command.output, folder)


def test_all_that_can_be_is_published(command: Command) -> None:
    items = READINGS["atom.xml"](command.ask("/atom.xml").body).items
    assert len(items) == len(hostile.GOOD) + len(PUBLISHED) + LINES_OF_JSONL


@pytest.mark.parametrize("name", FEEDS)
def test_nothing_in_a_feed_acts(command: Command, name: str) -> None:
    for item in READINGS[name](command.ask(f"/{name}").body).items:
        assert acting(item.content or "") == (), item.title
        assert not RUNNING.search(f"{item.link} {item.image or ''}"), item.title


def test_nothing_in_a_page_acts_or_comes_from_outside_the_folder(command: Command) -> None:
    items = READINGS["atom.xml"](command.ask("/atom.xml").body).items
    for path in sorted({item.link.removeprefix("https://news.example") for item in items}):
        reply = command.ask(path)
        assert reply.status == 200, path
        page = reply.body.decode()
        assert set(acting(TOLD.sub("", page))) <= OURS, path
        assert hostile.SECRET not in page, path
        assert "root:x:0" not in page, path


@pytest.mark.parametrize(
    "path",
    [
        "/media/../../secret.png",
        "/media/..%2fsecret.png",
        "/media/%2e%2e/secret.png",
        "/media/out.png",
        "/media//etc/passwd",
        "/media/%2fetc%2fpasswd",
        "/media/elsewhere/secret.png",
        "/media/good-3.md",
        "/articles/secret",
        "/articles/swordfish",
        "/articles/../secret",
        "/articles/copy",
    ],
)
def test_no_file_from_outside_the_folder_is_in_an_answer(command: Command, path: str) -> None:
    reply = command.ask(path)
    assert reply.status in {301, 404}
    assert hostile.SECRET not in reply.body.decode()


@pytest.mark.parametrize("path", ["/", "/rss.xml", "/old", "/articles/a-x-injected-yes", "/old%0D%0AX-Injected:%20yes", "/a%0D%0AX-Injected:%20yes", "/a%250d%250aX-Injected:%20yes", "/articles/good-1"])  # fmt: skip # noqa: E501
def test_no_record_adds_a_header(command: Command, path: str) -> None:
    reply = command.ask(path)
    assert not reply.has("x-injected")
    assert all("\r" not in value and "\n" not in value for _, value in reply.fields)


def test_no_former_address_stands_before_a_page_of_ours(command: Command) -> None:
    for path in ("/", "/rss.xml", "/readyz", "/articles/good-1"):
        assert command.ask(path).status == 200


def test_a_picture_that_runs_is_served_so_that_it_does_not(command: Command) -> None:
    for name in ("script.svg", "page.png", "laughs.svg", "outside.svg"):
        reply = command.ask(f"/media/{name}")
        assert reply.status == 200
        assert "default-src 'none'" in reply["content-security-policy"]
        assert "sandbox" in reply["content-security-policy"]
        assert reply["x-content-type-options"] == "nosniff"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process's greatest memory so")
def test_no_process_takes_much_memory(command: Command) -> None:
    for path in ("/", "/rss.xml", "/atom.xml", "/feed.json"):
        assert command.ask(path).status == 200
    for process in (command.process.pid, command.syncer()):
        assert greatest_memory(process) < MOST_MEMORY


def greatest_memory(process: int) -> int:
    """What a process has held at once at most, in MiB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(re.findall(r"VmHWM:\s+([0-9]+) kB", status)[0]) // 1024


def test_nothing_has_run(command: Command, folder: Path) -> None:
    assert command.ask("/healthz").status == 200
    assert not [*Path.cwd().glob("hacked"), *folder.rglob("hacked")]


def test_check_names_the_same_records(folder: Path) -> None:
    arguments = [sys.executable, "-m", "feedsvc", "check", str(folder)]
    found = as_anybody(
        lambda: subprocess.run(arguments, capture_output=True, text=True, check=False, env={**os.environ, **SITE})
    )
    assert found.returncode == 1
    assert "Traceback" not in found.stderr
    assert_told(found.stdout, folder)
