"""Sections: folders of the content whose articles are made with settings of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TABLE = "sections"


class Section(Struct, frozen=True, kw_only=True):
    """What is set for a section; None for what the section around it, or the site, says.

    Attributes:
        name: the folder's path below the content folder, without slashes at its ends.
    """

    name: str
    content: str | None = None
    excerpt_length: int | None = None
    zone: str | None = None
    language: str | None = None
    author: str | None = None
    rights: str | None = None

    @property
    def given(self) -> Mapping[str, Any]:
        """What is set, by name."""
        found = {name: getattr(self, name) for name in KEYS}
        return {name: value for name, value in found.items() if value is not None}

    def holds(self, folder: str) -> bool:
        """Whether a folder is the section's own, or one in it."""
        return f"{folder}/".startswith(f"{self.name}/")


KEYS = tuple(name for name in Section.__struct_fields__ if name != "name")
"""The settings that a section may have."""


def tables(table: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Each section of the file's table, by its path, with what is set in it; the outer ones first.

    `[sections.news.local]` and `[sections."news/local"]` are the same section.
    """
    given = {key: value for key, value in table.items() if not isinstance(value, dict)}
    yield path, given
    for key, value in table.items():
        if isinstance(value, dict):
            yield from tables(value, (*path, key))


def sections(found: Mapping[str, Mapping[str, Any]]) -> tuple[Section, ...]:
    """The sections, outer ones first, from what is set in each by its name."""
    return tuple(Section(name=name, **found[name]) for name in sorted(found, key=lambda name: (name.count("/"), name)))
