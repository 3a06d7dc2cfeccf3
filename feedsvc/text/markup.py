"""Markup: an article's source text in, HTML out, not yet sanitised."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

import comrak

from feedsvc.text import mdx, shortcodes
from feedsvc.text.xml import clean

if TYPE_CHECKING:
    from feedsvc.model import Markup

# A row of a table is filled up to the width of its head: a few kilobytes of bars can ask for gigabytes of cells
# (0.3 s at this limit, 16 s at 4,000,000).
_MOST_CELLS = 200_000

# The renderer calls itself for every e-mail address of a line: 27,000 of them ended the process.
_MOST_ADDRESSES = 200

_CHECKED, _UNCHECKED = '<input type="checkbox" checked="" disabled="" />', '<input type="checkbox" disabled="" />'
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_URL = re.compile(r"https?://[^\s<>\"]+")
_NOT_OF_URL = ".,:;!?'…»”’"


def render(source: str, markup: Markup) -> str:
    """HTML of a source text.

    `markdown` is GitHub's dialect (tables, footnotes, strikethrough, task lists, bare URLs as links), HTML in it passes
    through, template tags of other tools are resolved or left out; `mdx` is the same without its JSX; `text` is
    paragraphs, parted by blank lines or else by line ends, with bare URLs as links; `html` stays as it is.
    """
    return _RENDERERS[markup](clean(source))


def _mdx(source: str) -> str:
    return _markdown(mdx.markdown(source))


def _markdown(source: str) -> str:
    source = shortcodes.without(source)
    html = comrak.render_markdown(
        source, _EXTENSIONS[_has_few_cells(source), _has_few_addresses(source)], None, _RENDERING
    )
    # Feeds allow no forms, and a check box without its box is lost.
    return html.replace(_CHECKED, "☑").replace(_UNCHECKED, "☐")


def _extensions(*, table: bool, autolink: bool) -> comrak.ExtensionOptions:
    options = comrak.ExtensionOptions()
    options.footnotes = options.strikethrough = options.tasklist = True
    options.table, options.autolink = table, autolink
    return options


def _rendering() -> comrak.RenderOptions:
    options = comrak.RenderOptions()
    options.unsafe_ = True
    return options


_EXTENSIONS = {
    (table, autolink): _extensions(table=table, autolink=autolink)
    for table in (False, True)
    for autolink in (False, True)
}
_RENDERING = _rendering()


def _has_few_cells(source: str) -> bool:
    if "|" not in source:
        return True
    lines = source.splitlines()
    return len(lines) * max((line.count("|") for line in lines), default=0) <= _MOST_CELLS


def _has_few_addresses(source: str) -> bool:
    if source.count("@") <= _MOST_ADDRESSES:
        return True
    return max(line.count("@") for line in source.split("\n")) <= _MOST_ADDRESSES


def _text(source: str) -> str:
    stripped = source.replace("\r\n", "\n").strip()
    paragraphs = _BLANK_LINES.split(stripped)
    if len(paragraphs) == 1:
        paragraphs = stripped.split("\n")
    return "\n".join(f"<p>{_linked(paragraph)}</p>" for paragraph in paragraphs if paragraph.strip())


def _linked(text: str) -> str:
    """Escaped text in which bare URLs are links."""
    parts: list[str] = []
    done = 0
    for match in _URL.finditer(text):
        url = _trimmed(match[0])
        parts += escape(text[done : match.start()]), f'<a href="{escape(url)}">{escape(url)}</a>'
        done = match.start() + len(url)
    return "".join(parts) + escape(text[done:])


def _trimmed(url: str) -> str:
    """Without the punctuation of the sentence it stands in; a bracket is its own where it also opens in it."""
    end = len(url.rstrip(_NOT_OF_URL))
    surplus = url.count(")") - url.count("(")
    while surplus > 0 and url[end - 1] in f"){_NOT_OF_URL}":
        surplus -= url[end - 1] == ")"
        end -= 1
    return url[:end].rstrip(_NOT_OF_URL)


def _html(source: str) -> str:
    return source


_RENDERERS = {"markdown": _markdown, "mdx": _mdx, "text": _text, "html": _html}
