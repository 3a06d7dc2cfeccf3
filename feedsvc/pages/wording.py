"""What the pages say by themselves: a language in; the words for it, and how it writes days and lists, out.

There is one file of words a language, `words/LANGUAGE.toml`; days and months come from the CLDR, by way of Babel.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import lru_cache
from importlib.resources import files
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime, tzinfo

    from babel import Locale

# What is said where a language has no words here.
ENGLISH = "en"

# CLDR's English of no region is that of the United States; this one is everybody's.
_LOCALES = {"en": "en-001"}

# Whose words these are whose own are not here, and who is not to get those that their tag begins with.
_OTHERS = {"no": "nb", "nn": "nb", "iw": "he", "zh-hant": "", "zh-tw": "", "zh-hk": "", "zh-mo": ""}

_FILES = files("feedsvc.pages").joinpath("words")


class Wording(Struct, frozen=True):
    """How the pages speak in a language.

    Attributes:
        language: of the words (BCP 47): the one that was asked for, the one that its tag begins with, or English.
        language_of_days: likewise, of days, months and lists.
        words: by name; what is put into them is escaped.
    """

    language: str
    language_of_days: str
    words: SimpleNamespace
    _locale: Locale

    def day(self, at: datetime, zone: tzinfo) -> str:
        """The calendar date of an instant in a zone, such as `20 May 2020`."""
        return _day(at.astimezone(zone).date(), self._locale)

    def period(self, name: str) -> str:
        """A year or a month by its name, `2026` or `2026-10`, such as `October 2026`."""
        return _period(name, self._locale)

    def month(self, name: str) -> str:
        """A month without its year."""
        from babel.dates import format_date  # noqa: PLC0415 - likewise

        return format_date(date(2000, int(name[-2:]), 1), "LLLL", self._locale)

    def called(self, language: str) -> str:
        """The name of a language in itself, such as `Deutsch`; the tag where that is not known."""
        from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - likewise

        try:
            return Locale.parse(language, sep="-").get_display_name() or language
        except (UnknownLocaleError, ValueError):
            return language

    def listed(self, items: Iterable[Any], shown: Callable[[Any], Any] = escape) -> Markup:
        """Things as a list, such as `a, b and c`, each as it is shown: escaped, unless that is markup."""
        from babel.lists import format_list  # noqa: PLC0415 - likewise

        texts = [escape(shown(item)) for item in items]
        return Markup(format_list(texts, locale=self._locale))  # noqa: S704 - what stands between them is CLDR's


# A page names a dozen days and years, and most stand in other pages too.
@lru_cache(maxsize=4096)
def _day(day: date, locale: Locale) -> str:
    from babel.dates import format_date  # noqa: PLC0415 - who serves feeds only does without it

    return format_date(day, "long", locale)


@lru_cache(maxsize=1024)
def _period(name: str, locale: Locale) -> str:
    from babel.dates import format_skeleton  # noqa: PLC0415 - likewise

    year, _, month = name.partition("-")
    return format_skeleton("yMMMM" if month else "y", date(int(year), int(month or 1), 1), locale=locale)


@lru_cache(maxsize=64)
def wording(language: str) -> Wording:
    """How the pages speak in a language (BCP 47), or else in English."""
    words, said = next(filter(None, map(_words, _lookup(language))), (None, ENGLISH))
    locale, told = _locale(language)
    return Wording(said, told, SimpleNamespace(**(_words(ENGLISH) or ({}, ""))[0] | (words or {})), locale)


@lru_cache(maxsize=64)
def _words(tag: str) -> tuple[dict[str, Markup], str] | None:
    tag = _OTHERS.get(tag, tag)
    file = _FILES.joinpath(f"{tag}.toml")
    if not tag.replace("-", "").isalnum() or not file.is_file():
        return None
    return {name: Markup(text) for name, text in tomllib.loads(file.read_text("utf-8")).items()}, tag  # noqa: S704 - ours


def _lookup(language: str) -> Iterator[str]:
    """The tags that a tag may stand for, the closest first (RFC 4647 §3.4)."""
    subtags = language.lower().split("-")
    for length in range(len(subtags), 0, -1):
        tag = "-".join(subtags[:length])
        yield tag
        if not _OTHERS.get(tag, tag):
            return


def _locale(language: str) -> tuple[Locale, str]:
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - as above

    for tag in _lookup(language):
        try:
            return Locale.parse(_LOCALES.get(tag, tag), sep="-"), tag
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(_LOCALES[ENGLISH], sep="-"), ENGLISH
