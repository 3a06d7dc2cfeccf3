"""Settings: `feedsvc.toml`, `FEEDSVC_*` variables and flags in; one checked `Config` out.

A flag wins over a variable, a variable over the file, the file over the default.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from feedsvc.config import channels, colours, databases, fonts, pairs, podcasts, sections
from feedsvc.config import redirects as moves
from feedsvc.config.channels import ChannelSettings
from feedsvc.config.layers import FILE_NAME, given
from feedsvc.config.settings import Server, Site, Table, settings
from feedsvc.errors import Fault, SettingsError
from feedsvc.text.media_types import media_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from feedsvc.config.layers import Given
    from feedsvc.config.sections import Section

__all__ = [
    "DEFAULT",
    "FILE_NAME",
    "ChannelSettings",
    "Config",
    "Server",
    "Site",
    "Table",
    "at",
    "complete",
    "faint",
    "load",
    "missing",
    "settings",
]

# The origin of what nobody gave.
DEFAULT = "default"


Group = TypeVar("Group", Site, Table, Server)


class Config(Struct, frozen=True):
    """All settings, checked.

    Attributes:
        origins: for each setting's name where its value comes from: `default`, `feedsvc.toml:LINE`, `FEEDSVC_NAME`
            or `--name`.
    """

    site: Site
    table: Table
    server: Server
    origins: Mapping[str, str]


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
    known = {name: default for name, default, *_ in settings()}
    origins = dict.fromkeys(by_name, DEFAULT)
    values: dict[str, Any] = {}
    in_tables: dict[str, dict[str, dict[str, Any]]] = {sections.TABLE: {}, channels.TABLE: {}}
    paired: dict[str, dict[str, tuple[str, str]]] = {}
    faults: list[Fault] = []
    places: dict[str, Fault] = {}
    for each in given(known, folder, environ, flags, faults):
        try:
            if each.table in pairs.KINDS:
                read = [] if each.is_empty else [(each.whole_name, pairs.read(each.table, each.name, each.value))]
                paired.setdefault(each.table, {}).update(read)
            else:
                check = channels.KEYS[each.name][0] if each.table == channels.TABLE else by_name[each.name]
                holder = in_tables[each.table].setdefault(each.of, {}) if each.table else values
                holder[each.name] = check(each.value)
        except ValueError as error:
            faults.append(_fault(each, error))
            continue
        origins[_shown(each, paired)] = each.origin
        places[each.whole_name] = each.place
    faults += _together(values, in_tables, paired, places)
    if not faults:  # else what seems to be missing may be at fault
        faults += databases.incomplete(values, places)
    if faults:
        raise SettingsError(*map(databases.told, faults))
    site = _site(values, in_tables, paired)
    return Config(site, _group(Table, values), _group(Server, values), _of_presets(site, origins) | origins)


def _together(
    values: Mapping[str, Any],
    in_tables: Mapping[str, Mapping[str, Mapping[str, Any]]],
    paired: Mapping[str, Mapping[str, tuple[str, str]]],
    places: Mapping[str, Fault],
) -> Iterator[Fault]:
    """What is wrong with settings that are right each by itself."""
    yield from podcasts.incomplete(values, places)
    yield from moves.useless(paired.get(moves.TABLE, {}), values.get("base_url", ""), places)
    yield from channels.unusable(in_tables[channels.TABLE], places)


def _site(
    values: Mapping[str, Any],
    in_tables: Mapping[str, Mapping[str, Mapping[str, Any]]],
    paired: Mapping[str, Mapping[str, tuple[str, str]]],
) -> Site:
    tables: dict[str, Any] = dict(pairs.values(paired))
    return replace(
        _group(Site, values),
        sections=sections.sections(in_tables[sections.TABLE]),
        channels=channels.channels(in_tables[channels.TABLE]),
        **tables,
    )


def _of_presets(site: Site, origins: Mapping[str, str]) -> dict[str, str]:
    """Where the settings come from that presets stand for: where the preset is written."""
    presets = (each for each in site.channels if each.preset)
    return {f"{each.shown}.{name}": origins[f"{each.shown}.preset"] for each in presets for name in each.given}


def _shown(each: Given, paired: Mapping[str, Mapping[str, tuple[str, str]]]) -> str:
    """A setting as `feedsvc config` shows it: a path and a channel's name have several spellings."""
    if each.table in pairs.KINDS:
        whole = each.whole_name
        return whole if each.is_empty else pairs.name(each.table, paired[each.table][whole][0])
    return f"{channels.shown(each.of)}.{each.name}" if each.table == channels.TABLE else each.whole_name


def _fault(of: Given, error: ValueError) -> Fault:
    problem, _, cure = str(error).partition("|")
    named = f"{of.whole_name}: {problem}" if of.origin.startswith(FILE_NAME) else problem
    return replace(of.place, problem=named, cure=cure)


def missing(found: Config, folder: Path) -> tuple[Fault, ...]:
    """A warning for each section whose folder is not there, and for a cover or a logo whose file is not."""
    absent = (section for section in found.site.sections if not (folder / section.name).is_dir())
    faults = [_folderless(section, found.origins) for section in absent]
    if fonts.is_family(found.site.font) and not fonts.files(found.site.font, folder):
        problem = f"font: there is no file of {found.site.font} in {fonts.FOLDER}"
        faults.append(_missing(found.origins["font"], problem, f"put {fonts.name(found.site.font)}.woff2 there"))
    faults += [
        _missing(found.origins[name], f"{name}: {problem}", _COVER)
        for name, image in _pictures(found.site)
        if image and not _ELSEWHERE.match(image) and (problem := _unshown(image, folder))
    ]
    return tuple(faults)


def _unshown(image: str, folder: Path) -> str:
    """Why a picture of the content folder cannot be shown; empty where it can."""
    path = unquote(image).lstrip("/")
    if not (folder / path).is_file():
        return f"there is no file {image}"
    if path.startswith(f"{fonts.THEME}/"):
        return f"{image} is part of the theme, and is published for the theme only"
    return "" if (media_type(path) or "").startswith("image/") else f"{image} is no picture that is published"


def faint(found: Config) -> Iterator[Fault]:
    """A warning for each colour that is hard to read."""
    for name, problem in colours.faint({name: getattr(found.site, name) for name in colours.OURS}):
        yield _missing(found.origins[name], f"{name}: {problem}", f"take colours of {colours.LEAST} at least")


def _pictures(site: Site) -> Iterator[tuple[str, str]]:
    """What the settings show, by the setting's name."""
    yield "podcast_image", site.podcast_image
    yield "logo", site.logo
    yield from ((f"{each.shown}.logo", each.logo) for each in site.channels if each.logo)


_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_COVER = "write the path of a picture, from the top of the content folder, or an https URL"


def _folderless(section: Section, origins: Mapping[str, str]) -> Fault:
    origin = origins[f"{sections.TABLE}.{section.name}.{next(iter(section.given))}"]
    problem = f"{sections.TABLE}.{section.name}: there is no folder {section.name}"
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
    return group(**{name: values[name] for name in group.__struct_fields__ if name in values})


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
