"""What machines read in a page: a view in; JSON-LD in the words of schema.org out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from feedsvc.text.dates import rfc3339

if TYPE_CHECKING:
    from feedsvc.model import Image, Person
    from feedsvc.pages.views import ArticleView, ListView

# So that no text ends the element that it stands in, whatever it says (HTML §4.12.1.3).
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def news_article(view: ArticleView) -> Markup:
    """An article (https://schema.org/NewsArticle)."""
    entry, chrome = view.entry, view.chrome
    publisher = {"@type": "Organization", "name": chrome.site_title, "url": chrome.home}
    return _written(
        {
            "@type": "NewsArticle",
            "headline": entry.title,
            "description": entry.summary,
            "url": entry.link,
            "mainEntityOfPage": entry.link,
            "datePublished": rfc3339(entry.published),
            "dateModified": rfc3339(entry.updated),
            "inLanguage": entry.language or chrome.language,
            "author": [publisher if each.name == chrome.site_title else _person(each) for each in entry.authors],
            "publisher": publisher,
            "image": entry.image and _image(entry.image),
            "keywords": [category.term for category in entry.categories],
        }
    )


def site(view: ListView) -> Markup:
    """The site, on its first page (https://schema.org/WebSite)."""
    chrome = view.chrome
    return _written(
        {
            "@type": "WebSite",
            "name": chrome.site_title,
            "description": view.description,
            "url": chrome.home,
            "inLanguage": chrome.language,
            "potentialAction": {
                "@type": "SearchAction",
                "target": f"{chrome.home}search?q={{query}}",
                "query-input": "required name=query",
            },
        }
    )


def _person(author: Person) -> dict[str, Any]:
    return _without_empty({"@type": "Person", "name": author.name, "url": author.uri})


def _image(image: Image) -> dict[str, Any]:
    return _without_empty({"@type": "ImageObject", "url": image.url, "width": image.width, "height": image.height})


def _written(said: dict[str, Any]) -> Markup:
    whole = {"@context": "https://schema.org"} | _without_empty(said)
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return Markup(text)  # noqa: S704 - nothing in it can end a script


def _without_empty(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value}
