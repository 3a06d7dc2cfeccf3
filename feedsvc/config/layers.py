"""What each layer says of the settings: a file, the environment and flags in; values with their origins, out."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from feedsvc.config import channels, checks, pairs, sections, toml
from feedsvc.errors import Fault, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

FILE_NAME = "feedsvc.toml"
PREFIX = "FEEDSVC_"

# By the table of each: what one is called, an example of its name, and the settings that it has.
_TABLES: Mapping[str, tuple[str, str, Collection[str]]] = {
    sections.TABLE: ("a section", f"[{sections.TABLE}.news]", sections.KEYS),
    channels.TABLE: ("a channel", f"[{channels.TABLE}.partners]", channels.KEYS),
}


class Given(NamedTuple):
    """What a layer gives for a setting: the place is a fault that holds it.

    Attributes:
        table: the kind of table that it stands in: one of sections, of channels, or of pairs; empty for the top.
        of: the section's or the channel's name.
        is_empty: whether it is a whole table of pairs, with none in it.
    """

    name: str
    value: Any
    origin: str
    place: Fault
    table: str = ""
    of: str = ""
    is_empty: bool = False

    @property
    def whole_name(self) -> str:
        """The name, with its table before it."""
        if self.table in pairs.KINDS:
            return self.table if self.is_empty else pairs.name(self.table, self.name)
        return ".".join(filter(None, (self.table, self.of, self.name)))


def given(
    known: Mapping[str, Any],
    folder: Path | None,
    environ: Mapping[str, str],
    flags: Mapping[str, Any],
    faults: list[Fault],
) -> Iterator[Given]:
    """What each layer gives, the weakest first.

    Args:
        known: the defaults of all settings, by their names.
        faults: where to put what is no setting, and what cannot be read.
    """
    if folder is not None:
        yield from _in_file(folder / FILE_NAME, known, faults)
    for variable in sorted(environ):
        if not variable.startswith(PREFIX) or not environ[variable]:
            continue
        name = variable.removeprefix(PREFIX).lower()
        place = Fault(variable, 0, 0, "", "")
        if name in known:
            yield Given(name, _typed(environ[variable], known[name]), variable, place)
        else:
            near = _nearest(name, known, lambda name: PREFIX + name.upper())
            faults.append(replace(place, problem="is not a setting", cure=near))
    for name, value in flags.items():
        if value is not None:
            flag = "--" + name.replace("_", "-")
            yield Given(name, value, flag, Fault(flag, 0, 0, "", ""))


def _typed(text: str, default: Any) -> Any:
    return int(text) if isinstance(default, int) and re.fullmatch(r"[0-9]{1,9}", text) else text


def _in_file(path: Path, known: Mapping[str, Any], faults: list[Fault]) -> Iterator[Given]:
    try:
        keys = toml.keys(path)
    except SettingsError as error:
        faults.extend(error.faults)
        return
    for key in keys:
        place = Fault(str(path), key.line, key.value_column, "", "", key.text)
        table, name = key.path[0] if len(key.path) > 1 else "", key.path[-1]
        of = "/".join(part.strip("/") for part in key.path[1:-1])
        origin = f"{FILE_NAME}:{key.line}" if key.line else FILE_NAME
        if not table and name in pairs.KINDS and key.value == {}:
            yield Given("", (), origin, place, name, is_empty=True)
        elif table not in pairs.KINDS and name not in _allowed(table, of, known):
            faults.append(_unknown(key, replace(place, column=key.column), known))
        elif isinstance(key.value, dict | list) and not (table == channels.TABLE and name in channels.LISTS):
            problem = f"{key.name}: is {checks.shown(key.value)} where one value belongs"
            faults.append(replace(place, problem=problem, cure=toml.LINES))
        else:
            yield Given(name, key.value, origin, place, table, of)


def _allowed(table: str, of: str, known: Collection[str]) -> Collection[str]:
    """The names that settings in a table have."""
    if not table:
        return known
    return {sections.TABLE: sections.KEYS, channels.TABLE: channels.KEYS}[table] if of else ()


def _unknown(key: toml.Key, place: Fault, known: Collection[str]) -> Fault:
    if len(key.path) > 1:
        one, example, keys = _TABLES[key.path[0]]
        near = get_close_matches(key.path[-1], keys, n=1)
        is_typo = near and near[0] != key.path[-1]
        cure = f"did you mean {near[0]}?" if is_typo else f"{one}, as in {example}, has {', '.join(keys)}"
    elif key.name in pairs.KINDS:
        cure = f"write [{key.name}], and {pairs.KINDS[key.name].what} below it, each on a line"
    elif isinstance(key.value, dict):
        meant = {each: f"did you mean [{each}.NAME]?" for each in _TABLES}
        meant |= {each: f"did you mean [{each}]?" for each in pairs.KINDS}
        near = get_close_matches(key.name, meant, n=1)
        cure = meant[near[0]] if near else "write its lines without the name of a table above them"
    else:
        cure = _nearest(key.name, known, str)
    return replace(place, problem=f"{key.name} is not a setting", cure=cure)


def _nearest(name: str, known: Collection[str], spell: Callable[[str], str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"did you mean {spell(near[0])}?" if near else "remove it; `feedsvc config` lists all settings"
