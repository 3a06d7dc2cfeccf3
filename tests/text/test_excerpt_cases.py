"""The rules of excerpts, each as a file: an article, with the excerpt that an editor would sign in its head.

A file in `excerpts/` says in its front matter what it `shows`, and the `excerpt` that is expected of the text below. It
may say the `language`, the `length` where it is not the default, the `ending` of the record where it is not `md`, and a
`title` or a `summary`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from house import SITE, article

from feedsvc.entries import entry
from feedsvc.model import Record
from feedsvc.text.excerpt import ELLIPSIS

FILES = sorted((Path(__file__).parent / "excerpts").iterdir())
KEYS = {"shows", "excerpt", "language", "length", "ending", "title", "summary"}


def case(path: Path) -> tuple[dict[str, Any], str]:
    """The head and the text of a case."""
    _, head, text = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(head), text


def summary(head: dict[str, Any], text: str) -> str:
    """What feeds say of the article, from the bytes of its record on."""
    keys = {
        "title": head.get("title", "A title"),
        "date": "2026-05-20",
        "language": head["language"],
        "excerpt_length": head.get("length"),
        "summary": head.get("summary"),
    }
    front = json.dumps({key: value for key, value in keys.items() if value is not None}, ensure_ascii=False)
    body = f"{front}\n{text}" if head.get("ending") != "txt" else f"{keys['date']}\n{keys['title']}\n\n{text}"
    made = article(Record(f"case.{head.get('ending', 'md')}", body.encode()), site=SITE)
    assert made is not None
    return entry(made, site=SITE).summary


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_an_excerpt_is_what_an_editor_would_sign(path: Path) -> None:
    head, text = case(path)
    made = summary(head, text)
    assert made == head["excerpt"], f"{path.name}: {head['shows']}\n  signed: {head['excerpt']}\n  made:   {made}"


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_case_says_what_it_shows(path: Path) -> None:
    head, _ = case(path)
    assert set(head) <= KEYS
    assert head["shows"].strip().endswith(".")
    assert head["language"]
    assert "summary" in head or len(head["excerpt"]) <= head.get("length", SITE.excerpt_length)


def test_the_cases_are_many_and_of_many_languages() -> None:
    heads = [case(path)[0] for path in FILES]
    assert len(heads) >= 80
    assert len({head["language"].partition("-")[0] for head in heads}) >= 12
    assert sum(head["excerpt"].endswith(ELLIPSIS) for head in heads) >= 12
