"""Make the shipped prior from public adoption panels kept beside the project.

    python benchmarks/build_prior.py [--data ../shared/data/benchmark] [--out src/dxanalysis/forecast/prior.json]

Parameters only go into the file (regression coefficients, sizes and quantiles of errors), never a value of a panel. Where a panel comes
from and its licence are written into it. Same panels, same bytes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pandas as pd

from dxanalysis.errors import ModelError
from dxanalysis.forecast.prior import Prior, build_family
from dxanalysis.forecast.scale import Scale

ROOT = Path(__file__).resolve().parents[1]
ITU = "ITU via World Bank, compiled by Gapminder (open-numbers/ddf--gapminder--systema_globalis, 2026-03-01)"
JMP = "WHO/UNICEF JMP, compiled by Gapminder (open-numbers/ddf--gapminder--systema_globalis, 2026-03-01)"
EUROSTAT = "Eurostat isoc_r_iuse_i, individuals using the internet daily (via rOpenGov/regions, 2022-09-24)"

PAPI = "PAPI governance sub-scores of 63 Vietnamese provinces, stacked (CECODES, VFF-CRT, RTA, UNDP; via hnks-gh/ml-mcdm, 2026-04-11)"

# indicator or what all of its ids begin with, file, upper bound, source, licence
PANELS = (
    ("internet_users_pct", "adoption_world.csv", 100.0, ITU, "CC BY 4.0"),
    ("fixed_broadband_per_100", "adoption_world.csv", 60.0, ITU, "CC BY 4.0"),
    ("mobile_subscriptions_per_100", "adoption_world.csv", 200.0, ITU, "CC BY 4.0"),
    ("basic_water_pct", "adoption_world.csv", 100.0, JMP, "CC BY 4.0"),
    ("basic_sanitation_pct", "adoption_world.csv", 100.0, JMP, "CC BY 4.0"),
    ("daily_internet_users_pct", "adoption_eu_regions.csv", 100.0, EUROSTAT, "reuse with credit to Eurostat"),
    ("papi_", "vietnam_papi.csv", 3.34, PAPI, "parameters only; the scores are PAPI's"),
)


def prior_of(
    folder: Path,
    *,
    without: tuple[str, ...] = (),
    until: int | None = None,
    forms: tuple[str, ...] = ("bounded", "positive"),
) -> Prior:
    """Prior of all panels but those left out, from values up to a year; panels that are too short by then are left out too."""
    families = []
    for form in forms:
        for indicator, file, upper, source, licence in PANELS:
            if indicator in without:
                continue
            panel = pd.read_csv(folder / file).rename(columns={"year": "period"})
            panel = panel[panel["indicator"].str.startswith(indicator)]
            # a region of one indicator; several indicators stacked are as many regions each
            panel = panel.assign(region=panel["indicator"] + " " + panel["region"])
            if until is not None:
                panel = panel[panel["period"] <= until]
            scale = Scale.of("share", 0, upper) if form == "bounded" else Scale.of("level", 0)
            try:
                family = build_family(panel, scale=scale, name=indicator.rstrip("_"), source=source, licence=licence)
            except ModelError:
                if until is None:
                    raise
                continue
            families.append(family)
    return Prior(families=tuple(families))


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "benchmark")
    ask.add_argument("--out", type=Path, default=ROOT / "src" / "dxanalysis" / "forecast" / "prior.json")
    options = ask.parse_args()
    if not options.data.is_dir():
        print(f"No panels at {options.data.name}: they are not part of this repository. Pass --data FOLDER.")
        return 1
    prior = prior_of(options.data)
    options.out.write_text(prior.to_json(), encoding="utf-8")
    for family in prior.families:
        print(f"{family.form:9} {family.name:30} {family.n_regions:4} regions, {family.n_cases:5} changes")
    print(f"{options.out.name}: {options.out.stat().st_size / 1024:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
