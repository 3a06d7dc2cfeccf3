"""The files that pages and feeds refer to: a snapshot and an address in; a file, or where it lies, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc import pages
from feedsvc.errors import Moved, NotFound
from feedsvc.model import Lifetime
from feedsvc.publication.answers import NOSNIFF, OPEN, YEAR
from feedsvc.publication.documents import IN_PARTS, Place, document, file_document
from feedsvc.text.links import media_path, without_digest
from feedsvc.text.media_types import UNKNOWN, is_recording, media_type

if TYPE_CHECKING:
    from feedsvc.catalog import Snapshot, Stored
    from feedsvc.model import Document

STATIC = "static/"
"""Before the names of files of the look."""

_MEDIA_POLICY = ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")


def media(snapshot: Snapshot, _now: int, *, address: str) -> Document:
    """A media file of the content folder."""
    file, stored, is_lasting = _media_file(snapshot, address)
    lifetime = Lifetime(
        channels=frozenset({snapshot.media_channel}),
        last_modified=snapshot.media_modified(),
        max_age=YEAR if is_lasting else snapshot.site.max_age,
        stale=0 if is_lasting else snapshot.site.stale,
    )
    type_ = media_type(file) or UNKNOWN
    headers = (_MEDIA_POLICY, OPEN, NOSNIFF, *([IN_PARTS] if is_recording(type_) else []))
    if not stored.is_outside:
        return document(type_, snapshot.media_body(file), lifetime=lifetime, headers=headers)
    place = Place(snapshot.folder, file, snapshot.media_mark(file), stored.length)
    return file_document(type_, stored.digest, place=place, lifetime=lifetime, headers=headers)


def is_ours(path: str) -> bool:
    """Whether one of our own files stands at a path below the base URL, whatever the look of the site."""
    return path.startswith(STATIC) and path.removeprefix(STATIC) in pages.STATIC


def static(name: str) -> Document:
    """One of our own files."""
    type_, body = pages.STATIC[name]
    return document(type_, body, lifetime=Lifetime(max_age=YEAR), headers=(NOSNIFF,))


def _media_file(snapshot: Snapshot, address: str) -> tuple[str, Stored, bool]:
    """The file that is served at an address below `/media/`, and whether these bytes are it for good.

    A file whose own name looks like an address with a digest comes first.

    Raises:
        Moved: where the digest is not that of the file as it is now.
        NotFound: where there is no such file.
    """
    if (stored := snapshot.media(address)) is not None:
        return address, stored, False
    file, digest = without_digest(address) or ("", "")
    stored = snapshot.media(file)
    if stored is None:
        raise NotFound(f"there is no file {address}")
    if not stored.digest.startswith(digest):
        raise Moved(snapshot.site.base_url + media_path(file, stored.digest))
    return file, stored, True
