"""Who writes a file: its descriptor in; whether anybody has it open for writing out.

Notifications tell that a file changed, not that its writer is done. Linux tells that to whoever asks for a lease: a
file that is open for writing gets none (`fcntl(2)`, F_SETLEASE).
"""

from __future__ import annotations

import errno

try:
    import fcntl
    from signal import SIGURG
except ImportError:  # pragma: no cover - Windows has neither
    _HAS_LEASES = False
else:
    _HAS_LEASES = hasattr(fcntl, "F_SETLEASE")

# The constant's value on Linux; Python names it from 3.12 on or not at all, by the C library.
_F_SETSIG = 10


def is_open_for_writing(number: int) -> bool | None:
    """Whether any process has a file open for writing; None where the system does not tell.

    It tells only who owns the file, or is root, and not on every file system.

    Args:
        number: a descriptor that is open for reading only.
    """
    if not _HAS_LEASES:  # pragma: no cover - not on Linux
        return None
    try:
        # Whoever opens the file meanwhile makes the system send a signal. The usual one would end this process, this
        # one does nothing.
        fcntl.fcntl(number, _F_SETSIG, SIGURG)
        fcntl.fcntl(number, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        return True if error.errno == errno.EAGAIN else None
    fcntl.fcntl(number, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False
