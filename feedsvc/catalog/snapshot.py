"""One state of the catalog, read: a channel, a window and an instant in; articles and dates out."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import bindparam, select

from feedsvc.catalog import calendar, crossing, facts, migrations, window
from feedsvc.catalog.channels import MEDIA, SITE
from feedsvc.catalog.contents import Contents
from feedsvc.catalog.neighbours import neighbours
from feedsvc.catalog.periods import Dated
from feedsvc.catalog.references import articles_of
from feedsvc.catalog.rows import instant
from feedsvc.catalog.schema import (
    AT_HOME,
    alias,
    article,
    channel,
    former_slug,
    identity,
    media,
    membership,
    record,
    revision,
    theme,
)
from feedsvc.catalog.search import Search
from feedsvc.catalog.stored import Stored
from feedsvc.catalog.window import Keys
from feedsvc.config import Site
from feedsvc.errors import Gone, Moved, NotFound, NotReady
from feedsvc.model import Revision, Selection, Tombstone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import BindParameter, ColumnElement, Connection, Row, Select

    from feedsvc.catalog.calendar import Times
    from feedsvc.catalog.neighbours import Neighbour
    from feedsvc.model import Article

_NOW: BindParameter[int] = bindparam("now")

# Statements are built once: to build one takes as long as to send it.
_LATEST = select(revision).order_by(revision.c.number.desc()).limit(1)
_SHOWS = (
    select(membership.c.key)
    .join(channel, channel.c.key == membership.c.channel)
    .where(channel.c.name == bindparam("name"), membership.c.published <= _NOW, window.GOES_ON)
    .limit(1)
)
_ANY_ALIAS = select(alias.c.key).limit(1)
_CHANNEL = select(channel).where(channel.c.name == bindparam("name"))
_PLACED = window.placed()
_PAGE = _PLACED.where(identity.c.slug == bindparam("slug"), membership.c.published <= _NOW)


class Snapshot:
    """A read transaction: everything asked of it is of one revision.

    Attributes:
        revision: the latest one.
        site: the settings that it was made with.
        theme_digest: of the theme's files; empty for none.
        is_whole: whether all articles are there, and not the newest only.

    Raises:
        NotReady: where no sync has ended yet.
        CatalogError: where its schema is of another version.
    """

    def __init__(self, connection: Connection, known: Mapping[str, str] | None = None) -> None:
        self._connection = connection
        known = facts.known(connection) if known is None else known
        # Whoever syncs may have gone on to another version while this one serves.
        migrations.check(int(known.get(facts.SCHEMA, 0)), "the catalog")
        latest = connection.execute(_LATEST).first()
        made_with = known.get(facts.SITE)
        if latest is None or made_with is None:  # an imported ledger has revisions, but no settings
            raise NotReady
        self.is_whole = facts.LOADED in known
        self.revision = Revision(latest.number, instant(latest.at))
        self.site = msgspec.json.decode(made_with, type=Site)
        self.theme_digest = known.get(facts.THEME, "")
        self._rows: dict[str, Row[Any]] = {}

    def term(self, name: str, now: int) -> str:
        """A channel's subject as its authors write it; empty for the site.

        Raises:
            NotFound: where the channel never showed anything.
        """
        row = self._row(name)
        if name and row.modified == 0 and not self._was_public(row.key, now):
            raise NotFound(f"there is no channel {name}")
        return str(row.term)

    def shows(self, name: str, now: int) -> bool:
        """Whether a channel shows anything now."""
        return bool(self._connection.scalar(_SHOWS, {"name": name, "now": now}))

    def was_shown(self, name: str, now: int) -> bool:
        """Whether a channel ever showed anything."""
        row = self._connection.execute(_CHANNEL, {"name": name}).first()
        return row is not None and (row.modified != 0 or self._was_public(row.key, now))

    def times(self, of: str | Selection, now: int) -> Times:
        """What time does to a channel, or to a selection."""
        keys = self._keys(of)
        kept = calendar.kept(self.site)
        return calendar.together(
            calendar.times(self._connection, key, now, delay=keys.delay, within=keys.within, kept=kept)
            for key in keys.lead
        )

    def newest(
        self, of: str | Selection, now: int, *, limit: int, before: tuple[int, str] | None = None
    ) -> tuple[Article, ...]:
        """The articles that a channel shows, newest first, equal instants by id from the last to the first.

        Args:
            before: only those behind this place in the order, an article's `published` and id.
        """
        keys = self._keys(of)
        # Where there are several groups, any may lead: it is the same articles.
        keys = replace(keys, groups=crossing.fewest(self._connection, keys.groups))
        return articles_of(self._connection, window.newest(self._connection, keys, now, limit=limit, before=before))

    def last_updated(self, of: str | Selection, now: int, *, limit: int) -> tuple[Article, ...]:
        """The articles that a channel shows, the last updated first; equal instants as `newest` has them."""
        return articles_of(self._connection, window.last_updated(self._connection, self._keys(of), now, limit=limit))

    def tombstones(self, of: str | Selection, now: int, *, limit: int) -> tuple[Tombstone, ...]:
        """The latest articles that a channel showed and that were withdrawn or removed, latest first.

        Those of longer ago than the setting `tombstones` says are not among them.
        """
        since = calendar.fallen(now, calendar.kept(self.site)) + 1
        found = window.tombstones(self._connection, self._keys(of), now, limit=limit, since=since)
        return tuple(Tombstone(row.id, instant(row.withdrawn), row.reason) for row in found)

    def last_end(self, of: str | Selection, now: int) -> datetime | None:
        """When an article that a channel showed last expired, or was withdrawn or removed; None where none did."""
        return instant(window.last_end(self._connection, self._keys(of), now))

    def dated(self, of: str | Selection, now: int) -> Dated:
        """What a channel showed by `now`, by the dates of publication."""
        keys = self._keys(of)
        keys = replace(keys, groups=crossing.fewest(self._connection, keys.groups))
        since = calendar.fallen(now, calendar.kept(self.site)) + 1
        return Dated(self._connection, keys, now, since=since)

    def article(self, slug: str, now: int, *, of: str | Selection = SITE) -> Article:
        """The article of a channel whose page has a slug.

        Raises:
            Moved: where it has another slug now; `location` is that slug.
            Gone: where it was withdrawn or removed.
            NotFound: where no article with it was ever shown.
        """
        found = self._page(slug, now, of)
        if found is not None:
            return articles_of(self._connection, [found])[0]
        of_slug = select(former_slug.c.key).where(former_slug.c.slug == slug).scalar_subquery()
        present = self._connection.scalar(select(identity.c.slug).where(identity.c.key == of_slug))
        if present is not None and self._page(present, now, of) is not None:
            raise Moved(present)
        if window.place(self._connection, self._keys(of), present or slug, now) is not None:
            reason = self._reason(identity.c.slug == (present or slug), now)
            raise Gone(f"the article {slug} was withdrawn", reason=reason)
        raise NotFound(f"there is no article {slug}")

    def has_aliases(self) -> bool:
        """Whether any record says that its page stood elsewhere before."""
        return self._connection.execute(_ANY_ALIAS).first() is not None

    def moved_to(self, paths: Sequence[str], now: int) -> str:
        """The slug of the article whose page stood at one of some paths before, as its record says.

        Raises:
            Gone: where it was withdrawn or removed.
            NotFound: where none that was ever shown stood there.
        """
        return self._slug_of(select(alias.c.key).where(alias.c.path.in_(paths)), paths, now)

    def filed_at(self, addresses: Sequence[str], now: int) -> str:
        """The slug of the article whose record is at the first of some addresses that any ever was at.

        Raises:
            Gone: where it was withdrawn or removed.
            NotFound: where none that was ever shown was there.
        """
        known = set(self._connection.scalars(select(identity.c.address).where(identity.c.address.in_(addresses))))
        meant = next((address for address in addresses if address in known), addresses[0])
        return self._slug_of(select(identity.c.key).where(identity.c.address == meant), [meant], now)

    def _slug_of(self, of_paths: Select[Any], paths: Sequence[str], now: int) -> str:
        # By key alone, and the date is looked at here: SQLite would rather walk through all of a channel by date.
        of = self._connection.scalars(of_paths).all()
        keys = membership.c.key.in_(of)
        placed = self._connection.execute(_PLACED.where(keys), {"of": self._key(SITE), "now": now})
        shown = [row for row in placed if row.published <= now]
        if shown:
            return str(max(shown, key=attrgetter("published", "id")).slug)
        dates = select(membership.c.published).where(membership.c.channel == self._key(SITE), keys)
        if any(published <= now for published in self._connection.scalars(dates)):
            raise Gone(f"what stood at {paths[0]} was withdrawn", reason=self._reason(identity.c.key.in_(of), now))
        raise NotFound(f"nothing is published at {paths[0]}")

    def place_of(self, slug: str, of: str | Selection, now: int) -> tuple[int, str]:
        """Where in the order of a channel the article with a slug stands or stood, as `newest` takes it.

        Raises:
            NotFound: where no article with it was ever shown there.
        """
        place = window.place(self._connection, self._keys(of), slug, now)
        if place is None:
            raise NotFound(f"there is no article {slug}")
        return place

    def neighbours(self, of: Article, now: int) -> tuple[Neighbour | None, Neighbour | None]:
        """The articles of the site that were published last before an article, and first after it."""
        place = (int(of.published.timestamp()), of.id)
        return neighbours(self._connection, self._key(SITE), place, now)

    def media(self, address: str) -> Stored | None:
        """What is known of a file under `/media/`; None where there is none."""
        columns = (media.c.digest, media.c.length, media.c.body.is_(None), media.c.width, media.c.height)
        row = self._connection.execute(select(*columns).where(media.c.address == address)).first()
        return None if row is None else Stored(row[0], row[1], bool(row[2]), row[3], row[4])

    def media_body(self, address: str) -> bytes:
        """The bytes of a file under `/media/` that is in the catalog."""
        return bytes(self._connection.scalar(select(media.c.body).where(media.c.address == address)) or b"")

    def media_mark(self, address: str) -> str:
        """The mark that a file had when it was last read."""
        return self._connection.scalar(select(record.c.mark).where(record.c.address == address)) or ""

    def theme_files(self) -> dict[str, bytes]:
        """The files of the theme, by their addresses."""
        rows = select(theme.c.address, theme.c.body).where(theme.c.body.is_not(None)).order_by(theme.c.address)
        return {address: bytes(body) for address, body in self._connection.execute(rows)}

    @property
    def contents(self) -> Contents:
        """All that the site shows."""
        return Contents(self._connection, self._key(SITE))

    @property
    def search(self) -> Search:
        """The words of what the site shows."""
        return Search(self._connection, self._key(SITE))

    @property
    def folder(self) -> str:
        """The folder that was read by whoever synced, on the machine where that was; empty for none."""
        return facts.get(self._connection, facts.FOLDER) or ""

    def media_modified(self) -> int:
        """When a file under `/media/` last changed, in seconds since the epoch."""
        return int(self._row(MEDIA).modified)

    def _row(self, name: str) -> Row[Any]:
        if name not in self._rows:
            row = self._connection.execute(_CHANNEL, {"name": name}).first()
            if row is None:
                raise NotFound(f"there is no channel {name}")
            self._rows[name] = row
        return self._rows[name]

    def _key(self, name: str) -> int:
        return int(self._row(name).key)

    def _keys(self, of: str | Selection) -> Keys:
        selection = Selection.of(of) if isinstance(of, str) else of
        groups = tuple(tuple(sorted(map(self._key, group))) for group in selection.groups)
        return Keys(groups, tuple(sorted(map(self._key, selection.none))), selection.delay, selection.within)

    def _was_public(self, key: int, now: int) -> bool:
        query = select(membership.c.key).where(membership.c.channel == key, membership.c.published <= now).limit(1)
        return self._connection.execute(query).first() is not None

    def _reason(self, of: ColumnElement[bool], now: int) -> str | None:
        """Why one of some articles was withdrawn, as the record that still is there says."""
        said = select(article.c.reason).join(identity, AT_HOME).where(of, article.c.withdrawn <= now)
        return self._connection.scalar(said.where(article.c.reason.is_not(None)).order_by(identity.c.id).limit(1))

    def _page(self, slug: str, now: int, of: str | Selection) -> Row[Any] | None:
        return self._connection.execute(_PAGE, {"of": self._keys(of).lead[0], "now": now, "slug": slug}).first()
