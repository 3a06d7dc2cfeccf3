from __future__ import annotations

import gzip
from random import Random
from typing import TYPE_CHECKING

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.publication.compression import LARGE, LEAST, Representations, make_as, size
from feedsvc.publication.making import made, made_again

if TYPE_CHECKING:
    from house import House

DECODERS = {"identity": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
PROSE = b"The ferry was late, and nobody minded. " * 100
NOISE = Random(1).randbytes(1000)  # noqa: S311 - no secret


@given(st.binary(max_size=2 * LEAST) | st.builds(lambda part: part * 50, st.binary(min_size=6, max_size=200)))
def test_every_coding_is_that_of_the_body_and_has_a_tag_of_its_own(body: bytes) -> None:
    found = Representations(body, is_compressible=True)
    assert {DECODERS[coding](found[coding].body) for coding in found} == {body}
    assert len({found[coding].etag for coding in found}) == len(found)
    assert [found[coding].coding for coding in found] == [*found]
    assert all(len(found[coding].body) < len(body) for coding in found if coding == "gzip")


@pytest.mark.parametrize("body", [b"", PROSE[: LEAST - 1], NOISE])
def test_what_is_short_or_would_be_no_smaller_is_not_coded(body: bytes) -> None:
    assert [*Representations(body, is_compressible=True)] == ["identity"]


def test_br_is_made_when_somebody_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    compress = brotli.compress

    def counted(body: bytes, *, quality: int) -> bytes:
        made.append(quality)
        return bytes(compress(body, quality=quality))

    monkeypatch.setattr(brotli, "compress", counted)
    found = Representations(PROSE, is_compressible=True)
    assert ([*found], found["gzip"].body[:2], made) == (["identity", "gzip", "br"], b"\x1f\x8b", [])
    assert found["br"] is found["br"]
    assert len(made) == 1
    with pytest.raises(KeyError):
        found["deflate"]


def test_nobody_waits_for_what_is_large() -> None:
    assert Representations(PROSE * (LARGE // len(PROSE) + 1), is_compressible=True).is_made
    assert not Representations(PROSE, is_compressible=True).is_made
    assert Representations(b"", is_compressible=True).is_made


def test_its_weight_is_known_before_and_is_enough() -> None:
    found = Representations(PROSE, is_compressible=True)
    before = size(found)
    assert before >= sum(len(found[coding].body) for coding in found)
    assert size(found) == before
    plain = {"identity": found["identity"]}
    assert size(plain) == len(PROSE)
    make_as(plain, plain)


def test_what_was_asked_for_is_made_of_the_next_one_at_once(house: House) -> None:
    for number in range(9):
        house.write(f"{number}.md", text="Some words. " * 100)
    house.sync()
    first = made(house.catalog, "rss.xml", house.clock).document
    assert isinstance(first.representations, Representations)
    assert not first.representations.is_made
    assert first.representations["br"].body
    second = made_again(house.catalog, {"rss.xml": first, "atom.xml": None}, house.clock, 10)
    made_of = {key: each.representations for key, each in second.items()}
    assert {key: isinstance(each, Representations) and each.is_made for key, each in made_of.items()} == {
        "rss.xml": True,
        "atom.xml": False,
    }
