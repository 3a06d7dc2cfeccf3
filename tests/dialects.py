"""The databases that a catalog can be in, and what is tested on each of them."""

from __future__ import annotations

import pytest

DIALECTS = ("sqlite", "postgresql")

# The folders below this one whose tests are run on every one; all others are run on the first, or on those that a
# module names.
ON_EVERY = {"catalog"}

SQLITE_ONLY = pytest.mark.parametrize("dialect", ["sqlite"])
"""For what is about a file."""
