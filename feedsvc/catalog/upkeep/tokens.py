"""Tokens given and revoked: a catalog, a channel and a name in; what stands in an address, once, or rows out."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import bindparam, insert, update

from feedsvc.catalog import facts
from feedsvc.catalog.schema import token
from feedsvc.catalog.tokens import PREFIX, Token, digest_of, tokens
from feedsvc.config import Site
from feedsvc.errors import FeedsvcError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from feedsvc.catalog.catalog import Catalog

CHANNELS = "channels/"

# Random bytes in a token.
LENGTH = 32
LONGEST_NAME = 200

_REVOKE = update(token).where(token.c.prefix == bindparam("which")).values(revoked=bindparam("at"))


def named(channel: str) -> str:
    """The whole name of a channel of the settings, which may be written without its first segment."""
    return channel if channel.startswith(CHANNELS) else f"{CHANNELS}{channel}"


def add_token(catalog: Catalog, channel: str, name: str) -> tuple[str, Site]:
    """Gives somebody a token for a private channel.

    Args:
        channel: with `channels/` before it, or without.
        name: of whom it is for.

    Returns:
        The token, of which nothing but a digest is kept; and the settings that the catalog's documents are made with.

    Raises:
        FeedsvcError: where the channel is not private, or somebody has a token for it under this name.
        CatalogError: where the catalog cannot be written.
    """
    channel, name = named(channel), _name(name)
    with catalog.database.writing() as connection:
        site = _site(connection, catalog.database.name)
        _check_private(site, channel)
        found = tokens(connection)
        if any((each.channel, each.name, each.revoked) == (channel, name, None) for each in found):
            raise FeedsvcError(
                f"{name} has an address for {_short(channel)} already "
                f"(revoke it first: feedsvc token revoke {_short(channel)} {name}; or take another name)"
            )
        written = _fresh({each.prefix for each in found})
        row = Token(written[:PREFIX], digest_of(written), channel, name, int(catalog.now()))
        connection.execute(insert(token).values({name: getattr(row, name) for name in Token.__struct_fields__}))
        note_change(connection)
    return written, site


def revoke_tokens(catalog: Catalog, *, channel: str = "", name: str = "", prefix: str = "") -> tuple[Token, ...]:
    """Takes back the token of somebody for a channel, or the one with a prefix, for good.

    Returns:
        Those that counted until now.

    Raises:
        FeedsvcError: where there never was any.
        CatalogError: where the catalog cannot be written.
    """
    with catalog.database.writing() as connection:
        meant = [
            each
            for each in tokens(connection)
            if (each.prefix == prefix if prefix else (each.channel, each.name) == (named(channel), name))
        ]
        if not meant:
            which = f"begins with {prefix}" if prefix else f"was made for {name} and {_short(named(channel))}"
            raise FeedsvcError(f"no address {which} (feedsvc token list tells which there are)")
        living = tuple(each for each in meant if each.revoked is None)
        if living:
            at = int(catalog.now())
            connection.execute(_REVOKE, [{"which": each.prefix, "at": at} for each in living])
            note_change(connection)
    return living


def all_tokens(catalog: Catalog) -> tuple[Token, ...]:
    """All that were ever given, by channel, name and age.

    Raises:
        CatalogError: where the catalog cannot be read.
    """
    with catalog.database.reading() as connection:
        return tokens(connection)


def note_change(connection: Connection) -> None:
    """Notes that there are other tokens than before, for those who serve."""
    # At random: a number would be the same again in a catalog that was put back.
    facts.put(connection, facts.TOKENS, secrets.token_hex(8))


def _name(written: str) -> str:
    name = " ".join(written.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        cure = f"write whom the address is for, in at most {LONGEST_NAME} characters"
        raise FeedsvcError(f"{written[:LONGEST_NAME]!r} is no name ({cure})")
    return name


def _site(connection: Connection, place: str) -> Site:
    known = facts.get(connection, facts.SITE)
    if known is None:
        raise FeedsvcError(f"{place}: nothing is published yet, and the channels are not known (feedsvc sync first)")
    return msgspec.json.decode(known, type=Site)


def _check_private(site: Site, channel: str) -> None:
    settings = site.settings_of(channel)
    if settings is not None and settings.private:
        return
    there = [_short(each.name) for each in site.channels if each.private]
    cure = f"private are: {', '.join(there)}" if there else "none is"
    table = f"[{channel.replace('/', '.', 1)}]"
    raise FeedsvcError(
        f"{_short(channel)} is not a private channel of the settings that were synced last "
        f"({cure}; write {table} and private = true into feedsvc.toml, and sync)"
    )


def _short(channel: str) -> str:
    return channel.removeprefix(CHANNELS)


def _fresh(taken: set[str]) -> str:
    """One whose prefix is nobody's, and does not look like an option on a command line."""
    while True:
        written = secrets.token_urlsafe(LENGTH)
        if written[0].isalnum() and written[:PREFIX] not in taken:
            return written
