"""Words as the typesetter takes them: data, never source; every character has a glyph, every long word may break."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import TypeAlias

from dxanalysis.reports.text import BOLD, clean, is_hidden

Runs: TypeAlias = list[tuple[str, bool]]
"""Pieces of running text, each with whether it is bold."""

BREAK = "\x01"
"""Where a line may end inside a word. :func:`dxanalysis.reports.text.clean` leaves none of these in a text."""
FIRST, SECOND = "\x02", "\x03"
"""Places in a sentence for numbers that only the typesetter knows, such as a page."""

LONGEST_WORD = 22
"""Letters after which a word may break anywhere: no Vietnamese or English word is as long, addresses are."""

_LONG = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
_PARTS = re.compile(r"[^/\-_.?&=:,;|+]{0,10}[/\-_.?&=:,;|+]+|.{1,10}")
_SPACE = re.compile(r"[ \t\n\r\f\v]+")


def fonts_folder() -> Path:
    """Folder of the fonts that come with matplotlib: the same on every machine."""
    import matplotlib  # noqa: PLC0415  # most of the package's users never make a PDF

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


@cache
def drawable() -> frozenset[int]:
    """Characters for which the last font of the template has a glyph, in regular and bold."""
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415  # as above

    faces = [set(FT2Font(fonts_folder() / name).get_charmap()) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")]
    both = faces[0] & faces[1]
    # A private or unassigned character means nothing to another reader; PDF/A refuses both.
    return frozenset(c for c in both if unicodedata.category(chr(c)) not in {"Cc", "Cf", "Cn", "Co", "Cs"})


def visible(text: str) -> str:
    """Text on one line in which what has no glyph, or hides, is named: ``[U+4E2D]``."""
    folded = _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if folded.isascii() and folded.isprintable():
        return folded
    known = drawable()
    return "".join(c if ord(c) in known else _named(c) for c in clean(folded))


def _named(character: str) -> str:
    return f"[U+{ord(character):04X}]"


def plain(text: str) -> str:
    """Text of a cell, a heading or a label, with its break marks."""
    return _LONG.sub(_breakable, visible(text))


def rich(text: str) -> Runs:
    """Running text in which ``**bold**`` is the only markup."""
    runs: Runs = []
    shown = visible(text)
    end = 0
    for found in BOLD.finditer(shown):
        runs += [(shown[end : found.start()], False), (found[1], True)]
        end = found.end()
    runs.append((shown[end:], False))
    return [(_LONG.sub(_breakable, piece), bold) for piece, bold in runs if piece]


def cut(text: str, limit: int) -> str:
    """Text of at most ``limit`` characters, ended at a space where there is one, with an ellipsis; bold marks stay paired."""
    if len(text) <= limit:
        return text
    kept = text[:limit]
    kept = kept[: kept.rfind(" ")] if " " in kept[limit // 2 :] else kept
    return kept.rstrip() + ("**…" if kept.count("**") % 2 else "…")


def is_blank(text: object) -> bool:
    """Whether a reader would see or hear nothing: no text, white space, or hidden characters only."""
    return not isinstance(text, str) or all(
        c.isspace() or is_hidden(c) or unicodedata.category(c) in {"Cf", "Cn", "Co", "Mn"} for c in text
    )


def _breakable(word: re.Match[str]) -> str:
    return BREAK.join(_PARTS.findall(word[0]))
