"""The files that pages and feeds refer to: a snapshot and an address in; a file, or where it lies, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedsvc import pages
from feedsvc.catalog.channels import MEDIA
from feedsvc.errors import Moved, NotFound
from feedsvc.model import Lifetime
from feedsvc.publication.answers import NOSNIFF, OPEN, YEAR
from feedsvc.publication.documents import IN_PARTS, Place, Unwritten, document, file_document
from feedsvc.publication.reduction import reduced
from feedsvc.text.links import media_path, without_digest
from feedsvc.text.media_types import UNKNOWN, is_recording, media_type
from feedsvc.text.renditions import TYPE, origin, rendition, widths

if TYPE_CHECKING:
    from feedsvc.catalog import Snapshot, Stored
    from feedsvc.model import Document

STATIC = "static/"
"""Before the names of files of the look."""

_MEDIA_POLICY = ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")


# So many of the smaller versions that cannot be made are remembered, by what they would be made of.
_MOST_UNFIT = 4096
_unfit: dict[bytes, None] = {}


def media(snapshot: Snapshot, _now: int, *, address: str) -> Document | Unwritten:
    """A media file of the content folder, or a smaller version of a picture."""
    asked = origin(address)
    if asked and snapshot.media(address) is None:
        return _smaller(snapshot, *asked)
    file, stored, is_lasting = _media_file(snapshot, address)
    lifetime = _lifetime(snapshot, is_lasting=is_lasting)
    type_ = media_type(file) or UNKNOWN
    headers = (_MEDIA_POLICY, OPEN, NOSNIFF, *([IN_PARTS] if is_recording(type_) else []))
    if not stored.is_outside:
        return document(type_, snapshot.media_body(file), lifetime=lifetime, headers=headers)
    place = Place(snapshot.folder, file, snapshot.media_mark(file), stored.length)
    return file_document(type_, stored.digest, place=place, lifetime=lifetime, headers=headers)


def meant(address: str) -> tuple[str, ...]:
    """The files that an address below `/media/` may mean."""
    named = [address, *(origin(address) or ())[:1]]
    return (address, *(found[0] for each in named if (found := without_digest(each))))


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


def _smaller(snapshot: Snapshot, path: str, width: int) -> Unwritten:
    """A picture in one of the widths that there are.

    Args:
        path: its own below `/media/`, with its digest.

    Raises:
        Moved: where the picture has another digest now; or, once it is to be written, where it can be had only whole.
        NotFound: where there is no such picture, or not in that width.
    """
    file, digest = without_digest(path) or ("", "")
    stored, type_ = snapshot.media(file), media_type(file) or ""
    if stored is None or width not in widths(type_, stored.width, stored.height, stored.length):
        raise NotFound(f"there is no file {rendition(path, width)}")
    whole = snapshot.site.base_url + media_path(file, stored.digest)
    if not stored.digest.startswith(digest):
        raise Moved(rendition(whole, width))
    mark = f"{stored.digest} {width}".encode()

    def write(lifetime: Lifetime) -> Document:
        size = stored.width or 0, stored.height or 0
        body = None if mark in _unfit else reduced(snapshot.media_body(file), type_, size, width)
        if body is None:
            _note_unfit(mark)
            raise Moved(whole)
        return document(TYPE, body, lifetime=lifetime, headers=(_MEDIA_POLICY, OPEN, NOSNIFF))

    return Unwritten(mark, _lifetime(snapshot, is_lasting=True), write)


def _note_unfit(mark: bytes) -> None:
    _unfit[mark] = None
    if len(_unfit) > _MOST_UNFIT:
        del _unfit[next(iter(_unfit))]


def _lifetime(snapshot: Snapshot, *, is_lasting: bool) -> Lifetime:
    return Lifetime(
        channels=frozenset({MEDIA}),
        last_modified=snapshot.media_modified(),
        max_age=YEAR if is_lasting else snapshot.site.max_age,
        stale=0 if is_lasting else snapshot.site.stale,
    )
