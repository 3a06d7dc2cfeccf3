"""HTML without its pictures, and with one before all else: well-formed before, well-formed after."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import Image
from feedsvc.text.figures import led, pictures
from feedsvc.text.html import sanitise
from feedsvc.text.pictureless import without_pictures

OWL = '<img src="https://e.org/owl.png" alt="an owl &gt; a wren">'
PLAYER = '<video controls="" src="https://e.org/a.mp4"><source src="https://e.org/a.webm"><track src="https://e.org/a"></video>'


def clean(html: str) -> str:
    return sanitise(html, lambda url: f"https://e.org/{url}")


@pytest.mark.parametrize(
    ("html", "left"),
    [
        (f"<p>A {OWL} flew.</p>", "<p>A  flew.</p>"),
        (f"<p>{OWL}</p>\n<p>It flew.</p>", "<p>It flew.</p>"),
        (f"<p>A</p>\n<figure>{OWL}<figcaption>An <em>owl</em></figcaption></figure>\n<p>B</p>", "<p>A</p>\n<p>B</p>"),
        (f'<p><a href="https://e.org/">{OWL}</a></p>', ""),
        (f'<p>See <a href="https://e.org/">{OWL} this</a></p>', '<p>See <a href="https://e.org/"> this</a></p>'),
        (f'<p>x<picture><source srcset="https://e.org/a.webp 2x">{OWL}</picture></p>', "<p>x</p>"),
        (f"<figure><figure>{OWL}</figure>\n<figure>{OWL}</figure><figcaption>Owls</figcaption></figure>", ""),
        (f"<ul><li>{OWL}</li><li>{OWL} A</li></ul>", "<ul><li> A</li></ul>"),
        (f"<table><tbody><tr><td>{OWL}</td><td>A</td></tr></tbody></table>",) * 2,
        (f"<figure>{PLAYER}<figcaption>A film</figcaption></figure>",) * 2,
        (f"<figure>{OWL}{PLAYER}<figcaption>A film</figcaption></figure>",) * 2,
        (f"<figure>{OWL}<blockquote>So she said.</blockquote></figure>",) * 2,
        ("<figure><pre><code>img</code></pre><figcaption>A listing</figcaption></figure>",) * 2,
        ('<p id="a"></p><p><a id="note"></a></p>\n<p></p>',) * 2,
        ("<p>&lt;img src=&quot;a&quot;&gt;</p>",) * 2,
        ('<p>Hi <img src="https://s.w.org/emoji/1f989.png" alt="🦉">!</p>', "<p>Hi 🦉!</p>"),
        ('<p><img src="https://s.w.org/emoji/1f989.png" alt="&lt;3"></p>', "<p>&lt;3</p>"),
        (f"<p>{OWL}<math><mi>x</mi></math></p>", "<p><math><mi>x</mi></math></p>"),
    ],
)
def test_pictures_go_with_what_was_there_for_them(html: str, left: str) -> None:
    assert without_pictures(html) == left.replace(OWL, "")


class _Tags(HTMLParser):
    """Fails on an end tag that nothing opened, and knows what is still open."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag not in {"br", "col", "hr", "img", "source", "track", "wbr"}:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag


PIECES = st.lists(
    st.sampled_from(
        """<p> </p> <figure> </figure> <figcaption> </figcaption> <a_href="b"> </a> <picture> </picture> <video_src="v">
        </video> <audio> </audio> <source_src="s"> <source_srcset="s"> <img_src="a.png"> <img_src="b"_alt="<p>"> <img>
        <ul> <li> </li> </ul> <table><tr><td> </td></tr></table> <pre> </pre> <br> <hr> text &lt; <em> </em> <math><mi>
        </mi></math> <details> <summary> </summary> </details> <img_alt=":owl:"_src="o">""".split()  # noqa: SIM905
    ).map(lambda piece: piece.replace("_", " "))
    | st.just("\n"),
    max_size=25,
)


@given(PIECES)
def test_what_is_well_formed_stays_so_and_players_stay(pieces: list[str]) -> None:
    html = clean("".join(pieces))
    left = without_pictures(html)
    tags = _Tags()
    tags.feed(left)
    tags.close()
    assert not tags.opened
    assert not re.search(r"<(?:img|picture)\b", re.sub(r'"[^"]*"', "", left))
    for player in ("<video", "<audio"):
        assert left.count(player) == html.count(player)
    assert without_pictures(left) == left
    if "<pre>\n" not in left:  # of this line end each parser takes one away
        assert clean(left) == left


@given(PIECES, st.text(max_size=30))
def test_a_lead_is_written_as_the_sanitiser_writes_it(pieces: list[str], alt: str) -> None:
    html, alt = clean("".join(pieces)), clean(alt.replace("<", "")).replace("&amp;", "&").replace("&gt;", ">")
    image = Image("https://e.org/lead.png?a=1&b='2'", width=8, height=6)
    with_lead = led(html, image, alt)
    assert next(pictures(with_lead)).url == image.url
    assert with_lead.endswith(f"\n{html}")
    assert led(with_lead, image, alt) == with_lead
    figure = with_lead.removesuffix(html)
    assert clean(figure) == figure


def test_a_picture_that_the_text_shows_leads_it_not_again() -> None:
    html = f"<p>A</p><p>{OWL}</p>"
    assert led(html, Image("https://e.org/owl.png"), "A") == html
    assert led(html, Image("https://e.org/b.png"), 'A "b"') == (
        f'<figure><img src="https://e.org/b.png" alt="A &quot;b&quot;"></figure>\n{html}'
    )


@pytest.mark.parametrize(
    "piece", ["<figure>", OWL, f"<p>{OWL}</p>\n", '<img alt="', "<figure><p>", f"<ul><li>{OWL}</li></ul>", "<p>\n"]
)
def test_time_is_in_proportion_to_length(piece: str) -> None:
    def seconds(times: int) -> float:
        begun = time.process_time()
        without_pictures(piece * times)
        return time.process_time() - begun

    seconds(1000)
    short = min(seconds(4_000) for _ in range(3))
    assert min(seconds(40_000) for _ in range(2)) < 30 * short + 0.05
