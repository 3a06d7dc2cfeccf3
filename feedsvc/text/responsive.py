"""HTML as a page shows it: what `text.html` wrote in; the same, with pictures that wait their turn and fit, out.

Feeds get none of it: readers lay out for themselves.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from msgspec.structs import replace

from feedsvc.text.figures import is_character
from feedsvc.text.renditions import srcset

if TYPE_CHECKING:
    from collections.abc import Callable

    from feedsvc.model import Image

# Tags are taken whole, so that what looks like one in an attribute is none.
_TAG = re.compile(r'<(/?)([a-z][a-z0-9-]*)((?: [^\s"=<>]+="[^"]*+")*+)>')
_ATTRIBUTE = re.compile(r' ([^\s"=<>]+)="([^"]*+)"')
_HREF = re.compile(r' href="([^"]*+)"')
_ALIGNED = re.compile(r' align="(left|center|right)"')
_PIXELS = re.compile(r"[1-9][0-9]{0,5}")

# The width of the text's column, `40rem` in the style sheet, in pixels; beside it there is a margin.
_COLUMN, _MARGIN = 680, "2.5rem"

# The height of a picture that stands before the text, likewise.
_LEAD = 512

# A picture with so many characters of HTML before it, or more, is not seen at first.
_NEAR = 1000

# What scrolls is reached by the keyboard, and nobody is asked for a recording before somebody wants to hear it.
_ADDED = {"pre": ' tabindex="0"', "audio": ' preload="none"', "video": ' preload="none"'}

_SCROLLS = '<div class="scroll" tabindex="0">'


def responsive(html: str, page: str, picture: Callable[[str], Image | None], *, leads: bool) -> str:
    """The HTML with pictures that load when they are looked at, and with boxes that a keyboard can scroll.

    Args:
        page: the page's own URL. What leads to a place on it stays on it, wherever it is read.
        picture: the one of this site at a URL; None for all others.
        leads: whether a picture near the beginning is the first that is seen, which is not to wait.
    """
    return _Page(html, page, picture, leads=leads).written()


def sizes(image: Image) -> str:
    """How wide a page shows a picture that stands before the text (HTML Standard §4.8.4.2.2)."""
    return _room(box(image).width or _COLUMN)


def box(image: Image) -> Image:
    """A picture as large as it stands before the text at most: what is taller than a screen is made less wide too."""
    width, height = image.width or _COLUMN, image.height or 1
    return image if height <= _LEAD else replace(image, width=max(1, round(_LEAD * width / height)), height=_LEAD)


def _room(width: int) -> str:
    """A width in pixels, as far as there is room for it."""
    return f"min({min(width, _COLUMN)}px, 100vw - {_MARGIN})"


class _Page:
    def __init__(self, html: str, page: str, picture: Callable[[str], Image | None], *, leads: bool) -> None:
        self._html = html
        self._within = f' href="{escape(page, quote=False)}#'
        self._picture = picture
        self._awaits_first = leads
        self._tables = 0  # that are open
        self._is_in_box = False
        self._sections: list[str] = []  # that are open, by the elements that they are written as

    def written(self) -> str:
        return _TAG.sub(self._tag, self._html)

    def _tag(self, match: re.Match[str]) -> str:
        ends, name, attributes = match.groups()
        if name == "table":
            return self._end_of_table(match) if ends else self._table(match)
        if name == "section":
            return self._section(ends, attributes)
        if ends:
            return match[0]
        if name in {"td", "th"}:
            return f"<{name}{_ALIGNED.sub(_as_class, attributes)}>"
        if name in _ADDED and _ADDED[name].partition("=")[0] not in attributes:
            return f"<{name}{attributes}{_ADDED[name]}>"
        return self._link(match) if name == "a" else self._img(match) if name == "img" else match[0]

    def _link(self, match: re.Match[str]) -> str:
        """One to a place on the page stays on it.

        One that says no more than where it leads is known by a class: on paper it is not to say it twice.
        """
        href = _HREF.search(match[3])
        if href and self._html.startswith(f"{href[1]}</a>", match.end()) and ' class="' not in match[3]:
            return f'<a{match[3]} class="bare">'
        return match[0].replace(self._within, ' href="#', 1)

    def _section(self, ends: str, attributes: str) -> str:
        """One without a heading is no section of the page (HTML Standard §4.3.3)."""
        if ends:
            return f"</{self._sections.pop() if self._sections else 'section'}>"
        self._sections.append("div" if ' class="footnotes"' in attributes else "section")
        return f"<{self._sections[-1]}{attributes}>"

    def _table(self, match: re.Match[str]) -> str:
        self._tables += 1
        if self._tables > 1 or self._html.endswith(_SCROLLS, 0, match.start()):
            return match[0]
        self._is_in_box = True
        return f"{_SCROLLS}{match[0]}"

    def _end_of_table(self, match: re.Match[str]) -> str:
        self._tables = max(0, self._tables - 1)
        if self._tables or not self._is_in_box:
            return match[0]
        self._is_in_box = False
        return f"{match[0]}</div>"

    def _img(self, match: re.Match[str]) -> str:
        written = {each[1]: unescape(each[2]) for each in _ATTRIBUTE.finditer(match[3])}
        if "src" not in written or "decoding" in written:
            return match[0]
        image = self._picture(written["src"])
        more = _measures(image, written) if image else {}
        is_first = self._awaits_first and match.start() < _NEAR and not is_character(match[3])
        self._awaits_first = self._awaits_first and not is_first
        more |= {"fetchpriority": "high"} if is_first else {"loading": "lazy"}
        more["decoding"] = "async"
        added = "".join(f' {name}="{escape(value)}"' for name, value in more.items())
        return f"<img{match[3]}{added}>"


def _as_class(match: re.Match[str]) -> str:
    """How a cell is aligned: as a class, since the attribute is obsolete, and a policy may forbid a style."""
    return "" if ' class="' in match.string else f' class="{match[1]}"'


def _measures(image: Image, written: dict[str, str]) -> dict[str, str]:
    """What a picture of this site says of its size beyond what its author wrote."""
    found: dict[str, str] = {}
    width, height = image.width or 1, image.height or 1
    shown = int(written["width"]) if _PIXELS.fullmatch(written.get("width", "")) else None
    high = int(written["height"]) if _PIXELS.fullmatch(written.get("height", "")) else None
    if "width" not in written and "height" not in written:
        found |= {"width": str(width), "height": str(height)}
    elif shown and "height" not in written:
        found["height"] = str(max(1, round(height * shown / width)))
    elif high and "width" not in written:
        shown = max(1, round(width * high / height))
        found["width"] = str(shown)
    if image.widths and "srcset" not in written and "sizes" not in written:
        found |= {"srcset": srcset(image), "sizes": _room(shown or width)}
    return found
