"""What another zone does to dates that name none: a catalog, and one made anew of the same records in; warnings out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from sqlalchemy import select

from feedsvc.catalog import facts
from feedsvc.catalog.rows import instant
from feedsvc.catalog.schema import article, record
from feedsvc.config import FILE_NAME, Site, at
from feedsvc.errors import Fault
from feedsvc.text.dates import rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection

# Of the articles that move so many are named.
_NAMED = 3

_INSTANTS = ("published", "updated", "expires", "withdrawn")


class _Dates(NamedTuple):
    """What an article's record says, by the digest of its bytes, and the instants that were read from it."""

    digest: str
    instants: tuple[int | None, ...]


class _Change(NamedTuple):
    """The setting that has another value, its name first."""

    setting: str
    old: str
    new: str


def moved(old: Connection, new: Connection, origins: Mapping[str, str]) -> Iterator[Fault]:
    """A warning for each zone that was set otherwise when a catalog was made, and that moves articles.

    Args:
        origins: where the settings come from, as `Config` has it.
    """
    before, after = (facts.get(connection, facts.SITE) for connection in (old, new))
    if before is None or after is None:
        return
    sites = (msgspec.json.decode(before, type=Site), msgspec.json.decode(after, type=Site))
    articles: defaultdict[_Change, list[str]] = defaultdict(list)
    known = _dates(old)
    for address, dates in _dates(new).items():
        zones = [at(site, address).zone for site in sites]
        there = known.get(address)
        if zones[0] != zones[1] and there is not None and there.digest == dates.digest and there != dates:
            change = _Change(_setting(sites[1], address), *zones)
            articles[change].append(_shown(address, there.instants, dates.instants))
    for change, shown in sorted(articles.items()):
        yield _fault(change, shown, origins)


def _dates(connection: Connection) -> dict[str, _Dates]:
    columns = (article.c[name] for name in _INSTANTS)
    query = (
        select(article.c.address, record.c.digest, *columns)
        .join(record, record.c.address == article.c.address)
        .order_by(article.c.address)
    )
    return {address: _Dates(digest, tuple(instants)) for address, digest, *instants in connection.execute(query)}


def _setting(site: Site, address: str) -> str:
    """The name of the setting that an article's zone is from."""
    folder = address.rpartition("/")[0]
    names = [section.name for section in site.sections if section.zone and section.holds(folder)]
    return f"sections.{names[-1]}.zone" if names else "zone"  # the inner ones come last


def _shown(address: str, old: Sequence[int | None], new: Sequence[int | None]) -> str:
    """An article with the first of its instants that moves."""
    was, becomes = next((a, b) for a, b in zip(old, new, strict=True) if a != b and a is not None and b is not None)
    return f"{address} ({rfc3339(instant(was))} → {rfc3339(instant(becomes))})"


def _fault(change: _Change, shown: Sequence[str], origins: Mapping[str, str]) -> Fault:
    count = f"{len(shown):,} article{' gets' if len(shown) == 1 else 's get'} another instant"
    more = f" and {len(shown) - _NAMED:,} more" if len(shown) > _NAMED else ""
    problem = (
        f"{change.setting}: was {change.old} when the catalog was made, and is {change.new} now: "
        f"{count}: {', '.join(shown[:_NAMED])}{more}"
    )
    file, _, line = origins.get(change.setting, "").partition(":")
    cure = "set it back, or write the old offset into their dates"
    return Fault(FILE_NAME, int(line) if file == FILE_NAME and line else 0, 1, problem, cure, is_warning=True)
