"""Where templates of a site run: texts in; an environment that reaches nothing else, and ends in time, out.

Who writes a template is not who runs the server: it sees what it is given, changes nothing of it, and what takes long
or grows large is cut off.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from jinja2 import BaseLoader, StrictUndefined, TemplateNotFound, nodes
from jinja2.compiler import CodeGenerator
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from markupsafe import Markup, escape

from feedsvc.themes import TEMPLATES
from feedsvc.themes.allowance import LARGEST, LONGEST, check_size, check_time, granted, in_time, spend, weighed
from feedsvc.themes.filtering import bounded, said, striptags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jinja2 import Environment
    from jinja2.compiler import Frame

OURS = "feedsvc/"
"""Before the name of a template: ours, whatever the site has under that name."""

# Not urlsplit, which raises on some texts: an address of no use only stays without a link.
_WEB = re.compile(r"https?://(?:[^/?#]*@)?([^/?#]+).*", re.IGNORECASE | re.DOTALL)

# So many names are looked through for one that may be meant.
_MOST_KNOWN = 1000

# Each makes a long text of a short one.
_METHODS = frozenset({"center", "expandtabs", "ljust", "rjust", "zfill", "translate", "replace", "join"})
_WIDE = re.compile(r"\{[^{}]*:[^{}]*(?:[0-9]{4}|\{)")


class Blank(Exception):  # noqa: N818 - why a page is not made so
    """A template made a page without anything on it."""


class _Generator(CodeGenerator):
    """Makes code that looks at the clock in every loop, and at the size of what it joins, cuts and lists."""

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802 - jinja's name
        node.iter = self._call("in_time", [node.iter], node.lineno)
        super().visit_For(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - likewise
        self.visit(self._call("joined", node.nodes, node.lineno), frame)

    def visit_List(self, node: nodes.List, frame: Frame) -> None:  # noqa: N802 - likewise
        self._visit_weighed(super().visit_List, node, frame)

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:  # noqa: N802 - likewise
        self._visit_weighed(super().visit_Dict, node, frame)

    def visit_Tuple(self, node: nodes.Tuple, frame: Frame) -> None:  # noqa: N802 - likewise
        if node.ctx == "load":
            self._visit_weighed(super().visit_Tuple, node, frame)
        else:
            super().visit_Tuple(node, frame)

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:  # noqa: N802 - likewise
        if isinstance(node.arg, nodes.Slice):
            self._visit_weighed(super().visit_Getitem, node, frame)
        else:
            super().visit_Getitem(node, frame)

    def _visit_weighed(self, visit: Callable[..., None], node: nodes.Node, frame: Frame) -> None:
        self.write("environment.weighed(")
        visit(node, frame)
        self.write(")")

    def _call(self, name: str, arguments: list[Any], line: int) -> nodes.Call:
        made = nodes.Call(nodes.EnvironmentAttribute(name), arguments, [], None, None, lineno=line)
        made.set_environment(self.environment)
        return made


class Missing(StrictUndefined):
    """What is not there: whoever writes it is told what may be meant."""

    @property
    def _undefined_message(self) -> str:
        of, name = self._undefined_obj, str(self._undefined_name)
        if self._undefined_hint or not isinstance(self._undefined_name, str):
            return super()._undefined_message
        if of is missing:
            return f"there is no {name} here"
        known = map(str, of) if isinstance(of, dict) else (each for each in dir(of) if not each.startswith("_"))
        near = get_close_matches(name, [*islice(known, _MOST_KNOWN)], 1)
        return f"there is no {name} in it" + (f"; did you mean {near[0]}?" if near else "")


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment of templates of a site."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})
    code_generator_class = _Generator

    def __init__(self, loader: BaseLoader) -> None:
        super().__init__(
            loader=loader,
            autoescape=True,
            undefined=Missing,
            finalize=said,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.concat = _concat  # type: ignore[method-assign]
        for name in ("lipsum", "cycler", "joiner"):
            del self.globals[name]
        furnish(self)
        self.filters["striptags"] = striptags
        self.filters = bounded(self.filters)

    in_time, weighed = staticmethod(in_time), staticmethod(weighed)

    def get_template(self, *arguments: Any, **named: Any) -> Any:
        """As jinja does, while there is time: one may include another twice, which includes a third one twice."""
        check_time()
        return super().get_template(*arguments, **named)

    def joined(self, *parts: Any) -> Any:
        """Texts one behind another."""
        spend(sum(len(str(said(part))) for part in parts))
        is_html = any(hasattr(part, "__html__") for part in parts)
        return Markup("").join(map(escape, parts)) if is_html else "".join(map(str, parts))

    def call(self, context: Any, called: Any, /, *arguments: Any, **named: Any) -> Any:
        """As jinja does, while there is time."""
        check_time()
        return weighed(super().call(context, called, *arguments, **named))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Sums and products of what is not large."""
        if operator == "+":
            spend(sum(len(each) for each in (left, right) if hasattr(each, "__len__")))
        elif (
            not all(isinstance(each, int | float) and abs(each) < LARGEST for each in (left, right)) or operator == "**"
        ):
            raise SecurityError(f"{operator} is for numbers only, and not for large ones")
        return weighed(super().call_binop(context, operator, left, right))

    def is_safe_attribute(self, of: Any, attr: str, value: Any) -> bool:
        """As jinja says; nor is what makes a long text of a short one."""
        return super().is_safe_attribute(of, attr, value) and not (isinstance(of, str) and attr in _METHODS)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """As jinja does; a width is not for templates."""
        wrapped = super().wrap_str_format(value)
        if wrapped is None:
            return None
        if _WIDE.search(value.__self__):
            raise SecurityError("format() with a width that is so large, or is looked up")

        def formatted(*arguments: Any, **named: Any) -> str:
            mapped = [each for each in arguments if value.__name__ == "format_map" and isinstance(each, dict)]
            given = chain.from_iterable(each.values() for each in mapped) if mapped else (*arguments, *named.values())
            for each in given:
                said(each)
            return wrapped(*arguments, **named)

        return formatted


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
        Blank: where nothing comes of it.
        Exception: whatever is wrong with a template.
    """
    with granted(seconds):
        made = environment.get_template(name).render(given)
    if not made or made.isspace():
        raise Blank("nothing comes of it")
    return made


def _concat(parts: Iterable[str]) -> str:
    found: list[str] = []
    length = 0
    for part in parts:
        length += len(part)
        spend(len(part))
        check_size(length)
        found.append(part)
    return "".join(found)
