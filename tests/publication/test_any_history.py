"""Random histories of a site, and somebody who walks through its archives meanwhile: nothing that stays is missed."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from asking import Readers
from house import SITE, House
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from walking import Lost, walk

from feedsvc.errors import NotFound
from feedsvc.publication.making import made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feedsvc.model import Article

HOUR, DAY = 3_600, 86_400
NAMES = "abcdef"
DEEDS = ("publish", "back-date", "schedule", "edit", "rewrite", "withdraw", "expire", "remove", "picture", "rename")


@dataclass(frozen=True)
class Step:
    """Something that happens to a file, some seconds after the last."""

    name: str
    deed: str
    days: int
    wait: int


steps = st.lists(
    st.builds(
        Step,
        st.sampled_from(NAMES),
        st.sampled_from(DEEDS),
        st.sampled_from([0, 1, 2, 20, 40]),
        st.sampled_from([1, 1, HOUR, DAY, 9 * DAY]),
    ),
    min_size=5,
    max_size=12,
)


class Chronicle:
    """A house in which steps are taken."""

    def __init__(self, folder: str, kind: str, entries: int) -> None:
        self.house = House(Path(folder) / "content", "memory", site=replace(SITE, archive=kind, entries=entries))
        self.readers = Readers(self.house)
        self.keys: dict[str, dict[str, str]] = {}
        self.known: set[str] = set()
        self.sync(0)

    def take(self, step: Step) -> None:
        """Does what a step says, where that can be done, and syncs."""
        house, keys = self.house, dict(self.keys.get(step.name, {}))
        at = datetime.fromtimestamp(house.clock.now, UTC)
        if step.deed == "picture":
            (house.content / "a.svg").write_bytes(f"<svg>{house.clock.now}</svg>".encode())
        elif step.deed == "remove" and keys:
            house.remove(f"{step.name}.md")
            del self.keys[step.name]
        elif step.deed in {"publish", "back-date", "schedule"}:
            days = {"publish": 0, "back-date": -step.days, "schedule": step.days}[step.deed]
            self.write(step.name, {**keys, "date": f"{at + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"})
        elif keys:
            until = f"{at + timedelta(days=step.days):%Y-%m-%dT%H:%M:%SZ}"
            more = {
                "edit": {"updated": f"{at:%Y-%m-%dT%H:%M:%SZ}", "text": f"Edited on {at}."},
                "rewrite": {"text": f"Rewritten on {at}. ![](a.svg)"},
                "withdraw": {"withdrawn": until},
                "expire": {"expires": until},
                "rename": {"slug": f"{step.name}-{step.days}"},
            }
            self.write(step.name, {**keys, **more[step.deed]})
        self.sync(step.wait)

    def write(self, name: str, keys: dict[str, str]) -> None:
        self.keys[name] = keys
        self.house.write(f"{name}.md", id=f"urn:lantern:{name}", tags="[t]", **keys)

    def sync(self, seconds: float) -> None:
        self.house.sync_after(seconds)
        self.readers.refresh()

    def live(self) -> dict[str, Article]:
        return {article.id: article for article in self.house.articles()}

    def get(self, path: str) -> bytes:
        """What is served, which has to be what one would serve who has made nothing before."""
        try:
            body = self.readers.body(path)
        except NotFound:
            raise Lost from None
        self.known.add(path)
        anew = made(self.house.catalog, path, self.house.clock).document
        assert anew.representations["identity"].body == body
        assert anew.lifetime == replace(
            self.readers.get(path).lifetime, good_until=anew.lifetime.good_until, channels=anew.lifetime.channels
        )
        return body

    def look(self) -> None:
        """Asks again for all that was ever there."""
        for path in sorted(self.known):
            with suppress(Lost):
                self.get(path)

    def close(self) -> None:
        self.readers.close()
        self.house.catalog.close()


@settings(max_examples=12)
@given(
    steps, steps, st.sampled_from(["day", "day", "month", "year"]), st.integers(1, 4), st.sampled_from(["", "tags/t/"])
)
def test_who_walks_through_the_archives_sees_everything_that_stays(
    before: list[Step], meanwhile: list[Step], kind: str, entries: int, channel: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        chronicle = Chronicle(folder, kind, entries)
        try:
            check(chronicle, before, meanwhile, channel)
        finally:
            chronicle.close()


def check(chronicle: Chronicle, before: list[Step], meanwhile: list[Step], channel: str) -> None:
    chronicle.take(Step("a", "publish", 0, HOUR))
    for number, name in enumerate(NAMES[1:]):
        chronicle.take(Step(name, "back-date", 20 * number, DAY))
    walk(chronicle.get, f"{channel}rss.xml")
    for step in before:
        chronicle.take(step)
        chronicle.look()
    live = chronicle.live()
    for name in ("atom.xml", "feed.json"):
        seen = walk(chronicle.get, channel + name)
        assert set(seen) == set(live)
        # Of two copies none is older: nothing has changed while they were fetched.
        assert all(item.updated == live[id_].updated for id_, items in seen.items() for item in items)
    coming: Iterator[Step] = iter(meanwhile)
    stays = dict(live)

    def happens() -> None:
        step = next(coming, None)
        if step is not None:
            chronicle.take(step)
        now = chronicle.live()
        for id_, article in list(stays.items()):
            if id_ not in now or now[id_].published != article.published:
                del stays[id_]

    seen = walk(chronicle.get, f"{channel}atom.xml", happens)
    assert set(stays) <= set(seen)
