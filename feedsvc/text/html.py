"""HTML: what an author wrote in; what may be shown anywhere, with absolute URLs, out."""

from __future__ import annotations

import re
from contextvars import ContextVar
from typing import TYPE_CHECKING
from urllib.parse import quote

import nh3

from feedsvc.text.embeds import linked
from feedsvc.text.nesting import tractable
from feedsvc.text.prose import prose
from feedsvc.text.xml import clean

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["prose", "sanitise"]

_ALLOWED = """
a abbr acronym address article aside audio b bdi blockquote br caption cite code col colgroup data dd del details dfn
div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main mark nav ol p picture pre
q rp rt ruby s samp section small source span strike strong sub summary sup table tbody td tfoot th thead time tr track
tt u ul var video wbr
"""
# Of MathML what shows (MathML Core), and the source that some write beside it; nothing that holds HTML or acts.
_MATH = """
annotation math menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace
msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics
"""
MATHML = frozenset(_MATH.split())
TAGS = {*_ALLOWED.split(), *MATHML}
DROPPED_WHOLE = {"script", "style", "template", "noscript", "svg", "select", "textarea", "title", "object", "maction"}
ATTRIBUTES = {
    # Ids stay, clash or not: fragment links become links to the article's page, where their footnotes are.
    "*": {"id", "class", "title", "lang", "dir", "aria-label"},
    "a": {"href", "hreflang"},
    "audio": {"src", "loop", "preload"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "data": {"value"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "annotation": {"encoding"},
    "math": {"display", "alttext", "mathvariant"},
    "mfrac": {"linethickness"},
    "mi": {"mathvariant"},
    "mn": {"mathvariant"},
    "mo": {"form", "stretchy", "fence", "separator", "lspace", "rspace", "movablelimits", "largeop", "mathvariant"},
    "mover": {"accent"},
    "mpadded": {"width", "height", "depth", "lspace", "voffset"},
    "mspace": {"width", "height", "depth"},
    "mstyle": {"displaystyle", "scriptlevel", "mathvariant"},
    "mtable": {"columnalign", "rowspacing", "columnspacing", "displaystyle"},
    "mtd": {"columnspan", "rowspan", "columnalign"},
    "munder": {"accentunder"},
    "munderover": {"accent", "accentunder"},
    "ol": {"start", "reversed", "type"},
    "q": {"cite"},
    "source": {"src", "srcset", "sizes", "type", "media"},
    "td": {"colspan", "rowspan", "headers", "align"},
    "th": {"colspan", "rowspan", "headers", "align", "scope", "abbr"},
    "time": {"datetime"},
    "track": {"src", "kind", "srclang", "label"},
    "video": {"src", "poster", "width", "height", "loop", "muted", "preload"},
}
_PLAYERS = {"audio": {"controls": ""}, "video": {"controls": ""}}
SCHEMES = {"http", "https", "mailto", "tel"}

_CLASS = re.compile(r"(?:footnote|language-)[\w.+#-]*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# What nearly all absolute URLs are made of: they need no other look.
_PLAIN = re.compile(r"https?://[A-Za-z0-9.-]+(?:[/?#][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?")
_LINKABLE = re.compile(r"https?://[^/?#]|(?:mailto|tel):.", re.IGNORECASE)
_LOADABLE = re.compile(r"https?://[^/?#]", re.IGNORECASE)
# As much of a host as every parser reads alike; an absolute URL was read by nh3.
_AUTHORITY = re.compile(r"//(?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*(?::[0-9]{1,4})?(?=[/?#]|\Z)", re.IGNORECASE)
_CANDIDATE = re.compile(r"([^\s,](?:\S*[^\s,])?)(?:,++(?=\s|\Z)|\s++([^,]*+)(?:,|\Z)|\Z)")
_DESCRIPTOR = re.compile(r"[0-9.]+[wxh]\s*")
_UNSAFE = re.compile(r"[\s<>\"{}|\\^`\x00-\x20\x7f]")


def sanitise(html: str, rewrite: Callable[[str], str]) -> str:
    """HTML that may be shown on any page and in any reader: an allowlist of elements, attributes and URL schemes.

    Every URL without a scheme goes through `rewrite`, which makes it absolute, or raises ValueError; one that is
    not absolute then is dropped. A frame or a player becomes a link that says what it showed. Sanitising twice changes
    nothing more. Of HTML that nests too deep for any parser only the text is kept.
    """
    token = _REWRITE.set(rewrite)
    try:
        return clean(_CLEANER.clean(tractable(linked(clean(html)))))
    finally:
        _REWRITE.reset(token)


def _filtered(_tag: str, name: str, value: str) -> str | None:
    """An attribute's value as it may stand; None where it may not."""
    if name in {"href", "cite"}:
        return _absolute(value, _REWRITE.get(), _LINKABLE)
    if name in {"src", "poster"}:
        # Empty it would be the page itself, and no picture.
        return _absolute(value, _REWRITE.get(), _LOADABLE) if value.strip() else None
    if name == "srcset":
        return _srcset(value, _REWRITE.get())
    if name == "class":
        return " ".join(filter(_CLASS.fullmatch, value.split())) or None
    return value


# Made once: to hand over these lists took longer than to clean a short article by them.
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=DROPPED_WHOLE,
    attributes=ATTRIBUTES,
    attribute_filter=_filtered,
    set_tag_attribute_values=_PLAYERS,
    url_schemes=SCHEMES,
    link_rel=None,
)
_REWRITE: ContextVar[Callable[[str], str]] = ContextVar("rewrite")


def _absolute(value: str, rewrite: Callable[[str], str], wanted: re.Pattern[str]) -> str | None:
    """The URL made absolute; None where it cannot be, or where it is not of the wanted kind."""
    if _PLAIN.fullmatch(value):
        return value
    # URL Standard §4.4: white space around and line ends within do not count; `\` is what `/` is.
    url = re.sub(r"[\t\r\n]", "", clean(value)).strip(" \f")
    if not _SCHEME.match(url):
        url = _rewritten(url, rewrite)
    return _UNSAFE.sub(lambda match: quote(match[0]), url) if wanted.match(url) else None


def _rewritten(url: str, rewrite: Callable[[str], str]) -> str:
    path_length = len(re.split(r"[?#]", url, maxsplit=1)[0])
    reference = url[:path_length].replace("\\", "/") + url[path_length:]
    if reference.startswith("//") and not _AUTHORITY.match(reference):
        return ""
    try:
        return rewrite(reference)
    except ValueError:
        return ""


def _srcset(value: str, rewrite: Callable[[str], str]) -> str | None:
    """The image candidates (HTML Standard §4.8.4.2.1) with absolute URLs; None where none is left."""
    found = [
        (_absolute(match[1], rewrite, _LOADABLE), (match[2] or "").strip())
        for match in _CANDIDATE.finditer(value)
        if not match[2] or _DESCRIPTOR.fullmatch(match[2])
    ]
    return ", ".join(f"{url} {descriptor}".rstrip() for url, descriptor in found if url) or None
