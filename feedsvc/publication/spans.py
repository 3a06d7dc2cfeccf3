"""The years and months with articles, by the time zone of the site: a snapshot and an instant in; links out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from feedsvc.errors import NotFound
from feedsvc.pages import Link, wording
from feedsvc.text import periods

if TYPE_CHECKING:
    from feedsvc.catalog import Dated, Snapshot
    from feedsvc.config import Site
    from feedsvc.text.periods import Period

# Behind the last second of the year 9999.
_END = 2**48

# So many years or months are asked about at once: most archives are of fewer.
_AT_ONCE = 24


def year_or_month(snapshot: Snapshot, name: str, now: int) -> Period:
    """The year or month that has a name, by the site's time zone.

    Raises:
        NotFound: where there is none, or nothing was ever shown in it.
    """
    period = periods.named(name, kind(name), ZoneInfo(snapshot.site.zone))
    latest = None if period is None else snapshot.dated("", now).before(period.stop)
    if period is None or latest is None or latest < period.start:
        raise NotFound(f"nothing was published in {name}")
    return period


def beside(snapshot: Snapshot, period: Period, now: int) -> tuple[Link | None, Link | None]:
    """The periods of the same kind with articles: the last one before, and the first one behind."""
    dated = snapshot.dated("", now)
    found = dated.before(period.start, only_shown=True), dated.since(period.stop, only_shown=True)
    before, after = (None if each is None else _link(snapshot, each, kind(period.name)) for each in found)
    return before, after


def years(snapshot: Snapshot, now: int) -> tuple[Link, ...]:
    """The years with articles, the latest first."""
    return tuple(link(snapshot, each.name) for each in _shown(snapshot, snapshot.dated("", now), "year"))


def months(snapshot: Snapshot, year: Period, now: int) -> tuple[Link, ...]:
    """The months of a year with articles, in their order."""
    said = wording(snapshot.site.language)
    found = _shown(snapshot, snapshot.dated("", now), "month", year.start, year.stop)
    return tuple(Link(said.month(each.name), address(snapshot, each.name)) for each in reversed(found))


def kind(name: str) -> str:
    """Whether a name is that of a year or of a month."""
    return "month" if "-" in name else "year"


def title(site: Site, name: str) -> str:
    """How a year or a month is called in the language of a site: `2026`, `October 2026`."""
    return wording(site.language).period(name)


def address(snapshot: Snapshot, name: str) -> str:
    """The absolute URL of the page of a year or a month."""
    return f"{snapshot.site.base_url}{name.replace('-', '/')}/"


def link(snapshot: Snapshot, name: str) -> Link:
    """A year or a month with the URL of its page."""
    return Link(title(snapshot.site, name), address(snapshot, name))


def _shown(snapshot: Snapshot, dated: Dated, of: str, start: int = -_END, stop: int = _END) -> list[Period]:
    """The years or months that have articles, the latest first: some at a time are asked about at once."""
    zone = ZoneInfo(snapshot.site.zone)
    found: list[Period] = []
    oldest = dated.since(start, only_shown=True)
    while oldest is not None and (latest := dated.before(stop, only_shown=True)) is not None and latest >= oldest:
        several = [periods.at(latest, of, zone)]
        while len(several) < _AT_ONCE and several[-1].start > oldest:
            several.append(periods.at(several[-1].start - 1, of, zone))
        are_shown = dated.are_shown([(each.start, each.stop) for each in several])
        found += [period for period, is_shown in zip(several, are_shown, strict=True) if is_shown]
        stop = several[-1].start
        if stop <= oldest:
            break
    return found


def _link(snapshot: Snapshot, instant: int, of: str) -> Link:
    return link(snapshot, periods.at(instant, of, ZoneInfo(snapshot.site.zone)).name)
