"""Widths of a table's columns from its words, and whether it wants smaller type or a page on its side.

The typesetter can find widths itself, but lays every cell out twice for it, and starves columns of short words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dxanalysis.reports.outputs.pdf.words import BREAK

UPRIGHT: Final = 470.0
"""Width of the text on an A4 page, points."""
SIDEWAYS: Final = 717.0
"""The same on a page turned on its side."""

_SIZES: Final = (9.0, 8.0, 7.2)  # points; type below 7 is not read on paper
_SIDEWAYS_SIZES: Final = (8.4, 7.6, 6.8)
_INSET: Final = 12.0  # points of white between two columns
_MANY_COLUMNS: Final = 10
_BOLD: Final = 1.08  # bold type is that much wider
_HEAD: Final = 9.0  # ems up to which a heading asks for a line of its own
_PHRASE: Final = 6.5  # ems up to which a cell stays on one line
_FIGURES: Final = 10.5  # the same where the column is of numbers: a range or a unit is not torn from its number
_WORDS: Final = 4.8  # ems up to which a heading does
_MEASURED: Final = 40
_SAMPLE: Final = 100
_LEADING: Final = 1.25
_ROW_INSET: Final = 7.2
_NARROW: Final = re.compile(r"[iljtfrI.,:;|!'()\[\] \u00a0]")
_BROAD: Final = re.compile(r"[A-ZÀ-ỸĐmw−+–]")
_BROADEST: Final = re.compile(r"[→—%]|[^\x00-\u024f\u1e00-\u1eff\u2010-\u2192\u2212]")
_GAP: Final = re.compile(rf"[ {BREAK}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a table is set.

    Attributes
    ----------
    widths
        Points of each column.
    size
        Type size, points.
    sideways
        Whether it stands on a page turned on its side.
    height
        Points it will take, about; infinite for a long table.
    head
        Points its headings will take, about.
    """

    widths: tuple[float, ...]
    size: float
    sideways: bool
    height: float
    head: float


def setting(heads: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[bool]) -> Setting:
    """Choose type size, page and column widths so that no word is wider than its column.

    Parameters
    ----------
    heads, rows
        Column headings and cells with their break marks.
    numbers
        Which columns are of numbers.
    """
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(heads)
    least = [
        max(_BOLD * _widest(_words([head])), _widest(_words(cells))) for head, cells in zip(heads, columns, strict=True)
    ]
    whole = [_widest(set(cells)) for cells in columns]
    titles = [_BOLD * _em(head) for head in heads]
    most = [max(low, min(title, _HEAD), cell) for low, title, cell in zip(least, titles, whole, strict=True)]
    # A heading of one word a line, or "no data" in two, is hard to read.
    fair, better = (
        [
            max(
                low, title / 3, min(title, _WORDS), min(_quantile(cells, 0.9), _FIGURES if number and wide else _PHRASE)
            )
            for low, title, cells, number in zip(least, titles, columns, numbers, strict=True)
        ]
        for wide in (False, True)
    )
    usual = [max(low, _usual(cells)) for low, cells in zip(least, columns, strict=True)]

    size, width, floor = _first_that_fits([most, better, fair], least)
    ems = _share(
        floor, usual, [max(high, low) for high, low in zip(most, floor, strict=True)], _room(size, width, len(heads))
    )
    return Setting(
        widths=tuple(round(em * size + _INSET, 2) for em in ems),
        size=size,
        sideways=width == SIDEWAYS,
        head=_height([heads], ems, size),
        height=_height([heads, *rows[:_MEASURED]], ems, size) if len(rows) < _MEASURED else math.inf,
    )


def _first_that_fits(wishes: list[list[float]], least: list[float]) -> tuple[float, float, list[float]]:
    """Size, page width and narrowest columns: no cell folded if that can be, and a page is turned last of all."""
    upright = [(size, UPRIGHT) for size in _SIZES] if len(least) < _MANY_COLUMNS else []
    sideways = [(size, SIDEWAYS) for size in _SIDEWAYS_SIZES]
    tries = [(where, floor) for floor in wishes for where in upright[:2]]
    tries += [(where, least) for where in upright]
    tries += [(where, floor) for where in sideways for floor in (*wishes[1:], least)]
    for (size, width), floor in tries:
        if sum(floor) <= _room(size, width, len(floor)):
            return size, width, floor
    return *sideways[-1], least


def _height(rows: Sequence[Sequence[str]], ems: list[float], size: float) -> float:
    """Height of the rows as estimated from their words, points."""
    lines = sum(max(math.ceil(_em(cell) / em) for cell, em in zip(row, ems, strict=True)) or 1 for row in rows)
    return lines * size * _LEADING + len(rows) * _ROW_INSET


def _room(size: float, width: float, columns: int) -> float:
    """Width left for words, ems."""
    return max(width - _INSET * columns, 1.0) / size


def _share(least: list[float], usual: list[float], most: list[float], room: float) -> list[float]:
    """Share the width so that the cells of a row take about as many lines each.

    No column is narrower than its longest word or wider than its longest text, unless all of them have what they want.
    """
    if sum(least) >= room:
        return [low * room / sum(least) for low in least]
    if sum(most) <= room:
        spare = (room - sum(most)) / len(most)
        return [high + spare for high in most]
    low_factor, high_factor = 0.0, max(high / one for high, one in zip(most, usual, strict=True))
    for _ in range(40):  # the sum grows with the factor: halve the interval
        factor = (low_factor + high_factor) / 2
        if sum(_clamped(least, usual, most, factor)) > room:
            high_factor = factor
        else:
            low_factor = factor
    return _clamped(least, usual, most, low_factor)


def _clamped(least: list[float], usual: list[float], most: list[float], factor: float) -> list[float]:
    return [min(max(factor * one, low), high) for low, one, high in zip(least, usual, most, strict=True)]


def _usual(cells: Sequence[str]) -> float:
    """Width that a column's cells ask for: between the middle one and a long one; the longest counts a little."""
    ordinary = (_quantile(cells, 0.5) + _quantile(cells, 0.9)) / 2
    return max(ordinary, 0.25 * _quantile(cells, 1.0), 0.5)


def _quantile(cells: Sequence[str], part: float) -> float:
    """Width that this part of the first cells of a column keeps below."""
    widths = sorted(map(_em, cells[:_SAMPLE]))
    return widths[int(part * (len(widths) - 1))] if widths else 0.0


def _words(cells: Sequence[str]) -> set[str]:
    return {word for cell in set(cells) for word in _GAP.split(cell)}


def _widest(texts: set[str]) -> float:
    """Width of the widest text; among many, only the longest by letters are measured."""
    return max(map(_em, sorted(texts, key=len, reverse=True)[:_MEASURED]), default=0.0)


def _em(text: str) -> float:
    """Width of a text in ems, a little more than it will be."""
    narrow, broad, broadest = (len(kind.findall(text)) for kind in (_NARROW, _BROAD, _BROADEST))
    return 0.32 * narrow + 0.66 * broad + 0.95 * broadest + 0.48 * (len(text) - narrow - broad - broadest) + 0.1
