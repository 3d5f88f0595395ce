"""Whether two numbers are the same, and whether a reader sees that they are not."""

from __future__ import annotations

import math
import re

RELATIVE = 1e-9
"""Two numbers that differ by no more than this part of the larger one are the same number."""
_NUMBER = re.compile(r"[0-9](?:[0-9.,\u00a0\u202f]*[0-9])?")
_SCALES = (1.0, 100.0)


def same(old: float, new: float, tolerance: float = RELATIVE) -> bool:
    """Whether two numbers differ by nothing but the arithmetic of the machine."""
    return math.isclose(old, new, rel_tol=tolerance, abs_tol=0.0)


def last_digit(text: str, value: float, language: str) -> float | None:
    """What the last digit of a shown number stands for, in the unit of the number itself.

    ``12,66 %`` shown of 12.6583 gives 0.01; ``4 %`` shown of a probability 0.043 gives 0.01. None where the text shows no single
    number, or not this one.
    """
    found = _NUMBER.findall(text)
    if len(found) != 1:
        return None
    grouping, point = (".", ",") if language == "vi" else (",", ".")
    digits = re.sub(rf"[\u00a0\u202f{re.escape(grouping)}]", "", found[0]).replace(point, ".")
    try:
        number = float(digits)
    except ValueError:
        return None
    step = 10.0 ** -len(digits.partition(".")[2])
    # A probability of 0.04 is told as 4 %: the digit is that of the number told.
    for scale in _SCALES:
        if abs(abs(value) * scale - number) <= step * (0.5 + 1e-9):
            return step / scale
    return None


def is_visible(old: float, new: float, texts: tuple[str, str], language: str) -> bool:
    """Whether a reader sees that a number moved: its text differs, and by more than half of the last digit shown."""
    if texts[0] == texts[1]:
        return False
    steps = [last_digit(text, value, language) for text, value in zip(texts, (old, new), strict=True)]
    if steps[0] is None or steps[1] is None:
        return True
    return abs(new - old) > min(steps[0], steps[1]) / 2
