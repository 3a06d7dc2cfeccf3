"""How programs save and move files: each way is noticed, in few revisions, and nothing is missing meanwhile."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from command import GIVEN_UP_AFTER, until, write
from watching import Watched

from feedsvc.catalog import Catalog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from feedsvc.model import Article

    Save = Callable[[Path, str], None]

STEADY = {f"steady/{number}.md" for number in range(5)}


def text(title: str) -> str:
    return f"---\ntitle: {title}\ndate: 2026-01-01\n---\nA text of {title}.\n"


def in_place(path: Path, new: str) -> None:
    """As nano and VS Code do."""
    path.write_text(new)


def by_a_copy(path: Path, new: str) -> None:
    """As vim does where it keeps the file, with its try whether the folder can be written to."""
    path.with_name("4913").touch()
    path.with_name("4913").unlink()
    shutil.copyfile(path, path.with_name(f"{path.name}~"))
    path.write_text(new)
    path.with_name(f"{path.name}~").unlink()


def by_a_backup(path: Path, new: str) -> None:
    """As vim does where it makes a new file."""
    path.rename(path.with_name(f"{path.name}~"))
    path.write_text(new)
    path.with_name(f"{path.name}~").unlink()


def by_a_backup_that_stays(path: Path, new: str) -> None:
    """As emacs does."""
    path.with_name(f"#{path.name}#").write_text(new)
    path.with_name(f".#{path.name}").symlink_to("me@here.1")
    path.rename(path.with_name(f"{path.name}~"))
    path.write_text(new)
    path.with_name(f"#{path.name}#").unlink()
    path.with_name(f".#{path.name}").unlink()


def by_a_rename(path: Path, new: str) -> None:
    """As gedit, Kate and most scripts do."""
    path.with_name(f"{path.name}.K4jd9s").write_text(new)
    path.with_name(f"{path.name}.K4jd9s").replace(path)


def by_a_rename_with_a_kept_date(path: Path, new: str) -> None:
    """As rsync -a does."""
    path.with_name(f".{path.name}.K4jd9s").write_text(new)
    os.utime(path.with_name(f".{path.name}.K4jd9s"), (1_600_000_000, 1_600_000_000))
    path.with_name(f".{path.name}.K4jd9s").replace(path)


def in_place_with_a_kept_date(path: Path, new: str) -> None:
    """As rsync --inplace does."""
    before = path.stat()
    with path.open("r+") as file:
        file.write(new)
        file.truncate()
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def by_removing_it_first(path: Path, new: str) -> None:
    """As a download does."""
    path.unlink()
    time.sleep(0.1)
    path.write_text(new)


def by_sed(path: Path, new: str) -> None:
    path.with_name("new").write_text(new)
    subprocess.run(["sed", "-i", "-e", "r new", "-e", "d", path.name], cwd=path.parent, check=True)
    path.with_name("new").unlink()


def by_vim(path: Path, new: str) -> None:
    path.with_name("new").write_text(new)
    command = ["vim", "-u", "NONE", "-es", "-c", "set writebackup backupcopy=no", "-c", "%d|r new|1d|wq", path.name]
    subprocess.run(command, cwd=path.parent, check=True, timeout=GIVEN_UP_AFTER)
    path.with_name("new").unlink()


SAVES = [
    *(in_place, by_a_copy, by_a_backup, by_a_backup_that_stays, by_a_rename, by_a_rename_with_a_kept_date),
    *(in_place_with_a_kept_date, by_removing_it_first, by_sed, by_vim),
]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    root = tmp_path_factory.mktemp("tools")
    for address in STEADY:
        write(root / "content" / address, address)
    for save in SAVES:
        (root / "content" / f"{save.__name__}.md").write_text(text(f"Before {save.__name__}"))
    with Watched(root / "content", Catalog(str(root / "catalog.db"))).running() as found:
        until(lambda: len(found.titles()) == len(STEADY) + len(SAVES))
        yield found


@pytest.mark.parametrize("save", SAVES)
def test_a_save_is_one_revision_and_the_article_keeps_its_id(
    watched: Watched, save: Save, peer: Callable[[str], str]
) -> None:
    if save in (by_sed, by_vim):
        peer(save.__name__.removeprefix("by_"))
    address = f"{save.__name__}.md"
    path = watched.folder / address
    before, uri = watched.revision(), ids(watched)[address]
    title = f"Edited {address}"
    save(path, text(title))
    holds(watched, {*STEADY, address}, lambda: title in watched.titles())
    assert watched.revision() == before + 1
    assert ids(watched)[address] == uri


def test_a_tree_that_is_copied_moved_and_moved_out_is_there_as_a_whole(watched: Watched, tmp_path: Path) -> None:
    for number in range(60):
        write(tmp_path / "tree" / str(number % 7) / f"{number}.md", f"Of a tree {number}")
    before = watched.revision()
    shutil.copytree(tmp_path / "tree", watched.folder / "copied")
    holds(watched, STEADY, lambda: sum(address.startswith("copied/") for address in ids(watched)) == 60)
    copied = {uri for address, uri in ids(watched).items() if address.startswith("copied/")}
    (watched.folder / "copied").rename(watched.folder / "moved")
    holds(watched, STEADY, lambda: any(address.startswith("moved/") for address in ids(watched)), count=65 + len(SAVES))
    assert {uri for address, uri in ids(watched).items() if address.startswith("moved/")} == copied
    assert watched.revision() - before <= 4
    for number in range(60):  # all at once would be held
        (watched.folder / "moved" / str(number % 7) / f"{number}.md").write_text("---\ntitle: x\ndraft: true\n---\n")
    holds(watched, STEADY, lambda: not any(address.startswith("moved/") for address in ids(watched)))
    (watched.folder / "moved").rename(tmp_path / "out")


def test_a_checkout_of_another_branch_is_few_revisions(watched: Watched, peer: Callable[[str], str]) -> None:
    peer("git")
    for number in range(300):
        write(watched.folder / "site" / "alike" / f"{number}.md", f"alike {number}")
    kept, left, come = ({f"site/{kind}/{number}.md" for number in range(60)} for kind in ("kept", "left", "come"))
    moved = {f"site/before/{number}.md": f"site/after/{number}.md" for number in range(60)}
    for address in (*kept, *left, *moved):
        write(watched.folder / address, f"{address} of one")
    git(watched, "init", "-q", "-b", "one")
    git(watched, "add", "site")
    git(watched, "commit", "-qm", "one")
    git(watched, "checkout", "-q", "-b", "two")
    for address in left:
        (watched.folder / address).unlink()
    for address in kept:
        write(watched.folder / address, f"{address} of two")
    for address in come:
        write(watched.folder / address, f"{address} of two")
    (watched.folder / "site" / "before").rename(watched.folder / "site" / "after")
    git(watched, "add", "-A", "site")
    git(watched, "commit", "-qm", "two")
    git(watched, "checkout", "-q", "one")
    there = {*STEADY, *kept, *left, *moved}
    holds(watched, STEADY, lambda: there <= set(ids(watched)) and not come.intersection(ids(watched)))
    holds(watched, STEADY, lambda: not any(title.endswith("of two") for title in watched.titles()))
    before, uris = watched.revision(), ids(watched)
    git(watched, "checkout", "-q", "two")
    there = {*STEADY, *kept, *come, *moved.values()}
    holds(watched, {*STEADY, *kept}, lambda: there <= set(ids(watched)) and not left.intersection(ids(watched)))
    holds(watched, {*STEADY, *kept}, lambda: "site/kept/0.md of two" in watched.titles())
    assert watched.revision() - before <= 4
    assert {address: uris[address] for address in kept} == {address: ids(watched)[address] for address in kept}
    assert {uris[address] for address in moved} == {ids(watched)[address] for address in moved.values()}


def git(watched: Watched, *arguments: str) -> None:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@site.example", "-c", "gc.auto=0"]
    subprocess.run(["git", *who, *arguments], cwd=watched.folder, check=True, capture_output=True)


def ids(watched: Watched) -> dict[str, str]:
    return {article.address: article.id for article in articles(watched)}


def articles(watched: Watched) -> tuple[Article, ...]:
    with watched.catalog.snapshot() as snapshot:
        return snapshot.newest("", int(time.time()), limit=5000)


def holds(watched: Watched, there: set[str], came: Callable[[], object], *, count: int = 0) -> None:
    """Waits, and sees that some articles are there all the time."""
    end = time.monotonic() + GIVEN_UP_AFTER
    while not came():
        found = set(ids(watched))
        assert there <= found
        assert len(found) >= count
        assert time.monotonic() < end, (
            f"it did not come: {sorted(found)[:20]} {watched.titles()[:20]} {watched.reports}"
        )
        time.sleep(0.02)
