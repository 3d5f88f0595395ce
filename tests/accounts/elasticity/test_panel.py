from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from accounts.elasticity.worlds import world
from dxanalysis.accounts.elasticity import regress, regression_panel
from dxanalysis.errors import DataError, ParameterError


def panel(frame, **options):
    given = {"region": "region", "period": "year", "outcome": "y", "digital": "d", "controls": ("k",)} | options
    return regression_panel(frame, **given)


def at(frame, row, column, value):
    changed = frame.astype({column: object}) if isinstance(value, str) else frame.copy()
    changed.loc[row, column] = value
    return changed


def test_rows_are_sorted_and_coded():
    frame = world(3, 4)
    made = panel(frame.sample(frac=1, random_state=1))
    assert made.regions == ("R00", "R01", "R02")
    assert made.periods == ("2015", "2016", "2017", "2018")
    assert made.y.tolist() == frame["y"].tolist()
    assert made.balanced
    with pytest.raises(ValueError, match="read-only"):
        made.x[0, 0] = 1.0
    pd.testing.assert_frame_equal(made.to_frame()[["y", "d", "k"]], frame[["y", "d", "k"]])


def test_ids_may_be_numbers_and_periods_text_or_floats():
    frame = world(3, 4)
    frame["region"] = frame["region"].str[1:].astype(int)
    quarters = dict(zip(range(2015, 2019), ("2019-Q3", "2019-Q4", "2020-Q1", "2020-Q2"), strict=True))
    by_quarter = panel(frame.assign(year=frame["year"].map(quarters)))
    assert by_quarter.periods == ("2019-Q3", "2019-Q4", "2020-Q1", "2020-Q2")
    assert by_quarter.place.tolist() == [0, 1, 2, 3]
    assert panel(frame.astype({"year": float})).periods == ("2015", "2016", "2017", "2018")
    assert panel(frame.astype({"year": str})).place.tolist() == [0, 1, 2, 3]


def test_a_panel_of_every_other_year_has_neighbours():
    frame = world(4, 5)
    made = panel(frame.assign(year=2010 + 2 * (frame["year"] - 2015)))
    assert made.place.tolist() == [0, 1, 2, 3, 4]
    assert made.periods == ("2010", "2012", "2014", "2016", "2018")


def test_lags_go_by_the_calendar_and_lost_rows_are_counted():
    frame = world(3, 5)
    gap = frame[~((frame["region"] == "R01") & (frame["year"] == 2017))]
    made = panel(gap, lag=1)
    # R00 and R02 lose 2015; R01 loses 2015, and 2018, which has no year before.
    assert made.rows_lost == 4
    assert made.n_observations == 14 - 4
    row = made.to_frame().query("region == 'R02' and period == '2019'").iloc[0]
    earlier = frame.query("region == 'R02' and year == 2018").iloc[0]
    now = frame.query("region == 'R02' and year == 2019").iloc[0]
    assert row["d"] == earlier["d"]
    assert row["k"] == now["k"]
    assert not made.balanced
    codes = {note.code: dict(note.facts) for note in regress(made, form="fixed").cautions}
    assert codes["rows_lost_to_lag"] == {"rows": 4.0}
    assert codes["unbalanced"] == {"rows": 10.0, "rows_if_balanced": 12.0}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda f: f[f["region"] == "R00"], "the panel has 1 region.*One region alone identifies no coefficient"),
        (lambda f: f[f["year"] == 2016], "the panel has 1 period"),
        (lambda f: f.iloc[:0], "the table has no rows"),
        (lambda f: pd.concat([f, f.iloc[[5, 7]]]), "given more than once: R01 2016; R01 2018.*Keep one row"),
        (lambda f: at(f, 6, "d", np.nan), r"column 'd': missing at R01 2017\. Find the values"),
        (lambda f: at(f, 6, "y", np.nan), "column 'y': missing at R01 2017"),
        (lambda f: f.assign(k=np.nan), "missing at R00 2015; R00 2016; R00 2017; R00 2018; R01 2015 and 7 more"),
        (lambda f: at(f, 6, "k", np.inf), "column 'k': infinite at R01 2017"),
        (lambda f: at(f, 6, "d", "n/a"), "column 'd': 'n/a' is no number, at R01 2017"),
        (lambda f: f.assign(d=f["d"] > 0), "column 'd': .* is no number"),
        (lambda f: at(f, 6, "region", None), "column 'region': no value in row 7"),
        (lambda f: at(f, 6, "year", "soon"), "column 'year': 'soon' is not a period"),
        (lambda f: at(f, 6, "year", "2016-2018"), "'2016-2018' is a span"),
        (lambda f: at(f, 6, "year", "2017-Q1"), "periods of several kinds are mixed"),
    ],
)
def test_bad_data_are_named(spoil, said):
    with pytest.raises(DataError, match=said):
        panel(spoil(world(3, 4)))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"digital": "index"}, "no column 'index' in the table.*region, year, y, d, k"),
        ({"controls": ("d",)}, "column 'd' is named twice"),
        ({"lag": -1}, "the lag is -1"),
        ({"lag": 1.5}, "the lag is 1.5"),
    ],
)
def test_bad_options_are_named(options, said):
    with pytest.raises(ParameterError, match=said):
        panel(world(3, 4), **options)


def test_two_columns_of_one_name_are_refused():
    with pytest.raises(ParameterError, match="the table has two columns 'd'"):
        panel(world(3, 4).rename(columns={"k": "d"}), controls=())


def test_a_lag_that_eats_the_panel_is_refused():
    with pytest.raises(DataError, match="the panel has 0 regions"):
        panel(world(3, 4), lag=4)
    with pytest.raises(DataError, match="the panel has 1 period"):
        panel(world(3, 4), lag=3)
