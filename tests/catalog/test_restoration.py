"""A ledger exported and imported: the new catalog goes on as the old one would have."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from asking import Readers
from house import House
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.catalog import Catalog, Snapshot
from feedsvc.catalog.upkeep import export_ledger, import_ledger
from feedsvc.errors import CatalogError, Gone, LedgerError, Moved, NotReady, Unpublished
from feedsvc.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="3"/>'

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
    asking: dict[str, Callable[..., object]] = {
        "slugs": Snapshot.article,
        "aliases": page_of_alias,
        "addresses": page_of_file,
    }
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


@settings(max_examples=25)
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


def documents(house: House, readers: Readers) -> dict[str, tuple[str, bytes, int | None]]:
    """The tag, bytes and Last-Modified of everything that the site has an address for."""
    readers.refresh()
    asked = names(house)
    paths = [f"{name}{'/' if name else ''}{file}" for name in asked["channels"] for file in ("", *FORMATS)]
    found = {}
    for path in [*paths, *(f"articles/{slug}" for slug in asked["slugs"])]:
        with suppress(Unpublished):
            document = readers.get(path)
            plain = document.representations["identity"]
            found[path] = (plain.etag, plain.body, document.lifetime.last_modified)
    return found


def lively(house: House) -> None:
    """A site with everything that only its ledger knows."""
    house.write("a.md", tags="[x, 'a b']", title="A")
    house.write("b.md", tags="['a/b']", title="B", image="p.svg")
    house.write("gone.md", tags="[x]", text="Gone.")
    house.write("broken.md", tags="[y]", title="Broken", aliases="[/old/broken.html]")
    house.write("moved.md", date="2026-01-03", text="Moved.")
    house.write("drawn.md", withdrawn="2026-01-08")
    house.write("soon.md", date="2026-01-10T12:30:00Z", tags="[soon]")
    (house.content / "p.svg").write_text(SVG.format(5), encoding="utf-8")
    house.sync()
    (house.content / "a.md").rename(house.content / "c.md")
    house.write("moved.md", date="2026-01-04", text="Moved.", slug="elsewhere")
    house.write("broken.md", date="nonsense")
    house.remove("gone.md")
    house.sync_after()


def test_every_document_is_the_same_and_no_date_of_one_goes_back(house: House, readers: Readers) -> None:
    lively(house)
    before = documents(house, readers)
    assert len(before) > 20
    with restored(house) as other:
        other.sync_after()
        asking = Readers(other)
        with closing(asking):
            after = documents(other, asking)
        assert {path: each[:2] for path, each in after.items()} == {path: each[:2] for path, each in before.items()}
        assert all(after[path][2] > before[path][2] for path in before if before[path][2])  # type: ignore[operator]
        assert page(other, "a") == "c"
        with pytest.raises(Gone):
            page(other, "gone")
        assert [stone.ref for stone in other.feed("tags/x").tombstones] == ["tag:lantern.example,2026-01-01:gone"]


def page(house: House, slug: str) -> str:
    with house.catalog.snapshot() as snapshot:
        try:
            return snapshot.article(slug, int(house.clock())).slug
        except Moved as moved:
            return moved.location


def test_an_export_gives_the_same_bytes_before_and_after_an_import(house: House) -> None:
    lively(house)
    text = ledger(house.catalog)
    with restored(house) as other:
        assert ledger(other.catalog) == text
        other.sync_after()
        assert text.splitlines()[1:] != ledger(other.catalog).splitlines()[1:]  # the instants of its channels
        assert tail(other) == tail(house)


def test_a_file_that_is_gone_since_the_export_is_taken_back_in_due_form(house: House) -> None:
    house.write("a.md", tags="[x]")
    house.write("b.md", date="2026-01-02")
    house.sync()
    with restored(house) as other:
        house.remove("a.md")
        other.sync_after()
        with pytest.raises(Gone):
            page(other, "a")
        assert [stone.ref for stone in other.feed("tags/x").tombstones] == ["tag:lantern.example,2026-01-01:a"]


def test_what_is_there_is_not_taken_back_by_the_first_sync(house: House) -> None:
    for number in range(12):
        house.write(f"{number}.md", title=str(number))
    (house.content / "many.jsonl").write_text(f"{ONE}\n{TWO}", encoding="utf-8")
    house.sync()
    with restored(house) as other:
        other.sync_after()
        assert other.ids() == house.ids()
        assert other.feed().tombstones == ()
        assert len(other.titles()) == 14


def test_a_draft_that_returns_after_a_restore_has_its_id(house: House) -> None:
    house.write("a.md")
    house.sync()
    before = house.ids()
    house.write("a.md", draft="true")
    house.sync_after()
    with restored(house) as other:
        house.write("a.md", date="2026-01-05", title="Written anew")
        other.sync_after()
        assert other.ids() == before


def test_the_instants_go_on_where_the_clock_is_behind(house: House) -> None:
    lively(house)
    with restored(house) as other:
        last = house.modified()
        other.clock.now -= 3600
        revision = other.sync().revision
        assert revision is not None
        assert revision.number == 3
        assert other.modified() == last + 1


def test_nothing_is_published_between_the_import_and_the_first_sync(house: House) -> None:
    lively(house)
    with restored(house) as other:
        with pytest.raises(NotReady), other.catalog.snapshot():
            pass
        assert other.catalog.news(None).revision == 0
        with pytest.raises(CatalogError, match="was lost and is being made anew"):
            other.catalog.news(house.catalog.news(None))
        other.sync_after()
        assert other.catalog.news(house.catalog.news(None)).touched is None


def test_a_catalog_that_is_not_empty_takes_no_ledger_but_its_own(house: House) -> None:
    house.write("a.md")
    house.sync()
    text = ledger(house.catalog)
    assert not put(house.catalog, text)
    house.write("b.md")
    house.sync_after()
    now = ledger(house.catalog)
    for other in (text, b"", b"nonsense\n", now + b"\n"):
        with pytest.raises(CatalogError, match=r"into an empty catalog, and this one is not \(stop feedsvc and delete"):
            put(house.catalog, other)
    assert ledger(house.catalog) == now


def test_of_a_file_with_a_fault_nothing_is_imported(house: House) -> None:
    lively(house)
    text = ledger(house.catalog)
    with closing(Catalog("memory")) as empty:
        with pytest.raises(LedgerError, match=r"^ledger\.jsonl:1:1: the head promises 7 ids, and the file has 6"):
            put(empty, b"".join(text.splitlines(keepends=True)[:-1]))
        assert ledger(empty) == b'{"kind":"ledger","version":1}\n'
        assert put(empty, text)
        assert ledger(empty) == text


def test_the_ledger_of_an_empty_catalog_is_its_head() -> None:
    with closing(Catalog("memory")) as empty, closing(Catalog("memory")) as other:
        assert put(other, ledger(empty))
        assert ledger(other) == ledger(empty)


def test_many_ids_are_written_in_several_parts() -> None:
    head = {"kind": "ledger", "version": 1, "channels": 1, "ids": 1201}
    ids = [
        {"kind": "id", "id": f"tag:x.example,2020:{n:05}", "address": f"{n:05}.md", "digest": "0" * 64, "slug": str(n)}
        for n in range(1201)
    ]
    lines = [json.dumps(line, separators=(",", ":")) for line in (head, {"kind": "channel", "name": "x"}, *ids)]
    with closing(Catalog("memory")) as catalog:
        assert put(catalog, "".join(f"{line}\n" for line in lines).encode())
        found = ledger(catalog).decode().splitlines()
    # The site's channel is made where a damaged ledger has none.
    assert found[0] == lines[0].replace('"channels":1', '"channels":2')
    assert found[3:] == lines[2:]
