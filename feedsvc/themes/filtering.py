"""The filters of templates of a site: Jinja's in; the same, but for those that can take without end, out.

Each takes what is around it, so that none is made use of while a template is only translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING, Any

from jinja2 import pass_context
from jinja2.exceptions import SecurityError
from jinja2.filters import make_attrgetter

from feedsvc.themes.allowance import CONTAINERS, check_time, spend, spent, weighed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2.runtime import Context

# Each makes a text or a list of any length out of a number, or takes as long as the square of what it is given; one
# gives something else each time.
_NOT_OURS = frozenset({"batch", "center", "format", "indent", "pprint", "random", "slice", "urlize", "wordwrap"})

# These take lists; all others make a text of what they are given, and a list is none.
_OF_LISTS = frozenset(
    {
        *("attr", "count", "d", "default", "dictsort", "first", "groupby", "items", "join", "last", "length", "list"),
        *("map", "max", "min", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "sum", "tojson"),
        *("unique", "xmlattr"),
    }
)

LARGEST_NUMBER = 10_000
"""The largest number that a filter is given beside what it is to change."""

_TAG = re.compile(r"<!--(?:[^-]|-(?!->))*+(?:-->|\Z)|<[^>]*+>?")


def bounded(filters: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """Filters that end in time, by name."""
    return {name: _bounded(name, each) for name, each in filters.items() if name not in _NOT_OURS}


def said(value: Any) -> Any:
    """What is written into a page or a text: anything but a list.

    Raises:
        SecurityError: where it is one.
    """
    if isinstance(value, CONTAINERS):
        raise SecurityError("a list is no text: write its items one by one, or join them")
    return value


def _bounded(name: str, made: Callable[..., Any]) -> Callable[..., Any]:
    around = getattr(getattr(made, "jinja_pass_arg", None), "name", "")
    prepare: Callable[..., _Given] = _PREPARED.get(name, _as_it_is)
    is_of_lists = name in _OF_LISTS

    @pass_context
    def filtered(context: Context, value: Any, /, *arguments: Any, **named: Any) -> Any:
        check_time()
        for each in (*arguments, *named.values()):
            if isinstance(each, int) and abs(each) > LARGEST_NUMBER:
                raise SecurityError(f"{name} takes numbers up to {LARGEST_NUMBER:,}")
        first = {"context": (context,), "environment": (context.environment,), "eval_context": (context.eval_ctx,)}
        value = spent(value) if isinstance(value, Iterator) else value if is_of_lists else said(value)
        value, arguments, named = prepare(context, value, *arguments, **named)
        return weighed(made(*first.get(around, ()), value, *arguments, **named))

    return filtered


# A filter's value, and what it is given beside it.
_Given = tuple[Any, tuple[Any, ...], dict[str, Any]]


def _as_it_is(_context: Context, value: Any, *arguments: Any, **named: Any) -> _Given:
    return value, arguments, named


def _to_replace(_context: Context, value: Any, old: Any, new: Any, count: int | None = None) -> _Given:
    text, found, instead = str(value), str(said(old)), str(said(new))
    spend(len(text) + text.count(found) * len(instead))
    return value, (old, new, count), {}


def _to_join(context: Context, value: Any, d: Any = "", attribute: Any = None) -> _Given:
    items = value if attribute is None else map(make_attrgetter(context.environment, attribute), value)
    texts = list(spent(map(_text, items)))
    spend(len(str(said(d))) * len(texts))
    return texts, (d,), {}


def _text(item: Any) -> str:
    """What is written of an item; marked as HTML where it is that."""
    return item if isinstance(item, str) else str(said(item))


def _to_sum(_context: Context, value: Any, attribute: Any = None, start: Any = 0) -> _Given:
    if not isinstance(start, int | float):
        raise SecurityError("sum is for numbers")
    return value, (attribute, start), {}


_PREPARED: Mapping[str, Callable[..., _Given]] = {
    "replace": _to_replace,
    "join": _to_join,
    "sum": _to_sum,
}


def striptags(value: Any) -> str:
    """A text without its tags, white space folded, in time that grows with the text; Jinja's grows with its square."""
    return " ".join(unescape(_TAG.sub(" ", str(value))).split())
