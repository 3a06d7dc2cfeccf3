"""Colours of the settings: what is written in; six digits, how well one is read on another, and what is faint, out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from feedsvc.config.checks import shown, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


OURS: Mapping[str, str] = {
    "background": "#fdfdfb",
    "background_dark": "#16181a",
    "text": "#1d1f21",
    "text_dark": "#e4e4df",
    "accent": "#0b5394",
    "accent_dark": "#8ec1f5",
}
"""Those of our own style sheet, by the settings that replace them."""

LEAST = 4.5
"""The contrast that running text has to have (WCAG 2.2, 1.4.3)."""

# Up to here sRGB is a straight line.
_STRAIGHT = 0.04045

_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})")


def colour(value: Any) -> str:
    """A colour as `#rrggbb`; or nothing."""
    written = text(value).lower()
    if not written:
        return ""
    match = _HEX.fullmatch(written)
    if match is None:
        bare = _HEX.fullmatch(f"#{written}")
        cure = (
            f"write {shown(f'#{written}')}"
            if bare
            else 'write one such as "#0b5394", its red, green and blue in hexadecimal'
        )
        raise ValueError(f"{shown(value)} is not a colour|{cure}")
    digits = match[1]
    return f"#{digits if len(digits) == 6 else ''.join(digit * 2 for digit in digits)}"  # noqa: PLR2004 - of rrggbb


def contrast(one: str, other: str) -> float:
    """How far two colours are apart, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two: so much of the first."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def faint(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each setting whose colour is hard to read, and why.

    Args:
        given: what is set, by the settings' names; empty for ours.
    """
    shades = {name: given[name] or ours for name, ours in OURS.items()}
    for dark in ("", "_dark"):
        background = f"background{dark}"
        for name in (f"text{dark}", f"accent{dark}"):
            ratio = contrast(shades[name], shades[background])
            meant = next((each for each in (name, background) if given[each]), "")
            if meant and ratio < LEAST:
                yield meant, f"{name} {shades[name]} on {background} {shades[background]} has a contrast of {ratio:.1f}"


def _luminance(of: str) -> float:
    red, green, blue = (_linear(each / 255) for each in _channels(of))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= _STRAIGHT else ((part + 0.055) / 1.055) ** 2.4


def _channels(of: str) -> tuple[int, int, int]:
    return int(of[1:3], 16), int(of[3:5], 16), int(of[5:7], 16)
