"""A plot with both axes logarithmic: lines of points in; SVG, for light pages and dark, out."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Point = tuple[float, float]

WIDTH, HEIGHT = 760, 420
LEFT, TOP, RIGHT, BOTTOM = 76, 16, 260, 44

# Told apart by those who see fewer colours too (Okabe and Ito), on white and on black.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#808080")
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#333}line{stroke:#999;stroke-opacity:.35}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}}"
)


def drawn(lines: Mapping[str, Sequence[Point]]) -> str:
    """The plot: articles across, seconds of CPU up."""
    across = _decades([x for points in lines.values() for x, _ in points])
    up = _decades([y for points in lines.values() for _, y in points])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        "<title>CPU time by number of articles</title>",
        f"<style>{_STYLE}</style>",
        *_grid(across, up),
        *_curves(lines, across, up),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _decades(values: Sequence[float]) -> tuple[int, int]:
    return floor(log10(min(values)) + 1e-9), ceil(log10(max(values)) - 1e-9)


def _x(value: float, decades: tuple[int, int]) -> float:
    return LEFT + (log10(value) - decades[0]) / (decades[1] - decades[0]) * (WIDTH - LEFT - RIGHT)


def _y(value: float, decades: tuple[int, int]) -> float:
    return HEIGHT - BOTTOM - (log10(value) - decades[0]) / (decades[1] - decades[0]) * (HEIGHT - TOP - BOTTOM)


def _grid(across: tuple[int, int], up: tuple[int, int]) -> Iterator[str]:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    for power in range(across[0], across[1] + 1):
        x = _x(10**power, across)
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{bottom}"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{10**power:,}</text>'
    for power in range(up[0], up[1] + 1):
        y = _y(10**power, up)
        yield f'<line x1="{LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_seconds(power)}</text>'
    yield f'<text x="{(LEFT + right) / 2:.0f}" y="{HEIGHT - 6}" text-anchor="middle">articles</text>'


def _curves(lines: Mapping[str, Sequence[Point]], across: tuple[int, int], up: tuple[int, int]) -> Iterator[str]:
    names = sorted(lines, key=lambda name: -lines[name][-1][1])
    last = 0.0
    for name, colour in zip(names, COLOURS, strict=False):
        places = [(_x(x, across), _y(y, up)) for x, y in lines[name]]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places)
        x, y = places[-1]
        last = max(y + 4, last + 16)  # names do not lie on each other
        yield f'<text x="{x + 10:.1f}" y="{last:.1f}" style="fill:{colour}">{name}</text>'


def _seconds(power: int) -> str:
    return f"{10.0 ** (power + 3):g} ms" if power < 0 else f"{10**power:g} s"
