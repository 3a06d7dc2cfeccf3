"""The servers with the sync beside them: a folder or a catalog in; answers out, until a signal ends it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from feedsvc import __version__
from feedsvc.catalog import Catalog, place
from feedsvc.catalog.database import MEMORY
from feedsvc.cli import site, words
from feedsvc.config import DEFAULT
from feedsvc.config.checks import shown
from feedsvc.config.secrets import hidden
from feedsvc.errors import Fault, FeedsvcError, NotReady, SettingsError
from feedsvc.formats import FORMATS
from feedsvc.notice import Notice, posted
from feedsvc.syncer import Syncer
from feedsvc.web import access_log, server, signals
from feedsvc.web.app import application
from feedsvc.web.conduct import Conduct
from feedsvc.web.signals import Told
from feedsvc.web.workers import Worker, Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from feedsvc.config import Config, Server, Site


# What cannot change while it runs: what is bound, started or opened once.
_FIXED = ("host", "port", "workers", "database", "poll", "lane", "negotiate")


def serve(folder: Path | None, load: Callable[[], Config]) -> None:
    """Publishes a folder; or, where there is none, what another process puts into the catalog.

    Args:
        load: the settings as they are now; raises SettingsError.

    Raises:
        FeedsvcError: where it cannot start.
    """
    signals.ignore()  # the settings are just being read
    found = load()
    if found.server.access_log:
        access_log.check(found.server.access_log)
    listening = server.listen(found.server.host, found.server.port)
    where = found.server.database or place(folder or Path())
    # Who only serves neither makes a catalog nor changes its schema: others may serve from it too.
    catalog = Catalog(where, create=folder is not None)
    address = server.address(listening)
    base_url = found.site.base_url if folder is not None else _published_at(catalog, found)
    told, reload = Told(), partial(_reloaded, load, found.server)
    _announce(folder or hidden(where), base_url, address, catalog.database.name)
    with _put_away(catalog), posted() as notice, _in_step(catalog, folder, found, address, notice):
        if found.server.workers > 1 and catalog.database.place != MEMORY:
            Workers(Worker(catalog.database.place, found.server, notice), listening, told, reload).run()
        else:
            conduct = Conduct(found.server, Notice(notice))
            server.run(application(catalog, conduct=conduct), conduct, listening, told, reload)


@contextmanager
def _put_away(catalog: Catalog) -> Iterator[None]:
    """Closes the catalog when nobody else uses it any more: SQLite keeps a log, which else whoever opens it next reads.

    Of a large archive that was just loaded it is as long as the catalog.
    """
    try:
        yield
    finally:
        if catalog.database.place != MEMORY:  # else a thread may be syncing into it
            catalog.close()


def _reloaded(load: Callable[[], Config], begun_with: Server) -> Server | None:
    """The settings of the server as they are now, as far as they can change; None where there is a fault in them."""
    try:
        found = load().server
        if found.access_log:
            access_log.check(found.access_log)
    except FeedsvcError as error:
        words.say(f"{words.told(error)}\nfeedsvc: the settings stay as they were")
        return None
    kept = {name: getattr(begun_with, name) for name in _FIXED}
    waiting = [name for name, value in kept.items() if getattr(found, name) != value]
    words.say("feedsvc: the settings were read again")
    if waiting:
        words.say(f"feedsvc: what is set for {', '.join(waiting)} takes a restart")
    return replace(found, **kept)


def _published_at(catalog: Catalog, found: Config) -> str:
    """The base URL that a catalog's documents are made with; empty until its first sync has ended.

    Raises:
        SettingsError: where a setting given here would make other documents than those who share the catalog serve.
    """
    try:
        with catalog.snapshot(at_first=True) as snapshot:
            faults = tuple(_differing(snapshot.site, found))
            if faults:
                raise SettingsError(*faults)
            return snapshot.site.base_url
    except NotReady:
        return ""


def _differing(made_with: Site, found: Config) -> Iterator[Fault]:
    """A fault for each setting of the documents that is given here and is another one in the catalog."""
    for name in made_with.__struct_fields__:
        origin = found.origins.get(name, DEFAULT)
        given, kept = getattr(found.site, name), getattr(made_with, name)
        if origin != DEFAULT and given != kept:
            problem = f"{shown(given)} is not the {name} that the catalog was made with, {shown(kept)}"
            yield Fault(origin, 0, 0, problem, "leave it out here, and set it where the catalog is synced")


def _announce(what: Path | str, base_url: str, address: str, where: str) -> None:
    """The addresses to open and to subscribe to, under the base URL, else under the URL of the socket that listens."""
    lines = [f"feedsvc {__version__} publishes {what}"]
    if base_url:
        lines.append(f"  listens at {address}")
    base = base_url or address
    lines.append(f"  open       {base}")
    lines += [f"  {written.title:<9}  {base}{written.filename}" for written in FORMATS.values()]
    kept = "in the memory of one process: no folder for it can be written" if where == MEMORY else where
    click.echo("\n".join([*lines, f"  catalog    {kept}", "Stop it with Ctrl-C."]))


@contextmanager
def _in_step(catalog: Catalog, folder: Path | None, found: Config, address: str, notice: str) -> Iterator[None]:
    """Syncs the folder's changes meanwhile: beside the servers, or in a thread where the catalog is in memory."""
    if folder is None:
        yield
    elif catalog.database.place == MEMORY:
        with _thread(catalog, folder, found, address):
            yield
    else:
        with _child(catalog, folder, found, address, notice):
            yield


@contextmanager
def _thread(catalog: Catalog, folder: Path, found: Config, address: str) -> Iterator[None]:
    from feedsvc.cli.following import follow  # noqa: PLC0415 - servers beside a sync need nothing of what it needs

    stop = threading.Event()
    settings = site.settings(folder, _flags(found), address)
    arguments, more = (catalog, folder, settings, stop), {"poll": found.server.poll}
    threading.Thread(target=follow, args=arguments, kwargs=more, name="sync", daemon=True).start()
    try:
        yield
    finally:
        stop.set()


@contextmanager
def _child(catalog: Catalog, folder: Path, found: Config, address: str, notice: str) -> Iterator[None]:
    options = [f"--base-url={url}" for url in _flags(found).values()]
    options += [f"--address={address}", f"--notice={notice}"]
    # In its environment: arguments could be read by anybody.
    where = {"FEEDSVC_DATABASE": catalog.database.place}
    syncer = Syncer(["sync", "--watch", "--with-parent", *options, "--", str(folder)], where)
    syncer.start()
    try:
        yield
    finally:
        syncer.stop()


def _flags(found: Config) -> dict[str, str]:
    """What the command line said of the documents; all else stands in the file and the environment."""
    return {"base_url": found.site.base_url} if found.origins["base_url"] == "--base-url" else {}
