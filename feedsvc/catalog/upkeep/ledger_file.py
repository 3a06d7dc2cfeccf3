"""The ledger as a text file: lines of JSON in; checked values, or every fault in them, out; and back.

The first line is a `Head`, one for each `Name` of a channel, each `Id` and each `Token` follows. The same ledger gives
the same bytes: lines of a kind are sorted, keys stand in the order of the classes here, and what has its default is
left out.
"""

from __future__ import annotations

import re
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta, Struct

from feedsvc.errors import Fault, LedgerError
from feedsvc.model import Article  # noqa: TC001 - likewise
from feedsvc.text.ids import is_absolute_iri

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

VERSION = 1

# After so many faults nothing more is looked for: it is no ledger.
MOST_FAULTS = 20

WHOLE_COPY = "take a copy as `feedsvc catalog export` wrote it"

_DIGEST = re.compile("[0-9a-f]{64}")

Count = Annotated[int, Meta(ge=0, lt=2**31)]
Instant = Annotated[datetime, Meta(tz=True)]


class _Line(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind"):
    """What one line holds; its kind is its first key."""


class Head(_Line, frozen=True, tag="ledger", kw_only=True):
    """The first line.

    Attributes:
        version: of this format.
        revision: the number of the catalog's last revision; 0 for none.
        at: that one's instant.
        channels: how many names follow.
        ids: how many ids follow them.
        tokens: how many tokens follow these.
    """

    version: Count
    revision: Count = 0
    at: Instant | None = None
    channels: Count = 0
    ids: Count = 0
    tokens: Count = 0


class Name(_Line, frozen=True, tag="channel"):
    """A channel that was ever made: who subscribes to it counts on its name.

    Attributes:
        term: the subject as its authors wrote it first; another term with the same slug gets another name.
        modified: when a revision last changed what it shows; None where it never showed anything.
    """

    name: str
    term: str = ""
    modified: Instant | None = None


class Id(_Line, frozen=True, tag="id"):
    """An id that was ever given, and where its article stands or stood.

    Attributes:
        address: of its record, or of what was its record last.
        digest: of the bytes that it was read from.
        slug: the one that it has; None where another article took it.
        wanted: the slug that its record asked for; None for the one that it has.
        is_explicit: whether the record did so by name.
        former: slugs that it had before.
        aliases: paths at which its page stood before, as its record said; without slashes at their ends.
        file: the record that holds this article and others; None where it has a record of its own.
        is_hidden: whether it was removed although its record is there, as that of a draft is.
        removed: the instant from which its record was gone.
        published: None where the catalog is damaged, and does not know.
        channels: those of its tags and the like; an article that is for everybody is in the site's too.
        is_private: whether it is not, for it is only in private ones.
        last_good: the article, where its record holds another one now that cannot be published.
    """

    id: str
    address: str
    digest: str
    slug: str | None = None
    wanted: str | None = None
    is_explicit: bool = False
    former: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    file: str | None = None
    is_hidden: bool = False
    removed: Instant | None = None
    published: Instant | None = None
    updated: Instant | None = None
    expires: Instant | None = None
    withdrawn: Instant | None = None
    channels: tuple[str, ...] = ()
    is_private: bool = False
    last_good: Article | None = None


class Token(_Line, frozen=True, tag="token"):
    """Somebody's right to a private channel; nobody learns from it what stands in the address.

    Attributes:
        prefix: what it begins with.
        digest: of the whole.
        channel: the name of the channel.
        name: of whom it is for.
        revoked: the instant from which it counts no more.
    """

    prefix: str
    digest: str
    channel: str
    name: str
    created: Instant
    revoked: Instant | None = None


Line = Head | Name | Id | Token

_decoder = msgspec.json.Decoder(Line)
_encoder = msgspec.json.Encoder()


def written(line: Line) -> bytes:
    """A line with its end."""
    return _encoder.encode(line) + b"\n"


def read(lines: Iterable[bytes], file: str) -> Iterator[Line]:
    """The values of all lines, the head first. Nothing is to be kept of them where it raises in the end.

    Args:
        file: its name, for whoever is told of a fault.

    Raises:
        LedgerError: with every fault, in the end, or as soon as there are too many.
    """
    checks = _Checks(file)
    for number, text in enumerate(lines, 1):
        found = checks.line(number, text)
        if found is not None:
            yield found
        if len(checks.faults) >= MOST_FAULTS:
            break
    else:
        checks.end()
    if checks.faults:
        raise LedgerError(*checks.faults)


class _Checks:
    """What is wrong with a file, by itself and with one line beside the others."""

    def __init__(self, file: str) -> None:
        self.faults: list[Fault] = []
        self._file = file
        self._head: Head | None = None
        self._lines = {Name: 0, Id: 0, Token: 0}
        self._seen: dict[tuple[str, str], int] = {}
        self._number = 0

    def line(self, number: int, text: bytes) -> Line | None:
        """The value of a line; None where there is a fault in it."""
        self._number, before = number, len(self.faults)
        try:
            found = _decoder.decode(text)
        except msgspec.ValidationError as error:
            self._note(f"is no line of a ledger: {error}", WHOLE_COPY)
            return None
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self._note(f"is not JSON: {error}", WHOLE_COPY)
            return None
        self._check(found)
        return found if len(self.faults) == before else None

    def end(self) -> None:
        """Notes what is missing from the whole."""
        if self._head is None:
            if not self.faults:
                self._number = 1
                self._note("the file is empty", WHOLE_COPY)
            return
        promised = {
            Name: ("channels", self._head.channels),
            Id: ("ids", self._head.ids),
            Token: ("tokens", self._head.tokens),
        }
        for kind, (noun, said) in promised.items():
            if self._lines[kind] != said:
                problem = f"the head promises {said:,} {noun}, and the file has {self._lines[kind]:,}"
                self._number = 1
                self._note(problem, f"it was cut off or edited: {WHOLE_COPY}, or correct the head")

    def _check(self, found: Line) -> None:
        if isinstance(found, Head):
            self._check_head(found)
        elif self._number == 1:
            self._note("the first line is not the head of a ledger", WHOLE_COPY)
        else:
            self._lines[type(found)] += 1
            checks: dict[type[Line], Callable[[Any], None]]
            checks = {Name: self._check_name, Id: self._check_id, Token: self._check_token}
            checks[type(found)](found)

    def _check_head(self, found: Head) -> None:
        if self._number != 1:
            self._note("a ledger has one head, on its first line", "give each ledger a file of its own")
        elif found.version != VERSION:
            problem = f"the ledger is of version {found.version}, this feedsvc knows version {VERSION}"
            self._note(problem, "use the feedsvc that wrote it, or a later one")
        elif (found.at is None) != (found.revision == 0):
            self._note("revision and at go together", WHOLE_COPY)
        self._head = self._head or found
        self._check_instants(found.at)

    def _check_name(self, found: Name) -> None:
        if self._lines[Id]:
            self._note("stands behind an id", "put the channels before the ids")
        self._check_alone("channel", found.name)
        self._check_instants(found.modified)

    def _check_id(self, found: Id) -> None:
        if not is_absolute_iri(found.id):
            self._note(f"id: {found.id!r} is not an absolute IRI", WHOLE_COPY)
        if not _DIGEST.fullmatch(found.digest):
            self._note(f"digest: {found.digest!r} is no SHA-256 in hexadecimal", WHOLE_COPY)
        self._check_alone("id", found.id)
        for slug in chain(filter(None, [found.slug]), found.former):
            self._check_alone("slug", slug)
        if found.removed is None:
            self._check_alone("address", found.address)
        for name in found.channels:
            if ("channel", name) not in self._seen:
                self._note(f"channels: there is no line for {name!r}", "write one before the ids, and count it")
        self._check_whole(found)
        self._check_instants(found.removed, found.published, found.updated, found.expires, found.withdrawn)

    def _check_token(self, found: Token) -> None:
        if not _DIGEST.fullmatch(found.digest):
            self._note(f"digest: {found.digest!r} is no SHA-256 in hexadecimal", WHOLE_COPY)
        self._check_alone("token", found.prefix)
        self._check_instants(found.created, found.revoked)

    def _check_whole(self, found: Id) -> None:
        if (found.published is None) != (found.updated is None) or (found.channels and found.published is None):
            self._note("channels, published and updated go together", WHOLE_COPY)
        if found.removed is not None and found.last_good is not None:
            self._note("what was removed has no last_good", "take removed or last_good away")
        if found.removed is None and found.is_hidden:
            self._note("what is hidden was removed", "write removed, or take is_hidden away")
        if found.last_good is not None and found.last_good.address != found.address:
            self._note(f"last_good: is of {found.last_good.address!r}", WHOLE_COPY)

    def _check_alone(self, what: str, value: str) -> None:
        first = self._seen.setdefault((what, value), self._number)
        if first != self._number:
            self._note(
                f"{what}: {value!r} stands on line {first} already", "remove one of the two lines, and count again"
            )

    def _check_instants(self, *instants: datetime | None) -> None:
        if any(at is not None and at.microsecond for at in instants):
            self._note("an instant has a fraction of a second", "write whole seconds")

    def _note(self, problem: str, cure: str) -> None:
        self.faults.append(Fault(self._file, self._number, 1, problem, cure))
