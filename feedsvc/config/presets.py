"""What partners ask of a feed: a preset's name in; the settings that it stands for, and what it demands, out.

A preset is read of what its partner publishes, at the address that stands with it; what was not found there is not
demanded. What a document has to say beside is in `formats.partners`, and `fitness` holds entries against the rest.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Mapping

_JPEG_PNG = frozenset({"image/jpeg", "image/png"})


class Preset(Struct, frozen=True, kw_only=True):
    """What one partner asks. Zero, False and an empty set stand for what he does not ask for.

    Attributes:
        title: the partner's name.
        source: the address at which he says so.
        sets: settings of a channel, each unless it is written beside the preset.
        least_entries: how many articles the feed has to hold.
        needs_logo: whether the feed has to show a logo.
        needs_language: whether somebody has to have said which language it is in.
        longest_description: of the channel, in characters.
        least_excerpt: how many characters an excerpt should be allowed.
        most_text: how many bytes all texts together may have.
        needs_picture: whether each article should have one.
        least_side: how many pixels wide and high it has to be.
        picture_types: the media types that it may have.
        most_picture: how many bytes it may have.
        needs_author: whether each article should have an author of its own.
        shortest_title: in characters; likewise `longest_title`.
    """

    title: str
    source: str
    sets: Mapping[str, Any] = field(default_factory=dict)
    least_entries: int = 0
    needs_logo: bool = False
    needs_language: bool = False
    longest_description: int = 0
    least_excerpt: int = 0
    most_text: int = 0
    needs_picture: bool = False
    least_side: int = 0
    picture_types: frozenset[str] = frozenset()
    most_picture: int = 0
    needs_author: bool = False
    shortest_title: int = 0
    longest_title: int = 0


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        # The whole text; a picture an article of 400 pixels at its shorter side; 30 articles; the language in the
        # channel; excerpts of 300 characters; the names of authors.
        "flipboard": Preset(
            title="Flipboard",
            source="https://about.flipboard.com/rss-spec/",
            sets={"entries": 30, "content": "full", "images": "lead", "has_image": True},
            least_entries=30,
            needs_language=True,
            least_excerpt=300,
            needs_picture=True,
            least_side=400,
        ),
        # SmartFormat 2.1: title, link, description (30 characters), pubDate and language of the channel, and snf:logo;
        # the whole text of each item; the document below a megabyte. dc:creator and media:thumbnail are what it shows.
        "smartnews": Preset(
            title="SmartNews",
            source="https://publishers.smartnews.com/hc/en-us/articles/360036526213-SmartFormat-Specification-Version-2-1",
            sets={"entries": 30, "content": "full", "images": "lead"},
            needs_logo=True,
            needs_language=True,
            longest_description=30,
            most_text=1_000_000,
            needs_picture=True,
            needs_author=True,
        ),
        # A unique id, a title of more than 20 and at most 150 characters, the date (less than 365 days ago), the body
        # and the link; only what has a picture is published without a person; GIF stands for no article. About 20
        # articles are looked at. https://helpcenter.microsoftstart.com/kb/articles/25-feed-content-specifications
        "msn": Preset(
            title="MSN",
            source="https://support.microsoft.com/topic/msn-feed-item-metadata-requirements-0114c19c-36bb-4fef-8322-4a1ed6888329",
            sets={"entries": 20, "content": "full", "images": "lead", "within": 364 * 86_400},
            needs_picture=True,
            least_side=150,
            picture_types=_JPEG_PNG | {"image/webp"},
            most_picture=15_000_000,
            shortest_title=21,
            longest_title=150,
        ),
        # Merge tags find the author in dc:creator and the picture in media:content; mail shows JPEG, PNG and GIF, and
        # a picture should stay below a megabyte. https://wordpress.org/plugins/mb-imagechimp-rss-feed-enhancer/
        "mailchimp": Preset(
            title="Mailchimp",
            source="https://mailchimp.com/help/about-template-images/",
            sets={"content": "full"},
            needs_picture=True,
            picture_types=_JPEG_PNG | {"image/gif"},
            most_picture=1_000_000,
            needs_author=True,
        ),
        # Venus takes ids and dates as they are, and shows the text and its author; it has no wish for pictures.
        "planet": Preset(
            title="a planet",
            source="https://github.com/rubys/venus/blob/master/docs/normalization.html",
            sets={"content": "full", "images": "all"},
            needs_author=True,
        ),
    }
)
"""By the name under which each is set."""


def merged(given: Mapping[str, Any], *, is_named: bool) -> dict[str, Any]:
    """What is set for a channel, with what its preset stands for below it.

    Args:
        is_named: whether it is a channel that only the settings know of; of others articles say what is in them.
    """
    preset = PRESETS.get(given.get("preset", ""))
    sets = {} if preset is None else preset.sets
    return {name: value for name, value in sets.items() if is_named or name != "has_image"} | dict(given)
