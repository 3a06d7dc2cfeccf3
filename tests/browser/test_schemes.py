"""A site that is always dark, or always light, on devices that ask for the other; and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from rules import LEAST_CONTRAST
from walk import DESKTOP, Place

if TYPE_CHECKING:
    from browsing import Windows


@pytest.mark.parametrize("path", ["/", "/articles/everything", "/rss.xml"])
@pytest.mark.parametrize(("site", "asked"), [("dark", "light"), ("light", "dark")])
def test_all_of_a_page_is_of_the_scheme_that_is_set(
    windows: Windows, site: str, asked: Literal["dark", "light"], path: str
) -> None:
    with windows.open(DESKTOP, color_scheme=asked) as window:
        window.go(Place(site, path, site))
        assert (window.look("brightness") < 0.5) == (site == "dark")
        assert window.look("faint", LEAST_CONTRAST) == []
        window.page.emulate_media(media="print", color_scheme=asked)
        assert window.look("brightness") > 0.9
        assert window.look("faint", LEAST_CONTRAST) == []
