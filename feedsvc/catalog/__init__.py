"""The date-ordered articles, in SQL: changes in; revisions, and articles for a channel and an instant, out."""

from feedsvc.catalog.absence import LONGEST, Absent
from feedsvc.catalog.audit import audit
from feedsvc.catalog.catalog import Catalog, News
from feedsvc.catalog.database import Stamp
from feedsvc.catalog.instants import SecondTaken
from feedsvc.catalog.snapshot import Snapshot, Stored, Times
from feedsvc.catalog.state import kept, place
from feedsvc.catalog.sync import sync, sync_at
from feedsvc.catalog.terms import Outcome, Terms

__all__ = [
    "LONGEST",
    "Absent",
    "Catalog",
    "News",
    "Outcome",
    "SecondTaken",
    "Snapshot",
    "Stamp",
    "Stored",
    "Terms",
    "Times",
    "audit",
    "kept",
    "place",
    "sync",
    "sync_at",
]
