"""Settings: `feedsvc.toml`, `FEEDSVC_*` variables and flags in; one checked `Config` out.

A flag wins over a variable, a variable over the file, the file over the default. Each setting is one line of `Site`
or `Server` below; what `feedsvc config`, `feedsvc init` and the reference say of it comes from there.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import MISSING, dataclass, field, fields, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from feedsvc.errors import Fault, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

FILE_NAME = "feedsvc.toml"
PREFIX = "FEEDSVC_"


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not text|write it in quotes")  # noqa: TRY004 - the value is at fault
    if not value.isprintable():
        raise ValueError(f"{value!r} holds a character that cannot be printed|leave it out")
    return value.strip()


def _whole(least: int, most: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"{value!r} is not a whole number from {least} to {most}|write one such as {least}")
        return value

    return check


def _choice(*choices: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"{value!r} is not known|write one of: {', '.join(choices)}")
        return str(value)

    return check


def _language(value: Any) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", _text(value)):
        raise ValueError(f'{value!r} is not a language tag|write one such as "en" or "pt-BR"')
    return _text(value)


def _zone(value: Any) -> str:
    try:
        ZoneInfo(_text(value))
    except (OSError, ValueError, KeyError):
        raise ValueError(f'{value!r} is not a time zone|write one such as "Europe/Berlin"') from None
    return _text(value)


def _base_url(value: Any) -> str:
    cure = 'write one such as "https://example.org/" or "https://example.org/blog/"'
    try:
        parts = urlsplit(_text(value))
        port_is_right = parts.port is None or parts.port > 0
    except ValueError:
        raise ValueError(f"{value!r} is not a URL|{cure}") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_right:
        raise ValueError(f"{value!r} is not an absolute http or https URL|{cure}")
    if parts.query or parts.fragment or parts.username or re.search(r"[^!-~]", parts.geturl()):
        raise ValueError(f"{value!r} has more than scheme, host and an ASCII path|{cure}")
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}/"


def _authority(value: Any) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.@_-]*[A-Za-z0-9])?", _text(value)):
        raise ValueError(f'{value!r} is not a domain name you own|write one such as "example.org"')
    return _text(value).lower()


def _setting(default: Any, check: Any, meaning: str) -> Any:
    return field(default=default, metadata={"check": check, "meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the documents are made with. It travels in the catalog, so that all who serve it agree."""

    title: str = _setting("", _text, "the site's name; the folder's name where it is not set")
    base_url: str = _setting("", _base_url, "where the site is published; `http://HOST:PORT/` where it is not set")
    description: str = _setting("", _text, "one sentence about the site; the title where it is not set")
    language: str = _setting("en", _language, "the language of articles that name none (BCP 47)")
    zone: str = _setting("UTC", _zone, "the time zone of dates that name none (IANA)")
    author: str = _setting("", _text, "the author of articles that name none; the title where it is not set")
    rights: str = _setting("", _text, "the copyright line of every feed")
    id_authority: str = _setting(
        "",
        _authority,
        "a domain that is yours for good; ids are minted under it; the base URL's host where it is not set",
    )
    entries: int = _setting(30, _whole(1, 1000), "how many articles a feed holds")
    content: str = _setting("full", _choice("full", "summary"), "`full` text, or the `summary` only, in feeds")
    excerpt_length: int = _setting(280, _whole(40, 10_000), "the longest excerpt, in characters")
    list_length: int = _setting(20, _whole(1, 200), "how many articles a list page holds")
    latest_length: int = _setting(5, _whole(0, 50), "how many latest articles stand below an article")
    max_age: int = _setting(300, _whole(0, 86_400), "for how many seconds a cache may keep an answer")
    stale: int = _setting(600, _whole(0, 604_800), "for how many seconds more it may serve it while it asks again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """How it is served. None of it changes a document."""

    host: str = _setting("127.0.0.1", _text, "the address to listen at; `0.0.0.0` for every one")
    port: int = _setting(8000, _whole(0, 65_535), "the port to listen at; 0 for any free one")
    workers: int = _setting(1, _whole(1, 256), "how many processes serve")
    database: str = _setting(
        "", _text, "the catalog's URL or file; `.feedsvc/` in the content folder where it is not set"
    )


Group = TypeVar("Group", Site, Server)


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, checked.

    Attributes:
        origins: for each setting's name where its value comes from: `default`, `feedsvc.toml:LINE`, `FEEDSVC_NAME`
            or `--name`.
    """

    site: Site
    server: Server
    origins: Mapping[str, str]


def settings() -> Iterator[tuple[str, Any, str, Any]]:
    """Each setting as its name, default, meaning and check, in the order of the reference."""
    for group in (Site, Server):
        for item in fields(group):
            default = None if item.default is MISSING else item.default
            yield item.name, default, item.metadata["meaning"], item.metadata["check"]


def load(folder: Path | None, environ: Mapping[str, str], flags: Mapping[str, Any]) -> Config:
    """Reads and checks all settings.

    Args:
        folder: the content folder, whose `feedsvc.toml` is read where it has one.
        environ: environment variables; those that start with `FEEDSVC_` count.
        flags: what the command line gave, by the setting's name; None for what it did not.

    Raises:
        SettingsError: with every fault in any of them.
    """
    found: dict[str, tuple[Any, str, Fault]] = {}
    faults: list[Fault] = []
    for name, value, origin, place in _given(folder, environ, flags, faults):
        found[name] = (value, origin, place)
    values: dict[str, Any] = {}
    for name, _, _, check in settings():
        if name not in found:
            continue
        value, _, place = found[name]
        try:
            values[name] = check(value)
        except ValueError as error:
            problem, _, cure = str(error).partition("|")
            faults.append(replace(place, problem=f"{name}: {problem}", cure=cure))
    if faults:
        raise SettingsError(*faults)
    origins = {name: found[name][1] if name in found else "default" for name, *_ in settings()}
    return Config(_group(Site, values), _group(Server, values), origins)


def _group(group: type[Group], values: Mapping[str, Any]) -> Group:
    return group(**{item.name: values[item.name] for item in fields(group) if item.name in values})


def complete(site: Site, *, folder_name: str, address: str) -> Site:
    """Supplies what the settings left open, from the folder's name and the URL at which it is served."""
    base_url = site.base_url or address
    title = site.title or folder_name
    return replace(
        site,
        base_url=base_url,
        title=title,
        description=site.description or title,
        author=site.author or title,
        id_authority=site.id_authority or _authority_of(base_url),
    )


def _authority_of(base_url: str) -> str:
    host = urlsplit(base_url).hostname or "localhost"
    return re.sub(r"[^a-z0-9.-]", "-", host).strip("-.") or "localhost"


def _given(
    folder: Path | None, environ: Mapping[str, str], flags: Mapping[str, Any], faults: list[Fault]
) -> Iterator[tuple[str, Any, str, Fault]]:
    """What each layer gives, the weakest first: name, value, origin, and a fault that holds its place."""
    known = {name: default for name, default, *_ in settings()}
    if folder is not None:
        yield from _in_file(folder / FILE_NAME, known, faults)
    for variable in sorted(environ):
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        place = Fault(variable, 0, 0, "", "")
        if name in known:
            yield name, _typed(environ[variable], known[name]), variable, place
        else:
            near = _nearest(name, known, lambda name: PREFIX + name.upper())
            faults.append(replace(place, problem="is not a setting", cure=near))
    for name, value in flags.items():
        if value is not None:
            flag = "--" + name.replace("_", "-")
            yield name, value, flag, Fault(flag, 0, 0, "", "")


def _typed(text: str, default: Any) -> Any:
    return int(text) if isinstance(default, int) and re.fullmatch(r"[0-9]{1,9}", text) else text


def _in_file(path: Path, known: Mapping[str, Any], faults: list[Fault]) -> Iterator[tuple[str, Any, str, Fault]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        table = tomllib.loads(text)
    except FileNotFoundError:
        return
    except OSError as error:
        faults.append(Fault(FILE_NAME, 0, 0, f"cannot be read: {error.strerror}", "let it be read, or remove it"))
        return
    except UnicodeDecodeError as error:
        faults.append(Fault(FILE_NAME, 0, 0, f"byte {error.start} is not UTF-8", "save it as UTF-8"))
        return
    except tomllib.TOMLDecodeError as error:
        faults.append(_toml_fault(str(error), text))
        return
    for name, value in table.items():
        line, column, shown = _place(text, name)
        place = Fault(FILE_NAME, line, column, "", "", shown)
        if name in known:
            yield name, value, f"{FILE_NAME}:{line}", place
        else:
            faults.append(replace(place, problem=f"{name} is not a setting", cure=_nearest(name, known, str)))


def _nearest(name: str, known: Mapping[str, Any], spell: Callable[[str], str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"did you mean {spell(near[0])}?" if near else "remove it; `feedsvc config` lists all settings"


def _place(text: str, name: str) -> tuple[int, int, str]:
    """Where a key stands in TOML text: line and column counted from 1, and the line."""
    pattern = re.compile(rf"\s*[\[\"']*({re.escape(name)})\b")
    for number, line in enumerate(text.splitlines(), 1):
        if match := pattern.match(line):
            return number, match.start(1) + 1, line
    return 1, 1, ""


def _toml_fault(message: str, text: str) -> Fault:
    match = re.search(r"^(.*?) \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    lines = text.splitlines() or [""]
    problem = match[1] if match else message
    line, column = (int(match[2]), int(match[3])) if match and match[2] else (len(lines), len(lines[-1]) + 1)
    shown = lines[line - 1] if line <= len(lines) else ""
    return Fault(FILE_NAME, line, column, f"is not TOML: {problem}", 'write lines such as: title = "My site"', shown)
