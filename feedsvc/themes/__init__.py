"""The look that a site has for itself: files of its folder `theme` in; a `Theme`, and its faults, out."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec import Struct, field

from feedsvc.config.fonts import THEME

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATES, STATIC = f"{THEME}/templates/", f"{THEME}/static/"

LARGEST, HEAVIEST = 1024 * 1024, 8 * 1024 * 1024
"""The most bytes that one file may have, and all together."""

LARGEST_TEMPLATE = 128 * 1024
"""The most bytes of a template: to translate one takes a second a megabyte."""

SHEET, EXTRA = "site.css", "extra.css"
"""The style sheet that replaces ours, and what is added to it."""

MEDIA_TYPES: Mapping[str, str] = {
    "css": "text/css; charset=utf-8",
    "ico": "image/x-icon",
    "jpg": "image/jpeg",
    "js": "text/javascript; charset=utf-8",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
    "woff2": "font/woff2",
}
"""By the endings of the files that are served."""


class Theme(Struct, frozen=True, eq=False):
    """The files of a theme.

    Attributes:
        digest: of all of them; empty where there are none.
        templates: texts by their names, such as `base.html`; those that can be used.
        static: bytes by their names, such as `logo.svg`.
    """

    digest: str = ""
    templates: Mapping[str, str] = field(default_factory=dict)
    static: Mapping[str, bytes] = field(default_factory=dict)


def is_of_theme(address: str) -> bool:
    """Whether a file, by its address below the content folder, is one of the theme, and so no article and no media."""
    return address.startswith(f"{THEME}/")


def is_template(address: str) -> bool:
    """Whether a file is a template."""
    return address.startswith(TEMPLATES) and address.endswith(".html") and "/" not in address[len(TEMPLATES) :]


def is_static(address: str) -> bool:
    """Whether a file is served as it is."""
    name = address.removeprefix(STATIC)
    return address.startswith(STATIC) and "/" not in name and ending(name) in MEDIA_TYPES


def ending(name: str) -> str:
    """What follows the last dot of a name."""
    return name.rpartition(".")[2]


def digest(digests: Mapping[str, str]) -> str:
    """A name of all files together, of their digests by their addresses; empty for none."""
    text = "".join(f"{address}\0{each}\n" for address, each in sorted(digests.items()))
    return sha256(text.encode()).hexdigest() if text else ""
