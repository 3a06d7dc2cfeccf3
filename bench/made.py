"""Articles made up for measuring: a number in; the text of a file, the same for that number always, out."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

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


def paragraphs(chance: random.Random, words: tuple[int, int] = (300, 900)) -> str:
    """Three hundred to nine hundred words of Markdown, or so many."""
    parts: list[str] = []
    wanted, written = chance.randint(*words), 0
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


def day(chance: random.Random) -> str:
    """A date of sixteen years."""
    return f"20{chance.randint(10, 25)}-0{chance.randint(1, 9)}-{chance.randint(10, 28)}"


def record(number: int, words: tuple[int, int] = (300, 900)) -> str:
    """The text of an article's file, about 5 kB; the same for a number always."""
    chance = random.Random(number)  # noqa: S311 - words, not secrets
    head = [
        f"title: {sentence(chance)[:-1].replace('*', '').partition('[')[0].strip()!r}",
        f"date: {day(chance)}T10:{number % 60:02}:00+02:00",
        f"tags: [{', '.join(chance.sample(SUBJECTS, 2))}]",
        f"author: {chance.choice(('Ada Example', 'Ben Example'))}",
        f"slug: article-{number}",
    ]
    return "\n".join(["---", *head, "---", "", paragraphs(chance, words), ""])


def address(number: int) -> str:
    """Where an article's file lies: by year and month of a newspaper's archive."""
    return f"{2010 + number * 7 % 16}/{number % 12 + 1:02}/{number:07}.md"


def folder(root: Path, count: int, words: tuple[int, int] = (300, 900)) -> None:
    """Writes so many articles of so many words, and settings, below a folder."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "feedsvc.toml").write_text('title = "Bench"\nbase_url = "https://bench.example/"\n', encoding="utf-8")
    for number in range(count):
        path = root / address(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(record(number, words), encoding="utf-8")
