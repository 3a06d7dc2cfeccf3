"""The example of docs/adding-a-format.md is run as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

from specimens import FULL

from feedsvc import formats

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-format.md"
MODULE, REGISTRY = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def headlines() -> ModuleType:
    module = ModuleType("feedsvc.formats.headlines")
    exec(compile(MODULE, PAGE, "exec"), module.__dict__)  # noqa: S102 - our own page
    return module


def test_the_example_renders_a_feed() -> None:
    assert headlines().FORMAT.render(FULL).decode().splitlines()[:4] == [
        "The Harbour Almanac",
        "https://almanac.example/headlines.txt",
        "",
        "2020-05-20T12:00:00Z The ferry that was on time https://almanac.example/articles/day-0",
    ]


def test_the_registry_of_the_example_is_ours_and_one_line() -> None:
    source = Path(formats.__file__).read_text("utf-8")
    line = "    headlines.FORMAT,\n"
    assert REGISTRY.count(line) == 1
    assert REGISTRY.replace(line, "") in source


def test_the_registry_of_the_example_holds_the_new_format() -> None:
    names = {**vars(formats), "headlines": headlines()}
    exec(REGISTRY, names)  # noqa: S102 - our own page
    assert [form.filename for form in names["_FORMATS"]] == [*formats.FORMATS, "headlines.txt"]
