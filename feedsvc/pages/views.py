"""What a page shows, as frozen values: whoever publishes fills them, the templates only lay them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from datetime import tzinfo

    from markupsafe import Markup

    from feedsvc.model import Entry, Image
    from feedsvc.pages.looks import Look


class Link(Struct, frozen=True):
    """A named address: a tag's list, for example.

    Attributes:
        language: of the name (BCP 47); None for that of the page.
    """

    name: str
    href: str
    language: str | None = None


class FeedLink(Struct, frozen=True):
    """A feed that the page announces (RSS autodiscovery, `<link rel="alternate">`).

    Attributes:
        channel: the title of the channel that it is of.
        format: what people call its format.
        type: the media type without parameters, such as `application/rss+xml`.
        href: its absolute URL.
    """

    channel: str
    format: str
    type: str
    href: str

    @property
    def title(self) -> str:
        """What a reader's dialogue shows, such as `Example News (RSS)`."""
        return f"{self.channel} ({self.format})"


class Chrome(Struct, frozen=True, kw_only=True):
    """What all pages of a site have around them.

    Attributes:
        site_title: plain text.
        home: the absolute URL of the site's own list.
        language: in which the page speaks (BCP 47).
        zone: the time zone in which days are told.
        style_href: the address of the style sheet, `static/` and `style_name` below the base URL.
        search_href: the address of the search, without its host as well.
        feeds: in the order of their announcement: those of the page's own channel before the site's.
        navigation: links at the top of every page.
        logo: beside the site's name; None for none.
        footer: HTML of a line below every page; empty for none.
        icon_href: the address of what stands for the site in a browser; empty for none.
        color_scheme: as CSS has it.
        look: that of the site; None for ours.
    """

    site_title: str
    home: str
    language: str
    zone: tzinfo
    style_href: str
    search_href: str = ""
    feeds: tuple[FeedLink, ...] = ()
    navigation: tuple[Link, ...] = ()
    logo: Image | None = None
    footer: Markup | str = ""
    icon_href: str = ""
    color_scheme: str = "light dark"
    look: Look | None = None


class ListView(Struct, frozen=True, kw_only=True):
    """One page of a channel's articles, newest first.

    Attributes:
        title: of the window.
        heading: of the page.
        description: plain text; empty for none.
        canonical: the page's own absolute URL; empty where nobody else is to have it.
        entries: as they are shown.
        kind: of the channel, by the word for one of it, such as `tag`; empty for the site.
        older: the URL of the next older articles; None on the last page.
        first: the URL of the newest articles; None where this page shows them.
        tags: subjects to go on to; likewise `years`.
        image: that stands for the whole, where a link to it is shown.
    """

    chrome: Chrome
    title: str
    heading: str
    description: str
    canonical: str
    entries: tuple[Entry, ...]
    kind: str = ""
    older: str | None = None
    first: str | None = None
    tags: tuple[Link, ...] = ()
    years: tuple[Link, ...] = ()
    image: Image | None = None


class PeriodView(Struct, frozen=True, kw_only=True):
    """One page of the articles of a year or a month, newest first.

    Attributes:
        title: of the window.
        heading: of the page: the year, or the month with its year.
        canonical: the page's own absolute URL.
        entries: as they are shown.
        older: the URL of the next older articles of the same period; None on its last page.
        first: the URL of its newest articles; None where this page shows them.
        before: the last period before it with articles; None for none.
        after: the first one behind it, likewise.
        year: of a month, its year; None for a year.
        months: of a year, those with articles, in their order.
    """

    chrome: Chrome
    title: str
    heading: str
    canonical: str
    entries: tuple[Entry, ...]
    older: str | None = None
    first: str | None = None
    before: Link | None = None
    after: Link | None = None
    year: Link | None = None
    months: tuple[Link, ...] = ()


class ArticleView(Struct, frozen=True, kw_only=True):
    """One article with the way back and the latest others.

    Attributes:
        entry: with its content; its `link` is the canonical URL.
        authors: each with the address of what else there is of them; empty for none.
        back: the URL of the list.
        latest: shown with title, day and excerpt.
        tags: the article's, each with the URL of its list.
        previous: the article before it, by its title; None for the first.
        next: the one behind it; None for the latest.
        related: others that share subjects with it, shown likewise.
    """

    chrome: Chrome
    entry: Entry
    back: str
    authors: tuple[Link, ...] = ()
    latest: tuple[Entry, ...] = ()
    tags: tuple[Link, ...] = ()
    previous: Link | None = None
    next: Link | None = None
    related: tuple[Entry, ...] = ()


class FeedView(Struct, frozen=True, kw_only=True):
    """A feed as a person sees it who opens its address.

    Attributes:
        title: of the feed.
        format: what people call its format.
        address: the feed's own absolute URL, to be copied; empty where it stands above the page only.
        source: the URL at which its bytes are shown whoever asks.
        list: the URL of the page with the same articles.
        others: the same feed in other formats, named by these.
        entries: the newest, as they are shown.
        readers: where the feed can be opened in a reader, by the readers' names.
        script: the address of what copies the feed's on a click; `static/` and `script_name` below the base URL.
    """

    chrome: Chrome
    title: str
    format: str
    address: str
    source: str
    list: str
    others: tuple[Link, ...]
    entries: tuple[Entry, ...]
    readers: tuple[Link, ...] = ()
    script: str = ""


class MessageView(Struct, frozen=True, kw_only=True):
    """A page that only says something: 404, 410, 503.

    Attributes:
        title: what happened, in a few words.
        message: what to do, in a sentence or two; plain text.
        reason: what the publisher says of it, in the language of the page; empty for none.
        language: of title and message (BCP 47).
        latest: articles to go on to, shown with title and day.
    """

    chrome: Chrome
    title: str
    message: str
    reason: str = ""
    language: str = "en"
    latest: tuple[Entry, ...] = ()
