"""What a parameter of the report plan may be, said before anything runs. Loads no pandas: a freshness check is quick."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from dxanalysis.data import slices
from dxanalysis.data.regions import region_id
from dxanalysis.errors import ParameterError
from dxanalysis.i18n import LANGUAGES

_FEWEST_DRAWS: Final = 100
_MOST_DRAWS: Final = 1_000_000


def parameter_checks(store: Path) -> dict[str, Callable[[object], str | None]]:
    """What a parameter of the plan may be, said before anything runs."""
    known: dict[str, tuple[str, ...]] = {
        region_id(entry["boundary_set"], entry["code"]): (entry["name_vi"].casefold(), entry["name_en"].casefold())
        for entry in json.loads((store / "catalogue.json").read_text(encoding="utf-8"))["regions"]
    }

    def check_region(value: object) -> str | None:
        if value not in known:
            asked = unicodedata.normalize("NFC", str(value)).casefold()
            named = [identity for identity, names in known.items() if asked in names]
            way = f"write {' or '.join(named)}" if named else "write a boundary set and a code such as 34-52, or VN"
            return f"unknown region {value!r}: {way}"
        return None  # a place without a figure has a report too: it says what is missing

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

    def check_draws(value: object) -> str | None:
        fits = isinstance(value, int) and _FEWEST_DRAWS <= value <= _MOST_DRAWS
        return None if fits else f"draws is {value!r}: write a whole number from {_FEWEST_DRAWS} to {_MOST_DRAWS}"

    def check_seed(value: object) -> str | None:
        return None if isinstance(value, int) and value >= 0 else f"seed is {value!r}: write 0 or a whole number above"

    return {
        "region": check_region,
        "language": check_language,
        "as_of": check_as_of,
        "draws": check_draws,
        "seed": check_seed,
    }


def provinces(store: Path) -> dict[str, tuple[str, ...]]:
    """Boundary set -> its provinces, in the registry's order."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in json.loads((store / "catalogue.json").read_text(encoding="utf-8"))["regions"]:
        if entry["kind"] == "province":
            identity = region_id(entry["boundary_set"], entry["code"])
            found[entry["boundary_set"]] = (*found.get(entry["boundary_set"], ()), identity)
    return found


def parameter_expanders(store: Path) -> dict[str, Callable[[str], Sequence[str] | None]]:
    """What a wildcard of the plan stands for: the region ``34:*`` for every province of a boundary set."""
    sets = provinces(store)

    def expand_region(text: str) -> Sequence[str] | None:
        boundary_set, colon, rest = text.partition(":")
        if not colon or rest != "*":
            return None
        if boundary_set not in sets:
            raise ParameterError(
                f"region {text!r} names no boundary set", fix=f"Write one of {', '.join(f'{s}:*' for s in sets)}"
            )
        return sets[boundary_set]

    return {"region": expand_region}
