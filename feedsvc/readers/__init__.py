"""Record formats: a record in; the fields and source text of each article in it out, not checked yet.

A record format is one file in this room and one line in `READERS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc.errors import Fault, RecordError
from feedsvc.readers import html, json_record, markdown, mdx, plaintext, row, unread
from feedsvc.readers.manuscript import LARGEST, Manuscript, decode
from feedsvc.readers.raw import Raw, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from feedsvc.model import Record

__all__ = ["READERS", "Manuscript", "Raw", "Value", "read"]

READERS: Mapping[str, Callable[[Manuscript], Raw | tuple[Raw, ...]]] = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".mdx": mdx.read,
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
    ".json": json_record.read,
    ".jsonl": json_record.read_lines,
    ".ndjson": json_record.read_lines,
    ".txt": plaintext.read,
    **dict.fromkeys(unread.NAMES, unread.read),
}
"""By the ending of an address, in lower case. A format whose records hold several articles gives one `Raw` for each."""

# In bytes: of a file that holds many articles.
_LARGEST_OF_SEVERAL = 64 * 1024 * 1024
_SEVERAL = frozenset({".json", ".jsonl", ".ndjson"})


def read(record: Record) -> tuple[Raw, ...]:
    """Reads a record by the reader of its address's ending; a row of a table by the reader of rows.

    Raises:
        RecordError: where it is no text in UTF-8, or not the format that its ending says.
    """
    if record.key:
        return (row.read(decode(record, largest=_LARGEST_OF_SEVERAL)),)
    suffix = _suffix(record.address)
    reader = READERS.get(suffix)
    if reader is None:
        known = ", ".join(suffix for suffix in READERS if suffix not in unread.NAMES)
        raise RecordError(
            Fault(record.address, 1, 1, "no reader knows its ending", f"rename it to end in one of {known}")
        )
    if reader is unread.read:  # in any encoding, and of any length
        return (unread.read(Manuscript(record.address, "")),)
    found = reader(decode(record, largest=_LARGEST_OF_SEVERAL if suffix in _SEVERAL else LARGEST))
    return (found,) if isinstance(found, Raw) else found


def _suffix(address: str) -> str:
    """The ending of an address, in lower case, with its dot; empty where its name has none."""
    stem, dot, suffix = address.rpartition(".")
    return f".{suffix.lower()}" if dot and stem[-1:] not in {"", "/"} and "/" not in suffix else ""
