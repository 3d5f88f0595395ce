"""A spreadsheet's number format that shows a number as the report's text shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from dxanalysis.reports.text import is_hidden

_MINUS = "\N{MINUS SIGN}"
_NUMBER = re.compile(rf"(?P<sign>[+\-{_MINUS}]?)(?P<digits>[0-9][0-9.,]*)")
_SEPARATORS = {"vi": (".", ","), "en": (",", ".")}
"""Language -> mark between thousands, decimal mark."""
_LONGEST_FORMAT = 255
_MISREAD = '";[\n\t'  # ends the words, the section, or begins a code, for one program or another
_MOST_DIGITS = 15  # what a spreadsheet keeps of a number, and shows
_STEPS = (1e-9, 1e-6, 1e-3, 1.0)  # parts of the way to the number shown, the first that is enough


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedNumber:
    """A number for a cell with the format that shows it.

    Attributes
    ----------
    value
        The number behind the text. Where the spreadsheet would round a tie away from what the text says, it is moved towards what the
        text says, by as little as it takes.
    """

    value: float
    number_format: str


def typed_number(value: float, text: str, language: str) -> TypedNumber | None:
    """Find the format in which a spreadsheet shows ``value`` as ``text``.

    The decimal mark is the reader's own setting in a spreadsheet; digits, sign, unit and grouping are those of the text. A text that
    does not show the number (“under 1 %”) becomes a format of these words with the number behind them.

    Returns
    -------
    TypedNumber or None
        None where no format can say the text: it is too long, or holds a mark that some program misreads inside a format. It is then a
        cell of words.
    """
    if not text.strip() or any(is_hidden(c) or c in _MISREAD for c in text):
        return None
    group, mark = _SEPARATORS.get(language, _SEPARATORS["en"])
    for match in _NUMBER.finditer(text):
        digits = match["digits"].rstrip(".,")
        whole, _, decimals = digits.partition(mark)
        plain = whole.replace(group, "")
        if not plain.isdecimal() or len(digits) > _LONGEST_FORMAT or (decimals and not decimals.isdecimal()):
            continue
        grouped = group in whole
        if whole != (f"{int(plain):,}".replace(",", group) if grouped else str(int(plain))):
            continue
        negative = match["sign"] in {"-", _MINUS}
        shown = Decimal(f"{'-' if negative else ''}{plain}.{decimals or '0'}")
        if abs(shown - _exact(value)) > Decimal("0.5000001").scaleb(-len(decimals)):
            continue
        before, after = text[: match.start()], text[match.start() + len(match["sign"]) + len(digits) :]
        return _typed(
            value, shown, len(decimals), match["sign"], _core(len(decimals), grouped=grouped), (before, after)
        )
    words = _quoted(text)
    return _checked(value, ";".join([words] * 3))


def _typed(
    value: float, shown: Decimal, decimals: int, sign: str, core: str, around: tuple[str, str]
) -> TypedNumber | None:
    before, after = (_quoted(part) for part in around)
    is_zero = shown == 0
    # The sign of a format is that of the unrounded number: a small loss shown as “0,00” must not read “−0,00”.
    signs = {
        "positive": _quoted(sign) if value > 0 else "",
        "negative": _quoted(sign or ("" if is_zero else _MINUS)) if value < 0 else _quoted(_MINUS),
        "zero": _quoted(sign) if value == 0 else "",
    }
    number_format = ";".join(f"{before}{mark}{core}{after}" for mark in signs.values())
    return _checked(_nudged(value, shown, decimals), number_format)


def _checked(value: float, number_format: str) -> TypedNumber | None:
    return TypedNumber(value=value, number_format=number_format) if len(number_format) <= _LONGEST_FORMAT else None


def _core(decimals: int, *, grouped: bool) -> str:
    return ("#,##0" if grouped else "0") + ("." + "0" * decimals if decimals else "")


def _quoted(words: str) -> str:
    return f'"{words}"' if words else ""


def _exact(value: float) -> Decimal:
    """The number as a spreadsheet has it."""
    return Context(prec=_MOST_DIGITS, rounding=ROUND_HALF_UP).create_decimal(repr(float(value)))


def _nudged(value: float, shown: Decimal, decimals: int) -> float:
    nearer = (value, *(value + (float(shown) - value) * step for step in _STEPS))
    return next((one for one in nearer if _rounded(one, decimals) == shown), value)


def _rounded(value: float, decimals: int) -> Decimal:
    return _exact(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=Context(prec=400))
