"""Template tags in Markdown: a source text that another tool would have filled in; what a reader can read of it out.

Shortcodes of Hugo and Zola, tags of Liquid (Jekyll), attributes of kramdown, admonitions of Docusaurus and GitHub, and
links of Obsidian. Only what is surely one is touched, and nothing within code.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from feedsvc.text import embeds
from feedsvc.text.code import Aside

if TYPE_CHECKING:
    from collections.abc import Callable

_MARKS = ("{", ":::", "[[", "[!")
_ARGUMENT = re.compile(r"""(?:([\w-]+)\s*=\s*)?(?:"((?:\\.|[^"\\])*)"|'([^']*)'|`([^`]*)`|([^\s"'`=,()]+))""")
_NAMED = re.compile(r"\s*/?\s*([\w/.-]+)\s*\(?(.*)", re.DOTALL)
_QUOTED = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)')""")

_PLAYERS = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "youtubeplayer": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "tweet": "https://x.com/i/status/{}",
    "twitter": "https://x.com/i/status/{}",
    "x": "https://x.com/i/status/{}",
    "instagram": "https://www.instagram.com/p/{}",
    "gist": "https://gist.github.com/{}",
}
# How many arguments name what is shown, where it is not one.
_PARTS = {"gist": 2}


def without(source: str) -> str:
    """The text with each template tag replaced by what it shows, as far as that can be known, else left out."""
    if not any(mark in source for mark in _MARKS):  # ten times faster than a pattern, and nearly all have none
        return source
    aside = Aside()
    text = _without_jsx(_without_assigned(aside.put_code(source)))
    for pattern, shown in _FORMS:
        text = pattern.sub(lambda match, shown=shown: shown(match, aside), text)  # type: ignore[misc]
    return aside.put_back(text)


def _literal(match: re.Match[str], aside: Aside) -> str:
    return aside.put(match["text"])


def _escaped(match: re.Match[str], aside: Aside) -> str:
    return aside.put(f"{{{{{match['open']}{match['text']}{match['close']}}}}}")


def _code(match: re.Match[str], aside: Aside) -> str:
    language = match["language"] or ""
    return aside.put(f"\n```{language}\n{match['text'].strip(chr(10))}\n```\n")


def _shortcode(match: re.Match[str], _: Aside) -> str:
    named = _NAMED.fullmatch(match["text"].strip())
    if not named or match["text"].lstrip().startswith("/"):
        return ""
    name = named[1].rpartition("/")[2].removesuffix(".html").lower()
    given = [(key.lower(), "".join(value)) for key, *value in _ARGUMENT.findall(named[2])]
    arguments, plain = dict(given), [value for key, value in given if not key]
    if name in _PLAYERS:
        of = arguments.get("id") or "/".join(plain[: _PARTS.get(name, 1)])
        return embeds.link(_PLAYERS[name].format(of)) if of else ""
    if name in {"figure", "image", "img"} and (source := arguments.get("src") or arguments.get("link", "")):
        return _figure(source, arguments.get("alt", ""), arguments.get("caption") or arguments.get("title", ""))
    if name in {"ref", "relref"}:
        return _page_name("".join(plain[:1]))
    return ""


def _page_name(path: str) -> str:
    return re.sub(r"\.(?:md|markdown|mdx|html)(?=#|\Z)", "", path.rpartition("/")[2])


def _figure(source: str, alt: str, caption: str) -> str:
    below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f'<figure><img src="{escape(source)}" alt="{escape(alt or caption)}">{below}</figure>'


def _liquid_tag(match: re.Match[str], aside: Aside) -> str:
    words = match["text"].split()
    if len(words) > 1 and words[0] in {"link", "post_url"}:
        return re.sub(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}-", "", _page_name(words[1]))
    return _shortcode(match, aside) if "(" in match["text"] or (words and words[0] in _PLAYERS) else ""


def _liquid_value(match: re.Match[str], aside: Aside) -> str:
    if quoted := _QUOTED.match(match["text"]):
        return quoted[1] or quoted[2] or ""
    return _shortcode(match, aside) if "(" in match["text"] else ""


def _without_assigned(text: str) -> str:
    """Without the values that Liquid's tags in the text name: what they are only the other tool's data say."""
    names = {match[1] for match in _ASSIGNED.finditer(text)}
    return _VALUE.sub(lambda value: "" if value["name"] in names else value[0], text) if names else text


def _without_jsx(text: str) -> str:
    """Docusaurus reads MDX in files that end in `.md`: tags without the attributes that hold an expression.

    A number is one that HTML can say too; so is a space between quotes, and a fragment says nothing.
    """
    if "={" in text:
        text = _JSX_TAG.sub(lambda tag: _JSX_ATTRIBUTE.sub(_jsx_attribute, tag[0]), text)
    text = _JSX_FRAGMENT.sub("", text) if "<>" in text else text
    return _JSX_SPACE.sub(" ", text)


def _jsx_attribute(match: re.Match[str]) -> str:
    return f' {match["name"]}="{match["number"]}"' if match["number"] else ""


def _nothing(_match: re.Match[str], _: Aside) -> str:
    return ""


def _more(_match: re.Match[str], _: Aside) -> str:
    return "<!-- more -->"


def _first_group(match: re.Match[str], _: Aside) -> str:
    return match[1]


def _heading(match: re.Match[str], _: Aside) -> str:
    """A heading with the id that is written behind it, which links of the article lead to."""
    named = _HEADING_ID.match(match[3])
    place = f'<a id="{named[1]}"></a>' if named else ""
    return f"{match[1]}{place}{match[2].rstrip()}"


def _admonition(match: re.Match[str], _: Aside) -> str:
    title = (match["title"] or "").strip(" []")
    return f"\n**{title}**\n" if title else "\n"


def _wiki_link(match: re.Match[str], _: Aside) -> str:
    target, _bar, words = match["text"].partition("|")
    return f"![{words}](<{target}>)" if match["picture"] else words or target.partition("#")[0] or target


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE)


_HEADING_ID = re.compile(r"#([\w.:-]+)(?=\s|\Z)")
_ASSIGNED = re.compile(r"\{%-?\s*(?:assign|capture|for)\s+(\w+)")
_VALUE = re.compile(r"<?\{\{-?\s*(?P<name>\w+)\b[^{}\n]{0,500}\}\}>?")
_JSX_ATTRIBUTE = re.compile(
    r"(?<!\s)\s++(?P<name>[A-Za-z][\w:-]*)=(?:\{\{[^{}]*\}\}|\{(?P<number>[0-9]+)\}|\{(?!%)[^{}]*\})"
)
# Of components only those that nothing else can be: who writes of one in prose may have forgotten to mark it as code.
_JSX_TAG = re.compile(r"<(?:[A-Za-z](?:[^<>{}]|\{\{[^{}]*\}\})*|[a-z](?:[^<>{}]|\{\{[^{}]*\}\}|\{(?!%)[^{}]*\})*)>")
_JSX_SPACE = re.compile(r"\{(?:' '|\" \")\}")
_JSX_FRAGMENT = re.compile(r"^[ \t]*</?>[ \t]*$", re.MULTILINE)

# No tag is longer, so that what opens and never closes costs little.
_IN = r"(?P<text>[^{}]{0,2000}?)"


def _between(opening: str) -> str:
    """What stands up to the closing tag: no second opening one, so that each is looked through once."""
    return rf"(?P<text>(?:[^{{]|{{(?!{opening}\b))*?)"


def _liquid(name: str, arguments: str = "") -> re.Pattern[str]:
    tag = r"%-?\s*+"
    return _compiled(rf"{{{tag}{name}{arguments}\s*+-?%}}{_between(tag + name)}{{{tag}end{name}\s*+-?%}}")


def _hugo(name: str, arguments: str = "") -> re.Pattern[str]:
    tag = r"[{][<%]\s*+"
    return _compiled(rf"{{{tag}{name}{arguments}[>%]}}}}{_between(tag + name)}{{{tag}/\s*+{name}\s*+[>%]}}}}")


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Aside], str]], ...] = (
    (_liquid("raw"), _literal),
    (_compiled(rf"{{{{(?P<open>[<%])/\*{_IN}\*/(?P<close>[>%])}}}}"), _escaped),
    (_liquid("highlight", r"\s++(?P<language>[\w+#-]*+)[^%\n]*+"), _code),
    (_hugo("highlight", r"\s++\"?(?P<language>[\w+#-]*+)[^{}\n]*?"), _code),
    (_liquid("comment"), _nothing),
    (_compiled(rf"{{{{[<%]{_IN}/?[>%]}}}}"), _shortcode),
    (_compiled(rf"{{%-?{_IN}-?%}}"), _liquid_tag),
    (
        _compiled(
            r"{{-?\s*+(?P<text>(?:site|page|post|layout|content|config|resource)\b[^{}\n]{0,500}+"
            r"|(?:\"[^\"{}\n]*+\"|'[^'{}\n]*+')\s*+\|[^{}\n]{0,500}+|[\w/.]++\([^{}]{0,1000}\))\s*+-?}}"
        ),
        _liquid_value,
    ),
    (_compiled(r"\{/\*\s*+(?:truncate|more|excerpt)\s*+\*/\}"), _more),
    (_compiled(r"^[ \t]*\{:[^{}\n]*\}[ \t]*$"), _nothing),
    (_compiled(r"(?<=[)\]*_>\x03])\{:[^{}\n]*\}"), _nothing),
    (_compiled(r"^(#{1,6} )([^\n]*)\{(#[^{}\n]*+)\}[ \t]*+$"), _heading),
    (_compiled(r"^:::+[ \t]*(?:[\w-]+)?(?P<title>[^\n]*)$"), _admonition),
    (_compiled(r"^(>[ \t]*)\[![A-Za-z]+\][-+]?[ \t]*$"), _first_group),
    (_compiled(r"(?P<picture>!?)\[\[(?P<text>[^\s\[\]\n](?:[^\[\]\n]{0,300}[^\s\[\]\n])?)\]\](?!\()"), _wiki_link),
)
