"""How near regionalised tables come to tables that regions have of their own.

    python benchmarks/regional_truth.py [--tables FOLDER]

FOLDER, or else the environment variable DXANALYSIS_TABLES, or ../shared/data/accounts, holds any of

* ``japan``: IOTable.csv and AreaID.csv of github.com/sfukui/ReagionalIOTables: 12 sectors, 2015, the nation, 42 prefectures and 6 cities (a seventh has no id there and is left out). Flows hold imports and there is no final
  demand: these tables know a region's technology and not its trade.
* ``alta``: io2014.csv and io_reg2014.csv of outdata in github.com/pttry/alta: Finland, 30 industries, 2014, 19 regions, with imports from other regions and from abroad apart.
  Their trade between regions was modelled, not surveyed.

Neither may be passed on; what is absent is left out and said.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from dxanalysis.accounts.balancing import match_margins, ras
from dxanalysis.accounts.linkages.solve import system
from dxanalysis.accounts.measures.adb import adb_exact
from dxanalysis.accounts.measures.industry import direct_share
from dxanalysis.accounts.regional import (
    Quotient,
    Release,
    WeightedDefinition,
    delta_band,
    quotients,
    regionalise,
    share_interval,
)
from dxanalysis.accounts.tables.build import input_output_table
from dxanalysis.accounts.tables.table import InputOutputTable, Vector

BESIDE = Path(__file__).parents[2] / "shared" / "data" / "accounts"
INFORMATION = 9  # Japan: 'information and communication' is the tenth of the twelve sectors
FINNISH_DIGITAL = {"services 58-63": ("58_63",), "services and electronics 26-27, 58-63": ("26_27", "58_63")}
POINTS: tuple[tuple[Quotient, float | None], ...] = (
    ("slq", None), ("cilq", None), ("rlq", None), ("flq", 0.1), ("flq", 0.25), ("flq", 0.4), ("aflq", 0.1), ("aflq", 0.25), ("aflq", 0.4),
)  # fmt: skip

SEVERAL: tuple[Quotient, ...] = ("slq", "flq", "aflq")


def multipliers(coefficients: Vector) -> Vector:
    """Output multipliers, column sums of the Leontief inverse."""
    return system(coefficients).solve_transposed(np.ones(len(coefficients)))


# Japan ------------------------------------------------------------------------------------------------------------


def read_japan(folder: Path) -> dict[str, tuple[str, Vector, Vector]]:
    """Area id -> name, flows (12, 12) with imports, output (12,)."""
    table = pd.read_csv(folder / "IOTable.csv", dtype={"AreaID(string)": str})
    table = table.dropna(subset=["AreaID(string)"]).set_index("AreaID(string)")
    names = pd.read_csv(folder / "AreaID.csv", dtype=str).set_index("AreaID")["AreaName"]
    flows = [f"R{i}C{j}" for i in range(1, 13) for j in range(1, 13)]
    output = [f"Y{i}" for i in range(1, 13)]
    return {
        str(area): (
            str(names[area]),
            row[flows].to_numpy(dtype=float).reshape(12, 12),
            row[output].to_numpy(dtype=float),
        )
        for area, row in table.iterrows()
    }


def japan_multipliers(areas: dict[str, tuple[str, Vector, Vector]]) -> pd.DataFrame:
    """Output multipliers with the nation's technology against those with the region's own, percent; one row an area."""
    _, flows, output = areas["00000"]
    nation = multipliers(flows / output)
    rows = []
    for area, (name, own, made) in areas.items():
        if area != "00000":
            true = multipliers(own / made)
            rows.append(
                {
                    "area": name,
                    "prefecture": area.endswith("000"),
                    "error": 100 * float(np.mean(nation / true - 1)),
                    "stpe": float(np.abs(own / made - flows / output).sum() / (own / made).sum()),
                }
            )
    return pd.DataFrame(rows)


def japan_shares(areas: dict[str, tuple[str, Vector, Vector]], *, delta: float) -> pd.DataFrame:
    """Digital share (direct and backward) by the region's technology and by the nation's, with the same quotients; one row an area.

    The part of an input that comes from the region is not known here. Both sides take min(q, 1) of it, q by FLQ at the same delta, so that what differs is technology: the
    coefficients, and output, which the method derives from value added and the nation's ratio. Final demand is what output leaves.
    """
    _, flows, output = areas["00000"]
    ratio = 1 - flows.sum(axis=0) / output
    rows = []
    for area, (name, own, made) in areas.items():
        if area == "00000":
            continue
        added = made - own.sum(axis=0)
        derived = np.divide(added, ratio)
        estimates = {}
        for what, used, size in (("true", own, made), ("nation", flows / output * derived, derived)):
            bought = used * np.minimum(
                quotients("flq", np.minimum(size, output), output, delta=delta), 1
            )  # a sector of Tokyo may be derived larger than the nation's
            inverse = np.divide(1.0, size, out=np.zeros(len(size)), where=size > 0)
            estimates[what] = _exact_share(bought * inverse, added * inverse, size - bought.sum(axis=1), added)
        rows.append({"area": name, "prefecture": area.endswith("000"), **estimates})
    return pd.DataFrame(rows)


def japan_held(areas: dict[str, tuple[str, Vector, Vector]], *, delta: float) -> pd.Series:
    """Percent of areas whose share by their own technology, at this delta, lies in the 80 and 95 % range that the nation's technology gives over 0.1 to 0.4."""
    true = japan_shares(areas, delta=delta)["true"]
    low, high = delta_band()
    steps = [low + (high - low) * (k + 0.5) / 41 for k in range(41)]
    drawn = np.column_stack([japan_shares(areas, delta=step)["nation"] for step in steps])
    held = {}
    for level in (80, 95):
        ends = np.quantile(drawn, ((100 - level) / 200, (100 + level) / 200), axis=1, method="hazen")
        held[level] = 100 * float(((true >= ends[0]) & (true <= ends[1])).mean())
    return pd.Series(held)


def _exact_share(coefficients: Vector, ratio: Vector, demand: Vector, added: Vector) -> float:
    digital = np.zeros(len(added))
    digital[INFORMATION] = 1
    need = system(coefficients).solve(demand * digital)
    return float(100 * (ratio @ need + added @ digital - (ratio * digital) @ need) / added.sum())


# Finland ----------------------------------------------------------------------------------------------------------

SOLD = {
    "P3/S14 Kotitalouksien kulutusmenot": "households", "P3/S13 Julkisyhteisöjen kulutusmenot": "government", "P5 Pääoman bruttomuodostus": "investment",
    "P52 Varastojen muutos": "inventories", "P6K Tavaroiden ja palvelujen vienti": "exports",
}  # fmt: skip
TO_REGIONS, FROM_REGIONS = "Tavaroiden ja palvelujen vienti kotimaahan", "Kotimaisten tuontituotteiden käyttö yhteensä"
FROM_ABROAD, TAXES = "Ulkomaisten tuontituotteiden käyttö yhteensä", "Tuoteverot miinus tuotetukipalkkio"
ADDED, OUTPUT = "Arvonlisäys, brutto perushintaan", "Tuotos perushintaan"


@dataclass(frozen=True)
class Country:
    """A nation's table and those of its regions, domestic layout, million euros."""

    nation: InputOutputTable
    regions: dict[str, InputOutputTable]


def read_finland(folder: Path) -> Country:
    """The nineteen regions, and the nation as their sum.

    Trade between regions is known by product and by buyer; it is balanced (RAS) to what each industry sells to other regions, so that the nation's rows add up.
    """
    flows, between = pd.read_csv(folder / "io2014.csv", sep=";"), pd.read_csv(folder / "io_reg2014.csv", sep=";")
    sectors = list(flows["COM"].unique()[:30])
    codes = [name.split(" ")[0] for name in sectors]
    blocks = {
        str(name): one.pivot_table(index="COM", columns="IND", values="value", fill_value=0.0)
        for name, one in flows.groupby("REG")
    }
    regions = {name: _finnish(name, one, sectors, codes) for name, one in blocks.items()}
    home = sum(one.loc[sectors, [*sectors, *SOLD]].to_numpy() for one in blocks.values())
    traded = between.pivot_table(index="COM", columns="IND", values="value", aggfunc="sum", fill_value=0.0)
    traded = traded.reindex(index=sectors, columns=[*sectors, *SOLD], fill_value=0.0).to_numpy()
    sales = sum(one.loc[sectors, TO_REGIONS].to_numpy() for one in blocks.values())
    rows, columns, _ = match_margins(sales, traded.sum(axis=0), keep="columns")
    whole = home + np.asarray(ras(traded, rows, columns).values)
    nation = input_output_table(
        region="Finland", year=2014, unit="million EUR", classification="nace2", sectors=codes, labels=sectors, flows=whole[:, :30], final=whole[:, 30:],
        demands=list(SOLD.values()), value_added=sum(one.loc[ADDED, sectors].to_numpy() for one in blocks.values()),
        imported_inputs=sum(one.loc[FROM_ABROAD, sectors].to_numpy() for one in blocks.values()),
        input_taxes=sum(one.loc[TAXES, sectors].to_numpy() for one in blocks.values()), output=sum(one.loc[OUTPUT, sectors].to_numpy() for one in blocks.values()),
        decimals=0,
    )  # fmt: skip
    return Country(nation, regions)


def _finnish(name: str, block: pd.DataFrame, sectors: list[str], codes: list[str]) -> InputOutputTable:
    return input_output_table(
        region=name, year=2014, unit="million EUR", classification="nace2", sectors=codes, labels=sectors, flows=block.loc[sectors, sectors].to_numpy(),
        final=block.loc[sectors, [*SOLD, TO_REGIONS]].to_numpy(), demands=[*SOLD.values(), "exports"], value_added=block.loc[ADDED, sectors].to_numpy(),
        imported_inputs=(block.loc[FROM_REGIONS, sectors] + block.loc[FROM_ABROAD, sectors]).to_numpy(), input_taxes=block.loc[TAXES, sectors].to_numpy(),
        output=block.loc[OUTPUT, sectors].to_numpy(), decimals=2,
    )  # fmt: skip


def finnish_weights(country: Country, digital: tuple[str, ...]) -> Vector:
    return country.nation.mask(digital).astype(float)


def finland_points(country: Country, digital: tuple[str, ...]) -> pd.DataFrame:
    """Error of each method in each region: mean output multiplier in percent, digital share (ADB, exact) in points."""
    weights = finnish_weights(country, digital)
    rows = []
    for name, true in country.regions.items():
        added = pd.Series(true.gross_value_added, index=true.sectors)
        share, multiplier = adb_exact(true, weights), multipliers(np.asarray(true.coefficients()))
        rows.append(
            {"region": name, "method": "direct only", "delta": None, "share": direct_share(true, weights) - share}
        )
        for method, delta in POINTS:
            made = regionalise(
                country.nation, added, region=name, unit=true.unit, year=2014, method=method, delta=delta
            ).table
            found = multipliers(np.asarray(made.coefficients()))
            rows.append(
                {
                    "region": name,
                    "method": method,
                    "delta": delta,
                    "share": adb_exact(made, weights) - share,
                    "multiplier": 100 * float(np.mean(found / multiplier - 1)),
                }
            )
    return pd.DataFrame(rows)


def finland_intervals(
    country: Country,
    digital: tuple[str, ...],
    *,
    method: Quotient | Sequence[Quotient],
    band: tuple[float, float] | None,
) -> pd.DataFrame:
    """Digital share of each region by its own table, and the interval over quotients and delta; one row a region."""
    weights = finnish_weights(country, digital)
    rows = []
    for name, true in country.regions.items():
        found = share_interval(
            country.nation, region=name, unit=true.unit, year=2014, definitions=[WeightedDefinition(id="digital", weights=weights)],
            releases=[Release(name="table", value_added=pd.Series(true.gross_value_added, index=true.sectors))], method=method, delta=band,
            measure=adb_exact, measure_name="adb_exact",
        )  # fmt: skip
        truth = adb_exact(true, weights)
        rows.append(
            {"region": name, "true": truth, "direct": direct_share(true, weights), "estimate": found.estimate}
            | {
                f"{end}_{round(100 * level)}": value
                for level in (0.8, 0.95)
                for end, value in zip(("low", "high"), found.interval(level), strict=True)
            }
        )
    return pd.DataFrame(rows)


def finland_held(country: Country, *, method: Quotient, band: tuple[float, float]) -> pd.DataFrame:
    """Whether what a band of delta gives holds what the region's own table says: one row a region and industry.

    ``multiplier``: output multiplier. ``embodied``: value added of all the region's industries per unit of final demand for the industry's product. The
    range is between the ends of the band.
    """
    rows = []
    for name, true in country.regions.items():
        added = pd.Series(true.gross_value_added, index=true.sectors)
        found = [
            regionalise(country.nation, added, region=name, unit=true.unit, year=2014, method=method, delta=end).table
            for end in band
        ]
        for what, rule in (("multiplier", lambda one: np.ones(one.n)), ("embodied", lambda one: one.value_added_ratio)):
            truth, *ends = (
                system(np.asarray(one.coefficients())).solve_transposed(rule(one)) for one in (true, *found)
            )
            low, high, has = np.minimum(*ends), np.maximum(*ends), true.output > 0
            rows += [
                {"region": name, "what": what, "sector": sector, "held": lowest <= value <= highest, "below": value < lowest}
                for sector, value, lowest, highest, there in zip(true.sectors, truth, low, high, has, strict=True)
                if there
            ]  # fmt: skip
    return pd.DataFrame(rows)


def coverage(intervals: pd.DataFrame, level: int) -> float:
    """Percent of regions whose own table gives a share within the range."""
    return 100 * float(
        ((intervals["true"] >= intervals[f"low_{level}"]) & (intervals["true"] <= intervals[f"high_{level}"])).mean()
    )


def finland_best_delta(country: Country) -> pd.Series:
    """Delta with which FLQ meets each region's mean output multiplier best, in steps of 0.01."""
    best = {}
    for name, true in country.regions.items():
        added = pd.Series(true.gross_value_added, index=true.sectors)
        multiplier = multipliers(np.asarray(true.coefficients()))
        errors = {}
        for step in range(0, 100, 1):
            made = regionalise(
                country.nation, added, region=name, unit=true.unit, year=2014, method="flq", delta=step / 100
            )
            errors[step / 100] = abs(np.mean(multipliers(np.asarray(made.table.coefficients())) / multiplier - 1))
        best[name] = min(errors, key=lambda one: errors[one])
    return pd.Series(best)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--tables", type=Path, default=Path(os.environ.get("DXANALYSIS_TABLES", BESIDE)))
    folder = parser.parse_args().tables
    if (folder / "japan" / "IOTable.csv").exists():
        areas = read_japan(folder / "japan")
        found = japan_multipliers(areas)
        print(f"Japan 2015, {len(found)} areas, 12 sectors: the nation's technology against the area's own")
        print(
            f"  mean output multiplier: {found['error'].mean():+.1f} % (from {found['error'].min():+.1f} to {found['error'].max():+.1f}); "
            f"sum of coefficient errors over coefficients {found['stpe'].mean():.2f}"
        )
        for delta in (0.1, 0.25, 0.4):
            shares = japan_shares(areas, delta=delta)
            error = shares["nation"] - shares["true"]
            print(
                f"  digital share, the same quotients (FLQ, delta {delta}): mean error {error.mean():+.2f} points, mean absolute {error.abs().mean():.2f}, "
                f"worst {error.abs().max():.2f} ({shares['area'][error.abs().idxmax()]}); shares from {shares['true'].min():.1f} to {shares['true'].max():.1f} %"
            )
        held = japan_held(areas, delta=0.25)
        print(
            f"  the range over delta 0.1 to 0.4 by the nation's technology holds the share by the area's own at delta 0.25: 80 % range {held[80]:.0f} %, "
            f"95 % range {held[95]:.0f} % of areas"
        )
    else:
        print(f"Japan left out: no {folder / 'japan' / 'IOTable.csv'}")
    if not (folder / "alta" / "io2014.csv").exists():
        print(f"Finland left out: no {folder / 'alta' / 'io2014.csv'}")
        return
    country = read_finland(folder / "alta")
    best = finland_best_delta(country)
    print(
        f"\nFinland 2014, {len(country.regions)} regions, 30 industries: the whole chain against regional tables with modelled trade"
    )
    print(
        f"  delta that meets a region's mean output multiplier: from {best.min():.2f} to {best.max():.2f}, median {best.median():.2f}; "
        f"within 0.1 to 0.4: {100 * best.between(*delta_band()).mean():.0f} % of regions"
    )
    for method, band in (("flq", delta_band()), ("aflq", delta_band()), ("flq", delta_band("all"))):
        held = finland_held(country, method=method, band=band)
        for what, one in held.groupby("what", sort=False):
            digital_rows = one[one["sector"] == "58_63"]
            print(
                f"  {what} within {method} over delta {band[0]:g} to {band[1]:g}: {100 * one['held'].mean():.0f} % of industries and regions "
                f"({100 * one['below'].mean():.0f} % below), 58-63: {100 * digital_rows['held'].mean():.0f} % of regions ({100 * digital_rows['below'].mean():.0f} % below)"
            )
    for what, digital in FINNISH_DIGITAL.items():
        points = finland_points(country, digital)
        table = points.groupby(["method", "delta"], dropna=False, sort=False).agg(
            share_bias=("share", "mean"),
            share_mae=("share", lambda one: one.abs().mean()),
            share_worst=("share", lambda one: one.abs().max()),
            multiplier_bias=("multiplier", "mean"),
            multiplier_mae=("multiplier", lambda one: one.abs().mean()),
        )
        print(f"\n  {what}: error of the share (points) and of the mean output multiplier (percent)")
        print(table.round(2).to_string())
        for method, band in (
            ("flq", delta_band()),
            ("aflq", delta_band()),
            ("flq", delta_band("all")),
            ("aflq", delta_band("all")),
            (SEVERAL, delta_band()),
            (SEVERAL, delta_band("all")),
        ):
            ranges = finland_intervals(country, digital, method=method, band=band)
            width = (ranges["high_95"] - ranges["low_95"]).mean()
            miss = (ranges["estimate"] - ranges["true"]).abs().mean()
            print(
                f"    {method if isinstance(method, str) else ', '.join(method)} over delta {band[0]:g} to {band[1]:g}: 80 % range holds {coverage(ranges, 80):.0f} %, 95 % range {coverage(ranges, 95):.0f} % of regions; "
                f"mean width {width:.2f}, mean miss of the median {miss:.2f} points"
            )


if __name__ == "__main__":
    main()
