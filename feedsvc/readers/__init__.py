"""Record formats: a record in; the fields and source text of each article in it out, not checked yet.

A record format is one file in this room and one line in `READERS`.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from feedsvc.errors import Fault, RecordError
from feedsvc.readers import markdown, plaintext
from feedsvc.readers.manuscript import Manuscript, decode
from feedsvc.readers.raw import Raw, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from feedsvc.model import Record

__all__ = ["READERS", "Manuscript", "Raw", "Value", "read"]

READERS: Mapping[str, Callable[[Manuscript], Raw | tuple[Raw, ...]]] = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".txt": plaintext.read,
}
"""By the ending of an address, in lower case. A format whose records hold several articles gives one `Raw` for each."""


def read(record: Record) -> tuple[Raw, ...]:
    """Reads a record by the reader of its address's ending.

    Raises:
        RecordError: where it is no text in UTF-8, or not the format that its ending says.
    """
    reader = READERS.get(PurePosixPath(record.address).suffix.lower())
    if reader is None:
        known = ", ".join(READERS)
        raise RecordError(
            Fault(record.address, 1, 1, "no reader knows its ending", f"rename it to end in one of {known}")
        )
    found = reader(decode(record))
    return found if isinstance(found, tuple) else (found,)
