"""Templates filled in: the name of one and a view in, the page as UTF-8 out.

It is imported when the first page is made: what feeds are made with needs none of it.
"""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from feedsvc.pages import structured
from feedsvc.pages.directory import STYLE
from feedsvc.pages.languages import attributes, differs, direction
from feedsvc.pages.looks import PLAIN
from feedsvc.pages.wording import wording
from feedsvc.text.dates import rfc3339
from feedsvc.text.renditions import srcset
from feedsvc.text.responsive import box, sizes
from feedsvc.themes.sandbox import furnish

if TYPE_CHECKING:
    from feedsvc.pages.directory import DirectoryView, HeadlinesView
    from feedsvc.pages.search import SearchView
    from feedsvc.pages.views import ArticleView, FeedView, ListView, MessageView, PeriodView

    View = ListView | ArticleView | FeedView | PeriodView | DirectoryView | HeadlinesView | MessageView | SearchView

_templates = Environment(
    loader=PackageLoader("feedsvc.pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
# No module is handed out: by way of one, a template of a site could reach anything.
_FURNITURE = {
    "rfc3339": rfc3339,
    "direction": direction,
    "differs": differs,
    "structured": SimpleNamespace(news_article=structured.news_article, site=structured.site),
    "style": STYLE,
    "srcset": srcset,
    "box": box,
    "sizes": sizes,
}
_templates.globals.update(_FURNITURE)
furnish(_templates)


def render(template: str, view: View) -> bytes:
    """A page by the template of a name: the site's own where it has a good one, else ours."""
    chrome = view.chrome
    said = wording(chrome.language)
    look = chrome.look or PLAIN
    given = {
        "view": view,
        "chrome": chrome,
        "words": said.words,
        "day": partial(said.day, zone=chrome.zone),
        "listed": said.listed,
        "language_of_words": said.language,
        "language_of_days": said.language_of_days,
        "ours": attributes(said.language, chrome.language),
        "ours_in": lambda language: attributes(said.language, language or chrome.language),
        "static": partial(look.href, chrome.style_href.rpartition("/")[0] + "/"),
    }
    page = look.templates.page(template, given, _FURNITURE) if look.templates else None
    return (_templates.get_template(template).render(given) if page is None else page).encode()
