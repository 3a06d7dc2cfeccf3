"""A hostile folder: what people, tools and enemies leave in one; each file with its attack, and what is to become of it.

Its good articles are later than all that is published of the others, so that they stand first in every feed.
"""

# ruff: noqa: E501 - an attack is a line

from __future__ import annotations

import json
import os
import socket
import zlib
from dataclasses import dataclass
from enum import Enum
from struct import pack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MIB = 1024 * 1024

SECRET = "swordfish"  # noqa: S105 - it opens nothing
"""Stands in files outside the folder, and may stand in no answer."""


class Fate(Enum):
    """What is to become of a record."""

    REFUSED = "named with its place and cure, and not published"
    HARMLESS = "published, with nothing in it that acts"
    WARNED = "published in the same way without what is at fault, and named with a warning"
    LEFT_OUT = "neither published nor named"


REFUSED, HARMLESS, WARNED, LEFT_OUT = Fate


@dataclass(frozen=True, slots=True)
class Hostile:
    """One hostile record.

    Attributes:
        name: of its file; it may be no UTF-8.
        attack: what it tries.
        body: what stands in it.
        length: in bytes; what `body` falls short of it is a hole.
    """

    name: str
    fate: Fate
    attack: str
    body: bytes
    length: int = 0

    def write(self, folder: Path) -> None:
        with (folder / self.name).open("wb") as file:
            file.write(self.body)
            if self.length:
                file.truncate(self.length)


def _yaml(head: str = "", text: str = "Text.\n", *, title: str = "Hostile", date: str = "2025-06-01") -> bytes:
    return f"---\ntitle: {title}\ndate: {date}\n{head}\n---\n{text}".encode("utf-8", "surrogatepass")


def _toml(head: str) -> bytes:
    return f'+++\ntitle = "Hostile"\ndate = 2025-06-01\n{head}\n+++\nText.\n'.encode()


def _json(text: str) -> bytes:
    return f'{{"title": "Hostile", "date": "2025-06-01", {text}}}'.encode()


def _page(body: str, head: str = "") -> bytes:
    date = '<meta name="date" content="2025-06-01">'
    return f"<html><head><title>Hostile</title>{date}{head}</head><body>{body}</body></html>".encode()


def _bomb() -> str:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    return "\n".join(lines)


def _ghost(order: str) -> bytes:
    post = {
        "id": "1",
        "title": "Hostile export",
        "slug": f"hostile-{order[:5]}",
        "html": "<p>Text.</p>",
        "published_at": "2025-06-01",
    }
    between = {"post_id": "1", "tag_id": "2", "sort_order": order}
    data = {"posts": [post], "posts_tags": [between], "tags": [{"id": "2", "name": "<script>alert(1)</script>"}]}
    return json.dumps({"db": [{"data": data}]}).encode()


_TEXT = "title: T\ndate: 2025-06-01"

CHARACTERS = (
    Hostile(
        "backspace.md",
        REFUSED,
        "a control character in the title",
        b"---\ntitle: a\x08b\ndate: 2025-06-01\n---\nText.\n",
    ),
    Hostile(
        "escape-key.md", REFUSED, "an escape sequence in a key", b"---\n\x1b[2Jtitle: a\ndate: 2025-06-01\n---\nText.\n"
    ),
    Hostile("escaped-nul.md", REFUSED, "NUL in the title, by an escape", _yaml(title='"a\\0b"')),
    Hostile(
        "bell.md", WARNED, "control characters in the text", _yaml(text="A bell \x07, a page \x0c and U+FFFE \ufffe.\n")
    ),
    Hostile(
        "entity-backspace.md",
        HARMLESS,
        "a control character made by a reference",
        _yaml(text="a &#8; b &#x0; c &#xD800; d &#xFFFF; e\n"),
    ),
    Hostile("surrogate.md", REFUSED, "half a pair in the title, by an escape of YAML", _yaml(title='"a \\ud800 b"')),
    Hostile("surrogate-toml.md", REFUSED, "half a pair, by an escape of TOML", _toml('slug = "\\ud800"')),
    Hostile(
        "surrogate.json",
        REFUSED,
        "half a pair in the title, by an escape of JSON",
        b'{"title": "a \\ud800 b", "date": "2025-06-01", "text": "x"}',
    ),
    Hostile(
        "surrogate-text.json",
        WARNED,
        "half a pair in the text, by an escape of JSON",
        _json('"text": "a \\udfff b \\uffff c"'),
    ),
    Hostile(
        "surrogate-key.json",
        WARNED,
        "half a pair in a key that is nearly ours",
        _json('"text": "x", "summary\\ud800": "x"'),
    ),
    Hostile(
        "surrogate-twice.json",
        REFUSED,
        "half a pair in a key that stands twice",
        _json('"\\ud800": "x", "\\ud800": "x"'),
    ),
    Hostile("utf-16.md", REFUSED, "UTF-16 with a mark", _yaml().decode().encode("utf-16")),
    Hostile("utf-16-le.md", REFUSED, "UTF-16 without a mark", _yaml().decode().encode("utf-16-le")),
    Hostile("utf-32.txt", REFUSED, "UTF-32 with a mark", "Title\n2025-06-01\n\nText.\n".encode("utf-32")),
    Hostile("utf-32-be.json", REFUSED, "UTF-32 without a mark", _json('"text": "x"').decode().encode("utf-32-be")),
    Hostile("latin-1.md", REFUSED, "Latin-1", b"---\ntitle: caf\xe9\ndate: 2025-06-01\n---\nText.\n"),
    Hostile(
        "shift-jis.md", REFUSED, "Shift-JIS", "---\ntitle: 日本語\ndate: 2025-06-01\n---\nText.\n".encode("shift-jis")
    ),
    Hostile("truncated.md", REFUSED, "the last character cut in half", _yaml(text="caf\u00e9")[:-1]),
    Hostile("overlong.md", REFUSED, "a slash in two bytes", _yaml() + b"\xc0\xaf"),
    Hostile("cesu.md", REFUSED, "a surrogate in UTF-8", _yaml(text="\ud83d\ude00")),
    Hostile("zeros.md", REFUSED, "nothing but NUL", bytes(5000)),
    Hostile(
        "bidi.md",
        HARMLESS,
        "a title that turns the line around",
        _yaml(title='"\\u202Egnp.exe\\u2066"', head="slug: bidi"),
    ),
)

NOTATIONS = (
    Hostile("apply.md", REFUSED, "YAML that runs a command", _yaml("x: !!python/object/apply:os.system ['touch hacked']")),
    Hostile("new.md", REFUSED, "YAML that makes an object", _yaml('author: !!python/object/new:os.system ["touch hacked"]')),
    Hostile("own-tag.md", REFUSED, "a tag of one's own", _yaml("x: !secret /etc/passwd")),
    Hostile("binary.md", REFUSED, "a tag that decodes", _yaml("x: !!binary aGVsbG8=")),
    Hostile("bomb.md", REFUSED, "a billion laughs", _yaml(_bomb())),
    Hostile("recursive.md", REFUSED, "a list that holds itself", _yaml("x: &a [*a]")),
    Hostile("merge.md", REFUSED, "merged keys", _yaml("base: &b {slug: a}\nx:\n  <<: *b")),
    Hostile("deep.md", REFUSED, "YAML 50,000 deep", _yaml("x: " + "[" * 50_000)),
    Hostile("deep-keys.md", REFUSED, "keys within keys", _yaml("x: " + "{a: " * 10_000)),
    Hostile("open.md", REFUSED, "front matter without an end", b"---\ntitle: Open\ndate: 2025-06-01\n\nText without end.\n"),
    Hostile("long-head.md", REFUSED, "front matter of a megabyte", _yaml("x: " + "a" * (MIB - 100))),
    Hostile("spaces.md", HARMLESS, "a value with 60,000 spaces in it", _yaml("x: a" + " " * 60_000 + "b")),
    Hostile("keys.md", HARMLESS, "4,000 keys that are nearly ours", _yaml("".join(f"xtitel{number}: a\n" for number in range(4000)))),
    Hostile("hex.md", REFUSED, "a TOML number of 60,000 digits", _toml("x = 0x" + "f" * 60_000)),
    Hostile("dotted.md", REFUSED, "a TOML key of 30,000 parts", _toml("a" + ".a" * 30_000 + " = 1")),
    Hostile("tables.md", REFUSED, "TOML tables 2,000 deep", _toml("[a" + ".a" * 2000 + "]")),
    Hostile("inline.md", REFUSED, "TOML lists 30,000 deep", _toml("x = " + "[" * 30_000)),
    Hostile("comment.md", HARMLESS, "quotes in a comment of TOML", _toml("# " + '"""\\' * 15_000)),
    Hostile("infinity.md", HARMLESS, "TOML numbers that are none", _toml("x = 1e999999\ny = nan\nz = -inf")),
    Hostile("deep.json", REFUSED, "JSON 100,000 deep", b"[" * 100_000),
    Hostile("deep-matter.md", REFUSED, "JSON front matter 1,000 deep", b'{"title": "T", "date": "2025-06-01", "x": ' + b'{"a": ' * 1000),
    Hostile("twice.json", REFUSED, "a key twice", _json('"title": "Another", "text": "x"')),
    Hostile("number.json", WARNED, "numbers larger than any", _json('"x": 1e999999, "excerpt_length": ' + "9" * 6000 + ', "text": "x"')),
    Hostile("nan.json", REFUSED, "a number that is none", _json('"x": NaN, "text": "x"')),
    Hostile("values.json", REFUSED, "two million values", b"[" + b"1," * 2 * MIB + b"1]"),
    Hostile("lines.jsonl", REFUSED, "60,000 lines that are nothing", b"x\n" * 60_000),
    Hostile("one-bad-line.jsonl", REFUSED, "a bad line between good ones", _json('"slug": "line-1", "text": "x"') + b"\n[[[[\n" + _json('"slug": "line-3", "text": "x"')),
    Hostile("keys.json", HARMLESS, "20,000 keys", b"{" + b",".join(b'"titl%d": 1' % n for n in range(20_000)) + b', "title": "Hostile", "date": "2025-06-01", "text": "x"}'),
    Hostile("ghost.json", HARMLESS, "an export with an order of 5,000 digits", _ghost("9" * 5000)),
    Hostile("ghost-order.json", HARMLESS, "an export with an order that is none", _ghost("first")),
    Hostile("header-spaces.md", HARMLESS, "header lines of nothing but spaces", b"Title: Hostile\nDate: 2025-06-01\nx: y\n    " + b" " * 900_000 + b"\n\nText.\n"),
)  # fmt: skip

DATES = tuple(
    Hostile(f"date-{number}.md", REFUSED, f"the date {date[:20]}", _yaml(date=date))
    for number, date in enumerate(
        ["2026-13-45", "0000-01-01", "10000-01-01", "2016-12-31T25:59:60Z", "05/06/2020", "yesterday", "9" * 6000, "'2025-06-01\\n<b>'", "2025-06-01T00:00:00+99:00"]
    )
)  # fmt: skip

ADDRESSES = (
    Hostile("slug-up.md", HARMLESS, "a slug that climbs", _yaml("slug: ../../etc/passwd")),
    Hostile("slug-dots.md", HARMLESS, "a slug that is the folder above", _yaml('slug: ".."')),
    Hostile("slug-slash.md", WARNED, "a slug that is nothing but a slash", _yaml("slug: /")),
    Hostile("slug-percent.md", HARMLESS, "a slug that is encoded", _yaml('slug: "%2e%2e%2f"')),
    Hostile("slug-con.md", HARMLESS, "the name of a device", _yaml("slug: CON")),
    Hostile("slug-nul.md", WARNED, "NUL in a slug", _yaml('slug: "a\\0b"')),
    Hostile("slug-crlf.md", HARMLESS, "a header in a slug", _yaml('slug: "a\\r\\nX-Injected: yes"')),
    Hostile("slug-reserved.md", HARMLESS, "a slug that is a feed's address", _yaml("slug: rss.xml")),
    Hostile("slug-taken.md", REFUSED, "the slug of a good article", _yaml("slug: good-1", date="2026-03-09")),
    Hostile("id-taken.md", REFUSED, "the id of a good article", _yaml("id: tag:news.example,2026:good", date="2026-03-09")),
    Hostile("id-script.md", REFUSED, "an id that is no IRI", _yaml('id: "x:<script>alert(1)</script>"')),
    Hostile("alias-feed.md", HARMLESS, "former addresses that are the feeds'", _yaml("aliases: [/rss.xml, /, /readyz, /static/site.css, /articles/good-1]")),
    Hostile("alias-crlf.md", HARMLESS, "a header in a former address", _yaml('aliases: ["/old\\r\\nX-Injected: yes", "/a%0d%0aX-Injected: yes"]\nslug: "%0d%0aX-Injected: yes"')),
    Hostile("link.md", WARNED, "a canonical page that runs", _yaml("link: javascript:alert(1)")),
    Hostile("link-host.md", WARNED, "a canonical page on no host", _yaml('link: "//evil.example/"\nimage: "javascript:alert(1)"')),
    Hostile("image-up.md", HARMLESS, "pictures above the folder", _yaml("image: ../../secret.png", "![a](../secret.png) ![b](/etc/passwd) ![c](..%2fsecret.png)\n")),
    Hostile("image-out.md", HARMLESS, "a picture that leads out", _yaml("image: out.png", "![a](out.png)\n")),
    Hostile("image-file.md", WARNED, "a picture of this machine", _yaml("image: file:///etc/passwd", "![a](file:///etc/passwd)\n")),
    Hostile("enclosure.md", WARNED, "a recording of this machine", _yaml("enclosures: [{url: 'file:///etc/passwd', type: audio/mpeg}, {url: ../secret.mp3}]")),
)  # fmt: skip

SCRIPTS = {
    "plain": "<script>alert(1)</script>",
    "split": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "svg": '<svg onload="alert(1)"><a xlink:href="javascript:alert(1)"><text>x</text></a><animate onbegin="alert(1)"/></svg>',
    "mutation": '<math><mtext></form><form><mglyph><style></math><img src onerror="alert(1)">',
    "mutation-2": '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "mutation-3": '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    "annotation": '<math><annotation-xml encoding="text/html"><script>alert(1)</script></annotation-xml></math>',
    "noscript": '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "template": "<template><script>alert(1)</script></template>",
    "style": '<style>@import "https://evil.example/x.css";</style><p style="background:url(javascript:alert(1))">x</p>',
    "base": '<base href="javascript:/a/-alert(1)///"><a href="x">x</a>',
    "refresh": '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
    "object": '<object data="data:text/html,<script>alert(1)</script>"><embed src="javascript:alert(1)"></object>',
    "embed": '<embed src="data:image/svg+xml;base64,PHN2Zy8+">',
    "frame": '<iframe srcdoc="<script>alert(1)</script>" src="javascript:alert(1)"></iframe>',
    "srcset": '<img srcset="javascript:alert(1) 1x, data:text/html,x 2x"><picture><source srcset="javascript:alert(1)"></picture>',
    "action": '<form action="javascript:alert(1)"><button formaction="javascript:alert(1)">x</button><input autofocus onfocus="alert(1)"></form>',
    "handler": '<img src=x onerror="alert(1)"><p onclick=alert(1)>x</p><details open ontoggle=alert(1)>x</details><video poster="javascript:alert(1)" onplay=alert(1)></video>',
    "cdata": "]]><script>alert(1)</script><![CDATA[ &lt;script&gt; ]]>",
    "comment": "<!--><script>alert(1)</script>--> <!-- --!><script>alert(1)</script>",
    "entity": '<a href="&#x6a;avascript:alert(1)">a</a> <a href="java&#9;script:alert(1)">b</a> <a href="&#1;javascript:alert(1)">c</a>',
    "scheme": "[a](javascript:alert(1)) [b](<java\tscript:alert(1)>) [c](vbscript:x) [d](data:text/html;base64,PHN2Zy8+) [e](JaVaScRiPt&colon;alert(1)) <javascript:alert(1)>",
    "host": '<a href="//evil.example\\@good.example">a</a> <a href="\\\\evil.example">b</a>',
    "attribute": '<img alt="` onerror=alert(1) x=" src="x`onerror=alert(1)"> <a title=\'"><script>alert(1)</script>\' href=x>x</a>',
    "clobber": '<img name="body"><form id="attributes"><input name="attributes"></form><a id="location" name="x">x</a>',
    "shortcode": '{{< figure src="javascript:alert(1)" caption="<script>alert(1)</script>" >}} {{< youtube "\\"><script>alert(1)</script>" >}}',
    "kramdown": '[x](https://good.example){: onclick="alert(1)"}\n\n# x {#a onclick=alert(1)}',
}  # fmt: skip
"""By name, what runs in a page that lets it through."""

MARKUP = (
    *(Hostile(f"script-{name}.md", HARMLESS, f"a script in Markdown: {name}", _yaml(text=f"Before.\n\n{text}\n\nAfter.\n", title=f"Script {name}")) for name, text in SCRIPTS.items()),
    *(Hostile(f"script-{name}.html", HARMLESS, f"a script in a page: {name}", _page(f"<article><p>Before.</p>{text}<p>After.</p></article>")) for name, text in SCRIPTS.items() if name != "refresh"),
    Hostile("script-refresh.html", LEFT_OUT, "a page that leads elsewhere", _page("<p>Text.</p>", SCRIPTS["refresh"])),
    Hostile("script.mdx", HARMLESS, "a script in MDX", _yaml(text="<Evil onClick={() => alert(1)}>x</Evil>\n<script>{`alert(1)`}</script>\n<a href={'javascript:alert(1)'}>x</a>\n")),
    Hostile("script.txt", HARMLESS, "a script in plain text", b"<script>alert(1)</script>\n2025-06-01\n\n<img src=x onerror=alert(1)> javascript:alert(1)\n"),
    Hostile("script.json", WARNED, "a script in JSON", _json('"content_html": "<p>x</p><script>alert(1)</script>", "summary": "</summary><script>alert(1)</script>"')),
    Hostile("title-markup.md", WARNED, "markup in all that is a line", _yaml("author: {name: '<img src=x onerror=alert(1)>', url: 'javascript:alert(1)', email: '<b>@x.example'}\ntags: ['<script>alert(1)</script>', ']]>', '\"><svg onload=alert(1)>']\nsummary: '<script>alert(1)</script> ]]> &lt;b&gt;'\nrights: '<script>alert(1)</script>'", title="'</title><script>alert(1)</script> ]]> <b onclick=alert(1)>&amp;'")),
    Hostile("open-comment.html", LEFT_OUT, "a comment near the top that never ends", b"ab<!-- <p>Text.</p>"),
    Hostile("attributes.html", HARMLESS, "50,000 attributes", _page("<article><p " + "a=b " * 50_000 + ">x</p></article>")),
)  # fmt: skip

SIZES = (
    Hostile("tags.md", WARNED, "10,000 tags", _yaml("tags: [" + ",".join(f"t{number}" for number in range(10_000)) + "]")),
    Hostile("tags.json", WARNED, "10,000 tags in JSON", _json('"text": "x", "tags": [' + ",".join(f'"tag {number}"' for number in range(10_000)) + "]")),
    Hostile("people.json", WARNED, "10,000 authors", _json('"text": "x", "authors": [' + ",".join(f'{{"name": "a{number}"}}' for number in range(10_000)) + "]")),
    Hostile("long-title.json", REFUSED, "a title of a megabyte", _json('"text": "x"').replace(b"Hostile", b"a" * MIB)),
    Hostile("long-line.md", HARMLESS, "a line of a megabyte", _yaml(text="a" * 1_000_000 + "\n")),
    *(Hostile(f"nest-{number}.md", HARMLESS, f"{len(text):,} characters of {text[:5]}", _yaml(text=text)) for number, text in enumerate([">" * 100_000, "*a " * 30_000, "[" * 100_000, "<div>" * 100_000, "- " * 50_000, "![" * 50_000, "`" * 500_000])),
    Hostile("mailboxes.md", HARMLESS, "80,000 e-mail addresses in a line", _yaml(text="a@b.example " * 80_000)),
    Hostile("ampersands.md", HARMLESS, "100,000 characters to be escaped in a row", _yaml(text="&" * 100_000)),
    Hostile("template.md", HARMLESS, "a template tag that opens and never closes", _yaml(text="{%" + " " * 500_000 + "x")),
    Hostile("furniture.html", HARMLESS, "20,000 parts to be taken out", _page("<p>Text.</p>" + "<nav></nav>" * 20_000)),
    Hostile("same-lines.txt", LEFT_OUT, "a title that stands there 200,000 times", b"A\n" * 200_000),
    Hostile("table.md", HARMLESS, "a table that asks for a billion cells", _yaml(text="|a" * 30_000 + "|\n" + "|-" * 30_000 + "|\n" + "|a|\n" * 30_000)),
    Hostile("huge.md", REFUSED, "a body of 50 MB", _yaml(text="Words.\n"), 50 * MIB),
    Hostile("huge.json", REFUSED, "a body of 50 MB", _json('"text": "x"'), 50 * MIB),
    Hostile("huge.jsonl", REFUSED, "a body of 50 MB", _json('"text": "x"') + b"\n", 50 * MIB),
    Hostile("huge.html", REFUSED, "a body of 50 MB", _page("<p>x</p>"), 50 * MIB),
    Hostile("terabyte.txt", REFUSED, "a body of a terabyte, all hole", b"Title\n2025-06-01\n\nText.\n", MIB * MIB),
    Hostile("large.md", REFUSED, "a body of 15 MB, which is read before it is refused", _yaml(text="Words.\n" * (15 * MIB // 7))),
)  # fmt: skip

_EDITORS = (".#good-1.md", "#good-1.md#", "good-1.md~", ".good-1.md.swp", "4913", "good-1.md.tmp", ".goutputstream-ABCDEF", "good-1.md.part", ".good-1.md", "good-1.md.bak", "good-1.md.orig")  # fmt: skip
LEFT = tuple(Hostile(name, LEFT_OUT, "an editor's copy", _yaml(title="Copy")) for name in _EDITORS)

NAMES = (
    Hostile(os.fsdecode(b"name-\xff.md"), REFUSED, "a name that is no UTF-8", _yaml()),
    Hostile("name\nwith: (a line).md", REFUSED, "a line end in a name", _yaml()),
    Hostile("name-\x1b[2J.md", REFUSED, "a terminal's command in a name", _yaml()),
    Hostile(f"{'n' * 252}.md", HARMLESS, "a name of 255 bytes", _yaml()),
    Hostile("<script>alert(1)<!--.md", WARNED, "a script in a name", b"---\ndate: 2025-06-01\n---\nText.\n"),
    Hostile("'; DROP TABLE article; --.md", HARMLESS, "SQL in a name", _yaml()),
    Hostile("%2e%2e%2fup.md", HARMLESS, "a climb in a name", _yaml()),
)


def _png(width: int, height: int) -> bytes:
    head = b"IHDR" + pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + pack(">I", 13) + head + pack(">I", zlib.crc32(head))


PICTURES = (
    Hostile("bomb.png", LEFT_OUT, "a picture of 60,000 by 60,000", _png(60_000, 60_000)),
    Hostile("script.svg", LEFT_OUT, "a picture that runs", b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><script>alert(1)</script></svg>'),
    Hostile("laughs.svg", LEFT_OUT, "a picture of a billion laughs", b'<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg" width="1" height="1">&b;</svg>'),
    Hostile("outside.svg", LEFT_OUT, "a picture that reads a file", b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg" width="1" height="1">&x;</svg>'),
    Hostile("page.png", WARNED, "a page that says it is a picture", b"<html><script>alert(1)</script></html>"),
    Hostile("huge.png", REFUSED, "a picture of 50 MB", _png(1, 1), 50 * MIB),
)  # fmt: skip

RECORDS = (*CHARACTERS, *NOTATIONS, *DATES, *ADDRESSES, *MARKUP, *SIZES, *LEFT, *NAMES, *PICTURES)

TRAPS: dict[str, tuple[Fate, str]] = {
    "pipe.md": (REFUSED, "a pipe that nobody writes into"),
    "socket.md": (REFUSED, "a socket"),
    "zero.md": (REFUSED, "a link to a device without an end"),
    "out.md": (REFUSED, "a link to a file out of the folder"),
    "out.png": (REFUSED, "a link to a picture out of the folder"),
    "loop.md": (REFUSED, "a link to itself"),
    "unreadable.md": (REFUSED, "a file that may not be read"),
    "nowhere.md": (LEFT_OUT, "a link to nothing"),
    "round": (LEFT_OUT, "a link to the folder itself"),
    "elsewhere": (LEFT_OUT, "a link to another folder"),
    "folder.md": (LEFT_OUT, "a folder that is named like a record"),
}
"""By name, what is no file with bytes in it."""


def set_traps(content: Path) -> None:
    """Puts the traps into a folder; what they lead to stands beside it."""
    outside = content.parent
    for name in ("secret.md", "secret.mp3"):
        (outside / name).write_bytes(_yaml(text=f"{SECRET}\n", title=SECRET))
    (outside / "secret.png").write_bytes(_png(1, 1) + SECRET.encode())
    (outside / "other").mkdir()
    (outside / "other" / "secret.md").write_bytes(_yaml(text=f"{SECRET}\n", title=SECRET))
    os.mkfifo(content / "pipe.md")
    _listen(content)
    links = {"zero.md": "/dev/zero", "out.md": "../secret.md", "out.png": "../secret.png", "loop.md": "loop.md", "nowhere.md": "../nothing.md", "round": ".", "elsewhere": "../other"}  # fmt: skip
    for name, target in links.items():
        (content / name).symlink_to(target)
    (content / "folder.md").mkdir()
    (content / "unreadable.md").write_bytes(_yaml())
    (content / "unreadable.md").chmod(0)


def _listen(content: Path) -> None:
    # The path of a socket may have no more than 107 bytes: it is bound from within the folder.
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(content)
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind("socket.md")
    finally:
        os.fchdir(here)
        os.close(here)


def good(number: int) -> Iterator[str]:
    """The lines of a good article."""
    yield from ("---", f"title: Good {number}", f"date: 2026-02-{number:02}")
    if number == 1:
        yield from ("slug: good-1", "id: tag:news.example,2026:good")
    yield from (
        "---",
        f"Text of {number}.",
        "",
        f"![A picture](good-{number}.png)" if number % 3 == 0 else "No picture.",
    )


GOOD = tuple(range(1, 11))


def fill(content: Path) -> None:
    """Makes the hostile folder, with ten good articles in it."""
    content.mkdir()
    for number in GOOD:
        (content / f"good-{number}.md").write_text("\n".join(good(number)) + "\n", encoding="utf-8")
        if number % 3 == 0:
            (content / f"good-{number}.png").write_bytes(_png(40, 30 + number))
    for record in RECORDS:
        record.write(content)
    set_traps(content)
