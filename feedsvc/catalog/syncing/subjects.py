"""What an article can be found under: an article and the settings in; subjects, and channels that it fits, out."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from feedsvc.catalog.channels import SITE
from feedsvc.catalog.rows import seconds
from feedsvc.config import at
from feedsvc.text.subjects import AUTHORS, CHANNELS, LANGUAGES, SECTIONS, channel_name

if TYPE_CHECKING:
    from collections.abc import Collection

    from feedsvc.config import ChannelSettings, Site
    from feedsvc.model import Article, Category

_INDEX = re.compile(r"_?index(?:\.[^/]*)?", re.IGNORECASE)
_PICTURE = re.compile(r"!\[|<img\b|<picture\b|\{\{<\s*figure\b", re.IGNORECASE)


class Subject(NamedTuple):
    """Something that an article says of itself: the name that its channel is to have, and how it is written.

    Attributes:
        name: such as `tags/harbour`; empty for the site.
    """

    name: str
    term: str


_ALL = Subject(SITE, "")


def subjects(article: Article, site: Site) -> tuple[Subject, ...]:
    """What an article is found under by what it says of itself, the site first.

    One that is for an audience is found in the private channels of that name alone.
    """
    if article.audience:
        names = {f"{CHANNELS}/{each}" for each in article.audience}
        meant = (each for each in site.channels if each.private and each.name in names)
        return tuple(Subject(each.name, "") for each in meant)
    return _found(article.categories, _authors(article, site), *_place(article, site))


@lru_cache(maxsize=8192)  # whole archives are found under the same few things, and have one tuple for each of them
def _found(
    categories: tuple[Category, ...], authors: tuple[str, ...], folder: str, language: str
) -> tuple[Subject, ...]:
    parts = [part for part in folder.split("/") if part]
    paths = ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
    found = [
        _ALL,
        *(Subject(each.name, each.term) for each in categories),
        *(Subject(channel_name(AUTHORS, name), name) for name in authors),
        *(Subject(channel_name(SECTIONS, path), path) for path in paths),
        Subject(channel_name(LANGUAGES, language), language),
    ]
    return tuple(dict.fromkeys(found))


def fitting(article: Article, site: Site) -> tuple[str, ...]:
    """The names of the channels of the settings that an article fits by its text, its date and its pictures.

    Which of them it is in is decided by the channels that it is in besides (`is_in`).
    """
    if article.audience:
        return ()
    return tuple(each.name for each in site.channels if each.is_named and _fits(article, each))


def is_in(settings: ChannelSettings, names: Collection[str]) -> bool:
    """Whether what is in some channels is in one of the settings too, as far as these decide it."""
    return (
        (not settings.any or any(name in names for name in settings.any))
        and all(name in names for name in settings.all)
        and not any(name in names for name in settings.none)
    )


def _authors(article: Article, site: Site) -> tuple[str, ...]:
    if article.authors:
        return tuple(person.name for person in article.authors)
    # The site's title stands for an author where none is set, and is none.
    by_default = at(site, article.address).author
    return (by_default,) if by_default != site.title else ()


def _place(article: Article, site: Site) -> tuple[str, str]:
    """The folder that an article is in, and its language."""
    if "?" in article.address.partition("/")[0]:  # a row is in no folder
        return "", article.language or site.language
    folder, _, file = article.address.partition("#")[0].rpartition("/")
    if _INDEX.fullmatch(file):  # a folder with an article and its pictures is no section
        folder = folder.rpartition("/")[0]
    return folder, article.language or at(site, article.address).language


def _fits(article: Article, settings: ChannelSettings) -> bool:
    return (
        (settings.since_at is None or seconds(article.published) >= settings.since_at)
        and (not settings.has_image or _has_picture(article))
        and (not settings.text or _has_words(article, settings.text))
    )


def _has_picture(article: Article) -> bool:
    return bool(article.image) or _PICTURE.search(article.source) is not None


def _has_words(article: Article, words: str) -> bool:
    text = "\n".join((article.title, article.summary or "", article.source)).casefold()
    return all(word in text for word in words.casefold().split())
