"""The command line: arguments in; an exit code out. It wires the rooms, and is the only one that knows all of them."""
# ruff: noqa: PLC0415 - heavy rooms are imported by the command that needs them

from __future__ import annotations

import shlex
import threading
import traceback
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click
from msgspec.structs import asdict, replace

from feedsvc import __version__
from feedsvc.cli import site, words
from feedsvc.cli.catalog import catalog_command
from feedsvc.cli.codes import CANNOT_START, CONTENT_HAS_ERRORS, DONE, WRONG_SETTINGS
from feedsvc.cli.theme import theme_command
from feedsvc.cli.token import token_command
from feedsvc.config import DEFAULT, faint, missing, pairs
from feedsvc.config.checks import shown
from feedsvc.config.secrets import hidden, hidden_header
from feedsvc.errors import CatalogError, FeedsvcError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from feedsvc.catalog import Catalog
    from feedsvc.config import Site
    from feedsvc.errors import Fault

_folder = click.Path(path_type=Path, file_okay=False)
_existing = click.Path(path_type=Path, file_okay=False, exists=True)
_content = click.argument("content", type=_existing, required=False)
_database = click.option("--database", help="Where the catalog is kept: a file's path, or a postgresql:// URL.")
_base_url = click.option("--base-url", help="Where the site is published, such as https://example.org/.")

# For so many seconds one sync waits for caches to let go of what it took back.
_PATIENCE = 60.0


class _Commands(click.Group):
    """Tells every error in words; only with --debug also where in the program it was raised."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(self.commands)  # as they stand below: in the order in which one needs them

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - a newcomer is not to meet a traceback
            if ctx.params["debug"]:
                traceback.print_exc()
            click.echo(words.told(error), err=True)
            ctx.exit(WRONG_SETTINGS if isinstance(error, SettingsError) else CANNOT_START)


@click.group(cls=_Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="feedsvc %(version)s")
@click.option("--debug", is_flag=True, help="Show where in the program an error was raised.")
@click.pass_context
def cli(ctx: click.Context, *, debug: bool) -> None:
    """Publish a folder of articles as RSS, Atom and JSON feeds."""
    del debug  # `_Commands` looks at it
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@cli.command()
@click.argument("folder", type=_folder)
def init(folder: Path) -> None:
    """Make a site: settings and a first article.

    Writes a commented feedsvc.toml into FOLDER, and an article where there is none. Overwrites nothing.
    """
    from feedsvc import scaffold

    written = scaffold.init(folder, datetime.now(UTC))
    for path in written:
        click.echo(f"wrote {path}")
    if not written:
        click.echo(f"{folder} has settings and articles; they were left as they are")
    named = shlex.quote(str(folder))
    click.echo(f"\nNext:\n  feedsvc serve {named}\n  feedsvc new --content {named} 'The title of an article'")


@cli.command()
@click.argument("title")
@click.option("--content", type=_existing, default=Path(), help="The folder to write into; else the current one.")
def new(title: str, content: Path) -> None:
    """Write a draft with an id of its own."""
    from feedsvc import scaffold

    if not scaffold.is_title(title):
        cure = f"write a title, on one line, of at most {scaffold.LONGEST} characters"
        raise click.BadParameter(cure, param_hint="TITLE")
    found = site.load(content, {})
    made_with = site.complete(found, content)
    now = datetime.now(ZoneInfo(made_with.zone))
    path = scaffold.new(content, title, authority=made_with.id_authority, now=now)
    click.echo(f"wrote {path}; write its text, then remove the line `draft: true` to publish it")
    if not found.site.id_authority and not found.site.base_url:
        click.echo("its id is under `localhost`: set id_authority in feedsvc.toml, and write it into the id", err=True)


@cli.command()
@_content
@click.option("--format", "written", type=click.Choice(["text", "json", "github"]), default="text", help="For whom.")
@_database
def check(content: Path | None, written: str, database: str | None) -> None:
    """Report what keeps articles from being published.

    Every finding comes with its file, line and column, and with what to write instead. With a warning, the article is
    published without what is at fault. Where there is a catalog already, it also tells which ids and former addresses
    stand only there; where a channel has a preset, what its articles lack of it. CONTENT is the folder of articles;
    else the current one.
    """
    from feedsvc import fitness
    from feedsvc.catalog import Catalog, kept
    from feedsvc.catalog.database import MEMORY
    from feedsvc.catalog.syncing import Terms, sync
    from feedsvc.cli import channels, findings, following
    from feedsvc.publication import rehearsal

    folder = content or Path()
    settings = site.load(folder, {})
    catalog = Catalog(MEMORY)
    outcome = sync(catalog, following.source(folder), Terms(site.complete(settings, folder), catalog.now))
    at_risk = _at_risk(database or settings.server.database or kept(folder), catalog, settings.origins)
    of_settings = (*missing(settings, folder), *faint(settings), *channels.unknown(catalog, settings))
    with catalog.snapshot() as snapshot:
        now = int(catalog.now())
        rehearsed = rehearsal.faults(snapshot, now)
        unfit = (*fitness.faults(snapshot, settings.origins, now), *findings.elsewhere(rehearsed, outcome.faults))
    faults = sorted({*outcome.faults, *of_settings, *at_risk, *unfit})
    found = findings.Findings(folder, tuple(faults), outcome.asides, catalog.size())
    findings.show(found, written)
    if found.errors:
        raise SystemExit(CONTENT_HAS_ERRORS)


@cli.command()
@_content
@click.option("--host", help="The address to listen at; 0.0.0.0 for every one.")
@click.option("--port", type=int, help="The port to listen at; 0 for any free one.")
@_database
@_base_url
@click.option("--workers", type=int, help="How many processes serve.")
def serve(content: Path | None, **flags: Any) -> None:
    """Publish CONTENT, and every change of it.

    CONTENT is the folder of articles; else the current one. With --database and without CONTENT: serve what another
    process syncs.
    """
    from feedsvc.cli import serving

    folder = content if content is not None or flags["database"] else Path()
    serving.serve(folder, lambda: site.load(folder, flags))


@cli.command("sync")
@_content
@_database
@_base_url
@click.option("--watch", "is_watching", is_flag=True, help="Go on, and sync every change.")
@click.option("--confirm", is_flag=True, help="Take back what is held because so much of it is gone.")
@click.option("--address", default=site.NOWHERE, hidden=True, help="The base URL where none is set.")
@click.option("--with-parent", is_flag=True, hidden=True, help="End when standard input is closed.")
@click.option("--notice", default="", hidden=True, help="Where the parent looks for what the catalog cannot tell.")
def sync_command(content: Path | None, *, is_watching: bool, confirm: bool, address: str, **flags: Any) -> None:
    """Bring the catalog up to date without serving it.

    CONTENT is the folder of articles; else the current one. What serves the catalog is: feedsvc serve --database …
    """
    from feedsvc.cli.following import follow

    folder = content or Path()
    with_parent, notice = flags.pop("with_parent"), flags.pop("notice")
    if with_parent:
        _end_with_parent()
    server = site.load(folder, flags).server
    settings = site.settings(folder, flags, address)
    with closing(_catalog(server.database, folder)) as catalog:
        if not is_watching:
            raise SystemExit(_sync_once(catalog, folder, settings(), confirm=confirm))
        if not with_parent:
            click.echo(f"feedsvc {__version__} syncs {folder} into {catalog.database.name}")
        stop = threading.Event() if with_parent else _told_to_stop()
        follow(catalog, folder, settings, stop, poll=server.poll, notice=notice)


@cli.command("config")
@_content
def show_config(content: Path | None) -> None:
    """Print every setting and where it comes from.

    CONTENT is the folder of articles; else the current one.
    """
    found = site.load(content or Path(), {})
    values = {**asdict(found.site), **asdict(found.table), **asdict(found.server)}
    values |= {"source": hidden(found.table.source), "database": hidden(found.server.database)}
    values |= {"purge_url": hidden(found.server.purge_url), "purge_header": hidden_header(found.server.purge_header)}
    tables = {table: values.pop(table) for table in pairs.KINDS}
    del values["sections"], values["channels"]
    for section in found.site.sections:
        values |= {f"sections.{section.name}.{name}": value for name, value in section.given.items()}
    for channel in found.site.channels:
        values |= {f"{channel.shown}.{name}": value for name, value in channel.given.items()}
    for table, lines in tables.items():
        values |= {pairs.name(table, each): target for each, target in lines}
        values |= {table: ()} if table in found.origins else {}
    for name, value in values.items():
        click.echo(f"{f'{name} = {shown(value)}':<40}  # {found.origins.get(name, DEFAULT)}")


cli.add_command(theme_command)
cli.add_command(catalog_command)
cli.add_command(token_command)


def main() -> None:
    """Runs the command line."""
    cli()


def _catalog(database: str, folder: Path) -> Catalog:
    from feedsvc.catalog import Catalog, place
    from feedsvc.catalog.database import MEMORY

    where = database or place(folder)
    if where == MEMORY:
        raise FeedsvcError(f"{folder}: its catalog would end with this command (name a file by --database)")
    return Catalog(where)


def _sync_once(catalog: Catalog, folder: Path, made_with: Site, *, confirm: bool) -> int:
    from feedsvc.catalog.syncing import Terms, sync
    from feedsvc.cli import following
    from feedsvc.indexing import index

    with following.purging(folder, _PATIENCE) as note:
        outcome = words.in_turn(lambda: sync(catalog, following.source(folder), Terms(made_with, catalog.now, confirm)))
        note(outcome)
    faults = catalog.faults()
    words.report(replace(outcome, faults=faults), folder)
    words.in_turn(lambda: index(catalog, lambda _seconds: False))
    if outcome.revision is None:
        click.echo("nothing that is published has changed", err=True)
    if outcome.held:
        return CONTENT_HAS_ERRORS
    return CONTENT_HAS_ERRORS if any(not fault.is_warning for fault in faults) else DONE


def _at_risk(place: str | None, fresh: Catalog, origins: Mapping[str, str]) -> tuple[Fault, ...]:
    """What stands only in the catalog that is kept, or differs from it, where there is one."""
    from feedsvc.catalog import Catalog
    from feedsvc.catalog.upkeep import audit

    if place is None:
        return ()
    try:
        with closing(Catalog(place, create=False)) as catalog:
            found = audit(catalog, fresh, origins)
    except CatalogError as error:
        click.echo(words.told(error), err=True)
        return ()
    if found.removed:
        removed = words.counted(found.removed, "article")
        click.echo(f"{hidden(place)} alone knows of {removed} taken back (without it, the tombstones go)", err=True)
    return found.faults


def _told_to_stop() -> threading.Event:
    from feedsvc.web.signals import Told

    stop = threading.Event()
    Told(stop.set)
    return stop


def _end_with_parent() -> None:
    from feedsvc.syncer import end_with_parent, give_way
    from feedsvc.web import signals

    signals.let_go()  # the parent is told too, and ends this process in good order
    end_with_parent()
    give_way()
