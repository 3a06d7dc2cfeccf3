"""How far a feed is what a partner asks: the entries of a feed and a preset in; what they fall short of out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from feedsvc import feeds
from feedsvc.config import FILE_NAME
from feedsvc.config.presets import PRESETS
from feedsvc.errors import Fault, Unpublished

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from feedsvc.catalog import Snapshot
    from feedsvc.config import ChannelSettings, Site
    from feedsvc.config.presets import Preset
    from feedsvc.model import Channel, Entry, Feed, Image

# The origin of a setting that nobody gave (`config.Config.origins`).
_DEFAULT = "default"


class Shortfall(Struct, frozen=True):
    """One thing that is not as a partner asks.

    Attributes:
        problem: what is wrong.
        cure: what to do.
        entry: the id of the entry that it is about; None for the whole feed.
    """

    problem: str
    cure: str
    entry: str | None = None


def faults(snapshot: Snapshot, origins: Mapping[str, str], now: int) -> Iterator[Fault]:
    """A warning for each shortfall of each channel with a preset: at the article's file, or where the preset stands.

    Args:
        origins: for each setting's name where its value comes from (`config.Config`).
    """
    for settings in snapshot.site.channels:
        preset = PRESETS.get(settings.preset or "")
        if preset is None:
            continue
        try:
            of = _channel(snapshot, settings, now)
        except Unpublished:  # nothing is in it yet
            continue
        feed = feeds.feed(snapshot, of, now)
        addresses = {article.id: article.address for article in feeds.articles(snapshot, of, now)}
        line = origins[f"{settings.shown}.preset"].partition(":")[2]
        for each in shortfalls(feed, preset, snapshot.site, is_said=_is_said(settings, origins)):
            problem = f"{settings.shown}, preset {settings.preset}: {each.problem}"
            if each.entry is None:
                yield Fault(FILE_NAME, int(line or 1), 1, problem, each.cure, is_warning=True)
            else:
                yield Fault(addresses[each.entry], 1, 1, problem, each.cure, is_warning=True)


def _channel(snapshot: Snapshot, settings: ChannelSettings, now: int) -> Channel:
    if settings.private:
        return feeds.private_channel(snapshot, settings.name, top="./")
    return feeds.channel(snapshot, settings.name, now)


def _is_said(settings: ChannelSettings, origins: Mapping[str, str]) -> bool:
    """Whether somebody said in which language the channel is."""
    return settings.language is not None or origins.get("language", _DEFAULT) != _DEFAULT


def shortfalls(feed: Feed, preset: Preset, site: Site, *, is_said: bool = True) -> Iterator[Shortfall]:
    """What a feed and its entries fall short of, those of the whole first.

    Args:
        is_said: whether the settings say which language it is in.
    """
    yield from _of_feed(feed, preset, site, is_said=is_said)
    for entry in feed.entries:
        for problem, cure in (*_of_text(entry, preset, site), *_of_picture(entry.image, preset)):
            yield Shortfall(problem, cure, entry.id)


def _of_feed(feed: Feed, preset: Preset, site: Site, *, is_said: bool) -> Iterator[Shortfall]:
    channel, held = feed.channel, len(feed.entries)
    if held < preset.least_entries:
        cure = f"set entries to {preset.least_entries} at least, and let it hold more of the articles"
        yield Shortfall(f"it holds {held} of the {preset.least_entries} articles that {preset.title} asks for", cure)
    if preset.needs_logo and channel.logo is None:
        yield Shortfall("there is no logo", "write logo, a picture of the content folder or a URL")
    if preset.needs_language and not is_said:
        cure = f'write language = "{channel.language}", or the one that it is in'
        yield Shortfall("nobody said which language it is in", cure)
    length = len(channel.description)
    if preset.longest_description and length > preset.longest_description:
        problem = f"its description has {length} characters, and {preset.title} takes {preset.longest_description}"
        yield Shortfall(problem, "write a shorter description")
    if site.excerpt_length < preset.least_excerpt:
        problem = f"excerpts have {site.excerpt_length} characters at most, and {preset.title} likes them longer"
        yield Shortfall(problem, f"set excerpt_length to {preset.least_excerpt} or more")
    size = sum(len((entry.content or "").encode()) for entry in feed.entries)
    if preset.most_text and size > preset.most_text:
        problem = f"its texts have {size} bytes, and {preset.title} takes {preset.most_text}"
        yield Shortfall(problem, "set entries to less")


def _of_text(entry: Entry, preset: Preset, site: Site) -> Iterator[tuple[str, str]]:
    """The problem and the cure of each shortfall of a title, an author and a text."""
    if entry.content is None:
        yield "the summary only", 'write feed_content: full, or set content = "full" where it is set to "summary"'
    if preset.needs_author and all(person.name == site.title for person in entry.authors):
        yield "no author", "write author: and a name, or set author for the site"
    length = len(entry.title)
    if length < preset.shortest_title:
        yield f"a title of {length} characters", f"write one of at least {preset.shortest_title}"
    if preset.longest_title and length > preset.longest_title:
        yield f"a title of {length} characters", f"write one of at most {preset.longest_title}"


def _of_picture(image: Image | None, preset: Preset) -> Iterator[tuple[str, str]]:
    """Likewise of the picture that stands for an article."""
    least = preset.least_side
    at_least = f" of at least {least} pixels" if least else ""
    if image is None:
        if preset.needs_picture:
            yield f"no picture{at_least}", f"write image: and the path of a picture{at_least}"
        return
    if least and (image.width is None or image.height is None):
        cure = f"see that it has at least {least} pixels each way, or put its file into the content folder"
        yield "the size of its picture is not known", cure
    elif least and min(image.width or 0, image.height or 0) < least:
        problem = f"no picture{at_least}: its own has {image.width} × {image.height}"
        yield problem, f"show one of at least {least} pixels each way"
    if preset.picture_types and image.type and image.type not in preset.picture_types:
        named = ", ".join(sorted(preset.picture_types))
        yield f"its picture is {image.type}", f"show one that is {named}"
    if preset.most_picture and (image.length or 0) > preset.most_picture:
        yield f"its picture has {image.length} bytes", f"make it smaller than {preset.most_picture}"
