"""What lies in a source where it differs: addresses in; bytes with their digests, a few records at a time, out."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from feedsvc.errors import RecordError
from feedsvc.text.media_types import is_recording, media_type
from feedsvc.themes import is_of_theme

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from feedsvc.catalog.syncing.difference import Seen
    from feedsvc.model import Record
    from feedsvc.sources import Mark, Source

# Media travel in the catalog; recordings that are larger stay where they are. In bytes.
MEDIA_LIMIT = 5 * 1024 * 1024

# So many records, or bytes of them, are gone through together: as much as a processor has near it.
_MOST = 64
_HEAVIEST = 512 * 1024


class Fetched(NamedTuple):
    """What lies at an address.

    Attributes:
        digest: of its bytes, SHA-256 in hexadecimal; empty where they could not be had.
        length: in bytes.
        record: None too where it is a recording that is too large for the catalog.
        is_media: whether it is to be served as it is; likewise `is_theme`, of the theme.
        error: why it cannot be read.
    """

    address: str
    mark: Mark
    digest: str = ""
    length: int = 0
    record: Record | None = None
    is_media: bool = False
    is_theme: bool = False
    error: RecordError | None = None


def fetched(source: Source, seen: Seen, *, is_patient: bool) -> Fetched:
    """Reads what lies at an address; it has no digest where it vanished or changed since it was listed.

    Args:
        is_patient: whether it must be what it was when it was listed, and not be written just now.
    """
    address, mark, *_ = seen
    still = mark if is_patient else None  # who looks only once reads what there is
    type_ = None if is_of_theme(address) else media_type(address)
    try:
        weight = source.weigh(address, still) if is_recording(type_) else None
        if weight is not None and weight.length > MEDIA_LIMIT:
            return Fetched(address, mark, weight.digest, weight.length, is_media=True)
        record = source.read(address, still)
    except RecordError as error:
        return Fetched(address, mark, error=error)
    if record is None:
        return Fetched(address, mark)
    digest = sha256(record.body).hexdigest()
    return Fetched(address, mark, digest, len(record.body), record, type_ is not None, is_of_theme(address))


def groups(each: Iterable[Fetched]) -> Iterator[list[Fetched]]:
    """Records that are gone through together."""
    group: list[Fetched] = []
    weight = 0
    for one in each:
        group.append(one)
        weight += one.length if one.record else 0
        if len(group) == _MOST or weight > _HEAVIEST:
            yield group
            group, weight = [], 0
    if group:
        yield group
