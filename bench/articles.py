"""What an article costs from its file to its entry, beside what the libraries cost when they are called bare.

`make bench-articles` (or `python bench/articles.py [N]`). Both sides read the same files in one process, in turns, a
chunk at a time, so that whatever else the machine does hits both; the figures are CPU time.
"""

from __future__ import annotations

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
from made import record

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
