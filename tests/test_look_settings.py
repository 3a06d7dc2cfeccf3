"""Settings of the look: colours, fonts, and the tables of links and readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from command import feedsvc
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.config import FILE_NAME, Site, faint, load, missing
from feedsvc.config.colours import OURS, contrast, mixed
from feedsvc.config.readers import USUAL, opened
from feedsvc.errors import SettingsError
from feedsvc.pages import STATIC, style_name

if TYPE_CHECKING:
    from pathlib import Path

    from feedsvc.errors import Fault

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def site(folder: Path, text: str) -> Site:
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
    return load(folder, {}, {}).site


def fault(folder: Path, text: str) -> Fault:
    with pytest.raises(SettingsError) as caught:
        site(folder, text)
    (found,) = caught.value.faults
    return found


def warnings(folder: Path, text: str) -> list[Fault]:
    site(folder, text)
    return list(faint(load(folder, {}, {})))


# Colours


@pytest.mark.parametrize(("written", "read"), [("#0B5394", "#0b5394"), ("#abc", "#aabbcc"), ("", "")])
def test_a_colour_is_six_digits(tmp_path: Path, written: str, read: str) -> None:
    assert site(tmp_path, f'accent = "{written}"').accent == read


def test_a_colour_without_its_sign_is_known_for_one(tmp_path: Path) -> None:
    assert fault(tmp_path, 'accent = "0b5394"').cure == 'write "#0b5394"'


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48)])
def test_contrast_is_what_the_guidelines_count(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


@given(COLOURS, COLOURS)
def test_contrast_has_no_direction_and_a_mixture_lies_between(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21
    assert (mixed(one, other, 1), mixed(one, other, 0)) == (one, other)


def test_a_colour_that_is_hard_to_read_is_told_with_its_contrast(tmp_path: Path) -> None:
    (found,) = warnings(tmp_path, '\naccent = "#999999"')
    assert (found.address, found.line, found.is_warning) == (FILE_NAME, 2, True)
    assert found.problem == "accent: accent #999999 on background #fdfdfb has a contrast of 2.8"
    assert not warnings(tmp_path, 'accent = "#333333"')


def test_a_background_is_held_against_the_text_on_it(tmp_path: Path) -> None:
    found = warnings(tmp_path, 'background_dark = "#ffffff"')
    assert [each.problem.split(" ")[0] for each in found] == ["background_dark:", "background_dark:"]


def test_our_own_colours_are_those_of_our_style_sheet_and_good_to_read() -> None:
    style = STATIC[style_name][1].decode()
    light, dark = style.split("@media (prefers-color-scheme: dark)", 1)
    for name, variable in {"background": "paper", "text": "ink", "accent": "link"}.items():
        assert f"--{variable}: {OURS[name]};" in light
        assert f"--{variable}: {OURS[f'{name}_dark']};" in dark.split("\n}\n")[0]
        assert name == "background" or contrast(OURS[name], OURS["background"]) >= 4.5


# Fonts


def test_a_family_without_its_files_is_told(tmp_path: Path) -> None:
    site(tmp_path, 'font = "Source Serif"')
    (found,) = missing(load(tmp_path, {}, {}), tmp_path)
    assert (found.line, found.cure) == (1, "put SourceSerif.woff2 there")
    (tmp_path / "theme" / "static").mkdir(parents=True)
    (tmp_path / "theme" / "static" / "SourceSerif-Bold.woff2").write_bytes(b"wOF2")
    assert not missing(load(tmp_path, {}, {}), tmp_path)


# Tables


def test_links_stay_in_their_order(tmp_path: Path) -> None:
    text = '[navigation]\n"Z" = "/z"\n"A" = "https://example.org/"\n'
    assert site(tmp_path, text).navigation == (("Z", "/z"), ("A", "https://example.org/"))


def test_readers_are_the_usual_ones_or_those_that_are_named_or_none(tmp_path: Path) -> None:
    assert site(tmp_path, "").readers == USUAL
    assert site(tmp_path, "[readers]\n").readers == ()
    assert site(tmp_path, "readers = {}\n").readers == ()
    assert site(tmp_path, '[readers]\nMine = "https://r.example/?{url}"\n').readers == (
        ("Mine", "https://r.example/?{url}"),
    )


def test_the_usual_readers_would_be_taken(tmp_path: Path) -> None:
    lines = "\n".join(f'"{name}" = "{url}"' for name, url in USUAL)
    assert site(tmp_path, f"[readers]\n{lines}\n").readers == USUAL


def test_a_reader_opens_the_feed_at_its_place() -> None:
    feed = "https://lantern.example/rss.xml"
    assert opened("https://r.example/?{url}", feed).endswith("?https%3A%2F%2Flantern.example%2Frss.xml")
    assert opened("https://r.example/{feed}", feed) == f"https://r.example/{feed}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[readers]\nA = "https://r.example/"', "has no place for the feed's address"),
        ('[readers]\nA = "javascript:{url}"', "is not an absolute http or https URL"),
        ("[readers]\nA = 1", "1 is not text"),
        ("[readers.A]\nb = 1", "is a table where one value belongs"),
        ('[navigation]\nA = "javascript:alert(1)"', "is neither a path nor an http or https URL"),
        ('[navigation]\n"" = "/a"', "has to have 1 to 60 characters"),
        (f'[navigation]\n{"a" * 61} = "/a"', "has to have 1 to 60 characters"),
    ],
)
def test_a_line_of_a_table_that_cannot_be_used_is_told_where_it_stands(tmp_path: Path, text: str, problem: str) -> None:
    found = fault(tmp_path, text)
    assert problem in found.problem
    assert found.line in {1, 2}


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("[navigaton]\na = '/b'", "did you mean [navigation]?"),
        ("[reader]\na = '/b'", "did you mean [readers]?"),
        ("navigation = '/b'", "write [navigation], and the links below it, each on a line"),
        ("readers = 1", "write [readers], and the readers below it, each on a line"),
    ],
)
def test_each_is_a_table_of_its_own(tmp_path: Path, text: str, cure: str) -> None:
    found = fault(tmp_path, text)
    assert (found.line, found.cure) == (1, cure)


def test_the_command_prints_them_with_their_origins(tmp_path: Path) -> None:
    text = '[navigation]\n"About us" = "/about"\n[readers]\n'
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
    printed = [" ".join(line.split()) for line in feedsvc("config", tmp_path).stdout.splitlines()]
    assert 'navigation."About us" = "/about" # feedsvc.toml:2' in printed
    assert "readers = [] # feedsvc.toml:3" in printed
    (tmp_path / FILE_NAME).write_text("", encoding="utf-8")
    assert 'readers."Feedly"' in feedsvc("config", tmp_path).stdout
