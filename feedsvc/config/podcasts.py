"""Apple's podcast categories, and what a podcast has to have: settings in; checked ones, or what is missing, out.

https://podcasters.apple.com/support/1691-apple-podcasts-categories
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from feedsvc.config.checks import shown, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from feedsvc.errors import Fault

_CATEGORIES = """
Arts: Books, Design, Fashion & Beauty, Food, Performing Arts, Visual Arts
Business: Careers, Entrepreneurship, Investing, Management, Marketing, Non-Profit
Comedy: Comedy Interviews, Improv, Stand-Up
Education: Courses, How To, Language Learning, Self-Improvement
Fiction: Comedy Fiction, Drama, Science Fiction
Government:
History:
Health & Fitness: Alternative Health, Fitness, Medicine, Mental Health, Nutrition, Sexuality
Kids & Family: Education for Kids, Parenting, Pets & Animals, Stories for Kids
Leisure: Animation & Manga, Automotive, Aviation, Crafts, Games, Hobbies, Home & Garden, Video Games
Music: Music Commentary, Music History, Music Interviews
News: Business News, Daily News, Entertainment News, News Commentary, Politics, Sports News, Tech News
Religion & Spirituality: Buddhism, Christianity, Hinduism, Islam, Judaism, Religion, Spirituality
Science: Astronomy, Chemistry, Earth Sciences, Life Sciences, Mathematics, Natural Sciences, Nature, Physics, \
Social Sciences
Society & Culture: Documentary, Personal Journals, Philosophy, Places & Travel, Relationships
Sports: Baseball, Basketball, Cricket, Fantasy Sports, Football, Golf, Hockey, Rugby, Running, Soccer, \
Swimming, Tennis, Volleyball, Wilderness, Wrestling
Technology:
True Crime:
TV & Film: After Shows, Film History, Film Interviews, Film Reviews, TV Reviews
"""
CATEGORIES = tuple(
    name
    for line in _CATEGORIES.strip().splitlines()
    for whole, _, parts in [line.partition(":")]
    for name in (whole, *(f"{whole} > {part.strip()}" for part in parts.split(",") if part.strip()))
)
"""Each as it is set: `Technology`, `News > Tech News`."""


def category(value: Any) -> str:
    """One of the categories; or nothing."""
    named = " > ".join(part.strip() for part in text(value).split(">"))
    if not named or named in CATEGORIES:
        return named
    near = get_close_matches(named, CATEGORIES, n=1) or [
        each for each in CATEGORIES if each.casefold().endswith(f"> {named.casefold()}")
    ]
    cure = f"did you mean {shown(near[0])}?" if near else 'write one such as "Technology" or "News > Tech News"'
    raise ValueError(f"{shown(value)} is not one of Apple's podcast categories|{cure}")


def incomplete(values: Mapping[str, Any], places: Mapping[str, Fault]) -> Iterator[Fault]:
    """What is set of a podcast without what it needs.

    Args:
        values: by the setting's name.
        places: by the setting's name, a fault that holds its place.
    """
    if values.get("podcast_category") and not values.get("podcast_image"):
        cure = "write podcast_image, a square JPEG or PNG of 1400 to 3000 pixels"
        problem = "podcast_category: a podcast needs a cover"
        yield replace(places["podcast_category"], problem=problem, cure=cure)
