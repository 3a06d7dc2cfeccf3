"""The pictures in docs/images: there, small, and made anew where SCREENSHOTS is set."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from walk import PLACES, SHOTS, Shot

if TYPE_CHECKING:
    from browsing import Windows

IMAGES = Path(__file__).parents[2] / "docs" / "images"
# In bytes: they are in every clone.
LARGEST = 180_000


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.file)
def test_a_picture_in_the_docs_shows_a_window_and_is_light(request: pytest.FixtureRequest, shot: Shot) -> None:
    if os.environ.get("SCREENSHOTS"):
        _take(request.getfixturevalue("windows"), shot)
    body = (IMAGES / shot.file).read_bytes()
    # PNG, second edition, 11.2.2: the first chunk has the size.
    assert struct.unpack(">II", body[16:24]) == (shot.device.width, shot.device.height)
    assert len(body) < LARGEST


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.file)
def test_a_picture_is_of_a_page_that_is_looked_at(shot: Shot) -> None:
    assert [each.name for each in PLACES].count(shot.place) == 1


def _take(windows: Windows, shot: Shot) -> None:
    (place,) = (each for each in PLACES if each.name == shot.place)
    with windows.open(shot.device, color_scheme=shot.scheme) as window:
        window.go(place)
        window.page.screenshot(path=IMAGES / shot.file, animations="disabled", caret="hide", scale="css")
