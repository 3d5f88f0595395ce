"""Targets without a number: a state to reach, a class to belong to. Only a published verdict answers for them."""

from __future__ import annotations

import unicodedata

import pandas as pd

from dxanalysis.data.schema import Target
from dxanalysis.forecast.evidence import Missing, NotEnoughData
from dxanalysis.forecast.targets.outcomes import Met, Missed
from dxanalysis.forecast.targets.published import PublishedValue, at_deadline, latest


def judge_qualitative(target: Target, rows: pd.DataFrame, *, gaps: tuple[Missing, ...]) -> Met | Missed | NotEnoughData:
    """Verdict on a ``yes`` or ``group`` target from rows of its indicator.

    A yes/no row holds 1 or 0. A group row holds the class as its note; another class than the target's is named, not judged, since the
    classes' order is not in the data. Without a row for the deadline (or, for ``by``, any row up to it that says yes) there is
    no verdict.
    """
    lacking = NotEnoughData(
        reason="no_published_verdict",
        missing=(Missing(code="verdict", facts=(("deadline", target.deadline.text),)), *gaps),
    )
    if rows.empty:
        return lacking
    value = at_deadline(rows, target.deadline, "yes-no")
    if target.meaning == "by":
        value = _first_yes(target, rows) or value
    if value is None:
        return lacking
    if _is_reached(target, value):
        return Met(value=value, margin=0.0)
    if target.comparator == "group":
        found = Missing(code="group_published", facts=(("group", value.label), ("period", value.period)))
        return NotEnoughData(reason="other_group_published", missing=(found, *gaps))
    return Missed(value=value, margin=0.0)


def _first_yes(target: Target, rows: pd.DataFrame) -> PublishedValue | None:
    for at in range(len(rows)):
        row = rows.iloc[[at]]
        value = latest(row)
        if value is not None and row["when"].iloc[0].end <= target.deadline.end and _is_reached(target, value):
            return value
    return None


def _is_reached(target: Target, value: PublishedValue) -> bool:
    if target.comparator == "group":
        return _same(value.label, target.group or "")
    return value.value == 1


def _same(left: str, right: str) -> bool:
    return (
        unicodedata.normalize("NFC", left).casefold().strip() == unicodedata.normalize("NFC", right).casefold().strip()
    )
