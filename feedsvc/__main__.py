"""`python -m feedsvc`: the command line."""

import gc

# What is imported is there for good: to look through it for garbage over and over takes a sixth of the time of a start.
gc.set_threshold(50_000)

from feedsvc.cli import main  # noqa: E402 - behind the line above

if __name__ == "__main__":  # pragma: no branch - this module is only ever run
    main()
