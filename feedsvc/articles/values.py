"""Values as a person wrote them: their parts and items, and the lines of text they hold, out.

What is wrong with one is raised as `ValueError("what is wrong|what to write instead")`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedsvc.articles.margin import T, UnusedError
from feedsvc.text import ids

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from feedsvc.articles.margin import Margin
    from feedsvc.readers import Value

# Characters that a line holds at most.
LONGEST_NAME = 100
LONGEST_URL = 2000

_MOST_ITEMS = 1000

# What no field may hold: all that XML forbids, and other control characters; those of white space are folded.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")

ANSWERS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
DIGITS = re.compile(r"[0-9]{1,15}", re.ASCII)


def line(value: Value, longest: int) -> str:
    """One line of text, white space folded.

    Raises:
        ValueError: where it is no text, shows nothing, is longer, or has a character that no feed can carry.
    """
    text = value.value
    if not isinstance(text, str):
        raise ValueError("is not text|write it on one line, in quotes where it holds : or #")  # noqa: TRY004
    folded = " ".join(text.split())
    if not (folded and text.isascii() and text.isprintable()):  # most lines are, and need no closer look
        _check_characters(text, folded)
    if len(folded) > longest:
        raise ValueError(f"has {len(folded)} characters|write at most {longest}")
    return folded


def _check_characters(text: str, folded: str) -> None:
    if control := _CONTROL.search(text):
        code = f"U+{ord(control[0]):04X}"
        raise ValueError(f"holds the character {code}, which no feed can carry|remove {code}")
    if not any(character.isprintable() and character != " " for character in folded):
        raise ValueError("is empty|write what it should say")


def is_web_address(text: str) -> bool:
    """Whether it is an absolute http or https URL."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and ids.is_absolute_iri(text)


def shown(text: str) -> str:
    """A text as errors show it."""
    # The bar parts the problem from the cure.
    return repr(text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}…").replace("|", "¦")


def items(value: Value, separator: str | None, most: int) -> tuple[Value, ...]:
    """The items of a list that say something; text is a list of one, or of what stands between the separators."""
    found = value.value
    if isinstance(found, str):
        texts = found.split(separator) if separator else [found]
        items = tuple(value._replace(value=text) for text in texts)
    elif isinstance(found, tuple):
        items = found
    else:
        raise ValueError("is a map|write a list such as [one, two]")  # noqa: TRY004
    said = tuple(item for item in items if not item.is_blank)
    if len(said) > most:
        raise ValueError(f"{len(said)} are too many|keep the {most} that matter most")
    return said


def part(name: str, parts: Mapping[str, Value], margin: Margin, check: Callable[[Value, Margin], T]) -> T | None:
    """One part of a map, checked; None where it is not there, or is at fault."""
    part = parts.get(name)
    return margin.attempt(name, part, check) if part and not part.is_blank else None


def first_part(
    parts: Mapping[str, Value], margin: Margin, check: Callable[[Value, Margin], T], *names: str
) -> T | None:
    """The first of some parts that is there and right."""
    return next((found for name in names if (found := part(name, parts, margin, check)) is not None), None)


def one_of(parts: Mapping[str, Value], *names: str) -> Value:
    """The first of some parts that says something."""
    for name in names:
        if name in parts and not parts[name].is_blank:
            return parts[name]
    raise UnusedError


def first(value: Value) -> Value:
    """The first item that says something.

    Raises:
        UnusedError: where none does.
    """
    found = items(value, None, _MOST_ITEMS)
    if not found:
        raise UnusedError
    return found[0]
