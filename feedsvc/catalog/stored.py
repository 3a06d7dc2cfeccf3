"""What a catalog knows of a file under `/media/`, as a frozen value."""

from __future__ import annotations

from msgspec import Struct


class Stored(Struct, frozen=True):
    """A file under `/media/`.

    Attributes:
        digest: of its bytes, SHA-256 in hexadecimal.
        length: in bytes.
        is_outside: whether it is too large for the catalog, and lies in the content folder only.
        width: in pixels, where it is a picture whose size can be read; likewise `height`.
    """

    digest: str
    length: int
    is_outside: bool
    width: int | None = None
    height: int | None = None
