"""Where the catalog lives, on disks that allow it and on disks that do not (chmod would not stop root)."""

from __future__ import annotations

import os
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest

from feedsvc.catalog import Catalog, place
from feedsvc.catalog.database import MEMORY


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    return folder


@pytest.fixture
def temporary(tmp_path: Path, content: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for a content folder that cannot be written; it is not made yet."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    digest = sha256(os.fsencode(content.resolve())).hexdigest()[:12]
    return tmp_path / "temporary" / f"feedsvc-{os.getuid()}-{digest}"


def test_it_lives_in_the_content_folder_and_git_does_not_see_it(content: Path) -> None:
    assert place(content) == str(content / ".feedsvc" / "catalog.db")
    assert (content / ".feedsvc" / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert (content / ".feedsvc").stat().st_mode & 0o777 == 0o700


def test_what_a_person_wrote_for_git_is_kept(content: Path) -> None:
    place(content)
    (content / ".feedsvc" / ".gitignore").write_text("mine", encoding="utf-8")
    place(content)
    assert (content / ".feedsvc" / ".gitignore").read_text(encoding="utf-8") == "mine"


def test_in_a_folder_that_cannot_be_written_it_lives_in_the_temporary_one(content: Path, temporary: Path) -> None:
    (content / ".feedsvc").touch()
    assert place(content) == str(temporary / "catalog.db")
    Catalog(place(content)).close()


def test_each_content_folder_has_its_own(content: Path, temporary: Path) -> None:
    other = content.with_name("other")
    other.mkdir()
    for folder in (content, other):
        (folder / ".feedsvc").touch()
    assert place(content) != place(other)
    assert Path(place(other)).parent.parent == temporary.parent


def test_a_disk_of_the_system_itself_is_no_place(temporary: Path) -> None:
    assert temporary.parent.name in place(Path("/proc/self"))


def test_where_nothing_can_be_written_it_lives_in_memory(content: Path, temporary: Path) -> None:
    (content / ".feedsvc").touch()
    temporary.touch()
    assert place(content) == MEMORY


def test_where_there_is_no_temporary_folder_it_lives_in_memory(
    content: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (content / ".feedsvc").touch()
    shutil.rmtree(temporary.parent)
    assert place(content) == MEMORY
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", list)
    assert place(content) == MEMORY


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_temporary_folder_of_somebody_else_is_not_used(content: Path, temporary: Path) -> None:
    (content / ".feedsvc").touch()
    temporary.mkdir()
    os.chown(temporary, 12345, 12345)
    assert place(content) == MEMORY


def test_a_link_of_somebody_else_in_the_temporary_folder_is_not_followed(content: Path, temporary: Path) -> None:
    (content / ".feedsvc").touch()
    temporary.symlink_to(content)
    if os.getuid() != 0:
        pytest.skip("only root can give a link away")
    os.chown(temporary, 12345, 12345, follow_symlinks=False)
    assert place(content) == MEMORY


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_in_the_content_folder_it_does_not_matter_whose_it_is(content: Path) -> None:
    before = place(content)
    os.chown(content / ".feedsvc", 12345, 12345)
    assert place(content) == before
