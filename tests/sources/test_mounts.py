"""Which mounts tell of changes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from feedsvc.sources.mounts import is_dated_here, is_silent

if TYPE_CHECKING:
    from pathlib import Path

MOUNTS = r"""22 1 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 27 0:50 / /srv/news rw,relatime shared:2 master:3 - nfs4 files:/news rw
41 27 0:51 / /srv/my\040blog rw - fuse.sshfs me@files: rw
42 27 0:52 / /srv/over rw - overlay overlay rw,lowerdir=/a
43 27 0:53 / /home rw - ext4 /dev/vdb rw
44 43 0:54 / /home/ada/site/pictures ro - cifs //nas/pictures rw
45 27 0:55 / /twice rw - nfs files:/ rw
46 45 0:56 / /twice rw - tmpfs none rw
"""


@pytest.mark.parametrize(
    ("folder", "silent"),
    [
        ("/srv/news", True),
        ("/srv/news/2026", True),
        ("/srv/newspaper", False),
        ("/srv/my blog", True),
        ("/srv/over", False),
        ("/home/ada/site", True),
        ("/home/ada", True),
        ("/home/ada/other", False),
        ("/twice/a", False),
        ("/tmp", False),
        ("/", True),
    ],
)
def test_a_folder_on_or_above_a_network_mount_is_silent(tmp_path: Path, folder: str, silent: bool) -> None:  # noqa: FBT001
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS, encoding="utf-8")
    assert is_silent(folder, path) is silent


def test_where_nobody_knows_what_is_mounted_notifications_are_trusted(tmp_path: Path) -> None:
    assert not is_silent("/srv/news", tmp_path / "none")
    assert not is_silent(str(tmp_path))


LOCAL, OTHERS = [(254, 0), (0, 52), (0, 56)], [(0, 50), (0, 51), (0, 21), (0, 57)]
# A part of a file system, such as a subvolume, may have a number of its own.
UNKNOWN = [(0, 99)]


@pytest.mark.parametrize("device", [*LOCAL, *OTHERS, *UNKNOWN])
def test_files_of_what_is_known_to_be_local_are_dated_here(tmp_path: Path, device: tuple[int, int]) -> None:
    path = tmp_path / "mountinfo"
    path.write_text(f"{MOUNTS}47 1 0:57 / /a rw - tmpfs none rw\n48 1 0:57 / /b rw - nfs none rw\n", encoding="utf-8")
    assert is_dated_here(os.makedev(*device), path) is (device in LOCAL)


def test_where_nothing_is_told_of_mounts_no_file_is(tmp_path: Path) -> None:
    assert not is_dated_here(tmp_path.stat().st_dev, tmp_path / "none")
