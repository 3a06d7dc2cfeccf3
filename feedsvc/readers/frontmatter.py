"""Front matter: a text that opens with keys and values in; these, with their places, and where they end, out.

YAML between lines of `---`, TOML between lines of `+++`, an object of JSON, and the bare lines of Pelican and Nikola.
Eleventy names another language behind the first line: `---json`, `---toml`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from feedsvc.errors import Fault, RecordError
from feedsvc.readers import header_lines, toml_values, yaml_values
from feedsvc.readers.json_values import JsonReader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from feedsvc.readers.manuscript import Manuscript
    from feedsvc.readers.raw import Value

    Fields = tuple[Mapping[str, Value], tuple[Fault, ...]]

LARGEST = 64 * 1024
"""The most characters between the lines."""

_OPENING = re.compile(r"(?:[ \t]*\n)*+(?P<fence>---|\+\+\+)(?P<language>(?<=---)(?:yaml|json|toml))?[ \t]*(?:\n|\Z)")
_CLOSINGS = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE),
}
_OBJECT = re.compile(r"\s*+(?=\{\s*+(?:\"|\}[ \t]*\n))")

_LANGUAGES = {"---": "yaml", "+++": "toml"}
_CURES = {
    "yaml": ("title: My title", "date: 2020-05-20"),
    "toml": ('title = "My title"', "date = 2020-05-20"),
    "json": ('"title": "My title"', '"date": "2020-05-20"'),
}


class FrontMatter(NamedTuple):
    """What stands at the top.

    Attributes:
        fields: by key, in lower case, in the order written.
        end: the index behind it.
        cures: for `title` and `date`, how they are written here.
        faults: what was refused.
    """

    fields: Mapping[str, Value]
    end: int
    cures: Mapping[str, str]
    faults: tuple[Fault, ...] = ()


def read(manuscript: Manuscript) -> FrontMatter | None:
    """Reads the front matter at the top of a text; None where there is none.

    Raises:
        RecordError: where it is not closed, too large or too deep, or not keys and values as its opening says.
    """
    opening = _OPENING.match(manuscript.text)
    if opening:
        return _fenced(manuscript, opening["fence"], opening["language"], opening.end())
    if match := _OBJECT.match(manuscript.text):
        return _object(manuscript, match.end())
    if (header := header_lines.read(manuscript)) is not None:
        fields, end = header
        cures = {"title": "write a line such as Title: My title at the top", "date": "write Date: 2020-05-20 below it"}
        return FrontMatter(fields, end, cures)
    return None


def _fenced(manuscript: Manuscript, fence: str, named: str | None, start: int) -> FrontMatter:
    language = named or _LANGUAGES[fence]
    closing = _CLOSINGS[fence].search(manuscript.text, start)
    if not closing:
        cure = f"write {fence} on a line of its own after the last key"
        line = max(manuscript.place(start)[0] - 1, 1)
        raise RecordError(manuscript.fault((line, 1), "front matter is not closed", cure))
    head = manuscript.text[start : closing.start()]
    if len(head) > LARGEST:
        problem = f"front matter is longer than {LARGEST // 1024} KiB"
        raise RecordError(manuscript.fault((1, 1), problem, "keep the text of the article below it"))
    fields, faults = _READERS[language](head, manuscript, start)
    return FrontMatter(fields, closing.end(), _cures(language, fence), faults)


@lru_cache(maxsize=8)
def _cures(language: str, fence: str) -> Mapping[str, str]:
    title, date = _CURES[language]
    return {
        "title": f"write a line such as {title} between the lines {fence} at the top",
        "date": f"write a line such as {date} between the lines {fence} at the top",
    }


def _object(manuscript: Manuscript, start: int) -> FrontMatter:
    found, end = JsonReader(manuscript).read(start)
    cures = {"title": 'write "title": "My title" in the object', "date": 'write "date": "2020-05-20" in the object'}
    return FrontMatter(found.value if isinstance(found.value, dict) else {}, end, cures)


def _toml(head: str, manuscript: Manuscript, start: int) -> Fields:
    return toml_values.fields(head, manuscript, manuscript.place(start)[0]), ()


def _json(_head: str, manuscript: Manuscript, start: int) -> Fields:
    found, _ = JsonReader(manuscript).read(start)
    return found.value if isinstance(found.value, dict) else {}, ()


_READERS: Mapping[str, Callable[[str, Manuscript, int], Fields]] = {
    "yaml": yaml_values.fields,
    "toml": _toml,
    "json": _json,
}
