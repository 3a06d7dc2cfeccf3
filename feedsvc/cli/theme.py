"""`feedsvc theme`: names of templates in; what a site has of its own, or copies of ours to start from, out."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from feedsvc.cli.codes import CANNOT_START
from feedsvc.themes import SHEET, STATIC, TEMPLATES

_existing = click.Path(path_type=Path, file_okay=False, exists=True)


@click.command("theme")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--content", type=_existing, default=Path(), help="The content folder; else the current one.")
@click.option("--force", is_flag=True, help="Overwrite what is there.")
def theme_command(names: tuple[str, ...], content: Path, *, force: bool) -> None:
    """List the templates, or copy some to change them.

    With NAMEs, such as list.html or site.css, ours are copied into the folder theme of the content folder; nothing is
    overwritten. Without any, it lists which there are, and which of them the site has of its own.
    """
    ours = _ours()
    unknown = [name for name in names if name not in ours]
    if unknown:
        raise click.BadParameter(f"{unknown[0]} is none of: {', '.join(ours)}", param_hint="NAME")
    if not names:
        for name, text in ours.items():
            path = content / text[0] / name
            click.echo(f"{name:<16}{path if path.is_file() else '-'}")
        return
    there = [path for name in names if (path := content / ours[name][0] / name).exists() and not force]
    if there:
        click.echo(f"feedsvc: {there[0]} is there already (--force overwrites it)", err=True)
        raise SystemExit(CANNOT_START)
    for name in names:
        path = content / ours[name][0] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(ours[name][1], encoding="utf-8")
        click.echo(f"wrote {path}")


def _ours() -> dict[str, tuple[str, str]]:
    """What can be copied: by name the folder that it belongs into, and its text."""
    from feedsvc.themes import checks  # noqa: PLC0415 - only this command needs what it needs

    style = files("feedsvc").joinpath("pages", "static", SHEET).read_text("utf-8")
    found = {name: (TEMPLATES, text) for name, text in checks.ours().items() if name not in checks.FIXED}
    return found | {SHEET: (STATIC, style)}
