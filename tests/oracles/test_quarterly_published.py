"""Temporal disaggregation held against results that a reference program keeps beside its tests.

Program: tempdisagg 0.24.1 for R (C. Sax and P. Steiner (2013), "Temporal disaggregation of time series", The R Journal 5(2), 80-87;
repository christophsax/tempdisagg). Sales of the Swiss pharmaceutical and chemical industry 1975-2010 (the data set ``swisspharma``;
an index, 1995 = 400 as the sum of its four quarters), with exports and imports of the same goods 1972-2011 as indicators. Kind of every number here:
*stored by a reference program*.

The first tests carry their numbers with them. The others need the indicators, which belong to the program and are not kept here: they read
``tempdisagg/`` in the folder named by the environment variable ``DXANALYSIS_TABLES``, or in ``../shared/data/accounts`` beside the project.
The files there are made from two files of the program's repository, ``data/swisspharma.RData`` and
``noinst/td0.24.1_R3.2.3_64bit.RData`` (readable in R, or in Python with the package rdata), written with all 17 digits:

- ``swisspharma_annual.csv`` (period, sales), ``swisspharma_quarterly.csv`` (period, sales, exports, imports) and
  ``swisspharma_monthly.csv`` (period, exports, imports; the monthly imports are the third column of ``R$q2m$ols$model``), periods written as
  2010, 2010-Q1 and 2010-01;
- ``r_results.csv`` (direction, run, quantity, label, value): for every element of ``R$y2q`` and ``R$q2m`` its ``values`` by period (quantity
  ``value``), ``rho``, ``logl``, ``r.squared``, ``s_2_gls`` (label empty), ``coefficients`` and ``se`` by name.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dxanalysis.accounts.quarterly import disaggregate

# fmt: off
SALES = pd.Series([
    136.7023291251, 151.0560736832, 156.1824110254, 157.2076784938, 162.334015836, 168.4856206467, 183.8646326732, 186.2569234329,
    195.4843306489, 214.2809009036, 229.3181571073, 232.3939595126, 237.5202968548, 257.342134578, 281.9485538205, 293.5682517961,
    305.1659254191, 325.4875128293, 344.4064317482, 382.7916524119, 400.0, 421.5981664563, 461.9405477566, 473.7623033586,
    513.59723057, 533.6563298309, 618.6818566197, 663.6035085625, 691.3092340693, 731.7438479795, 777.2968504994, 854.6949846037,
    1004.9309729972, 1000.3713388614, 1045.6393013885, 988.3096761438,
], [str(year) for year in range(1975, 2011)])

# quarters of 1975, 1992 and 2010, and the sum of squares of all 144; the additive and the proportional criterion are one without indicator
NO_INDICATOR = {
    ("denton-cholette", 0): ([
        34.175582281, 34.175582281, 34.175582281, 34.175582281, 81.371878207, 81.371878207, 81.371878207, 81.371878207,
        247.077419036, 247.077419036, 247.077419036, 247.077419036], 2433299.284431),
    ("denton-cholette", 1): ([
        33.387177875, 33.702539637, 34.333263163, 35.27934845, 79.6008447, 80.937822321, 82.040367018, 82.90847879,
        252.995579575, 247.922870542, 244.541064519, 242.850161508], 2434350.615186),
    ("denton-cholette", 2): ([
        32.574557646, 33.654887195, 34.722236952, 35.750647333, 79.724812622, 81.018064826, 81.997375222, 82.747260159,
        257.804988167, 251.190575489, 243.609022674, 235.705089814], 2434675.584569),
    ("denton", 0): ([
        34.175582281, 34.175582281, 34.175582281, 34.175582281, 81.371878207, 81.371878207, 81.371878207, 81.371878207,
        247.077419036, 247.077419036, 247.077419036, 247.077419036], 2433299.284431),
    ("denton", 1): ([
        19.777952851, 33.048185763, 40.810698738, 43.065491773, 79.6008447, 80.937822321, 82.040367018, 82.90847879,
        252.995579575, 247.922870542, 244.541064519, 242.850161508], 2434684.814899),
    ("denton", 2): ([
        15.007913696, 31.528902864, 43.22923404, 46.936278526, 79.724816796, 81.018065409, 81.997373191, 82.747257436,
        257.804988144, 251.190575512, 243.609022659, 235.705089796], 2435359.572449),
}
# fmt: on


@pytest.mark.parametrize("criterion", ["proportional", "additive"])
@pytest.mark.parametrize(("method", "h"), NO_INDICATOR)
def test_without_indicator_equals_the_stored_path(method, h, criterion):
    quarters, squares = NO_INDICATOR[method, h]
    found = disaggregate(SALES, method=method, h=h, criterion=criterion)
    of = pd.Series(found.values, found.periods)
    shown = [f"{year}-Q{quarter}" for year in (1975, 1992, 2010) for quarter in (1, 2, 3, 4)]
    np.testing.assert_allclose(of[shown], quarters, rtol=0, atol=1e-6)
    # a distance of norm 1e-6 between the whole paths moves the sum of squares by at most 2 |z| 1e-6
    np.testing.assert_allclose((of**2).sum(), squares, rtol=0, atol=2 * squares**0.5 * 1e-6)


FOLDERS = (os.environ.get("DXANALYSIS_TABLES", ""), Path(__file__).parents[3] / "shared" / "data" / "accounts")
WHOLE_RANGE = (-0.999, 0.999)
REGRESSIONS = {
    "ols": {"method": "ols"},
    "cl_fix": {"method": "chow-lin", "rho": 0.6},
    "cl_log": {"method": "chow-lin", "rho": "max_likelihood", "rho_bounds": WHOLE_RANGE},
    "cl_rss_R": {"method": "chow-lin", "rho": "min_rss", "rho_bounds": WHOLE_RANGE},
    "fer": {"method": "fernandez"},
    "lit_fix": {"method": "litterman", "rho": 0.6},
    "lit_log": {"method": "litterman", "rho": "max_likelihood", "rho_bounds": WHOLE_RANGE},
    "lit_rss": {"method": "litterman", "rho": "min_rss", "rho_bounds": WHOLE_RANGE},
}
DENTONS = {
    f"{short}{indicator}_{criterion[0]}_{h}": {"method": method, "criterion": criterion, "h": h}
    for short, method in (("dencho", "denton-cholette"), ("den", "denton"))
    for indicator in ("", "_ind")
    for criterion in ("proportional", "additive")
    for h in (0, 1, 2)
}
# Denton's form with h = 2 is where the program's own rounding shows: it inverts a matrix of condition 1e10 and more. Against 40-digit
# arithmetic its y2q den_ind_p_2 is off by 6.7e-6 and the path here by 1.2e-11. Entries are the distances allowed.
ROUNDED = {
    ("y2q", "den_ind_p_2"): 1e-5,
    ("y2q", "den_ind_a_2"): 1e-5,
    ("q2m", "den_p_2"): 5e-6,
    ("q2m", "den_a_2"): 5e-6,
    ("q2m", "den_ind_p_2"): 5e-4,
    ("q2m", "den_ind_a_2"): 5e-4,
}


@pytest.fixture(scope="module")
def stored():
    for folder in FOLDERS:
        if folder and (Path(folder) / "tempdisagg" / "r_results.csv").is_file():
            return Stored(Path(folder) / "tempdisagg")
    pytest.skip(
        "no folder tempdisagg with r_results.csv in DXANALYSIS_TABLES or ../shared/data/accounts: see the module's text"
    )


class Stored:
    """The program's data and results."""

    def __init__(self, folder):
        table = {
            name: pd.read_csv(folder / f"swisspharma_{name}.csv", dtype={"period": str}).set_index("period")
            for name in ("annual", "quarterly", "monthly")
        }
        self.figures = {"y2q": table["annual"]["sales"], "q2m": table["quarterly"]["sales"].dropna()}
        self.indicators = {"y2q": table["quarterly"][["exports", "imports"]], "q2m": table["monthly"]}
        self.results = pd.read_csv(folder / "r_results.csv", dtype={"label": str}, keep_default_na=False)

    def of(self, direction, run, quantity):
        rows = self.results
        rows = rows[(rows["direction"] == direction) & (rows["run"] == run) & (rows["quantity"] == quantity)]
        return rows.set_index("label")["value"].astype(float)


def path(found):
    return pd.Series(found.values, found.periods)


@pytest.mark.parametrize("direction", ["y2q", "q2m"])
@pytest.mark.parametrize("run", DENTONS)
def test_denton_equals_the_stored_path(stored, run, direction):
    options = DENTONS[run]
    to = "quarter" if direction == "y2q" else "month"
    expected = stored.of(direction, run, "value")
    indicator = None
    if "_ind" in run:
        indicator = stored.indicators[direction]["exports"]
        if options["h"] == 0:  # beyond the figures the program returns the indicator itself, which is refused here
            covered = list(disaggregate(stored.figures[direction], method="denton-cholette", to=to).periods)
            indicator, expected = indicator[covered], expected[covered]
    found = path(disaggregate(stored.figures[direction], indicators=indicator, to=to, **options))
    assert list(found.index) == list(expected.index)
    np.testing.assert_allclose(found, expected, rtol=0, atol=ROUNDED.get((direction, run), 1e-6))


@pytest.mark.parametrize("direction", ["y2q", "q2m"])
@pytest.mark.parametrize("run", REGRESSIONS)
def test_regression_equals_the_stored_path_at_the_stored_rho(stored, run, direction):
    """Backcasts from 1972 and forecasts to 2011 are part of the path."""
    options = {"method": REGRESSIONS[run]["method"]}
    if options["method"] in ("chow-lin", "litterman"):
        options["rho"] = float(stored.of(direction, run, "rho")[""])
    found = disaggregate(
        stored.figures[direction],
        indicators=stored.indicators[direction],
        to="quarter" if direction == "y2q" else "month",
        **options,
    )
    expected = stored.of(direction, run, "value")
    assert list(found.periods) == list(expected.index)
    np.testing.assert_allclose(found.values, expected, rtol=0, atol=1e-6)
    coefficients = found.regression.to_frame()
    np.testing.assert_allclose(coefficients["value"], stored.of(direction, run, "coefficients"), rtol=1e-6)
    np.testing.assert_allclose(coefficients["standard_error"], stored.of(direction, run, "se"), rtol=1e-6)
    np.testing.assert_allclose(
        found.regression.r_squared, stored.of(direction, run, "r.squared")[""], rtol=0, atol=1e-6
    )
    np.testing.assert_allclose(
        found.regression.log_likelihood, stored.of(direction, run, "logl")[""], rtol=0, atol=1e-6
    )
    np.testing.assert_allclose(found.regression.residual_variance, stored.of(direction, run, "s_2_gls")[""], rtol=1e-6)


@pytest.mark.parametrize("direction", ["y2q", "q2m"])
@pytest.mark.parametrize("run", ["cl_log", "cl_rss_R", "lit_log", "lit_rss"])
def test_rho_found_equals_the_stored_rho(stored, run, direction):
    found = disaggregate(
        stored.figures[direction],
        indicators=stored.indicators[direction],
        to="quarter" if direction == "y2q" else "month",
        **REGRESSIONS[run],
    ).regression.rho
    expected = float(stored.of(direction, run, "rho")[""])
    if expected < -0.998:  # the program's search stops 2e-6 short of its bound
        assert (found.value, found.at_bound) == (-0.999, "lower")
        assert abs(expected - found.value) < 2e-6
    else:
        assert found.at_bound == "no"
        np.testing.assert_allclose(found.value, expected, rtol=0, atol=1e-6)


def test_negative_likelihood_rho_is_cut_at_0_by_default(stored):
    found = disaggregate(stored.figures["y2q"], method="chow-lin", indicators=stored.indicators["y2q"])
    assert (found.regression.rho.value, found.regression.rho.at_bound) == (0.0, "lower")
    np.testing.assert_allclose(found.values, stored.of("y2q", "ols", "value"), rtol=0, atol=1e-6)
