"""What was measured, as rows: figures with their goals in; a Markdown table out."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Row(NamedTuple):
    """One row of the table.

    Attributes:
        what: was measured.
        figure: as it is shown, with its unit.
        goal: as it is shown; empty where there is none.
        is_met: whether the goal is; None where that cannot be said.
        beside: what was measured beside it in the same run.
    """

    what: str
    figure: str
    goal: str = ""
    is_met: bool | None = None
    beside: str = ""


def written(rows: Iterable[Row]) -> str:
    """The rows as Markdown."""
    lines = ["| measured | figure | goal | met | beside it |", "|---|---|---|---|---|"]
    met = {True: "yes", False: "**no**", None: ""}
    lines += [f"| {row.what} | {row.figure} | {row.goal} | {met[row.is_met]} | {row.beside} |" for row in rows]
    return "\n".join(lines)


def milliseconds(seconds: float) -> str:
    """As a table shows it."""
    return f"{seconds * 1000:.1f} ms" if seconds < 0.01 else f"{seconds * 1000:.0f} ms"


def megabytes(count: float) -> str:
    """As a table shows it."""
    return f"{count / 1e6:,.0f} MB"


def quantile(values: Sequence[float], part: float) -> float:
    """The least value that so large a part of them does not exceed."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


median = statistics.median
