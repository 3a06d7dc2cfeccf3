"""What a setting's value must be: a value of TOML in; the value to use, or a ValueError `problem|cure`, out."""

from __future__ import annotations

import json
import re
from difflib import get_close_matches
from functools import lru_cache
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# What a URL's host with its port, and its path, may be written with (RFC 3986 §3.2, §3.3).
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]*)?")
_PATH = re.compile(r"([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")


def text(value: Any) -> str:
    """A text on one line."""
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} is not text|write it in quotes")  # noqa: TRY004 - the value is at fault
    if not value.isprintable():
        raise ValueError(f"{shown(value)} holds a character that cannot be printed|leave it out")
    return value.strip()


def choice(*choices: str) -> Callable[[Any], str]:
    """One of a few words."""

    def check(value: Any) -> str:
        if text(value) not in choices:
            cure = _meant(value, choices) or f"write one of: {', '.join(map(shown, choices))}"
            raise ValueError(f"{shown(value)} is not known|{cure}")
        return text(value)

    return check


def language(value: Any) -> str:
    """A language tag (BCP 47)."""
    if _is_language(text(value)):
        return text(value)
    hyphened = text(value).replace("_", "-")
    cure = f"did you mean {shown(hyphened)}?" if _is_language(hyphened) else 'write one such as "en" or "pt-BR"'
    raise ValueError(f"{shown(value)} is not a language tag|{cure}")


def _is_language(tag: str) -> bool:
    # RFC 5646 §2.2.1 has room for longer ones, and none was ever registered: whoever writes one means a name.
    return re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", tag) is not None


def zone(value: Any) -> str:
    """A time zone's name (IANA)."""
    name = text(value)
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        cure = _zone_meant(name) or 'write one such as "Europe/Berlin"'
        raise ValueError(f"{shown(value)} is not a time zone|{cure}") from None
    return name


@lru_cache(maxsize=64)
def _zone_meant(name: str) -> str:
    return _meant(name, available_timezones())


def _meant(written: str, known: Iterable[str]) -> str:
    """The question whether the nearest of what is known was meant; empty where none is near."""
    by_folded = {each.casefold(): each for each in sorted(known)}
    near = get_close_matches(written.casefold()[:100], by_folded, n=1, cutoff=0.8)
    return f"did you mean {shown(by_folded[near[0]])}?" if near else ""


def base_url(value: Any) -> str:
    """An absolute http or https URL without query, ending in a slash; or nothing."""
    cure = 'write one such as "https://example.org/" or "https://example.org/blog/"'
    url = text(value)
    try:
        parts = urlsplit(url)
        is_right = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        is_right = False
    if not url:
        return ""
    if not is_right:
        raise ValueError(f"{shown(value)} is not an absolute http or https URL|{cure}")
    if parts.username is not None or "?" in url or "#" in url:
        raise ValueError(f"{shown(value)} has more than scheme, host and path|{cure}")
    if not _HOST.fullmatch(parts.netloc) or not _PATH.fullmatch(parts.path):
        percent = "write them percent-encoded, and a host's name as xn--…"
        raise ValueError(f"{shown(value)} has characters that a URL cannot have|{percent}")
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}/"


def authority(value: Any) -> str:
    """The authority of tag URIs: a domain name or an e-mail address (RFC 4151 §2.1); or nothing."""
    name = text(value)
    if name and not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.@_-]*[A-Za-z0-9])?", name):
        raise ValueError(f'{shown(value)} is not a domain name|write one that is yours, such as "example.org"')
    return name.lower()


def host(value: Any) -> str:
    """An address to listen at."""
    # An empty one would listen at every address.
    if not text(value):
        raise ValueError('"" is not an address|write one such as "127.0.0.1", or "0.0.0.0" for every one')
    return text(value)


def networks(value: Any) -> str:
    """Addresses and networks of IPv4 and IPv6, joined by commas; or nothing."""
    return ", ".join(map(_network, filter(None, re.split(r"[,\s]+", text(value)))))


def _network(written: str) -> str:
    try:
        return ip_network(written).compressed if "/" in written else ip_network(written)[0].compressed
    except ValueError:
        pass
    try:
        cure = f"did you mean {ip_network(written, strict=False)}?"
    except ValueError:
        cure = 'write some such as "127.0.0.1, ::1, 10.0.0.0/8"'
    raise ValueError(f"{shown(written)} is not an address, nor a network|{cure}")


def yes_or_no(value: Any) -> bool:
    """True or false; a variable can only say it as text."""
    answers = {1: True, 0: False, "true": True, "false": False}
    if not isinstance(value, int | str) or value not in answers:
        raise ValueError(f"{shown(value)} is neither true nor false|write true or false, without quotes")
    return answers[value]


def email(value: Any) -> str:
    """An e-mail address; or nothing."""
    address = text(value)
    if address and not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", address):
        raise ValueError(f'{shown(value)} is not an e-mail address|write one such as "ada@example.org"')
    return address


def whole(default: int, least: int, most: int) -> Callable[[Any], int]:
    """A whole number in a range."""

    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            cure = f"write one such as {default}"
            if isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value) and least <= int(value) <= most:
                cure = f"write {int(value)}, without quotes"
            raise ValueError(f"{shown(value)} is not a whole number from {least} to {most}|{cure}")
        return value

    return check


def shown(value: Any) -> str:
    """A value as TOML writes it; of what was read as a list or a table only that it is one."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    return str(value)
