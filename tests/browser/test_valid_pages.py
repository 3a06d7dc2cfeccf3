"""Each page as it comes over the wire: valid by the W3C's checker, and without a cookie."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from walk import PLACES, Place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sites import Sites


# One test for all: the checker takes longer to start than to read them.
def test_every_page_is_valid_html(peer: Callable[[str], str], sites: Sites, tmp_path: Path) -> None:
    checker = peer("vnu")
    paths = {place: tmp_path / f"{place.name}.html" for place in PLACES}
    for place, path in paths.items():
        path.write_bytes(sites.ask(place.site, place.path).body)
    command = [checker, "--format", "json", "--stdout", "--exit-zero-always", *map(str, paths.values())]
    said = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=100).stdout)["messages"]
    complaints = [
        f"{place.path} of {place.site}:{_line(each)}"
        for place, path in paths.items()
        for each in said
        if _is_of(each, path)
    ]
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_page_comes_without_a_cookie(sites: Sites, place: Place) -> None:
    reply = sites.ask(place.site, place.path)
    assert reply.status == place.status
    assert reply["content-type"] == "text/html; charset=utf-8"
    assert not reply.has("set-cookie")


def _is_of(message: dict[str, str], path: Path) -> bool:
    # A note that is neither an error nor a warning is a matter of taste.
    is_serious = message["type"] != "info" or message.get("subType") == "warning"
    return is_serious and message.get("url", "").endswith(f"/{path.name}")


def _line(message: dict[str, str]) -> str:
    return f"{message.get('lastLine', '?')}: {message['message']} ({message.get('extract', '').strip()})"
