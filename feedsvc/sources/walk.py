"""The files below a folder: a path in; addresses in their order, each with its file, out.

An address is the path below the folder with `/` between its parts. Links to folders are not followed: without them
there is no loop and no second address for the same file.
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from operator import itemgetter
from os.path import samestat
from typing import TYPE_CHECKING, Final, TypeVar
from unicodedata import normalize

from feedsvc.errors import SourceError
from feedsvc.text.keys import LONGEST_ADDRESS, fitted
from feedsvc.themes import is_of_theme

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    # What can be asked what it is now, following a link (`stat`).
    File = os.DirEntry[str] | Path

Seen = TypeVar("Seen")

_SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__"})

# Stands in an address for the rest of one that is too long; so many characters may be.
_CUT = "\\…"
_MAY_BE_LONG = LONGEST_ADDRESS // 4

# What editors and downloads leave ends in one of these, or begins with one of those (`a.md~`, `.a.md.swp`, `#a.md#`).
_COPIES = ("~", ".swp", ".tmp", ".part")
_NEVER_FIRST = ".#"

# macOS takes the two for the same name.
_FORMS: Final = ("NFC", "NFD")

# Bytes that are not UTF-8 (they arrive as surrogates) and control characters: no catalog, page or log can carry them.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def walked(
    root: Path, suffixes: frozenset[str], look: Callable[[File], Seen | None], folder: str = ""
) -> Iterator[tuple[str, Seen]]:
    """Every file whose name ends in one of the suffixes; hidden names and editors' copies are skipped.

    Args:
        suffixes: lower case, with their dot.
        look: what is to be had of each file; None where it is not there any more.
        folder: an address that ends in a slash; only what is below it.

    Raises:
        SourceError: where the root, or a folder below it, cannot be listed.
    """
    within = [iter(_chosen(root, suffixes, look, folder))]
    while within:
        for address, seen in within[-1]:
            if seen is None:
                within.append(iter(_chosen(root, suffixes, look, address)))
                break
            yield address, seen
        else:
            within.pop()


def found_at(
    root: Path, suffixes: frozenset[str], look: Callable[[File], Seen | None], places: Collection[str]
) -> list[tuple[str, Seen]]:
    """As `walked`, but only what is at some addresses, or in folders there; the empty address is the root's.

    Raises:
        SourceError: also where the root is not there: what was in it may not look removed.
    """
    if "" in places:
        return list(walked(root, suffixes, look))
    if not root.is_dir():
        _listed(root, "")
    return sorted(_found(root, suffixes, look, _outermost(places)), key=itemgetter(0))


def _found(
    root: Path, suffixes: frozenset[str], look: Callable[[File], Seen | None], places: Iterable[str]
) -> Iterator[tuple[str, Seen]]:
    folders: dict[str, bool] = {}
    for place in places:
        above, _, name = place.rpartition("/")
        if not _is_walked(root, above, folders) or (status := _status(root / place)) is None:
            continue
        if stat.S_ISDIR(status.st_mode):
            if not _is_skipped_folder(name):
                yield from walked(root, suffixes, look, f"{place}/")
        elif (_is_record(name, suffixes) or _is_of_theme(place)) and (seen := look(root / place)) is not None:
            yield place, seen


def _is_walked(root: Path, folder: str, known: dict[str, bool]) -> bool:
    """Whether `walked` comes to a folder: neither it nor one above it is hidden, or a link."""
    if folder and folder not in known:
        above, _, name = folder.rpartition("/")
        is_open = not _is_skipped_folder(name) and _is_walked(root, above, known)
        status = _status(root / folder) if is_open else None
        known[folder] = status is not None and stat.S_ISDIR(status.st_mode)
    return known.get(folder, True)


def _status(path: Path) -> os.stat_result | None:
    """What stands at a path under exactly this name, no link being followed; None where nothing does.

    Raises:
        SourceError: where that cannot be known.
    """
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise SourceError(_unlisted(path, error)) from None
    return status if _is_named_so(path, status) else None


def _is_named_so(path: Path, status: os.stat_result) -> bool:
    """Whether a file has a name, rather than only answers to it, where case or Unicode forms make no difference."""
    name = path.name
    others = {name.swapcase(), f"{path.stem}{path.suffix.swapcase()}", *(normalize(form, name) for form in _FORMS)}
    for other in others - {name}:
        with suppress(OSError):
            if samestat(path.with_name(other).lstat(), status):
                return name in os.listdir(path.parent)  # noqa: PTH208 - names are all that is needed
    return True


def _outermost(places: Collection[str]) -> list[str]:
    """Those of some addresses that are not below another one."""
    found: list[str] = []
    for place in sorted(set(places), key=lambda place: f"{place}/"):
        if not found or not place.startswith(f"{found[-1]}/"):
            found.append(place)
    return found


def is_fit(address: str) -> bool:
    """Whether an address can be written: one with a name that cannot is spelled out."""
    return not _UNFIT.search(address)


def is_spelled(address: str) -> bool:
    """Whether an address is no file's path, but spells out one that cannot be written."""
    return "\\x" in address


def is_cut(address: str) -> bool:
    """Whether an address is no file's path, but stands for one that is too long."""
    return _CUT in address


def _chosen(
    root: Path, suffixes: frozenset[str], look: Callable[[File], Seen | None], folder: str
) -> list[tuple[str, Seen | None]]:
    """What of a folder is not skipped, in the order of addresses: files, and folders, which end in a slash."""
    found: list[tuple[str, Seen | None]] = []
    entries = _listed(root, folder)
    for name, entry in zip(_spelled(entries), entries, strict=True):
        if entry.is_dir(follow_symlinks=False):
            if name and not _is_skipped_folder(name):
                found.append((f"{folder}{name}/", None))
        elif name and (_is_record(name, suffixes) or _is_of_theme(folder + name)):
            address = folder + name
            if len(address) > _MAY_BE_LONG:
                address = fitted(address, LONGEST_ADDRESS, _CUT)
            if (seen := look(entry)) is not None:
                found.append((address, seen))
    found.sort(key=itemgetter(0))
    return found


def _spelled(entries: Sequence[os.DirEntry[str]]) -> list[str]:
    """The names in a folder, as addresses hold them; an empty one for what is spelled as another one is named."""
    names = [entry.name for entry in entries]
    together = "".join(names)
    if together.isascii() and together.isprintable():  # as nearly everywhere
        return names
    given = set(names)
    spelled = ((name, _UNFIT.sub(_as_escape, name)) for name in names)
    return [shown if shown == name or shown not in given else "" for name, shown in spelled]


def _listed(root: Path, folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(root / folder) as entries:
            return list(entries)
    except OSError as error:
        # A folder below that went away since it was listed is no different from one that went before.
        if folder and isinstance(error, (FileNotFoundError, NotADirectoryError)):
            return []
        raise SourceError(_unlisted(root / folder, error)) from None


def _unlisted(folder: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{folder}: there is no such folder (make it, or name the one that holds the articles)"
    if isinstance(error, NotADirectoryError):
        return f"{folder}: is not a folder (name the folder that holds the articles)"
    return f"{folder}: cannot be listed: {error.strerror} (let the user that runs feedsvc read it)"


def _is_record(name: str, suffixes: frozenset[str]) -> bool:
    ending = name[name.rfind(".") :]
    return (ending in suffixes or ending.lower() in suffixes) and name[0] not in _NEVER_FIRST


def _is_of_theme(address: str) -> bool:
    """Whether it is a file of the theme, of whatever ending: who puts one there is told what does not belong there."""
    name = address.rpartition("/")[2]
    return is_of_theme(address) and "." in name and name[0] not in _NEVER_FIRST and not name.endswith(_COPIES)


def _is_skipped_folder(name: str) -> bool:
    return name.startswith(".") or name in _SKIPPED_FOLDERS


def _as_escape(match: re.Match[str]) -> str:
    return f"\\x{ord(match[0]) & 0xFF:02x}"
