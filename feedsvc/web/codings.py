"""Content codings (RFC 9110 §12.5.3): an Accept-Encoding in; the coding to send out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

# The one sent where a client likes several equally: the smallest first.
PREFERENCE = ("br", "gzip", "identity")

# Ten times what any client was seen to send, in characters. What is longer is not read.
_LONGEST = 500

_ITEM = re.compile(
    r"\s*([!#$%&'*+.^_`|~0-9a-z-]+)\s*(?:;\s*q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*)?", re.IGNORECASE
)


def choose(accept_encoding: str | None, available: Collection[str]) -> str:
    """The coding a client likes best among those there are.

    Args:
        accept_encoding: the field's value, several joined by commas; None where it was not sent.
            One that is too long counts as not sent.
        available: codings, `identity` always among them; it is sent as well where nothing is acceptable.
    """
    if accept_encoding is None or len(accept_encoding) > _LONGEST:
        return "identity"
    weights = _weights(accept_encoding)
    others = weights.get("*")

    def weight(coding: str) -> float:
        if coding in weights:
            return weights[coding]
        if coding == "identity":
            # Acceptable unless it is ruled out, but liked less than what was asked for by name.
            return 0.0005 if others is None else others
        return 0.0 if others is None else others

    ranked = sorted((coding for coding in PREFERENCE if coding in available), key=weight, reverse=True)
    return ranked[0] if weight(ranked[0]) > 0 else "identity"


def _weights(accept_encoding: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for item in accept_encoding.split(","):
        if match := _ITEM.fullmatch(item):
            coding = match[1].lower()
            weights["gzip" if coding == "x-gzip" else coding] = float(match[2] or 1)
    return weights
