"""The table `[redirects]`: old paths with what is meant instead in; checked ones, or what is wrong with them, out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from msgspec.structs import replace

from feedsvc.config.checks import shown, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from feedsvc.errors import Fault

TABLE = "redirects"

_CURE = 'write a line such as "/old/feed/" = "/atom.xml"'
# What a path is written with, and what may stand behind it (RFC 3986 §3.3 to §3.5; RFC 3987 §2.2 for the rest).
_CHARACTER = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/\u00a1-\U000e01ef-]|%[0-9A-Fa-f]{2})"
# They are compiled when they are first needed: it takes long, and most sites have no redirects.
_PATH = rf"/(?!/){_CHARACTER}*"
_MORE = rf"(?:\?(?:{_CHARACTER}|\?)*)?(?:#(?:{_CHARACTER}|\?)*)?"
_TARGET = rf"{_PATH}{_MORE}"
_URL = rf"https?://(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]+)?(?:/{_CHARACTER}*)?{_MORE}"
_SAFE = "%/?#[]!$&'()*+,;=:@~"


def redirect(written: str, value: Any) -> tuple[str, str]:
    """An old path, and where it leads.

    The path is decoded, with a slash before it and none behind it, as it is looked up; the target is a path below the
    base URL or an absolute http or https URL, fit for a Location.

    Raises:
        ValueError: `problem|cure`.
    """
    if not re.fullmatch(_PATH, written):
        problem = "the query of an address is not looked at" if "?" in written else f"{shown(written)} is not a path"
        raise ValueError(f"{problem}|{_CURE}")
    path = _looked_up(written)
    if path == "/":
        raise ValueError(f"the site's own list stands there|{_CURE}")
    return path, target(value, _CURE)


def target(value: Any, cure: str) -> str:
    """A path below the base URL, or an absolute http or https URL, fit for a Location.

    Raises:
        ValueError: `problem|cure`.
    """
    url = text(value)
    if not re.fullmatch(_TARGET, url) and not is_url(url):
        raise ValueError(f"{shown(value)} is neither a path nor an http or https URL|{cure}")
    return quote(url, safe=_SAFE)


def is_url(url: str) -> bool:
    """Whether it is an absolute http or https URL."""
    try:
        return bool(re.fullmatch(_URL, url) and urlsplit(url).hostname and urlsplit(url).port != 0)
    except ValueError:
        return False


def useless(found: Mapping[str, tuple[str, str]], base_url: str, places: Mapping[str, Fault]) -> Iterator[Fault]:
    """A fault for each old path that is there twice, or leads back to itself, at once or by way of others.

    Args:
        found: old paths with their targets, by the redirect's name.
        base_url: the setting; empty where it is not set.
        places: by the redirect's name, a fault that holds its place.
    """
    targets: dict[str, str] = {}
    for each, (path, target) in found.items():
        if path in targets:
            problem = f"{each}: is there already, with a slash at its end or without"
            yield replace(places[each], problem=problem, cure="leave one of them out")
        targets.setdefault(path, _here(target, base_url))
    for each, (path, _) in found.items():
        way = [path]
        while (following := targets.get(way[-1], "")) in targets and following not in way:
            way.append(following)
        if following == path:
            problem = f"{each}: leads back to itself{''.join(f', by way of {shown(step)}' for step in way[1:])}"
            yield replace(places[each], problem=problem, cure="let it lead to where something stands")


def _here(target: str, base_url: str) -> str:
    """The path of a target, as it is looked up; empty where that is on another site."""
    if not target.startswith("/"):
        if not base_url or not target.startswith(base_url):
            return ""
        target = f"/{target.removeprefix(base_url)}"
    return _looked_up(re.split("[?#]", target)[0])


def _looked_up(written: str) -> str:
    return f"/{unquote(written).strip('/')}"
