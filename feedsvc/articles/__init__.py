"""The trust boundary: a record that anybody may have written in; checked `Article`s, or every fault in it, out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from feedsvc import readers
from feedsvc.articles.fields import FIELDS, KEYS, LONGEST_SLUG
from feedsvc.articles.margin import Margin
from feedsvc.errors import RecordError
from feedsvc.model import Article
from feedsvc.text import dates, slugs, xml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedsvc.config import Site
    from feedsvc.errors import Fault
    from feedsvc.model import Record
    from feedsvc.readers import Raw

__all__ = ["FIELDS", "Checked", "check"]

_ASIDES = {"readme": "a README", "_index": "a section's page"}
_REQUIRED = ("title", "date")
_DATED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})-(.+)", re.DOTALL)

_ALIKE = 0.78
"""How alike a key must be to a missing one: `titel` is (0.8), `subtitle` is not (0.77)."""

_MOST_COMPARED = 100


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a record, or of one of several articles in it.

    Attributes:
        address: the record's; where it holds several, with `#` and the name of this one behind it.
        digest: of the bytes that this one is written in.
        article: None where there is none, or it has errors.
        aside: why it is no article; empty where it is one, or was to be one.
        faults: errors, or no more than warnings where there is an article.
    """

    address: str
    digest: str
    article: Article | None = None
    aside: str = ""
    faults: tuple[Fault, ...] = ()


def check(record: Record, *, site: Site) -> tuple[Checked, ...]:
    """Reads and checks a record: each article in it, or why it is none, or every fault that was found in it."""
    digest = sha256(record.body).hexdigest()
    path = PurePosixPath(record.address)
    if aside := _ASIDES.get(path.name.split(".")[0].lower()):
        return (Checked(record.address, digest, aside=aside),)
    try:
        found = readers.read(record)
    except RecordError as error:
        return (Checked(record.address, digest, faults=error.faults),)
    return tuple(_checked(raw, path, digest, site) for raw in found)


def _checked(raw: Raw, path: PurePosixPath, digest: str, site: Site) -> Checked:
    address = f"{path}#{raw.part}" if raw.part else str(path)
    if raw.written:
        digest = sha256(raw.written.encode(errors="surrogatepass")).hexdigest()
    if raw.aside:
        return Checked(address, digest, aside=raw.aside)
    margin = Margin(raw, ZoneInfo(site.zone))
    found = {name: _field(name, margin) for name in FIELDS}
    # Before the faults: a draft may be unfinished, and what becomes one must not stay published for a fault in it.
    if found["draft"]:
        return Checked(address, digest, aside="a draft")
    date, slug = _named(path, margin.zone)
    found["date"] = found["date"] or date
    _check_required(found, margin)
    _check_source(margin)
    faults = tuple(sorted((*raw.faults, *margin.faults)))
    if any(not fault.is_warning for fault in faults):
        return Checked(address, digest, faults=faults)
    return Checked(address, digest, _article(address, raw, found, slug), faults=faults)


def _field(name: str, margin: Margin) -> Any:
    """The field as an article holds it; None where the record does not say, or is at fault."""
    for key in (name, *FIELDS[name].aliases):
        value = margin.raw.fields.get(key)
        if value and not value.is_blank:
            return margin.attempt(key, value, FIELDS[name].check)
    return None


def _article(address: str, raw: Raw, found: Mapping[str, Any], slug: str) -> Article:
    date = found["date"]
    instants = {name: found[name] and found[name].at for name in ("updated", "expires", "withdrawn")}
    return Article(
        address=address,
        title=found["title"],
        slug=found["slug"] or slug,
        slug_is_explicit=bool(found["slug"]),
        written_date=date.date,
        published=date.at,
        updated=max(date.at, instants["updated"] or date.at),
        source=raw.source.strip("\n"),
        markup=raw.markup,
        id=found["id"] or "",
        summary=found["summary"],
        link=found["link"],
        image=found["image"],
        authors=found["authors"] or (),
        categories=found["tags"] or (),
        language=found["language"],
        expires=instants["expires"],
        withdrawn=instants["withdrawn"],
    )


def _named(path: PurePosixPath, zone: ZoneInfo) -> tuple[dates.Written | None, str]:
    """The date and the slug that a record's name gives; an `index` is named after its folder."""
    name = path.parent.name if path.stem.lower() == "index" and path.parent.name else path.stem
    date, rest = _dated(name, zone)
    return date, _shortened(slugs.slug(rest)) or slugs.digest(str(path))


def _dated(name: str, zone: ZoneInfo) -> tuple[dates.Written | None, str]:
    match = _DATED.fullmatch(name)
    if not match:
        return None, name
    try:
        return dates.instant(match[1], zone), match[2]
    except ValueError:
        return None, name


def _shortened(slug: str) -> str:
    if len(slug) <= LONGEST_SLUG:
        return slug
    return slug[: LONGEST_SLUG + 1].rpartition("-")[0] or slug[:LONGEST_SLUG]


def _check_required(found: Mapping[str, Any], margin: Margin) -> None:
    for name in _REQUIRED:
        written = margin.raw.fields.get(name)
        if found[name] is None and written is None:
            _note_missing(name, margin)
        elif found[name] is None and written and written.is_blank and written.value is not None:
            margin.note((written.line, written.column), f"{name}: is empty", margin.raw.cures[name])


def _note_missing(name: str, margin: Margin) -> None:
    unknown = [key for key in margin.raw.fields if key not in KEYS]
    near = get_close_matches(name, islice(unknown, _MOST_COMPARED), n=1, cutoff=_ALIKE)
    if near:
        typo = margin.raw.fields[near[0]]
        margin.note((typo.key_line, typo.key_column), f"{near[0]} is not a key", f"did you mean {name}?")
    else:
        margin.note((1, 1), f"{name} is missing", margin.raw.cures[name])


def _check_source(margin: Margin) -> None:
    if forbidden := xml.forbidden(margin.raw.source):
        place = margin.raw.place(forbidden.start())
        code = f"U+{ord(forbidden[0]):04X}"
        margin.note(place, f"holds the character {code}, which no feed can carry", f"remove {code}")
