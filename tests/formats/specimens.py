"""Feeds that every format is tried on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from feedsvc.config.presets import PRESETS
from feedsvc.model import Category, Channel, Enclosure, Entry, Feed, Image, Person, Source, Tombstone
from feedsvc.podcast import Podcast

CHANNEL = Channel(
    name="",
    id="urn:uuid:5f3f5a3e-7a0c-5d55-9d6b-0f9a3c1b2e4d",
    title="The Harbour Almanac",
    description="Tides, boats & the people who wait for both",
    top="https://almanac.example/",
    base_url="https://almanac.example/",
    language="en",
    author=Person("Ada Quay", "ada@almanac.example", "https://almanac.example/about"),
    max_age=300,
    rights="© 2020 The Harbour Almanac",
)
NOON = datetime(2020, 5, 20, 12, tzinfo=UTC)


def entry(number: int, **changes: object) -> Entry:
    """The article of a day: the higher its number, the older it is."""
    at = NOON - timedelta(days=number)
    link = f"https://almanac.example/articles/day-{number}"
    made = Entry(
        id=f"tag:almanac.example,{at:%Y-%m-%d}:day-{number}",
        title=f"Day {number} at the harbour",
        link=link,
        page=link,
        published=at,
        updated=at + timedelta(hours=1),
        summary=f"What came in on day {number}, and what did not.",
        content=f"<p>What came in on day {number}, and <em>what did not</em>.</p>",
    )
    return replace(made, **changes)


def feed(*entries: Entry, tombstones: tuple[Tombstone, ...] = (), channel: Channel = CHANNEL) -> Feed:
    """A feed of these, newest first, as the room above makes it."""
    instants = [*(e.updated for e in entries), *(t.when for t in tombstones)]
    return Feed(channel, entries, max(instants, default=NOON), tombstones)


FERRY = entry(
    0,
    title="The ferry that was on time",
    summary="On Wednesday the ten o'clock ferry left at ten. Nobody was on the quay to see it.",
    content='<p>On Wednesday the <a href="https://almanac.example/ferry">ten o\'clock ferry</a> left at ten.</p>\n'
    "<p>Nobody was on the quay to see it.</p>",
    authors=(Person("Ada Quay", uri="https://almanac.example/about"), Person("Ben Mole", "ben@almanac.example")),
    categories=(Category("Ferries", "ferries"), Category("Wind & weather", "wind-weather")),
    image=Image("https://almanac.example/media/ferry.0123456789.jpg?w=1&h=2", "image/jpeg", 800, 450, 91_234),
    enclosures=(
        Enclosure("https://almanac.example/media/ferry.0123456789.mp3", "audio/mpeg", 52_428_800, 3_725),
        Enclosure("https://elsewhere.example/ferry?a=1&b=2"),
    ),
    rights="CC BY 4.0 Ada Quay & Ben Mole",
)
EBB = entry(
    1,
    title="Ebbe um sechs",
    summary="Wer um sechs Uhr früh kommt, findet das Watt für sich allein.",
    content="<p>Wer um sechs Uhr früh kommt, findet das Watt für sich allein.</p>",
    authors=(Person("Jörg Öder"),),
    language="de",
)
KNOTS = entry(
    2,
    title="Knots < nets > \"ropes\" & 'lines' ]]> <script>alert(1)</script> &amp; ⚓\N{FISH}",
    summary="A bowline is <b>not</b> a reef knot; 2 < 3 & 3 > 2.",
    content="<p>A bowline is <strong>not</strong> a reef knot; 2 &lt; 3 &amp; 3 &gt; 2. ]]&gt;</p>",
    link="https://elsewhere.example/knots?a=1&b=2",
    image=Image("https://almanac.example/media/knot"),
)
LOG = entry(3, title="The log in brief", summary="Only this line was published.", content=None)
SUNK = Tombstone("tag:almanac.example,2020-05-01:sunk", datetime(2020, 5, 19, 8, 30, tzinfo=UTC))

FULL = feed(FERRY, EBB, KNOTS, LOG, tombstones=(SUNK,))
EMPTY = feed()
PODCAST = feed(
    FERRY,
    EBB,
    channel=replace(
        CHANNEL,
        podcast=Podcast(
            ("Society & Culture", "Documentary"),
            is_explicit=False,
            type="serial",
            image="https://almanac.example/media/cover.0123456789.png",
            owner="ada@almanac.example",
        ),
    ),
)
# At addresses that no document names; the second is nowhere else, and has a part that it leads to itself.
PRIVATE = feed(
    FERRY,
    entry(
        1,
        link=None,
        page="articles/day-1",
        is_public=False,
        content='<p>Only for you.<a href="#note">*</a></p>\n<p id="note">Nobody else.</p>',
    ),
    channel=replace(CHANNEL, name="channels/members", top="./", is_private=True),
)
MATHEMATICAL = feed(
    entry(0, content="<p>So <math><mi>x</mi><mo>=</mo><mfrac><mn>1</mn><mn>2</mn></mfrac></math>.</p>"),
)
# Two of one instant, and `<` and `&` that nobody can take for HTML.
QUIET = feed(
    FERRY,
    EBB,
    entry(2, title="2 < 3 & 3 > 2, AT&T, <b and &c."),
    entry(3, published=NOON - timedelta(days=4), updated=NOON - timedelta(days=4)),
    entry(4, updated=NOON - timedelta(days=4)),
)
# Of a channel that is made for a partner, as all of them are: with a logo, and with the site as the source.
_SITE = Source(CHANNEL.id, CHANNEL.title, CHANNEL.top, CHANNEL.rights)
PARTNERS = {
    preset: feed(
        *(replace(each, source=_SITE) for each in (FERRY, EBB)),
        channel=replace(
            CHANNEL,
            name="channels/partner",
            id="urn:uuid:0b9a1c5e-3f0f-5b54-8a55-6d1c8b7f2a10",
            top="https://almanac.example/channels/partner/",
            logo=Image("https://almanac.example/media/logo.0123456789.png", "image/png", 120, 120, 4_321),
            preset=preset,
        ),
    )
    for preset in PRESETS
}
HOSTILE_TITLES = (
    "<script>alert(1)</script>",
    "<script src=//evil.example>",
    "]]>",
    "&amp; &lt;b&gt; &#60;i&#62; &nbsp; & &",
    "Fish \N{FISH} and family \N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}",
    "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe\N{POP DIRECTIONAL FORMATTING} שלום عليكم",
    "\"double\" 'single' `back`",
    "word " * 2000 + "end",
    "a\tb\nc",
    "</title></item></channel></rss>",
    "<!-- <![CDATA[ <?xml ?>",
    "%s {0} ${x} \\n \\u0000",
)
HOSTILE = feed(
    *(
        entry(
            number,
            title=title,
            summary=title,
            authors=(Person(title),),
            categories=(Category(title, "hostile"),),
            link=f"https://almanac.example/articles/{number}?q=%22%3E&x='",
            image=Image(f"https://almanac.example/media/{number}.png?a=1&b='2'", "image/png"),
            enclosures=(Enclosure(f"https://almanac.example/{number}?a=1&b='2'"),),
            rights=title,
        )
        for number, title in enumerate(HOSTILE_TITLES)
    )
)
LONG = feed(*(entry(number) for number in range(1000)))
