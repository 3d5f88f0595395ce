"""Text that somebody else wrote, made safe to show."""

from __future__ import annotations

import html
import re
import unicodedata

# Marks that reorder or hide what a reader sees: a figure or an address may read backwards under them.
_DECEIVING = frozenset(
    [0x061C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")


def is_hidden(character: str) -> bool:
    """Whether a character is a control, a direction mark or not a character at all.

    Tab and line feed are kept: they are white space a reader expects.
    """
    if character in "\t\n":
        return False
    code = ord(character)
    return code in _DECEIVING or 0xE0000 <= code <= 0xE007F or unicodedata.category(character) in {"Cc", "Cs"}


def clean(text: str) -> str:
    """Make control characters and direction marks visible, as ``[U+202E]``; everything else is kept."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"[U+{ord(c):04X}]" if is_hidden(c) else c for c in text)


def escape(text: str) -> str:
    """Text for HTML content or a quoted attribute."""
    return html.escape(clean(text), quote=True)


def marked_up(text: str) -> str:
    """Escaped text in which ``**bold**`` is the only markup."""
    return _BOLD.sub(r"<strong>\1</strong>", escape(text))


def without_markup(text: str) -> str:
    """The words alone, for places that cannot show bold type."""
    return _BOLD.sub(r"\1", text)


def one_line(text: str, limit: int = 300) -> str:
    """Text for one line of a terminal or a list: cleaned, white space folded, cut at ``limit`` characters."""
    folded = clean(" ".join(text.split()))
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"
