"""What an article costs from its file to its entry, beside what the libraries cost when they are called bare.

`make bench-articles` (or `python bench/articles.py [N]`). Both sides read the same files in one process, in turns, a
chunk at a time, so that whatever else the machine does hits both; the figures are CPU time.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import comrak
import nh3
import sentencex
import yaml

from feedsvc.articles import check
from feedsvc.config import Site, complete
from feedsvc.entries import entry
from feedsvc.sources.folder import Folder
from feedsvc.text import html

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from feedsvc.model import Article

COUNT = 10_000
CHUNK = 250
ROUNDS = 3
SITE = complete(Site(base_url="https://bench.example/"), folder_name="bench", address="")

_WORDS = """
harbour ferry morning council letter engine number bridge winter market captain window paper journey signal water
station report village answer garden minute question river street account machine island season picture weather history
"""
WORDS = _WORDS.split()
OPENINGS = ("The", "A", "Every", "Dr. Example said that the", "On 3 May the", "In the U.S. the", "“Yes,” said the")
SUBJECTS = ("Harbour", "Ferries", "Weather", "Council", "History")


def sentence(chance: random.Random) -> str:
    """A sentence of eight to twenty words."""
    words = [chance.choice(WORDS) for _ in range(chance.randint(8, 20))]
    if chance.random() < 0.2:
        words[3] = f"*{words[3]}*"
    if chance.random() < 0.15:
        words[5] = f"[{words[5]}](https://example.org/{words[5]}?a=1&b=2)"
    return f"{chance.choice(OPENINGS)} {' '.join(words)}."


def paragraphs(chance: random.Random) -> str:
    """Three hundred to nine hundred words of Markdown."""
    parts: list[str] = []
    wanted, written = chance.randint(300, 900), 0
    while written < wanted:
        text = " ".join(sentence(chance) for _ in range(chance.randint(2, 5)))
        written += len(text.split())
        parts.append(text)
        kind = chance.random()
        if kind < 0.12:
            parts.append(f"## {sentence(chance)[:40]}")
        elif kind < 0.2:
            parts.append("\n".join(f"- {sentence(chance)}" for _ in range(3)))
        elif kind < 0.25:
            parts.append(f"![{chance.choice(WORDS)}](pictures/{chance.choice(WORDS)}.jpg)")
        elif kind < 0.28:
            parts.append("```python\nprint('a < b')\n```")
        elif kind < 0.3:
            parts.append("| a | b |\n|---|---|\n| 1 | 2 |")
    return "\n\n".join(parts)


def record(number: int) -> str:
    """The text of an article's file; the same for a number always."""
    chance = random.Random(number)  # noqa: S311 - words, not secrets
    head = [
        f"title: {sentence(chance)[:-1].replace('*', '').partition('[')[0].strip()!r}",
        f"date: 20{chance.randint(10, 25)}-0{chance.randint(1, 9)}-{chance.randint(10, 28)}T10:{number % 60:02}+02:00",
        f"tags: [{', '.join(chance.sample(SUBJECTS, 2))}]",
        f"author: {chance.choice(('Ada Example', 'Ben Example'))}",
        f"slug: article-{number}",
    ]
    return "\n".join(["---", *head, "---", "", paragraphs(chance), ""])


class Bare:
    """The libraries alone: read, YAML, Markdown, sanitising, and the sentences of the first 500 characters."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._options = comrak.ExtensionOptions()
        self._options.autolink = self._options.footnotes = self._options.strikethrough = True
        self._options.table = self._options.tasklist = True
        self._rendering = comrak.RenderOptions()
        self._rendering.unsafe_ = True

    def steps(self) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
        """Each with its name; what one gives, the next one takes."""
        return (
            ("read", lambda name: (self._root / name).read_bytes().decode()),
            ("YAML", self._head),
            ("Markdown", lambda body: comrak.render_markdown(body, self._options, None, self._rendering)),
            ("sanitise", self._sanitised),
            ("sentences", lambda clean: list(sentencex.segment("en", re.sub("<[^<>]*>", "", clean[:1200])[:500]))),
        )

    @staticmethod
    def _head(text: str) -> str:
        _, head, body = text.split("---\n", 2)
        yaml.load(head, Loader=yaml.CBaseLoader)  # noqa: S506 - it makes nothing but text
        return body

    @staticmethod
    def _sanitised(rendered: str) -> str:
        return nh3.clean(
            rendered,
            tags=html.TAGS,
            clean_content_tags=html.DROPPED_WHOLE,
            attributes=html.ATTRIBUTES,
            url_schemes=html.SCHEMES,
            url_relative=("rewrite_with_base", "https://bench.example/articles/a"),
            link_rel=None,
        )


class Ours:
    """What feedsvc does with a file until it is an entry."""

    def __init__(self, root: Path) -> None:
        self._source = Folder(root, frozenset({".md"}))

    def steps(self) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
        """Each with its name; what one gives, the next one takes."""
        return (
            ("sources", self._source.read),
            ("articles", self._checked),
            ("entries", lambda article: entry(article, site=SITE)),
        )

    @staticmethod
    def _checked(found: Any) -> Article:
        (checked,) = check(found, site=SITE)
        if checked.article is None:
            raise AssertionError(checked)
        return checked.article


def cost(steps: Sequence[tuple[str, Callable[[Any], Any]]], names: Sequence[str]) -> dict[str, float]:
    """CPU seconds by step, for some files."""
    spent: dict[str, float] = {}
    values: list[Any] = list(names)
    for name, step in steps:
        began = time.process_time()
        values = [step(value) for value in values]
        spent[name] = time.process_time() - began
    return spent


def main(count: int = COUNT) -> None:
    """Prints microseconds an article for each step, and the ratio of the two sides."""
    with tempfile.TemporaryDirectory() as folder:
        names = [f"{number:06}.md" for number in range(count)]
        for number, name in enumerate(names):
            (Path(folder) / name).write_text(record(number), encoding="utf-8")
        sides = {"bare libraries": Bare(Path(folder)).steps(), "feedsvc": Ours(Path(folder)).steps()}
        measured: dict[str, list[dict[str, float]]] = defaultdict(list)
        for _ in range(ROUNDS):
            for start in range(0, count, CHUNK):
                for side, steps in sides.items():
                    measured[side].append(cost(steps, names[start : start + CHUNK]))
    totals = {side: statistics.median(sum(each.values()) for each in chunks) for side, chunks in measured.items()}
    for side, chunks in measured.items():
        print(f"{side}: {totals[side] / min(CHUNK, count) * 1e6:.0f} µs an article")
        for step in chunks[0]:
            print(f"  {step:<10} {statistics.median(each[step] for each in chunks) / min(CHUNK, count) * 1e6:7.0f} µs")
    ratios = [sum(b.values()) / sum(a.values()) for a, b in zip(*measured.values(), strict=True)]
    print(f"ratio: {statistics.median(ratios):.2f} (median of {len(ratios)} chunks side by side)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
