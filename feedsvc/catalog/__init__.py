"""The date-ordered articles, in SQL: a place where they are kept in; articles for a channel and an instant out.

What writes to it stands in `syncing`; what an operator does with it in `upkeep`. Who serves needs neither.
"""

from feedsvc.catalog.calendar import Times
from feedsvc.catalog.catalog import Catalog
from feedsvc.catalog.database import Stamp
from feedsvc.catalog.neighbours import Neighbour
from feedsvc.catalog.news import News
from feedsvc.catalog.periods import Dated, Place
from feedsvc.catalog.presence import Names
from feedsvc.catalog.search import MOST as MOST_FOUND
from feedsvc.catalog.snapshot import Snapshot
from feedsvc.catalog.state import kept, place
from feedsvc.catalog.stored import Stored
from feedsvc.catalog.tokens import Keyring

__all__ = [
    "MOST_FOUND",
    "Catalog",
    "Dated",
    "Keyring",
    "Names",
    "Neighbour",
    "News",
    "Place",
    "Snapshot",
    "Stamp",
    "Stored",
    "Times",
    "kept",
    "place",
]
