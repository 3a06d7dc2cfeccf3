"""The newest articles of a large source, to be published before all others are read: a source in; what to read out.

To read, check and store a hundred thousand articles takes half a minute; to tell from their first bytes which of them
the site's feeds hold takes a few seconds. Whatever may be among these is read, and whatever may ask for the id or slug
of one that is, or says when it ends; of all others it is known that they change nothing in these feeds.
"""

from __future__ import annotations

from array import array
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct, field
from sqlalchemy import select

from feedsvc.articles.glimpse import LENGTH, glimpse
from feedsvc.catalog.channels import SITE
from feedsvc.catalog.schema import reference
from feedsvc.catalog.syncing.difference import Seen
from feedsvc.errors import FeedsvcError
from feedsvc.text.links import from_top
from feedsvc.text.media_types import media_type
from feedsvc.themes import is_of_theme

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from feedsvc.catalog.syncing.claims import Claim
    from feedsvc.config import Site
    from feedsvc.sources import Source

# Fewer records than these are read in a second or two.
LEAST = 5_000
# Where more than these would have to be read first, all are.
MOST = 2_000
# So many times as many are read as the feeds need: some are drafts, or scheduled.
_AMPLE = 3

# An article gets one of the first so many slugs that it may; hardly ever another one.
_LIKELY = 2

# No instant is so far from the day that is written beside it, by any time zone and offset.
_FARTHEST = timedelta(days=2)


class Unclear(FeedsvcError):  # noqa: N818 - a reason to read all, not a failure
    """It cannot be told which the newest articles are, or too much belongs to them."""

    def __init__(self) -> None:
        super().__init__("the newest articles cannot be told from all others")


def wanted(site: Site) -> int:
    """How many of the newest articles decide what the site's feeds hold.

    They show so many, as many again that were edited since, and whether there is another one behind these.

    Raises:
        Unclear: where the feeds are not of the newest.
    """
    settings = site.settings_of(SITE)
    if settings is None:
        return 2 * site.entries + 1
    if settings.order == "updated" or settings.delay or settings.within is not None:
        raise Unclear
    return 2 * (settings.entries or site.entries) + 1


def foremost(source: Source, site: Site, *, patience: float) -> Foremost:
    """What is to be read before all others.

    Args:
        patience: what was written less than so many seconds ago is left for later.

    Raises:
        Unclear: where all had better be read at once.
        SourceError: where the source cannot be listed.
    """
    if source.polled is not None:  # a table gives no first bytes
        raise Unclear
    index = _Index()
    for address, _ in source.scan():
        index.take(address, source)
    if len(index.addresses) < LEAST:
        raise Unclear
    day, found = index.newest(_AMPLE * wanted(site))
    since = datetime.fromisoformat(day).replace(tzinfo=UTC) + _FARTHEST
    return Foremost(source, site, patience, int(since.timestamp()), index, found)


class Foremost(Struct, eq=False):
    """What is to be read before all others, round by round.

    Attributes:
        since: of the articles published from this instant on none is missing, in seconds since the epoch.
    """

    _source: Source
    _site: Site
    _patience: float
    since: int
    _index: _Index
    _next: Collection[int]
    _read: set[int] = field(default_factory=set)

    def rounds(self, claims: Sequence[Claim]) -> Iterator[list[Seen]]:
        """The newest records, and all that have to be read whole; then those that ask for what these ask for.

        Args:
            claims: of all that was read until now, whenever the next round is asked for.

        Raises:
            Unclear: where there are too many.
        """
        while self._next:
            self._read.update(self._next)
            if len(self._read) > MOST:
                raise Unclear
            yield self._seen(self._index.addresses[number] for number in self._next)
            asked = {slug for claim in claims for slug in islice(claim.slugs, _LIKELY)}
            self._next = self._index.asking_for(asked) - self._read

    def files(self, connection: Connection) -> list[Seen]:
        """The files that the articles which were read refer to, and those that the settings name.

        Raises:
            Unclear: where there are too many.
        """
        named = set(connection.scalars(select(reference.c.media).distinct())).union(map(from_top, self._site.pictures))
        there = [seen for seen in self._seen(named - {""}) if media_type(seen.address)]
        if len(there) > MOST:
            raise Unclear
        return there

    def check(self, claims: Collection[Claim], now: int) -> None:
        """Makes sure that what was read holds all that the feeds do.

        Raises:
            Unclear: where that is not sure.
        """
        newest = (
            claim for claim in claims if claim.published >= self.since and claim.is_public and claim.is_shown(now)
        )
        if sum(1 for _ in newest) < wanted(self._site):
            raise Unclear

    def _seen(self, addresses: Iterable[str]) -> list[Seen]:
        marks = self._source.scan(frozenset(addresses))
        return [Seen(address, mark, is_known=False) for address, mark in marks if mark.age >= self._patience]


class _Index(Struct, eq=False):
    """What the first bytes of all records say: for each address the latest day it names, and a hash of each slug.

    Attributes:
        days: empty where there may be no article, or none that says its day.
        whole: the numbers of those of which only the whole tells.
    """

    addresses: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    whole: set[int] = field(default_factory=set)
    _slugs: array[int] = field(default_factory=lambda: array("q"))
    _of: array[int] = field(default_factory=lambda: array("l"))

    def take(self, address: str, source: Source) -> None:
        """Notes what a record says.

        Raises:
            Unclear: where of too many only the whole tells.
        """
        number, day = len(self.addresses), ""
        if is_of_theme(address) or media_type(address) is None:
            found = glimpse(address, source.top(address, LENGTH))
            if found is None:
                self.whole.add(number)
                if len(self.whole) > MOST:
                    raise Unclear
            else:
                day = found.day
                self._slugs.extend(map(hash, found.slugs))
                self._of.extend([number] * len(found.slugs))
        self.addresses.append(address)
        self.days.append(day)

    def newest(self, count: int) -> tuple[str, set[int]]:
        """The day of the last of so many newest records; the numbers of all since, and of those to be read whole.

        Raises:
            Unclear: where there are not so many.
        """
        days = sorted(filter(None, self.days), reverse=True)
        if len(days) <= count:
            raise Unclear
        last = days[count - 1]
        return last, {number for number, day in enumerate(self.days) if day >= last} | self.whole

    def asking_for(self, slugs: Collection[str]) -> set[int]:
        """The numbers of the records that may ask for one of some slugs."""
        hashes = frozenset(map(hash, slugs))
        return {number for slug, number in zip(self._slugs, self._of, strict=True) if slug in hashes}
