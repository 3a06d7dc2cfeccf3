from __future__ import annotations

import gzip
from random import Random
from typing import TYPE_CHECKING

import brotli
import deflate
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.publication.compression import LARGE, LEAST, Representations, make_as, size
from feedsvc.publication.making import made, made_again

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from house import House

    from feedsvc.model import Document
    from feedsvc.publication.documents import Key

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


@pytest.fixture
def compressed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """In which codings something was compressed, in order."""
    calls: list[str] = []
    gzipped, brotlied = deflate.gzip_compress, brotli.compress

    def to_gzip(body: bytes, level: int) -> bytes:
        calls.append("gzip")
        return bytes(gzipped(body, level))

    def to_br(body: bytes, *, quality: int) -> bytes:
        calls.append("br")
        return bytes(brotlied(body, quality=quality))

    monkeypatch.setattr(deflate, "gzip_compress", to_gzip)
    monkeypatch.setattr(brotli, "compress", to_br)
    return calls


def test_a_coding_is_made_when_it_is_first_looked_for(compressed: list[str]) -> None:
    found = Representations(PROSE, is_compressible=True)
    assert (found["identity"].body, "identity" in found, "deflate" in found, compressed) == (PROSE, True, False, [])
    assert ([*found], found["gzip"].body[:2], compressed) == (["identity", "gzip", "br"], b"\x1f\x8b", ["gzip"])
    assert found["br"] is found["br"]
    assert (len(found), compressed) == (3, ["gzip", "br"])
    with pytest.raises(KeyError):
        found["deflate"]


def test_what_saves_nothing_is_tried_once(compressed: list[str]) -> None:
    found = Representations(NOISE, is_compressible=True)
    assert ("gzip" in found, "br" in found, len(found), compressed) == (False, False, 1, ["gzip"])
    with pytest.raises(KeyError):
        found["br"]


def test_the_first_one_has_gzip_at_once_and_what_is_large_has_all(compressed: list[str]) -> None:
    make_as(None, Representations(PROSE, is_compressible=True))
    assert compressed == ["gzip"]
    make_as(None, Representations(PROSE * (LARGE // len(PROSE) + 1), is_compressible=True))
    assert compressed == ["gzip", "gzip", "br"]
    make_as(None, Representations(b"", is_compressible=True))
    make_as(None, {"identity": Representations(b"", is_compressible=True)["identity"]})
    assert len(compressed) == 3


@pytest.mark.parametrize("asked", [(), ("identity",), ("gzip",), ("gzip", "br")])
def test_what_anybody_asked_for_is_made_of_each_that_follows(asked: Sequence[str], compressed: list[str]) -> None:
    last = Representations(PROSE, is_compressible=True)
    for coding in asked:
        assert last[coding].coding == coding
    for _ in range(3):  # the second and the third are asked for by nobody
        compressed.clear()
        following = Representations(PROSE + b" Late again.", is_compressible=True)
        make_as(last, following)
        assert compressed == [coding for coding in asked if coding != "identity"]
        last = following


@pytest.mark.parametrize("body", [PROSE, NOISE])
@pytest.mark.parametrize("is_made", [True, False])
def test_its_weight_stays_and_is_enough(body: bytes, is_made: bool) -> None:  # noqa: FBT001 - as parametrised
    found = Representations(body, is_compressible=True)
    if is_made:
        make_as(None, found)
    before = size(found)
    assert before >= sum(len(found[coding].body) for coding in found)
    assert size(found) == before
    assert size({"identity": found["identity"]}) == len(body)


def test_documents_are_made_again_in_what_was_asked_for(house: House) -> None:
    for number in range(9):
        house.write(f"{number}.md", text="Some words. " * 100)
    house.sync()
    paths = ("rss.xml", "atom.xml", "feed.json")
    first: dict[Key, Document] = {path: made(house.catalog, path, house.clock).document for path in paths}
    assert first["rss.xml"].representations["br"].coding == "br"
    assert first["atom.xml"].representations["gzip"].coding == "gzip"
    assert _made_of(first) == {"rss.xml": {"gzip", "br"}, "atom.xml": {"gzip"}, "feed.json": {"gzip"}}
    house.write("0.md", text="Other words. " * 100)
    house.sync()
    second = made_again(house.catalog, {**first, "": None}, house.clock, 10)
    assert _made_of(second) == {
        "rss.xml": {"br", "gzip"},
        "atom.xml": {"gzip"},
        "feed.json": set(),
        "": {"gzip"},
    }


def _made_of(documents: Mapping[Key, Document]) -> dict[Key, set[str]]:
    return {
        key: set(each.representations.made) - {"identity"}
        for key, each in documents.items()
        if isinstance(each.representations, Representations)
    }
