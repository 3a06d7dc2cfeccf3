"""What Lighthouse says of the pages of the sample site, as on a slow phone and on a desk: four scores a page.

It needs npm, with which Lighthouse is installed into a temporary folder (or LIGHTHOUSE names the command), and
Chromium (or CHROME_PATH). Each audit that could be better is told below the scores.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from serving import CONTENT, Command

# The last whose Node.js is Debian's and the long-term one of before (18); 13 needs 22.
VERSION = "12"
PAGES = {
    "list": "/",
    "article": "/articles/the-hotel-key-that-opened-every-door",
    "feed": "/rss.xml",
    "feeds": "/feeds",
}
PRESETS = {"phone": [], "desk": ["--preset=desktop"]}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


def installed(folder: Path) -> str:
    """Lighthouse's command."""
    if named := os.environ.get("LIGHTHOUSE"):
        return named
    if shutil.which("npm") is None:
        sys.exit("Lighthouse comes by npm, which is not there: install it (Debian: npm), or name LIGHTHOUSE=path/to/it")
    options = ["--no-fund", "--no-audit", "--loglevel=error", "--prefix", str(folder)]
    subprocess.run(["npm", "install", *options, f"lighthouse@{VERSION}"], check=True, stdout=subprocess.DEVNULL)
    return str(folder / "node_modules" / ".bin" / "lighthouse")


def report(lighthouse: str, url: str, preset: list[str], folder: Path) -> dict[str, Any]:
    """All that it says of a page."""
    out = folder / "report.json"
    options = ["--quiet", "--output=json", f"--output-path={out}", f"--only-categories={','.join(CATEGORIES)}"]
    chrome = os.environ.get("CHROME_PATH") or shutil.which("chromium")
    if chrome is None:
        sys.exit("chromium is not installed: install it, or name CHROME_PATH=path/to/it")
    profile = f"--chrome-flags={FLAGS} --disable-component-update --disable-sync"
    command = [lighthouse, url, *options, *preset, profile]
    subprocess.run(command, check=True, timeout=300, env={**os.environ, "CHROME_PATH": chrome})
    found: dict[str, Any] = json.loads(out.read_text("utf-8"))
    if fault := found.get("runtimeError"):
        sys.exit(f"Lighthouse could not look at {url}: {fault['message']}")
    return found


def imperfect(found: dict[str, Any]) -> dict[str, str]:
    """The audits without the full score, by what they count in and their names: its score and first finding each."""
    audits = {
        f"{name}: {audit['id']}, {audit['title']}": audit
        for name in CATEGORIES
        for each in found["categories"][name]["auditRefs"]
        if (audit := found["audits"][each["id"]])["score"] is not None and audit["score"] < 1
    }
    return {name: f"{audit['score']:.2f} {_finding(audit)}".strip() for name, audit in audits.items()}


def _finding(audit: dict[str, Any]) -> str:
    items = audit.get("details", {}).get("items")
    first = items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}
    words = ("description", "url", "explanation", "line", "message", "label")
    told = [str(first[word]) for word in words if first.get(word)]
    return " ".join([audit.get("displayValue", ""), audit.get("explanation", ""), *told]).strip()[:160]


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        lighthouse = installed(folder)
        told: dict[str, list[str]] = {}
        print(f"{'page':8} {'as on':6}", *(f"{each:>15}" for each in CATEGORIES))
        with Command(CONTENT, "--database", str(folder / "catalog.db")).ready() as service:
            for page, path in PAGES.items():
                for device, preset in PRESETS.items():
                    found = report(lighthouse, f"http://127.0.0.1:{service.port}{path}", preset, folder)
                    scores = [found["categories"][each]["score"] or 0 for each in CATEGORIES]
                    print(f"{page:8} {device:6}", *(f"{score * 100:15.0f}" for score in scores), flush=True)
                    for name, finding in imperfect(found).items():
                        told.setdefault(name, []).append(f"  {page} on {device}: {finding}")
        for name, findings in sorted(told.items()):
            print("\n".join([name, *findings]))


if __name__ == "__main__":
    main()
