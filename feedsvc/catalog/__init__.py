"""The date-ordered articles, in SQL: changes in; revisions, and articles for a channel and an instant, out."""

from feedsvc.catalog.absence import LONGEST, Absent
from feedsvc.catalog.audit import audit
from feedsvc.catalog.backup import back_up
from feedsvc.catalog.calendar import Times
from feedsvc.catalog.catalog import Catalog, News
from feedsvc.catalog.database import Stamp
from feedsvc.catalog.instants import SecondTaken
from feedsvc.catalog.integrity import Finding, findings
from feedsvc.catalog.report import Report, report
from feedsvc.catalog.restoration import export_ledger, import_ledger
from feedsvc.catalog.snapshot import Snapshot, Stored
from feedsvc.catalog.state import kept, place
from feedsvc.catalog.sync import sync, sync_at
from feedsvc.catalog.terms import Outcome, Terms

__all__ = [
    "LONGEST",
    "Absent",
    "Catalog",
    "Finding",
    "News",
    "Outcome",
    "Report",
    "SecondTaken",
    "Snapshot",
    "Stamp",
    "Stored",
    "Terms",
    "Times",
    "audit",
    "back_up",
    "export_ledger",
    "findings",
    "import_ledger",
    "kept",
    "place",
    "report",
    "sync",
    "sync_at",
]
