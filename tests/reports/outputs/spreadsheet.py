"""What a spreadsheet shows of a cell: the three sections of a number format, as far as the workbook uses them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal


def shown(value: float, number_format: str, language: str) -> str:
    """Text that a spreadsheet set to the language shows: 15 digits are kept, ties go away from zero."""
    positive, negative, zero = sections(number_format)
    kept = Context(prec=15, rounding=ROUND_HALF_UP).create_decimal(repr(float(value)))
    return "".join(
        _part(part, abs(kept), language) for part in (positive if kept > 0 else negative if kept < 0 else zero)
    )


def sections(number_format: str) -> list[list[tuple[str, str]]]:
    """Sections of a format, each a list of (``words`` or ``digits``, what is written)."""
    found: list[list[tuple[str, str]]] = [[]]
    position = 0
    while position < len(number_format):
        character = number_format[position]
        if character == '"':
            end = number_format.index('"', position + 1)
            found[-1].append(("words", number_format[position + 1 : end]))
            position = end + 1
        elif character == ";":
            found.append([])
            position += 1
        else:
            assert character in "#,0.", f"{character!r} outside quotation marks in {number_format!r}"
            end = position
            while end < len(number_format) and number_format[end] in "#,0.":
                end += 1
            found[-1].append(("digits", number_format[position:end]))
            position = end
    assert len(found) == 3, number_format
    return found


def _part(part: tuple[str, str], value: Decimal, language: str) -> str:
    kind, written = part
    if kind == "words":
        return written
    whole, _, decimals = written.partition(".")
    rounded = value.quantize(Decimal(1).scaleb(-len(decimals)), rounding=ROUND_HALF_UP, context=Context(prec=400))
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text
