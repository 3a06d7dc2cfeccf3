"""Code in Markdown: a text in; the same with its code blocks and spans put aside, and put back, out.

What is written for a template or for JSX is no such thing within code.
"""

from __future__ import annotations

import re

# Backticks open a block only where none follow on their line (CommonMark §4.5): else they are a span's.
_OPENING = r"^(?P<indent>[ \t>]*+)(?P<fence>`{3,}+(?=[^`\n]*+$)|~{3,}+)[^\n]*+\n"
_FENCED = rf"{_OPENING}(?:.*?^(?P=indent)(?P=fence)[`~]*[ \t]*$|.*\Z)"
# Runs of one length close each other, so that few are left to look for in vain.
_SPAN = r"(?<!`)(?P<ticks>`++).{1,2000}?(?<!`)(?P=ticks)(?!`)"
_CODE = re.compile(f"{_FENCED}|{_SPAN}", re.DOTALL | re.MULTILINE)
# No text that reaches this has these characters: XML forbids them.
_ASIDE = re.compile("\x02([0-9]+)\x03")


class Aside:
    """What was put aside of one text."""

    def __init__(self) -> None:
        self._kept: list[str] = []

    def put(self, text: str) -> str:
        """Keeps a text, and gives what stands for it."""
        self._kept.append(text)
        return f"\x02{len(self._kept) - 1}\x03"

    def put_code(self, text: str) -> str:
        """The text with all its code put aside."""
        return _CODE.sub(lambda match: self.put(match[0]), text)

    def put_code_lines(self, text: str) -> str:
        """As `put_code`, but each line of an indented block by itself, behind what the block is indented by."""
        return _CODE.sub(self._lines, text)

    def _lines(self, match: re.Match[str]) -> str:
        indent = match["indent"] or ""
        most = len(indent) - len(indent.lstrip(" \t"))
        if not most:
            return self.put(match[0])
        lines = match[0].split("\n")
        widths = [min(most, len(line) - len(line.lstrip(" \t"))) for line in lines]
        return "\n".join(line[:width] + self.put(line[width:]) for line, width in zip(lines, widths, strict=True))

    def put_back(self, text: str) -> str:
        """The text with all that was put aside where it was; what was put aside may hold more of it."""
        while _ASIDE.search(text):
            text = _ASIDE.sub(lambda match: self._kept[int(match[1])], text)
        return text
