"""What is too long, too large or too odd for a database's index is bounded before it gets there."""

from __future__ import annotations

import importlib
import random
import string
import sys
from pathlib import Path
from struct import pack
from typing import TYPE_CHECKING

import pytest

from feedsvc.errors import NotFound

if TYPE_CHECKING:
    from asking import Readers
    from house import House

sys.path.insert(0, str(Path(__file__).parents[1] / "end_to_end"))
hostile = importlib.import_module("hostile_records")

# What a database cannot make shorter by packing it.
_LETTERS = random.Random(1)  # noqa: S311 - the same ones each time


def noise(length: int) -> str:
    return "".join(_LETTERS.choices(string.ascii_lowercase + string.digits, k=length))


def faults(house: House) -> list[str]:
    house.sync()
    return [str(fault) for fault in house.catalog.faults()]


def test_a_path_that_is_too_long_is_refused_and_all_others_are_published(house: House) -> None:
    house.write("a.md", title="Short")
    address = "/".join([*(noise(200) for _ in range(5)), "b.md"])
    house.write(address)
    (house.content / address).with_name("c.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    told = faults(house)
    assert len(told) == 2
    assert all("its path is longer than 1,000 bytes (give it, or its folders, shorter names)" in each for each in told)
    assert house.titles() == ["Short"]
    assert faults(house) == told


def test_the_longest_path_that_may_be_is_published_with_its_pictures(house: House) -> None:
    folder = "/".join(noise(195) for _ in range(5))
    house.write(f"{folder}/{noise(10)}.md", title="Deep", text="![](b.png)\n\n" + f"![]({noise(290)}.png)")
    (house.content / folder / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(8) + pack(">II", 3, 4))
    house.sync()
    (found,) = house.articles()
    assert [file.address for file in found.media] == [f"{folder}/b.png"]


@pytest.mark.parametrize("letter", ["ᾷ", "😀", "日"])
def test_slugs_of_many_bytes_and_what_is_minted_of_them_are_published(house: House, letter: str) -> None:
    for name in ("a", "b"):  # the second gets its folder's name before its slug
        house.write(f"{letter * 60}/{letter * 60}/{name}.md", path=f"/{letter * 200}/", title=name)
    house.write("c.md", slug=letter * 199, tags=f"[{letter * 100}]", title="c")
    house.sync()
    assert sorted(house.titles()) == ["a", "b", "c"]
    assert len(set(house.ids().values())) == len(set(house.slugs().values())) == 3
    assert len(faults(house)) == 0


def test_an_id_that_no_index_takes_is_refused_with_a_cure(house: House) -> None:
    house.write("a.md", id=f"tag:a.example,2020:{'日' * 900}")
    house.write("b.md", id=f"tag:a.example,2020:{noise(1900)}", tags="[t]")
    assert "has 2719 bytes (write at most 2400)" in faults(house)[0]
    assert len(house.titles("tags/t")) == 1


def test_an_alias_that_no_index_takes_is_left_out_with_a_warning(house: House) -> None:
    house.write("a.md", aliases=f"[/{'日' * 900}, /{noise(1900)}, /a%00b, /good/]", path=f"/{'日' * 901}")
    told = faults(house)
    assert len(told) == 2  # what another tool says is passed over without a word
    assert all(": warning: " in each for each in told)
    assert any("holds %00" in each for each in told)
    assert house.titles() == ["A title"]


def test_a_canonical_address_that_no_index_takes_leads_nowhere(house: House) -> None:
    house.write("a.md", link=f"https://lantern.example/{noise(1900)}%00")
    assert faults(house) == []
    assert house.titles() == ["A title"]


def test_references_to_what_can_be_no_file_are_none(house: House) -> None:
    house.write("a.md", text="![](a%00b.png) ![](&#0;.png)", image=f"/{'日' * 600}.png")
    assert faults(house) == []
    assert house.titles() == ["A title"]


@pytest.mark.parametrize("side", [2**31 - 1, 2**31, 2**32 - 1])
def test_a_picture_may_claim_to_be_of_any_size(house: House, side: int) -> None:
    (house.content / "a.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + pack(">I4sIIBBBBB", 13, b"IHDR", side, side, 8, 6, 0, 0, 0)
    )
    (house.content / "b.svg").write_bytes(b"<svg viewBox='0 0 9999999 .000000001' width='9999999'/>")
    house.write("a.md", text="![](a.png) ![](b.svg)")
    assert faults(house) == []
    assert len(house.articles()[0].media) == 2


@pytest.mark.parametrize(
    "path", ["\0", "articles/\0", "tags/\0/rss.xml", "media/\0.png", "before/\0", f"tags/{'日' * 3000}/"]
)
def test_what_a_client_asks_for_may_be_anything(house: House, readers: Readers, path: str) -> None:
    house.write("a.md", aliases="[/old/]")
    house.sync()
    readers.refresh()
    with pytest.raises(NotFound):
        readers.get(path)
    assert readers.publication.troubles == ()


def test_a_hostile_folder_is_read_to_its_end(house: House) -> None:
    house.content.rmdir()
    hostile.fill(house.content)
    house.sync()
    refused = {fault.address for fault in house.catalog.faults() if not fault.is_warning}
    assert len(refused) > 20
    assert len(house.articles()) > 20
