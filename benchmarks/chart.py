"""The charts of docs/speed.md, as SVG that reads well on a light and on a dark page."""

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor, log10

_STYLE = (
    "<style>text{font:12px sans-serif;fill:#777}.ours{fill:#2a78b8}.grid{stroke:#7775}.goal{stroke:#c60;stroke-width:2}"
    ".curve{fill:none;stroke:#2a78b8;stroke-opacity:.45}.even{stroke:#777;stroke-dasharray:4 3}</style>"
)


def _svg(width: int, height: int, title: str, body: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
        f"<title>{escape(title)}</title>{_STYLE}{''.join(body)}</svg>\n"
    )


def bars(rows: Sequence[tuple[str, float, float | None]]) -> str:
    """Ratios on a logarithmic scale: (name, ratio, goal); left of the line at 1 bcclog is the faster one."""
    left, step, width = 540, 22, 1000
    low, high = floor(log10(min(ratio for _, ratio, _ in rows))), ceil(log10(max(ratio for _, ratio, _ in rows)))
    high = max(high, low + 1)

    def x(ratio: float) -> float:
        return left + (log10(ratio) - low) / (high - low) * (width - left - 60)

    height = 30 + step * len(rows)
    body = [
        f'<line class="grid" x1="{x(10.0**power):.0f}" x2="{x(10.0**power):.0f}" y1="20" y2="{height}"/>'
        f'<text x="{x(10.0**power):.0f}" y="14" text-anchor="middle">{10.0**power:g}</text>'
        for power in range(low, high + 1)
    ]
    body.append(f'<line class="even" x1="{x(1):.0f}" x2="{x(1):.0f}" y1="20" y2="{height}"/>')
    for number, (name, ratio, goal) in enumerate(rows):
        y = 26 + step * number
        first, last = sorted((x(1), x(ratio)))
        body.append(f'<text x="{left - 8}" y="{y + 11}" text-anchor="end">{escape(name)}</text>')
        body.append(f'<rect class="ours" x="{first:.1f}" y="{y}" width="{max(last - first, 1):.1f}" height="14"/>')
        body.append(f'<text x="{last + 6:.1f}" y="{y + 11}">{ratio:.2f}</text>')
        if goal is not None:
            body.append(f'<line class="goal" x1="{x(goal):.1f}" x2="{x(goal):.1f}" y1="{y - 2}" y2="{y + 16}"/>')
    return _svg(width, height + 10, "bcclog's time over others', by task", body)


def curves(found: Mapping[str, Sequence[tuple[int, float]]]) -> str:
    """Seconds by bytes, both logarithmic; the dashed line is one second a MiB, and what is parallel to it is linear."""
    left, top, width, height = 60, 20, 780, 420
    sizes = [size for points in found.values() for size, _ in points]
    low_x, high_x = floor(log10(min(sizes))), ceil(log10(max(sizes)))
    low_y, high_y = -4, 2

    def x(size: float) -> float:
        return left + (log10(size) - low_x) / (high_x - low_x) * (width - left - 45)

    def y(seconds: float) -> float:
        return height - 30 - (log10(max(seconds, 10.0**low_y)) - low_y) / (high_y - low_y) * (height - 30 - top)

    body: list[str] = []
    for power in range(low_x, high_x + 1):
        at = x(10.0**power)
        body.append(f'<line class="grid" x1="{at:.0f}" x2="{at:.0f}" y1="{top}" y2="{height - 30}"/>')
        body.append(f'<text x="{at:.0f}" y="{height - 12}" text-anchor="middle">{10**power:,} B</text>')
    for power in range(low_y, high_y + 1):
        at = y(10.0**power)
        body.append(f'<line class="grid" x1="{left}" x2="{width - 45}" y1="{at:.0f}" y2="{at:.0f}"/>')
        body.append(f'<text x="{left - 6}" y="{at + 4:.0f}" text-anchor="end">{10.0**power:g} s</text>')
    ends = [(10.0**low_x, 10.0**low_x / 2**20), (10.0**high_x, 10.0**high_x / 2**20)]
    places = " ".join(f"{x(size):.1f},{y(seconds):.1f}" for size, seconds in ends)
    body.append(f'<polyline class="even" fill="none" points="{places}"/>')
    for name, points in found.items():
        places = " ".join(f"{x(size):.1f},{y(seconds):.1f}" for size, seconds in points)
        body.append(f'<polyline class="curve" points="{places}"><title>{escape(name)}</title></polyline>')
    return _svg(width, height, "Seconds by bytes of each hostile generator", body)
