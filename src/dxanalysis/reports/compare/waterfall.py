"""The change of one number as a picture: from the old level over the causes' parts to the new level.

Drawn as plain SVG text, so that a comparison needs no drawing library. The same numbers stand beside it in a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dxanalysis.reports.text import escape

_UP, _DOWN, _LEVEL, _INK, _LINE = "#12507b", "#a3251c", "#52606d", "#1c2530", "#c4ccd4"
_ROW, _BAR, _PAD = 34, 18, 14
_LETTER = 7.0  # points of width a letter takes at the size below, on the safe side


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A bar: a level from zero, or a change from where the one before ended."""

    label: str
    text: str
    value: float
    is_level: bool = False


def waterfall(steps: Sequence[Step], *, width: int) -> str:
    """Draw horizontal bars below each other, each labelled with its words and its number.

    Parameters
    ----------
    width
        In points; below 500 the words stand above their bar.
    """
    stacked = width < 500
    words = 0 if stacked else min(max(len(step.label) for step in steps) * _LETTER + 12, width * 0.45)
    numbers = max(len(step.text) for step in steps) * _LETTER + 12
    row = _ROW + 18 if stacked else _ROW
    spans = _spans(steps)
    low, high = min(min(a, b) for a, b in spans), max(max(a, b) for a, b in spans)
    room = width - 2 * _PAD - words - numbers
    scale = room / (high - low) if high > low else 0.0
    height = row * len(steps) + 2 * _PAD
    left = _PAD + words

    def x(value: float) -> float:
        return left + (value - low) * scale

    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="system-ui, Segoe UI, Roboto, Noto Sans, Helvetica, Arial, sans-serif" font-size="13" fill="{_INK}">'
    ]
    letters = int((width - 2 * _PAD if stacked else words) / _LETTER)
    for number, (step, (start, end)) in enumerate(zip(steps, spans, strict=True)):
        top = _PAD + number * row
        bar = top + (20 if stacked else (row - _BAR) / 2)
        first, last = sorted((x(start), x(end)))
        colour = _LEVEL if step.is_level else _UP if step.value >= 0 else _DOWN
        middle = bar + _BAR / 2 + 4.5
        label = step.label if len(step.label) <= letters else step.label[: max(letters - 1, 1)] + "…"
        drawn.append(f'<text x="{_PAD}" y="{top + 14 if stacked else middle:.1f}">{escape(label)}</text>')
        drawn.append(
            f'<rect x="{first:.1f}" y="{bar:.1f}" width="{max(last - first, 1.5):.1f}" height="{_BAR}" fill="{colour}"/>'
        )
        drawn.append(
            f'<text x="{max(last, first + 1.5) + 6:.1f}" y="{middle:.1f}" font-weight="600">{escape(step.text)}</text>'
        )
        if number + 1 < len(steps):
            below = bar + row
            drawn.append(
                f'<path d="M{x(end):.1f} {bar + _BAR:.1f}V{below:.1f}" stroke="{_LINE}" stroke-dasharray="3 2" fill="none"/>'
            )
    return "".join(drawn) + "</svg>"


def _spans(steps: Sequence[Step]) -> list[tuple[float, float]]:
    """Where each bar begins and ends."""
    spans: list[tuple[float, float]] = []
    at = 0.0
    for step in steps:
        begin = 0.0 if step.is_level else at
        at = begin + step.value
        spans.append((begin, at))
    return spans
