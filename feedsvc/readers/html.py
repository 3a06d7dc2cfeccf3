"""HTML: a page, or a fragment below front matter, in; what its head says of the article, and the article, out."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from typing import TYPE_CHECKING

from msgspec import Struct, field

from feedsvc.readers import frontmatter
from feedsvc.readers.raw import Raw, Value
from feedsvc.readers.tags import Outline
from feedsvc.text import dates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from feedsvc.readers.manuscript import Manuscript
    from feedsvc.readers.tags import Tag

_CURES = {
    "title": "write <title>My title</title> in the head",
    "date": 'write <meta property="article:published_time" content="2020-05-20"> in the head',
}

# By our names, in the order of preference: names and properties of `meta`, in lower case.
_METAS: Mapping[str, str] = {
    "title": "og:title dcterms.title dc.title twitter:title",
    "date": """
        article:published_time datepublished dcterms.issued dcterms.created dc.date.issued dc.date pubdate date
        parsely-pub-date sailthru.date
    """,
    "updated": "article:modified_time datemodified og:updated_time dcterms.modified last-modified",
    "summary": "description og:description dcterms.description dc.description twitter:description",
    "authors": "author article:author dcterms.creator dc.creator parsely-author",
    "tags": "article:tag keywords",
    "image": "og:image og:image:url twitter:image",
    "language": "og:locale",
    "expires": "article:expiration_time",
}
_KNOWN = frozenset(name for names in _METAS.values() for name in names.split())
_PLAIN = re.compile(r"[a-z_]+")
_REFRESH = "refresh"

# Of each kind of tag: what stands behind so many says nothing of the page.
_MOST = 100

# In characters: what a heading, or a page's linked data, is read of.
_LONGEST = 20_000
# Whoever shows so many dates in one page lists articles.
_DATES_OF_A_LIST = 3
_UPDATED = re.compile(r"(?:updated|modified|edited|changed)(?: on| at)?[\s:]*\Z", re.IGNORECASE)
_BEFORE = 80
_LINKED_DATA = re.compile(r'"(datePublished|dateModified|headline)"\s*:\s*"((?:\\.|[^"\\])*)"')
_OF_LINKED_DATA = {"datePublished": "date", "dateModified": "updated", "headline": "title"}

# Beside the text of an article's page: what leads elsewhere, and what asks.
_FURNITURE = frozenset({"nav", "footer", "form", "header", "script", "style", "noscript", "template", "dialog"})
_REGIONS = ("article", "main", "body")


class _Page(Struct):
    """What was found in a page, by the order in which it stands there."""

    metas: dict[str, list[Value]] = field(default_factory=dict)
    language: Value | None = None
    title: Value | None = None
    headings: list[tuple[int, Value]] = field(default_factory=list)
    times: list[tuple[int, bool, Value]] = field(default_factory=list)
    linked: dict[str, Value] = field(default_factory=dict)
    is_redirect: bool = False


def read(manuscript: Manuscript) -> Raw:
    """Reads a page by its head and its `article`, `main` or `body`; below front matter all is the article's.

    Raises:
        RecordError: where there is front matter that cannot be read.
    """
    if matter := frontmatter.read(manuscript):
        source = manuscript.text[matter.end :]
        undated = "a page without a date"
        return Raw(manuscript, matter.fields, source, matter.end, "html", matter.cures, matter.faults, undated=undated)
    found = Outline(manuscript.text)
    page = _page(manuscript, found)
    start, end = _region(manuscript.text, found)
    if _is_list(page, found, start, end):
        page.times.clear()
    return Raw(
        manuscript,
        _fields(page, start, end),
        _without_furniture(manuscript.text, found, start, end),
        start,
        "html",
        _CURES,
        aside="a redirect" if page.is_redirect else "",
        undated="a page without a date",
    )


def _is_list(page: _Page, found: Outline, start: int, end: int) -> bool:
    """Whether a page shows dates of several articles, and none is said to be its own."""
    articles = [tag for tag in found.tags if tag.name == "article" and not tag.is_end]
    is_single = articles and all(tag.end == start or start <= tag.start < end for tag in articles)
    if is_single or any(is_published for _, is_published, _ in page.times):
        return False
    return len({value.value for *_, value in page.times}) >= _DATES_OF_A_LIST


def _page(manuscript: Manuscript, found: Outline) -> _Page:
    page = _Page()
    seen: Counter[str] = Counter()
    for number, tag in enumerate(found.tags):
        seen[tag.name] += 1
        if tag.is_end or seen[tag.name] > _MOST:
            continue
        if tag.name == "meta":
            _take_meta(page, manuscript, tag)
        elif tag.name == "html" and tag.attributes.get("lang"):
            page.language = _value(manuscript, tag, tag.attributes["lang"])
        elif tag.name == "title" and page.title is None:
            page.title = _value(manuscript, tag, _text(manuscript.text, found, number))
        elif tag.name == "h1":
            page.headings.append((tag.start, _value(manuscript, tag, _text(manuscript.text, found, number))))
        elif tag.name == "time":
            _take_time(page, manuscript, tag, _text(manuscript.text, found, number))
        elif tag.name == "script" and "ld+json" in tag.attributes.get("type", ""):
            _take_linked_data(page, manuscript, tag, _between(manuscript.text, found, number))
    return page


def _take_meta(page: _Page, manuscript: Manuscript, tag: Tag) -> None:
    given = tag.attributes
    name = (given.get("property") or given.get("name") or given.get("itemprop") or "").lower()
    page.is_redirect |= given.get("http-equiv", "").lower() == _REFRESH
    if given.get("content", "").strip() and (name in _KNOWN or _PLAIN.fullmatch(name)):
        page.metas.setdefault(name, []).append(_value(manuscript, tag, given["content"]))


def _take_time(page: _Page, manuscript: Manuscript, tag: Tag, text: str) -> None:
    """A date by its attribute, else by its text, where that is one (HTML Standard §4.5.14)."""
    given = tag.attributes
    if written := given.get("datetime", "").strip() or (text if dates.is_date(text) else ""):
        before = re.sub(r"<[^<>]*>|\s+", " ", manuscript.text[max(tag.start - _BEFORE, 0) : tag.start])
        if _UPDATED.search(before) or "modified" in given.get("itemprop", "").lower():
            page.linked.setdefault("updated", _value(manuscript, tag, written))
            return
        is_published = (
            "pubdate" in given or "published" in f"{given.get('itemprop', '')} {given.get('class', '')}".lower()
        )
        page.times.append((tag.start, is_published, _value(manuscript, tag, written)))


def _take_linked_data(page: _Page, manuscript: Manuscript, tag: Tag, text: str) -> None:
    for key, value in _LINKED_DATA.findall(text):
        page.linked.setdefault(_OF_LINKED_DATA[key], _value(manuscript, tag, value.replace('\\"', '"')))


def _fields(page: _Page, start: int, end: int) -> Mapping[str, Value]:
    fields = {name: values[0] for name, values in page.metas.items() if _PLAIN.fullmatch(name) and name not in _KNOWN}
    for name, metas in _METAS.items():
        values = next((page.metas[meta] for meta in metas.split() if meta in page.metas), [])
        if values:
            fields[name] = _list(values) if len(values) > 1 else values[0]
    inside = [value for at, value in page.headings if start <= at < end] or [value for _, value in page.headings]
    times = sorted(
        (not is_published, at, value) for at, is_published, value in page.times if start <= at < end or is_published
    )
    for name, found in (
        ("title", (page.linked.get("title"), *inside, page.title)),
        ("date", (page.linked.get("date"), *(value for *_, value in times[:1]))),
        ("updated", (page.linked.get("updated"),)),
    ):
        if name not in fields and (first := next((value for value in found if value and not value.is_blank), None)):
            fields[name] = first
    if page.language and "language" not in page.metas:
        fields["language"] = page.language
    return fields


def _list(values: list[Value]) -> Value:
    first = values[0]
    return Value(tuple(values), first.line, first.column, first.key_line, first.key_column)


def _region(text: str, found: Outline) -> tuple[int, int]:
    """Where the inside of the article begins and ends."""
    for name in _REGIONS:
        number = next((number for number, tag in enumerate(found.tags) if tag.name == name and not tag.is_end), None)
        if number is not None:
            return found.tags[number].end, found.span(number)[0]
    head = next((tag.end for tag in found.tags if tag.name == "head" and tag.is_end), 0)
    return head, len(text)


def _without_furniture(text: str, found: Outline, start: int, end: int) -> str:
    return "".join(_kept(text, found, start, end))


def _kept(text: str, found: Outline, start: int, end: int) -> Iterator[str]:
    done = start
    for number, tag in enumerate(found.tags):
        if done <= tag.start < end and tag.name in _FURNITURE and not tag.is_end:
            yield text[done : tag.start]
            done = min(found.span(number)[1], end)
    yield text[done:end]


def _between(text: str, found: Outline, number: int) -> str:
    start, end = found.tags[number].end, found.span(number)[0]
    return text[start : min(end, start + _LONGEST)]


def _text(text: str, found: Outline, number: int) -> str:
    return " ".join(unescape(re.sub(r"<[^<>]*>", "", _between(text, found, number))).split())


def _value(manuscript: Manuscript, tag: Tag, text: str) -> Value:
    place = manuscript.place(tag.start)
    return Value(text, *place, *place)
