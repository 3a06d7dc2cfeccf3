"""What the channels of a site cost, and that they keep out of each other's way: ten thousand articles, 500 tags.

`make bench-channels N=10000 FEEDVALIDATOR=path/to/src`. Without the validator no feed is judged. Memory is that of the
process that serves; all times are of one machine in one run, and mean little beyond it.
"""

from __future__ import annotations

import http.client
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlsplit

import made
from lxml import etree
from serving import FEEDS, READINGS, Command, ask, free_port, until

TAGS = 500
ATOM = "{http://www.w3.org/2005/Atom}"
KINDS = ("", "tags/t7/", "categories/c3/", "authors/a2/", "sections/s1/", "sections/s1/inner/", "languages/en/")
NAMED = "channels/picks/"
SETTINGS = """\
title = "The Lantern"
[channels.picks]
title = "Picks"
any = ["tags/t1", "sections/s1"]
not = ["tags/t2"]
content = "summary"
"""
REFUSED = {
    "3,000 characters": "tag=" + "a" * 3000,
    "like a regular expression": "tag=(a%2B)%2B%24%7C.*",
    "a hundred conditions": "&".join(f"tag=t{number}" for number in range(100)),
}


def day(number: int) -> str:
    """A date of fourteen years."""
    return f"{2012 + number % 14}-{1 + number // 14 % 12:02}-{1 + number // 168 % 28:02}"


def write(content: Path, number: int, *, more: str = "") -> list[str]:
    """Writes an article; returns its tags."""
    chance = random.Random(number)  # noqa: S311 - no secret
    tags = sorted({f"t{chance.randrange(TAGS)}" for _ in range(3)})
    folder = content / f"s{number % 5}" / ("inner" if number % 2 else "")
    folder.mkdir(parents=True, exist_ok=True)
    head = [
        f"title: Article {number}{more}",
        f"date: {day(number)}",
        f"tags: [{', '.join(tags)}]",
        f"categories: [c{number % 10}]",
        f"authors: [a{number % 20}]",
    ]
    text = made.paragraphs(chance, (150, 300))
    (folder / f"{number}.md").write_text("\n".join(["---", *head, "---", text, more, ""]), encoding="utf-8")
    return tags


def memory(process: int) -> float:
    """What a process holds now, in MB."""
    line = next(line for line in Path(f"/proc/{process}/status").read_text("utf-8").splitlines() if "VmRSS" in line)
    return int(line.split()[1]) / 1024


def asked(port: int, paths: list[str]) -> tuple[dict[str, str], list[float]]:
    """The entity tag of each document, and how long each took."""
    etags, times = dict[str, str](), list[float]()
    for path in paths:
        began = time.perf_counter()
        reply = ask(port, f"/{path}")
        times.append(time.perf_counter() - began)
        if reply.status != 200:
            sys.exit(f"/{path} answers {reply.status}")
        etags[path] = reply["etag"]
    return etags, times


def what_is_asked_for(site: Command, used: set[str]) -> dict[str, str]:
    """Memory by the number of documents; the entity tags of all tags' Atom feeds."""
    start, etags = memory(site.process.pid), dict[str, str]()
    print(f"before anything is asked for: {start:.0f} MB")
    tags = [f"tags/{tag}/" for tag in sorted(used)]
    for names in ([f"{tag}atom.xml" for tag in tags[:100]], [f"{tag}atom.xml" for tag in tags], all_of(tags)):
        found, times = asked(site.port, names)
        etags |= found
        now = memory(site.process.pid)
        each = (now - start) / len(etags) * 1024
        print(f"{len(etags)} documents asked for: {now:.0f} MB ({each:.0f} kB each); p50 {median(times) * 1e3:.1f} ms")
    return {path: etag for path, etag in etags.items() if path.endswith("atom.xml")}


def all_of(channels: list[str]) -> list[str]:
    return [f"{channel}{name}" for channel in channels for name in FEEDS]


def a_change_in_one(site: Command, content: Path, number: int, etags: dict[str, str]) -> None:
    """Which of the tags' feeds have another entity tag once an article that is in their newest was edited."""
    tags = write(content, number, more=" edited")
    before = ask(site.port, "/atom.xml")["etag"]
    until(lambda: ask(site.port, "/atom.xml")["etag"] != before)
    time.sleep(2)  # the others follow within the second
    after, _ = asked(site.port, list(etags))
    changed = sorted(path.split("/")[1] for path, etag in etags.items() if after[path] != etag)
    print(
        f"an article under {', '.join(tags)} was edited: other entity tags under {', '.join(changed)}, of {len(etags)}"
    )


def refused(site: Command) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    for name, query in REFUSED.items():
        times, status = [], 0
        for _ in range(500):
            began = time.perf_counter()
            connection.request("GET", f"/atom.xml?{query}")
            reply = connection.getresponse()
            reply.read()
            times.append(time.perf_counter() - began)
            status = reply.status
        p99 = quantiles(times, n=100)[98]
        print(f"a filter {name}: {status} in {median(times) * 1e3:.2f} ms, p99 {p99 * 1e3:.2f} ms, over a socket")
    connection.close()


def walked(site: Command, path: str) -> tuple[int, set[str]]:
    """How many documents a feed and its archives are, and the ids in them."""
    ids, count, here = set[str](), 0, path
    while here:
        body = ask(site.port, f"/{here}").body
        ids.update(item.id for item in READINGS["atom.xml"](body).items)
        count += 1
        here = archive(body)
    return count, ids


def judged(site: Command, channel: str) -> list[str]:
    """The feeds of a channel, and the archives that they lead to."""
    older = archive(ask(site.port, f"/{channel}atom.xml").body)
    return [*all_of([channel]), *([older.replace("atom.xml", name) for name in FEEDS] if older else [])]


def archive(body: bytes) -> str:
    """The path of the archive that an Atom document leads to; empty for none."""
    links = etree.fromstring(body).findall(f"{ATOM}link[@rel='prev-archive']")
    return urlsplit(links[0].get("href")).path.lstrip("/") if links else ""


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder) / "content"
        used = {tag for number in range(count) for tag in write(content, number)}
        (content / "feedsvc.toml").write_text(SETTINGS, encoding="utf-8")
        port = free_port()
        where = ("--base-url", f"http://127.0.0.1:{port}/", "--database", f"{folder}/catalog.db")
        with Command(content, *where, port=port).ready() as site:
            etags = what_is_asked_for(site, used)
            a_change_in_one(site, content, max(range(count), key=day), etags)
            refused(site)
            for path in ("", "tags/t7/"):
                began = time.perf_counter()
                documents, ids = walked(site, f"{path}atom.xml")
                print(f"/{path}atom.xml and its archives: {documents} documents, {len(ids)} articles, ", end="")
                print(f"{(time.perf_counter() - began) / documents * 1e3:.1f} ms a document")
            for path in ("feeds", "feeds.opml", "sitemap.xml", "sitemap-2025-12.xml", "embed/"):
                _, (seconds,) = asked(site.port, [path])
                print(f"/{path}: {len(ask(site.port, f'/{path}').body)} bytes, first answer {seconds * 1e3:.1f} ms")
            if os.environ.get("FEEDVALIDATOR"):
                paths = [path for kind in (*KINDS, NAMED) for path in judged(site, kind)]
                urls = [f"http://127.0.0.1:{site.port}/{path}" for path in paths]
                judge = Path(__file__).parents[1] / "tests" / "conformance.py"
                subprocess.run([sys.executable, str(judge), os.environ["FEEDVALIDATOR"], *urls], check=False)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
