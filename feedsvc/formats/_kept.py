"""Entries that are written once: a feed's, and what writes a document of some of them, in; the document of all out.

An edit changes one entry of thirty, and feedgen takes as long for each of the others. The bytes of an entry are the
same in every document of its format, but for what a channel adds to it.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from feedsvc.model import Entry

# So many entries are kept, of some ten kilobytes each.
MOST = 128


class Kept:
    """The entries of one format that were written lately.

    Args:
        name: of the element that an entry is; there is none in another one. No text looks like it, for in texts `<` is
            written as `&lt;`.
        most: how many are kept.
    """

    def __init__(self, name: str, *, most: int = MOST) -> None:
        self._element = re.compile(rb"[ ]*<%(name)b(?: [^<>]*)?>.*?</%(name)b>\n" % {b"name": name.encode()}, re.DOTALL)
        self._most = most
        self._written: OrderedDict[Hashable, tuple[Entry, bytes]] = OrderedDict()
        self._alone = threading.Lock()

    def document(self, entries: Sequence[Entry], of: Hashable, write: Callable[[Sequence[Entry]], bytes]) -> bytes:
        """The document of all entries.

        Args:
            of: all that decides what an entry is written as, beside itself.
            write: makes the document of some of them, with the elements of these behind each other.
        """
        if not entries:
            return write(())
        with self._alone:
            parts = [self._of(entry, of) for entry in entries]
            # One at least: where it stands, all of them do.
            missing = [at for at, part in enumerate(parts) if part is None] or [0]
            document = write([entries[at] for at in missing])
            found = list(self._element.finditer(document))
            for at, element in zip(missing, found, strict=True):
                parts[at] = element[0]
            self._keep(of, entries, parts)
        head, tail = document[: found[0].start()], document[found[-1].end() :]
        return b"".join([head, *(part or b"" for part in parts), tail])

    def _of(self, entry: Entry, of: Hashable) -> bytes | None:
        was, part = self._written.get((of, entry.id), (None, None))
        return part if was is entry or was == entry else None

    def _keep(self, of: Hashable, entries: Sequence[Entry], parts: Sequence[bytes | None]) -> None:
        for entry, part in zip(entries, parts, strict=True):
            self._written[of, entry.id] = entry, part or b""
            self._written.move_to_end((of, entry.id))
        while len(self._written) > self._most:
            self._written.popitem(last=False)
