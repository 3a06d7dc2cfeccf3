"""`python -m feedsvc`: the command line."""

import gc

# What is imported is there for good: to look through it for garbage, be it only twice, takes up to a tenth of
# the time of a start, which makes some 120,000 objects.
gc.set_threshold(200_000)

from feedsvc.cli import main  # noqa: E402 - behind the line above

if __name__ == "__main__":  # pragma: no branch - this module is only ever run
    main()
