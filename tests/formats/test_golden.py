"""The full specimen, byte for byte. `make golden` (GOLDEN=1) writes it anew; review the change like code."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from specimens import FULL

from feedsvc.formats import FORMATS

GOLDEN = Path(__file__).parent.parent / "golden"


@pytest.mark.parametrize("name", FORMATS)
def test_the_full_feed_is_what_it_was(name: str) -> None:
    document = FORMATS[name].render(FULL)
    if os.environ.get("GOLDEN"):
        (GOLDEN / name).write_bytes(document)
    assert document.decode() == (GOLDEN / name).read_bytes().decode()


def test_there_is_a_golden_file_for_each_format_and_no_other() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(FORMATS)
