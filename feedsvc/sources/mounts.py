"""Where the system tells of changes: a folder in; whether a part of it lies where others change files unheard, out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

# A change that another machine makes, or the host of a virtual one, is not told here. Of FUSE it depends on the program
# behind it: most of them hold what is elsewhere.
_SILENT: Final = frozenset({
    *("9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "fakeowner", "gfs2", "glusterfs", "gpfs", "grpcfuse"),
    *("lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "osxfs", "prl_fs", "smb2", "smb3", "smbfs", "vboxsf", "virtiofs"),
    *("vmhgfs", "fuse", "orangefs"),
})  # fmt: skip

_MOUNTS = Path("/proc/self/mountinfo")


def is_silent(folder: str, mounts: Path = _MOUNTS) -> bool:
    """Whether no notification may come of some change in a folder, or below it.

    Args:
        folder: its absolute path, without links in it.
        mounts: what is mounted, in the form of `proc_pid_mountinfo(5)`; where there is no such file, nobody knows.
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False
    above, above_type = "", ""
    for line in lines:
        fields, _, rest = line.partition(" - ")
        point, kind = _unescaped(fields.split(" ")[4]), rest.split(" ")[0]
        if point.startswith(f"{folder.rstrip('/')}/") and _is_silent(kind):
            return True
        # Of several at one point the last one is seen.
        if f"{folder}/".startswith(f"{point.rstrip('/')}/") and len(point) >= len(above):
            above, above_type = point, kind
    return _is_silent(above_type)


def _is_silent(kind: str) -> bool:
    return kind.partition(".")[0] in _SILENT


def _unescaped(path: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), path)
