"""What no page may do: a window with a page in it in; complaints out, each a line that names the element."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from sites import SITES
from walk import NARROWEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browsing import Window
    from walk import Device, Place

# WCAG 2.2, 1.4.3, for text of every size.
LEAST_CONTRAST = 4.5
# What people do not notice (web.dev/articles/cls calls up to 0.1 good).
MOST_SHIFT = 0.05
# On a line that is shorter than so many times its letters' size, words stand alone or are broken.
LEAST_ROOM = 6
# Beside those that axe runs by itself: buttons and links are large enough, or far enough apart, for a thumb.
AXE = {
    "light": {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}},
    "dark": {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]},
}


def of_coming(window: Window, place: Place, status: int) -> Iterator[str]:
    """What went wrong while the page came."""
    origin = SITES[place.site].origin
    if status != place.status:
        yield f"answers {status}, not {place.status}"
    yield from (f"says: {line}" for line in window.said)
    yield from (f"misses: {line}" for line in window.failed)
    yield from (f"asks elsewhere: {url}" for url in window.asked if not _is_at(url, origin))
    yield from (f"leaves a cookie: {each.get('name')}" for each in window.page.context.cookies())
    if (shift := window.look("shift")) >= MOST_SHIFT:
        yield f"moves while it comes: {shift:.3f}"
    yield from window.look("pictures")
    yield from window.look("data")


def of_fitting(window: Window, device: Device) -> Iterator[str]:
    """What reaches out of a device's window, or is cut off: as it is, in the narrowest, and with letters of 200 %."""
    widths = (device.width, NARROWEST) if device.touch else (device.width,)
    for size in ("100%", "200%"):
        window.page.evaluate(f"document.documentElement.style.fontSize = '{size}'")
        # Letters twice as large are for windows as wide as they are (WCAG 2.2, 1.4.4).
        for width in widths[: 1 if size == "200%" else None]:
            window.page.set_viewport_size({"width": width, "height": device.height})
            lines = [*window.look("overflowing", width), *window.look("cut"), *window.look("squeezed", LEAST_ROOM)]
            yield from (f"at {width} px, letters of {size}: {line}" for line in lines)
    window.page.evaluate("document.documentElement.style.fontSize = ''")
    window.page.set_viewport_size({"width": device.width, "height": device.height})


def of_colours(window: Window) -> Iterator[str]:
    """What is hard to read by day or by night."""
    for scheme in ("dark", "light"):
        window.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        brightness = window.look("brightness")
        if (brightness < 0.5) != (scheme == "dark"):
            yield f"is not {scheme}: its ground has a luminance of {brightness:.2f}"
        yield from (f"in the {scheme} {line}" for line in window.look("faint", LEAST_CONTRAST))


def of_axe(window: Window) -> Iterator[str]:
    """What axe-core finds, by all its rules and best practices; by night, by those that are of colours."""
    window.page.evaluate(f"{AXE_SCRIPT}; 0")
    for scheme, options in AXE.items():
        window.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        found: list[Any] = window.page.evaluate("options => axe.run(options).then(found => found.violations)", options)
        for violation in found:
            for node in violation["nodes"]:
                element = " ".join(map(str, node["target"]))
                yield f"in the {scheme} axe {violation['id']}: {element} ({violation['help']})"


def of_printing(window: Window) -> Iterator[str]:
    """What is of no use on paper."""
    window.page.emulate_media(media="print")
    yield from window.look("navigation")
    window.page.emulate_media(media="screen")


def _is_at(url: str, origin: str) -> bool:
    found = urlsplit(url)
    return found.scheme == "data" or f"{found.scheme}://{found.netloc}" == origin
