"""Published numbers as they are written: ``12,66%``, ``1.234,5``, ``..``, ``hơn 30%``.

A file says once which decimal mark it uses; a number that breaks that rule is an error, never a guess: ``1.234`` is
a thousand in Vietnamese and little more than one in English.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Final

from dxanalysis.errors import DataError

MISSING_MARKS: Final = frozenset({"", "..", "...", "…", "-", "–", "—", "n/a", "na", "n.a.", "null", "none", "x"})

# Words that turn a number into a bound or a guess; kept in a note, never dropped.
_QUALIFIERS: Final = (
    "hơn", "trên", "gần", "khoảng", "dưới", "tối thiểu", "tối đa", "ít nhất", "over", "about", "more than", "less than", "under",
    "nearly", "at least", "around", "approx", ">", "<", "~", "≥", "≤",
)  # fmt: skip

_SIGN: Final = r"[+\-−]?"


def is_missing(text: str) -> bool:
    """Whether the text is one of the marks statistical offices print for "no figure"."""
    return text.strip().lower() in MISSING_MARKS


def parse_number(text: str, *, decimal: str = ".") -> float:
    """Read a number written with the given decimal mark; the other mark may group thousands.

    Parameters
    ----------
    text
        As published, e.g. ``"1.234,5"`` with ``decimal=","``.
    decimal
        ``"."`` or ``","``.

    Raises
    ------
    DataError
        With the way out, when the text is a missing mark, carries a percent sign or a word such as "hơn",
        uses the other decimal mark, or is no number.
    """
    if decimal not in {".", ","}:
        raise DataError(f"decimal mark {decimal!r}", fix='Use "." or ","')
    clean = text.strip()
    if is_missing(clean):
        raise DataError(
            f"{text!r} is a mark for a missing figure", fix="Leave the value as it is and set status to missing"
        )
    lowered = clean.lower()
    if any(lowered.startswith(word) for word in _QUALIFIERS):
        raise DataError(
            f"{text!r} is not a plain number: it says more or less than a value",
            fix="Write the number in value and the word in note",
        )
    if clean.endswith("%"):
        raise DataError(f"{text!r} carries a percent sign", fix="Write the number alone; the unit column says percent")
    group = "," if decimal == "." else "."
    plain = re.compile(rf"{_SIGN}[0-9]+(?:{re.escape(decimal)}[0-9]+)?(?:[eE][+-]?[0-9]+)?")
    grouped = re.compile(
        rf"{_SIGN}[0-9]{{1,3}}(?:[{re.escape(group)}\u00a0\u202f ][0-9]{{3}})+(?:{re.escape(decimal)}[0-9]+)?"
    )
    if plain.fullmatch(clean):
        number = clean
    elif grouped.fullmatch(clean):
        if decimal == "." and clean.count(",") == 1 and "." not in clean:
            # "1,234" in a file with decimal points may be a Vietnamese decimal comma: refuse to guess.
            raise DataError(
                f"{text!r} can be read in two ways",
                fix=f"Write {clean.replace(',', '')} for the thousand, or declare decimalChar ',' in datapackage.json",
            )
        number = re.sub(rf"[{re.escape(group)}\u00a0\u202f ]", "", clean)
    elif re.fullmatch(rf"{_SIGN}[0-9]+{re.escape(group)}[0-9]+", clean):
        raise DataError(
            f"{text!r} uses {group!r} as decimal mark where the file uses {decimal!r}",
            fix=f"Declare decimalChar {group!r} for this file in datapackage.json (dxanalysis add --decimal '{group}')",
        )
    else:
        raise DataError(f"{text!r} is not a number", fix=f"Write digits with {decimal!r} as decimal mark")
    value = float(number.replace("−", "-").replace(decimal, "."))
    if not math.isfinite(value):
        raise DataError(f"{text!r} is not a finite number", fix="Check the figure at its source")
    return value


def half_unit(value: float) -> float:
    """Half a unit of a number's last printed digit: what it may have been rounded by.

    A stored number has lost its trailing zeros (5.60 is 5.6), so this is sometimes too wide and never too narrow.
    """
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    return 0.5 * float(10 ** min(0, exponent)) if isinstance(exponent, int) else 0.0


def same_but_for_rounding(one: float, other: float) -> bool:
    """Whether two printed numbers can be one figure, printed with more and with fewer digits: 7.2 and 7.1995."""
    coarse, fine = max(half_unit(one), half_unit(other)), min(half_unit(one), half_unit(other))
    return one == other or (fine < coarse and abs(one - other) <= coarse * (1 + 1e-9))
