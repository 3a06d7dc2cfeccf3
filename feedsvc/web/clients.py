"""Who asks: the address a connection comes from and what proxies say of it in; the client's address out."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Of an X-Forwarded-For, so many characters at its end are looked at: what stands before them was written by whoever
# likes to, and eight proxies find room in them.
_LONGEST = 512


class Clients:
    """Tells clients from the proxies in front of us.

    `X-Forwarded-For` counts only from those that are trusted, and only up to the first, seen from our side, that is
    not. `Forwarded` (RFC 7239) is not read: a proxy that writes the one passes the other on as the client sent it, and
    nearly all write the first.

    Args:
        trusted: addresses and networks, joined by commas; what `feedsvc.config` let through.
    """

    def __init__(self, trusted: str) -> None:
        self._networks = tuple(ip_network(each.strip()) for each in trusted.split(",") if each.strip())
        self.is_trusted = lru_cache(maxsize=4096)(self._is_trusted)

    def client(self, peer: str, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """The address of the client whom an answer is for, an IPv4 one within IPv6 as IPv4; as a peer's is written.

        Args:
            peer: the address that the connection comes from; empty where there is none.
            headers: of the request, names in lower case.
        """
        if not self.is_trusted(peer):
            return _written(peer)
        told = b",".join(value for name, value in headers if name == b"x-forwarded-for")
        return self._behind(peer, told.decode("latin-1")) if told else _written(peer)

    def _behind(self, proxy: str, forwarded: str) -> str:
        found = proxy
        for each in reversed(forwarded[-_LONGEST:].split(",")):
            address = _without_port(each.strip())
            if parsed(address) is None:
                break  # `unknown`, or nonsense: the last one of whom we know is as near as we come
            found = address
            if not self.is_trusted(found):
                break
        return _written(found)

    def _is_trusted(self, address: str) -> bool:
        found = parsed(address)
        return found is not None and any(found in network for network in self._networks)


@lru_cache(maxsize=4096)
def parsed(address: str) -> IPv4Address | IPv6Address | None:
    """An address, one of IPv4 within IPv6 (RFC 4291 §2.5.5.2) as what it is; None for what is none."""
    try:
        found = ip_address(address)
    except ValueError:
        return None
    return (found.ipv4_mapped if isinstance(found, IPv6Address) else None) or found


@lru_cache(maxsize=4096)
def household(address: str) -> str | None:
    """Whom an address stands for: of IPv6 its /64, for that is what one line is given; None for this machine itself."""
    found = parsed(address)
    if found is None:
        return address
    if found.is_loopback:
        return None
    return str(IPv6Network((int(found) >> 64 << 64, 64))) if isinstance(found, IPv6Address) else str(found)


def _written(address: str) -> str:
    return str(parsed(address) or address)


def _without_port(told: str) -> str:
    """An address as some proxies write it: `192.0.2.1:5000`, `[2001:db8::1]:5000`."""
    if told.startswith("["):
        return told[1:].partition("]")[0]
    return told.partition(":")[0] if told.count(":") == 1 else told
