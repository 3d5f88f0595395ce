"""Keys of the split's words that the code composes."""

_FIGURES = {"revised", "new_period", "new_series", "withdrawn"}
_CAUSES = {"boundary", "target", "catalogue", "parameters", "seed", "calendar", "code"}

FAMILIES = {
    "split.note.{}": {
        "notebooks", "no_data", "no_code", "cannot_run", "old_code", "grouped", "joined", "unexplained", "not_recorded",
    },
    "split.member.{}": _FIGURES | _CAUSES | {"data"},
    "split.any.{}": _FIGURES,
    "split.several.{}": _FIGURES,
    "split.cause.{}": _CAUSES | {"software", "environment", "unexplained"},
}  # fmt: skip
SAME = {
    "split.subject.figure": "names and a period only",
    "split.subject.series": "names only",
}
NO_DIACRITICS = {
    "split.subject.figure": "names and a period only",
    "split.subject.series": "names only",
}
