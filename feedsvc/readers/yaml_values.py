"""YAML in a text: its lines in; its keys and values, each with its place, and what was refused, out.

Scalars are plain text: what a date or a number is, `articles` decides. YAML's events are composed here and not by its
library, so that depth is bounded before anything recurs, and what can grow (aliases) or run (tags) is never built.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml
from msgspec import Struct, field
from msgspec.structs import replace

from feedsvc.errors import Fault, RecordError
from feedsvc.readers import simple_yaml
from feedsvc.readers.raw import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from feedsvc.readers.manuscript import Manuscript

DEEPEST = 20
"""The most lists and maps within each other."""

MOST_FAULTS = 20
"""What is found after so many is not worth reading."""

LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

# YAML 1.1 §5.1 allows less than XML does.
_UNFIT = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

# YAML 1.1 ends lines at these too; then its line numbers would not be the editor's.
_LINE_ENDS = {0x85: " ", 0x2028: " ", 0x2029: " "}

_NOTHING = frozenset({"~", "null", "Null", "NULL"})

# What only says of which type a value is; `!` is what old programs write before a text in quotes.
_HARMLESS = frozenset({"!", *(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "timestamp"))})

# By what libyaml says: whether the opening of the faulty part is the place to look at, and what to write there.
_CURES = (
    ("mapping values", False, "put the text in quotes, since it holds a colon; indent keys alike"),
    ("unexpected end", True, "write the quote that closes the text"),
    ("',' or", True, "write the bracket that closes the list or map"),
    ("start any token", False, "put the text in quotes; indent with spaces, not tabs"),
    ("escape", False, "write a backslash in quotes as \\\\, or use single quotes"),
    ("expected key", False, "put the whole text in quotes, and double each quote within it; indent keys alike"),
    ("", False, "put the text in quotes"),
)

# Newer versions of libyaml refuse what is very deep before it can be counted here.
_TOO_DEEP = f"lists and maps are more than {DEEPEST} deep", "write them flat"
_LIBRARY_S_TOO_DEEP = "nesting depth"


def fields(head: str, manuscript: Manuscript, start: int) -> tuple[Mapping[str, Value], tuple[Fault, ...]]:
    """The keys of YAML that begins at an index of a manuscript, by their names in lower case, and what was refused.

    Raises:
        RecordError: where it is no YAML of keys and values, or too deep.
    """
    if not simple_yaml.is_plain(head) and (unfit := _UNFIT.search(head)):
        code = f"U+{ord(unfit[0]):04X}"
        place = manuscript.place(start + unfit.start())
        raise RecordError(manuscript.fault(place, f"holds the character {code}", f"remove {code}"))
    first_line = manuscript.place(start)[0]
    simple = simple_yaml.fields(head, first_line)
    if simple is not None:
        return simple, ()
    composer = _Composer(manuscript, first_line)
    found = composer.fields(head.translate(_LINE_ENDS))
    return found, tuple(composer.faults)


class _Composer(Struct):
    """Makes values of YAML's events, and collects what it refuses."""

    manuscript: Manuscript
    first_line: int
    faults: list[Fault] = field(default_factory=list)

    def fields(self, head: str) -> Mapping[str, Value]:
        events = yaml.parse(head, Loader=LOADER)
        try:
            return self._top(events)
        except yaml.MarkedYAMLError as error:
            raise RecordError(*self.faults, self._syntax_fault(error)) from None
        except (ValueError, OverflowError):
            # The loader without libyaml takes any number for an escaped character's.
            place = (self.first_line, 1)
            fault = self.manuscript.fault(
                place, "front matter is not YAML: no such character", "correct the escapes that start with \\"
            )
            raise RecordError(*self.faults, fault) from None

    def _top(self, events: Iterator[Any]) -> Mapping[str, Value]:
        content = (event for event in events if isinstance(event, yaml.NodeEvent))
        first = next(content, None)
        if first is None:
            return {}
        if not isinstance(first, yaml.MappingStartEvent):
            self._refuse(first, "front matter is no list of keys with values", "write lines such as title: My title")
            raise RecordError(*self.faults)
        found = self._value(first, self._place(first), events, depth=1).value
        if second := next(content, None):
            self._refuse(second, "a second document starts here", "remove the line --- above it")
        return found if isinstance(found, dict) else {}

    def _value(self, event: Any, key: tuple[int, int], events: Iterator[Any], *, depth: int) -> Value:
        if depth > DEEPEST and isinstance(event, yaml.CollectionStartEvent):
            self._refuse(event, *_TOO_DEEP)
            raise RecordError(*self.faults)
        value: str | tuple[Value, ...] | Mapping[str, Value] | None = None
        if isinstance(event, yaml.SequenceStartEvent):
            value = self._list(events, depth)
        elif isinstance(event, yaml.MappingStartEvent):
            value = self._map(events, depth)
        elif isinstance(event, yaml.ScalarEvent):
            value = "" if event.implicit[0] and event.value in _NOTHING else event.value
        return Value(None if self._is_refused(event) else value, *self._place(event), *key)

    def _list(self, events: Iterator[Any], depth: int) -> tuple[Value, ...]:
        found = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            found.append(self._value(event, self._place(event), events, depth=depth + 1))
        return tuple(found)

    def _map(self, events: Iterator[Any], depth: int) -> Mapping[str, Value]:
        found: dict[str, Value] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            place = self._place(event)
            key = self._value(event, place, events, depth=depth + 1).value
            value = self._value(next(events), place, events, depth=depth + 1)
            if not isinstance(key, str):
                self._refuse(event, "a key is not plain text", "write keys such as title:")
            else:
                self._note_repeated(event, name := key.strip().lower(), found)
                found[name] = value
        return found

    def _note_repeated(self, event: Any, name: str, found: Mapping[str, Value]) -> None:
        if name in found:
            cure = f"keep one of them; the first is in line {found[name].key_line}"
            fault = self.manuscript.fault(self._place(event), f"{name} stands twice, and the last one counts", cure)
            self._add(replace(fault, is_warning=True))

    def _is_refused(self, event: Any) -> bool:
        if isinstance(event, yaml.AliasEvent):
            self._refuse(
                event, f"the alias *{event.anchor} is not read", "write the value itself, or put the text in quotes"
            )
        elif event.anchor is not None:
            self._refuse(event, f"the anchor &{event.anchor} is not read", "remove it, or put the text in quotes")
        elif event.tag is not None and event.tag not in _HARMLESS:
            self._refuse(event, f"the tag {event.tag} is not read", "remove it, or put the text in quotes")
        else:
            return False
        return True

    def _place(self, event: Any) -> tuple[int, int]:
        return event.start_mark.line + self.first_line, event.start_mark.column + 1

    def _refuse(self, event: Any, problem: str, cure: str) -> None:
        self._add(self.manuscript.fault(self._place(event), problem, cure))

    def _add(self, fault: Fault) -> None:
        self.faults.append(fault)
        if len(self.faults) == MOST_FAULTS:
            raise RecordError(*self.faults)

    def _syntax_fault(self, error: yaml.MarkedYAMLError) -> Fault:
        problem = str(error.problem)
        at_opening, cure = next(rest for said, *rest in _CURES if said in problem)
        mark: Any = error.context_mark if at_opening else error.problem_mark
        place = mark.line + self.first_line, mark.column + 1
        if _LIBRARY_S_TOO_DEEP in problem:
            return self.manuscript.fault(place, *_TOO_DEEP)
        return self.manuscript.fault(place, f"front matter is not YAML: {problem}", str(cure))
