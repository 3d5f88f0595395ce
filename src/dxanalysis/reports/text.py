"""Text that somebody else wrote, made safe to show."""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import urlsplit

# Written as code points: in a pattern, as in a page, such marks would reorder or hide what a reader sees.
_HIDDEN_RANGES = (
    *((0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F)),  # controls but tab and line feed, which a reader expects
    *((0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x180B, 0x180F)),  # shown as nothing
    *((0x0600, 0x0605), (0x06DD, 0x06DD), (0x070F, 0x070F), (0x0890, 0x0891), (0x08E2, 0x08E2)),  # wrap other letters
    *((0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F), (0xFEFF, 0xFEFF)),  # no width, line breaks, direction
    *((0x115F, 0x1160), (0x17B4, 0x17B5), (0x3164, 0x3164), (0xFFA0, 0xFFA0), (0x2800, 0x2800)),  # letters without ink
    *((0xFFF0, 0xFFFB), (0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x13430, 0x1343F), (0x1BCA0, 0x1BCA3)),
    *((0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),  # tags and the like: a message inside a message
    *((0xD800, 0xDFFF), (0xFDD0, 0xFDEF)),  # halves of characters, and what never is one: no XML may hold them
    *((plane + 0xFFFE, plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000)),
)
_HIDDEN = re.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in _HIDDEN_RANGES) + "]")
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_STACK = re.compile(f"(?<=[{_MARKS}]{{4}})[{_MARKS}]")
"""Marks on a letter beyond the fourth: no language needs them, and they cover the lines above and below."""
BOLD = re.compile(r"\*\*(?=\S)((?:(?!\*\*).)+)(?<=\S)\*\*")
"""``**bold**``, found in one pass: what is bold holds no ``**`` itself, so no start of it is tried to the end of the text."""


def is_hidden(character: str) -> bool:
    """Whether a character is a control, a direction mark, shown as nothing, or not a character at all.

    Tab and line feed are not; joiners of letters are, though a few scripts need them: two names that look alike must
    not be two names.
    """
    return _HIDDEN.match(character) is not None


def clean(text: str) -> str:
    """Make every hidden character visible, as ``[U+202E]``, and every fifth mark on one letter; everything else is kept."""
    if text.isascii() and text.isprintable():
        return text
    return _STACK.sub(_named, _HIDDEN.sub(_named, text))


def _named(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"


def escape(text: str) -> str:
    """Text for HTML content or a quoted attribute."""
    return html.escape(clean(text), quote=True)


def marked_up(text: str) -> str:
    """Escaped text in which ``**bold**`` is the only markup."""
    return BOLD.sub(r"<strong>\1</strong>", escape(text))


def without_markup(text: str) -> str:
    """The words alone, for places that cannot show bold type."""
    return BOLD.sub(r"\1", text)


def one_line(text: str, limit: int = 300) -> str:
    """Text for one line of a terminal or a list: cleaned, white space folded, cut at ``limit`` characters."""
    folded = clean(" ".join(text.split()))
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


def safe_address(url: str) -> str:
    """Give the address if a reader may follow it, else empty.

    It is http or https, with a host of Latin letters (others may look like them) and nothing hidden in it.
    """
    if any(is_hidden(c) or c.isspace() or c in '\\<>"' for c in url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    looks_alike = any(c.isalpha() and not unicodedata.name(c, "").startswith("LATIN") for c in parts.netloc)
    return (
        url
        if parts.scheme in {"http", "https"} and parts.netloc and "@" not in parts.netloc and not looks_alike
        else ""
    )
