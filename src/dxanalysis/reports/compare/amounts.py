"""Differences as readers write them: with a sign, in the unit of the number, percentage points for percentages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dxanalysis.errors import DxError
from dxanalysis.i18n import Texts
from dxanalysis.reports.recording.items import Cell

_IN_POINTS = {"percent": 1.0, "probability": 100.0}
_YEARLY = " a year"
_COUNTABLE = 1e15
_WHOLE = frozenset({"count", "rank"})


def difference(t: Texts, amount: float, unit: str, decimals: int | None = None) -> str:
    """A difference with its sign and unit: ``+0,44 điểm phần trăm``, ``−3 percentage points``, ``+12 bn VND``."""
    unit = base(unit)
    if unit in _IN_POINTS:
        points = amount * _IN_POINTS[unit]
        # A probability is told in whole percent: more than one decimal of its change would pretend to know better.
        shown = min(_decimals([points]), 1 if _IN_POINTS[unit] > 1 else 4) if decimals is None else decimals
        return t("pages.points", n=signed(t, points, shown))
    whole = unit in _WHOLE and float(amount).is_integer()
    shown = 0 if whole else (_decimals([amount]) if decimals is None else decimals)
    label = t(f"common.unit.{unit}") if t.has(f"common.unit.{unit}") else ""
    return f"{signed(t, amount, shown)} {label}".strip()


def signed(t: Texts, amount: float, decimals: int) -> str:
    """A number with its sign; beyond what is ever counted it is told by its power of ten."""
    return t.number(amount, decimals, sign=True) if abs(amount) < _COUNTABLE else f"{amount:+.2e}"


def base(unit: str) -> str:
    """The unit that a yearly pace is counted in: a difference of paces is told like one of levels."""
    plain = unit.removesuffix(_YEARLY)
    return "percent" if plain == "percentage points" else plain


def parts_decimals(amounts: Sequence[float], unit: str) -> int:
    """Decimals under which the smallest part of a change is still told, for all parts of it alike."""
    scale = _IN_POINTS.get(base(unit), 1.0)
    return _decimals([amount * scale for amount in amounts if amount])


def _decimals(amounts: Sequence[float]) -> int:
    """Two digits of the largest amount, one of the smallest, at most four decimals."""
    sizes = [abs(amount) for amount in amounts if amount]
    if not sizes:
        return 0
    for decimals in range(5):
        step = 10.0**-decimals
        if min(sizes) >= step / 2 and (
            max(sizes) >= 10 * step or all(abs(s - round(s, decimals)) < 1e-9 for s in sizes)
        ):
            return decimals
    return 4


def relative(t: Texts, part: float | None, unit: str) -> str:
    """A relative change in percent, or a dash where there is none; of percentages and probabilities it would only confuse."""
    if part is None or base(unit) in _IN_POINTS:
        return "–"
    return t.percent(100 * part, 1, sign=True) if abs(part) < _COUNTABLE else f"{100 * part:+.2e}"


def quantity(t: Texts, value: Cell, unit: str) -> str:
    """A figure with its unit as readers write it; text stays as it is, nothing is a dash."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return t("common.yes") if value else t("common.no")
    if isinstance(value, str):
        return value
    return t.quantity(value, unit) if abs(value) < _COUNTABLE else f"{value:.2e}"


def day(t: Texts, text: str) -> str:
    """An ISO date as a day; other text stays as it is."""
    try:
        return t.day(date.fromisoformat(text[:10]))
    except ValueError:
        return text


def period(t: Texts, text: str) -> str:
    """A period as readers write it; text that is none stays as it is."""
    try:
        return t.period(text)
    except (ValueError, LookupError, DxError):
        return text


def counted(t: Texts, what: str, n: int) -> str:
    """A number of things: ``1 table``, ``3 tables``."""
    form = f"{what}_one" if n == 1 else f"{what}_many"
    return t(f"changes.count.{form}", n=t.number(n, 0))
