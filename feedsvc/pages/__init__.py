"""HTML for people: a view in, the bytes of a page out.

Everything is escaped on its way into a template but an entry's content, which `text.html` has sanitised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.pages.assets import STATIC, icon_name, script_name, style_name
from feedsvc.pages.directory import STYLE_SOURCE, DirectoryView, Group, Headline, HeadlinesView, Subscription
from feedsvc.pages.looks import PLAIN, Look, Shades
from feedsvc.pages.search import SearchView
from feedsvc.pages.views import ArticleView, Chrome, FeedLink, FeedView, Link, ListView, MessageView, PeriodView
from feedsvc.pages.wording import ENGLISH, wording

if TYPE_CHECKING:
    from feedsvc.pages.rendering import View

__all__ = [
    "ENGLISH",
    "PLAIN",
    "STATIC",
    "STYLE_SOURCE",
    "ArticleView",
    "Chrome",
    "DirectoryView",
    "FeedLink",
    "FeedView",
    "Group",
    "Headline",
    "HeadlinesView",
    "Link",
    "ListView",
    "Look",
    "MessageView",
    "PeriodView",
    "SearchView",
    "Shades",
    "Subscription",
    "article_page",
    "directory_page",
    "feed_page",
    "headlines_page",
    "icon_name",
    "list_page",
    "message_page",
    "period_page",
    "script_name",
    "search_page",
    "style_name",
    "wording",
]


def list_page(view: ListView) -> bytes:
    """The list of a channel's articles, as UTF-8."""
    return _render("list.html", view)


def article_page(view: ArticleView) -> bytes:
    """One article whole, with the way back to the list and the latest articles, as UTF-8.

    Raises:
        ValueError: the entry was made without its content.
    """
    if view.entry.content is None:
        raise ValueError(f"{view.entry.id} has no content to show")
    return _render("article.html", view)


def feed_page(view: FeedView) -> bytes:
    """A feed for people: what it is for, its address, and its newest entries, as UTF-8."""
    return _render("feed.html", view)


def period_page(view: PeriodView) -> bytes:
    """The articles of a year or a month, as UTF-8."""
    return _render("period.html", view)


def directory_page(view: DirectoryView) -> bytes:
    """All feeds of a site, as UTF-8."""
    return _render("feeds.html", view)


def headlines_page(view: HeadlinesView) -> bytes:
    """The latest headlines of a channel for other sites, complete in itself and without a script, as UTF-8."""
    return _render("headlines.html", view)


def search_page(view: SearchView) -> bytes:
    """What was found, as UTF-8; it asks search engines not to keep it."""
    return _render("search.html", view)


def message_page(view: MessageView) -> bytes:
    """A page that only says something, and asks search engines not to keep it, as UTF-8."""
    return _render("message.html", view)


def _render(template: str, view: View) -> bytes:
    from feedsvc.pages.rendering import render  # noqa: PLC0415 - a start that is asked for feeds does not wait for it

    return render(template, view)
