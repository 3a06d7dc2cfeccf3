"""Each page in the hand and on the desk: it fits, it can be read by everybody, and it asks nothing of anybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import rules
from walk import DESKTOP, PHONE, PLACES, Place

if TYPE_CHECKING:
    from browsing import Windows


LOOKED_AT = [place for place in PLACES if not place.is_like_another]


@pytest.mark.parametrize("place", LOOKED_AT, ids=lambda place: place.name)
def test_a_page_is_fit_to_be_seen(windows: Windows, place: Place) -> None:
    with windows.open(PHONE) as window:
        found = window.go(place)
        # All of it with one load, which takes longer than to look.
        complaints = [
            *rules.of_coming(window, place, found.status),
            *rules.of_fitting(window, PHONE),
            *rules.of_colours(window),
            *rules.of_axe(window),
            *rules.of_printing(window),
            *rules.of_fitting(window, DESKTOP),
        ]
    assert not complaints, "\n".join([f"{place.path} of {place.site}:", *complaints])
