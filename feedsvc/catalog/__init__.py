"""The date-ordered articles, in SQL: changes in; revisions, and articles for a channel and an instant, out."""

from feedsvc.catalog.audit import audit
from feedsvc.catalog.catalog import Catalog, News
from feedsvc.catalog.database import Stamp
from feedsvc.catalog.restoration import export_ledger, import_ledger
from feedsvc.catalog.snapshot import Snapshot, Stored, Times
from feedsvc.catalog.state import kept, place
from feedsvc.catalog.sync import Outcome, sync

__all__ = [
    "Catalog",
    "News",
    "Outcome",
    "Snapshot",
    "Stamp",
    "Stored",
    "Times",
    "audit",
    "export_ledger",
    "import_ledger",
    "kept",
    "place",
    "sync",
]
