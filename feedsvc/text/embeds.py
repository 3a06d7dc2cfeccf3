"""Embeds: the address of a frame or a player in; a link that says what it shows out."""

from __future__ import annotations

import re
from html import escape, unescape

_TAG = re.compile(r"<(?P<name>iframe|embed|object)\b(?P<attributes>[^<>]*)>", re.IGNORECASE)
# Without a flag, which would keep the search from jumping from one mark to the next.
_LIKELY = re.compile("<[iIeEoO][fFmMbB]")
# As in JSX, where it is empty; to HTML it is open, and holds all that follows. A value without quotes may end in `/`.
_CLOSED_PLAYER = re.compile(r"<(?P<name>audio|video)(?P<attributes>(?:\s[^<>]*)?(?<=[\s\"']))/>")
_VALUE = r"\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))"
_SOURCE = re.compile(rf"\s(?:data-)?(?:src|data){_VALUE}", re.IGNORECASE)
_TITLE = re.compile(rf"\stitle{_VALUE}", re.IGNORECASE)
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
    source, title = _attribute(_SOURCE, match["attributes"]), _attribute(_TITLE, match["attributes"])
    shown = link(source, " ".join(title.split())) if source.strip() else ""
    # What stands in an object is for those who cannot show it; sanitising takes it away with its element.
    return shown + match[0] if match["name"].lower() == "object" else shown


def _attribute(pattern: re.Pattern[str], attributes: str) -> str:
    match = pattern.search(attributes)
    return unescape(match[1] or match[2] or match[3] or "") if match else ""
