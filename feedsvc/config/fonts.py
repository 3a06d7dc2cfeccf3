"""Fonts of the settings: a word or a family's name in; what CSS calls it, and which files are of it, out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from feedsvc.config.checks import shown, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

THEME = "theme"
"""The folder of a content folder that the look of the site stands in."""

FOLDER = f"{THEME}/static"
SUFFIX = ".woff2"

STACKS: Mapping[str, str] = {
    "serif": 'Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, "Noto Serif", serif',
    "mono": 'ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace',
}
"""What stands in a style sheet for a word; `system` is what ours has anyway."""

SYSTEM = "system"

# What follows the family in a file's name, with the weight and the style that it has.
FACES: Mapping[str, tuple[str, str]] = {
    "": ("400", "normal"),
    "regular": ("400", "normal"),
    "italic": ("400", "italic"),
    "bold": ("700", "normal"),
    "bolditalic": ("700", "italic"),
    "variable": ("100 900", "normal"),
    "variableitalic": ("100 900", "italic"),
}


def font(value: Any) -> str:
    """A font: a word, or the name of a family."""
    written = text(value)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,59}", written):
        cure = 'write "system", "serif", "mono", or a family such as "Source Serif"'
        raise ValueError(f"{shown(value)} is not the name of a font|{cure}")
    return written


def is_family(written: str) -> bool:
    """Whether it is the name of a family that is to be loaded."""
    return written != SYSTEM and written not in STACKS


def name(family: str) -> str:
    """What the files of a family are called, before the face."""
    return family.replace(" ", "")


def faces(family: str, names: Iterable[str]) -> list[tuple[str, str, str]]:
    """Of some files those of a family, each with its weight and its style: `SourceSerif-BoldItalic.woff2`."""
    found: list[tuple[str, str, str]] = []
    for each in sorted(names):
        stem, _, face = each.removesuffix(SUFFIX).lower().partition("-")
        if each.endswith(SUFFIX) and stem == name(family).lower() and face.replace("-", "") in FACES:
            found.append((each, *FACES[face.replace("-", "")]))
    return found


def files(family: str, content: Path) -> list[str]:
    """The names of a family's files in the theme of a content folder."""
    there = content / FOLDER
    names = [each.name for each in there.iterdir() if each.is_file()] if there.is_dir() else []
    return [each for each, _, _ in faces(family, names)]
