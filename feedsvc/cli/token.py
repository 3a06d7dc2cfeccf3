"""`feedsvc token …`: a private channel and a name in; an address that is told once, rows, or nobody's any more, out."""
# ruff: noqa: PLC0415 - heavy rooms are imported by the command that needs them

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from feedsvc.cli import site, words
from feedsvc.errors import FeedsvcError
from feedsvc.text.dates import rfc3339

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from feedsvc.catalog import Catalog
    from feedsvc.catalog.tokens import Token

_folder = click.Path(path_type=Path, file_okay=False, exists=True)
_content = click.option("--content", type=_folder, help="The folder of articles; else the current one.")
_database = click.option("--database", help="Where the catalog is kept; else where the settings say.")
_format = click.option("--format", "written", type=click.Choice(["text", "json"]), default="text", help="For whom.")


class _Commands(click.Group):
    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group("token", cls=_Commands)
def token_command() -> None:
    """Give addresses of private channels, and take them back."""


@token_command.command()
@click.argument("channel")
@click.argument("name")
@_content
@_database
def add(channel: str, name: str, content: Path | None, database: str | None) -> None:
    """Make NAME an address of their own for a private CHANNEL.

    The address is shown this once: only a digest of it is kept.
    """
    from feedsvc.catalog.upkeep import add_token
    from feedsvc.formats import FORMATS

    with closing(_existing(content, database)) as catalog:
        made, made_with = words.in_turn(lambda: add_token(catalog, channel, name))
    click.echo(f"{made_with.base_url}private/{made}/")
    click.echo(f"shown only now: nobody can look it up later. Feeds below it: {', '.join(FORMATS)}", err=True)


@token_command.command("list")
@_content
@_format
@_database
def list_command(content: Path | None, written: str, database: str | None) -> None:
    """Print whose addresses there are, the revoked ones too."""
    from feedsvc.catalog.upkeep import all_tokens

    with closing(_existing(content, database)) as catalog:
        found = all_tokens(catalog)
    for line in _FORMATS[written](found):
        click.echo(line)


@token_command.command()
@click.argument("channel", required=False)
@click.argument("name", required=False)
@click.option("--prefix", default="", help="What the address begins with, as the list shows it; instead of both.")
@_content
@_database
def revoke(channel: str | None, name: str | None, prefix: str, content: Path | None, database: str | None) -> None:
    """Take back the address of NAME for CHANNEL, for good.

    Whoever asks at it is told so (410) within a second, by every server.
    """
    from feedsvc.catalog.upkeep import revoke_tokens

    if bool(prefix) == bool(name):
        raise click.UsageError("name a channel and whose address it is, or write --prefix")
    with closing(_existing(content, database)) as catalog:
        meant = {"channel": channel or "", "name": name or "", "prefix": prefix.removesuffix("…")}
        revoked = words.in_turn(lambda: revoke_tokens(catalog, **meant))
    for each in revoked:
        click.echo(f"revoked {each.prefix}… of {each.name} for {_short(each.channel)}")
    if not revoked:
        click.echo("it was revoked already", err=True)


def _existing(content: Path | None, database: str | None) -> Catalog:
    from feedsvc.catalog import Catalog, kept

    folder = content if content is not None or database else Path()
    where = site.load(folder, {"database": database}).server.database or kept(folder or Path())
    if not where:
        raise FeedsvcError(f"{folder}: there is no catalog yet (name another one by --database, or sync)")
    return Catalog(where, create=False)


def _text(found: Sequence[Token]) -> Iterator[str]:
    for each in found:
        state = "" if each.revoked is None else f", revoked {_at(each.revoked)}"
        yield f"{_short(each.channel)}  {each.name}  {each.prefix}…  created {_at(each.created)}{state}"
    yield words.counted(sum(each.revoked is None for each in found), "living token")


def _json(found: Sequence[Token]) -> Iterator[str]:
    rows = [
        {
            "channel": _short(each.channel),
            "name": each.name,
            "prefix": each.prefix,
            "created": _at(each.created),
            "revoked": None if each.revoked is None else _at(each.revoked),
        }
        for each in found
    ]
    yield msgspec.json.format(msgspec.json.encode({"tokens": rows}), indent=2).decode()


def _short(channel: str) -> str:
    return channel.removeprefix("channels/")


def _at(seconds: int) -> str:
    from feedsvc.catalog.rows import instant

    return rfc3339(instant(seconds))


_FORMATS: Mapping[str, Callable[[Sequence[Token]], Iterator[str]]] = {"text": _text, "json": _json}
