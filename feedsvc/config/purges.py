"""What is set of a cache that is to be purged: values of TOML in; what to ask it, or a ValueError `problem|cure`, out.

A header may hold a secret, and so may a URL: nothing here shows one.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlsplit

METHODS = ("PURGE", "POST", "GET", "DELETE")

URL, PATH = "{url}", "{path}"

# As it is to be sent: what cannot stand in a URL is percent-encoded already (RFC 3986).
_REST = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?%-]|\{url\}|\{path\})*"
_CACHE = re.compile(
    rf"https?://(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{{1,5}})?(?:(?:[/?]|\{{path\}}){_REST})?"
)
_SAME_PATH = re.compile(r"https?://[^/?{]+\{path\}")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+:[ \t]*[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")

_URL_CURE = 'write one such as "{url}", "http://127.0.0.1:6081{path}" or "https://api.example/purge?url={url}"'


def url(value: Any) -> str:
    """Where the cache is asked to let go of an address; or nothing."""
    found = _text(value, _URL_CURE)
    if not found or found == URL:
        return found
    if "@" in found.partition("//")[2].partition("/")[0]:
        raise ValueError('holds a name or a password|write purge_header = "Authorization: Basic …" instead')
    try:
        is_right = _CACHE.fullmatch(found) and urlsplit(filled(found, "https://example.org/")[0]).port != 0
    except ValueError:
        is_right = False
    if not is_right:
        raise ValueError(f"is not the URL of a cache|{_URL_CURE}")
    return found


def header(value: Any) -> str:
    """One line of a request's head; or nothing."""
    cure = 'write one line such as "Authorization: Bearer …"'
    found = _text(value, cure)
    if found and not _HEADER.fullmatch(found):
        raise ValueError(f"is not a header's name, a colon and its value|{cure}")
    return found


def filled(written: str, address: str) -> tuple[str, str]:
    """The URL to ask for an address, and the host to name there where that is the site's; else empty."""
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    before, mark, query = written.partition("?")
    before = before.replace(URL, address).replace(PATH, path)
    query = query.replace(URL, quote(address, safe="")).replace(PATH, quote(path, safe=""))
    return before + mark + query, parts.netloc if _SAME_PATH.fullmatch(written) else ""


def is_for_all(written: str) -> bool:
    """Whether the URL names no address, so that one request is about all that is kept."""
    return URL not in written and PATH not in written


def _text(value: Any, cure: str) -> str:
    if not isinstance(value, str):
        # A number or a truth value is no secret, and a list or a table is not shown.
        raise ValueError(f"is not text|{cure}")  # noqa: TRY004 - the value is at fault
    if not value.isprintable():
        raise ValueError("holds a character that cannot be printed|leave it out")
    return value.strip()
