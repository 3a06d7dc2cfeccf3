"""Syncs: what a source holds now in; one revision of the catalog, or nothing, out."""

from feedsvc.catalog.syncing.absence import LONGEST, Absent
from feedsvc.catalog.syncing.instants import SecondTaken
from feedsvc.catalog.syncing.sync import is_in_step, sync, sync_at, sync_foremost
from feedsvc.catalog.syncing.terms import Outcome, Terms
from feedsvc.catalog.syncing.undoing import Undone

__all__ = [
    "LONGEST",
    "Absent",
    "Outcome",
    "SecondTaken",
    "Terms",
    "Undone",
    "is_in_step",
    "sync",
    "sync_at",
    "sync_foremost",
]
