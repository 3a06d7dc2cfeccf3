"""Law 3 on a real process: whatever lies in the folder, the good articles are published and the others are named."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from serving import FEEDS, READINGS, Command, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BOMB = "\n".join(
    [
        "a: &a [x, x, x, x, x, x, x, x, x]",
        *(f"{n}: &{n} [{', '.join([f'*{p}'] * 9)}]" for p, n in zip("abcdefgh", "bcdefghi", strict=True)),
    ]
)
BAD = {
    "backspace.md": b"---\ntitle: a\x08b\ndate: 2026-01-01\n---\nText.\n",
    "surrogate.md": b'---\ntitle: "a \\ud800 b"\ndate: 2026-01-01\n---\nText.\n',
    "latin-1.md": b"---\ntitle: caf\xe9\ndate: 2026-01-01\n---\nText.\n",
    "no-date.md": b"---\ntitle: Some day\n---\nText.\n",
    "never.md": b"---\ntitle: Never\ndate: 2026-13-45\n---\nText.\n",
    "open.md": b"---\ntitle: Open\ndate: 2026-01-01\n\nText without end.\n",
    "bomb.md": f"---\ntitle: Bomb\ndate: 2026-01-01\n{BOMB}\n---\nText.\n".encode(),
    "deep.md": b"---\ntitle: Deep\ndate: 2026-01-01\nx: " + b"[" * 50_000 + b"\n---\nText.\n",
    "digits.md": b"---\ntitle: Digits\ndate: " + b"9" * 6000 + b"\n---\nText.\n",
    "huge.md": b"---\ntitle: Huge\ndate: 2026-01-01\n---\n" + b"Words of a long text.\n" * 800_000,
    "zeros.md": bytes(5000),
}
GOOD = {
    f"good-{number}.md": f"---\ntitle: Good {number}\ndate: 2026-01-0{number}\n---\nText.\n" for number in range(1, 6)
}


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    place = tmp_path_factory.mktemp("hostile")
    content = place / "content"
    content.mkdir()
    for name, text in GOOD.items():
        (content / name).write_text(text, encoding="utf-8")
    for name, body in BAD.items():
        (content / name).write_bytes(body)
    set_traps(content, place)
    with Command(content) as started:
        yield started.ready()
        assert "Traceback" not in started.output


def set_traps(content: Path, place: Path) -> None:
    (place / "secret.md").write_text("---\ntitle: Secret\ndate: 2026-01-01\n---\nText.\n", encoding="utf-8")
    os.mkfifo(content / "pipe.md")
    (content / "out.md").symlink_to(place / "secret.md")
    (content / "nowhere.md").symlink_to(place / "nothing.md")
    (content / "round").symlink_to(content)
    (content / "folder.md").mkdir()
    (content / os.fsdecode(b"name-\xff.md")).write_text(
        "---\ntitle: N\ndate: 2026-01-01\n---\nText.\n", encoding="utf-8"
    )


@pytest.mark.parametrize("name", FEEDS)
def test_every_feed_holds_the_good_articles_and_nothing_else(command: Command, name: str) -> None:
    reply = command.ask(f"/{name}")
    assert reply.status == 200
    titles = [item.title for item in READINGS[name](reply.body).items]
    assert titles == [f"Good {number}" for number in range(5, 0, -1)]


@pytest.mark.parametrize("name", [*BAD, "pipe.md", "out.md"])
def test_each_bad_record_is_named_with_its_cure(command: Command, name: str) -> None:
    said = until(lambda: [line for line in command.output.splitlines() if f"/{name}:" in f"/{line}"])
    assert all(line.endswith(")") for line in said)


def test_pages_are_served_as_ever(command: Command) -> None:
    assert command.ask("/").status == 200
    assert command.ask("/articles/good-1").status == 200
    assert command.ask("/articles/secret").status == 404
