"""The trust boundary: a record that anybody may have written in; checked `Article`s, or every fault in it, out."""

from __future__ import annotations

from hashlib import sha256
from itertools import islice
from posixpath import splitext
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import Struct

from feedsvc import readers
from feedsvc.articles import names, states
from feedsvc.articles.dialects import DIALECTS
from feedsvc.articles.fields import FIELDS
from feedsvc.articles.headline import headline
from feedsvc.articles.margin import Margin
from feedsvc.articles.meanings import MEANINGS, fields, zone
from feedsvc.articles.typos import meant
from feedsvc.config import at
from feedsvc.errors import RecordError
from feedsvc.model import Article
from feedsvc.text import dates, slugs, xml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from feedsvc.config import Site
    from feedsvc.errors import Fault
    from feedsvc.model import Record
    from feedsvc.readers import Raw, Value

__all__ = ["DIALECTS", "FIELDS", "Checked", "check"]

_KINDS = frozenset({"type", "layout", "template"})
_PAGE = "a page, not an article"

# A person who wrote more did not mistype one of ours; and to look for what is near a key takes longer than to read it.
_MOST_KEYS = 1000


class Checked(Struct, frozen=True):
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


def check(record: Record, *, site: Site, digest: str = "") -> tuple[Checked, ...]:
    """Reads and checks a record: each article in it, or why it is none, or every fault that was found in it.

    Args:
        digest: of the record's bytes, where somebody has made it already.
    """
    digest = digest or sha256(record.body).hexdigest()
    if not record.key and (aside := names.aside(record.address)):
        return (Checked(record.address, digest, aside=aside),)
    try:
        found = readers.read(record)
    except RecordError as error:
        return (Checked(record.address, digest, faults=error.faults),)
    return tuple(_checked(raw, record.address, digest, site) for raw in found)


def _checked(raw: Raw, file: str, digest: str, site: Site) -> Checked:
    address = f"{file}#{raw.part}" if raw.part else file
    if raw.written:
        digest = sha256(raw.written.encode(errors="surrogatepass")).hexdigest()
    if raw.aside or (raw.faults and not raw.fields):
        return Checked(address, digest, aside=raw.aside, faults=() if raw.aside else raw.faults)
    margin = Margin(raw, zone(at(site, address).zone), site.channels)
    found = fields(margin)
    key = raw.manuscript.key
    name = names.Name("", key, "") if key else names.named(raw.part or splitext(file)[0])
    found["date"] = found["date"] or _date_of_path(found, margin) or names.dated(name, margin.zone)
    # Before the faults: a draft may be unfinished, and what becomes one must not stay published for a fault in it.
    if aside := _aside(found, margin, file):
        return Checked(address, digest, aside=aside)
    faults = _faults(found, margin, name)
    if not all(fault.is_warning for fault in faults):
        return Checked(address, digest, faults=faults)
    return Checked(address, digest, _article(address, margin.raw, found, name, site), faults=faults)


def _aside(found: Mapping[str, Any], margin: Margin, file: str) -> str:
    """Why a record is no article, by what it says of itself."""
    raw = margin.raw
    kinds = {key: str(raw.fields[key].value).lower() for key in _KINDS.intersection(raw.fields)}
    if found["draft"]:
        return "a draft"
    if kinds.get("type") == "page":
        return _PAGE
    if found["date"] or any(key in raw.fields for key in DIALECTS["date"].split()):
        return ""
    if raw.fields and not raw.source.strip() and not found["title"]:
        return "an empty page"
    is_page = names.is_page(file) or any(kind.rpartition("/")[2].startswith("page") for kind in kinds.values())
    return _PAGE if is_page else raw.undated


def _faults(found: dict[str, Any], margin: Margin, name: names.Name) -> tuple[Fault, ...]:
    mistyped = _mistyped(found, margin)
    if "date" not in mistyped:
        _check_date(found, margin)
    if "title" not in mistyped:
        _check_title(found, margin, name)
    _check_audience(margin)
    _check_source(margin)
    noted = {*margin.raw.faults, *margin.faults}  # Hugo's `publishDate` is two fields
    return tuple(sorted(noted)) if noted else ()


def _date_of_path(found: Mapping[str, Any], margin: Margin) -> dates.Written | None:
    """The date in the address that the page had under another tool, such as `2025/06/26/title`."""
    paths = (names.named(path.strip("/").removesuffix(".html")) for path in found["path"] or ())
    return next((names.dated(name, margin.zone) for name in paths if name.date), None)


def _mistyped(found: Mapping[str, Any], margin: Margin) -> set[str]:
    """Notes the keys that nobody knows and that are near one of ours which is missing; returns those."""
    mistyped: set[str] = set()
    for key, value in islice(margin.raw.fields.items(), _MOST_KEYS):
        if key.replace("-", "_") in MEANINGS:
            continue
        if name := next((name for name in _said_by(meant(key), value) if found[name] is None), ""):
            margin.is_vital = FIELDS[name].is_vital
            margin.note((value.key_line, value.key_column), f"{key} is not a key", f"did you mean {meant(key)}?")
            mistyped.add(name)
    return mistyped


def _said_by(key: str, value: Value) -> Iterator[str]:
    """The fields that a key says; one that may also say when, says only by an answer whether."""
    meanings = MEANINGS.get(key, ())
    for name, _ in meanings:
        if name != "draft" or len(meanings) == 1 or states.is_no(value):
            yield name


def _check_date(found: Mapping[str, Any], margin: Margin) -> None:
    if found["date"] is None and all(fault.is_warning for fault in margin.faults):
        margin.is_vital = True
        written = margin.raw.fields.get("date")
        if written is None:
            margin.note(margin.raw.top, "date is missing", margin.raw.cures["date"])
        elif written.value is not None:
            problem = "date: is empty" if written.is_blank else "date: names no day"
            margin.note((written.line, written.column), problem, margin.raw.cures["date"])


def _check_title(found: dict[str, Any], margin: Margin, name: names.Name) -> None:
    """An article without a title takes its first heading for it, else its file's name: a row's key is no title."""
    written = margin.raw.fields.get("title")
    if found["title"] is not None or (written and not written.is_blank) or (written and written.value is None):
        return
    found["title"] = headline(margin.raw)
    if found["title"] is None:
        title = "" if margin.raw.manuscript.key else names.title(name)
        margin.is_vital = not title
        found["title"] = title
        instead = ", and the file's name stands for it" if title else ""
        margin.note(margin.raw.top, f"title is missing{instead}", margin.raw.cures["title"])


def _check_audience(margin: Margin) -> None:
    """An article that is for somebody is not to be everybody's because it does not say whose."""
    written = margin.raw.fields.get("audience")
    is_row = bool(margin.raw.manuscript.key)  # of which every column is there, whether it says something or not
    if written is not None and written.is_blank and not is_row:
        margin.is_vital = True
        place = (written.line, written.column)
        margin.note(place, "audience: is empty", "name a private channel, or remove the line")


def _check_source(margin: Margin) -> None:
    if not margin.raw.is_legal and (forbidden := xml.forbidden(margin.raw.source)):
        margin.is_vital = False
        place = margin.raw.place(forbidden.start())
        code = f"U+{ord(forbidden[0]):04X}"
        margin.note(place, f"holds {code}, which no feed can carry, and is shown without it", f"remove {code}")
        margin.raw = margin.raw._replace(source=xml.clean(margin.raw.source))  # no catalog takes half a pair


def _article(address: str, raw: Raw, found: Mapping[str, Any], name: names.Name, site: Site) -> Article:
    date = found["date"]
    instants = {key: found[key] and found[key].at for key in ("embargo", "updated", "expires", "withdrawn")}
    published = max(date.at, instants["embargo"] or date.at)
    link, paths = _link(found, site)
    return Article(
        address=address,
        title=found["title"],
        slug=found["slug"] or _slug_of_path(paths) or names.slug(name, address),
        slug_is_explicit=bool(found["slug"]),
        written_date=date.date,
        published=published,
        updated=max(published, instants["updated"] or published),
        source=raw.source.strip("\n"),
        markup=raw.markup,
        id=found["id"] or "",
        summary=found["summary"],
        link=link,
        image=found["image"],
        authors=found["authors"] or (),
        categories=(*(found["tags"] or ()), *(found["categories"] or ())),
        language=found["language"] or name.language or None,
        expires=instants["expires"],
        withdrawn=instants["withdrawn"],
        aliases=tuple(dict.fromkeys((*(found["aliases"] or ()), *paths))),
        enclosures=found["enclosures"] or (),
        rights=found["rights"],
        content=found["feed_content"],
        excerpt_length=found["excerpt_length"],
        audience=found["audience"] or (),
        reason=found["withdrawn_reason"],
    )


def _link(found: Mapping[str, Any], site: Site) -> tuple[str | None, tuple[str, ...]]:
    """The canonical page elsewhere, and the paths of the page on this host, of which a canonical one may be."""
    link, paths = found["link"], found["path"] or ()
    if link and (host := urlsplit(site.base_url).hostname) and urlsplit(link).hostname == host:
        return None, (*paths, urlsplit(link).path)
    return link, paths


def _slug_of_path(paths: tuple[str, ...]) -> str:
    last = (names.named(path.strip("/").removesuffix(".html")).words for path in paths)
    return next((found for words in last if (found := names.shortened(slugs.slug(words)))), "")
