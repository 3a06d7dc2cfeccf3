"""The command line: arguments in; an exit code out. It wires the rooms, and is the only one that knows all of them.

Exit codes: 0 done, 1 the content has errors, 2 wrong usage or settings, 3 cannot start.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from feedsvc import __version__, config
from feedsvc.errors import FaultError, FeedsvcError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from feedsvc.catalog import Catalog, Outcome
    from feedsvc.config import Config, Site
    from feedsvc.sources import Source

DONE, CONTENT_HAS_ERRORS, WRONG_SETTINGS, CANNOT_START = range(4)

_content = click.argument("content", type=click.Path(path_type=Path, file_okay=False, exists=True), required=False)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="feedsvc %(version)s")
@click.option("--debug", is_flag=True, help="Show where in the program an error was raised.")
def cli(*, debug: bool) -> None:
    """Publish a folder of articles as RSS, Atom and JSON feeds."""
    del debug  # read by `main`, which sees every error


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def init(folder: Path) -> None:
    """Write a commented feedsvc.toml and one article into FOLDER; overwrite nothing."""
    from feedsvc import scaffold

    for path in scaffold.init(folder, datetime.now(UTC)):
        click.echo(f"wrote {path}")
    click.echo(f"\nNext:\n  feedsvc serve {folder}\n  feedsvc new --content {folder} 'The title of an article'")


@cli.command()
@click.argument("title")
@click.option("--content", type=click.Path(path_type=Path, file_okay=False, exists=True), default=Path())
def new(title: str, content: Path) -> None:
    """Write a draft with an id of its own."""
    from feedsvc import scaffold
    from feedsvc.text.ids import tag_uri
    from feedsvc.text.slugs import slug

    site = _site(_load(content, {}), content)
    now = datetime.now(ZoneInfo(site.zone))
    uri = tag_uri(site.id_authority, now.date().isoformat(), slug(title) or f"{now:%H%M%S}")
    click.echo(f"wrote {scaffold.new(content, title, uri=uri, now=now)}; set draft: false to publish it")


@cli.command("config")
@_content
def show_config(content: Path | None) -> None:
    """Print each setting, its value and where that comes from."""
    found = _load(content or Path(), {})
    for name, *_ in config.settings():
        group = found.site if name in {item.name for item in fields(found.site)} else found.server
        click.echo(f"{name} = {getattr(group, name)!r}  ({found.origins[name]})")


@cli.command()
@_content
def check(content: Path | None) -> None:
    """Report everything that would keep an article of CONTENT from being published."""
    from feedsvc.catalog import Catalog, sync
    from feedsvc.catalog.database import MEMORY

    folder = content or Path()
    site = _site(_load(folder, {}), folder)
    with _starting():
        outcome = sync(Catalog(MEMORY), _source(folder), site=site)
    for fault in sorted(outcome.faults):
        click.echo(fault)
    if outcome.faults:
        records = len({fault.address for fault in outcome.faults})
        click.echo(f"\n{len(outcome.faults)} errors in {records} records; all others are published", err=True)
        raise SystemExit(CONTENT_HAS_ERRORS)


@cli.command()
@_content
@click.option("--host", help="The address to listen at.")
@click.option("--port", type=int, help="The port to listen at; 0 for any free one.")
@click.option("--database", help="Where the catalog is kept: a file's path or sqlite:///PATH.")
@click.option("--base-url", help="Where the site is published.")
@click.option("--workers", type=int, help="How many processes serve.")
def serve(content: Path | None, **flags: Any) -> None:
    """Publish CONTENT, and every change of it, until stopped.

    With --database and without CONTENT: serve what another process syncs.
    """
    folder = content if content is not None or flags["database"] else Path()
    found = _load(folder, flags)
    with _starting():
        _serve(folder, found)


@cli.command("sync")
@_content
@click.option("--database", help="Where the catalog is kept: a file's path or sqlite:///PATH.")
@click.option("--base-url", help="Where the site is published.")
@click.option("--watch", "is_watching", is_flag=True, help="Go on, and sync every change.")
@click.option("--address", default="http://localhost:8000/", hidden=True, help="The base URL where none is set.")
@click.option("--with-parent", is_flag=True, hidden=True, help="End when standard input is closed.")
def sync_command(content: Path | None, *, is_watching: bool, address: str, with_parent: bool, **flags: Any) -> None:
    """Bring the catalog up to date with CONTENT, without serving it."""
    from feedsvc.catalog import Catalog, place, sync

    folder = content or Path()
    found = _load(folder, flags)
    with _starting():
        catalog = Catalog(found.server.database or place(folder))
    if with_parent:
        from feedsvc.syncer import end_with_parent

        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told too, and ends this process in good order
        end_with_parent()
    if is_watching:
        _watch(catalog, folder, lambda: _site(_load(folder, flags), folder, address), threading.Event())
        return
    outcome = sync(catalog, _source(folder), site=_site(found, folder, address))
    _report(outcome)
    raise SystemExit(CONTENT_HAS_ERRORS if outcome.faults else DONE)


def main() -> None:
    """Runs the command line; every error that was raised on purpose is told in words, without a traceback."""
    try:
        cli()
    except FeedsvcError as error:
        if "--debug" in sys.argv:
            raise
        click.echo(f"feedsvc: {error}", err=True)
        sys.exit(WRONG_SETTINGS if isinstance(error, SettingsError) else CANNOT_START)


def _serve(folder: Path | None, found: Config) -> None:
    from feedsvc.catalog import Catalog, place
    from feedsvc.catalog.database import MEMORY
    from feedsvc.syncer import Syncer
    from feedsvc.web import server
    from feedsvc.web.app import application

    listening = server.listen(found.server.host, found.server.port)
    address = server.address(listening)
    where = found.server.database or place(folder or Path())
    if folder is None and not Path(where.removeprefix("sqlite:///")).exists():
        raise FeedsvcError(f"{where}: there is no catalog (name the CONTENT to make one from)")
    catalog = Catalog(where)
    _announce(_site(found, folder or Path(), address), where, folder)
    stop = threading.Event()
    syncer = None
    if folder is not None and where == MEMORY:
        settings = _settings(folder, found, address)
        threading.Thread(target=_watch, args=(catalog, folder, settings, stop), name="sync", daemon=True).start()
    elif folder is not None:
        base_url = ["--base-url", found.site.base_url] if found.origins["base_url"] == "--base-url" else []
        arguments = ["sync", str(folder), "--watch", "--with-parent", "--database", where, "--address", address]
        syncer = Syncer([*arguments, *base_url])
        syncer.start()
    try:
        if found.server.workers > 1 and where != MEMORY:
            os.environ["FEEDSVC_DATABASE"] = where
            server.run(None, listening, workers=found.server.workers)
        else:
            server.run(application(catalog), listening, workers=1)
    finally:
        stop.set()
        if syncer is not None:
            syncer.stop()


def _announce(site: Site, where: str, folder: Path | None) -> None:
    from feedsvc.formats import FORMATS

    lines = [f"feedsvc {__version__} publishes {folder or where}", f"  open       {site.base_url}"]
    lines += [f"  {written.title:<9}  {site.base_url}{written.filename}" for written in FORMATS.values()]
    lines += [f"  catalog    {where}", "Stop it with Ctrl-C."]
    click.echo("\n".join(lines))


def _settings(folder: Path, found: Config, address: str) -> Callable[[], Site]:
    flags = {name: getattr(found.site, name) for name, origin in found.origins.items() if origin == "--base-url"}
    return lambda: _site(_load(folder, flags), folder, address)


def _watch(catalog: Catalog, folder: Path, settings: Callable[[], Site], stop: threading.Event) -> None:
    from feedsvc.watch import watch

    watch(catalog, _source(folder), settings=settings, report=_report, stop=stop)


def _report(news: Outcome | FeedsvcError) -> None:
    if isinstance(news, FaultError):
        click.echo("\n".join(map(str, news.faults)), err=True)
    elif isinstance(news, FeedsvcError):
        click.echo(f"feedsvc: {news}", err=True)
    else:
        for fault in sorted(news.faults):
            click.echo(fault, err=True)
        if news.revision is not None:
            click.echo(f"revision {news.revision.number} at {news.revision.at:%H:%M:%S}", err=True)


def _load(folder: Path | None, flags: dict[str, Any]) -> Config:
    return config.load(folder, os.environ, flags)


def _site(found: Config, folder: Path, address: str = "http://localhost:8000/") -> Site:
    return config.complete(found.site, folder_name=folder.resolve().name, address=address)


def _source(folder: Path) -> Source:
    from feedsvc.readers import READERS
    from feedsvc.sources import open_source
    from feedsvc.text.media_types import MEDIA_TYPES

    return open_source(str(folder), suffixes=frozenset({*READERS, *MEDIA_TYPES}))


@contextmanager
def _starting() -> Iterator[None]:
    try:
        yield
    except SettingsError:
        raise
    except FeedsvcError as error:
        if "--debug" in sys.argv:
            raise
        click.echo(f"feedsvc: {error}", err=True)
        sys.exit(CANNOT_START)
