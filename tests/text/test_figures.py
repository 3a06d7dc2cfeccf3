"""What an article's HTML shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.text.figures import Figure, pictures, players, sized
from feedsvc.text.html import sanitise

OWL = "https://e.org/owl.png"


def test_pictures_come_in_their_order_with_what_is_written_of_their_size() -> None:
    html = f'<p><img src="{OWL}" alt="a &gt; b"></p><img width="3" src="https://e.org/?a&amp;b" height="4em">'
    assert list(pictures(html)) == [Figure(OWL), Figure("https://e.org/?a&b", width=3)]


@pytest.mark.parametrize(
    "html",
    [
        "<img>",
        '<img alt="x">',
        '<img src="https://s.w.org/images/core/emoji/14/72x72/1f989.png" alt="🦉">',
        '<img src="https://e.org/1f989.png" alt=":owl:">',
        f"&lt;img src=&quot;{OWL}&quot;&gt;",
    ],
)
def test_what_stands_for_a_character_is_no_picture(html: str) -> None:
    assert list(pictures(html)) == []


@pytest.mark.parametrize(
    ("html", "played"),
    [
        (f'<audio src="{OWL}" controls=""></audio>', [Figure(OWL)]),
        (f'<video controls="" width="6" height="4" src="{OWL}"></video>', [Figure(OWL, width=6, height=4)]),
        (f'<audio><source src="{OWL}" type="audio/ogg"><source src="b.mp3"></audio>', [Figure(OWL, "audio/ogg")]),
        (f'<audio></audio><source src="{OWL}">', []),
        (f'<picture><source srcset="{OWL}"></picture>', []),
        (f'<video src="a"></video><video><source src="{OWL}"></video>', [Figure("a"), Figure(OWL)]),
    ],
)
def test_a_player_plays_the_first_of_its_sources(html: str, played: list[Figure]) -> None:
    assert list(players(html)) == played


def size(url: str) -> tuple[int, int] | None:
    return (3, 2) if url == OWL else None


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f'<img src="{OWL}" alt="">', f'<img src="{OWL}" alt="" width="3" height="2">'),
        (f'<img src="{OWL}" width="9">', f'<img src="{OWL}" width="9">'),
        (f'<img height="9" src="{OWL}">', f'<img height="9" src="{OWL}">'),
        ('<img src="https://x.org/">', '<img src="https://x.org/">'),
        ("<img>", "<img>"),
    ],
)
def test_a_picture_says_its_size_unless_its_author_did(html: str, expected: str) -> None:
    assert sized(html, size) == expected


@given(st.lists(st.sampled_from(["<img ", "src=", '"', "'", OWL, " alt=x", ">", "<audio ", "</audio>", "a=b", "&lt;"])))
def test_what_was_sanitised_is_sanitised_with_its_sizes(parts: list[str]) -> None:
    clean = sanitise("".join(parts), lambda url: f"https://e.org/{url}")
    whole = sized(clean, lambda _: (3, 2))
    assert sanitise(whole, str) == whole
    assert len(list(pictures(clean))) == len(list(pictures(whole)))
