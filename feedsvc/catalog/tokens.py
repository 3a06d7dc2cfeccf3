"""Who may ask for a private channel: what stands in an address in; whose it is, and whether it still counts, out.

A token is `PREFIX` characters by which its row is found, and a secret behind them. Only a digest of the whole is kept:
of 256 random bits nobody finds the text again, and it needs no salt.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import select

from feedsvc.catalog import facts
from feedsvc.catalog.schema import token

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

# So many characters of six bits each are told to whoever may see a list; 208 bits are left for the secret.
PREFIX = 8

# What is compared where there is no such row, so that it takes as long: of nothing that anybody can send.
_NOBODY = "0" * 64


class Token(Struct, frozen=True):
    """One subscriber's, or one partner's, right to a channel.

    Attributes:
        prefix: its first characters, by which it is told from others.
        digest: of the whole, SHA-256 in hexadecimal.
        channel: the name of the channel.
        name: of whom it is for, as the operator calls them.
        created: seconds since the epoch.
        revoked: from when it counts no more, likewise; None where it does.
    """

    prefix: str
    digest: str
    channel: str
    name: str
    created: int
    revoked: int | None = None


_ALL = select(*(token.c[name] for name in Token.__struct_fields__))


def digest_of(written: str) -> str:
    """What is kept of a token."""
    return sha256(written.encode(errors="surrogatepass")).hexdigest()


def tokens(connection: Connection) -> tuple[Token, ...]:
    """All of them, by channel, name and age."""
    found = [Token(*row) for row in connection.execute(_ALL)]
    return tuple(sorted(found, key=lambda each: (each.channel, each.name, each.created, each.prefix)))


class Keyring:
    """The tokens of one state of a catalog, to be asked without asking it.

    Args:
        mark: of that state; another one has other tokens.
    """

    def __init__(self, mark: str = "", known: Iterable[Token] = ()) -> None:
        self.mark = mark
        self._known: Mapping[str, Token] = MappingProxyType({each.prefix: each for each in known})

    def find(self, written: str) -> Token | None:
        """The token that somebody shows, a revoked one too; None where there is none.

        It takes as long for a prefix that there is as for one that there is not.
        """
        found = self._known.get(written[:PREFIX])
        is_it = hmac.compare_digest(digest_of(written), _NOBODY if found is None else found.digest)
        return found if is_it else None


def keyring(connection: Connection, said: Mapping[str, str], known: Keyring) -> Keyring:
    """The tokens that there are now.

    Args:
        said: all facts of the catalog.
        known: the tokens that one has; given back where no others were given or revoked since.
    """
    mark = said.get(facts.TOKENS, "")
    return known if mark == known.mark else Keyring(mark, tokens(connection))
