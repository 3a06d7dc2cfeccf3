"""Exit codes: 0 done, 1 the content has errors, 2 wrong usage or settings, 3 cannot start (or read, or write)."""

from __future__ import annotations

DONE, CONTENT_HAS_ERRORS, WRONG_SETTINGS, CANNOT_START = range(4)
