"""What is answered: documents, whole."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping


class Representation(Struct, frozen=True):
    """The bytes of a document in one content coding, and the strong entity tag that names exactly them."""

    coding: str
    body: bytes
    etag: str


class Lifetime(Struct, frozen=True):
    """For how long a document stands.

    Attributes:
        channels: the names of the channels it was made from: it is good while none of them changes,
        good_until: and before this instant, in seconds since the epoch.
        kept_until: from this instant on something in it has expired or is withdrawn: it is not served, whatever fails.
        last_modified: in seconds since the epoch; None for what has no such date.
        max_age: for how many seconds a cache may keep it.
        stale: for how many seconds more a cache may serve it while it asks again, or cannot.
        is_private: whether that is for the client's own cache only.
    """

    channels: frozenset[str] = frozenset()
    good_until: float = inf
    kept_until: float = inf
    last_modified: int | None = None
    max_age: int = 0
    stale: int = 0
    is_private: bool = False


class Document(Struct, frozen=True, eq=False):
    """A rendered answer, whole: everything that a request only has to choose from.

    Attributes:
        media_type: the value of Content-Type.
        representations: by content coding; `identity` is always there.
        headers: what else the answer carries.
        vary: the value of Vary: the fields of a request that its answer is chosen by.
    """

    media_type: str
    representations: Mapping[str, Representation]
    lifetime: Lifetime
    headers: tuple[tuple[str, str], ...] = ()
    vary: str = "Accept-Encoding"
