"""The templates of a theme: one's name and what it is given in; the page, or what is wrong with the template, out."""

from __future__ import annotations

import logging
import re
import traceback
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateNotFound, UndefinedError

from feedsvc.errors import Fault
from feedsvc.themes import TEMPLATES, checks
from feedsvc.themes.allowance import TakesLong
from feedsvc.themes.sandbox import Blank, Loader, Sandbox, render

if TYPE_CHECKING:
    from collections.abc import Mapping

logger = logging.getLogger(__name__)

# So many faults are remembered, each to be told once.
_MOST_TOLD = 200


class Templates:
    """Those of a site that has any.

    Attributes:
        faults: what was wrong with them when pages were made.
        is_silent: whether it is not told of as it is found.
    """

    def __init__(self, templates: Mapping[str, str]) -> None:
        self.faults: dict[Fault, None] = {}
        self.is_silent = False
        self._own = templates
        self._slow: set[str] = set()
        self._sandbox = Sandbox(Loader(templates, checks.ours()))

    def page(self, name: str, given: Mapping[str, Any], furniture: Mapping[str, Any]) -> str | None:
        """A page made by them; None where they are at fault, or have no say: ours are good then."""
        if name in self._slow or name in checks.FIXED:
            return None
        self._sandbox.globals.update(furniture)
        try:
            return render(self._sandbox, name, given)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with them, there is a page
            if isinstance(error, TakesLong):
                self._slow.add(name)  # nobody else is to wait for it
            self._note(_fault(name, error, self._own))
            return None

    def _note(self, fault: Fault) -> None:
        if fault not in self.faults and len(self.faults) < _MOST_TOLD:
            self.faults[fault] = None
            if not self.is_silent:
                logger.warning("%s", fault)


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
