"""The sites that Chromium is shown: written once for all workers, and served by each at a host name of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import paintings
import texts
from house import NOON, Clock, House
from msgspec.structs import replace
from serving import CONTENT, Service, until

from feedsvc.config import Site, complete, load
from feedsvc.indexing import index
from feedsvc.web import server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from serving import Reply

MANY = 10_000


@dataclass(frozen=True)
class Written:
    """A site as it stands in its folder.

    Attributes:
        write: puts its articles into a house's folder, and syncs them.
        now: what time it is there, in seconds since the epoch.
        content: where its files are; None for a folder of its own.
    """

    site: Site
    write: Callable[[House], object]
    now: float = NOON
    content: Path | None = None

    @property
    def origin(self) -> str:
        return self.site.base_url.rstrip("/")


def _site(host: str, title: str, *, description: str = "", language: str = "en") -> Site:
    given = Site(title=title, base_url=f"http://{host}/", description=description, language=language)
    return complete(given, folder_name="", address="")


def _news(house: House) -> None:
    for number in range(len(texts.HEADLINES)):
        _put(house, f"{texts.TAGS[number % len(texts.TAGS)].split()[0].lower()}/{number:02}.md", texts.plain(number))
    _put(house, "images/sea.png", paintings.png(1200, 675))
    _put(house, "images/lantern.svg", paintings.svg(640, 360))
    for address, record in texts.ODD.items():
        _put(house, address, record)
    house.sync()
    house.remove(texts.WITHDRAWN)
    house.sync_after()


def _odd(house: House) -> None:
    _put(house, "images/lantern.svg", paintings.svg(640, 360))
    _put(house, "harbour/everything.md", texts.ODD["harbour/everything.md"])
    house.sync()


def _one(house: House) -> None:
    _put(house, "a.md", texts.record("The only article so far", "2026-01-09", " ".join(texts.SENTENCES[:3]), slug="a"))
    house.sync()


def _many(house: House) -> None:
    rows = [
        {
            "title": f"Notice {number:,} of the harbour office",
            "date": f"{1990 + number % 36}-{number // 36 % 12 + 1:02}-{number % 28 + 1:02}",
            "slug": f"notice-{number}",
            "tags": [f"Berth {number % 30}"],
            "text": f"Berth {number % 30} is free from noon.",
        }
        for number in range(MANY)
    ]
    for start in range(0, MANY, 100):
        _put(house, f"{start}.json", json.dumps(rows[start : start + 100]))
    house.sync()


def _right_to_left(house: House) -> None:
    _put(
        house,
        "a.md",
        texts.record("العبارة الأخيرة تغادر في السابعة", "2026-01-07", texts.ARABIC, slug="a", tags="[الميناء]"),
    )
    _put(house, "b.md", texts.record("A word in English", "2026-01-05", texts.SENTENCES[0], slug="b", language="en"))
    house.sync()


SITES = {
    "news": Written(
        _site("lantern.example", "The Lantern", description="What happens in a small harbour town."), _news
    ),
    "one": Written(_site("one.example", "A new site"), _one),
    "empty": Written(_site("empty.example", "An empty site"), House.sync),
    "many": Written(_site("many.example", "The Harbour Office"), _many),
    "arabic": Written(
        _site("arabic.example", "الفانوس", description="أخبار مدينة صغيرة.", language="ar"), _right_to_left
    ),
    # Of one scheme, whatever the device that they are read on is set to.
    "dark": Written(replace(_site("dark.example", "By night", description="Always."), color_scheme="dark"), _odd),
    "light": Written(replace(_site("light.example", "By day", description="Always."), color_scheme="light"), _odd),
    "sample": Written(
        complete(load(CONTENT, {}, {"base_url": "http://news.example/"}).site, folder_name="", address=""),
        House.sync,
        now=1_795_600_000,
        content=CONTENT,
    ),
}


class Sites:
    """All of them, for as long as a worker runs: each is there as soon as it is asked for.

    Args:
        folder: of all workers; a site is written there by the first who needs it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sockets = {name: server.listen("127.0.0.1", 0) for name in SITES}
        self._services: dict[str, Service] = {}

    @property
    def resolver(self) -> str:
        """Rules by which Chromium finds these hosts, and no other."""
        ports = ((SITES[name].origin.partition("//")[2], each.getsockname()[1]) for name, each in self._sockets.items())
        return ",".join([*(f"MAP {host} 127.0.0.1:{port}" for host, port in ports), "MAP * ~NOTFOUND"])

    def url(self, name: str, path: str) -> str:
        """Where a page of a site is for Chromium."""
        self._serve(name)
        return SITES[name].origin + path

    def ask(self, name: str, path: str) -> Reply:
        """What a browser is answered that goes to a path."""
        accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
        return self._serve(name).ask(path, {"Accept": accept, "Sec-Fetch-Dest": "document"})

    def close(self) -> None:
        for each in self._services.values():
            each.stop()
            each.house.catalog.close()
        for listening in self._sockets.values():
            listening.close()

    def _serve(self, name: str) -> Service:
        if name not in self._services:
            self._services[name] = Service(self._house(name), listening=self._sockets[name])
        return self._services[name]

    def _house(self, name: str) -> House:
        written, folder = SITES[name], self._folder / name
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            until((folder / "written").exists)
        house = House(
            written.content or folder / "content", str(folder / "catalog.db"), Clock(written.now), written.site
        )
        if not (folder / "written").exists():
            written.write(house)
            if name != "many":  # its words would take longer than all the rest
                index(house.catalog, lambda _seconds: False)
            (folder / "written").touch()
        house.clock.now = written.now + 60
        return house


def _put(house: House, address: str, body: str | bytes) -> None:
    path = house.content / address
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body.encode() if isinstance(body, str) else body)
