"""What an article shows and plays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from feedsvc.media import Media
from feedsvc.model import Article, Enclosure, Image, MediaFile

NOON = datetime(2020, 5, 20, 12, tzinfo=UTC)
PAGE = "https://e.org/b/articles/owl"
HERE = "https://e.org/b/media/"
DIGEST = "0123456789abcdef" * 4
FILES = (
    MediaFile("birds/dot.gif", DIGEST, 43, 1, 1),
    MediaFile("birds/owl ö.png", DIGEST, 700, 64, 48),
    MediaFile("birds/owl.mp3", DIGEST, 50_000_000),
    MediaFile("static/images/wren.jpg", DIGEST, 900, 640, 480),
)
OWL = f"{HERE}birds/owl%20%C3%B6.0123456789.png"
MP3 = f"{HERE}birds/owl.0123456789.mp3"
ARTICLE = Article(
    address="birds/owl.md",
    id="tag:e.org,2020-05-20:owl",
    title="An owl",
    slug="owl",
    written_date="2020-05-20",
    published=NOON,
    updated=NOON,
    source="",
    markup="markdown",
    media=FILES,
)


def media(**changes: object) -> Media:
    return Media(replace(ARTICLE, **changes), PAGE, "https://e.org/b/")


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("owl%20%C3%B6.png?x#y", f"{OWL}?x#y"),
        ("owl ö.png", OWL),
        ("./owl.mp3", MP3),
        ("/images/wren.jpg", f"{HERE}static/images/wren.0123456789.jpg"),
        ("/images/none.jpg", "https://e.org/images/none.jpg"),
        ("none.jpg", f"{HERE}birds/none.jpg"),
        ("../../none.jpg", "https://e.org/none.jpg"),
        ("//x.org/owl.mp3", "https://x.org/owl.mp3"),
        ("none", "https://e.org/b/articles/none"),
        ("{static}/images/wren.jpg", f"{HERE}static/images/wren.0123456789.jpg"),
        ("wren ö.md", "https://e.org/b/birds/wren%20%C3%B6.md"),
        ("../wren.mdx?a#nest", "https://e.org/b/wren.mdx?a#nest"),
        ("{filename}/wren.markdown", "https://e.org/b/wren.markdown"),
        ("../../wren.md", "https://e.org/wren.md"),
    ],
)
def test_a_url_leads_to_the_file_it_means(written: str, url: str) -> None:
    assert media().absolute(written) == url


def test_a_file_has_another_address_when_its_bytes_are_others() -> None:
    other = media(media=(replace(FILES[2], digest="f" * 64),))
    assert other.absolute("owl.mp3") == f"{HERE}birds/owl.ffffffffff.mp3"


def test_an_article_of_several_in_a_record_has_its_files_beside_the_record() -> None:
    assert media(address="birds/all.json#a/b").absolute("owl.mp3") == MP3


IN_CONTENT = f'<p><img src="{HERE}birds/dot.0123456789.gif"><img src="https://x.org/p.gif" width="2" height="2"></p>'


@pytest.mark.parametrize(
    ("written", "html", "image"),
    [
        (None, "", None),
        ("owl ö.png", "", Image(OWL, "image/png", 64, 48, 700)),
        ("/images/wren.jpg?a", "", Image(f"{HERE}static/images/wren.0123456789.jpg?a", "image/jpeg", 640, 480, 900)),
        ("https://x.org/a.webp", "", Image("https://x.org/a.webp", "image/webp")),
        ("https://x.org/a", f'<img src="{OWL}">', Image("https://x.org/a")),
        (None, f'{IN_CONTENT}<img src="{OWL}" width="6">', Image(OWL, "image/png", 64, 48, 700)),
        (None, '<img src="https://x.org/a?b&amp;c" width="6" height="4">', Image("https://x.org/a?b&c", None, 6, 4)),
        ("https://[/a.png", f'<img src="{OWL}">', Image(OWL, "image/png", 64, 48, 700)),
        ("ftp://x.org/a.png", "", None),
        ("owl.mp3", "", None),
        ("images/wren.jpg", "", Image(f"{HERE}static/images/wren.0123456789.jpg", "image/jpeg", 640, 480, 900)),
        ("images/none.jpg", "", Image(f"{HERE}birds/images/none.jpg", "image/jpeg")),
        (None, IN_CONTENT, None),
    ],
)
def test_an_image_is_the_record_s_or_the_first_that_people_see(
    written: str | None, html: str, image: Image | None
) -> None:
    assert media(image=written).image(html) == image


def test_pictures_from_here_say_how_large_they_are() -> None:
    html = f'<img src="{OWL}#x"><img src="https://x.org/a.png"><img src="{MP3}">'
    assert media().sized(html) == html.replace('#x">', '#x" width="64" height="48">')
    assert media(media=()).sized(html) == html


@pytest.mark.parametrize(
    ("written", "made"),
    [
        (Enclosure("owl.mp3", "audio/x", 7, 61), Enclosure(MP3, "audio/mpeg", 50_000_000, 61)),
        (Enclosure("https://x.org/a.mp3", None, 7), Enclosure("https://x.org/a.mp3", "audio/mpeg", 7)),
        (Enclosure("https://x.org/é", "audio/ogg"), Enclosure("https://x.org/%C3%A9", "audio/ogg")),
        (Enclosure("none.mp4"), Enclosure(f"{HERE}birds/none.mp4", "video/mp4")),
    ],
)
def test_an_enclosure_of_the_record_is_absolute_and_true(written: Enclosure, made: Enclosure) -> None:
    html = '<audio src="https://x.org/other.mp3"></audio>'
    assert media(enclosures=(written, written)).enclosures(html) == (made,)


def test_an_enclosure_that_nobody_can_fetch_is_left_out() -> None:
    assert media(enclosures=(Enclosure("https://[/a.mp3"), Enclosure("file:///a.mp3"))).enclosures("") == ()


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (f'<audio src="{MP3}" controls=""></audio>', (Enclosure(MP3, "audio/mpeg", 50_000_000),)),
        ('<video src="https://x.org/a.MP4"></video>', (Enclosure("https://x.org/a.MP4", "video/mp4"),)),
        (
            '<video><source src="https://x.org/a" type="Video/Webm; codecs=vp9"></video>',
            (Enclosure("https://x.org/a", "video/webm"),),
        ),
        ('<video src="https://x.org/a"></video>', ()),
        ('<video src="https://x.org/a.png"></video>', ()),
    ],
)
def test_else_what_the_players_play_is_enclosed(html: str, found: tuple[Enclosure, ...]) -> None:
    assert media().enclosures(html) == found


@given(st.text(max_size=60))
def test_any_text_will_do_for_a_url(written: str) -> None:
    image = media(image=written).image("")
    assert image is None or image.url.lower().startswith(("http://", "https://"))
    assert len(media(enclosures=(Enclosure(written),)).enclosures("")) <= 1
