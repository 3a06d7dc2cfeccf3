"""Law 1 on real processes: wherever and however it is served, the same records give the same bytes."""

from __future__ import annotations

import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from serving import CONTENT, Command

if TYPE_CHECKING:
    from pathlib import Path

BASE = "https://news.example/feeds/"
PLACES = (
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "2"},
)
_LINK = re.compile(rb'(?:href|src)="([^"#?]+)')

Tags = dict[str, tuple[bytes, str, str]]


def served(command: Command) -> Tags:
    """Everything that can be reached from the list page, with the entity tags of two codings, by address."""
    found: Tags = {}
    coming = {"", "tags/nothing/"}
    while coming:
        address = coming.pop()
        plain, coded = (command.ask(f"/{address}", {"Accept-Encoding": coding}) for coding in ("identity", "gzip"))
        if plain.status != 200:
            continue
        found[address] = (plain.body, plain["etag"], coded["etag"])
        if "html" in plain["content-type"]:
            coming |= {link for link in links(plain.body) if link not in found}
    return found


def unlike(one: Tags, two: Tags) -> set[str]:
    """The addresses at which they differ."""
    return {address for address in {*one, *two} if one.get(address) != two.get(address)}


def links(page: bytes) -> set[str]:
    found = {link.decode() for link in _LINK.findall(page)}
    return {link.removeprefix(start) for link in found for start in (BASE, "/feeds/") if link.startswith(start)}


def published(tmp_path: Path, number: int, *arguments: str) -> Command:
    content = tmp_path / f"content-{number}"
    if not content.exists():
        # Written in another order, at other times.
        content.mkdir()
        files = sorted((file for file in CONTENT.rglob("*") if file.is_file()), reverse=bool(number))
        for file in (file for file in files if ".feedsvc" not in file.parts):
            target = content / file.relative_to(CONTENT)
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(file, target)
            os.utime(target, (1_000_000_000 + number, 1_000_000_000))
    state = ("--database", str(tmp_path / f"state-{number}.db"))
    return Command(content, *state, "--base-url", BASE, *arguments, env=PLACES[number])


@pytest.fixture
def both(tmp_path: Path) -> tuple[Tags, Tags]:
    with published(tmp_path, 0) as first, published(tmp_path, 1, "--workers", "2") as second:
        with ThreadPoolExecutor() as pool:
            one, two = pool.map(served, (first.ready(), second.ready()))
        return one, two


def test_two_sites_and_a_restart_serve_the_same_bytes(both: tuple[Tags, Tags], tmp_path: Path) -> None:
    one, two = both
    kinds = {address.rsplit("/", 1)[-1].rsplit(".", 1)[-1] for address in one}
    assert {"xml", "json", "css", "png", ""} <= kinds
    assert len(one) > 40
    assert unlike(one, two) == set()
    with published(tmp_path, 1) as again:
        assert unlike(served(again.ready()), one) == set()
