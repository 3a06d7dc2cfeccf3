"""What channels of the settings ask for in vain: a catalog and the settings in; warnings out."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from feedsvc.config import FILE_NAME
from feedsvc.config.checks import shown
from feedsvc.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedsvc.catalog import Catalog
    from feedsvc.config import ChannelSettings, Config


def unknown(catalog: Catalog, found: Config) -> Iterator[Fault]:
    """A warning for each channel that is named, or has settings, and that no article is in."""
    with catalog.snapshot() as snapshot:
        known = snapshot.contents.names()
    for each in found.site.channels:
        for key, name in _named(each):
            if name not in known:
                near = get_close_matches(name, known, n=1, cutoff=0.8)
                cure = (
                    f"did you mean {shown(near[0])}?" if near else "it is empty until one is; see that it is spelt so"
                )
                line = found.origins[f"{each.shown}.{key}"].partition(":")[2]
                problem = f"{each.shown}.{key}: no article is in {name}"
                yield Fault(FILE_NAME, int(line or 1), 1, problem, cure, is_warning=True)


def _named(settings: ChannelSettings) -> Iterator[tuple[str, str]]:
    """Each channel that one refers to, with the setting in which it does."""
    if not settings.is_named:
        yield next(iter(settings.given)), settings.name
    for key in ("any", "all", "not"):
        yield from ((key, name) for name in settings.given.get(key, ()))
