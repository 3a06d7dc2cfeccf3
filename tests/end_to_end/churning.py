"""A folder that changes all the time, in every way that real ones do; and what may be served of it meanwhile.

Each article carries a digest of its own text, so that a half of one is found out; and a number of its own, so that it
is known again whatever its file is called.
"""

from __future__ import annotations

import json
import os
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from random import Random

    from serving import Reply

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"

# What takes longer than this between two of its steps, in seconds, may be taken for a removal by right.
MOMENT = 0.3


@dataclass(frozen=True)
class Item:
    """An entry as a reader sees it."""

    number: int
    version: int
    id: str
    published: datetime


@dataclass
class Piece:
    """An article of the folder.

    Attributes:
        is_sure: whether it must be served: it was never removed, nor away for longer than a moment.
        is_moved: whether its file was renamed at any time.
    """

    number: int
    path: Path
    version: int = 0
    is_sure: bool = True
    is_moved: bool = False

    @property
    def has_id(self) -> bool:
        """Whether it says its id itself; else only its text, or else its address, tells who it is."""
        return self.number % 4 != 0

    @property
    def text(self) -> str:
        words = f"Number {self.number} in version {self.version} says: " + "word " * (20 + self.number % 60)
        digest = sha256(words.encode()).hexdigest()[:16]
        minute = f"2026-01-{1 + self.number // 1000:02}T{self.number // 60 % 24:02}:{self.number % 60:02}:00Z"
        lines = ["---", f"title: Number {self.number} in version {self.version}", f"date: {minute}"]
        lines += [f"id: urn:x:{self.number}"] if self.has_id else []
        return "\n".join([*lines, f"tags: [all, t{self.number % 3}]", "---", "", words + digest, ""])


@dataclass
class Writer:
    """Changes a folder, a seeded way after the other.

    Attributes:
        seen: the version of each article that was served last.
        done: what it did, with the instants.
    """

    content: Path
    random: Random
    pieces: list[Piece] = field(default_factory=list)
    seen: dict[int, int] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    _last: int = 0

    def add(self, count: int = 1) -> None:
        for _ in range(count):
            self._last += 1
            folder = self.content / f"f{self._last % 4}"
            folder.mkdir(exist_ok=True)
            piece = Piece(self._last, folder / f"n{self._last}.md")
            piece.path.write_text(piece.text, encoding="utf-8")
            self.pieces.append(piece)

    def step(self) -> None:
        """One change, or many at once."""
        ways: list[tuple[int, Callable[[], None]]] = [
            *((8, self.replace_one), (5, self.save_slowly), (3, self.save_in_two_goes), (4, self.make_anew)),
            *((4, self.add), (4, self.remove_one), (3, self.touch), (4, self.swap), (3, self.rename_one)),
            *((2, self.rename_folder), (2, self.change_many), (1, self.vanish), (3, self.keep_date)),
        ]
        (way,) = self.random.choices([way for _, way in ways], [weight for weight, _ in ways])
        self._note(way.__name__)
        way()
        self._note("done")

    def replace_one(self) -> None:
        self._replace(self._edited())

    def keep_date(self) -> None:
        piece = self._edited()
        self._replace(piece, times=(1_700_000_000, piece.path.stat().st_mtime))

    def save_slowly(self) -> None:
        """In place, by somebody who waits in the middle with the file open."""
        piece = self._edited()
        piece.version += 1
        with piece.path.open("w", encoding="utf-8") as file:
            self._write_slowly(piece, file)

    def make_anew(self) -> None:
        """A new file under the old name, as an editor does that keeps the old one."""
        piece = self._edited()
        piece.version += 1
        with self._quickly(piece):
            piece.path.rename(piece.path.with_name(f"{piece.path.name}~"))
            file = piece.path.open("w", encoding="utf-8")
        with file:
            self._write_slowly(piece, file)

    def _write_slowly(self, piece: Piece, file: Any) -> None:
        half = len(piece.text) * 2 // 3
        file.write(piece.text[:half])
        file.flush()
        time.sleep(self.random.choice([0.05, 0.6, 0.9]))
        file.write(piece.text[half:])

    def save_in_two_goes(self) -> None:
        """In place, and closed in between: half a front matter, then the rest."""
        piece = self._edited()
        piece.version += 1
        piece.path.write_text(piece.text[:20], encoding="utf-8")
        time.sleep(self.random.choice([0.05, 0.5]))
        with piece.path.open("a", encoding="utf-8") as file:
            file.write(piece.text[20:])

    def remove_one(self) -> None:
        piece = self._any()
        piece.is_sure = False
        self.pieces.remove(piece)
        piece.path.unlink()

    def touch(self) -> None:
        os.utime(self._any().path)

    def swap(self) -> None:
        one, other = self.random.sample([piece for piece in self.pieces if self._is_known(piece)], 2)
        self._note(f"{one.number} {other.number}")
        away = one.path.with_name(".away")
        with self._quickly(one, other):
            one.path.rename(away)
            other.path.rename(one.path)
            away.rename(other.path)
        one.path, other.path = other.path, one.path
        one.is_moved = other.is_moved = True

    def rename_one(self) -> None:
        piece = self.random.choice([piece for piece in self.pieces if self._is_known(piece)])
        name = piece.path.with_name(piece.path.name.swapcase() if self.random.random() < 0.5 else f"x{piece.path.name}")
        with self._quickly(piece):
            piece.path.rename(name)
        piece.path, piece.is_moved = name, True

    def rename_folder(self) -> None:
        folder = self._any().path.parent
        name = folder.with_name(folder.name.swapcase() if self.random.random() < 0.5 else f"{folder.name}x")
        inside = [piece for piece in self.pieces if piece.path.parent == folder]
        if name.exists() or not all(map(self._is_known, inside)):
            return
        with self._quickly(*inside):
            folder.rename(name)
        for piece in inside:
            piece.path, piece.is_moved = name / piece.path.name, True

    def change_many(self) -> None:
        for piece in self.random.sample(self.pieces, len(self.pieces) * 3 // 4):
            if self._is_editable(piece):
                self._replace(piece)

    def vanish(self) -> None:
        """The whole folder is away for a second."""
        away = self.content.with_name("away")
        self.content.rename(away)
        time.sleep(1.0)
        away.rename(self.content)

    def clean_up(self) -> None:
        """What editors leave goes."""
        for path in self.content.rglob("*~"):
            path.unlink()

    def _note(self, what: object) -> None:
        self.done.append(f"{time.time() % 1000:.3f} {what}")

    def _any(self) -> Piece:
        return self.random.choice(self.pieces)

    def _edited(self) -> Piece:
        piece = self.random.choice([piece for piece in self.pieces if self._is_editable(piece)])
        self._note(f"{piece.number} {piece.path.name}")
        return piece

    @staticmethod
    def _is_editable(piece: Piece) -> bool:
        # A text that is edited and moved before anybody looks is another text in another place.
        return piece.has_id or not piece.is_moved

    def _is_known(self, piece: Piece) -> bool:
        return piece.has_id or self.seen.get(piece.number) == piece.version

    def _replace(self, piece: Piece, times: tuple[float, float] | None = None) -> None:
        piece.version += 1
        new = piece.path.with_name(".new")
        new.write_text(piece.text, encoding="utf-8")
        if times is not None:
            os.utime(new, times)
        new.replace(piece.path)

    @contextmanager
    def _quickly(self, *pieces: Piece) -> Iterator[None]:
        """What is not is no fault of who serves it."""
        sure = [piece for piece in pieces if piece.is_sure]
        began = time.monotonic()
        yield
        if time.monotonic() - began > MOMENT:  # pragma: no cover - on a machine that stands still
            for piece in sure:
                piece.is_sure = False


@dataclass
class Reader:
    """Reads feeds, and holds what must be so of each answer and from one to the next.

    Attributes:
        faults: what was not so.
    """

    writer: Writer
    faults: list[str] = field(default_factory=list)
    answers: int = 0
    changes: int = 0
    _known: dict[int, Item] = field(default_factory=dict)
    _last: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)
    _bytes: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def read(self, path: str, ask: Callable[[str], Reply]) -> tuple[Item, ...]:
        """The entries of a feed."""
        expected = [number for number in self._known if self._is_in(path, number)]
        answer = ask(path)
        surely = {piece.number for piece in self.writer.pieces if piece.is_sure}
        self.answers += 1
        if answer.status != 200:
            self.faults.append(f"{path}: {answer.status} {answer.body[:200]!r}")
            return ()
        self._compare(path, answer)
        items = tuple(self._items(path, answer.body))
        self._judge(path, items)
        missing = surely.intersection(expected) - {item.number for item in items}
        if missing:
            self.faults.append(f"{path}: lost {sorted(missing)} at {time.time() % 1000:.3f}")
        return items

    def _compare(self, path: str, answer: Reply) -> None:
        etag, modified, digest = answer["etag"], answer["last-modified"], sha256(answer.body).digest()
        before = self._last.get(path, (etag, modified, digest))
        if (before[0] == etag) != (before[2] == digest):
            self.faults.append(
                f"{path}: the entity tag went from {before[0]} to {etag}, the bytes did not, or the reverse"
            )
        if self._bytes.setdefault((path, etag), digest) != digest:
            self.faults.append(f"{path}: {etag} named other bytes before")
        if before[0] != etag:
            self.changes += 1
            if instant(modified) <= instant(before[1]):
                self.faults.append(f"{path}: Last-Modified went from {before[1]} to {modified} under a change")
        self._last[path] = etag, modified, digest

    def _items(self, path: str, body: bytes) -> Iterator[Item]:
        for identity, title, published, html in _entries(path, body):
            found = re.fullmatch(r"Number (\d+) in version (\d+)", title)
            text = re.sub(r"<[^>]+>", "", html).strip()
            words, digest = text[:-16], text[-16:]
            if (
                found is None
                or sha256(words.encode()).hexdigest()[:16] != digest
                or not words.startswith(f"{title} says")
            ):
                self.faults.append(f"{path}: {title!r} is not whole: {html[:100]!r} … {html[-100:]!r}")
                continue
            yield Item(int(found[1]), int(found[2]), identity, instant(published))

    def _judge(self, path: str, items: tuple[Item, ...]) -> None:
        numbers = [item.number for item in items]
        if sorted(numbers, reverse=True) != numbers or len({item.id for item in items}) != len(items):
            self.faults.append(f"{path}: not newest first, or not one for each id: {numbers}")
        for item in items:
            self.writer.seen[item.number] = item.version
            known = self._known.setdefault(item.number, item)
            if (known.id, known.published) != (item.id, item.published):
                self.faults.append(f"{path}: {known} became {item}")

    @staticmethod
    def _is_in(path: str, number: int) -> bool:
        return "/tags/t" not in path or path.startswith(f"/tags/t{number % 3}/")


def instant(date: str) -> datetime:
    return parsedate_to_datetime(date) if "," in date else datetime.fromisoformat(date)


def _entries(path: str, body: bytes) -> Iterator[tuple[str, str, str, str]]:
    """Id, title, date and text of each entry."""
    if path.endswith("feed.json"):
        for item in json.loads(body)["items"]:
            yield item["id"], item["title"], item["date_published"], item["content_html"]
        return
    tree = etree.fromstring(body)
    if path.endswith("atom.xml"):
        names, entries = ["id", "title", "published", "content"], tree.findall(f"{ATOM}entry")
        fields = [f"{ATOM}{name}" for name in names]
    else:
        fields, entries = ["guid", "title", "pubDate", CONTENT], tree.findall("channel/item")
    for entry in entries:
        identity, title, published, html = (entry.findtext(name) or "" for name in fields)
        yield identity, title, published, html
