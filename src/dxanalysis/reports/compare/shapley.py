"""A change split fairly over causes that act together: the Shapley value, in exact arithmetic.

A cause's part is what it adds when it joins the causes before it, averaged over all orders in which they could have come. The parts add up
to the whole change, causes that do the same get the same, a cause that does nothing gets nothing, and the parts of a sum of two numbers
are the sums of their parts; no other rule has these four properties (Shapley 1953).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Final, TypeVar

from dxanalysis.errors import ReportError

MOST: Final = 6
"""Causes that are split exactly: 64 runs. Each further one would double them."""
DIGITS: Final = 15
"""Digits of a decimal that a floating-point number always keeps."""

Cause = TypeVar("Cause")
Worth = Callable[[frozenset[Cause]], Sequence[float]]
"""The numbers that a set of causes, without the others, leads to."""


def coalitions(causes: Sequence[Cause]) -> tuple[frozenset[Cause], ...]:
    """Every set of causes, the smallest first: all that a split needs to know."""
    return tuple(frozenset(some) for size in range(len(causes) + 1) for some in combinations(causes, size))


def shapley(causes: Sequence[Cause], worth: Worth[Cause]) -> dict[Cause, tuple[Fraction, ...]]:
    """Split the change of several numbers at once.

    Parameters
    ----------
    causes
        At most :data:`MOST`, each once.
    worth
        Numbers that a set of causes leads to, always as many; asked once for each set.

    Returns
    -------
    dict
        Cause -> its part of each number, a fraction: they add up to ``worth(all) - worth(none)``, each number taken as it is written.

    Raises
    ------
    ReportError
        When there are too many causes, one is given twice, or the numbers of some set are more, fewer or not finite.
    """
    if len(causes) > MOST:
        raise ReportError(f"{len(causes)} causes cannot be split exactly", fix=f"Group them into {MOST} at most")
    if len(set(causes)) != len(causes):
        raise ReportError("a cause is given twice")
    numbers = {some: _exact(worth(some)) for some in coalitions(causes)}
    counts = {len(found) for found in numbers.values()}
    if len(counts) != 1:
        raise ReportError(f"sets of causes lead to different counts of numbers: {', '.join(map(str, sorted(counts)))}")
    weights = [_weight(size, len(causes)) for size in range(len(causes))]
    return {
        cause: tuple(
            sum(
                (
                    weights[len(some)] * (numbers[some | {cause}][place] - numbers[some][place])
                    for some in numbers
                    if cause not in some
                ),
                start=Fraction(0),
            )
            for place in range(next(iter(counts)))
        )
        for cause in causes
    }


def adding_up(parts: Mapping[Cause, Fraction], old: float, new: float) -> dict[Cause, float]:
    """Parts as numbers that add up, as they are written, to the change of a number, as it is written.

    Floating-point numbers cannot do that: no two of them near 0.0281 and -0.0227 have 0.0154 - 0.01 as their sum. Decimals can. The parts
    are rounded to :data:`DIGITS` digits of the largest and written so; what the rounding leaves is put into the largest part. With
    numbers of no more digits, as reports record them, the sum of the decimals is the difference of the decimals, exactly; of
    others it is that difference rounded in the same place. A part of exactly nothing stays nothing.

    Returns
    -------
    dict
        Cause -> its part; ``Decimal(repr(part))`` are the decimals that add up.
    """
    total = written(new) - written(old)
    largest = max((abs(part) for part in (*parts.values(), total)), default=Fraction(0))
    if not parts or not largest:
        return dict.fromkeys(parts, 0.0)
    unit = Fraction(10) ** (_digits_before(largest) - DIGITS)
    units = {cause: round(part / unit) for cause, part in parts.items()}
    taker = max(parts, key=lambda cause: abs(parts[cause]))
    units[taker] += round(total / unit) - sum(units.values())
    return {cause: float(count * unit) for cause, count in units.items()}


def written(number: float) -> Fraction:
    """A number as the decimal that it is written as: 0.1 is one tenth."""
    return Fraction(repr(number))


def _digits_before(number: Fraction) -> int:
    """Digits before the point of a positive number; of 0.05, minus one."""
    found = math.floor(math.log10(number))
    # The logarithm is rounded; next to a power of ten it may be one off.
    while Fraction(10) ** found > number:
        found -= 1
    while Fraction(10) ** (found + 1) <= number:
        found += 1
    return found + 1


def _weight(size: int, causes: int) -> Fraction:
    """Share of the orders in which exactly some ``size`` causes come before a given one."""
    return Fraction(math.factorial(size) * math.factorial(causes - 1 - size), math.factorial(causes))


def _exact(numbers: Sequence[float]) -> tuple[Fraction, ...]:
    if not all(math.isfinite(number) for number in numbers):
        raise ReportError(
            "a set of causes leads to a number that is not finite", fix="Leave that number out of the split"
        )
    return tuple(map(written, numbers))
