"""Filters: the query of an address in; the channels that are meant, and the one query that says so, out."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote, unquote_to_bytes

from msgspec import Struct

from feedsvc.errors import FilterError
from feedsvc.text.slugs import slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

KINDS = {"tag": "tags", "category": "categories", "author": "authors", "section": "sections", "language": "languages"}
"""What the names of the channels of each key start with, in the order of the keys in an address."""

ALL, NOT = "all", "not"
KEYS = (*KINDS, ALL, NOT)

# So many values a filter may have, and so many bytes its query.
MOST, LONGEST = 8, 500

# With it, a person too gets the feed at the address of one.
FOR_READERS = "format=feed"

# What others call the same, in lower case.
_MEANT = {
    "tag": "tags tagged any topic topics label labels",
    "category": "categories cat cats",
    "author": "authors",
    "section": "sections",
    "language": "languages lang langs",
    "all": "every",
    "not": "none exclude excludes except without",
}
_NEAR = {name: key for key, names in _MEANT.items() for name in names.split()}
_INDEXED = re.compile(r"\[[0-9]*\]$")

# Whether a query may have to do with filters; most have not. Of one that is too long, only so much is looked at.
_WORDS = "|".join(map(re.escape, sorted({*KEYS, *_NEAR}, key=len, reverse=True))).encode()
_MAY_BE = re.compile(rb"(?:\A|&)(?:(?:%b)(?:\[[0-9]*\])?(?=[=&]|\Z)|[^=&%%+]*[%%+])" % _WORDS, re.IGNORECASE)
_IS_OURS = re.compile(rb"(?:\A|&)(?:%b)(?=[=&]|\Z)" % _WORDS, re.IGNORECASE)

# Of these, some stand in no slug; with the others people write patterns and lists.
_PATTERN = re.compile('[\x00-\x1f\x7f-\x9f\\\\?#%*()\\[\\]{}|^$<>"`,;\ud800-\udfff\ufffe\uffff\ufffd]')

Group: TypeAlias = frozenset[str]


class Filter(Struct, frozen=True):
    """Which articles are meant, in the one shortest form.

    Attributes:
        groups: of names of channels: an article is in at least one of each.
        none: and in none of these.
    """

    groups: tuple[Group, ...]
    none: Group = frozenset()

    @property
    def channel(self) -> str | None:
        """The name of the one channel that shows the same, empty for the site; None where there is none."""
        if self.none or len(self.groups) > 1:
            return None
        names = next(iter(self.groups), frozenset({""}))
        return next(iter(names)) if len(names) == 1 else None

    @property
    def names(self) -> tuple[str, ...]:
        """Of every channel that is named, each once."""
        return tuple(sorted(frozenset().union(self.none, *self.groups)))

    @property
    def query(self) -> str:
        """The canonical query, without a question mark."""
        written: dict[str, list[str]] = {key: [] for key in KEYS}
        together: defaultdict[str, list[Group]] = defaultdict(list)
        for group in self.groups:
            together[_kind(next(iter(group)))].append(group)
        for key, groups in together.items():
            # One group of a kind is what its key says; of several, all but one hold a single channel.
            own = groups if len(groups) == 1 else [group for group in groups if len(group) > 1]
            written[key] += [name.partition("/")[2] for group in own for name in group]
            written[ALL] += [_short(name) for group in groups if group not in own for name in group]
        written[NOT] += map(_short, self.none)
        return "&".join(f"{key}={quote(value, safe='/')}" for key in KEYS for value in sorted(written[key]))


def read(query: bytes) -> Filter | None:
    """The filter that the query of an address says, in whatever spelling; None where it says none.

    Raises:
        FilterError: where it was probably meant as one, or nothing can match it.
    """
    if not _MAY_BE.search(query, 0, LONGEST):
        return None
    if len(query) > LONGEST:
        if _IS_OURS.search(query, 0, LONGEST):
            raise FilterError(_TOO_LONG)
        return None
    pairs = [_pair(part) for part in query.split(b"&") if part]
    keys = {key for key, _ in pairs}
    for key in sorted(key for key in keys if key is not None):
        if meant := _meant(key):
            raise FilterError(f"There is no key of this name here. Did you mean {meant}=? {_SHAPE}")
    if keys.isdisjoint(KEYS):
        return None
    values = _values(pairs)
    if sum(map(len, values.values())) > MOST:
        raise FilterError(f"A filter has {MOST} values at most. Take some of them out.")
    found = _simplest(values)
    if len(found.query) + len(f"&{FOR_READERS}") > LONGEST:
        raise FilterError(_TOO_LONG)
    return found


def _pair(part: bytes) -> tuple[str | None, str | None]:
    """The key and the value of a part, decoded; None for what is no UTF-8."""
    name, _, value = part.replace(b"+", b" ").partition(b"=")
    return _decoded(name), _decoded(value)


def _decoded(written: bytes) -> str | None:
    try:
        return unquote_to_bytes(written).decode()
    except UnicodeDecodeError:
        return None


def _meant(key: str) -> str:
    """The key that was probably meant; empty where it is one, or none is near."""
    if key in KEYS:
        return ""
    folded = _INDEXED.sub("", key.strip().lower())
    return folded if folded in KEYS else _NEAR.get(folded, "")


def _values(pairs: Iterable[tuple[str | None, str | None]]) -> dict[str, list[str]]:
    """The names of channels, by key; those too that are there twice.

    Raises:
        FilterError: where a value is none, or anything else stands beside.
    """
    found: dict[str, list[str]] = {key: [] for key in KEYS}
    for key, value in pairs:
        if key is None or key not in KEYS:
            if (key, value) != tuple(FOR_READERS.split("=")):
                raise FilterError(f"Beside a filter nothing may stand but {FOR_READERS}. Take the rest away.")
        elif value is None:
            raise FilterError(f"A value of {key}= is not UTF-8. Percent-encode it as that.")
        elif value.strip():
            found[key].append(_name(key, value))
    return found


def _name(key: str, value: str) -> str:
    """The name of the channel that a value names, in whatever case.

    Raises:
        FilterError: where it can name none.
    """
    if _PATTERN.search(value):
        raise FilterError(
            f"A value of {key}= is not the last part of an address, such as harbour. Give each value its own {key}=, "
            "and no patterns."
        )
    kind, rest = KINDS.get(key), value
    if kind is None:
        first, has_kind, more = value.partition("/")
        kind, rest = (first.strip().lower(), more) if has_kind else (KINDS["tag"], value)
        if kind not in KINDS.values():
            raise FilterError(f"A value of {key}= is a tag, or a channel such as authors/ada-example.")
    parts = [slug(part) for part in rest.split("/") if part] if kind == KINDS["section"] else [slug(rest)]
    name = "/".join((kind, *parts))
    if not parts or not all(parts) or (len(parts) == 1 and "/" in rest.strip("/")) or _PATTERN.search(name):
        raise FilterError(f"A value of {key}= is not the last part of an address, such as harbour. {_SHAPE}")
    return name


def _simplest(values: dict[str, list[str]]) -> Filter:
    """The same, without what says nothing more.

    Every article that is in some channels and in no others is meant by two filters or by neither, if and only if this
    makes one of the two: alternatives, all of which are to hold, have one shortest form where nothing in them is
    negated, and what is in `none` is nobody's alternative.

    Raises:
        FilterError: where nothing can match.
    """
    none = frozenset(values[NOT])
    stated = [frozenset(values[key]) for key in KINDS if values[key]] + [frozenset({name}) for name in values[ALL]]
    groups = {group - none for group in stated}
    if not all(groups):
        raise FilterError("Nothing can match this filter: what it asks for is in not= too. Take it out of one of them.")
    shortest = [group for group in groups if not any(other < group for other in groups)]
    return Filter(tuple(sorted(shortest, key=_order)), none)


def _order(group: Group) -> tuple[int, int, Sequence[str]]:
    names = sorted(group)
    return [*KINDS].index(_kind(names[0])), -len(names), names


def _kind(name: str) -> str:
    """The key of the channels of a channel's kind."""
    return _KEYS_OF_KINDS[name.partition("/")[0]]


def _short(name: str) -> str:
    """A channel's name as a value of `all` and `not`."""
    return name.removeprefix(f"{KINDS['tag']}/")


_KEYS_OF_KINDS = {kind: key for key, kind in KINDS.items()}
_SHAPE = "A filter is written like this: ?tag=harbour&tag=ferries&not=wind."
_TOO_LONG = f"The query of a filter has {LONGEST} bytes at most. Take some of its values out."
