"""Recordings that articles name and that are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from house import House

WARNING = (
    "a.md:1:1: warning: enclosure: there is no file b.mp3 "
    "(put it beside the article, or write the path of where it is, or an https URL)"
)


def noted(house: House) -> list[str]:
    return [str(fault) for fault in house.catalog.faults()]


def test_a_recording_that_is_not_there_is_told(house: House) -> None:
    house.write("a.md", enclosure="b.mp3")
    assert [str(fault) for fault in house.sync().faults] == [WARNING]
    assert noted(house) == [WARNING]
    assert house.titles() == ["A title"]
    assert house.sync_after().faults == ()


def test_the_warning_goes_when_the_recording_comes_and_comes_when_it_goes(house: House) -> None:
    house.write("a.md", enclosure="b.mp3")
    house.sync()
    (house.content / "b.mp3").write_bytes(b"ID3")
    assert house.sync_after().faults == ()
    assert noted(house) == []
    house.remove("b.mp3")
    assert [str(fault) for fault in house.sync_after().faults] == [WARNING]


def test_the_warning_goes_with_what_names_it(house: House) -> None:
    house.write("a.md", enclosure="b.mp3")
    house.sync()
    house.write("a.md", enclosure="https://sound.example/b.mp3")
    assert house.sync_after().faults == ()
    assert noted(house) == []


def test_a_recording_may_be_beside_the_article_at_the_top_or_where_generators_keep_such_files(house: House) -> None:
    for address in ("x/beside.mp3", "top.mp3", "static/sound/kept.mp3"):
        (house.content / address).parent.mkdir(parents=True, exist_ok=True)
        (house.content / address).write_bytes(b"ID3")
    house.write("x/a.md", enclosures="[beside.mp3, /top.mp3, sound/kept.mp3, top.mp3]")
    assert house.sync().faults == ()


def test_of_several_articles_in_a_record_each_missing_recording_is_told_once(house: House) -> None:
    def write(second: str) -> None:
        (house.content / "a.json").write_text(
            '[{"title": "One", "date": "2026-01-01", "id": "urn:x:1", "enclosure": "b.mp3"},'
            f'{{"title": "Two", "date": "2026-01-01", "id": "urn:x:2", "enclosure": "{second}"}}]',
            encoding="utf-8",
        )

    write("b.mp3")
    house.sync()
    assert noted(house) == [WARNING.replace("a.md", "a.json")]
    write("c.mp3")
    house.sync_after()
    of_json = WARNING.replace("a.md", "a.json")
    assert noted(house) == [of_json, of_json.replace("b.mp3", "c.mp3")]
