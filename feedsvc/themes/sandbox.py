"""Where templates of a site run: texts in; an environment that reaches nothing else, and ends in time, out.

Who writes a template is not who runs the server: it sees what it is given, changes nothing of it, and what takes long
or grows large is cut off.
"""

from __future__ import annotations

import re
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from jinja2 import BaseLoader, StrictUndefined, TemplateNotFound, nodes
from jinja2.compiler import CodeGenerator
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from feedsvc.themes import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from jinja2 import Environment
    from jinja2.compiler import Frame

OURS = "feedsvc/"
"""Before the name of a template: ours, whatever the site has under that name."""

LONGEST = 1.0
"""For so many seconds of its thread's own time a page may be made: that others keep the machine busy is no mistake."""

LARGEST = 4 * 1024 * 1024
"""The most characters of a text that a template makes."""

# Not urlsplit, which raises on some texts: an address of no use only stays without a link.
_WEB = re.compile(r"https?://(?:[^/?#]*@)?([^/?#]+).*", re.IGNORECASE | re.DOTALL)

# Each makes a text of any length out of a number.
_FILTERS = ("center", "format", "indent", "wordwrap", "pprint")
_METHODS = frozenset({"center", "expandtabs", "ljust", "rjust", "zfill", "translate", "replace", "join"})
_WIDE = re.compile(r":[^{}]*(?:[0-9]{4}|\{)")

_UNTIL: ContextVar[float] = ContextVar("until")


class TakesLong(Exception):  # noqa: N818 - why a page is not made so
    """A template ran for longer than it may."""


class _Generator(CodeGenerator):
    """Makes code that looks at the clock in every loop, and at the length of what it joins."""

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802 - jinja's name
        node.iter = self._call("in_time", [node.iter], node.lineno)
        super().visit_For(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - likewise
        self.visit(self._call("joined", node.nodes, node.lineno), frame)

    def _call(self, name: str, arguments: list[Any], line: int) -> nodes.Call:
        made = nodes.Call(nodes.EnvironmentAttribute(name), arguments, [], None, None, lineno=line)
        made.set_environment(self.environment)
        return made


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment of templates of a site."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})
    code_generator_class = _Generator

    def __init__(self, loader: BaseLoader) -> None:
        super().__init__(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.concat = _concat  # type: ignore[method-assign]
        for name in _FILTERS:
            del self.filters[name]
        for name in ("lipsum", "cycler", "joiner"):
            del self.globals[name]
        furnish(self)

    def in_time(self, items: Iterable[Any]) -> Iterator[Any]:
        """What a loop goes through, while there is time."""
        for item in items:
            _check_time()
            yield item

    def joined(self, *parts: Any) -> Any:
        """Texts one behind another."""
        _check_length(sum(len(str(part)) for part in parts))
        from markupsafe import Markup, escape  # noqa: PLC0415 - only where a template joins something

        return (
            Markup("").join(map(escape, parts))
            if any(hasattr(part, "__html__") for part in parts)
            else "".join(map(str, parts))
        )

    def call(self, context: Any, called: Any, /, *arguments: Any, **named: Any) -> Any:
        """As jinja does, while there is time."""
        _check_time()
        return super().call(context, called, *arguments, **named)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Sums and products of what is not large."""
        if operator == "+":
            _check_length(sum(len(each) for each in (left, right) if hasattr(each, "__len__")))
        elif (
            not all(isinstance(each, int | float) and abs(each) < LARGEST for each in (left, right)) or operator == "**"
        ):
            raise SecurityError(f"{operator} is for numbers only, and not for large ones")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, of: Any, attr: str, value: Any) -> bool:
        """As jinja says; nor is what makes a long text of a short one."""
        return super().is_safe_attribute(of, attr, value) and not (isinstance(of, str) and attr in _METHODS)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """As jinja does; a width is not for templates."""
        wrapped = super().wrap_str_format(value)
        if wrapped is not None and _WIDE.search(value.__self__):
            raise SecurityError("format() with a width that is so large, or is looked up")
        return wrapped


class Loader(BaseLoader):
    """The templates of a site, and ours where it has none.

    Args:
        theirs: texts by name.
        ours: likewise.
    """

    def __init__(self, theirs: Mapping[str, str], ours: Mapping[str, str]) -> None:
        self._theirs = theirs
        self._ours = ours

    def get_source(self, _environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """The text of a template, and where it stands."""
        name = template.removeprefix(OURS)
        if template in self._theirs:
            return self._theirs[template], TEMPLATES + template, lambda: True
        if name in self._ours:
            return self._ours[name], OURS + name, lambda: True
        raise TemplateNotFound(template)


def furnish(environment: Environment) -> None:
    """What every template may use: the test `web` and the filter `host`."""
    environment.tests["web"] = lambda url: url is not None and _WEB.match(url) is not None
    environment.filters["host"] = lambda url: _WEB.sub(r"\1", url)


def render(environment: Environment, name: str, given: Mapping[str, Any], *, seconds: float = LONGEST) -> str:
    """What a template makes of what it is given.

    Raises:
        TakesLong: where it is not done in so many seconds of the thread.
        Exception: whatever is wrong with a template.
    """
    token = _UNTIL.set(time.thread_time() + seconds)
    try:
        return environment.get_template(name).render(given)
    finally:
        _UNTIL.reset(token)


def _concat(parts: Iterable[str]) -> str:
    found: list[str] = []
    length = 0
    for part in parts:
        length += len(part)
        _check_length(length)
        found.append(part)
    return "".join(found)


def _check_time() -> None:
    if time.thread_time() > _UNTIL.get():
        raise TakesLong(f"it takes more than {LONGEST:g} second of the processor to make the page")


def _check_length(length: int) -> None:
    if length > LARGEST:
        raise TakesLong(f"what it makes is longer than {LARGEST // 1024 // 1024} million characters")
