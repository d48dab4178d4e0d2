"""Messages over time, as text for a terminal and as SVG for a page."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

COLUMNS, ROWS = 72, 12
WIDTH, HEIGHT, MARGIN, POINTS = 720, 360, 48, 200
COLOURS = ("#1d4ed8", "#b45309", "#15803d", "#7e22ce")

Series = Mapping[str, Sequence[float]]


def as_text(series: Series) -> list[str]:
    """The share of each channel's messages that had left by then; a channel is drawn by its first letter."""
    last = max(times[-1] for times in series.values())
    canvas = [[" "] * COLUMNS for _ in range(ROWS)]
    for name, times in series.items():
        for column in range(COLUMNS):
            share = bisect_right(times, last * (column + 1) / COLUMNS) / len(times)
            canvas[ROWS - 1 - min(int(share * ROWS), ROWS - 1)][column] = name[0]
    lines = [f"{'100 %' if row == 0 else '':>6} |{''.join(line)}" for row, line in enumerate(canvas)]
    axis = f"{'0 %':>6} +{'-' * COLUMNS}"
    return [*lines, axis, f"{'0 s':>10}{f'{last:,.1f} s':>{COLUMNS - 2}}"]


def as_svg(title: str, series: Series, rates: Mapping[str, float]) -> str:
    """The same as curves, each beside the straight line of what its granted rate allows."""
    last = max(times[-1] for times in series.values())
    most = max(map(len, series.values()))

    def place(seconds: float, messages: float) -> str:
        x = MARGIN + seconds / last * (WIDTH - 2 * MARGIN)
        y = HEIGHT - MARGIN - messages / most * (HEIGHT - 2 * MARGIN)
        return f"{x:.1f},{y:.1f}"

    drawn = []
    for number, (name, times) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        moments = [last * step / POINTS for step in range(POINTS + 1)]
        curve = " ".join(place(moment, bisect_right(times, moment)) for moment in moments)
        best = f"{place(0, 0)} {place(min(len(times) / rates[name], last), len(times))}"
        drawn += [
            f'<polyline points="{best}" fill="none" stroke="{colour}" stroke-dasharray="4 4" stroke-opacity="0.5"/>',
            f'<polyline points="{curve}" fill="none" stroke="{colour}" stroke-width="2"/>',
            f'<text x="{MARGIN + 12}" y="{MARGIN + 18 * (number + 1)}" fill="{colour}">{name}: {len(times):,}</text>',
        ]
    frame = f'<rect x="{MARGIN}" y="{MARGIN}" width="{WIDTH - 2 * MARGIN}" height="{HEIGHT - 2 * MARGIN}" '
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
                'font-size="13">'
            ),
            f'<text x="{MARGIN}" y="{MARGIN - 16}">{title}</text>',
            frame + 'fill="none" stroke="#999"/>',
            *drawn,
            f'<text x="{MARGIN}" y="{HEIGHT - MARGIN + 18}">0 s</text>',
            f'<text x="{WIDTH - MARGIN}" y="{HEIGHT - MARGIN + 18}" text-anchor="end">{last:,.1f} s</text>',
            "</svg>",
            "",
        ]
    )
