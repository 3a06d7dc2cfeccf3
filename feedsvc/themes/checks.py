"""What is wrong with a theme, as far as its files alone tell: bytes by address in; the theme, and faults, out."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import TemplateSyntaxError, meta, nodes

from feedsvc.config.fonts import THEME
from feedsvc.errors import Fault
from feedsvc.themes import (
    LARGEST_TEMPLATE,
    MEDIA_TYPES,
    STATIC,
    TEMPLATES,
    Theme,
    ending,
    is_static,
    is_template,
    sheets,
)
from feedsvc.themes.sandbox import OURS, Loader, Sandbox

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

FIXED = frozenset({"headlines.html"})
"""Templates of ours that stay as they are: other sites frame what is made of them."""

_GIVEN = """
view chrome words day listed language_of_words language_of_days ours ours_in static style structured rfc3339 direction
differs range dict namespace caller varargs kwargs loop self super
"""
GIVEN = frozenset(_GIVEN.split())
"""What every template is given."""


@cache
def ours() -> Mapping[str, str]:
    """The texts of our templates by their names; none of the room that renders them is loaded for it."""
    there = files("feedsvc").joinpath("pages", "templates")
    return {each.name: each.read_text("utf-8") for each in sorted(there.iterdir(), key=lambda each: each.name)}


def made(found: Mapping[str, bytes], digest: str) -> tuple[Theme, tuple[Fault, ...]]:
    """The theme of some files, without what is at fault, and every fault.

    Args:
        found: the bytes of each file by its address below the content folder.
    """
    static = {address.removeprefix(STATIC): body for address, body in found.items() if is_static(address)}
    templates: dict[str, str] = {}
    faults: list[Fault] = []
    for address, body in found.items():
        if is_template(address):
            text = _text(address, body, faults)
            if text is not None and not (errors := list(_broken(address, text))):
                templates[address.removeprefix(TEMPLATES)] = text
            elif text is not None:
                faults += errors
        elif not is_static(address):
            faults.append(_out_of_place(address))
        elif ending(address) == "css" and (text := _text(address, body, faults)) is not None:
            faults += sheets.faults(address, text, static)
    for name, text in templates.items():
        faults += _loose_ends(name, text, templates, static)
    return Theme(digest, templates, static), tuple(sorted(faults))


def _text(address: str, body: bytes, faults: list[Fault]) -> str | None:
    if is_template(address) and len(body) > LARGEST_TEMPLATE:
        cure = "take it apart by {% include %}, and put what is no text into theme/static"
        faults.append(Fault(address, 0, 0, f"is larger than {LARGEST_TEMPLATE // 1024} KiB", cure))
        return None
    try:
        text = body.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        faults.append(Fault(address, line, 1, f"byte {error.start} is not UTF-8", "save it as UTF-8"))
        return None
    return text


def _broken(address: str, text: str) -> Iterator[Fault]:
    """Why a template cannot be translated; nothing where it can be."""
    name = address.removeprefix(TEMPLATES)
    if name in FIXED:
        yield Fault(address, 0, 0, "stays as feedsvc has it, for other sites frame what is made of it", "remove it")
        return
    environment = Sandbox(Loader({}, ours()))
    try:
        tree = environment.parse(text, name)
        environment.compile(environment.parse(text, name), name)
    except TemplateSyntaxError as error:
        yield _at((address, text, error.lineno), error.message or "cannot be read", _CURE)
        return
    except Exception as error:  # noqa: BLE001 - Python itself gives up on what nests too deep, in several ways
        yield Fault(address, 1, 1, f"cannot be translated: {type(error).__name__}", "make it simpler")
        return
    for node in tree.find_all(nodes.Extends):
        if isinstance(node.template, nodes.Const) and node.template.value == name:
            yield _at((address, text, node.lineno), "extends itself", f'write {{% extends "{OURS}{name}" %}}')


_CURE = "see the template language: https://jinja.palletsprojects.com/templates/"


def _loose_ends(name: str, text: str, templates: Mapping[str, str], static: Collection[str]) -> Iterator[Fault]:
    """What a template refers to in vain, and whether anything comes of it."""
    address, environment = TEMPLATES + name, Sandbox(Loader({}, ours()))
    tree = environment.parse(text, name)
    known = {*ours(), *templates, *(OURS + each for each in ours())}
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        template = getattr(node, "template", None)
        wanted = template.value if isinstance(template, nodes.Const) else None
        if isinstance(wanted, str) and wanted not in known:
            yield _at((address, text, node.lineno), f"there is no template {wanted}", _near(wanted, known))
    for call in tree.find_all(nodes.Call):
        is_static_call = isinstance(call.node, nodes.Name) and call.node.name == "static" and len(call.args) == 1
        wanted = call.args[0].value if is_static_call and isinstance(call.args[0], nodes.Const) else None
        if isinstance(wanted, str) and wanted not in static:
            problem = f"there is no file {wanted} in {STATIC.rstrip('/')}"
            yield _at((address, text, call.lineno), problem, _near(wanted, static))
    yield from _idle(address, text, tree, templates)
    tested = {each.node.name for each in tree.find_all(nodes.Test) if isinstance(each.node, nodes.Name)}
    unknown = meta.find_undeclared_variables(tree) - GIVEN - tested
    for each in tree.find_all(nodes.Name):
        if each.name in unknown:
            unknown.discard(each.name)
            yield _at(
                (address, text, each.lineno), f"{each.name} is not known here", _near(each.name, GIVEN), each.name
            )


def _idle(address: str, text: str, tree: nodes.Template, templates: Mapping[str, str]) -> Iterator[Fault]:
    """The blocks of a template that nothing shows: there are none of their names in the template that it extends."""
    known: set[str] = set()
    base, seen = _extended(tree), set[str]()
    if base is None:
        return
    first = base
    while base is not None and base not in seen:
        seen.add(base)
        name = base.removeprefix(OURS)
        found = templates.get(base) or ours().get(name)
        if found is None:
            return
        tree_of_base = Sandbox(Loader({}, ours())).parse(found, name)
        known.update(block.name for block in tree_of_base.find_all(nodes.Block))
        base = _extended(tree_of_base)
    for block in tree.body:
        if isinstance(block, nodes.Block) and block.name not in known:
            near = get_close_matches(block.name, sorted(known), n=1)
            cure = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}"
            yield _at((address, text, block.lineno), f"there is no block {block.name} in {first}", cure, block.name)


def _extended(tree: nodes.Template) -> str | None:
    """The template that another one extends; None where it extends none, or that is found out when a page is made."""
    found = next(tree.find_all(nodes.Extends), None)
    return found.template.value if found is not None and isinstance(found.template, nodes.Const) else None


def _near(written: str, known: Collection[str]) -> str:
    near = get_close_matches(written, sorted(known), n=1)
    return f"did you mean {near[0]}?" if near else "see what there is: feedsvc theme, and docs/reference.md"


def _at(place: tuple[str, str, int], problem: str, cure: str, near: str = "") -> Fault:
    """A fault in a line of a file: its address, its text and the line's number."""
    address, text, number = place
    lines = text.split("\n")
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    column = max(line.find(near), len(line) - len(line.lstrip())) + 1
    return Fault(address, number, column, problem, cure, line)


def _out_of_place(address: str) -> Fault:
    name = address.rpartition("/")[2]
    if ending(name) in MEDIA_TYPES and not address.startswith(TEMPLATES):
        cure = f"put it into {STATIC.rstrip('/')} itself"
    elif ending(name) == "html":
        cure = f"put it into {TEMPLATES.rstrip('/')} itself"
    else:
        cure = f"a theme has templates in .html, and {', '.join(f'.{each}' for each in MEDIA_TYPES)} in {STATIC}"
    return Fault(address, 0, 0, f"is left out: nothing is made of it in {THEME}", cure, is_warning=True)
