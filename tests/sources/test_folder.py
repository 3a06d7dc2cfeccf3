"""A folder as a source, with real files."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from feedsvc.errors import RecordError, SourceError
from feedsvc.model import Record
from feedsvc.sources import Mark, Weight
from feedsvc.sources.folder import HEAVIEST, WRITTEN_FOR, Folder, opened_as
from feedsvc.sources.source import LARGEST

if TYPE_CHECKING:
    from collections.abc import Iterator

only_on_linux = pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux only")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    root = tmp_path / "content"
    root.mkdir()
    return Folder(root, frozenset({".md", ".txt"}))


def write(folder: Folder, address: str, text: str = "words") -> Path:
    path = folder.root / address
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def marks(folder: Folder) -> dict[str, Mark]:
    return dict(folder.scan())


def addresses(folder: Folder) -> list[str]:
    return [address for address, _ in folder.scan()]


def fault(folder: Folder, address: str) -> str:
    with pytest.raises(RecordError) as caught:
        folder.read(address)
    return str(caught.value)


def test_addresses_are_sorted_and_relative_with_slashes(folder: Folder) -> None:
    for address in ("b.md", "a/z.md", "a/b/c.txt", "a.md", "Z.MD"):
        write(folder, address)
    assert addresses(folder) == ["Z.MD", "a.md", "a/b/c.txt", "a/z.md", "b.md"]


@pytest.mark.parametrize(
    "address",
    [
        ".hidden.md", "a.md~", "#a.md#", "#a.md", ".a.md.swp", "a.md.swp", "a.md.tmp", "a.md.part", "a.jpg", "md",
        ".git/a.md", ".feedsvc/a.md", "node_modules/a.md", "__pycache__/a.md", "a/.b/c.md",
    ],
)  # fmt: skip
def test_hidden_names_and_editors_copies_are_skipped(folder: Folder, address: str) -> None:
    write(folder, address)
    write(folder, "a.md")
    assert addresses(folder) == ["a.md"]


def test_a_record_is_the_bytes_at_its_address(folder: Folder) -> None:
    write(folder, "a/b.md").write_bytes(b"\xff\r\n")
    assert folder.read("a/b.md") == Record("a/b.md", b"\xff\r\n")


def test_an_untouched_file_keeps_its_mark(folder: Folder) -> None:
    write(folder, "a.md")
    assert marks(folder)["a.md"].value == marks(folder)["a.md"].value


def test_a_file_replaced_by_one_of_the_same_size_and_time_changes_its_mark(folder: Folder) -> None:
    path = write(folder, "a.md", "one")
    status, before = path.stat(), marks(folder)["a.md"].value
    new = write(folder, "new.md", "two")
    os.utime(new, ns=(status.st_atime_ns, status.st_mtime_ns))
    new.replace(path)
    assert marks(folder)["a.md"].value != before


def test_a_file_rewritten_in_place_with_its_old_date_changes_its_mark(folder: Folder) -> None:
    path = write(folder, "a.md", "one")
    status, before = path.stat(), marks(folder)["a.md"].value
    while path.stat().st_ctime_ns == status.st_ctime_ns:  # the kernel's clock moves every few milliseconds
        path.write_text("two")
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert marks(folder)["a.md"].value != before


def test_a_missing_root_is_never_an_empty_scan(tmp_path: Path) -> None:
    root = tmp_path / "gone"
    with pytest.raises(SourceError) as caught:
        list(Folder(root, frozenset({".md"})).scan())
    assert str(caught.value) == (f"{root}: there is no such folder (make it, or name the one that holds the articles)")


def test_a_file_as_root_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "a.md"
    root.touch()
    with pytest.raises(SourceError) as caught:
        list(Folder(root, frozenset({".md"})).scan())
    assert str(caught.value) == f"{root}: is not a folder (name the folder that holds the articles)"


def test_a_root_that_loops_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "loop"
    root.symlink_to(root)
    with pytest.raises(SourceError) as caught:
        list(Folder(root, frozenset({".md"})).scan())
    assert str(caught.value) == (
        f"{root}: cannot be listed: Too many levels of symbolic links (let the user that runs feedsvc read it)"
    )


# Root may list everything, so the scan runs as nobody in a process of its own.
AS_NOBODY = """
import os, sys
from pathlib import Path
from feedsvc.errors import FeedsvcError
from feedsvc.sources.folder import Folder
if os.geteuid() == 0:
    os.setgid(65534); os.setuid(65534)
folder = Folder(Path(sys.argv[1]), frozenset({".md"}))
try:
    print([address for address, _ in folder.scan()])
    print(folder.read("open.md"))
    folder.read("secret.md")
except FeedsvcError as error:
    print(error)
"""


@pytest.fixture
def enterable() -> Iterator[Folder]:
    # pytest closes its own folders to others.
    with tempfile.TemporaryDirectory() as root:
        Path(root).chmod(0o755)
        yield Folder(Path(root), frozenset({".md"}))


def as_nobody(folder: Folder) -> list[str]:
    command = [sys.executable, "-c", AS_NOBODY, str(folder.root)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def test_an_unreadable_folder_below_is_an_error_and_not_a_removal(enterable: Folder) -> None:
    write(enterable, "a.md")
    closed = write(enterable, "closed/b.md").parent
    closed.chmod(0)
    assert as_nobody(enterable) == [
        f"{closed}: cannot be listed: Permission denied (let the user that runs feedsvc read it)"
    ]


def test_an_unreadable_file_is_listed_and_reported(enterable: Folder) -> None:
    write(enterable, "open.md")
    write(enterable, "secret.md").chmod(0)
    assert as_nobody(enterable) == [
        "['open.md', 'secret.md']",
        "Record(address='open.md', body=b'words', key='')",
        "secret.md:1:1: cannot be read: Permission denied (let the user that runs feedsvc read it)",
    ]


def test_an_address_too_long_for_the_system_is_reported(folder: Folder) -> None:
    address = "a" * 300 + ".md"
    assert fault(folder, address) == (
        f"{address}:1:1: cannot be read: File name too long (let the user that runs feedsvc read it)"
    )


def test_a_fifo_is_reported_without_waiting_for_its_writer(folder: Folder) -> None:
    os.mkfifo(folder.root / "a.md")
    assert addresses(folder) == ["a.md"]
    assert fault(folder, "a.md") == "a.md:1:1: is not a regular file (remove it, or put a file there)"


def test_a_socket_is_reported(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.root)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("a.md")
        assert fault(folder, "a.md") == "a.md:1:1: is not a regular file (remove it, or put a file there)"


def test_a_folder_where_a_file_was_is_reported(folder: Folder) -> None:
    write(folder, "a.md/b.md")
    assert fault(folder, "a.md") == "a.md:1:1: is not a regular file (remove it, or put a file there)"
    assert addresses(folder) == ["a.md/b.md"]


def test_a_link_to_a_device_outside_is_reported(folder: Folder) -> None:
    (folder.root / "a.md").symlink_to("/dev/zero")
    assert fault(folder, "a.md") == "a.md:1:1: is a link out of the content folder (put the file itself there)"


def test_a_link_inside_the_folder_is_followed(folder: Folder) -> None:
    write(folder, "a.md", "words")
    (folder.root / "b.md").symlink_to("a.md")
    assert addresses(folder) == ["a.md", "b.md"]
    assert folder.read("b.md") == Record("b.md", b"words")


def test_a_link_out_of_the_folder_is_listed_and_reported(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret")
    (folder.root / "a.md").symlink_to("../secret.md")
    assert addresses(folder) == ["a.md"]
    assert fault(folder, "a.md") == "a.md:1:1: is a link out of the content folder (put the file itself there)"


def test_an_address_with_dots_does_not_leave_the_folder(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret")
    assert fault(folder, "../secret.md") == (
        "../secret.md:1:1: is a link out of the content folder (put the file itself there)"
    )


def test_a_root_that_is_a_link_is_followed(folder: Folder, tmp_path: Path) -> None:
    write(folder, "a.md")
    (tmp_path / "current").symlink_to("content")
    linked = Folder(tmp_path / "current", folder.suffixes)
    assert addresses(linked) == ["a.md"]
    assert linked.read("a.md") == Record("a.md", b"words")


def test_a_linked_folder_is_not_entered(folder: Folder, tmp_path: Path) -> None:
    (folder.root / "loop").symlink_to(".")
    (folder.root / "outside").symlink_to(tmp_path)
    write(folder, "a.md")
    assert addresses(folder) == ["a.md"]


def test_a_link_that_loops_is_listed_and_reported(folder: Folder) -> None:
    (folder.root / "a.md").symlink_to("a.md")
    assert addresses(folder) == ["a.md"]
    assert fault(folder, "a.md") == "a.md:1:1: is not a regular file (remove it, or put a file there)"


def test_a_link_to_nothing_is_no_record(folder: Folder) -> None:
    (folder.root / "a.md").symlink_to("gone.md")
    assert marks(folder) == {}
    assert folder.read("a.md") is None


def test_a_file_that_vanished_since_the_scan_is_none(folder: Folder) -> None:
    write(folder, "b/a.md").unlink()
    assert folder.read("b/a.md") is None
    (folder.root / "b").rmdir()
    write(folder, "b")
    assert folder.read("b/a.md") is None


def test_a_folder_that_vanishes_while_it_is_scanned_holds_nothing(folder: Folder) -> None:
    write(folder, "a.md")
    below = write(folder, "b/c.md")
    scan = folder.scan()
    assert next(scan)[0] == "a.md"
    below.unlink()
    below.parent.rmdir()
    assert list(scan) == []


def test_some_places_are_looked_at_alone(folder: Folder) -> None:
    for address in ("a.md", "b.md", "c/d.md", "c/e/f.md", "c.md", "g.jpg", "node_modules/h.md", ".i/j.md"):
        write(folder, address)
    (folder.root / "link").symlink_to(folder.root / "c")

    def found(*places: str) -> list[str]:
        return [address for address, _ in folder.scan(places)]

    assert found() == []
    assert found("b.md", "a.md", "none.md", "g.jpg") == ["a.md", "b.md"]
    assert found("c", "c.md", "c/e", "c/d.md") == ["c.md", "c/d.md", "c/e/f.md"]
    assert found("c/e/f.md", "node_modules", "node_modules/h.md", ".i", ".i/j.md", "link", "link/d.md") == ["c/e/f.md"]


def test_where_the_folder_is_gone_no_place_in_it_looks_removed(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no such folder"):
        list(Folder(tmp_path / "gone", frozenset({".md"})).scan(["a.md"]))


def test_a_file_that_takes_the_place_of_another_is_told_from_one_that_is_written_anew(folder: Folder) -> None:
    path = write(folder, "a.md", "one")
    before = marks(folder)["a.md"].value
    path.write_text("three")
    assert not folder.is_replaced("a.md", before, marks(folder)["a.md"])
    write(folder, "b.md", "two").replace(path)
    assert folder.is_replaced("a.md", before, marks(folder)["a.md"])


@only_on_linux
def test_a_new_file_under_an_old_name_takes_its_place_when_it_is_closed(folder: Folder) -> None:
    path = write(folder, "a.md", "one")
    before = marks(folder)["a.md"].value
    path.rename(folder.root / "a.md~")
    with path.open("w") as file:
        file.write("tw")
        file.flush()
        assert not folder.is_replaced("a.md", before, marks(folder)["a.md"])
        file.write("o")
    assert folder.is_replaced("a.md", before, marks(folder)["a.md"])
    path.unlink()
    path.symlink_to("/etc/passwd")
    assert folder.is_replaced("a.md", before, Mark("1 1 1 1", 0.0, is_settled=False))


@only_on_linux
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
def test_where_nobody_can_tell_who_writes_a_rename_is_known_by_its_instant() -> None:
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        folder = Folder(Path(place), frozenset({".md"}))
        path = write(folder, "a.md", "one")
        before = marks(folder)["a.md"].value
        new = write(folder, "b.md", "two")
        os.utime(new, (1, 1))
        new.replace(path)
        try:
            os.seteuid(65534)
            renamed = folder.is_replaced("a.md", before, marks(folder)["a.md"])
            made = folder.is_replaced("a.md", before, Mark("5 5 3 1", 0.0, is_settled=False))
        finally:
            os.seteuid(0)
    assert (renamed, made) == (True, False)


@only_on_linux
def test_what_is_not_as_it_was_or_is_being_written_is_not_read(folder: Folder) -> None:
    path = write(folder, "a.md", "one")
    mark = marks(folder)["a.md"]
    assert folder.read("a.md", mark) == Record("a.md", b"one")
    assert folder.weigh("a.md", mark) is not None
    with path.open("a"):
        assert folder.read("a.md", mark) is None
        assert folder.weigh("a.md", mark) is None
        assert folder.read("a.md", mark._replace(age=WRITTEN_FOR)) is not None
    path.write_text("other")
    assert folder.read("a.md", mark) is None
    assert folder.read("a.md") == Record("a.md", b"other")


def test_a_rename_leaves_a_trace(folder: Folder) -> None:
    path = write(folder, "a.md", "one")
    before = folder.trace(marks(folder)["a.md"].value)
    path.rename(folder.root / "b.md")
    assert folder.trace(marks(folder)["b.md"].value) == before
    write(folder, "a.md", "one")
    assert folder.trace(marks(folder)["a.md"].value) != before
    assert folder.trace("error 13") == "error"


def test_how_old_a_file_is_is_told_by_the_clock_of_the_moment_it_is_looked_at(folder: Folder) -> None:
    times = iter([1000.0, 2000.0])
    os.utime(write(folder, "a.md"), (0, 0))
    os.utime(write(folder, "b/c.md"), (1999, 1999))
    late = replace(folder, clock=lambda: next(times))
    assert [mark.age for _, mark in late.scan()] == [1000.0, 1.0]


def test_a_file_of_fifty_megabytes_is_not_read(folder: Folder) -> None:
    with (folder.root / "a.md").open("wb") as file:
        file.truncate(50_000_000)
    assert fault(folder, "a.md") == ("a.md:1:1: is larger than 16 MiB (split it, or make it smaller)")


def test_a_file_of_the_largest_size_is_read(folder: Folder) -> None:
    with (folder.root / "a.md").open("wb") as file:
        file.truncate(LARGEST)
    record = folder.read("a.md")
    assert record
    assert len(record.body) == LARGEST


@only_on_linux
@pytest.mark.parametrize(("name", "address"), [(b"caf\xe9.md", r"caf\xe9.md"), (b"a\nb.md", r"a\x0ab.md")])
def test_a_name_no_document_can_carry_is_reported(folder: Folder, name: bytes, address: str) -> None:
    (folder.root / os.fsdecode(name)).touch()
    assert addresses(folder) == [address]
    assert fault(folder, address) == (
        f"{address}:1:1: its name holds bytes that are not UTF-8, or control characters (rename it)"
    )


def marked(folder: Folder, address: str) -> str:
    return marks(folder)[address].value


def test_a_file_is_weighed_without_being_held(folder: Folder) -> None:
    write(folder, "a.md", "words")
    assert folder.weigh("a.md") == Weight(5, sha256(b"words").hexdigest())
    assert folder.weigh("none.md") is None
    with (folder.root / "large.md").open("wb") as file:
        file.truncate(HEAVIEST + 1)
    with pytest.raises(RecordError, match="is larger than 1024 MiB"):
        folder.weigh("large.md")


def test_a_file_is_opened_while_it_is_what_it_was(folder: Folder) -> None:
    path = write(folder, "a.md", "words")
    mark = marked(folder, "a.md")
    file = opened_as(folder.root, "a.md", mark)
    assert file is not None
    with file:
        assert file.read() == b"words"
    path.write_text("other words")
    assert opened_as(folder.root, "a.md", mark) is None
    path.unlink()
    assert opened_as(folder.root, "a.md", mark) is None


def test_no_file_outside_is_opened(folder: Folder) -> None:
    outside = folder.root.parent / "outside.md"
    outside.write_text("secret")
    (folder.root / "a.md").symlink_to(outside)
    mark = marked(folder, "a.md")
    assert opened_as(folder.root, "a.md", mark) is None
    assert opened_as(folder.root, "../outside.md", mark) is None
