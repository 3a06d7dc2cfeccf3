"""What the pages show: a snapshot and an instant in; views out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from feedsvc import feeds, pages
from feedsvc.errors import NotFound
from feedsvc.formats import FORMATS
from feedsvc.pages import ArticleView, Chrome, FeedLink, FeedView, Link, ListView, MessageView, PeriodView
from feedsvc.publication import spans
from feedsvc.publication.documents import FOR_READERS
from feedsvc.text.links import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from feedsvc.catalog import Snapshot
    from feedsvc.config import Site
    from feedsvc.formats import Format
    from feedsvc.model import Article, Channel, Entry
    from feedsvc.text.periods import Period


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
    return ListView(
        chrome=chrome(site, _feed_links(snapshot, of, now)),
        title=of.title,
        heading=of.term or site.title,
        description="" if of.name or site.description == site.title else site.description,
        canonical=of.link if before is None else of.address(f"before/{quoted(before)}"),
        entries=tuple(_whole(article, site) for article in shown),
        older=older,
        first=None if before is None else of.link,
        tags=_links(site, snapshot.tags(now)) if not of.name else (),
        years=spans.years(snapshot, now) if not of.name else (),
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
    heading = spans.title(period.name)
    return PeriodView(
        chrome=chrome(site, _feed_links(snapshot, of, now)),
        title=f"{site.title}: {heading}",
        heading=heading,
        canonical=own if before is None else f"{own}before/{quoted(before)}",
        entries=tuple(_whole(article, site) for article in shown),
        older=f"{own}before/{quoted(shown[-1].slug)}" if len(articles) > len(shown) else None,
        first=None if before is None else own,
        before=earlier,
        after=later,
        year=None if is_year else spans.link(snapshot, period.name[:4]),
        months=spans.months(snapshot, period, now) if is_year else (),
    )


def article_view(snapshot: Snapshot, article: Article, now: int) -> ArticleView:
    """One article with the latest others."""
    site = snapshot.site
    latest = snapshot.newest("", now, limit=site.latest_length + 1)
    others = tuple(_whole(other, site) for other in latest if other.id != article.id)
    return ArticleView(
        chrome=chrome(site, _feed_links(snapshot, feeds.channel(snapshot, "", now), now)),
        entry=_whole(article, site),
        back=site.base_url,
        latest=others[: site.latest_length],
        tags=_links(site, ((category.term, category.name) for category in article.categories)),
    )


def feed_view(snapshot: Snapshot, of: Channel, written: Format, now: int) -> FeedView:
    """A channel's feed in a format, for people."""
    site = snapshot.site
    address = written.address(of)
    newest = feeds.feed(snapshot, of, now).entries[: site.list_length]
    return FeedView(
        chrome=chrome(site, _feed_links(snapshot, of, now)),
        title=of.title,
        format=written.title,
        address=address,
        source=f"{address}{'&' if of.query else '?'}{FOR_READERS}",
        list=of.link,
        others=tuple(Link(each.title, each.address(of)) for each in FORMATS.values() if each is not written),
        entries=newest,
    )


def message_view(site: Site, title: str, message: str) -> MessageView:
    """A page that says why there is nothing else."""
    return MessageView(chrome=chrome(site, ()), title=title, message=message)


def chrome(site: Site, links: tuple[FeedLink, ...]) -> Chrome:
    """What a page has around it.

    Args:
        links: the feeds that it announces.
    """
    return Chrome(
        site_title=site.title,
        home=site.base_url,
        language=site.language,
        zone=ZoneInfo(site.zone),
        # Without its host: the policy of the page allows styles from where the page itself comes from, and only those.
        style_href=f"{urlsplit(site.base_url).path}static/{pages.style_name}",
        feeds=links,
    )


def _feed_links(snapshot: Snapshot, of: Channel, now: int) -> tuple[FeedLink, ...]:
    channels = (of, feeds.channel(snapshot, "", now)) if of.name else (of,)
    return tuple(
        FeedLink(f"{channel.title} ({written.title})", written.type, written.address(channel))
        for channel in channels
        for written in FORMATS.values()
    )


def _links(site: Site, tags: Iterable[tuple[str, str]]) -> tuple[Link, ...]:
    return tuple(Link(term, f"{site.base_url}{quoted(name)}/") for term, name in tags)


def _whole(article: Article, site: Site) -> Entry:
    # A page shows the text even where the feeds hold summaries only.
    return feeds.entry(article, site=replace(site, content="full"))
