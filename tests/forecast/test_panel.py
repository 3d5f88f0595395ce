"""What a panel must be, and what a reader is told where it is not."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxanalysis.data.periods import Period
from dxanalysis.errors import BeyondBounds, ModelError
from dxanalysis.forecast import fit
from dxanalysis.forecast.panel import PER_YEAR, Grid, Release, period_number, period_text, read_panel
from dxanalysis.forecast.scale import Scale
from forecast.cases import SHARE, panel

PERCENT = Scale.of("share", 0, 100)
Change = Callable[[pd.DataFrame], pd.DataFrame]


def two() -> pd.DataFrame:
    """B has a gap in 2021 and ends a year later than A."""
    a, b = panel({2020: 10.0, 2021: 11, 2022: 12}, "A"), panel({2020: 50.0, 2022: 52, 2023: 53}, "B")
    return pd.concat([b, a], ignore_index=True)


def same(left: Grid, right: Grid) -> bool:
    facts = ("regions", "per_year", "first", "whole_years", "n_cut")
    return all(getattr(left, name) == getattr(right, name) for name in facts) and np.array_equal(
        left.values, right.values, equal_nan=True
    )


def test_regions_are_rows_in_order_and_gaps_stay_gaps() -> None:
    grid = read_panel(two(), PERCENT)
    assert grid.regions == ("A", "B")
    np.testing.assert_array_equal(grid.values, [[10, 11, 12, np.nan], [50, np.nan, 52, 53]])
    assert (grid.per_year, grid.first_year, grid.last_year, grid.n_cut) == (1, 2020, 2023, 0)
    assert [grid.label(column) for column in (0, 3, 4)] == ["2020", "2023", "2024"]
    assert grid.observed(1) == (("2020", 50.0), ("2022", 52.0), ("2023", 53.0))
    assert grid.series(1).years == (2020, 2022, 2023)
    scaled = grid.scaled(PERCENT)
    assert np.array_equal(np.isnan(scaled), np.isnan(grid.values))
    assert scaled[0, 2] == PERCENT.forward(12.0)


@given(st.permutations(range(6)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    assert same(read_panel(two().iloc[order], PERCENT), read_panel(two(), PERCENT))


@given(st.integers(1901, 2099), st.sampled_from(sorted(PER_YEAR.values())), st.integers(0, 11))
def test_a_period_is_its_number(year: int, per_year: int, part: int) -> None:
    number = year * per_year + part % per_year
    assert period_number(Period.parse(period_text(number, per_year))) == number


@pytest.mark.parametrize(
    ("periods", "following"),
    [
        (["2024-H1", "2024-H2"], ["2025-H1", "2025-H2", "2026-H1"]),
        (["2024-Q2", "2024-Q3"], ["2024-Q4", "2025-Q1", "2025-Q2"]),
        (["2024-10", "2024-11"], ["2024-12", "2025-01", "2025-02"]),
        (["2024", "2025"], ["2026", "2027", "2028"]),
    ],
)
def test_periods_to_come_keep_the_panels_form_over_the_end_of_the_year(periods, following) -> None:
    grid = read_panel(pd.DataFrame({"region": "A", "period": periods, "value": 1.0}), PERCENT)
    assert [grid.label(2 + step) for step in range(3)] == following
    assert not grid.whole_years


@pytest.mark.parametrize(
    ("periods", "whole"),
    [
        ([2024, 2025], True),
        ([2024.0, 2025.0], True),
        (pd.Series([2024, 2025], dtype=object), True),
        (["2024", "2025"], False),
    ],
)
def test_years_are_numbers_when_they_were_given_as_numbers(periods, whole: bool) -> None:
    grid = read_panel(pd.DataFrame({"region": "A", "period": periods, "value": 1.0}), PERCENT)
    assert grid.whole_years is whole
    assert grid.label(1) == "2025"


def test_a_number_and_its_text_are_one_region() -> None:
    mixed = pd.DataFrame({"region": [1, "1", 2], "period": [2020, 2021, 2020], "value": [1.0, 2, 3]})
    grid = read_panel(mixed, PERCENT)
    assert grid.regions == ("1", "2")
    np.testing.assert_array_equal(grid.values, [[1, 2], [3, np.nan]])


def test_values_beyond_a_bound_are_cut_counted_and_told() -> None:
    wrong = panel({2020: -1.0, 2021: 50, 2022: 120, 2023: 0, 2024: 100})
    told = r"2 of 5 values lie beyond the bounds 0 to 100 and are cut there; the first is -1 in region VN, 2020\. Check the unit"
    with pytest.warns(BeyondBounds, match=told) as caught:
        grid = read_panel(wrong, PERCENT)
    assert len(caught) == 1
    assert grid.n_cut == 2
    assert grid.values.tolist() == [[0, 50, 100, 0, 100]]


def test_a_value_at_a_bound_is_not_beyond_it() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_panel(panel({2020: 0.0, 2021: 100, 2022: 50}), PERCENT).n_cut == 0


def test_releases_are_those_of_the_newest_value() -> None:
    told = two().assign(source=["x", "x", "y", "x", "x", "x"])
    told["released_to"] = pd.to_datetime(["2021-01-06", "2023-01-06", "2024-01-06"] * 2)
    told.loc[4, "released_to"] = pd.NaT
    grid = read_panel(told.sample(frac=1, random_state=1), PERCENT)
    assert grid.releases["B"] == Release(last="2024-01-06", count=3, source="y")
    assert grid.releases["A"] == Release(last="2024-01-06", count=2, source="x")
    assert read_panel(two(), PERCENT).releases == {}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop(columns="value"), r"the panel has no column value\. Give region, period and value"),
        (lambda f: f[["value"]], "the panel has no column region, period"),
        (lambda f: f.iloc[:0], "the panel has no rows"),
        (lambda f: f[[]], "the panel has no column region, period, value"),
        (lambda f: pd.concat([f, f.iloc[[2]]]), "region VN, 2022: the period is given twice"),
        (
            lambda f: pd.concat([f.astype({"period": str}), f.iloc[[2]]]),
            r"region VN, 2022: the period is given twice\. Keep one release of each period",
        ),
        (
            lambda f: f.assign(value=f["value"].where(f["period"] != 2023)),
            r"region VN, 2023: the value is missing or infinite\. Leave the row out; nothing is filled in",
        ),
        (lambda f: f.assign(value=f["value"].replace(12.66, np.inf)), "region VN, 2020: the value is missing or inf"),
        (lambda f: f.assign(value=f["value"].replace(12.66, -np.inf)), "region VN, 2020: the value is missing or inf"),
        (lambda f: f.assign(value=pd.array([1, 2, 3, None, 5, 6])), "region VN, 2023: the value is missing or inf"),
        (lambda f: f.assign(value="12,66"), r"the value '12,66' is text\. Give numbers; see dxanalysis.data.numbers"),
        (lambda f: f.assign(value="1.234"), "the value '1.234' is text"),
        (lambda f: f.assign(value=[1.0, 2, "n/a", 4, 5, 6]), "the value 'n/a' is text"),
        (lambda f: f.assign(value=[[1.0]] * 6), "a value is not a number"),
        (lambda f: f.assign(value=f["value"] > 12.85), r"the values are not numbers but bool\. Give the figures"),
        (lambda f: f.assign(value=(f["value"] > 12.85).astype("boolean")), "the values are not numbers but boolean"),
        (lambda f: f.assign(value=[1.0, True, 3, 4, 5, 6]), "the values are not numbers but bool"),
        (lambda f: f.assign(value=f["value"] + 1j), "the values are not numbers but complex128"),
        (lambda f: f.assign(value=[1.0, 2 + 3j, 3, 4, 5, 6]).astype({"value": object}), "not numbers but complex"),
        (lambda f: f.assign(value=pd.Timestamp("2020-01-01")), "the values are not numbers but datetime64"),
        (lambda f: f.assign(value=pd.Timestamp("2020-01-01", tz="UTC")), "the values are not numbers but datetime64"),
        (lambda f: f.assign(value=pd.Timedelta(days=1)), "the values are not numbers but timedelta64"),
        (lambda f: f.assign(value=[date(2020, 1, 1)] * 6), "the values are not numbers but date"),
        (lambda f: pd.concat([f, f[["value"]]], axis=1), r"the panel has the column value twice\. Keep one of them"),
        (lambda f: pd.concat([f, f[["region"]]], axis=1), "the panel has the column region twice"),
        (
            lambda f: f.assign(released_to="soon"),
            r"released_to cannot be read as dates: 'soon', where year, month and day are expected\. Give dates such as 2024-01-06",
        ),
        (
            lambda f: f.assign(released_to=["2026-04-15"] * 5 + ["01/05/2026"]),  # May in Ha Noi, January in New York
            "released_to cannot be read as dates: '01/05/2026', where",
        ),
        (lambda f: f.assign(released_to=20240106), "the column released_to holds numbers such as 20240106, not dates"),
        (lambda f: f.assign(region=["VN", None, *["VN"] * 4]), r"row 2: a region is missing\. Name the region"),
        (lambda f: f.assign(region=["VN", "VN", "", *["VN"] * 3]), "row 3: a region is missing"),
        (
            lambda f: f.assign(region=["Lâm Đồng", "Lâm  Đồng\u00a0", *["Lâm Đồng"] * 4]),
            r"the regions 'Lâm  Đồng\\xa0' and 'Lâm Đồng' differ in spaces alone, or in how their accents are stored\. Write one name",
        ),
        (
            lambda f: f.assign(
                region=[unicodedata.normalize(form, "Lâm Đồng") for form in ("NFC", "NFD", *["NFC"] * 4)]
            ),
            "differ in spaces alone, or in how their accents are stored",
        ),
        (lambda f: f.assign(period=f["period"].where(f["period"] != 2021)), "row 2: a period is missing"),
        (lambda f: f.assign(period="soon"), r"'soon' is not a period\. Give years such as 2024, or parts"),
        (lambda f: f.assign(period=f["period"] + 0.5), "'2020.5' is not a period"),
        (lambda f: f.assign(period=f["period"] - 2000), "'20' is not a period"),
        (lambda f: f.assign(period="2024-Q5"), "'2024-Q5' is not a period"),
        (lambda f: f.assign(period="2021-2025"), r"'2021-2025' is a mean over years, not a period"),
        (
            lambda f: f.assign(period=["2020", "2021-Q1", "2021-Q2", "2022", "2023-07", "2024"]),
            r"the periods are of different kinds: .*2020 \(year\).*\. Give one kind; parts of years are not mixed",
        ),
    ],
)
def test_panels_that_cannot_be_read(change: Change, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        read_panel(change(panel(SHARE)), PERCENT)
    with pytest.raises(ModelError, match=message):
        fit(change(panel(SHARE)), bounds=(0, 100))


@pytest.mark.parametrize("kind", [object, "Float64", "float32", "category"])
def test_numbers_of_any_kind_are_values(kind: object) -> None:
    grid = read_panel(panel(SHARE).astype({"value": kind}), PERCENT)  # type: ignore[dict-item]
    np.testing.assert_allclose(grid.values[0], list(SHARE.values()), rtol=1e-6)


@pytest.mark.parametrize("never", [None, np.nan, pd.NaT])
def test_a_release_may_have_no_date(never: object) -> None:
    assert read_panel(panel(SHARE).assign(released_to=never), PERCENT).releases["VN"] == Release(last="", count=0)


def test_a_series_of_the_nineteenth_century_is_read_and_forecast() -> None:
    years = list(range(1811, 1841))
    long = pd.DataFrame({"region": "GB", "period": years, "value": 100 * 1.02 ** np.arange(30.0)})
    assert read_panel(long, Scale.of("level")).label(30) == "1841"
    predicted = fit(long, model="local").predict(horizon=2)
    assert predicted.periods == ("1841", "1842")
    assert 150 < predicted.quantiles([0.5]).iloc[-1, 0] < 220
