"""A ledger exported and imported: the new catalog goes on as the old one would have."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from house import House
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.catalog import Catalog, Snapshot, export_ledger, import_ledger
from feedsvc.errors import Unpublished

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = ("a.md", "b.md", "c.md", "s/a.md")
VARIANTS: tuple[dict[str, str], ...] = (
    {},
    {"text": "Another text."},
    {"tags": "[x, 'a b']", "title": "Tagged"},
    {"tags": "['a/b', later]", "date": "2026-01-10T12:00:35Z"},
    {"slug": "fog"},
    {"slug": "mist", "aliases": "[/old/mist.html, haze]"},
    {"id": "tag:lantern.example,2020:own"},
    {"date": "2026-01-02", "expires": "2026-01-10T12:00:25Z", "tags": "[x]"},
    {"withdrawn": "2026-01-09", "tags": "[y]"},
    {"draft": "true"},
    {"date": "nonsense"},
    {"text": "![A picture](p.png)", "image": "p.png"},
)
ONE = '{"id": "1", "title": "One", "date": "2026-01-03", "text": "First.", "tags": ["x"]}'
TWO = '{"id": "2", "title": "Two", "date": "2026-01-04", "text": "Second."}'
PARTS = (f"{ONE}\n{TWO}\n", ONE.replace("First", "Edited"), f"{ONE.replace('2026-01-03', 'nonsense')}\n{TWO}\n", "{")

changes = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from(FILES), st.sampled_from(VARIANTS)),
        st.tuples(st.just("rename"), st.sampled_from(FILES), st.sampled_from(FILES)),
        st.tuples(st.just("remove"), st.sampled_from((*FILES, "many.jsonl")), st.none()),
        st.tuples(st.just("put"), st.just("many.jsonl"), st.sampled_from(PARTS)),
        st.tuples(st.just("put"), st.just("p.png"), st.sampled_from(("one", "two"))),
    ),
    min_size=1,
    max_size=6,
)


def change(house: House, how: str, address: str, what: Any) -> None:
    if how == "write":
        house.write(address, **what)
    elif how == "put":
        (house.content / address).write_text(what, encoding="utf-8")
    elif (house.content / address).exists():
        if how == "remove":
            house.remove(address)
        else:
            (house.content / what).parent.mkdir(exist_ok=True)
            (house.content / address).rename(house.content / what)


def ledger(catalog: Catalog) -> bytes:
    return b"".join(export_ledger(catalog))


def put(catalog: Catalog, text: bytes) -> bool:
    return import_ledger(catalog, text.splitlines(keepends=True), "ledger.jsonl")


@contextmanager
def restored(house: House, place: str = "memory") -> Iterator[House]:
    """The same folder, with another catalog that has the ledger."""
    other = House(house.content, place, site=house.site)
    other.clock.now = house.clock.now
    with closing(other.catalog):
        assert put(other.catalog, ledger(house.catalog))
        yield other


def names(house: House) -> dict[str, list[str]]:
    """All that somebody may ask for: channels, and pages by slugs they have or had, by aliases and files."""
    found = [json.loads(line) for line in export_ledger(house.catalog)]
    ids = [line for line in found if line["kind"] == "id"]
    return {
        "channels": [line["name"] for line in found if line["kind"] == "channel" and line["name"] != ":media"],
        "slugs": [slug for line in ids for slug in (line.get("slug"), *line.get("former", ())) if slug],
        "aliases": [path for line in ids for path in line.get("aliases", ())],
        "addresses": [line["address"] for line in ids],
    }


def seen(house: House) -> dict[str, object]:
    """What a reader sees of everything."""
    asking = {"slugs": Snapshot.article, "aliases": page_of_alias, "addresses": page_of_file}
    found: dict[str, object] = {"ids": house.ids(), "slugs": house.slugs()}
    for what, asked in names(house).items():
        for name in asked:
            try:
                if what == "channels":
                    found[f"{what} {name}"] = house.observed(name)[0]
                    continue
                with house.catalog.snapshot() as snapshot:
                    found[f"{what} {name}"] = asking[what](snapshot, name, int(house.clock()))
            except Unpublished as answer:
                found[f"{what} {name}"] = (type(answer), str(answer))
    return found


def page_of_alias(snapshot: Snapshot, path: str, now: int) -> str:
    return snapshot.moved_to([path], now)


def page_of_file(snapshot: Snapshot, address: str, now: int) -> str:
    return snapshot.filed_at([address], now)


@settings(phases=[__import__("hypothesis").Phase.generate], max_examples=int(__import__("os").environ.get("N", "60")))
@given(before=st.lists(changes, min_size=1, max_size=5), after=st.lists(changes, max_size=2))
def test_a_restored_catalog_goes_on_as_the_old_one_would(before: list[Any], after: list[Any]) -> None:
    with TemporaryDirectory() as folder:
        house = House(Path(folder) / "content", "memory")
        with closing(house.catalog):
            for step in before:
                for each in step:
                    change(house, *each)
                house.sync_after()
            with restored(house) as other:
                assert ledger(other.catalog) == ledger(house.catalog)
                for step in ([], *after):
                    for each in step:
                        change(house, *each)
                    house.sync_after()
                    other.sync_after()
                    assert seen(other) == seen(house)
                    assert tail(other) == tail(house)


def tail(house: House) -> list[bytes]:
    """All of the ledger but the instants of revisions: the restored catalog has one more."""
    return [line for line in export_ledger(house.catalog) if b'"kind":"id"' in line]
