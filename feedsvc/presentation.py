"""How a channel shows an entry: the entry and what is set for the channel in; the same in the channel's words out."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from msgspec.structs import replace

from feedsvc.model import Source
from feedsvc.text import figures
from feedsvc.text.ids import channel_urn
from feedsvc.text.pictureless import without_pictures

if TYPE_CHECKING:
    from feedsvc.config import ChannelSettings, Site
    from feedsvc.model import Channel, Entry


def presented(entry: Entry, of: Channel, settings: ChannelSettings, site: Site) -> Entry:
    """The entry with the pictures, the attribution and the language that a channel gives it."""
    changes: dict[str, object] = {}
    language = _language(entry, of, site)
    if language != entry.language:
        changes["language"] = language
    content = _pictured(entry, settings.images)
    if settings.images == "none":
        changes["image"] = None
    if settings.attribution and entry.link:
        changes["source"] = Source(channel_urn(site.id_authority, ""), site.title, site.base_url, site.rights or None)
        content = content and _attributed(content, settings.attribution, entry.link)
    if content != entry.content:
        changes["content"] = content
    return replace(entry, **changes) if changes else entry


def _language(entry: Entry, of: Channel, site: Site) -> str | None:
    """The entry's own, where that is not the channel's."""
    written = entry.language or site.language
    return None if written.lower() == of.language.lower() else written


def _pictured(entry: Entry, images: str | None) -> str | None:
    if entry.content is None or images in {None, "all"}:
        return entry.content
    if images == "none":
        return without_pictures(entry.content).strip() or f"<p>{escape(entry.summary, quote=False)}</p>\n"
    return figures.led(entry.content, entry.image, entry.title) if entry.image else entry.content


def _attributed(content: str, line: str, link: str) -> str:
    return f'{content.rstrip()}\n<p><a href="{escape(link)}">{escape(line, quote=False)}</a></p>\n'
