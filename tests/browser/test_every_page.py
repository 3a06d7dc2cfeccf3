"""Each page in the hand and on the desk: it fits, it can be read by everybody, and it asks nothing of anybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import rules
from walk import DEVICES, PHONE, PLACES, Device, Place

if TYPE_CHECKING:
    from browsing import Windows


@pytest.mark.parametrize("device", DEVICES, ids=lambda device: device.name)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_page_is_fit_to_be_seen(windows: Windows, place: Place, device: Device) -> None:
    with windows.open(device) as window:
        found = window.go(place)
        complaints = [
            *rules.of_coming(window, place, found.status),
            *rules.of_fitting(window, device),
            *rules.of_colours(window),
            *(rules.of_axe(window) if device is PHONE else ()),
            *rules.of_printing(window),
        ]
    assert not complaints, "\n".join([f"{place.path} of {place.site}, {device.name}:", *complaints])
