"""The look of one site: its theme and settings in; the files that are served, and the templates that it has, out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from msgspec import Struct

from feedsvc.config import colours, fonts
from feedsvc.pages.assets import STATIC, hashed, style_name
from feedsvc.themes import EXTRA, MEDIA_TYPES, SHEET, Theme, ending, sheets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedsvc.config import Site
    from feedsvc.pages.themed import Templates

VARIABLES: Mapping[str, str] = {"background": "paper", "text": "ink", "accent": "link"}
"""What our style sheet calls the colours, by the settings."""

DERIVED: Mapping[str, Mapping[str, str]] = {
    "": {"quiet": "#5c6166", "rule": "#dcdcd6", "tint": "#f1f1ec", "visited": "#5b3d8a", "mat": "transparent"},
    "_dark": {"quiet": "#a3a8ad", "rule": "#35393d", "tint": "#202427", "visited": "#c3abeb", "mat": "#dcdcd6"},
}
"""What goes with our own colours by day and by night, as our style sheet has it."""


class Shades(Struct, frozen=True):
    """The settings that a style sheet is made with."""

    given: tuple[tuple[str, str], ...] = ()
    scheme: str = "auto"
    font: str = fonts.SYSTEM

    @classmethod
    def of(cls, site: Site) -> Shades:
        """Those of a site."""
        given = tuple((name, getattr(site, name)) for name in colours.OURS if getattr(site, name))
        return cls(given, site.color_scheme, site.font)


class Look:
    """How the pages of a site look.

    Attributes:
        files: media types and bytes by the names under which they are served.
        style: the name of the style sheet.
        icon: the name of the picture that stands for the site in a browser; empty for none.
        has_scripts: whether the theme has any.
        templates: those of the theme; None where it has none.
    """

    def __init__(self, theme: Theme = Theme(), shades: Shades = Shades()) -> None:  # noqa: B008 - both are frozen
        self.theme = theme
        self._names = {name: hashed(name, body) for name, body in theme.static.items() if name not in {SHEET, EXTRA}}
        self.files = {self._names[name]: (MEDIA_TYPES[ending(name)], theme.static[name]) for name in self._names}
        for name in [name for name in self._names if ending(name) == "css"]:
            body = self._placed(theme.static[name]).encode()
            del self.files[self._names[name]]
            self._names[name] = hashed(name, body)
            self.files[self._names[name]] = (MEDIA_TYPES["css"], body)
        sheet = self._sheet(shades)
        self.style = self._names[SHEET] = hashed(SHEET, sheet)
        self.files[self.style] = (MEDIA_TYPES["css"], sheet)
        self.icon = next((self._names[name] for name in _ICONS if name in self._names), "")
        self.has_scripts = any(ending(name) == "js" for name in theme.static)
        self.templates = _templates(theme.templates) if theme.templates else None

    def present(self, name: str) -> str | None:
        """The name under which a file is served now that had another digest in its name; None where there is none."""
        stem, _, suffix = name.rpartition(".")
        plain = f"{stem.rpartition('.')[0]}.{suffix}"
        return self._names.get(plain)

    def href(self, top: str, name: str) -> str:
        """The address of a file of the theme, by its name.

        Args:
            top: the path below which files are served.

        Raises:
            LookupError: where there is none.
        """
        if name not in self._names:
            raise LookupError(f"there is no file {name} in theme/static")
        return top + quote(self._names[name])

    def _placed(self, body: bytes) -> str:
        text = body.decode("utf-8-sig", "replace").replace("\r\n", "\n")
        return sheets.placed(text, lambda name: quote(self._names[name]) if name in self._names else None)

    def _sheet(self, shades: Shades) -> bytes:
        static = self.theme.static
        own = self._placed(static[SHEET]).encode() if SHEET in static else STATIC[style_name][1]
        more = [_variables(shades), self._font(shades.font)]
        more += [self._placed(static[EXTRA])] if EXTRA in static else []
        return b"\n".join([own, *(text.encode() for text in more if text)])

    def _font(self, font: str) -> str:
        if font == fonts.SYSTEM:
            return ""
        if not fonts.is_family(font):
            return f"html {{ font-family: {fonts.STACKS[font]}; }}\n"
        faces = [
            f'@font-face {{ font-family: "{font}"; font-weight: {weight}; font-style: {style}; font-display: swap; '
            f'src: url({quote(self._names[name])}) format("woff2"); }}\n'
            for name, weight, style in fonts.faces(font, self._names)
        ]
        return "".join([*faces, f'html {{ font-family: "{font}", system-ui, sans-serif; }}\n'])


def _templates(found: Mapping[str, str]) -> Templates:
    from feedsvc.pages.themed import Templates  # noqa: PLC0415 - most sites have none

    return Templates(found)


_ICONS = tuple(f"favicon.{suffix}" for suffix in ("svg", "png", "webp", "ico"))


def _variables(shades: Shades) -> str:
    """What the settings of colours add to a style sheet; nothing where none is set. Paper stays white."""
    if not shades.given and shades.scheme == "auto":
        return ""
    chosen = dict(colours.OURS) | dict(shades.given)
    light, dark = _declared(chosen, ""), _declared(chosen, "_dark")
    if shades.scheme != "auto":
        only = light if shades.scheme == "light" else dark
        return f"@media screen {{ :root {{ color-scheme: {shades.scheme}; {only} }} }}\n"
    at_night = f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"
    return f"@media screen {{ :root {{ {light} }} }}\n{at_night}\n"


def _declared(chosen: Mapping[str, str], of: str) -> str:
    """All colours that our style sheet has variables for, so that nothing is left of the other scheme."""
    values = {variable: chosen[f"{name}{of}"] for name, variable in VARIABLES.items()}
    ours = {variable: colours.OURS[f"{name}{of}"] for name, variable in VARIABLES.items()}
    derived = dict(DERIVED[of])
    if values["link"] != ours["link"]:
        derived["visited"] = values["link"]
    if (values["paper"], values["ink"]) != (ours["paper"], ours["ink"]):
        shares = {"quiet": 0.75, "rule": 0.16, "tint": 0.06}
        derived |= {name: colours.mixed(values["ink"], values["paper"], share) for name, share in shares.items()}
        is_dark = colours.contrast(values["paper"], "#ffffff") > colours.contrast(values["paper"], "#000000")
        derived["mat"] = DERIVED["_dark" if is_dark else ""]["mat"]
    values |= derived
    return " ".join(f"--{name}: {value};" for name, value in values.items())


PLAIN = Look()
"""That of a site which sets nothing."""
