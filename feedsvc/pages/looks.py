"""The look of one site: its theme and settings in; the files that are served, and pages by its templates, out."""

from __future__ import annotations

import logging
import re
import traceback
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import TemplateNotFound, UndefinedError
from msgspec import Struct

from feedsvc.config import colours, fonts
from feedsvc.errors import Fault
from feedsvc.pages.assets import STATIC, hashed, style_name
from feedsvc.themes import EXTRA, MEDIA_TYPES, SHEET, TEMPLATES, Theme, checks, ending, sheets
from feedsvc.themes.allowance import TakesLong
from feedsvc.themes.sandbox import Blank, Loader, Sandbox, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedsvc.config import Site

logger = logging.getLogger(__name__)

# So many faults are remembered, each to be told once.
_MOST_TOLD = 200

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
        faults: what was wrong with templates when pages were made.
        is_silent: whether it is not told of as it is found.
    """

    def __init__(self, theme: Theme = Theme(), shades: Shades = Shades()) -> None:  # noqa: B008 - both are frozen
        self.theme = theme
        self.faults: dict[Fault, None] = {}
        self.is_silent = False
        self._slow: set[str] = set()
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
        self._templates = Sandbox(Loader(theme.templates, checks.ours())) if theme.templates else None

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

    def page(self, name: str, given: Mapping[str, Any], furniture: Mapping[str, Any]) -> str | None:
        """A page made by the site's templates; None where it has none, or they are at fault: ours are good then."""
        if self._templates is None or name in self._slow or name in checks.FIXED:
            return None
        self._templates.globals.update(furniture)
        try:
            return render(self._templates, name, given)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with them, there is a page
            if isinstance(error, TakesLong):
                self._slow.add(name)  # nobody else is to wait for it
            self._note(_fault(name, error, self.theme.templates))
            return None

    def _note(self, fault: Fault) -> None:
        if fault not in self.faults and len(self.faults) < _MOST_TOLD:
            self.faults[fault] = None
            if not self.is_silent:
                logger.warning("%s", fault)

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


def _fault(name: str, error: Exception, templates: Mapping[str, str]) -> Fault:
    """What is wrong, at the line of the site's template in which it showed."""
    frames = traceback.extract_tb(error.__traceback__)
    place = next((each for each in reversed(frames) if each.filename.startswith(TEMPLATES)), None)
    cure = "feedsvc's own template is served instead; the reference lists what each template is given"
    if isinstance(error, TemplateNotFound):
        problem = f"there is no template {error.message}"
    elif isinstance(error, UndefinedError | LookupError | Blank | TakesLong):
        problem = str(error.args[0] if error.args else error)
    else:
        problem = f"{type(error).__name__}: {error}"[:300]
    if place is None:
        blamed = next(each for each in (name, "base.html", *sorted(templates)) if each in templates)
        return Fault(TEMPLATES + blamed, 0, 0, f"{name}: {problem}", cure)
    lines = templates[place.filename.removeprefix(TEMPLATES)].split("\n")
    line = lines[(place.lineno or 1) - 1] if (place.lineno or 1) <= len(lines) else ""
    named = _NAMED.match(problem)
    column = max(line.find(named[1]) if named else -1, len(line) - len(line.lstrip())) + 1
    return Fault(place.filename, place.lineno or 1, column, problem, cure, line)


_NAMED = re.compile(r"there is no (?:file |template )?(\S+)")


PLAIN = Look()
"""That of a site which sets nothing."""
