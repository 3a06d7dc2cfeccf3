"""Channels in the settings: what is taken as written, and what is said of what cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from command import feedsvc

from feedsvc.config import FILE_NAME, ChannelSettings, load
from feedsvc.config.channels import MOST
from feedsvc.errors import Fault, SettingsError

if TYPE_CHECKING:
    from pathlib import Path

WRITTEN = """
[channels.harbour-desk]
title = "The harbour desk"
any = ["Harbour", "sections/News/Port", "authors/Ada Example"]
not = "sections/news/letters"
since = 2026-05-20
within = "30 days"
delay = "2 hours"
private = true
aliases = ["port", "channels/quay"]

[channels."tags/Ferries"]
entries = 5
"""


def channels(folder: Path, text: str) -> tuple[ChannelSettings, ...]:
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
    return load(folder, {}, {}).site.channels


def faults(folder: Path, text: str) -> list[Fault]:
    with pytest.raises(SettingsError) as caught:
        channels(folder, text)
    return list(caught.value.faults)


def test_names_are_those_of_addresses_however_they_are_written(tmp_path: Path) -> None:
    assert channels(tmp_path, WRITTEN) == (
        ChannelSettings(
            name="channels/harbour-desk",
            title="The harbour desk",
            any=("authors/ada-example", "sections/news/port", "tags/harbour"),
            none=("sections/news/letters",),
            since="2026-05-20",
            within=2_592_000,
            delay=7200,
            private=True,
            aliases=("channels/port", "channels/quay"),
        ),
        ChannelSettings(name="tags/ferries", entries=5),
    )


def test_what_is_set_is_printed_with_its_place(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(WRITTEN, encoding="utf-8")
    printed = [line for line in feedsvc("config", tmp_path).stdout.splitlines() if line.startswith("channels.")]
    assert 'channels.harbour-desk.not = ["sections/news/letters"]  # feedsvc.toml:5' in printed
    assert "channels.tags/ferries.entries = 5         # feedsvc.toml:13" in printed
    assert len(printed) == 9


@pytest.mark.parametrize(
    ("text", "line", "problem", "cure"),
    [
        ("[channels.a]\ntitel = 'x'", 2, "channels.a.titel is not a setting", "did you mean title?"),
        ("[channels.a]\nzzz = 1", 2, "channels.a.zzz is not a setting", "a channel, as in [channels.partners]"),
        ("[channel.a]\ntitle = 'x'", 1, "channel is not a setting", "did you mean [channels.NAME]?"),
        ("[channels]\ntitle = 'x'", 2, "channels", "a channel, as in"),
        ("[channels.A]\ntitle = 'x'", 2, 'channels.A: "A" is not the name of a channel', "write [channels.a]"),
        ("[channels.'/']\ntitle = 'x'", 2, "channels", "a channel, as in"),
        ("[channels.a]\nany = ['x/y']", 2, 'channels.a.any: "x/y" is not what', "write names such as"),
        ("[channels.a]\nany = [1]", 2, "channels.a.any: 1 is not text", "write it in quotes"),
        ("[channels.a]\nany = ['channels/b']", 2, 'channels.a.any: "channels/b" is not what', "write names"),
        ("[channels.a]\nany = [{x = 1}]", 2, "channels.a.any: a table is not text", "write it in quotes"),
        ("[channels.a]\ntitle = ['x']", 2, "channels.a.title: is a list where one value belongs", "write lines"),
        ("[channels.a]\ndelay = '2 moons'", 2, 'channels.a.delay: "2 moons" is not a time span', "write one such"),
        ("[channels.a]\ndelay = '400 days'", 2, 'channels.a.delay: "400 days" is not', "write one such"),
        ("[channels.a]\nsince = 'May'", 2, 'channels.a.since: "May" is not a day', "write one such"),
        ("[channels.a]\nsince = 2026-05-20T10:00:00Z", 2, "channels.a.since:", "write"),
        ("[channels.a]\nfarewell = 'x'", 2, "channels.a.farewell: the channel has not ended", "write ended too"),
        ("[channels.'tags/a']\nany = ['b']", 2, "channels.tags/a.any: articles themselves", "name a channel"),
        (
            "[channels.a]\naliases = ['b']\n[channels.b]\ntitle = 'x'",
            4,
            "channels.b: channels/b is what channels.a is or was called",
            "give each",
        ),
        (
            "[channels.a]\ntitle = 'x'\n[channels.b]\naliases = ['c']\n[channels.c]\ntitle = 'y'",
            6,
            "channels.c: channels/c is what channels.b",
            "give each",
        ),
        (
            "[channels.a]\nany = [" + "'x', " * 101 + "]",
            2,
            "channels.a.any: has 101 items",
            "name at most 100",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, line: int, problem: str, cure: str) -> None:
    (fault,) = faults(tmp_path, text)
    assert (fault.line, fault.problem.startswith(problem), fault.cure.startswith(cure)) == (line, True, True), fault


def test_there_may_be_many_of_them_and_no_more(tmp_path: Path) -> None:
    text = "".join(f"[channels.c{number}]\ntitle = 'x'\n" for number in range(MOST))
    assert len(channels(tmp_path, text)) == MOST
    (fault,) = faults(tmp_path, text + "[channels.one-more]\ntitle = 'x'\n")
    assert fault.problem == "channels: there are 1001"


def test_a_list_that_another_layer_gives_is_none(tmp_path: Path) -> None:
    found: Any = load(tmp_path, {}, {}).site.channels
    assert found == ()
    with pytest.raises(SettingsError, match="is not a setting"):
        load(tmp_path, {"FEEDSVC_CHANNELS": "x"}, {})


def test_check_names_channels_that_ask_for_what_no_article_is_in(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(
        "title = 'A site'\n[channels.mine]\nany = ['Harbor', 'News']\nnot = ['sections/old']\n"
        "[channels.'tags/ferry']\nentries = 5\n[channels.'tags/news']\nentries = 5\n",
        encoding="utf-8",
    )
    (tmp_path / "a.md").write_text("---\ntitle: A\ndate: 2026-01-01\ntags: [Harbour, news]\n---\nA text.\n")
    done = feedsvc("check", tmp_path)
    assert done.returncode == 0
    told = [line.removeprefix(f"{tmp_path}/") for line in done.stdout.splitlines() if "warning: " in line]
    empty = "(it is empty until one is; see that it is spelt so)"
    assert told == [
        'feedsvc.toml:3:1: warning: channels.mine.any: no article is in tags/harbor (did you mean "tags/harbour"?)',
        f"feedsvc.toml:4:1: warning: channels.mine.not: no article is in sections/old {empty}",
        f"feedsvc.toml:6:1: warning: channels.tags/ferry.entries: no article is in tags/ferry {empty}",
    ]
