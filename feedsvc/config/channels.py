"""Channels of the settings: what is written in `[channels.NAME]` in; checked `ChannelSettings`, or faults, out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from feedsvc.config import checks, presets
from feedsvc.config.setting import Settings, setting
from feedsvc.text import subjects
from feedsvc.text.slugs import slug

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from feedsvc.errors import Fault

TABLE = "channels"

# So many channels may be named, and so many others in each of their lists.
MOST = 1000
MOST_NAMED = 100

_DAY = 86_400
_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": _DAY, "week": 7 * _DAY}
_DURATION = re.compile(rf"([0-9]{{1,6}}) ?({'|'.join(_UNITS)})s?")
_LONGEST_DELAY = 366 * _DAY
_NAMES = 'write names such as ["tags/harbour", "sections/news", "authors/ada-example"]'


def _names(value: Any) -> tuple[str, ...]:
    """Names of channels that articles are in by what they say of themselves."""
    found: dict[str, None] = {}
    for each in _list(value):
        name = subjects.meant(each)
        if not name:
            raise ValueError(f"{checks.shown(each)} is not what an article can be in|{_NAMES}")
        found[name] = None
    return tuple(sorted(found))


def _aliases(value: Any) -> tuple[str, ...]:
    names = {slug(each.strip("/").removeprefix(f"{TABLE}/")) for each in _list(value)}
    return tuple(sorted(f"{TABLE}/{name}" for name in names if name))


def _list(value: Any) -> tuple[str, ...]:
    if isinstance(value, dict):
        raise ValueError(f"a table is not a list|{_NAMES}")  # noqa: TRY004 - the value is at fault
    items = value if isinstance(value, list) else [value]
    if len(items) > MOST_NAMED:
        raise ValueError(f"has {len(items)} items|name at most {MOST_NAMED}")
    return tuple(checks.text(item) for item in items)


def duration(value: Any) -> int:
    """A time span in seconds: `2 hours`, `30 days`."""
    match = _DURATION.fullmatch(checks.text(value).lower())
    seconds = int(match[1]) * _UNITS[match[2]] if match else -1
    if not 0 <= seconds <= _LONGEST_DELAY:
        raise ValueError(
            f'{checks.shown(value)} is not a time span|write one such as "2 hours" or "30 days", at most a year'
        )
    return seconds


def _since(value: Any) -> str:
    """A day, from whose beginning in UTC on."""
    try:
        return (value if type(value) is date else date.fromisoformat(checks.text(value))).isoformat()
    except ValueError:
        raise ValueError(f'{checks.shown(value)} is not a day|write one such as "2026-05-20"') from None


def _set(check: Callable[[Any], Any], meaning: str, default: Any = None) -> Any:
    return setting(default, check, meaning)


class ChannelSettings(Settings, frozen=True, kw_only=True):
    """What is set for one channel; None for what holds for all.

    Attributes:
        name: of the channel: `channels/NAME` for one that is named here, `tags/SLUG` and the like for another.
    """

    name: str
    title: str | None = _set(checks.text, "its title; the site's title and its name where it is not set")
    description: str | None = _set(checks.text, "one sentence about it")
    language: str | None = _set(checks.language, "the language of the feed (BCP 47)")
    any: tuple[str, ...] = _set(_names, "channels of which an article is in one at least", ())
    all: tuple[str, ...] = _set(_names, "channels of which it is in each", ())
    none: tuple[str, ...] = _set(_names, "channels of which it is in none", ())
    text: str | None = _set(checks.text, "words that all stand in its title, its summary or its text")
    since: str | None = _set(_since, "the day from which on it was published")
    within: int | None = _set(duration, "how long ago at most it was published, such as `30 days`")
    has_image: bool = _set(checks.yes_or_no, "whether it must have a picture", default=False)
    entries: int | None = _set(checks.whole(50, 1, 1000), "how many articles its feeds hold")
    content: str | None = _set(checks.choice("full", "summary"), "`full` text, or the `summary` only")
    images: str | None = _set(
        checks.choice("all", "lead", "none"),
        "`all` pictures as they are; the one that stands for the article as the `lead` of its text too; or `none`",
    )
    order: str | None = _set(
        checks.choice("published", "updated"), "newest first by when they were `published`, or last `updated`"
    )
    delay: int | None = _set(duration, "how long after its publication an article comes, such as `2 hours`")
    rights: str | None = _set(checks.text, "the licence of its feeds")
    attribution: str | None = _set(checks.text, "the line below each text that leads to the article's page")
    private: bool = _set(checks.yes_or_no, "whether only who has an address of their own may read it", default=False)
    aliases: tuple[str, ...] = _set(_aliases, "names that it had before; they lead to it", ())
    ended: str | None = _set(_since, "the day from which on there is no more to come, and its feeds are gone")
    farewell: str | None = _set(checks.text, "what its last entry says then")
    logo: str | None = _set(checks.text, "a picture that stands for it; the site's where it is not set")
    preset: str | None = _set(checks.choice(*presets.PRESETS), "a partner, for what his feed has to be like")

    @property
    def given(self) -> Mapping[str, Any]:
        """What is set, by name, as the file says it; by its preset, too."""
        plain = ChannelSettings(name=self.name)
        held = {name: getattr(self, name) for name in self.lines}
        return {_KEY.get(name, name): value for name, value in held.items() if value != getattr(plain, name)}

    @property
    def shown(self) -> str:
        """Its name among the settings."""
        return f"{TABLE}.{self.name.removeprefix(f'{TABLE}/')}"

    @property
    def is_named(self) -> bool:
        """Whether it is a channel that only the settings know of."""
        return self.name.startswith(f"{TABLE}/")

    @property
    def ended_at(self) -> int | None:
        """The instant of its end, in seconds since the epoch; None where there is none."""
        return None if self.ended is None else _seconds(self.ended)

    @property
    def since_at(self) -> int | None:
        """The instant from which on what it shows was published, likewise."""
        return None if self.since is None else _seconds(self.since)


def _seconds(day: str) -> int:
    """The beginning of a day in UTC, in seconds since the epoch."""
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


# `not` is no name in Python.
_KEY = {"none": "not"}

KEYS: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    _KEY.get(name, name): (line.check, line.meaning) for name, line in ChannelSettings.lines.items()
}
"""By the name of each setting: its check and its meaning."""

LISTS = frozenset({"any", "all", "not", "aliases"})
"""The settings that are lists."""

# Only for channels that are named here: what is in all others articles say themselves.
_OF_NAMED = frozenset(
    {"any", "all", "not", "text", "since", "within", "has_image", "private", "aliases", "ended", "farewell"}
)


def channels(found: Mapping[str, Mapping[str, Any]]) -> tuple[ChannelSettings, ...]:
    """The channels, by name, from what is set in each by the name that is written in the file."""
    made = [ChannelSettings(name=_name(written), **_values(written, given)) for written, given in found.items()]
    return tuple(sorted(made, key=lambda each: each.name))


def _values(written: str, given: Mapping[str, Any]) -> dict[str, Any]:
    merged = presets.merged(given, is_named="/" not in written)
    return {"none" if name == "not" else name: value for name, value in merged.items()}


def _name(written: str) -> str:
    return subjects.meant(written) if "/" in written else f"{TABLE}/{slug(written)}"


def shown(written: str) -> str:
    """A channel as it is shown among the settings, by the name that is written in the file."""
    return f"{TABLE}.{_name(written).removeprefix(f'{TABLE}/') or written}"


def unusable(found: Mapping[str, Mapping[str, Any]], places: Mapping[str, Fault]) -> Iterator[Fault]:
    """A fault for each channel with a name that it cannot have, or with settings that do not go together.

    Args:
        found: what is set in each channel, by the name that is written in the file.
        places: by the setting's whole name, a fault that holds its place.
    """
    taken: dict[str, str] = {}
    for number, (written, given) in enumerate(found.items(), 1):
        if not given:  # its only setting is at fault, and told of
            continue
        told, name = f"{TABLE}.{written}", _name(written)
        first = places[f"{told}.{next(iter(given))}"]
        if not name or name == f"{TABLE}/" or (name.startswith(f"{TABLE}/") and name != f"{TABLE}/{written}"):
            problem = f"{told}: {checks.shown(written)} is not the name of a channel"
            yield replace(first, problem=problem, cure=f"write [{TABLE}.{slug(written) or 'partners'}]")
            continue
        for each in {name, *given.get("aliases", ())} & taken.keys():
            problem = f"{told}: {each} is what {taken[each]} is or was called"
            yield replace(first, problem=problem, cure="give each channel names of its own")
        taken |= dict.fromkeys((name, *given.get("aliases", ())), told)
        for key, problem, cure in _useless(name, given):
            yield replace(places[f"{told}.{key}"], problem=f"{told}.{key}: {problem}", cure=cure)
        if number == MOST + 1:
            yield replace(first, problem=f"{TABLE}: there are {len(found)}", cure=f"name at most {MOST}")


def _useless(name: str, given: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What is set in vain: the setting, why so, and the cure."""
    if not name.startswith(f"{TABLE}/"):
        for key in sorted(_OF_NAMED & given.keys()):
            cure = f"name a channel of your own, such as [{TABLE}.mine], and write it there"
            yield key, f"articles themselves say what is in {name}", cure
    if "farewell" in given and "ended" not in given:
        yield "farewell", "the channel has not ended", "write ended too, the day from which on it has"
