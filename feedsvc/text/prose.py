"""Running text: an article's HTML in, what a person would read aloud of it out."""

from __future__ import annotations

from html.parser import HTMLParser

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_UNSEEN = frozenset({"script", "style", "template", "rt", "rp"})
_ASIDE = _UNSEEN | _HEADINGS | {"pre", "figure", "figcaption", "table", "nav", "audio", "video"}
_INLINE_NAMES = """
a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd mark picture q rp rt ruby s samp small source
span strike strong sub sup time tt u var wbr
"""
_INLINE = frozenset(_INLINE_NAMES.split())


def prose(html: str, length: int) -> str:
    """The running text of an article's HTML, white space folded, each paragraph and list item on its own line.

    Without headings, code blocks, figures, tables, navigation, footnotes and their marks. Where that leaves nothing,
    all its text. Reading stops at about `length` characters, never before.
    """
    return _read(_Prose(_ASIDE), html, length) or _read(_Prose(_UNSEEN), html, length)


def _read(parser: _Prose, html: str, length: int) -> str:
    start, size = 0, 2048
    while start < len(html) and parser.length < length:
        parser.feed(html[start : start + size])
        # Doubled, since the parser starts an unfinished tag again with every chunk.
        start, size = start + size, size * 2
    if start >= len(html):
        parser.close()
    return parser.text()


class _Prose(HTMLParser):
    """Gathers text outside the elements it was told to skip.

    Attributes:
        length: how many characters were gathered, at least.
    """

    def __init__(self, skipped: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.length = 0
        self._skipped = skipped
        self._parts: list[str] = []
        self._inside = ""
        self._depth = 0

    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self._parts).split("\n"))
        return "\n".join(line for line in lines if line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._inside:
            self._depth += tag == self._inside
        elif tag in self._skipped or (self._skipped is _ASIDE and _is_of_footnotes(tag, dict(attrs))):
            self._inside, self._depth = tag, 1
            self._part(tag)
        else:
            self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._depth -= 1
            if not self._depth:
                self._inside = ""
        if not self._inside:
            self._part(tag)

    def handle_data(self, data: str) -> None:
        if not self._inside:
            folded = " ".join(data.split())
            self.length += len(folded)
            self._parts.append(f"{' ' * data[:1].isspace()}{folded}{' ' * data[-1:].isspace()}")

    def _part(self, tag: str) -> None:
        if tag == "br":
            self._parts.append(" ")
        elif tag not in _INLINE:
            self._parts.append("\n")


def _is_of_footnotes(tag: str, attributes: dict[str, str | None]) -> bool:
    classes = (attributes.get("class") or "").split()
    if tag == "sup":
        return "footnote-ref" in classes or (attributes.get("id") or "").startswith("fnref")
    return "footnotes" in classes
