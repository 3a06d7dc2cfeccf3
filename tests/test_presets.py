"""Partners' presets: what each sets, what its feed carries, and what `check` says an article lacks of it."""

from __future__ import annotations

import json
import struct
import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import feedparser
import pytest
from command import feedsvc
from lxml import etree
from msgspec.structs import replace

from feedsvc.config import FILE_NAME, load
from feedsvc.config.presets import PRESETS
from feedsvc.fitness import shortfalls
from feedsvc.formats import FORMATS

if TYPE_CHECKING:
    from pathlib import Path

    from house import House

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
    "snf": "http://www.smartnews.be/snf",
}
every_preset = pytest.mark.parametrize("preset", PRESETS)


def png(width: int, height: int) -> bytes:
    """A picture of one colour."""
    rows = zlib.compress(b"".join(b"\0" + bytes((width + 7) // 8) for _ in range(height)))
    head = struct.pack(">2I5B", width, height, 1, 0, 0, 0, 0)
    parts = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def settings(folder: Path, *lines: str) -> Any:
    folder.mkdir(exist_ok=True)
    (folder / FILE_NAME).write_text("\n".join(lines), encoding="utf-8")
    return load(folder, {}, {})


def publish(house: House, preset: str, *lines: str) -> None:
    """A sample under a preset: with a large picture, a small one, one elsewhere and none; long and short."""
    found = settings(house.content, 'logo = "logo.png"', "[channels.partner]", f'preset = "{preset}"', *lines)
    house.site = replace(house.site, channels=found.site.channels, logo=found.site.logo)
    (house.content / "logo.png").write_bytes(png(120, 120))
    (house.content / "large.png").write_bytes(png(800, 450))
    (house.content / "small.png").write_bytes(png(300, 500))
    house.write("a.md", title="A day at the harbour with Ada", image="large.png", author="[Ada Quay, Ben Mole]")
    house.write("b.md", title="Short", image="small.png", text="Brief & to the point.")
    house.write("c.md", title="A picture that is elsewhere", image="https://elsewhere.example/c.jpg", author="Cy")
    house.write("d.md", title="No picture at all, and long", text="A long text.\n\n" * 500, author="Dee")
    house.sync_after()


def rss(house: House) -> etree._Element:
    return etree.fromstring(FORMATS["rss.xml"].render(house.feed("channels/partner")))


def texts(element: etree._Element, path: str) -> list[str]:
    return [str(each) for each in element.xpath(path, namespaces=NAMESPACES)]


def items(house: House) -> list[etree._Element]:
    found = list(rss(house).iter("item"))
    assert found
    return found


# What all of them need


@every_preset
def test_each_article_has_its_id_title_link_date_author_and_whole_text(house: House, preset: str) -> None:
    publish(house, preset)
    read = feedparser.parse(FORMATS["rss.xml"].render(house.feed("channels/partner")))
    assert not read.bozo
    assert read.feed.language == "en"
    expected = {"a", "b", "c"} if preset == "flipboard" else {"a", "b", "c", "d"}
    assert {entry.link.rpartition("/")[2] for entry in read.entries} == expected
    assert len({entry.id for entry in read.entries}) == len(read.entries)
    for entry in read.entries:
        assert entry.title
        assert entry.link.startswith("https://lantern.example/articles/")
        assert entry.published_parsed
        assert entry.author
        assert entry.summary
        assert entry.content[0].value.startswith("<")
    ada = next(entry for entry in read.entries if entry.title.endswith("Ada"))
    assert ada.author == "Ada Quay, Ben Mole"
    (picture,) = ada.media_content
    assert picture["url"].startswith("https://lantern.example/media/large.")
    assert (picture["width"], picture["height"], picture["type"]) == ("800", "450", "image/png")


@every_preset
def test_what_is_written_beside_a_preset_wins(tmp_path: Path, preset: str) -> None:
    (found,) = settings(tmp_path, "[channels.x]", f'preset = "{preset}"').site.channels
    assert {name: getattr(found, name) for name in PRESETS[preset].sets} == PRESETS[preset].sets
    beside = ["entries = 7", 'content = "summary"', 'images = "none"', 'within = "3 days"', "has_image = false"]
    (found,) = settings(tmp_path, "[channels.x]", f'preset = "{preset}"', *beside).site.channels
    assert (found.entries, found.content, found.images, found.within) == (7, "summary", "none", 3 * 86_400)
    assert not found.has_image


def test_of_other_channels_articles_say_what_is_in_them(tmp_path: Path) -> None:
    (found,) = settings(tmp_path, '[channels."tags/ferries"]', 'preset = "flipboard"').site.channels
    assert (found.name, found.images, found.has_image) == ("tags/ferries", "lead", False)


def test_config_says_that_a_preset_sets_it(tmp_path: Path) -> None:
    settings(tmp_path, "[channels.x]", 'preset = "flipboard"', "entries = 40")
    printed = {line.split(" = ")[0]: line for line in feedsvc("config", tmp_path).stdout.splitlines()}
    assert printed["channels.x.entries"].endswith("# feedsvc.toml:3")
    assert 'images = "lead"' in printed["channels.x.images"]
    assert printed["channels.x.images"].endswith("# feedsvc.toml:2")


def test_a_preset_that_nobody_knows_is_a_fault(tmp_path: Path) -> None:
    settings(tmp_path, "[channels.x]", 'title = "X"')
    (tmp_path / FILE_NAME).write_text('[channels.x]\npreset = "flipbord"\n', encoding="utf-8")
    answer = feedsvc("check", cwd=tmp_path)
    assert answer.returncode == 2
    assert "flipboard" in answer.stderr


# Each of them


def test_flipboard_gets_a_picture_before_the_text_and_as_media(house: House) -> None:
    publish(house, "flipboard")
    assert len(items(house)) == 3
    for item in items(house):
        (url,) = texts(item, "media:content/@url")
        (content,) = texts(item, "content:encoded/text()")
        assert content.startswith(f'<figure><img src="{url}"')
        assert len(texts(item, "media:content[@medium='image']")) == 1


def test_smartnews_gets_a_logo_and_the_date_of_the_document(house: House) -> None:
    publish(house, "smartnews")
    channel = rss(house).find("channel")
    assert channel is not None
    (logo,) = texts(channel, "snf:logo/url/text()")
    assert logo.startswith("https://lantern.example/media/logo.")
    assert len(texts(channel, "pubDate")) == len(texts(channel, "title")) == len(texts(channel, "language")) == 1
    assert len(items(house)) == 4
    assert [len(texts(item, "media:thumbnail")) for item in items(house)] == [
        0 if "long" in texts(item, "title/text()")[0] else 1 for item in items(house)
    ]


def test_msn_gets_when_an_article_was_changed_and_pictures_with_a_title(house: House) -> None:
    publish(house, "msn")
    house.write("a.md", title="A day at the harbour <b>", image="large.png", updated="2026-01-05T10:00:00Z")
    house.sync_after()
    (item,) = (each for each in items(house) if texts(each, "title/text()")[0].startswith("A day"))
    assert texts(item, "dcterms:modified/text()") == ["2026-01-05T10:00:00Z"]
    assert texts(item, "media:content/media:title[@type='plain']/text()") == ["A day at the harbour <b>"]
    assert len(texts(item, "media:content/media:thumbnail/@url")) == 1
    assert not texts(item, "media:thumbnail")
    assert item.find("guid") is not None


def test_msn_gets_nothing_older_than_a_year(house: House) -> None:
    publish(house, "msn")
    house.write("old.md", title="From the archives of the harbour", date="2024-12-30")
    house.sync_after()
    assert "From the archives of the harbour" in house.titles()
    assert "From the archives of the harbour" not in house.titles("channels/partner")


def test_mailchimp_finds_the_picture_and_the_author(house: House) -> None:
    publish(house, "mailchimp")
    (item,) = (each for each in items(house) if "elsewhere" in texts(each, "title/text()")[0])
    assert texts(item, "media:content/@url") == ["https://elsewhere.example/c.jpg"]
    assert texts(item, "dc:creator/text()") == ["Cy"]


def test_a_planet_gets_absolute_addresses_of_its_category_in_atom_too(house: House) -> None:
    publish(house, "planet", 'any = ["categories/boats"]')
    house.write("boat.md", title="A boat", categories="[Boats]", text="See [the quay](quay.md) and ![it](large.png).")
    house.sync_after()
    (entry,) = feedparser.parse(FORMATS["atom.xml"].render(house.feed("channels/partner"))).entries
    assert 'href="https://lantern.example/' in entry.content[0].value
    assert 'src="https://lantern.example/media/large.' in entry.content[0].value
    first = entry.id
    house.write("boat.md", title="Another boat", categories="[Boats]", text="Sunk.")
    house.sync_after()
    (entry,) = feedparser.parse(FORMATS["atom.xml"].render(house.feed("channels/partner"))).entries
    assert (entry.id, entry.title) == (first, "Another boat")


@pytest.mark.parametrize("name", FORMATS)
def test_an_ordinary_feed_is_what_it_was_whoever_has_a_preset(house: House, name: str) -> None:
    publish(house, "msn")
    render = FORMATS[name].render
    partner, ordinary = house.feed("channels/partner"), house.feed()
    alone = render(ordinary)
    changed = render(partner).count(b"<dcterms:modified>")
    assert changed == (len(partner.entries) if name == "rss.xml" else 0)
    assert render(ordinary) == alone
    assert b"dcterms" not in alone


# A logo


def test_a_logo_stands_in_every_format(house: House) -> None:
    publish(house, "planet")
    image = rss(house).find("channel/image")
    assert image is not None
    channel = house.feed("channels/partner").channel
    url = channel.logo.url if channel.logo else ""
    assert {each.tag: each.text for each in image} == {
        "url": url,
        "title": channel.title,
        "link": channel.link,
        "width": "120",
        "height": "120",
    }
    atom = etree.fromstring(FORMATS["atom.xml"].render(house.feed()))
    assert texts(atom, "atom:logo/text()") == texts(atom, "atom:icon/text()") == [url]
    assert json.loads(FORMATS["feed.json"].render(house.feed()))["icon"] == url


@pytest.mark.parametrize(
    ("width", "height", "is_sized", "is_icon"),
    [(144, 400, True, False), (145, 145, False, True), (700, 100, False, False)],
)
def test_a_logo_says_its_size_where_rss_allows_it(
    house: House, width: int, height: int, *, is_sized: bool, is_icon: bool
) -> None:
    publish(house, "planet", 'logo = "strip.png"')
    (house.content / "strip.png").write_bytes(png(width, height))
    house.sync_after()
    assert bool(texts(rss(house), "channel/image/width")) is is_sized
    atom = etree.fromstring(FORMATS["atom.xml"].render(house.feed("channels/partner")))
    assert bool(texts(atom, "atom:icon")) is is_icon
    assert ("icon" in json.loads(FORMATS["feed.json"].render(house.feed("channels/partner")))) is is_icon


def test_a_new_logo_touches_every_channel_and_rss_shows_no_drawing(house: House) -> None:
    publish(house, "planet")
    before = house.modified()
    (house.content / "logo.png").write_bytes(png(10, 10))
    house.sync_after()
    assert house.modified() == house.modified("channels/partner") > before
    house.site = replace(house.site, logo="logo.svg")
    house.sync_after()
    assert rss(house).find("channel/image") is None
    atom = etree.fromstring(FORMATS["atom.xml"].render(house.feed()))
    assert texts(atom, "atom:logo/text()") == ["https://lantern.example/media/logo.svg"]


# An attribution


def test_an_attribution_stands_in_the_text_and_in_the_metadata(house: House) -> None:
    house.site = replace(house.site, rights="© The Lantern & <b>friends</b>")
    publish(house, "planet", 'attribution = "First in The Lantern"')
    for item in items(house):
        assert texts(item, "source/@url") == ["https://lantern.example/rss.xml"]
        assert texts(item, "source/text()") == ["The Lantern"]
        (content,) = texts(item, "content:encoded/text()")
        assert content.endswith(f'<p><a href="{texts(item, "link/text()")[0]}">First in The Lantern</a></p>\n')
    read = feedparser.parse(FORMATS["atom.xml"].render(house.feed("channels/partner")))
    site = house.feed().channel
    for entry in read.entries:
        assert (entry.source.id, entry.source.title) == (site.id, "The Lantern")
        assert {link.rel: link.href for link in entry.source.links} == {
            "self": "https://lantern.example/atom.xml",
            "alternate": "https://lantern.example/",
        }
        assert entry.source.rights == "© The Lantern &amp; &lt;b&gt;friends&lt;/b&gt;"
        assert entry.source.updated == entry.updated
    document = json.loads(FORMATS["feed.json"].render(house.feed("channels/partner")))
    assert all("First in The Lantern" in item["content_html"] for item in document["items"])


# What an article lacks


def lacking(house: House, preset: str, **changes: Any) -> set[tuple[str, str]]:
    """Who falls short and of what: the last part of an address, or nothing for the whole."""
    feed = house.feed("channels/partner")
    slugs = {entry.id: entry.page.rpartition("/")[2] for entry in feed.entries} | {None: ""}
    found = shortfalls(feed, replace(PRESETS[preset], **changes), house.site)
    return {(slugs[each.entry], each.problem) for each in found}


def test_flipboard_asks_for_pictures_of_400_pixels_and_for_thirty_articles(house: House) -> None:
    publish(house, "flipboard", "has_image = false")
    assert lacking(house, "flipboard") == {
        ("", "it holds 4 of the 30 articles that Flipboard asks for"),
        ("", "excerpts have 280 characters at most, and Flipboard likes them longer"),
        ("b", "no picture of at least 400 pixels: its own has 300 × 500"),
        ("c", "the size of its picture is not known"),
        ("d", "no picture of at least 400 pixels"),
    }


def test_smartnews_asks_for_a_short_description_authors_and_a_small_document(house: House) -> None:
    publish(house, "smartnews", f'description = "{"x" * 31}"')
    assert lacking(house, "smartnews", most_text=3000) == {
        ("", "its description has 31 characters, and SmartNews takes 30"),
        (
            "",
            (
                f"its texts have {sum(len(e.content or '') for e in house.feed('channels/partner').entries)} bytes, "
                "and SmartNews takes 3000"
            ),
        ),
        ("b", "no author"),
        ("d", "no picture"),
    }
    house.site = replace(house.site, logo="")
    house.sync_after()
    assert ("", "there is no logo") in lacking(house, "smartnews")


def test_msn_asks_for_titles_of_some_length_and_formats_that_it_shows(house: House) -> None:
    publish(house, "msn")
    house.write("e.md", title="E" * 151, image="https://elsewhere.example/e.gif")
    house.sync_after()
    assert lacking(house, "msn") >= {
        ("b", "a title of 5 characters"),
        ("d", "no picture of at least 150 pixels"),
        ("e", "a title of 151 characters"),
        ("e", "its picture is image/gif"),
        ("e", "the size of its picture is not known"),
    }
    (large,) = (each for each in house.feed("channels/partner").entries if each.title.endswith("Ada"))
    assert large.image is not None
    found = lacking(house, "msn", most_picture=100)
    assert ("a", f"its picture has {large.image.length} bytes") in found


def test_a_summary_is_told_where_the_text_is_asked_for(house: House) -> None:
    publish(house, "planet")
    house.write("b.md", title="Short", feed_content="summary", author="Bea")
    house.sync_after()
    assert lacking(house, "planet") == {("b", "the summary only")}


def test_check_tells_who_falls_short_where_and_what_to_do(tmp_path: Path) -> None:
    content = tmp_path / "content"
    settings(content, 'base_url = "https://lantern.example/"', "", "[channels.flip]", 'preset = "flipboard"')
    (content / "small.png").write_bytes(png(300, 500))
    today = datetime.now(UTC).date().isoformat()
    (content / "b.md").write_text(f"---\ntitle: B\ndate: {today}\nimage: small.png\n---\nA text.\n", encoding="utf-8")
    answer = feedsvc("check", "content", cwd=tmp_path)
    assert answer.returncode == 0
    told = "warning: channels.flip, preset flipboard:"
    first, *others = answer.stdout.splitlines()
    assert first == (
        f"content/b.md:1:1: {told} no picture of at least 400 pixels: its own has 300 × 500 "
        "(show one of at least 400 pixels each way)"
    )
    cures = ("(set excerpt_length to 300 or more)", "(set entries to 30 at least", '(write language = "en", or')
    for line, cure in zip(others, cures, strict=False):
        assert line.startswith(f"content/feedsvc.toml:4:1: {told} ")
        assert cure in line
    assert others[len(cures) :] == ["", "1 article, 4 warnings in 2 files"]
    found = json.loads(feedsvc("check", "content", "--format", "json", cwd=tmp_path).stdout)["findings"]
    assert {(each["severity"], each["line"]) for each in found} == {("warning", 1), ("warning", 4)}


def test_check_looks_at_a_partner_s_own_channel_and_at_what_stands_in_a_feed_again(tmp_path: Path) -> None:
    content = tmp_path / "content"
    channel = ("[channels.flip]", 'preset = "flipboard"', "private = true", 'any = ["tags/t"]', "entries = 1")
    settings(content, 'base_url = "https://lantern.example/"', "", *channel, "has_image = false")
    head = "title: B\nauthor: Ada\ntags: [t]"
    (content / "new.md").write_text(f"---\n{head}\ndate: 2026-03-01\n---\nA text.\n", encoding="utf-8")
    (content / "old.md").write_text(
        f"---\n{head}\ndate: 2026-01-01\nupdated: 2026-04-01\n---\nOld.\n", encoding="utf-8"
    )
    lines = feedsvc("check", "content", cwd=tmp_path).stdout.splitlines()
    told = "1:1: warning: channels.flip, preset flipboard: no picture"
    assert sorted(line.split(":")[0] for line in lines if told in line) == ["content/new.md", "content/old.md"]


def test_a_logo_that_is_not_there_is_a_warning(tmp_path: Path) -> None:
    settings(tmp_path, 'logo = "none.png"', "[channels.x]", 'logo = "nor.png"')
    printed = feedsvc("check", cwd=tmp_path).stdout
    assert "feedsvc.toml:1:1: warning: logo: there is no file none.png (write" in printed
    assert "feedsvc.toml:3:1: warning: channels.x.logo: there is no file nor.png (write" in printed
