"""Headings, paragraphs and notes: which are gone, which are new, and which were reworded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dxanalysis.reports.recording.items import Heading, Item, Note, Paragraph

TextKind = Literal["title", "heading", "paragraph", "note"]
_ALIKE = 0.5
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChange:
    """A text that was reworded, added (``old`` is None) or dropped (``new`` is None)."""

    kind: TextKind
    old: str | None
    new: str | None


def text_changes(old: Sequence[Item], new: Sequence[Item]) -> tuple[TextChange, ...]:
    """Compare the running text of two records; its order does not count.

    A dropped and an added text of one kind that share at least half of their words are one reworded text.
    """
    found: list[TextChange] = []
    for kind, item in (("heading", Heading), ("paragraph", Paragraph), ("note", Note)):
        before, after = ([i.text for i in items if isinstance(i, item)] for items in (old, new))
        found += _changes(kind, _left_over(before, after), _left_over(after, before))  # type: ignore[arg-type]  # three literals
    return tuple(found)


def _left_over(texts: Sequence[str], others: Sequence[str]) -> list[str]:
    """Texts that the other side does not have, as often as it lacks them."""
    have = Counter(others)
    left = []
    for text in texts:
        if have[text]:
            have[text] -= 1
        else:
            left.append(text)
    return left


def _changes(kind: TextKind, dropped: list[str], added: list[str]) -> list[TextChange]:
    likeness = {(i, j): alike(before, after) for i, before in enumerate(dropped) for j, after in enumerate(added)}
    # Ties are settled by the texts and places of both alike, so that comparing the other way round pairs the same texts.
    order = sorted(
        (pair for pair, score in likeness.items() if score >= _ALIKE),
        key=lambda p: (-likeness[p], abs(p[0] - p[1]), p[0] + p[1], sorted((dropped[p[0]], added[p[1]]))),
    )
    partner: dict[int, int] = {}
    for i, j in order:
        if i not in partner and j not in partner.values():
            partner[i] = j
    taken = {j: i for i, j in partner.items()}
    changes = [
        TextChange(kind=kind, old=dropped[taken[j]] if j in taken else None, new=new) for j, new in enumerate(added)
    ]
    return changes + [TextChange(kind=kind, old=old, new=None) for i, old in enumerate(dropped) if i not in partner]


def alike(one: str, other: str) -> float:
    """Part of the words that two texts share, from 0 to 1 (Dice 1945)."""
    left, right = Counter(_WORD.findall(one.casefold())), Counter(_WORD.findall(other.casefold()))
    whole = left.total() + right.total()
    return 2 * (left & right).total() / whole if whole else 0.0
