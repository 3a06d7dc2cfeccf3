"""MDX: a source text with JSX in it in; the Markdown of it out (https://mdxjs.com/docs/what-is-mdx/).

Imports, exports, comments and expressions are left out, and so are components; what stands between their tags stays.
"""

from __future__ import annotations

import re

from feedsvc.text.code import Aside

# Behind nothing, a heading, code or a component; prose may have a line that begins so.
_MODULE = re.compile(
    r"^(?:import(?=\s*[\"'{*]|\s+[\w$]+(?:\s*,\s*[{*]|\s+from\b)|\s+type\b)"
    r"|export(?=\s*[{*]|\s+(?:default|const|let|var|async|function|class|type|interface|enum)\b))",
    re.MULTILINE,
)
_BEFORE_BLOCK = re.compile(r"\s*(?:#.*|.*[>\x03]\s*)?")
_BRACES = re.compile(r"[{}]")
_TEXT = re.compile(r"\s*(?:\"([^\"\\]*)\"|'([^'\\]*)'|`([^`\\$]*)`)\s*")
_MORE = re.compile(r"\s*/\*\s*(more|truncate|excerpt)\s*\*/\s*")
# By now, all braces are gone from within tags.
_COMPONENT = re.compile(r"</?(?:[A-Z][\w.]*|[a-z]\w*\.[\w.]+|(?=>))(?:\s[^<>]*)?/?>")
_UNSET = re.compile(r"\s[A-Za-z][\w:-]*=(?=[\s/>]|\Z)")
_TAG = re.compile(r"<[a-z][\w-]*\s[^<>]*>")


def markdown(source: str) -> str:
    """The Markdown of MDX; code stays as it is. Where braces do not match, they are text."""
    aside = Aside()
    text = _without_expressions(_without_modules(aside.put_code(source)))
    text = _COMPONENT.sub("", text)
    text = _TAG.sub(lambda tag: _UNSET.sub("", tag[0]).replace(" className=", " class="), text)
    return aside.put_back(text)


def _without_modules(text: str) -> str:
    """Without imports and exports: each goes on to the end of the line at which all its brackets are closed."""
    kept: list[str] = []
    done = 0
    for match in _MODULE.finditer(text):
        if match.start() >= done and (match.start() == done or _begins_block(text, match.start())):
            kept.append(text[done : match.start()])
            done = _end_of_module(text, match.start())
    return "".join([*kept, text[done:]])


def _begins_block(text: str, start: int) -> bool:
    before = text[text.rfind("\n", 0, max(start - 1, 0)) + 1 : max(start - 1, 0)]
    return _BEFORE_BLOCK.fullmatch(before) is not None


def _end_of_module(text: str, start: int) -> int:
    depth = 0
    at = start
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        line = text[at:end]
        depth += sum(map(line.count, "({[")) - sum(map(line.count, ")}]"))
        at = end
        if depth <= 0:
            break
    return at


def _without_expressions(text: str) -> str:
    """Without what stands between matching braces, but for a text that is nothing but quoted."""
    pairs = _pairs(text)
    kept: list[str] = []
    done = 0
    for start in sorted(pairs):
        if start >= done:
            kept += text[done:start], _shown(text[start + 1 : pairs[start]])
            done = pairs[start] + 1
    return "".join([*kept, text[done:]])


def _pairs(text: str) -> dict[int, int]:
    opened: list[int] = []
    pairs: dict[int, int] = {}
    for brace in _BRACES.finditer(text):
        if brace[0] == "{":
            opened.append(brace.start())
        elif opened:
            pairs[opened.pop()] = brace.start()
    return pairs


def _shown(expression: str) -> str:
    if more := _MORE.fullmatch(expression):
        return f"<!-- {more[1]} -->"
    quoted = _TEXT.fullmatch(expression)
    return next(filter(None, quoted.groups()), "") if quoted else ""
