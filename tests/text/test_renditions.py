"""Which smaller versions of a picture there are, and where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import Image
from feedsvc.text.links import media_path, without_digest
from feedsvc.text.renditions import LIGHT, WIDTHS, origin, rendition, scaled, srcset, widths

DIGEST = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("type_", "width", "height", "length", "expected"),
    [
        ("image/jpeg", 4000, 3000, 10**6, WIDTHS),
        ("image/png", 1280, 720, LIGHT, (320, 640, 960, 1280)),
        ("image/webp", 1279, 720, 10**6, (320, 640, 960)),
        ("image/jpeg", 319, 3000, 10**6, ()),
        ("image/png", 1280, 720, LIGHT - 1, ()),
        ("image/svg+xml", 1280, 720, 10**6, ()),
        ("image/gif", 1280, 720, 10**6, ()),
        ("image/avif", 1280, 720, 10**6, ()),
        (None, 1280, 720, 10**6, ()),
        ("image/jpeg", None, 720, 10**6, ()),
        ("image/jpeg", 1280, None, 10**6, ()),
        ("image/jpeg", 1280, 720, None, ()),
        ("image/jpeg", 5000, 5000, 10**6, WIDTHS),
        ("image/jpeg", 5001, 5000, 10**6, ()),
        ("image/png", 4000, 3126, 10**6, ()),
        ("image/jpeg", 65535, 65535, 10**6, ()),
        ("image/jpeg", 330, 16_800, 10**6, (320,)),
        ("image/jpeg", 700, 18_000, 10**6, (320,)),
    ],
)
def test_there_are_widths_of_what_can_be_made_smaller_at_reasonable_cost(
    type_: str | None, width: int | None, height: int | None, length: int | None, expected: tuple[int, ...]
) -> None:
    assert widths(type_, width, height, length) == expected


@given(st.integers(1, 50_000), st.integers(1, 50_000))
def test_none_is_wider_than_the_picture_and_each_has_a_height(width: int, height: int) -> None:
    found = widths("image/jpeg", width, height, 10**6)
    assert all(each <= width and 1 <= scaled(width, height, each) <= 16_383 for each in found)


@given(st.from_regex(r"(?s)[a-z /.ö]{0,12}[a-z]\.(?:jpg|PNG|webp)", fullmatch=True), st.sampled_from(WIDTHS))
def test_an_address_leads_back_to_the_picture_and_its_digest(file: str, width: int) -> None:
    path = f"{file[: file.rfind('.')]}.{DIGEST[:10]}{file[file.rfind('.') :]}"
    assert origin(rendition(path, width)) == (path, width)
    assert without_digest(path) == (file, DIGEST[:10])
    assert without_digest(rendition(path, width)) is None


@pytest.mark.parametrize(
    "path", ["a.jpg", "a.jpg.641w.webp", "a.jpg.0640w.webp", "a.jpg.640w.jpg", "a.jpg.640w.webp.x"]
)
def test_other_addresses_are_none(path: str) -> None:
    assert origin(path) is None


@pytest.mark.parametrize(
    ("width", "own"),
    [(500, True), (700, False), (850, True), (1250, True), (1280, False), (1800, True), (1920, False), (4000, False)],
)
def test_the_picture_itself_is_a_candidate_where_it_is_much_wider_than_the_widest_of_them(
    width: int, *, own: bool
) -> None:
    url = f"https://e.org/{media_path('a, b.jpg', DIGEST)}"
    image = Image(url, "image/jpeg", width, 300, 10**6, widths("image/jpeg", width, 300, 10**6))
    candidates = srcset(image).split(", ")
    assert candidates[: len(image.widths)] == [f"{url}.{each}w.webp {each}w" for each in image.widths]
    assert candidates[len(image.widths) :] == ([f"{url} {width}w"] if own else [])
