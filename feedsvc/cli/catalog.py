"""`feedsvc catalog …`: a catalog in; what it holds, whether it is whole, its ledger and a copy of it, out."""
# ruff: noqa: PLC0415 - heavy rooms are imported by the command that needs them

from __future__ import annotations

import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feedsvc.cli import site
from feedsvc.cli.codes import CONTENT_HAS_ERRORS
from feedsvc.errors import FeedsvcError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from feedsvc.catalog import Catalog

STANDARD = Path("-")

_content = click.argument("content", type=click.Path(path_type=Path, file_okay=False, exists=True), required=False)
_database = click.option("--database", help="Where the catalog is kept; else where the settings say.")
_format = click.option("--format", "written", type=click.Choice(["text", "json"]), default="text", help="For whom.")
_file = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


class _Commands(click.Group):
    """Shows the catalog where no command is named."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(self.commands)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        is_named = bool(args) and args[0] in {*self.commands, *ctx.help_option_names}
        return super().parse_args(ctx, args if is_named else ["show", *args])


@click.group("catalog", cls=_Commands)
def catalog_command() -> None:
    """Look into the catalog, check it, keep its ledger.

    Without a command: show.
    """


@catalog_command.command()
@_content
@_format
@_database
def show(content: Path | None, written: str, database: str | None) -> None:
    """Print what the catalog holds, and what comes next.

    CONTENT is the folder of articles; else the current one.
    """
    from feedsvc.catalog.upkeep import report
    from feedsvc.cli import holdings

    with closing(_existing(content, database)) as catalog:
        found = report(catalog, int(time.time()))
    for line in holdings.FORMATS[written](found):
        click.echo(line)


@catalog_command.command()
@_content
@_format
@_database
def check(content: Path | None, written: str, database: str | None) -> None:
    """Read the whole catalog, and tell what contradicts itself.

    Every finding comes with its cure. CONTENT is the folder of articles; else the current one.
    """
    from feedsvc.catalog.upkeep import findings
    from feedsvc.cli import holdings

    with closing(_existing(content, database)) as catalog:
        found = findings(catalog)
    for line in holdings.FINDINGS[written](found):
        click.echo(line)
    if found:
        raise SystemExit(CONTENT_HAS_ERRORS)


@catalog_command.command("export")
@_file
@_content
@_database
def export_command(file: Path, content: Path | None, database: str | None) -> None:
    """Write the ledger to FILE, one id a line.

    The ledger is what the files of CONTENT cannot say: ids, former addresses, removals. FILE is replaced where it is
    there already; `-` is standard output.
    """
    from feedsvc.catalog.upkeep import export_ledger

    with closing(_existing(content, database)) as catalog:
        if file == STANDARD:
            sys.stdout.buffer.writelines(export_ledger(catalog))
        else:
            _replace(file, export_ledger(catalog))
            click.echo(f"wrote {file}", err=True)


@catalog_command.command("import")
@_file
@_content
@_database
def import_command(file: Path, content: Path | None, database: str | None) -> None:
    """Begin an empty catalog with the ledger in FILE.

    The next sync goes on from it: same ids, same addresses. `-` is standard input.
    """
    from feedsvc.catalog import Catalog, place
    from feedsvc.catalog.database import MEMORY
    from feedsvc.catalog.upkeep import import_ledger

    folder, where = _where(content, database)
    where = where or place(folder)
    if where == MEMORY:
        raise FeedsvcError(f"{folder}: its catalog would end with this command (name a file by --database)")
    try:
        with click.open_file(str(file), "rb") as lines, closing(Catalog(where)) as catalog:
            is_new = import_ledger(catalog, lines, str(file))
    except OSError as error:
        raise FeedsvcError(f"{file}: cannot be read: {error.strerror}") from None
    done = f"{where} goes on from {file} with its next sync" if is_new else f"{where} has this ledger already"
    click.echo(done, err=True)


@catalog_command.command()
@_file
@_content
@_database
def backup(file: Path, content: Path | None, database: str | None) -> None:
    """Copy the whole catalog to FILE, while it is in use.

    FILE is replaced where it is there already. A catalog in PostgreSQL is copied by pg_dump.
    """
    from feedsvc.catalog.upkeep import back_up

    with closing(_existing(content, database)) as catalog:
        click.echo(f"wrote {back_up(catalog, file):,} bytes to {file}", err=True)


def _where(content: Path | None, database: str | None) -> tuple[Path, str]:
    """The content folder, and the place that flags or settings name; empty for none."""
    folder = content if content is not None or database else Path()
    return folder or Path(), site.load(folder, {"database": database}).server.database


def _existing(content: Path | None, database: str | None) -> Catalog:
    from feedsvc.catalog import Catalog, kept

    folder, where = _where(content, database)
    found = where or kept(folder)
    if found is None:
        raise FeedsvcError(f"{folder}: there is no catalog yet (name another one by --database, or sync)")
    return Catalog(found, create=False)


def _replace(file: Path, lines: Iterable[bytes]) -> None:
    """Writes a file whole, or leaves the one that is there."""
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as written:
            written.writelines(lines)
        part.replace(file)
    except OSError as error:
        raise FeedsvcError(f"{file}: cannot be written: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
