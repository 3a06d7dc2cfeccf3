"""What the pages show: a snapshot and an instant in; views out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from feedsvc import feeds, pages
from feedsvc.config import at
from feedsvc.config.readers import opened
from feedsvc.errors import NotFound
from feedsvc.formats import FORMATS
from feedsvc.media import Media
from feedsvc.model import Selection
from feedsvc.pages import ArticleView, Chrome, FeedLink, FeedView, Link, ListView, MessageView, PeriodView, wording
from feedsvc.publication import spans
from feedsvc.publication.documents import FOR_READERS
from feedsvc.text.anchors import anchored
from feedsvc.text.figures import pictures
from feedsvc.text.links import quoted
from feedsvc.text.responsive import responsive
from feedsvc.text.subjects import AUTHORS, CATEGORIES, CHANNELS, LANGUAGES, SECTIONS, TAGS, channel_name
from feedsvc.text.xml import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from feedsvc.catalog import Neighbour, Snapshot
    from feedsvc.config import Site
    from feedsvc.formats import Format
    from feedsvc.model import Article, Channel, Entry, Person
    from feedsvc.publication.documents import Notice
    from feedsvc.text.periods import Period


# Where there are more tags than so many, a list leads to those of the articles that it shows.
MOST_TAGS = 24

# Of so many articles that share a subject with one, the closest are shown beside it.
RELATED_AMONG = 24


def list_view(snapshot: Snapshot, of: Channel, now: int, *, before: str | None) -> ListView:
    """One page of a channel's articles: the newest, or those behind the article with a slug.

    Raises:
        NotFound: where no article with the slug was ever shown.
    """
    site = snapshot.site
    place = None if before is None else snapshot.place_of(before, of.selection, now)
    articles = snapshot.newest(of.selection, now, limit=site.list_length + 1, before=place)
    shown, has_older = articles[: site.list_length], len(articles) > site.list_length
    older = of.address(f"before/{quoted(shown[-1].slug)}") if has_older else None
    around = chrome(site, feed_links(snapshot, of, now), language=of.language)
    return ListView(
        chrome=around,
        title=of.title,
        heading=_heading(of, around) or site.title,
        description=_description(site, of),
        canonical=of.link if before is None else of.address(f"before/{quoted(before)}"),
        entries=tuple(whole(article, site, around) for article in shown),
        kind=_ONE_OF.get(of.name.partition("/")[0], ""),
        older=older,
        first=None if before is None else of.link,
        tags=_links(site, _tags(snapshot, shown, now)) if not of.name else (),
        years=spans.years(snapshot, now) if not of.name and (older or before) else (),
        image=of.logo,
    )


def period_view(snapshot: Snapshot, period: Period, now: int, *, before: str | None) -> PeriodView:
    """One page of the site's articles of a year or a month: the newest, or those behind the article with a slug.

    Raises:
        NotFound: where no article with the slug was ever shown in it.
    """
    site, of, own = snapshot.site, feeds.channel(snapshot, "", now), spans.address(snapshot, period.name)
    place = (period.stop, "") if before is None else snapshot.place_of(before, of.selection, now)
    if before is not None and not period.start <= place[0] < period.stop:
        raise NotFound(f"the article {before} is not of {period.name}")
    behind = snapshot.newest(of.selection, now, limit=site.list_length + 1, before=place)
    articles = [article for article in behind if article.published.timestamp() >= period.start]
    shown = articles[: site.list_length]
    is_year = spans.kind(period.name) == "year"
    earlier, later = spans.beside(snapshot, period, now)
    around = chrome(site, feed_links(snapshot, of, now))
    heading = spans.title(site, period.name)
    return PeriodView(
        chrome=around,
        title=f"{site.title}: {heading}",
        heading=heading,
        canonical=own if before is None else f"{own}before/{quoted(before)}",
        entries=tuple(whole(article, site, around) for article in shown),
        older=f"{own}before/{quoted(shown[-1].slug)}" if len(articles) > len(shown) else None,
        first=None if before is None else own,
        before=earlier,
        after=later,
        year=None if is_year else spans.link(snapshot, period.name[:4]),
        months=spans.months(snapshot, period, now) if is_year else (),
    )


def article_view(snapshot: Snapshot, article: Article, now: int) -> ArticleView:
    """One article with those beside it, those about the same, and the latest others."""
    site = snapshot.site
    around = chrome(site, feed_links(snapshot, feeds.channel(snapshot, "", now), now))
    found = snapshot.newest("", now, limit=site.latest_length + 1)
    latest = [other for other in found if other.id != article.id][: site.latest_length]
    related = _related(snapshot, article, now, but={other.id for other in latest})
    previous, following = snapshot.neighbours(article, now)
    entry = whole(article, site, around)
    return ArticleView(
        chrome=around,
        entry=laid_out(article, entry, site),
        authors=tuple(_author(snapshot, author, now) for author in named(entry, site)),
        back=site.base_url,
        latest=tuple(whole(other, site, around) for other in latest),
        tags=_links(site, ((category.term, category.name) for category in article.categories)),
        previous=_beside(previous, site),
        next=_beside(following, site),
        related=tuple(whole(other, site, around) for other in related),
    )


def feed_view(snapshot: Snapshot, of: Channel, written: Format, now: int) -> FeedView:
    """A channel's feed in a format, for people."""
    site = snapshot.site
    address = written.address(of)
    newest = feeds.feed(snapshot, of, now).entries[: site.list_length]
    return FeedView(
        chrome=chrome(site, feed_links(snapshot, of, now), language=of.language),
        title=of.title,
        format=written.title,
        address=address,
        source=f"{address}{'&' if of.query else '?'}{FOR_READERS}",
        list=of.link,
        others=tuple(Link(each.title, each.address(of)) for each in FORMATS.values() if each is not written),
        entries=newest,
        readers=tuple(Link(name, opened(url, address)) for name, url in site.readers),
        script=_static(site, pages.script_name),
    )


def message_view(site: Site, title: str, message: str) -> MessageView:
    """A page that says why there is nothing else, in English."""
    return MessageView(chrome=chrome(site, ()), title=title, message=message, language=pages.ENGLISH)


def notice_view(snapshot: Snapshot, notice: Notice, now: int) -> MessageView:
    """A page that says why nothing is at an address, with the latest articles to go on to."""
    site = snapshot.site
    around = chrome(site, feed_links(snapshot, feeds.channel(snapshot, "", now), now))
    said = wording(site.language)
    title, message = _NOTICES[notice.status]
    return MessageView(
        chrome=around,
        title=getattr(said.words, title),
        message=getattr(said.words, message),
        reason=notice.reason,
        language=said.language,
        latest=tuple(whole(article, site, around) for article in snapshot.newest("", now, limit=site.latest_length)),
    )


_ONE_OF = {
    TAGS: "tag",
    CATEGORIES: "category",
    AUTHORS: "author",
    SECTIONS: "section",
    LANGUAGES: "language",
    CHANNELS: "channel",
}

_NOTICES = {404: ("not_found", "not_found_why"), 410: ("withdrawn", "withdrawn_why")}


def chrome(site: Site, links: tuple[FeedLink, ...], *, language: str | None = None) -> Chrome:
    """What a page has around it.

    Args:
        links: the feeds that it announces.
        language: in which the page speaks; None for the site's.
    """
    return Chrome(
        site_title=site.title,
        home=site.base_url,
        language=language or site.language,
        zone=ZoneInfo(site.zone),
        style_href=_static(site, pages.style_name),
        icon_href=_static(site, pages.icon_name),
        search_href=f"{urlsplit(site.base_url).path}search",
        feeds=links,
    )


def feed_links(snapshot: Snapshot, of: Channel, now: int) -> tuple[FeedLink, ...]:
    """The feeds that a page of a channel announces: the channel's own, then the site's."""
    channels = (of, feeds.channel(snapshot, "", now)) if of.name else (of,)
    return tuple(
        FeedLink(channel.title, written.title, written.type, written.address(channel))
        for channel in channels
        for written in FORMATS.values()
    )


def laid_out(article: Article, entry: Entry, site: Site) -> Entry:
    """The entry with its text as the page lays it out that it is read on."""
    picture, content = Media(article, entry.page, site.base_url).picture, entry.content or ""
    if entry.summary == entry.title and not article.source.strip():
        content = ""  # it would be the title once more
    has_lead = entry.image is not None and not any(each.url == entry.image.url for each in pictures(content))
    return replace(entry, content=anchored(responsive(content, entry.page, picture, leads=not has_lead)))


def _static(site: Site, name: str) -> str:
    # Without its host: the policy of the page allows what is from where the page itself comes from, and only that.
    return f"{urlsplit(site.base_url).path}static/{name}"


def _links(site: Site, tags: Iterable[tuple[str, str]]) -> tuple[Link, ...]:
    return tuple(Link(term, f"{site.base_url}{quoted(name)}/") for term, name in tags)


def _tags(snapshot: Snapshot, shown: Iterable[Article], now: int) -> Sequence[tuple[str, str]]:
    """The tags that a list leads to: all, or of very many those that it shows, the commonest first."""
    found = snapshot.contents.of_kind(TAGS, now, most=MOST_TAGS + 1)
    if len(found) <= MOST_TAGS:
        return found
    uses = Counter(each for article in shown for each in article.categories if each.scheme == TAGS)
    return [(each.term, each.name) for each, _ in uses.most_common(MOST_TAGS)]


def named(entry: Entry, site: Site) -> list[Person]:
    """The authors who are named on a page: not the site itself, which stands above it."""
    return [author for author in entry.authors if author.name != site.title]


def _author(snapshot: Snapshot, author: Person, now: int) -> Link:
    """An author with the address that the record gives, or else of the list of what is by them."""
    name = channel_name(AUTHORS, author.name)
    has_list = not author.uri and snapshot.shows(name, now)
    has_list = has_list and snapshot.term(name, now).casefold() == author.name.casefold()  # not of one with its slug
    own = f"{snapshot.site.base_url}{quoted(name)}/" if has_list else ""
    return Link(clean(author.name), author.uri or own)


def _description(site: Site, of: Channel) -> str:
    """What somebody wrote of a channel; empty where nobody did."""
    if not of.name:
        return "" if site.description == site.title else site.description
    settings = site.settings_of(of.name)
    return (settings.description or "") if settings else ""


def _heading(of: Channel, around: Chrome) -> str:
    """What a channel's list is called: languages by their own names."""
    kind, _, _ = of.name.partition("/")
    return wording(around.language).called(of.term) if kind == LANGUAGES else of.term


def _related(snapshot: Snapshot, article: Article, now: int, *, but: set[str]) -> list[Article]:
    """The latest articles that share the most subjects with one."""
    site = snapshot.site
    names = frozenset(each.name for each in article.categories)
    if not names or not site.related_length:
        return []
    found = snapshot.newest(Selection((names,)), now, limit=RELATED_AMONG)
    others = [other for other in found if other.id != article.id and other.id not in but]
    others.sort(key=lambda other: -len(names.intersection(each.name for each in other.categories)))
    return others[: site.related_length]


def _beside(found: Neighbour | None, site: Site) -> Link | None:
    if found is None:
        return None
    language = found.language or at(site, found.address).language
    return Link(clean(found.title), f"{site.base_url}articles/{quote(found.slug, safe='')}", language)


def whole(article: Article, site: Site, around: Chrome) -> Entry:
    """An article as a page shows it: with its text even where the feeds hold summaries only."""
    entry = feeds.entry(article, site=replace(site, content="full"))
    if around.language == site.language:
        return entry
    language = entry.language or site.language
    return replace(entry, language=language if language.lower() != around.language.lower() else None)
