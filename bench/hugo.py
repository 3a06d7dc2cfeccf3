"""Hugo on the same folder: a folder of articles in; what building its home feed, or its whole site, takes, out."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

from processes import run

if TYPE_CHECKING:
    from pathlib import Path

    from processes import Usage

PROGRAM = os.environ.get("HUGO") or shutil.which("hugo")

_SETTINGS = """
baseURL = "https://bench.example/"
title = "Bench"
disableKinds = ["section", "taxonomy", "term", "sitemap", "robotstxt", "404"]
[outputs]
home = ["rss"]
page = {page}
[[module.mounts]]
source = {content}
target = "content"
"""
# `build` and `target` were written `_build` and `_target` before 0.145.
_NOTHING_ELSE = """
[[cascade]]
[cascade.{0}build]
render = "never"
[cascade.{0}target]
kind = "page"
"""
_FEED = """<rss version="2.0"><channel><title>Bench</title>{{ range first 20 site.RegularPages }}
<item><title>{{ .Title }}</title><link>{{ .Permalink }}</link><description>{{ .Content | html }}</description></item>
{{ end }}</channel></rss>
"""
_PAGE = "<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1>{{ .Content }}\n"


def version() -> str:
    """As the program says it."""
    told = subprocess.run([str(PROGRAM), "version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\bv(\d+\.\d+\.\d+)", told)
    return found[1] if found else "0.0"


def build(content: Path, work: Path, *, whole: bool = False, longest: float) -> Usage | None:
    """Builds once from nothing; None where it could not, or took longer than so many seconds.

    Args:
        work: a folder for it alone; it is removed afterwards.
        whole: a page of each article too, else nothing but the home feed.
    """
    layouts = work / "layouts"
    (layouts / "_default").mkdir(parents=True)
    (layouts / "home.rss.xml").write_text(_FEED, "utf-8")
    (layouts / "index.rss.xml").write_text(_FEED, "utf-8")
    (layouts / "_default" / "single.html").write_text(_PAGE, "utf-8")
    settings = _SETTINGS.format(page='["html"]' if whole else "[]", content=json.dumps(str(content)))
    (work / "hugo.toml").write_text(settings + ("" if whole else _nothing_else()), "utf-8")
    try:
        used = run([str(PROGRAM), "--quiet", "--source", str(work)], longest=longest)
        is_done = (work / "public" / "index.xml").is_file()
        pages = sum(1 for _ in (work / "public").glob("**/index.html")) if is_done else 0
        return used if is_done and bool(pages) == whole else None
    finally:
        shutil.rmtree(work)


def _nothing_else() -> str:
    is_old = tuple(map(int, version().split(".")[:2])) < (0, 145)
    return _NOTHING_ELSE.format("_" if is_old else "")
