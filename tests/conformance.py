"""Judge feeds by the W3C's feed validator: `python tests/conformance.py VALIDATOR_SRC [URL...]`.

VALIDATOR_SRC is the `src` folder of https://github.com/w3c/feedvalidator (which needs html5lib). Without a URL the
specimens of tests/formats are judged in every format; with some, what a running service answers there. JSON Feed, which
the validator does not know, is held against tests/formats/json_feed_rules.py. Exit code 1 if anything is wrong.
"""

from __future__ import annotations

import importlib
import io
import json
import sys
import urllib.request
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

# A script's path begins with its own folder; what it needs lies beside and below.
sys.path[:0] = [str(Path(__file__).parent / "formats"), str(Path(__file__).parent.parent)]

import json_feed_rules  # noqa: E402
import specimens  # noqa: E402

from feedsvc.formats import FORMATS  # noqa: E402
from feedsvc.text.html import MATHML  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Namespaces that the validator does not know, and what it warns of in documents that hold them. SmartFormat has the
# `url` of its `snf:logo` in no namespace.
UNKNOWN = {
    b"http://purl.org/atompub/tombstones/1.0": {"UnknownNamespace"},
    b"http://www.smartnews.be/snf": {"UnknownNamespace", "NotInANamespace"},
}
FEEDS = {
    "full": specimens.FULL,
    "full without tombstones": specimens.feed(*specimens.FULL.entries),
    "quiet": specimens.QUIET,
    "empty": specimens.EMPTY,
    "podcast": specimens.PODCAST,
    "private": specimens.PRIVATE,
    "mathematical": specimens.MATHEMATICAL,
    "hostile": specimens.HOSTILE,
    "long": specimens.LONG,
    **{f"for {preset}": feed for preset, feed in specimens.PARTNERS.items()},
}
# The validator takes plain text that holds `</b>` for HTML by mistake, in a category of RSS and a name in Atom, which
# can be nothing else; this specimen holds it on purpose.
SPEAKS_OF_HTML = {"hostile"}
IN_PRIVATE = {"MissingSelf", "MissingAtomSelfLink", "ContainsRelRef"}


class Answer(NamedTuple):
    """A document, and what it was asked for and said to be."""

    name: str
    url: str
    media_type: str
    body: bytes
    accepted: frozenset[str]


def main(source: str, *urls: str) -> int:
    """Print what is wrong; give the exit code."""
    sys.path.insert(0, source)
    is_clean = True
    with warnings.catch_warnings():
        # The validator itself uses what Python has deprecated.
        warnings.simplefilter("ignore")
        validator = importlib.import_module("feedvalidator")
        for answer in _answers(urls):
            faults = list(_judged(answer, validator))
            accepted = Counter(name for name, _ in faults if name in answer.accepted)
            wrong = [f"    {name} {where}\n" for name, where in faults if name not in answer.accepted]
            is_clean = is_clean and not wrong
            sys.stdout.write(f"{answer.name}: {len(wrong)} wrong, accepted {dict(accepted)}\n{''.join(wrong)}")
    return int(not is_clean)


def _answers(urls: Iterable[str]) -> Iterator[Answer]:
    for url in urls:
        with urllib.request.urlopen(url) as response:  # noqa: S310 - the caller's own service
            body = response.read()
            yield Answer(url, url, response.headers["Content-Type"], body, _accepted(body))
    for name, feed in () if urls else FEEDS.items():
        for form in FORMATS.values():
            body = form.render(feed)
            accepted = _accepted(body) | _accepted_of_specimen(name)
            yield Answer(f"{name}, {form.title}", form.address(feed.channel), form.media_type, body, accepted)


def _accepted(body: bytes) -> frozenset[str]:
    # Articles dated by the day share an instant; the validator has not heard of MathML in HTML.
    unknown = (names for namespace, names in UNKNOWN.items() if namespace in body)
    return frozenset({"DuplicateUpdated", "MathML"}).union(*unknown)


def _accepted_of_specimen(name: str) -> frozenset[str]:
    # That a feed says where it stands is a recommendation (RSS profile, RFC 4287 §4.1.1); one that nobody else is to
    # find does not, and what leads to a part of an article cannot be absolute.
    return frozenset({"ContainsHTML"} if name in SPEAKS_OF_HTML else IN_PRIVATE if name == "private" else ())


def _judged(answer: Answer, validator: Any) -> Iterator[tuple[str, str]]:
    if "json" in answer.media_type:
        document = json.loads(answer.body)
        yield from (("JSONFeed", fault) for fault in json_feed_rules.faults(document))
        own = document.get("feed_url")
        if own != answer.url:
            yield "MissingSelf" if own is None else "JSONFeed", f"feed_url is {own!r}"
        return
    stream = io.BytesIO(answer.body)
    events = validator.validateStream(stream, contentType=answer.media_type, base=answer.url)["loggedEvents"]
    for event in events:
        if isinstance(event, validator.logging.Error | validator.logging.Warning):
            is_math = event.params.get("value") in MATHML
            yield "MathML" if is_math else type(event).__name__, str(event.params)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
