"""What is mounted: whether others change files in a folder unheard, and whose clock dates those of a device."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# A change that another machine makes, or the host of a virtual one, is not told here. Of FUSE it depends on the program
# behind it: most of them hold what is elsewhere.
_SILENT: Final = frozenset({
    *("9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "fakeowner", "gfs2", "glusterfs", "gpfs", "grpcfuse"),
    *("lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "osxfs", "prl_fs", "smb2", "smb3", "smbfs", "vboxsf", "virtiofs"),
    *("vmhgfs", "fuse", "orangefs"),
})  # fmt: skip

# Their files are dated by the clock of this machine's kernel, which moves every ten milliseconds or more often.
_LOCAL: Final = frozenset({"bcachefs", "btrfs", "ext4", "f2fs", "overlay", "tmpfs", "xfs", "zfs"})

_MOUNTS = Path("/proc/self/mountinfo")


def is_silent(folder: str, mounts: Path = _MOUNTS) -> bool:
    """Whether no notification may come of some change in a folder, or below it.

    Args:
        folder: its absolute path, without links in it.
        mounts: what is mounted, in the form of `proc_pid_mountinfo(5)`; where there is no such file, nobody knows.
    """
    above, above_type = "", ""
    for _, point, kind in _mounted(mounts):
        if point.startswith(f"{folder.rstrip('/')}/") and _is_silent(kind):
            return True
        # Of several at one point the last one is seen.
        if f"{folder}/".startswith(f"{point.rstrip('/')}/") and len(point) >= len(above):
            above, above_type = point, kind
    return _is_silent(above_type)


@cache
def is_dated_here(device: int, mounts: Path = _MOUNTS) -> bool:
    """Whether the files of a device are dated by the clock of this machine, as far as anybody knows; looked up once.

    Args:
        device: its number, as `os.stat_result.st_dev`.
        mounts: as above.
    """
    number = f"{os.major(device)}:{os.minor(device)}"
    kinds = {kind for found, _, kind in _mounted(mounts) if found == number}
    return bool(kinds) and kinds <= _LOCAL


def _mounted(mounts: Path) -> Iterator[tuple[str, str, str]]:
    """Of each mount the number of the device, the path, and the type; nothing where nobody knows."""
    with suppress(OSError):
        for line in mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
            fields, _, rest = line.partition(" - ")
            _, _, device, _, point, *_ = fields.split(" ")
            yield device, _unescaped(point), rest.split(" ")[0]


def _is_silent(kind: str) -> bool:
    return kind.partition(".")[0] in _SILENT


def _unescaped(path: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), path)
