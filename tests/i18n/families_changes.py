"""Families of keys of the page "what changed", and keys that are the same in both languages on purpose."""

from __future__ import annotations

from typing import get_args

from dxanalysis.pages.promises import CASES
from dxanalysis.reports.compare.causes import CauseKind

_KINDS = {kind.replace(" ", "_") for kind in get_args(CauseKind)}
_COUNTED = ("value", "headline", "table", "figure", "text", "source", "file", "item", "row")

FAMILIES = {
    "changes.cause.{}": _KINDS,
    "changes.why.{}": _KINDS,
    "changes.count.{}": {f"{what}_{form}" for what in _COUNTED for form in ("one", "many")},
    "changes.value.targets_{}": set(CASES),
    "changes.value.share_{}": {"median", "low_95", "high_95"},
    "changes.value.{}": {
        "figures", "indicators", "targets_without_figures", "conflicts", "warnings",
        "n_questions", "n_regions", "unanswered", "beyond_bounds",
        "brier", "brier_base_rate", "brier_drift", "d_base_rate", "se_base_rate", "d_drift", "se_drift",
    },
}  # fmt: skip
SAME = {
    "changes.arrow": "values and an arrow only",
    "changes.fact.figure": "values only",
    "changes.fact.moved": "values only",
    "changes.fact.item": "values only",
    "changes.fact.touched": "a value only",
    "changes.opening.most": "values only",
    "changes.opening.most_plain": "values only",
    "changes.split.part": "values only",
}
NO_DIACRITICS = {**SAME, "changes.column.new": "the Vietnamese word for now, nay, has none"}
