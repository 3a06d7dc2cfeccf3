"""What the keys of a record mean: its margin in; each of our fields, as an article holds it, out."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from feedsvc.articles.dialects import DIALECTS, GATHERED
from feedsvc.articles.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from feedsvc.articles.margin import Margin
    from feedsvc.readers import Value

    # How early a key is asked, the key, and what it says.
    Said = tuple[int, str, Value]

_NOTHING: Mapping[str, Any] = dict.fromkeys(FIELDS)

# By key, the fields that it may say and how early it is asked: `published` is a date or an answer.
MEANINGS: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
for _name, _keys in DIALECTS.items():
    for _rank, _key in enumerate(_keys.split()):
        MEANINGS[_key].append((_name, _rank))
_TABLES = frozenset(key.partition(".")[0] for key in MEANINGS if "." in key)

# Of more keys than these nobody has many records alike.
_FEW = 50


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """A time zone by its name; made once."""
    return ZoneInfo(name)


def fields(margin: Margin) -> dict[str, Any]:
    """Each field as an article holds it; None where the record does not say, or is at fault in it."""
    found = dict(_NOTHING)
    said: list[tuple[str, list[Said]]] = []
    keys, values = _with_parts(margin.raw.fields)
    for name, places in _asked(keys) if len(keys) <= _FEW else _asked.__wrapped__(keys):
        if there := [(rank, key, values[at]) for rank, key, at in places if not values[at].is_blank]:
            said.append((name, there))
    if said and said[0][0] == "zone":  # before the dates that are in it
        margin.zone = zone(_first(margin, "zone", said.pop(0)[1]) or margin.zone.key)
    for name, there in _without_keywords(said):
        found[name] = _gathered(margin, name, there) if name in GATHERED else _first(margin, name, there)
    return found


def _without_keywords(said: Iterable[tuple[str, list[Said]]]) -> Iterator[tuple[str, list[Said]]]:
    """What is said without words for search engines, where there are tags or categories for people."""
    whole = dict(said)
    tags = [each for each in whole.get("tags", ()) if each[1] != "keywords"]
    if "tags" in whole and (tags or "categories" in whole):
        whole["tags"] = tags
    return ((name, there) for name, there in whole.items() if there)


@lru_cache(maxsize=1024)
def _asked(keys: tuple[str, ...]) -> tuple[tuple[str, tuple[tuple[int, str, int], ...]], ...]:
    """The fields that a record with some keys may say, the zone first: for each the keys, in the order of their ranks.

    A key has its rank, its name and its place among all keys; a hyphen in one is as good as an underscore. Whole
    archives are written with the same few keys, so that they are looked up once.
    """
    said: dict[str, list[tuple[int, str, int]]] = {}
    for at, written in enumerate(keys):
        key = written.replace("-", "_")
        for name, rank in MEANINGS.get(key, ()):
            said.setdefault(name, []).append((rank, key, at))
    ordered = sorted(said, key="zone".__ne__)
    return tuple((name, tuple(sorted(said[name], key=itemgetter(0)))) for name in ordered)


def _with_parts(fields: Mapping[str, Value]) -> tuple[tuple[str, ...], tuple[Value, ...]]:
    """The keys and their values, those in tables with the table before them."""
    keys, values = tuple(fields), tuple(fields.values())
    if all(type(value.value) is not dict for value in values):
        return keys, values
    parts = list(_parts(fields))
    return tuple(key for key, _ in parts), tuple(value for _, value in parts)


def _parts(fields: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
    for written, value in fields.items():
        yield written, value
        if written.replace("-", "_") in _TABLES and isinstance(value.value, dict):
            yield from ((f"{written}.{inner}", part) for inner, part in value.value.items())


def _first(margin: Margin, name: str, values: list[Said]) -> Any:
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


def _gathered(margin: Margin, name: str, values: list[Said]) -> Any:
    found = [result for value in values if (result := _first(margin, name, [value])) is not None]
    if name == "draft":
        return any(found)
    if name == "path":
        return tuple(found)
    if len(found) == 1:
        return found[0]
    return tuple(dict.fromkeys(chain.from_iterable(found)))
