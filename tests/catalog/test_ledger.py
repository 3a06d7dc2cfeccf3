"""Who has which id and which slug, and for how long."""

from __future__ import annotations

import json
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from feedsvc.errors import Gone, Moved, NotFound
from feedsvc.sources.folder import Folder

if TYPE_CHECKING:
    from house import House

    from feedsvc.model import Article


def page(house: House, slug: str) -> Article:
    with house.catalog.snapshot() as snapshot:
        return snapshot.article(slug, int(house.clock()))


def test_a_record_s_own_id_is_its_id(house: House) -> None:
    house.write("a.md", id="tag:lantern.example,2020:own")
    house.sync()
    assert house.ids() == {"a.md": "tag:lantern.example,2020:own"}


def test_an_id_is_minted_from_authority_date_and_slug(house: House) -> None:
    house.write("news/on-fog.md", date="2026-01-02")
    house.sync()
    assert house.ids() == {"news/on-fog.md": "tag:lantern.example,2026-01-02:on-fog"}


def test_an_edit_of_everything_keeps_the_id(house: House) -> None:
    house.write("a.md")
    house.sync()
    before = house.ids()
    house.write("a.md", date="2026-01-05", title="Other", text="Other.", slug="other")
    house.sync_after()
    assert house.ids() == before


def test_a_renamed_file_keeps_its_id_and_its_old_page_says_where_it_went(house: House) -> None:
    house.write("old.md", text="The same text.")
    house.sync()
    (uri,) = house.ids().values()
    (house.content / "old.md").rename(house.content / "new.md")
    house.sync_after()
    assert house.ids() == {"new.md": uri}
    with pytest.raises(Moved) as moved:
        page(house, "old")
    assert moved.value.location == "new"


def test_a_file_that_is_first_removed_and_then_added_elsewhere_keeps_its_id(house: House) -> None:
    house.write("old.md", text="The same text.")
    house.sync()
    (uri,) = house.ids().values()
    text = (house.content / "old.md").read_text(encoding="utf-8")
    house.remove("old.md")
    house.sync_after()
    (house.content / "new.md").write_text(text, encoding="utf-8")
    house.sync_after()
    assert house.ids() == {"new.md": uri}


def test_two_files_that_swap_names_keep_the_ids_of_their_texts(house: House) -> None:
    house.write("a.md", title="A")
    house.write("b.md", title="B")
    house.sync()
    before = {article.title: article.id for article in house.articles()}
    (house.content / "a.md").rename(house.content / "c")
    (house.content / "b.md").rename(house.content / "a.md")
    (house.content / "c").rename(house.content / "b.md")
    house.sync_after()
    assert {article.title: article.id for article in house.articles()} == before


def test_a_new_article_at_the_address_of_one_that_moved_away_gets_an_id_of_its_own(house: House) -> None:
    house.write("a.md", title="First")
    house.sync()
    (uri,) = house.ids().values()
    (house.content / "a.md").rename(house.content / "b.md")
    house.write("a.md", title="Second", date="2026-01-03")
    house.sync_after()
    assert house.ids() == {"b.md": uri, "a.md": "tag:lantern.example,2026-01-03:a"}


def test_a_copy_of_a_file_is_another_article(house: House) -> None:
    house.write("a.md")
    house.sync()
    (house.content / "b.md").write_bytes((house.content / "a.md").read_bytes())
    house.sync_after()
    assert len(set(house.ids().values())) == 2


def test_two_records_with_one_id_are_an_error_that_names_both(house: House) -> None:
    house.write("a.md", id="tag:x.example,2020:a", date="2026-01-02")
    house.write("b.md", id="tag:x.example,2020:a", date="2026-01-01")
    (fault,) = house.sync().faults
    assert (fault.address, "b.md" in fault.problem) == ("a.md", True)
    assert list(house.ids()) == ["b.md"]


def test_who_holds_an_id_keeps_it_whatever_comes_later(house: House) -> None:
    house.write("a.md", id="tag:x.example,2020:a", date="2026-01-02")
    house.sync()
    house.write("b.md", id="tag:x.example,2020:a", date="2026-01-01")
    (fault,) = house.sync_after().faults
    assert fault.address == "b.md"
    assert list(house.ids()) == ["a.md"]


def test_a_record_that_waited_for_an_id_gets_it_when_its_holder_goes(house: House) -> None:
    house.write("a.md", id="tag:x.example,2020:a")
    house.write("b.md", id="tag:x.example,2020:a")
    house.sync()
    house.remove("a.md")
    assert house.sync_after().faults == ()
    assert house.ids() == {"b.md": "tag:x.example,2020:a"}
    assert house.catalog.faults() == ()


@pytest.mark.parametrize("is_whole", [True, False])
@pytest.mark.parametrize("change", ["removed", "given another id", "a draft", "one of several"])
def test_a_record_that_has_waited_for_long_gets_the_id_whatever_becomes_of_its_holder(
    house: House, change: str, *, is_whole: bool
) -> None:
    assert isinstance(house.source, Folder)
    house.source = replace(house.source, clock=lambda: time.time() + 60)  # nothing is looked at again for its youth
    if change == "one of several":
        house.write("a.json", text="")
        shared = {"id": "tag:x.example,2020:a", "title": "A", "date": "2026-01-01", "content": "x"}
        put = partial((house.content / "a.json").write_text, encoding="utf-8")
        put(json.dumps([shared, {**shared, "id": "tag:x.example,2020:c", "title": "C"}]))
    else:
        house.write("a.md", id="tag:x.example,2020:a")
    house.write("b.md", id="tag:x.example,2020:a", title="B")
    house.write("d.md", title="Other")
    house.sync()
    house.sync_after()
    assert "b.md" not in house.ids()
    if change == "one of several":
        put(json.dumps([{**shared, "id": "tag:x.example,2020:c", "title": "C"}]))
    elif change == "removed":
        house.remove("a.md")
    elif change == "a draft":
        house.write("a.md", id="tag:x.example,2020:a", draft="true")
    else:
        house.write("a.md", id="tag:x.example,2020:other")
    house.write("d.md", title="Other again")
    house.sync_after(places=None if is_whole else ["a.md", "a.json"])
    assert house.ids()["b.md"] == "tag:x.example,2020:a"
    assert house.catalog.faults() == ()


def test_an_article_that_claims_another_s_id_goes_on_under_its_own(house: House) -> None:
    house.write("a.md", id="tag:x.example,2020:a")
    house.write("b.md", text="Before.")
    house.sync()
    before = house.ids()
    house.write("b.md", text="After.", id="tag:x.example,2020:a")
    assert len(house.sync_after().faults) == 1
    assert house.ids() == before


def test_a_record_that_is_given_another_id_is_another_article(house: House) -> None:
    house.write("a.md")
    house.sync()
    (before,) = house.ids().values()
    house.write("a.md", id="tag:x.example,2020:new")
    house.sync_after()
    assert house.ids() == {"a.md": "tag:x.example,2020:new"}
    assert [stone.ref for stone in house.feed().tombstones] == [before]


def test_a_record_that_loses_its_id_line_keeps_its_id(house: House) -> None:
    house.write("a.md", id="tag:x.example,2020:a")
    house.sync()
    house.write("a.md")
    house.sync_after()
    assert house.ids() == {"a.md": "tag:x.example,2020:a"}


def test_two_files_with_one_name_in_two_sections_both_publish(house: House) -> None:
    house.write("news/fog.md", date="2026-01-01")
    house.write("sport/fog.md", date="2026-01-02")
    house.sync()
    assert house.slugs() == {"news/fog.md": "fog", "sport/fog.md": "sport-fog"}
    assert len(set(house.ids().values())) == 2


def test_two_files_with_one_slug_in_one_section_both_publish(house: House) -> None:
    house.write("fog.md", date="2026-01-01")
    house.write("FOG.markdown", date="2026-01-02")
    house.sync()
    slugs = house.slugs()
    assert slugs["fog.md"] == "fog"
    assert slugs["FOG.markdown"].startswith("fog-")


def test_two_explicit_equal_slugs_are_an_error_and_the_earlier_stays(house: House) -> None:
    house.write("a.md", slug="fog", date="2026-01-02")
    house.write("b.md", slug="fog", date="2026-01-01")
    (fault,) = house.sync().faults
    assert fault.address == "a.md"
    assert house.slugs() == {"b.md": "fog"}


def test_articles_may_swap_their_explicit_slugs(house: House) -> None:
    house.write("a.md", slug="one")
    house.write("b.md", slug="two")
    house.sync()
    house.write("a.md", slug="two")
    house.write("b.md", slug="one")
    assert house.sync_after().faults == ()
    assert house.slugs() == {"a.md": "two", "b.md": "one"}


def test_an_article_that_asks_for_a_taken_slug_keeps_its_own(house: House) -> None:
    house.write("a.md", slug="one")
    house.write("b.md", slug="two", text="Before.")
    house.sync()
    house.write("b.md", slug="one", text="After.")
    (fault,) = house.sync_after().faults
    assert fault.address == "b.md"
    assert house.slugs() == {"a.md": "one", "b.md": "two"}


def test_a_slug_that_comes_back_is_no_former_one(house: House) -> None:
    for slug in ("one", "two", "one", "three"):
        house.write("a.md", slug=slug)
        house.sync_after()
    assert page(house, "three").slug == "three"
    for former in ("one", "two"):
        with pytest.raises(Moved):
            page(house, former)


def test_the_page_of_a_removed_article_is_gone_and_of_one_that_never_was_is_not_found(house: House) -> None:
    house.write("a.md")
    house.write("later.md", date="2027-01-01")
    house.sync()
    house.remove("a.md")
    house.sync_after()
    with pytest.raises(Gone):
        page(house, "a")
    for slug in ("later", "never"):
        with pytest.raises(NotFound):
            page(house, slug)


def test_the_former_page_of_a_removed_article_is_gone_too(house: House) -> None:
    house.write("a.md", slug="one")
    house.sync()
    house.write("a.md", slug="two")
    house.sync_after()
    house.remove("a.md")
    house.sync_after()
    with pytest.raises(Gone):
        page(house, "one")


def test_a_new_article_may_take_the_slug_of_a_removed_one(house: House) -> None:
    house.write("a.md", slug="fog", text="Old.")
    house.sync()
    house.remove("a.md")
    house.sync_after()
    house.write("b.md", slug="fog", date="2026-01-09", text="New.")
    house.sync_after()
    assert page(house, "fog").address == "b.md"


def test_one_tag_in_two_spellings_is_one_channel(house: House) -> None:
    house.write("a.md", tags="[Security]", title="A")
    house.write("b.md", tags="[security]", title="B")
    house.sync()
    assert sorted(house.titles("tags/security")) == ["A", "B"]


def test_of_two_tags_with_one_slug_the_later_gets_a_digest(house: House) -> None:
    house.write("a.md", tags="['a b']", title="A")
    house.write("b.md", tags="['a/b']", title="B")
    house.sync()
    slugs = {article.title: article.categories[0].slug for article in house.articles()}
    assert slugs["A"] == "a-b"
    assert slugs["B"].startswith("a-b-")
    assert house.titles(f"tags/{slugs['B']}") == ["B"]


def test_a_tag_that_only_a_scheduled_article_has_is_unknown(house: House) -> None:
    house.write("a.md", tags="[secret]", date="2027-01-01")
    house.sync()
    with pytest.raises(NotFound):
        house.feed("tags/secret")


def test_records_alone_give_the_same_ids_and_slugs_in_whatever_order_they_are_listed(house: House) -> None:
    for section in ("b", "a", "c"):
        house.write(f"{section}/fog.md", date="2026-01-01")
    house.sync()
    assert house.slugs() == {"a/fog.md": "fog", "b/fog.md": "b-fog", "c/fog.md": "c-fog"}


def test_an_article_that_asks_for_a_new_id_and_a_slug_it_cannot_have_goes_on_as_before(house: House) -> None:
    house.write("a.md")
    house.write("b.md", slug="held")
    house.sync()
    before = house.ids()
    house.write("a.md", id="tag:x.example,2020:new", slug="held", title="Edited")
    (fault,) = house.sync_after().faults
    assert fault.address == "a.md"
    assert house.ids() == before
    assert "Edited" in house.titles()


def test_of_two_articles_that_ask_for_one_new_id_the_one_with_an_older_id_keeps_that(house: House) -> None:
    house.write("a.md", date="2026-01-02")
    house.sync()
    before = house.ids()
    house.write("a.md", date="2026-01-02", id="tag:x.example,2020:new")
    house.write("b.md", date="2026-01-01", id="tag:x.example,2020:new")
    house.sync_after()
    assert house.ids() == before | {"b.md": "tag:x.example,2020:new"}


def test_a_refused_article_changes_nothing_however_often_it_is_read(house: House) -> None:
    house.write("a.md", slug="one")
    house.write("b.md", slug="two")
    house.sync()
    house.write("b.md", slug="one")
    house.sync_after()
    seen = house.observed()
    (house.content / "c.md").write_text("nonsense", encoding="utf-8")
    assert house.sync_after().revision is None
    assert house.observed() == seen
    assert len(house.titles()) == 2


def test_a_refused_slug_is_given_when_its_holder_goes(house: House) -> None:
    house.write("a.md", slug="one")
    house.write("b.md", slug="two")
    house.sync()
    house.write("b.md", slug="one")
    house.sync_after()
    house.remove("a.md")
    assert house.sync_after().faults == ()
    assert house.slugs() == {"b.md": "one"}


def test_no_article_without_an_id_or_slug_of_its_own_is_ever_refused(house: House) -> None:
    house.write("a.md", text="First.")
    house.write("s/a.md", text="Second.")
    house.sync()
    (house.content / "s/a.md").rename(house.content / "s/b.md")
    house.write("s/a.md", text="Third.")
    assert house.sync_after().faults == ()
    assert len(set(house.ids().values())) == 3


def test_a_slug_that_another_only_derived_is_reported_and_both_are_published(house: House) -> None:
    house.write("x/fog.md")
    house.sync()
    house.write("y/other.md", slug="fog")
    (fault,) = house.sync_after().faults
    assert "x/fog.md" in fault.problem
    assert house.slugs() == {"x/fog.md": "fog", "y/other.md": "y-fog"}


def test_a_tag_of_the_time_before_publication_is_never_a_channel(house: House) -> None:
    house.write("a.md", tags="[takeover]", date="2026-01-10T12:00:05Z")
    house.sync()
    house.write("a.md", tags="[business]", date="2026-01-10T12:00:05Z")
    house.sync_after(2)
    house.clock.now += 60
    assert house.titles("tags/business") == ["A title"]
    with pytest.raises(NotFound):
        house.feed("tags/takeover")


def test_two_tags_with_one_slug_in_one_record_are_two_channels(house: House) -> None:
    house.write("a.md", tags="['C', 'C#']")
    house.sync()
    (article,) = house.articles()
    assert len({category.slug for category in article.categories}) == 2
