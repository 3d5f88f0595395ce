"""What a parameter of the report plan may be, said before anything runs. Loads no pandas: a freshness check is quick."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from dxanalysis.data import slices
from dxanalysis.data.regions import region_id
from dxanalysis.i18n import LANGUAGES


def parameter_checks(store: Path) -> dict[str, Callable[[object], str | None]]:
    """What a parameter of the plan may be, said before anything runs."""
    known = {
        region_id(entry["boundary_set"], entry["code"])
        for entry in json.loads((store / "catalogue.json").read_text(encoding="utf-8"))["regions"]
    }
    filled = {name.rpartition(":")[2] for name in slices.read_index(store)["observations"]}

    def check_region(value: object) -> str | None:
        if value not in known:
            return f"unknown region {value!r}: write a boundary set and a code such as 34-52, or VN"
        if value not in filled:
            return f"region {value!r} has no figure in data/raw"
        return None

    def check_language(value: object) -> str | None:
        return None if value in LANGUAGES else f"unknown language {value!r}: write one of {', '.join(LANGUAGES)}"

    def check_as_of(value: object) -> str | None:
        if value == "":
            return None
        try:
            date.fromisoformat(str(value))
        except ValueError:
            return f"as_of {value!r} is not a date: write year-month-day, or leave it empty"
        return None

    return {"region": check_region, "language": check_language, "as_of": check_as_of}
