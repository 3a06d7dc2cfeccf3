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
# A tag that is alone on its line: no code, however far what stands between two of them is indented.
_ALONE = re.compile(r"[ \t]*<(?P<end>/?)(?!pre\b)(?P<name>[A-Za-z][\w.-]*)(?:\s[^<>]*[^<>/])?>[ \t]*")
# With all white space before it: a blank line within a tag would end the HTML that Markdown sees there.
_UNSET = re.compile(r"(?<!\s)\s++[A-Za-z][\w:-]*=(?=[\s/>]|\Z)")
_CLOSED = re.compile(r"<(?P<name>[a-z][\w-]*)(?P<attributes>(?:\s[^<>]*)?)/>")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_TAG = re.compile(r"<[a-z][\w-]*\s[^<>]*>")


def markdown(source: str) -> str:
    """The Markdown of MDX; code stays as it is. Where braces do not match, they are text."""
    aside = Aside()
    text = _outdented(_without_expressions(_without_modules(aside.put_code_lines(source))))
    text = _COMPONENT.sub("", text)
    text = _CLOSED.sub(_opened_and_closed, text)
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


def _outdented(text: str) -> str:
    """With what stands between two tags, each alone on its line, as far to the left as it can go."""
    lines = text.split("\n")
    # By tag that is open: its name, and the lines in it that are in no other.
    opened: list[tuple[str, list[int]]] = [("", [])]
    for number, line in enumerate(lines):
        tag = _ALONE.fullmatch(line)
        if tag and tag["end"] and opened[-1][0] == tag["name"]:
            _move_left(lines, opened.pop()[1])
        opened[-1][1].append(number)
        if tag and not tag["end"]:
            opened.append((tag["name"], []))
    return "\n".join(lines)


def _move_left(lines: list[str], numbers: list[int]) -> None:
    widths = [len(line) - len(line.lstrip(" \t")) for number in numbers if (line := lines[number]).strip()]
    for number in numbers:
        lines[number] = lines[number][min(widths, default=0) :]


def _opened_and_closed(tag: re.Match[str]) -> str:
    """A tag of JSX that closes itself, as HTML knows only of those that are always empty."""
    if tag["name"] in _VOID:
        return tag[0]
    return f"<{tag['name']}{tag['attributes'].rstrip()}></{tag['name']}>"


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
