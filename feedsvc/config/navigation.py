"""The table `[navigation]`: names with the addresses that they lead to, in the order in which they are shown."""

from __future__ import annotations

from typing import Any

from feedsvc.config.redirects import target

TABLE = "navigation"

LONGEST = 60
"""Characters that a name may have."""

_CURE = 'write a line such as "Harbour" = "/tags/harbour/"'


def link(written: str, value: Any) -> tuple[str, str]:
    """A name, and a path below the base URL or an absolute URL.

    Raises:
        ValueError: `problem|cure`.
    """
    return named(written, _CURE), target(value, _CURE)


def named(written: str, cure: str) -> str:
    """A name that can be shown on one line.

    Raises:
        ValueError: `problem|cure`.
    """
    name = written.strip()
    if not name or not name.isprintable() or len(name) > LONGEST:
        raise ValueError(f"the name on the left has to have 1 to {LONGEST} characters, on one line|{cure}")
    return name
