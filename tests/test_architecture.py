"""The plan of the house, as tests: which room may import which, how large it may grow, what lies at the top level."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import grimp
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "feedsvc").rglob("*.py"))
TOP_LEVEL = {
    *("feedsvc", "content", "tests", "docs", "bench", ".ci"),
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "SECURITY.md"),
    *("Makefile", "pyproject.toml", "Dockerfile", ".dockerignore", ".gitignore", ".gitattributes", ".editorconfig"),
}
# RFC 4287 has a word for each of these, or they say nothing.
NO_NAMES = {"helper", "helpers", "manager", "post", "posts", "story", "stories", "util", "utils"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def definitions(path: Path) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    return (
        node for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    )


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def told(cure: str, places: list[str]) -> str:
    return "\n".join([cure, *places])


def length(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_every_room_imports_only_rooms_above_it() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    answer = subprocess.run(
        [*command, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    cure = (
        "Move the code to the room it belongs to, or hand it over as an argument from cli.py. A new module takes its "
        "place in the layers of [tool.importlinter] in pyproject.toml; docs/how-it-works.md says what each is for."
    )
    assert answer.returncode == 0, f"{answer.stdout}{answer.stderr}\n{cure}"


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = grimp.build_graph("feedsvc", cache_dir=None)
    cycles = [
        " -> ".join([module, *chain])
        for module in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(module))
        if (chain := graph.find_shortest_chain(imported, module))
    ]
    assert not cycles, told("Move what both need into a module of its own, above them", cycles)


def test_a_module_says_what_comes_in_and_what_goes_out() -> None:
    silent = [place(path) for path in MODULES if tree(path).body and not ast.get_docstring(tree(path))]
    assert not silent, told("A docstring is missing: one line that says what comes in and what goes out", silent)


def test_a_module_is_one_room() -> None:
    lines = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    long = [f"{name}: {count}" for name, count in lines.items() if count > 300]
    assert not long, told("More than 300 lines: there are two rooms in it", long)


def test_a_function_does_one_thing() -> None:
    long = [
        f"{place(path)}:{node.lineno} {node.name}: {length(node)}"
        for path in MODULES
        for node in definitions(path)
        if not isinstance(node, ast.ClassDef) and length(node) > 40
    ]
    assert not long, told("More than 40 lines: name its parts, and let it call them", long)


def test_a_name_is_a_noun_of_the_trade() -> None:
    named = {(place(path), name) for path in MODULES for name in (path.stem, path.parent.name)}
    named |= {(place(path), node.name) for path in MODULES for node in definitions(path)}
    vague = sorted(f"{where} {name}" for where, name in named if NO_NAMES & set(words(name)))
    assert not vague, told("Take RFC 4287's word (entry, feed, category), or say what it does", vague)


def words(name: str) -> list[str]:
    """`ArticleManager` and `article_manager` alike as `article`, `manager`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_")


def test_private_names_stay_in_their_module() -> None:
    taken = [
        f"{place(path)}:{node.lineno} takes {alias.name} of {node.module}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("feedsvc")
        for alias in node.names
        if re.match(r"_(?!_)", alias.name) and not is_module(node.module, alias.name)
    ]
    assert not taken, told("What another module needs is public: give it a name without an underscore", taken)


def is_module(package: str | None, name: str) -> bool:
    return (ROOT / (package or "").replace(".", "/") / f"{name}.py").is_file()


def test_the_top_level_holds_only_what_a_newcomer_expects() -> None:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("git does not know this tree")
    strange = sorted({name.split("/")[0] for name in listing.stdout.split("\0") if name} - TOP_LEVEL)
    assert not strange, told("Put it below docs/, tests/ or bench/, or add it to TOP_LEVEL here", strange)


def test_a_start_waits_for_nothing_that_feeds_do_not_need() -> None:
    late = {"PIL", "babel", "feedsvc.pages.rendering", "feedsvc.readers", "feedsvc.sources", "jinja2", "psycopg"}
    program = f"import sys, feedsvc.cli.serving; print(sorted({late!r} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
