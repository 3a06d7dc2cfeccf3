"""Settings: `feedsvc.toml`, `FEEDSVC_*` variables and flags in; one checked `Config` out.

A flag wins over a variable, a variable over the file, the file over the default. Each setting is one line of `Site`
or `Server` below; what `feedsvc config`, `feedsvc init` and the reference say of it comes from there.
"""

from __future__ import annotations

import re
from dataclasses import MISSING, dataclass, field, fields, replace
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit

from feedsvc.config import checks, podcasts, toml
from feedsvc.config.sections import KEYS, TABLE, Section, sections
from feedsvc.errors import Fault, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

FILE_NAME = "feedsvc.toml"
PREFIX = "FEEDSVC_"


def _setting(default: Any, check: Any, meaning: str) -> Any:
    return field(default=default, metadata={"check": check, "meaning": meaning})


def _number(default: int, least: int, most: int, meaning: str) -> Any:
    return _setting(default, checks.whole(default, least, most), meaning)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the documents are made with. It travels in the catalog, so that all who serve it agree."""

    title: str = _setting("", checks.text, "the site's name; the folder's name where it is not set")
    base_url: str = _setting(
        "", checks.base_url, "where the site is published; `http://HOST:PORT/` where it is not set"
    )
    description: str = _setting("", checks.text, "one sentence about the site; the title where it is not set")
    language: str = _setting("en", checks.language, "the language of articles that name none (BCP 47)")
    zone: str = _setting("UTC", checks.zone, "the time zone of dates that name none (IANA)")
    author: str = _setting("", checks.text, "the author of articles that name none; the title where it is not set")
    rights: str = _setting("", checks.text, "the copyright line of every feed")
    id_authority: str = _setting(
        "",
        checks.authority,
        "a domain that is yours for good; ids are minted under it; the base URL's host where it is not set",
    )
    entries: int = _number(30, 1, 1000, "how many articles a feed holds")
    content: str = _setting("full", checks.choice("full", "summary"), "`full` text, or the `summary` only, in feeds")
    excerpt_length: int = _number(280, 40, 10_000, "the longest excerpt, in characters")
    list_length: int = _number(20, 1, 200, "how many articles a list page holds")
    latest_length: int = _number(5, 0, 50, "how many latest articles stand below an article")
    podcast_category: str = _setting(
        "", podcasts.category, "one of Apple's podcast categories; where it is set, the feeds are those of a podcast"
    )
    podcast_image: str = _setting("", checks.text, "the podcast's cover: a file of the content folder, or a URL")
    podcast_explicit: bool = _setting(default=False, check=checks.yes_or_no, meaning="whether it is not for children")
    podcast_owner: str = _setting("", checks.email, "the e-mail address under which directories ask the publisher")
    podcast_type: str = _setting(
        "episodic", checks.choice("episodic", "serial"), "`episodic`, newest first, or `serial`, in order"
    )
    max_age: int = _number(300, 0, 86_400, "for how many seconds a cache may keep an answer")
    stale: int = _number(600, 0, 604_800, "for how many seconds more it may serve it while it asks again")
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """How it is served. None of it changes a document."""

    host: str = _setting("127.0.0.1", checks.host, "the address to listen at; `0.0.0.0` for every one")
    port: int = _number(8000, 0, 65_535, "the port to listen at; 0 for any free one")
    workers: int = _number(1, 1, 256, "how many processes serve")
    database: str = _setting(
        "", checks.text, "the catalog's URL or file; `.feedsvc/` in the content folder where it is not set"
    )
    poll: bool = _setting(
        default=False, check=checks.yes_or_no, meaning="whether to look for changes each second, told of them or not"
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
            if not item.metadata:  # sections are tables of their own
                continue
            default = None if item.default is MISSING else item.default
            yield item.name, default, item.metadata["meaning"], item.metadata["check"]


def load(folder: Path | None, environ: Mapping[str, str], flags: Mapping[str, Any]) -> Config:
    """Reads and checks all settings.

    Args:
        folder: the content folder, whose `feedsvc.toml` is read where it has one.
        environ: environment variables; those that start with `FEEDSVC_` count, unless they are empty.
        flags: what the command line gave, by the setting's name; None for what it did not.

    Raises:
        SettingsError: with every fault in any of them.
    """
    by_name = {name: check for name, _, _, check in settings()}
    origins = dict.fromkeys(by_name, "default")
    values: dict[str, Any] = {}
    in_sections: dict[str, dict[str, Any]] = {}
    faults: list[Fault] = []
    category = Fault(FILE_NAME, 0, 0, "", "")
    for given in _given(folder, environ, flags, faults):
        try:
            checked = by_name[given.name](given.value)
        except ValueError as error:
            problem, _, cure = str(error).partition("|")
            named = f"{given.whole_name}: {problem}" if given.origin.startswith(FILE_NAME) else problem
            faults.append(replace(given.place, problem=named, cure=cure))
            continue
        (in_sections.setdefault(given.section, {}) if given.section else values)[given.name] = checked
        origins[given.whole_name] = given.origin
        if given.name == "podcast_category":
            category = given.place
    if values.get("podcast_category") and not values.get("podcast_image"):
        cure = "write podcast_image, a square JPEG or PNG of 1400 to 3000 pixels"
        faults.append(replace(category, problem="podcast_category: a podcast needs a cover", cure=cure))
    if faults:
        raise SettingsError(*faults)
    site = replace(_group(Site, values), sections=sections(in_sections))
    return Config(site, _group(Server, values), origins)


class _Given(NamedTuple):
    """What a layer gives for a setting: the place is a fault that holds it."""

    name: str
    value: Any
    origin: str
    place: Fault
    section: str = ""

    @property
    def whole_name(self) -> str:
        return f"{TABLE}.{self.section}.{self.name}" if self.section else self.name


def missing(found: Config, folder: Path) -> tuple[Fault, ...]:
    """A warning for each section whose folder is not there, and for a cover whose file is not."""
    absent = (section for section in found.site.sections if not (folder / section.name).is_dir())
    faults = [_folderless(section, found.origins) for section in absent]
    image = found.site.podcast_image
    if image and not _ELSEWHERE.match(image) and not (folder / unquote(image).lstrip("/")).is_file():
        faults.append(_missing(found.origins["podcast_image"], f"podcast_image: there is no file {image}", _COVER))
    return tuple(faults)


_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_COVER = "write the path of a picture, from the top of the content folder, or an https URL"


def _folderless(section: Section, origins: Mapping[str, str]) -> Fault:
    origin = origins[f"{TABLE}.{section.name}.{next(iter(section.given))}"]
    problem = f"{TABLE}.{section.name}: there is no folder {section.name}"
    return _missing(origin, problem, "name a folder of articles by its path below the content folder, or remove it")


def _missing(origin: str, problem: str, cure: str) -> Fault:
    line = origin.partition(":")[2]
    return Fault(FILE_NAME, int(line or 1), 1, problem, cure, is_warning=True)


def at(site: Site, address: str) -> Site:
    """The settings with which the record at an address is made: its section's win over the site's."""
    return _in_folder(site, address.rpartition("/")[0]) if site.sections else site


@lru_cache(maxsize=4096)
def _in_folder(site: Site, folder: str) -> Site:
    given: dict[str, Any] = {}
    for section in site.sections:  # the outer ones first
        if section.holds(folder):
            given |= section.given
    return replace(site, **given) if given else site


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
) -> Iterator[_Given]:
    """What each layer gives, the weakest first."""
    known = {name: default for name, default, *_ in settings()}
    if folder is not None:
        yield from _in_file(folder / FILE_NAME, known, faults)
    for variable in sorted(environ):
        if not variable.startswith(PREFIX) or not environ[variable]:
            continue
        name = variable.removeprefix(PREFIX).lower()
        place = Fault(variable, 0, 0, "", "")
        if name in known:
            yield _Given(name, _typed(environ[variable], known[name]), variable, place)
        else:
            near = _nearest(name, known, lambda name: PREFIX + name.upper())
            faults.append(replace(place, problem="is not a setting", cure=near))
    for name, value in flags.items():
        if value is not None:
            flag = "--" + name.replace("_", "-")
            yield _Given(name, value, flag, Fault(flag, 0, 0, "", ""))


def _typed(text: str, default: Any) -> Any:
    return int(text) if isinstance(default, int) and re.fullmatch(r"[0-9]{1,9}", text) else text


def _in_file(path: Path, known: Mapping[str, Any], faults: list[Fault]) -> Iterator[_Given]:
    try:
        keys = toml.keys(path)
    except SettingsError as error:
        faults.extend(error.faults)
        return
    for key in keys:
        place = Fault(str(path), key.line, key.value_column, "", "", key.text)
        name, section = key.path[-1], "/".join(part.strip("/") for part in key.path[1:-1])
        of_section = KEYS if section else ()
        if name not in (of_section if len(key.path) > 1 else known):
            faults.append(_unknown(key, replace(place, column=key.column), known))
        elif isinstance(key.value, dict | list):
            problem = f"{key.name}: is {checks.shown(key.value)} where one value belongs"
            faults.append(replace(place, problem=problem, cure=toml.LINES))
        else:
            yield _Given(name, key.value, f"{FILE_NAME}:{key.line}" if key.line else FILE_NAME, place, section)


def _unknown(key: toml.Key, place: Fault, known: Collection[str]) -> Fault:
    if len(key.path) > 1:
        near = get_close_matches(key.path[-1], KEYS, n=1)
        is_typo = near and near[0] != key.path[-1]
        cure = f"did you mean {near[0]}?" if is_typo else f"a section, as in [{TABLE}.news], has {', '.join(KEYS)}"
    elif isinstance(key.value, dict):
        is_near = get_close_matches(key.name, [TABLE], n=1)
        cure = f"did you mean [{TABLE}.NAME]?" if is_near else "write its lines without the name of a table above them"
    else:
        cure = _nearest(key.name, known, str)
    return replace(place, problem=f"{key.name} is not a setting", cure=cure)


def _nearest(name: str, known: Collection[str], spell: Callable[[str], str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"did you mean {spell(near[0])}?" if near else "remove it; `feedsvc config` lists all settings"
