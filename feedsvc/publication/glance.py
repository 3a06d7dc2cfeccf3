"""A glance at the catalog: what the last one found in; what there is now out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from feedsvc.catalog import Catalog, Keyring, News, Stamp
    from feedsvc.config import Site


class Glance(Struct, frozen=True):
    """What a glance at the catalog found.

    Attributes:
        stamp: the catalog's, which changes with everything that is written.
        news: what has changed since; None where the stamp is that of the last glance.
        state: the settings and whether there are aliases; None without news, and before the first revision.
        keyring: the tokens that there are.
    """

    stamp: Stamp
    news: News | None
    state: tuple[Site, bool] | None
    keyring: Keyring


def glance(catalog: Catalog, stamp: Stamp | None, news: News | None, keyring: Keyring) -> Glance:
    """What there is in a catalog since the last glance.

    Args:
        stamp, news, keyring: what that one found.

    Raises:
        CatalogError: where it cannot be read.
    """
    found = catalog.stamp()
    if found == stamp:
        return Glance(found, None, None, keyring)
    news, keyring, state = catalog.look(news, keyring)
    return Glance(found, news, state, keyring)
