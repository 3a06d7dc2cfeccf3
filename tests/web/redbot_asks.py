"""Has REDbot ask a running service: URLs, each with an Accept or none, in; the names of bad notes for each, out.

In a process of its own, for REDbot's event loop cannot be run twice.
"""

from __future__ import annotations

import json
import sys
from configparser import ConfigParser
from typing import TYPE_CHECKING

import thor
from httplint import levels
from redbot.resource import HttpResource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from httplint import Note

CONFIG = ConfigParser()
CONFIG.read_dict({"redbot": {"enable_local_access": "True"}})


def main() -> None:
    """Reads what to ask from standard input, and writes what was found to standard output."""
    asked = json.load(sys.stdin)
    left = len(asked)

    def done() -> None:
        nonlocal left
        left -= 1
        if not left:
            thor.stop()

    resources = []
    for url, accept in asked:
        resource = HttpResource(CONFIG["redbot"])
        resource.set_request(url, headers=[("Accept", accept)] if accept else [])
        resource.on("check_done", done)
        resources.append(resource)
    for resource in resources:
        resource.check()
    thor.run()
    sys.stdout.write(json.dumps([[url, *sorted(found(r))] for (url, _), r in zip(asked, resources, strict=True)]))


def found(resource: HttpResource) -> set[str]:
    """The names of the notes that are warnings or worse, on any of the answers."""
    if resource.response.status_code is None:
        return {f"no answer: {resource.fetch_error}"}
    responses = [resource.response, *(check.response for check in resource.subreqs.values())]
    return {name for response in responses for name in bad(response.notes)}


def bad(notes: Iterable[Note]) -> Iterator[str]:
    for note in notes:
        if note.level in {levels.WARN, levels.BAD}:
            yield type(note).__name__
        yield from bad(note.subnotes)


if __name__ == "__main__":
    main()
