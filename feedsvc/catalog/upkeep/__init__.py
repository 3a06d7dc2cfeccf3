"""What an operator does with a catalog: it in; what it holds, whether it is whole, and copies of it, out."""

from feedsvc.catalog.upkeep.audit import audit
from feedsvc.catalog.upkeep.backup import back_up
from feedsvc.catalog.upkeep.integrity import Finding, findings
from feedsvc.catalog.upkeep.report import Report, report
from feedsvc.catalog.upkeep.restoration import export_ledger, import_ledger
from feedsvc.catalog.upkeep.tokens import add_token, all_tokens, revoke_tokens

__all__ = [
    "Finding",
    "Report",
    "add_token",
    "all_tokens",
    "audit",
    "back_up",
    "export_ledger",
    "findings",
    "import_ledger",
    "report",
    "revoke_tokens",
]
