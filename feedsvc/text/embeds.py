"""Embeds: the address of a frame or a player in; a link that says what it shows out."""

from __future__ import annotations

import re
from html import escape, unescape

# What stands within a frame is for those who cannot show it. A tag that never ends is passed over with all that it
# takes for its attributes, and a frame's inside is read to the next frame at most: nothing is read again and again.
_TAG = re.compile(
    r"<(?:(?P<frame>iframe)|(?P<other>embed|object|script))\b"
    r"(?P<attributes>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)(?P<end>>)?+"
    r"(?(frame)(?:(?:[^<-]++|-(?!->)|<(?!/?iframe\b))*+</iframe\s*+>)?+)",
    re.IGNORECASE,
)
# Without a flag, which would keep the search from jumping from one mark to the next.
_LIKELY = re.compile("<[iIeEoOsS][fFmMbBcC]")
# As in JSX, where it is empty; to HTML it is open, and holds all that follows. A value without quotes may end in `/`.
_CLOSED_PLAYER = re.compile(r"<(?P<name>audio|video)(?P<attributes>(?:\s[^<>]*)?(?<=[\s\"']))/>")
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))")
# Where its address is: of one that is fetched late, not under `src`.
_SOURCES = ("data-src", "data-lazy-src", "src", "data")
_LINKABLE = re.compile(r"https?:|(?![a-z][a-z0-9+.-]*:)", re.IGNORECASE)
_GIST = re.compile(r"((?:https?:)?//gist\.github\.com/[\w./-]+)\.js(?:[?#].*)?", re.IGNORECASE)
_HOST = re.compile(r"\s*(?:https?:)?//(?:www\.|player\.|w\.|open\.)?([^/?#:\s]+)", re.IGNORECASE)
_PAGES = (
    (re.compile(r"(?:https?:)?//(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+).*"), r"https://www.youtube.com/watch?v=\1"),
    (re.compile(r"(?:https?:)?//player\.vimeo\.com/video/([0-9]+).*"), r"https://vimeo.com/\1"),
)  # fmt: skip
_KINDS = {
    "Video": "youtube.com youtube-nocookie.com vimeo.com dailymotion.com twitch.tv ted.com loom.com wistia.com",
    "Audio": "soundcloud.com spotify.com bandcamp.com podcasts.apple.com embed.podcasts.apple.com",
    "Code": "codepen.io codesandbox.io jsfiddle.net stackblitz.com gist.github.com replit.com",
}
_KIND_OF = {host: kind for kind, hosts in _KINDS.items() for host in hosts.split()}


def linked(html: str) -> str:
    """The HTML with a link to what it shows in place of every frame and player, or before it.

    Players of HTML stay; one that closes itself holds nothing.
    """
    if "<video" in html or "<audio" in html:
        html = _CLOSED_PLAYER.sub(r"<\g<name>\g<attributes>></\g<name>>", html)
    return _TAG.sub(_link_of, html) if _LIKELY.search(html) else html


def link(url: str, title: str = "") -> str:
    """A figure that links to what an address shows: by its title, else by its kind and host."""
    for pattern, page in _PAGES:
        url = pattern.sub(page, url)
    host = _HOST.match(url)
    said = f"{_KIND_OF.get(host[1].lower(), 'Embedded page')}: {host[1].lower()}" if host else url
    return f'<figure><a href="{escape(url)}">{escape(title or said)}</a></figure>'


def _link_of(match: re.Match[str]) -> str:
    if not match["end"]:
        return match[0]
    attributes = _attributes(match["attributes"])
    source = next((url for name in _SOURCES if (url := _linkable(attributes.get(name, "")))), "")
    title = " ".join(attributes.get("title", "").split())
    name = (match["other"] or "").lower()
    if name == "script":
        gist = _GIST.fullmatch(source)
        return f"{link(gist[1])}{match[0]}" if gist else match[0]
    shown = link(source, title) if source else ""
    # Sanitising takes an object away with all that is in it, which is for those who cannot show what is linked.
    return shown + match[0] if name == "object" and source else shown


def _attributes(written: str) -> dict[str, str]:
    found = reversed(_ATTRIBUTE.findall(written))  # of one that stands twice the first counts
    return {name.lower(): unescape("".join(values)) for name, *values in found}


def _linkable(url: str) -> str:
    """The address, if a link may lead to it; else nothing."""
    url = re.sub(r"[\t\r\n]", "", url).strip()
    return url if _LINKABLE.match(url) else ""
