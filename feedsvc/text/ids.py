"""Permanent names: who names, when and what in; absolute IRIs out."""

from __future__ import annotations

import re
from urllib.parse import quote
from uuid import NAMESPACE_DNS, uuid5

# RFC 4151 §2.1: `specific` may hold RFC 3986's pchar, `/` and `?`; unreserved characters are always safe in quote().
_TAG_SAFE = "!$&'()*+,;=:@"

# RFC 3987 §2.2 as one class: what no IRI may hold is white space, controls, the delimiters of RFC 3986 appendix C and
# a few more, private use outside a query, surrogates and noncharacters; a percent sign starts an octet.
_IRI = (
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):"
    r"(?P<rest>(?:%[0-9A-Fa-f]{2}|[!$&'()*+,;=:@/?#\[\]A-Za-z0-9._~-]"
    "|[\u00a0-\u1fff\u2010-\u2027\u2030-\u205e\u2070-\u2fff\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
    "\U00010000-\U000dffff])+)"
)
_HIERARCHICAL = frozenset({"http", "https", "ftp"})


def tag_uri(authority: str, date: str, slug: str) -> str:
    """A `tag:` URI (RFC 4151) for what an authority named on a date, `YYYY-MM-DD`."""
    return f"tag:{authority},{date}:{quote(slug, safe=_TAG_SAFE)}"


def channel_urn(authority: str, channel_name: str) -> str:
    """A `urn:uuid:` (RFC 9562 §5.5, name-based) that is the same wherever the site moves."""
    return uuid5(uuid5(NAMESPACE_DNS, authority), channel_name).urn


def is_absolute_iri(text: str) -> bool:
    """Whether it is an IRI with a scheme (RFC 3987 §2.2), and with a host where its scheme needs one."""
    match = re.fullmatch(_IRI, text)
    if not match:
        return False
    has_host = re.match(r"//[^/?#]", match["rest"]) is not None
    return has_host or match["scheme"].lower() not in _HIERARCHICAL
