"""What stands on the page of the search, as frozen values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from feedsvc.model import Entry
    from feedsvc.pages.views import Chrome


class SearchView(Struct, frozen=True, kw_only=True):
    """One page of what was found; the newest below each other in the order of how close they are.

    Attributes:
        query: what was asked for; empty for nothing yet.
        entries: as they are shown.
        number: how many articles were found in all.
        is_more: whether there are more, which are not shown.
        is_whole: whether all articles can be found already.
        previous: the URL of the page before this one; None on the first.
        next: that of the one behind it; None on the last.
    """

    chrome: Chrome
    query: str
    entries: tuple[Entry, ...] = ()
    number: int = 0
    is_more: bool = False
    is_whole: bool = True
    previous: str | None = None
    next: str | None = None
