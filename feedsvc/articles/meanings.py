"""What the keys of a record mean: its margin in; each of our fields, as an article holds it, out."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from feedsvc.articles.dialects import DIALECTS, GATHERED
from feedsvc.articles.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from feedsvc.articles.margin import Margin
    from feedsvc.readers import Value

_NOTHING: Mapping[str, Any] = dict.fromkeys(FIELDS)

# By key, the fields that it may say and how early it is asked: `published` is a date or an answer.
MEANINGS: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
for _name, _keys in DIALECTS.items():
    for _rank, _key in enumerate(_keys.split()):
        MEANINGS[_key].append((_name, _rank))
_TABLES = frozenset(key.partition(".")[0] for key in MEANINGS if "." in key)


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """A time zone by its name; made once."""
    return ZoneInfo(name)


def fields(margin: Margin) -> dict[str, Any]:
    """Each field as an article holds it; None where the record does not say, or is at fault in it."""
    found = dict(_NOTHING)
    said: dict[str, list[tuple[int, str, Value]]] = {}
    for key, value in _said(margin.raw.fields):
        for name, rank in MEANINGS[key]:
            said.setdefault(name, []).append((rank, key, value))
    if "zone" in said:  # before the dates that are in it
        margin.zone = zone(_first(margin, "zone", said.pop("zone")) or margin.zone.key)
    for name, values in said.items():
        values.sort(key=lambda each: each[0])
        found[name] = _gathered(margin, name, values) if name in GATHERED else _first(margin, name, values)
    return found


def _said(fields: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
    """The keys that mean something and say something, those in tables with the table before them.

    A hyphen in one is as good as an underscore.
    """
    for written, value in fields.items():
        key = written.replace("-", "_")
        if key in MEANINGS and not value.is_blank:
            yield key, value
        if key in _TABLES and isinstance(value.value, dict):
            for inner, part in value.value.items():
                if (whole := f"{key}.{inner.replace('-', '_')}") in MEANINGS and not part.is_blank:
                    yield whole, part


def _first(margin: Margin, name: str, values: list[tuple[int, str, Value]]) -> Any:
    """What the first key says that can be used; what is wrong under other tools' is passed over where that is safe."""
    field = FIELDS[name]
    margin.is_vital = field.is_vital
    for rank, key, value in values:
        margin.key = key
        noted = len(margin.faults)
        result = margin.attempt(key, value, field.check)
        if result is not None:
            return result
        if rank and field.is_lax:
            del margin.faults[noted:]
        elif len(margin.faults) > noted:
            return None
    return None


def _gathered(margin: Margin, name: str, values: list[tuple[int, str, Value]]) -> Any:
    found = [result for value in values if (result := _first(margin, name, [value])) is not None]
    if name == "draft":
        return any(found)
    if name == "path":
        return tuple(found)
    if len(found) > 1 and values[-1][1] == "keywords":  # words for search engines, where there are no tags
        found.pop()
    return tuple(dict.fromkeys(each for several in found for each in several))
