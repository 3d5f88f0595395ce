"""The small line of a key figure over a report's versions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dxanalysis.reports.recording.items import Value
from dxanalysis.reports.site.reading import Report

WIDTH: Final = 176
HEIGHT: Final = 42
MOST: Final = 12
"""Key figures that a place's page shows of one report."""
_EDGE: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A key figure over the versions that have it, oldest first.

    Attributes
    ----------
    value
        As in the newest version.
    title
        What readers call it.
    numbers
        Number of each version.
    texts
        The figure in each, as its report says it.
    points
        Place of each on a canvas of ``WIDTH`` x ``HEIGHT``; empty where the figure never moved or was there once.
    """

    value: Value
    title: str
    numbers: tuple[int, ...]
    texts: tuple[str, ...]
    points: tuple[tuple[float, float], ...]


def runs(report: Report) -> tuple[Run, ...]:
    """Follow the key figures of the newest version through the versions before.

    A key figure is a recorded number that readers have a name for. Probabilities come first, for they are what is asked; of more than
    ``MOST`` those with a label on the report's page and those that moved are preferred. One figure recorded for several purposes
    (``latest.A``, ``latest.B``) stands once.
    """
    found = [_run(report, value) for value in report.newest.values if _is_key(value)]
    distinct = list({_same(run): run for run in reversed(found)}.values())[::-1]
    first = sorted(distinct, key=lambda run: (run.value.unit != "probability", not run.value.label and not run.points))[:MOST]
    return tuple(sorted((run for run in distinct if run in first), key=lambda run: run.value.unit != "probability"))


def _same(run: Run) -> tuple[object, ...]:
    """What readers would take for one figure: of one kind and, in every version, with one text."""
    return (run.value.kind_for_readers, run.value.unit, run.numbers, run.texts)


def _is_key(value: Value) -> bool:
    return bool(value.label) or (bool(value.title) and _number(value) is not None)


def _run(report: Report, value: Value) -> Run:
    seen = [
        (version.manifest.number, old.text, number)
        for version in reversed(report.versions)
        for old in version.values
        if old.name == value.name and old.unit == value.unit and (number := _number(old)) is not None
    ]
    return Run(
        value=value,
        title=value.label or value.title,
        numbers=tuple(number for number, _, _ in seen),
        texts=tuple(text for _, text, _ in seen),
        points=placed([number for _, _, number in seen]),
    )


def _number(value: Value) -> float | None:
    if isinstance(value.value, bool) or not isinstance(value.value, int | float):
        return None
    return float(value.value) if math.isfinite(value.value) else None


def placed(levels: Sequence[float]) -> tuple[tuple[float, float], ...]:
    """Place levels on the canvas, evenly from left to right; nothing where there is no movement to show."""
    if len(levels) < 2:  # a line has two ends
        return ()
    # Halves first: the difference of two finite numbers need not be finite. Of the least numbers there are, it is nothing.
    low, span = min(levels) / 2, max(levels) / 2 - min(levels) / 2
    if span == 0:
        return ()
    step = (WIDTH - 2 * _EDGE) / (len(levels) - 1)
    return tuple(
        (round(_EDGE + n * step, 1), round(HEIGHT - _EDGE - (level / 2 - low) / span * (HEIGHT - 2 * _EDGE), 1))
        for n, level in enumerate(levels)
    )
