"""Settings: `feedsvc.toml`, `FEEDSVC_*` variables and flags in; one checked `Config` out.

A flag wins over a variable, a variable over the file, the file over the default. Each setting is one line of `Site`,
`Table` or `Server` below; what `feedsvc config`, `feedsvc init` and the reference say of it comes from there.
"""

from __future__ import annotations

import re
from dataclasses import MISSING, dataclass, field, fields, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

from feedsvc.config import checks, databases, podcasts
from feedsvc.config import redirects as moves
from feedsvc.config.layers import FILE_NAME, given
from feedsvc.config.sections import TABLE, Section, sections
from feedsvc.errors import Fault, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from feedsvc.config.layers import Given

__all__ = ["FILE_NAME", "Config", "Server", "Site", "Table", "at", "complete", "load", "missing", "settings"]

# The origin of what nobody gave.
DEFAULT = "default"


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
    # Old paths with where they lead, sorted (`redirects.redirect`).
    redirects: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Where articles stand in a database already, and how they are asked for. It changes no document by itself."""

    source: str = _setting("", databases.url, "the URL of a database with articles, beside those of the folder")
    query: str = _setting(
        "", databases.query, "the SQL that gives them, a row each; its columns are the keys of an article"
    )
    key: str = _setting("id", checks.text, "the column that names a row")
    updated: str = _setting("updated", checks.text, "the column that changes whenever a row does")
    interval: int = _number(5, 1, 3600, "after how many seconds the database is asked again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """How it is served. None of it changes a document."""

    host: str = _setting("127.0.0.1", checks.host, "the address to listen at; `0.0.0.0` for every one")
    port: int = _number(8000, 0, 65_535, "the port to listen at; 0 for any free one")
    workers: int = _number(1, 1, 256, "how many processes serve")
    database: str = _setting(
        "", checks.text, "the catalog's URL or file; `.feedsvc/` in the content folder where it is not set"
    )
    negotiate: bool = _setting(
        default=True,
        check=checks.yes_or_no,
        meaning="whether a person who opens a feed's address sees a page, and a reader the feed",
    )
    poll: bool = _setting(
        default=False, check=checks.yes_or_no, meaning="whether to look for changes each second, told of them or not"
    )
    grace: int = _number(10, 0, 3600, "for how many seconds answers under way are sent on when it is told to stop")
    burst: int = _number(
        60, 0, 100_000, "how often an address may ask for a feed at once without saying what it has; 0 for any number"
    )
    trusted_proxies: str = _setting(
        "127.0.0.1, ::1", checks.networks, "the proxies whose word for a client's address counts (X-Forwarded-For)"
    )
    connection_limit: int = _number(10_000, 1, 1_000_000, "how many connections a process keeps open at a time")
    head_limit: int = _number(
        16_384, 1024, 65_536, "how many bytes a request's head may have; half of them may be its address"
    )
    request_timeout: int = _number(10, 1, 3600, "in how many seconds a request has to be there")
    stall_timeout: int = _number(30, 1, 3600, "for how many seconds a client may take nothing of its answer")
    idle_timeout: int = _number(75, 1, 86_400, "for how many seconds a connection is kept without a request")
    lane: bool = _setting(
        default=True, check=checks.yes_or_no, meaning="whether polls are answered without the application"
    )
    access_log: str = _setting(
        "", checks.text, "the file to which each request is written; `-` for standard output; none where it is not set"
    )
    access_log_format: str = _setting(
        "combined", checks.choice("combined", "json"), "`combined`, as Apache and nginx write it, or `json`"
    )


Group = TypeVar("Group", Site, Table, Server)


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, checked.

    Attributes:
        origins: for each setting's name where its value comes from: `default`, `feedsvc.toml:LINE`, `FEEDSVC_NAME`
            or `--name`.
    """

    site: Site
    table: Table
    server: Server
    origins: Mapping[str, str]


def settings() -> Iterator[tuple[str, Any, str, Any]]:
    """Each setting as its name, default, meaning and check, in the order of the reference."""
    for group in (Site, Table, Server):
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
    known = {name: default for name, default, *_ in settings()}
    origins = dict.fromkeys(by_name, DEFAULT)
    values: dict[str, Any] = {}
    in_sections: dict[str, dict[str, Any]] = {}
    moved: dict[str, tuple[str, str]] = {}
    faults: list[Fault] = []
    places: dict[str, Fault] = {}
    for each in given(known, folder, environ, flags, faults):
        try:
            if each.is_redirect:
                moved[each.whole_name] = moves.redirect(each.name, each.value)
            else:
                holder = in_sections.setdefault(each.section, {}) if each.section else values
                holder[each.name] = by_name[each.name](each.value)
        except ValueError as error:
            faults.append(_fault(each, error))
            continue
        name = moves.name(moved[each.whole_name][0]) if each.is_redirect else each.whole_name
        origins[name] = each.origin
        places[each.whole_name] = each.place
    faults += podcasts.incomplete(values, places)
    faults += moves.useless(moved, values.get("base_url", ""), places)
    if not faults:  # else what seems to be missing may be at fault
        faults += databases.incomplete(values, places)
    if faults:
        raise SettingsError(*map(databases.told, faults))
    site = replace(_group(Site, values), sections=sections(in_sections), redirects=tuple(sorted(moved.values())))
    return Config(site, _group(Table, values), _group(Server, values), origins)


def _fault(of: Given, error: ValueError) -> Fault:
    problem, _, cure = str(error).partition("|")
    named = f"{of.whole_name}: {problem}" if of.origin.startswith(FILE_NAME) else problem
    return replace(of.place, problem=named, cure=cure)


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
