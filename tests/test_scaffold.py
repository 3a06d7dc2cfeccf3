"""The first files of a site: what is written, and what is left alone."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from house import article

from feedsvc.config import Site, load, settings
from feedsvc.model import Record
from feedsvc.scaffold import LONGEST, ExistsError, WriteError, init, is_title, new

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
SITE = Site(base_url="https://lantern.example/")


def draft(folder: Path, title: str) -> Path:
    return new(folder, title, authority="lantern.example", now=NOW)


def test_a_new_site_has_settings_and_an_article(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert init(folder, NOW) == (folder / "feedsvc.toml", folder / "the-first-article.md")
    found = article(Record("a.md", (folder / "the-first-article.md").read_bytes()), site=SITE)
    assert found
    assert found.written_date == "2026-01-10"


def test_the_settings_load_as_written_and_with_every_comment_removed(tmp_path: Path) -> None:
    path = init(tmp_path, NOW)[0]
    assert load(tmp_path, {}, {}).site.title == "My news site"
    text = path.read_text(encoding="utf-8")
    shown = "\n".join(line.removeprefix("# ") for line in text.splitlines() if " = " in line)
    assert list(tomllib.loads(shown)) == [name for name, *_ in settings()]
    path.write_text(shown, encoding="utf-8")
    assert "default" not in load(tmp_path, {}, {}).origins.values()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    init(tmp_path, NOW)
    for path in tmp_path.iterdir():
        path.write_text("mine", encoding="utf-8")
    assert init(tmp_path, NOW) == ()
    assert {path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {"mine"}


@pytest.mark.parametrize("address", ["mine.md", "2026/mine.md", "mine.txt"])
def test_a_folder_of_articles_gets_settings_only(tmp_path: Path, address: str) -> None:
    path = tmp_path / address
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine", encoding="utf-8")
    assert init(tmp_path, NOW) == (tmp_path / "feedsvc.toml",)


def test_a_readme_is_no_article(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    assert len(init(tmp_path, NOW)) == 2


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("A title", "a-title.md"),
        ('"Quoted": isn’t it?', "quoted-isnt-it.md"),
        ("fish 🐟 & <chips>", "fish-🐟-chips.md"),
        ("漢字の題", "漢字の題.md"),
        ("../../etc/passwd", "etc-passwd.md"),
        (".hidden", "hidden.md"),
        ("#draft~", "draft.md"),
        ("README", "article-readme.md"),
        ("_index", "index.md"),
        ("???", "article-.md"),
        ("字" * 300, "字" * 60 + ".md"),
    ],
)
def test_a_draft_s_name_is_plain(tmp_path: Path, title: str, name: str) -> None:
    assert draft(tmp_path, title) == tmp_path / name


@pytest.mark.parametrize(
    "title",
    [
        'Say "yes": no \\ or',
        "- [x] {y}: z",
        "yes",
        "2026-01-01",
        "🎉",
        "#1 & <b>",
        "'",
        "\U0001f469\u200d\U0001f467",
        "🐟" * 1000,
        "a\ud800b\x07c \n d",
    ],
)
def test_a_draft_without_its_draft_line_is_an_article_of_that_title(tmp_path: Path, title: str) -> None:
    body = draft(tmp_path, title).read_text(encoding="utf-8")
    found = article(Record("a.md", body.replace("draft: true\n", "").encode()), site=SITE)
    assert found
    assert found.title == {"a\ud800b\x07c \n d": "abc d"}.get(title, title)
    assert found.published == NOW
    assert found.id
    assert found.id.startswith("tag:lantern.example,2026-01-10:")
    assert article(Record("a.md", body.encode()), site=SITE) is None


@pytest.mark.parametrize("title", ["A", "a" * LONGEST, "\U0001f469\u200d\U0001f467", "שלום\u200f", "字"])
def test_what_shows_on_one_line_is_a_title(title: str) -> None:
    assert is_title(title)


@pytest.mark.parametrize("title", ["", "  ", "a\nb", "a\tb", "a\u2028b", "\u200b", "\udc80", "a" * (LONGEST + 1)])
def test_all_else_is_none(title: str) -> None:
    assert not is_title(title)


def test_two_titles_without_a_letter_have_different_ids(tmp_path: Path) -> None:
    assert "tag:lantern.example,2026-01-10:120000" in draft(tmp_path, "///").read_text(encoding="utf-8")


def test_a_draft_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    draft(tmp_path, "A title").write_text("mine", encoding="utf-8")
    with pytest.raises(ExistsError, match="choose another title"):
        draft(tmp_path, "A  TITLE")
    assert (tmp_path / "a-title.md").read_text(encoding="utf-8") == "mine"


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match=r"file/a-title\.md: cannot be written: Not a directory"):
        draft(tmp_path / "file", "A title")
    with pytest.raises(WriteError, match="file/site: cannot be written"):
        init(tmp_path / "file" / "site", NOW)
    with pytest.raises(WriteError, match="file: cannot be written: File exists"):
        init(tmp_path / "file", NOW)
