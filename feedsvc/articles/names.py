"""What a record's address says of it: that in; a date, a slug, a language, or why it holds no article, out."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from feedsvc.text import dates, slugs

if TYPE_CHECKING:
    from datetime import tzinfo

LONGEST_SLUG = 200

# By the beginning of a file's name up to its first dot, and by a folder's name; in lower case.
_FILES = {"a README": "readme", "a section's page": "_index index._"}
_FOLDERS = {
    "a draft": "_drafts",
    "part of a theme": "_layouts _includes _sass _plugins archetypes layouts themes shortcodes",
    "made by another tool": "_site _book .vuepress",
    "data of another tool": "_data",
}
ASIDES = {name: reason for reason, names in _FILES.items() for name in names.split()}
FOLDERS = {name: reason for reason, names in _FOLDERS.items() for name in names.split()}

# Of other tools; they may hold comments, which JSON has not.
_SETTINGS = re.compile(
    r"(?:package(?:-lock)?|[jt]sconfig(?:\..*)?|composer|manifest|.*\.11tydata|.*\.config)\.json", re.IGNORECASE
)

# These stand in capitals, or as plain text; else an article may have such a name.
_OF_PROJECTS = """
license licence copying notice contributing code_of_conduct code-of-conduct changelog changes history security support
authors maintainers codeowners governance robots humans ads requirements todo cname summary
"""
OF_PROJECTS = frozenset(_OF_PROJECTS.split())

_PAGES = """
index about contact imprint impressum privacy terms legal search archive archives tags categories 404 500 home now uses
links feed offline thanks projects portfolio resume cv
"""
PAGES = frozenset(_PAGES.split())
"""Names of pages that a site has beside its articles; they are left out where they have no date."""

# Jekyll and Docusaurus read `2026-5-2` too; Obsidian and Zola allow a space behind it.
_DATE = r"([0-9]{4})(?P<sep>[-_./])([0-9]{1,2})(?:(?P=sep)|[-_/])([0-9]{1,2})"
_DATED = re.compile(rf"(?:.*/)?{_DATE}(?: ?[-_/ ](?P<rest>.+))?", re.DOTALL)
_COMPACT = re.compile(r"(?:.*/)?([12][0-9]{3})([0-9]{2})([0-9]{2})(?:[-_](?P<rest>[^/]+))?", re.DOTALL)

# The languages of more than a few sites, by ISO 639-1: other two letters behind a dot are part of a name.
_CODES = """
ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nb nl no pl pt ro ru sk sl sr sv sw ta te th
tr uk ur vi zh
"""
_LANGUAGES = frozenset(_CODES.split())


class Name(NamedTuple):
    """What an address says.

    Attributes:
        date: `YYYY-MM-DD`; empty where it holds none that can be.
        words: the name without its date, as it is written.
        language: of its ending, as in `title.de.md`; empty where it has none.
    """

    date: str
    words: str
    language: str


def aside(address: str) -> str:
    """Why the record at an address holds no article; empty where it may hold one."""
    *folders, name = address.split("/")
    stem = name.partition(".")[0]
    if name.endswith(".json") and _SETTINGS.fullmatch(name):
        return "settings of another tool"
    if stem.lower() in OF_PROJECTS and (stem.isupper() or name.lower().endswith(".txt")):
        return "a file about the project"
    # A folder `themes` is a theme's at the top only: below, it may be a topic.
    parts = [part.lower() for number, part in enumerate(folders) if not number or part.startswith("_")]
    return next((FOLDERS[part] for part in parts if part in FOLDERS), ASIDES.get(stem.lower(), ""))


def is_page(address: str) -> bool:
    """Whether its name is one of a page that sites have beside their articles, or it lies in a collection of Jekyll."""
    *folders, name = address.split("/")
    is_collected = any(folder.startswith("_") and folder != "_posts" for folder in folders)
    return is_collected or name.partition(".")[0].lower() in PAGES | OF_PROJECTS


def named(path: str) -> Name:
    """What an address without its ending says; an `index` is named after its folder."""
    stem, dot, suffix = path.rpartition(".")
    language = suffix if dot and stem and suffix in _LANGUAGES else ""
    plain = stem if language else path
    folder, slash, last = plain.rpartition("/")
    if slash and last.lower() == "index":
        plain = folder
    match = _DATED.fullmatch(plain) or _COMPACT.fullmatch(plain)
    last = plain.rpartition("/")[2]
    if not match:
        return Name("", last, language)
    year, month, day = [part for part in match.groups() if part and part.isdigit()][:3]
    date = f"{year}-{month:0>2}-{day:0>2}"
    if not _is_date(date):
        return Name("", last, language)
    return Name(date, (match["rest"] or last).rpartition("/")[2], language)


@lru_cache(maxsize=1024)
def _is_date(text: str) -> bool:
    return dates.is_date(text)


def dated(name: Name, zone: tzinfo) -> dates.Written | None:
    """The date of a name, at its midnight in a zone."""
    return dates.instant(name.date, zone) if name.date else None


def slug(name: Name, path: str) -> str:
    """The slug that a name makes; where it makes none, a digest of the path."""
    whole = slugs.slug(f"{name.words}-{name.language}" if name.language else name.words)
    return shortened(whole) or slugs.digest(path)


def shortened(whole: str) -> str:
    """A slug of at most `LONGEST_SLUG` characters, cut between two words."""
    if len(whole) <= LONGEST_SLUG:
        return whole
    return whole[: LONGEST_SLUG + 1].rpartition("-")[0] or whole[:LONGEST_SLUG]


def title(name: Name) -> str:
    """The title that a name makes: its words, the first with a capital."""
    words = re.sub(r"[-_\s]+", " ", name.words).strip()
    return words[:1].upper() + words[1:]
