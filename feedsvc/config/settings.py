"""The settings themselves: each is one line of `Site`, `Table` or `Server`.

What `feedsvc config`, `feedsvc init` and the reference say of a setting comes from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from feedsvc.config import checks, colours, databases, fonts, podcasts, purges, readers
from feedsvc.config.channels import ChannelSettings  # noqa: TC001 - at run time too: the catalog holds them
from feedsvc.config.sections import Section  # noqa: TC001 - likewise
from feedsvc.config.setting import Settings, setting

if TYPE_CHECKING:
    from collections.abc import Iterator


def _number(default: int, least: int, most: int, meaning: str) -> Any:
    return setting(default, checks.whole(default, least, most), meaning)


class Site(Settings, frozen=True, kw_only=True):
    """What the documents are made with. It travels in the catalog, so that all who serve it agree."""

    title: str = setting("", checks.text, "the site's name; the folder's name where it is not set")
    base_url: str = setting("", checks.base_url, "where the site is published; `http://HOST:PORT/` where it is not set")
    description: str = setting("", checks.text, "one sentence about the site; the title where it is not set")
    language: str = setting("en", checks.language, "the language of articles that name none (BCP 47)")
    zone: str = setting("UTC", checks.zone, "the time zone of dates that name none (IANA)")
    author: str = setting("", checks.text, "the author of articles that name none; the title where it is not set")
    rights: str = setting("", checks.text, "the copyright line of every feed")
    logo: str = setting(
        "", checks.text, "a picture that stands for the site in feeds: a file of the content folder, or a URL"
    )
    id_authority: str = setting(
        "",
        checks.authority,
        "a domain that is yours for good; ids are minted under it; the base URL's host where it is not set",
    )
    entries: int = _number(30, 1, 1000, "how many articles a feed holds")
    archive: str = setting(
        "month",
        checks.choice("month", "day", "year"),
        "the period of which an archive of a feed holds all articles (UTC)",
    )
    content: str = setting("full", checks.choice("full", "summary"), "`full` text, or the `summary` only, in feeds")
    excerpt_length: int = _number(280, 40, 10_000, "the longest excerpt, in characters")
    tombstones: int = _number(
        180, 0, 36_500, "for how many days Atom feeds tell that an article was taken back; 0 for ever"
    )
    list_length: int = _number(20, 1, 200, "how many articles a list page holds")
    latest_length: int = _number(5, 0, 50, "how many latest articles stand below an article")
    related_length: int = _number(3, 0, 24, "how many others about the same stand below an article")
    llms: bool = setting(
        default=False, check=checks.yes_or_no, meaning="whether `/llms.txt` tells language models what is on the site"
    )
    podcast_category: str = setting(
        "", podcasts.category, "one of Apple's podcast categories; where it is set, the feeds are those of a podcast"
    )
    podcast_image: str = setting("", checks.text, "the podcast's cover: a file of the content folder, or a URL")
    podcast_explicit: bool = setting(default=False, check=checks.yes_or_no, meaning="whether it is not for children")
    podcast_owner: str = setting("", checks.email, "the e-mail address under which directories ask the publisher")
    podcast_type: str = setting(
        "episodic", checks.choice("episodic", "serial"), "`episodic`, newest first, or `serial`, in order"
    )
    accent: str = setting("", colours.colour, "the colour of links and buttons, such as `#0b5394`")
    accent_dark: str = setting("", colours.colour, "the same where the page is dark")
    background: str = setting("", colours.colour, "the colour of the page")
    background_dark: str = setting("", colours.colour, "the same where the page is dark")
    text: str = setting("", colours.colour, "the colour of the text")
    text_dark: str = setting("", colours.colour, "the same where the page is dark")
    color_scheme: str = setting(
        "auto",
        checks.choice("auto", "light", "dark"),
        "whether pages are `light`, `dark`, or as the reader's system is",
    )
    font: str = setting(
        "system", fonts.font, "`system`, `serif`, `mono`, or a family whose files are in `theme/static`"
    )
    footer: str = setting("", checks.text, "a line below every page, in Markdown")
    max_age: int = _number(300, 0, 86_400, "for how many seconds a cache may keep an answer")
    stale: int = _number(600, 0, 604_800, "for how many seconds more it may serve it while it asks again")
    sections: tuple[Section, ...] = ()
    channels: tuple[ChannelSettings, ...] = ()
    # Old paths with where they lead, sorted (`redirects.redirect`).
    redirects: tuple[tuple[str, str], ...] = ()
    # Names with the paths or URLs that they lead to, in the order in which they are shown (`navigation.link`).
    navigation: tuple[tuple[str, str], ...] = ()
    # Feed readers by their names, with the addresses at which they open a feed (`readers.opened`).
    readers: tuple[tuple[str, str], ...] = readers.USUAL

    def renamed(self, name: str) -> str | None:
        """The name that a channel has now, where it had another one before; None for all others."""
        return next((each.name for each in self.channels if name in each.aliases), None)

    @property
    def pictures(self) -> tuple[str, ...]:
        """The pictures that stand for the whole or for a channel, as they are written."""
        return tuple(filter(None, (self.podcast_image, self.logo, *(each.logo for each in self.channels))))

    def settings_of(self, name: str) -> ChannelSettings | None:
        """What is set for a channel, by its name; None where nothing is."""
        return next((each for each in self.channels if each.name == name), None)


class Table(Settings, frozen=True, kw_only=True):
    """Where articles stand in a database already, and how they are asked for. It changes no document by itself."""

    source: str = setting("", databases.url, "the URL of a database with articles, beside those of the folder")
    query: str = setting(
        "", databases.query, "the SQL that gives them, a row each; its columns are the keys of an article"
    )
    key: str = setting("id", checks.text, "the column that names a row")
    updated: str = setting("updated", checks.text, "the column that changes whenever a row does")
    interval: int = _number(5, 1, 3600, "after how many seconds the database is asked again")


class Server(Settings, frozen=True, kw_only=True):
    """How it is served. None of it changes a document."""

    host: str = setting("127.0.0.1", checks.host, "the address to listen at; `0.0.0.0` for every one")
    port: int = _number(8000, 0, 65_535, "the port to listen at; 0 for any free one")
    workers: int = _number(1, 1, 256, "how many processes serve")
    database: str = setting(
        "", checks.text, "the catalog's URL or file; `.feedsvc/` in the content folder where it is not set"
    )
    negotiate: bool = setting(
        default=True,
        check=checks.yes_or_no,
        meaning="whether a person who opens a feed's address sees a page, and a reader the feed",
    )
    poll: bool = setting(
        default=False, check=checks.yes_or_no, meaning="whether to look for changes each second, told of them or not"
    )
    grace: int = _number(10, 0, 3600, "for how many seconds answers under way are sent on when it is told to stop")
    burst: int = _number(
        60, 0, 100_000, "how often an address may ask for a feed at once without saying what it has; 0 for any number"
    )
    trusted_proxies: str = setting(
        "127.0.0.1, ::1", checks.networks, "the proxies whose word for a client's address counts (X-Forwarded-For)"
    )
    connection_limit: int = _number(10_000, 1, 1_000_000, "how many connections a process keeps open at a time")
    head_limit: int = _number(
        16_384, 1024, 65_536, "how many bytes a request's head may have; half of them may be its address"
    )
    request_timeout: int = _number(10, 1, 3600, "in how many seconds a request has to be there")
    stall_timeout: int = _number(30, 1, 3600, "for how many seconds a client may take nothing of its answer")
    idle_timeout: int = _number(75, 1, 86_400, "for how many seconds a connection is kept without a request")
    lane: bool = setting(
        default=True, check=checks.yes_or_no, meaning="whether polls are answered without the application"
    )
    access_log: str = setting(
        "", checks.text, "the file to which each request is written; `-` for standard output; none where it is not set"
    )
    access_log_format: str = setting(
        "combined", checks.choice("combined", "json"), "`combined`, as Apache and nginx write it, or `json`"
    )
    purge_url: str = setting(
        "", purges.url, "where a cache is asked to let go of what was taken back: `{url}` or `{path}` names the address"
    )
    purge_method: str = setting("PURGE", checks.choice(*purges.METHODS), "the method by which it is asked")
    purge_header: str = setting("", purges.header, "a line for the head of that request; it is shown to nobody")


def settings() -> Iterator[tuple[str, Any, str, Any]]:
    """Each setting as its name, default, meaning and check, in the order of the reference."""
    for group in (Site, Table, Server):
        for name, line in group.lines.items():
            yield name, line.default, line.meaning, line.check
