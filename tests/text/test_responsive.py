"""What a page adds to an article's HTML: pictures that fit and wait, and boxes that a keyboard can scroll."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import Image
from feedsvc.text.figures import pictures
from feedsvc.text.html import sanitise
from feedsvc.text.responsive import box, responsive, sizes

OWL = "https://e.org/owl.jpg"
OURS = {
    OWL: Image(OWL, "image/jpeg", 1600, 1200, 10**6, (320, 640)),
    "https://e.org/dot.gif": Image("https://e.org/dot.gif", "image/gif", 8, 6, 50),
}
SRCSET = f'srcset="{OWL}.320w.webp 320w, {OWL}.640w.webp 640w, {OWL} 1600w"'
BOX = '<div class="scroll" tabindex="0">'
LAZY = 'loading="lazy" decoding="async"'
WIDE = 'sizes="min(680px, 100vw - 2.5rem)"'


def laid_out(html: str, *, leads: bool = False) -> str:
    return responsive(html, "https://e.org/articles/a?b&c", OURS.get, leads=leads)


@pytest.mark.parametrize(
    ("written", "added"),
    [
        (f'src="{OWL}"', f'width="1600" height="1200" {SRCSET} {WIDE} {LAZY}'),
        (f'src="{OWL}" width="1600" height="1200"', f"{SRCSET} {WIDE} {LAZY}"),
        (f'src="{OWL}" width="400"', f'height="300" {SRCSET} sizes="min(400px, 100vw - 2.5rem)" {LAZY}'),
        (f'src="{OWL}" height="300"', f'width="400" {SRCSET} sizes="min(400px, 100vw - 2.5rem)" {LAZY}'),
        (f'src="{OWL}" width="50%"', f"{SRCSET} {WIDE} {LAZY}"),
        (f'src="{OWL}" width="8" height="6" srcset="b 2x"', LAZY),
        ('src="https://e.org/dot.gif"', f'width="8" height="6" {LAZY}'),
        ('src="https://x.org/a.jpg" alt="a &lt; b"', LAZY),
    ],
)
def test_a_picture_says_its_size_and_what_else_there_is_of_it(written: str, added: str) -> None:
    assert laid_out(f"<p><img {written}></p>") == f"<p><img {written} {added}></p>"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("https://e.org/articles/a?b&amp;c#fn-1", "#fn-1"),
        ("https://e.org/articles/a?b&amp;c", "https://e.org/articles/a?b&amp;c"),
        ("https://e.org/articles/another#fn-1", "https://e.org/articles/another#fn-1"),
        ("https://e.org/#fn-1", "https://e.org/#fn-1"),
    ],
)
def test_a_link_to_a_place_on_the_page_stays_on_it(written: str, shown: str) -> None:
    assert laid_out(f'<a href="{written}" title="#">1</a>') == f'<a href="{shown}" title="#">1</a>'


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('<a href="https://x.org/?a&amp;b">https://x.org/?a&amp;b</a>', ' class="bare"'),
        ('<a href="https://x.org/">https://x.org/a</a>', ""),
        ('<a href="https://x.org/">a site</a>', ""),
    ],
)
def test_a_link_that_only_says_where_it_leads_is_known(written: str, shown: str) -> None:
    assert laid_out(written) == written.replace('">', f'"{shown}>', 1)


def test_a_recording_is_asked_for_by_who_wants_to_hear_it() -> None:
    html = '<audio src="https://x.org/a.mp3" controls=""></audio><video preload="metadata" controls=""></video>'
    assert laid_out(html) == html.replace('controls=""></audio>', 'controls="" preload="none"></audio>')


def test_a_picture_before_the_text_is_as_large_as_it_shows() -> None:
    assert box(OURS["https://e.org/dot.gif"]) is OURS["https://e.org/dot.gif"]
    tall = box(Image("https://e.org/a.png", "image/png", 600, 2400, 50))
    assert (tall.width, tall.height, sizes(tall)) == (128, 512, "min(128px, 100vw - 2.5rem)")


def test_the_first_picture_near_the_beginning_does_not_wait() -> None:
    emoji, picture = '<img src="https://x.org/emoji/a.png">', f'<img src="{OWL}">'
    found = re.findall(r'fetchpriority="high"|loading="lazy"', laid_out(emoji + picture * 2, leads=True))
    assert found == ['loading="lazy"', 'fetchpriority="high"', 'loading="lazy"']
    assert "fetchpriority" not in laid_out(picture)
    assert "fetchpriority" not in laid_out(f"<p>{'word ' * 300}</p>{picture}", leads=True)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<pre><code>a</code></pre>", '<pre tabindex="0"><code>a</code></pre>'),
        ('<pre class="language-c">a</pre>', '<pre class="language-c" tabindex="0">a</pre>'),
        (
            "<p>a</p><table><tr><td><table></table></td></tr></table><table></table>",
            f"<p>a</p>{BOX}<table><tr><td><table></table></td></tr></table></div>{BOX}<table></table></div>",
        ),
        ("<math><mtable></mtable></math>",) * 2,
        ('<abbr title="<pre><table><img>">a</abbr>',) * 2,
        ("</table>&lt;table&gt;",) * 2,
        ("<img>",) * 2,
    ],
)
def test_what_may_be_wider_than_the_page_can_be_scrolled_by_keys(html: str, expected: str) -> None:
    assert laid_out(html) == expected


@pytest.mark.parametrize(
    ("width", "height", "room"), [(4000, 3000, 680), (4000, 2000, 680), (3000, 4000, 384), (300, 300, 300)]
)
def test_a_picture_before_the_text_is_no_higher_than_the_style_sheet_lets_it(
    width: int, height: int, room: int
) -> None:
    assert sizes(Image(OWL, width=width, height=height)) == f"min({room}px, 100vw - 2.5rem)"


PIECES = st.lists(
    st.sampled_from(
        f"""<p> </p> <figure> </figure> <a_href="b"> </a> <picture> </picture> <source_srcset="s"> <img_src="{OWL}">
        <img_src="{OWL}"_width="9"> <img_src="{OWL}"_height="9"_alt="<table>"> <img_src="b"_alt="<pre>"> <img>
        <img_src="https://e.org/dot.gif"_srcset="{OWL}"> <ul> <li> </li> </ul> <table><tr><td> </td></tr></table> <pre>
        </pre> <br> text &lt;table&gt; <em_title="<img>"> </em> <math><mtable><mtr><mtd> </mtd></mtr></mtable></math>
        <details> </details> <img_alt=":owl:"_src="o">""".split()
    ).map(lambda piece: piece.replace("_", " "))
    | st.just("\n")
    | st.text(max_size=9),
    max_size=25,
)


class _Read(HTMLParser):
    """What an HTML document says, and its tags without what a page adds."""

    ADDED = frozenset(["width", "height", "srcset", "sizes", "loading", "fetchpriority", "decoding", "tabindex"])

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tags: list[object] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if ("class", "scroll") not in attrs:
            self.tags.append((tag, [each for each in attrs if each[0] not in self.ADDED]))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@given(PIECES, st.booleans())
def test_nothing_that_is_read_or_shown_changes(pieces: list[str], leads: bool) -> None:  # noqa: FBT001
    html = sanitise("".join(pieces), lambda url: f"https://e.org/{url}")
    made = laid_out(html, leads=leads)
    assert laid_out(made, leads=leads) == made
    before, after = _Read(html), _Read(made)
    assert "".join(after.text) == "".join(before.text)
    assert after.tags == before.tags
    assert [each.url for each in pictures(made)] == [each.url for each in pictures(html)]
    assert made.count("</div>") - html.count("</div>") == made.count('<div class="scroll" tabindex="0">')
    for tag in re.findall(r"<img(?: [^<>\"=]+=\"[^\"]*\")+>", made):
        if f'src="{OWL}"' in tag:
            assert " width=" in tag
            assert " height=" in tag


@pytest.mark.parametrize("piece", ["<table>", f'<img src="{OWL}">', '<img src="', "<pre>", "<table></table>", "<p>\n"])
def test_time_is_in_proportion_to_length(piece: str) -> None:
    def seconds(times: int) -> float:
        begun = time.process_time()
        laid_out(piece * times, leads=True)
        return time.process_time() - begun

    seconds(1000)
    short = min(seconds(4_000) for _ in range(3))
    assert min(seconds(40_000) for _ in range(2)) < 30 * short + 0.05


def test_cells_are_aligned_by_classes() -> None:
    cells = '<th align="right">a</th><td align="center">b</td><td class="language-x" align="left">c</td>'
    html = f"<table><tr>{cells}</tr></table>"
    assert laid_out(html) == (
        '<div class="scroll" tabindex="0"><table><tr><th class="right">a</th><td class="center">b</td>'
        '<td class="language-x">c</td></tr></table></div>'
    )


def test_footnotes_are_no_section_of_the_page() -> None:
    html = '<section class="footnotes"><section><p>a</p></section></section><section><p>b</p></section>'
    assert laid_out(html) == ('<div class="footnotes"><section><p>a</p></section></div><section><p>b</p></section>')
