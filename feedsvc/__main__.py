"""`python -m feedsvc`: the command line."""

import gc

# What is imported is there for good: to look through it for garbage, be it only twice, takes a tenth of the time of a
# start. So many objects more than there were are made by nothing else.
gc.set_threshold(200_000)

from feedsvc.cli import main  # noqa: E402 - behind the line above

if __name__ == "__main__":  # pragma: no branch - this module is only ever run
    main()
