"""The articles of a small town's paper, as files: whatever may stand in one, in several scripts."""

from __future__ import annotations

HEADLINES = (
    "Ferry timetable changes for the winter",
    "The library opens on Sundays again",
    "Bakers strike over the price of flour",
    "A seal sleeps in the marina, and nobody is to wake it",
    "Council votes for a bridge that has been promised four times, and this time says where the money is to come from",
    "Fog",
    "Schools close at noon on Thursday",
    "What the harbour master writes in the book",
    "Market square to be paved",
    "The last telephone box goes to the museum",
    "Night buses from March",
    "Two sisters row around the island",
    "Lighthouse lamp replaced after 41 years",
    "Rain gauge: the wettest May since 1931",
    "Choir looks for basses",
    "How to report a broken street lamp",
    "The clock on the town hall is right twice a day",
    "New beds in the cottage hospital",
    "Herring are back in the bay",
    "Allotments: who waits, and for how long",
    "Storm takes the roof of the boathouse",
    "A map of every bench in town",
    "The post office moves across the road",
    "Swimming lessons for those over sixty",
    "Bees on the roof of the bank",
    "The tide tables for the coming year are here",
)
SENTENCES = (
    "The harbour office said on Monday that the change is for the better, and that nobody would have to wait longer.",
    "Those who live on the far side of the river see it differently.",
    "“We were asked in spring and heard in autumn,” said one of them, who has run the kiosk for twenty years.",
    "The council will speak about it at its next meeting, which is public and begins at seven.",
    "It costs about as much as the new roof of the gymnasium, and lasts twice as long.",
    "A notice hangs at the town hall, next to the door of the registry.",
    "Until then everything stays as it is.",
    "Whoever has questions finds the office open from nine to noon, except on Wednesdays.",
)
TAGS = ("Harbour", "Council", "Weather", "Schools", "Culture & leisure")

EVERYTHING = """\
The first paragraph says in two sentences what has happened. It has *emphasis*, **weight**, a [link](/feeds), and
`code` in the middle of a line.

![A lantern that stands on a quay at night](../images/lantern.svg)

## A heading in the text

A list:

- rope, twelve metres
- a lantern, with oil
- bread
    - rye
    - wheat

1. Tie the rope.
2. Light the lantern.

### A smaller heading

> The sea does not read the timetable.
>
> — the harbour master

```python
def tide(hour: int) -> float:
    return 2.1 * cos(hour / 12.42 * tau)  # metres above the chart's datum, which is a long comment that does not fit
```

| Ship | Flag | Length in metres | Draught in metres | Built | Owner |
|------|:----:|----:|----:|------|-------|
| Alma | NO | 41.2 | 3.8 | 1968 | Sons of the Late Captain |
| Brigid | IE | 27.0 | 2.9 | 1981 | the crew |
| Cormorant | GB | 12.5 | 1.4 | 2004 | the lifeboat station |

A sentence with a note[^1], and one with another[^2].

---

Press <kbd>Ctrl</kbd> and <kbd>P</kbd> to print. Water is H<sub>2</sub>O, and 2<sup>10</sup> is 1024.

[^1]: The first note, with [a link](https://example.org/).
[^2]: The second note.
"""

ARABIC = """\
أعلنت إدارة الميناء يوم الاثنين أن العبارة الأخيرة ستغادر في الساعة السابعة مساءً طوال فصل الشتاء. وقال المدير إن
القرار اتخذ بعد استشارة السكان.

## ماذا يتغير

- الرحلة الأولى في الساعة 6:30 صباحًا
- الرحلة الأخيرة في الساعة 19:00

> البحر لا يقرأ جدول المواعيد.

سيُعلَّق الجدول الجديد عند باب البلدية، ويمكن الاطلاع عليه في `ferry.example` أيضًا.
"""

HEBREW = """\
הספרייה העירונית תיפתח שוב בימי ראשון, כך הודיעה העירייה. מי שרוצה לשאול ספר יכול לבוא בין השעות 10:00 ל־14:00.

## מה חדש

- חדר קריאה לילדים
- מחשבים בקומה השנייה

הכניסה חופשית לכולם.
"""

CHINESE = """\
港务局星期一宣布，冬季最后一班渡轮将于晚上七点开出。局长表示，这一决定是在征求居民意见之后作出的。住在河对岸的人却有不同的看法。

## 有什么变化

- 第一班：早上六点半
- 最后一班：晚上七点

> 大海不看时刻表。

新的时刻表贴在市政厅门口，也可以在图书馆查阅。
"""

JAPANESE = """\
港湾事務所は月曜日、冬のあいだ最終のフェリーを午後七時に出すと発表した。所長によれば、住民の意見を聞いたうえでの決定だという。川の向こう側に住む人びとの見方は違う。

## 変わること

- 始発は午前六時半
- 最終は午後七時

新しい時刻表は町役場の入口に掲示され、図書館でも見ることができる。
"""

WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def record(title: str, date: str, text: str, **keys: str) -> str:
    """An article's file."""
    lines = [f"{key}: {value}" for key, value in {"title": f'"{title}"', "date": date, **keys}.items()]
    return "\n".join(["---", *lines, "---", "", text, ""])


def plain(number: int) -> str:
    """One of the articles that fill the list; the same for a number always."""
    said = [SENTENCES[(number + step) % len(SENTENCES)] for step in range(6)]
    keys = {"tags": f'["{TAGS[number % len(TAGS)]}"]', "author": ("Ada Example", "Ben Example")[number % 2]}
    day = f"2025-{12 - number // 3:02}-{27 - number % 3 * 9:02}T09:{number:02}:00Z"
    return record(
        HEADLINES[number], day, " ".join(said[:3]) + "\n\n" + " ".join(said[3:]), slug=f"plain-{number}", **keys
    )


# Each shows something that a page has to bear, newest first.
ODD = {
    "harbour/everything.md": record(
        "An article with everything in it",
        "2026-01-09T08:00:00Z",
        EVERYTHING,
        slug="everything",
        tags="[Harbour, Council, Weather, Schools, Rope]",
        authors="[Ada Example, Ben Example, Ceri Example]",
        updated="2026-01-10T07:00:00Z",
    ),
    "harbour/picture.md": record(
        "A lamp for the eastern mole",
        "2026-01-08T08:00:00Z",
        " ".join(SENTENCES),
        slug="picture",
        image="images/sea.png",
        tags="[Harbour]",
    ),
    "arabic.md": record("العبارة الأخيرة تغادر في السابعة", "2026-01-07", ARABIC, slug="arabic", language="ar"),
    "hebrew.md": record("הספרייה נפתחת שוב בימי ראשון", "2026-01-06", HEBREW, slug="hebrew", language="he"),
    "chinese.md": record("冬季渡轮时刻表有变", "2026-01-05", CHINESE, slug="chinese", language="zh-Hans"),
    "japanese.md": record("フェリーの冬ダイヤが変わります", "2026-01-04", JAPANESE, slug="japanese", language="ja"),
    "word.md": record(
        f"{WORD} elects a chairman",
        "2026-01-03",
        f"The {WORD} met on Friday. See https://example.org/{'a-very-long-address/' * 6} for the minutes, or "
        f"`{'configuration.' * 9}value`.",
        slug="word",
        tags=f"[{WORD}]",
    ),
    "long-title.md": record(
        "On the question whether, and if so under which conditions, for how long and at whose cost, the small crane at "
        "the northern quay, which has stood still since the flood of 1953, is to be moved, mended or melted down",
        "2026-01-02",
        SENTENCES[0],
        slug="long-title",
    ),
    "short.md": record("Ice", "2026-01-01T06:00:00Z", "Careful.", slug="short"),
    "withdrawn.md": record("Printed by mistake", "2025-12-31", "Nobody is to read this.", slug="withdrawn"),
}
WITHDRAWN = "withdrawn.md"
