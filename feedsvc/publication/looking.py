"""A look at the catalog: what the last one found in; what there is now out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedsvc.catalog import Catalog, Keyring, News, Stamp
    from feedsvc.config import Site


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the catalog found.

    Attributes:
        stamp: the catalog's, which changes with everything that is written.
        news: what has changed since; None where the stamp is that of the last look.
        state: the settings and whether there are aliases; None without news, and before the first revision.
        keyring: the tokens that there are.
    """

    stamp: Stamp
    news: News | None
    state: tuple[Site, bool] | None
    keyring: Keyring


def look(catalog: Catalog, stamp: Stamp | None, news: News | None, keyring: Keyring) -> Look:
    """What there is in a catalog since the last look.

    Args:
        stamp, news, keyring: what that one found.

    Raises:
        CatalogError: where it cannot be read.
    """
    found = catalog.stamp()
    if found == stamp:
        return Look(found, None, None, keyring)
    news, keyring = catalog.news(news), catalog.keyring(keyring)
    if not news.revision:
        return Look(found, news, None, keyring)
    with catalog.snapshot() as snapshot:
        return Look(found, news, (snapshot.site, snapshot.has_aliases()), keyring)
