"""The digital share from input-output tables, beside what is published and beside a peer.

    python benchmarks/accounts.py [--tables FOLDER] [--peer PYTHON] [--sizes 402 2000 10000]

Prints (1) shares of the United States 2017 against stored figures: needs FOLDER/useeior with the two tables of the R package useeior (USEPA/useeior, MIT; data
of the Bureau of Economic Analysis), as csv: Detail_Use_2017_PRO_BeforeRedef_17sch.csv and Detail_Make_2017_BeforeRedef_17sch.csv; (2) Brazil's growth 2011-2021 from the
supply-use tables inside the package iotbr; (3) time and peak memory of the digital share (ADB, exact form) beside pymrio 0.7, which PYTHON (another environment) must have,
on made-up tables. Each measurement is a process of its own with one BLAS thread; medians of three, one run at 10,000 sectors. What is absent is left out and said.

The made-up tables: every sector buys from about 120 others (more for some), a few sectors sell to nearly all: as in tables of products or firms, where density falls
as detail grows. pymrio takes full matrices; the project's solver keeps the cells only. The same is measured with all cells filled ("full").
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
from matplotlib.figure import Figure
from scipy import sparse

from dxanalysis.accounts.definitions.definition import cover, load_definition
from dxanalysis.accounts.measures.adb import adb_exact, adb_terms, embodied
from dxanalysis.accounts.measures.industry import direct_share
from dxanalysis.accounts.tables.build import input_output_table
from dxanalysis.accounts.tables.readers.ibge import gdp_growth
from us_table import read_us_2017

ROOT = Path(__file__).parents[1]
US = {
    "OECD ICT sector, direct": 6.85,
    "ADB core, direct": 5.56,
    "ADB core, printed form": 7.23,
    "ADB core, exact": 7.04,
}
GROWTH = {2011: 4.0, 2012: 1.9, 2013: 3.0, 2014: 0.5, 2015: -3.5, 2016: -3.3, 2017: 1.3, 2018: 1.8, 2019: 1.2, 2020: -3.3, 2021: 4.8}  # fmt: skip
DIGITAL_PART = 0.04

PEER = """
import json, resource, sys, time
import numpy as np, pandas as pd, scipy.sparse as sp
import pymrio
data = np.load(sys.argv[1])
Z = sp.csr_array((data["cells"], data["columns"], data["starts"]), shape=(len(data["final"]),) * 2).toarray()
e = data["digital"]
begin = time.perf_counter()
index = pd.MultiIndex.from_product([["R"], range(len(e))], names=["region", "sector"])
Z = pd.DataFrame(Z, index=index, columns=index)
Y = pd.DataFrame(data["final"][:, None], index=index, columns=pd.MultiIndex.from_product([["R"], ["final"]]))
x = pymrio.calc_x(Z, Y)
A = pymrio.calc_A(Z, x)
L = pymrio.calc_L(A).to_numpy()
output, y = x.to_numpy().ravel(), Y.to_numpy().ravel()
v = (output - Z.to_numpy().sum(axis=0)) / output
backward = (v @ L) @ (y * e)
block = (v * e) @ (L @ (y * e))
share = 100 * (backward + (v * output) @ e - block) / (v @ output)
print(json.dumps({"seconds": time.perf_counter() - begin, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "share": share}))
"""


def main() -> None:
    """Print everything that can be measured here."""
    options = argparse.ArgumentParser(description="Digital share from tables, beside published figures and a peer")
    options.add_argument("--tables", type=Path, default=os.environ.get("DXANALYSIS_TABLES"))
    options.add_argument("--peer", default=os.environ.get("DXANALYSIS_PEER"), help="a Python that has pymrio 0.7")
    options.add_argument("--sizes", type=int, nargs="+", default=[402, 2000, 10_000])
    options.add_argument("--plot", type=Path, help="draw the growth of cost into this file (svg)")
    options.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.measure:
        measure(Path(given.measure[0]), given.measure[1])
        return
    united_states(given.tables)
    brazil()
    speed(given.sizes, given.peer, given.plot)


def united_states(folder: Path | None) -> None:
    """Shares of the detailed table of 2017."""

    print("United States 2017, 402 industries (percent of value added)")
    if folder is None or not (Path(folder) / "useeior").is_dir():
        print("  left out: no folder useeior; give --tables or DXANALYSIS_TABLES\n")
        return

    table = read_us_2017(Path(folder) / "useeior")
    core = cover(table, load_definition("adb_core")).weights
    terms = adb_terms(table, core)
    found = [
        direct_share(table, cover(table, load_definition("oecd_ict")).weights),
        direct_share(table, core),
        terms.printed,
        terms.exact,
    ]
    for (name, stored), value in zip(US.items(), found, strict=True):
        print(
            f"  {name:<28} {value:8.3f}   stored {stored:.2f}   {'within 0.005' if abs(value - stored) <= 0.005 else 'MISSED'}"
        )
    print(f"  sum of M over GDP less 1     {embodied(table).sum() / table.gdp - 1:.1e}\n")


def brazil() -> None:
    """Ten years' growth of GDP from previous-year prices."""

    print("Brazil, GDP growth from the supply-use tables (percent)")
    found = gdp_growth(None, range(2010, 2022))
    for year, official in GROWTH.items():
        value = float(found[year])
        print(
            f"  {year}  {value:7.3f}   official {official:4.1f}   {'same' if round(value, 1) == official else 'OTHER'}"
        )
    print()


def speed(sizes: list[int], peer: str | None, plot: Path | None) -> None:
    """Time and memory beside the peer."""
    print("Digital share (ADB, exact form) on made-up tables: median seconds and peak memory of a process")
    print(
        f"{'sectors':>8} {'cells':>6} {'ours s':>9} {'MB':>7} {'pymrio s':>9} {'MB':>7} {'times faster':>13} {'memory':>7}  same share"
    )
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for n in sizes:
            for full in (False, True):
                file = Path(folder) / "table.npz"
                made_up(n, file, full=full)
                repeats = 1 if n > 5000 else 3
                ours = best([sys.executable, str(Path(__file__).resolve()), "--measure", str(file), "sparse"], repeats)
                other = best([peer, "-c", PEER, str(file)], repeats) if peer else None
                cells = "all" if full else f"{100 * min(1, 120 / n):.0f} %"
                line = f"{n:>8} {cells:>6} {ours['seconds']:>9.3f} {ours['mb']:>7.0f}"
                if other:
                    line += (
                        f" {other['seconds']:>9.3f} {other['mb']:>7.0f} {other['seconds'] / ours['seconds']:>12.1f}x {ours['mb'] / other['mb']:>6.2f}"
                        f"  {'yes' if abs(ours['share'] - other['share']) < 1e-8 else 'NO'}"
                    )
                print(line, flush=True)
                rows.append((n, full, ours, other))
    if not peer:
        print("the peer was left out: give --peer or DXANALYSIS_PEER")
    if plot:
        draw(rows, plot)


def best(command: list[str], repeats: int) -> dict[str, float]:
    """Median of a measurement in processes of its own, one thread each."""
    single = {**os.environ, **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")}
    runs = [
        json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=single).stdout)
        for _ in range(repeats)
    ]
    return {key: median(run[key] for run in runs) for key in runs[0]}


def measure(file: Path, _kind: str) -> None:
    """One measurement of the project's own way, from matrices to the share."""

    data = np.load(file)
    n = len(data["final"])
    flows = sparse.csr_array((data["cells"], data["columns"], data["starts"]), shape=(n, n))
    begin = time.perf_counter()
    output = np.asarray(flows.sum(axis=1)).ravel() + data["final"]
    table = input_output_table(
        region="made up", year=2020, unit="USD", classification="own", sectors=[str(i) for i in range(n)], flows=flows, final=data["final"][:, None],
        demands=["households"], value_added=output - np.asarray(flows.sum(axis=0)).ravel(),
    )  # fmt: skip
    share = adb_exact(table, data["digital"])
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "mb": peak, "share": share}))


def made_up(n: int, file: Path, *, full: bool) -> None:
    """A productive table: inputs 50 percent of output on average, a tenth of the sectors sells most."""

    rng = np.random.default_rng(n)
    sizes = rng.lognormal(0, 1.5, n)
    if full:
        cells = rng.lognormal(0, 1.5, (n, n)) * sizes[:, None]
        inputs = sparse.csr_array(cells * (rng.uniform(0.3, 0.7, n) / cells.sum(axis=0)))
    else:
        popular = sizes / sizes.sum()
        buys = np.minimum(np.maximum(2, rng.poisson(120 * rng.lognormal(0, 0.5, n))), n)
        columns = np.repeat(np.arange(n), buys)
        rows = rng.choice(n, size=len(columns), p=popular)
        cells = sparse.csr_array((rng.lognormal(0, 1.5, len(columns)), (rows, columns)), shape=(n, n))
        inputs = sparse.csr_array(
            cells @ sparse.diags_array(rng.uniform(0.3, 0.7, n) / np.asarray(cells.sum(axis=0)).ravel())
        )
    final = sizes * rng.uniform(50, 150, n)
    output = final.copy()
    for _ in range(200):
        output = final + inputs @ output
    flows = sparse.csr_array(inputs @ sparse.diags_array(output))
    digital = np.zeros(n)
    digital[rng.choice(n, size=max(2, int(DIGITAL_PART * n)), replace=False)] = 1
    np.savez(
        file,
        cells=flows.data,
        columns=flows.indices,
        starts=flows.indptr,
        final=output - np.asarray(flows.sum(axis=1)).ravel(),
        digital=digital,
    )


def draw(rows: list[tuple[int, bool, dict[str, float], dict[str, float] | None]], file: Path) -> None:
    """How cost grows with the number of sectors."""

    figure = Figure(figsize=(9, 3.8), layout="constrained")
    for ax, key, title in zip(figure.subplots(1, 2), ("seconds", "mb"), ("seconds", "peak memory, MB"), strict=True):
        for full, style in ((False, "-"), (True, "--")):
            some = [row for row in rows if row[1] == full]
            label = "all cells filled" if full else "about 120 suppliers a sector"
            ax.loglog(
                [row[0] for row in some],
                [row[2][key] for row in some],
                f"o{style}",
                color="#0072b2",
                label=f"dxanalysis, {label}",
            )
            peers = [row for row in some if row[3]]
            if peers:
                ax.loglog(
                    [row[0] for row in peers],
                    [row[3][key] for row in peers],
                    f"s{style}",
                    color="#d55e00",
                    label=f"pymrio, {label}",
                )
        ax.set(xlabel="sectors", ylabel=title)
        ax.grid(True, which="both", color="#e6eaee")
    figure.axes[0].legend(fontsize=8)
    figure.savefig(file, metadata={"Date": None})


if __name__ == "__main__":
    main()
