"""The prior: the same text from the same panels, refused where it does not fit, and a help where peers are few."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dxanalysis import forecast
from dxanalysis.errors import DataError, ModelError
from dxanalysis.forecast.panel import period_text
from dxanalysis.forecast.pooled.cells import FEATURES, SPREAD_FEATURES
from dxanalysis.forecast.pooled.family import Family
from dxanalysis.forecast.pooled.options import HORIZONS, SCORES, PooledOptions
from dxanalysis.forecast.prior import MIN_STEPS, NO_PRIOR, Prior, build_family, load, merge, shipped
from dxanalysis.forecast.scale import Scale
from forecast.cases import panel
from trial import ROOT

PERCENT = Scale.of("share", 0, 100)
FILE = ROOT / "src" / "dxanalysis" / "forecast" / "prior.json"
PANELS = ROOT.parent / "shared" / "data" / "benchmark"
PLACE = {"name": "made up", "source": "nowhere", "licence": "none"}
Break = Callable[[dict[str, Any]], object]


def growth(pace: float, noise: float, *, regions: int = 30, years: int = 15, seed: int = 1) -> pd.DataFrame:
    """Logistic growth from different starts, at about the same pace a year on the logit."""
    rng = np.random.default_rng(seed)
    start = rng.uniform(-2.5, 0, (regions, 1))
    path = start + np.cumsum(pace + noise * rng.normal(size=(regions, years)), axis=1)
    return pd.DataFrame(
        {
            "region": np.repeat([f"r{n:02d}" for n in range(regions)], years),
            "period": np.tile(2000 + np.arange(years), regions),
            "value": (100 / (1 + np.exp(-path))).ravel(),
        }
    )


def family(frame: pd.DataFrame, name: str = "made up") -> Family:
    return build_family(frame, scale=PERCENT, **{**PLACE, "name": name})


CREEP, RUSH = family(growth(0.01, 0.01), "creep"), family(growth(0.4, 0.15, seed=2), "rush")
BOTH = Prior(families=(CREEP, RUSH))


def test_leaps_out_of_nothing_are_not_the_tails_of_others() -> None:
    """Of telephones a few years before most countries had any, one leap in fifty made a tail of 120 typical errors."""
    rng = np.random.default_rng(4)
    value = np.zeros((60, 5))
    for region, year in zip(range(0, 60, 6), rng.integers(2, 5, 10), strict=True):
        value[region, year:] = 5.0 * np.arange(1, 6 - year)
    frame = pd.DataFrame(
        {
            "region": np.repeat([f"r{n:02d}" for n in range(60)], 5),
            "period": np.tile(2000 + np.arange(5), 60),
            "value": value.ravel(),
        }
    )
    made = build_family(frame, scale=Scale.of("level", 0), **PLACE)
    assert 10 < np.abs(made.shape).max() <= 30


# --- as text


def test_text_and_back_is_the_same_text() -> None:
    for prior in (NO_PRIOR, BOTH, shipped()):
        text = prior.to_json()
        assert Prior.from_json(text).to_json() == text
    read = Prior.from_json(BOTH.to_json()).families[1]
    np.testing.assert_allclose(read.beta, RUSH.beta, rtol=1e-4)
    np.testing.assert_allclose(read.shape, RUSH.shape, rtol=1e-4, atol=1e-9)
    assert (read.name, read.n_cases, read.first_year, read.last_year) == ("rush", RUSH.n_cases, 2000, 2014)


def test_the_same_panel_gives_the_same_bytes_in_any_order() -> None:
    again = family(growth(0.01, 0.01).sample(frac=1, random_state=3), "creep")
    assert Prior(families=(again,)).to_json() == Prior(families=(CREEP,)).to_json()


def test_vietnamese_stays_readable() -> None:
    text = Prior(families=(replace(CREEP, source="Tổng cục Thống kê"),)).to_json()
    assert "Tổng cục Thống kê" in text
    assert Prior.from_json(text).families[0].source == "Tổng cục Thống kê"


def set_head(name: str, value: object) -> Break:
    return lambda found: found.update({name: value})


def set_entry(name: str, value: object) -> Break:
    return lambda found: found["families"][0].update({name: value})


def drop_entry(name: str) -> Break:
    return lambda found: found["families"][0].pop(name)


OTHER = (
    r"^file\.json: the prior was made for another version of the engine\. Make it anew with: dxanalysis prior build\.$"
)
NOT = r"^file\.json: this is not a prior: "


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (set_head("format", 2), OTHER),
        (set_head("features", list(FEATURES[:-1])), OTHER),
        (set_head("spread_features", list(reversed(SPREAD_FEATURES))), OTHER),
        (set_head("horizons", [1, 2, 3]), OTHER),
        (set_head("scores", [0.0]), OTHER),
        (lambda found: found.pop("format"), NOT + "'format'"),
        (lambda found: found.pop("families"), NOT + "'families'"),
        (set_head("families", {"a": 1}), NOT),
        (set_entry("beta", [0.0] * 3), NOT + r"beta of creep has the shape \(3,\)"),
        (set_entry("beta", [float("nan")] * len(FEATURES)), NOT + "beta of creep .* numbers that are not finite"),
        (set_entry("gamma", [[0.0]]), NOT + r"gamma of creep has the shape \(1, 1\)"),
        (set_entry("shape", [[0.0] * len(SCORES)]), NOT + "shape of creep has the shape"),
        (set_entry("shape", [list(range(len(SCORES), 0, -1))] * len(HORIZONS)), NOT + "the quantiles of creep fall"),
        (set_entry("mean_square", "many"), NOT),
        (set_entry("form", "identity"), NOT + "the form is 'identity'"),
        (set_entry("common", 1.5), NOT + "common 1.5 or persistence .* of creep is out of range"),
        (set_entry("persistence", 0), NOT + "common .* or persistence 0 of creep is out of range"),
        (set_entry("persistence", "NaN"), NOT + "common .* or persistence nan of creep is out of range"),
        (set_entry("n_cases", "some"), NOT),
        (drop_entry("licence"), NOT + "'licence'"),
    ],
)
def test_a_text_that_does_not_fit_is_refused(change: Break, message: str) -> None:
    found = json.loads(BOTH.to_json())
    change(found)
    with pytest.raises(DataError, match=message):
        Prior.from_json(json.dumps(found), where="file.json")


@pytest.mark.parametrize("text", ["", "{", "null", "[]", "3", '{"format": 1}'])
def test_a_text_that_is_no_prior_at_all(text: str) -> None:
    with pytest.raises(DataError, match=r"prior: this is not a prior: .* Make it anew with: dxanalysis prior build"):
        Prior.from_json(text)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"absent\.json: the prior cannot be read\. Give the file that prior build wrote"
    ):
        load(tmp_path / "absent.json")
    (tmp_path / "picture.json").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(DataError, match=r"picture\.json: the prior cannot be read"):
        load(tmp_path / "picture.json")
    (tmp_path / "prior.json").write_text(BOTH.to_json(), encoding="utf-8")
    assert load(tmp_path / "prior.json").to_json() == BOTH.to_json()
    assert load(str(tmp_path / "prior.json")).to_json() == BOTH.to_json()


# --- made from panels


def test_a_family_says_what_it_is_from() -> None:
    assert (CREEP.form, CREEP.n_regions, CREEP.first_year, CREEP.last_year) == ("bounded", 30, 2000, 2014)
    assert 30 * 10 < CREEP.n_cases <= 30 * 12  # from the third value on, but for those next to a bound
    assert 0 <= CREEP.common < 1
    assert (np.diff(RUSH.shape, axis=1) >= 0).all()
    sizes = [float(np.exp(one.gamma[0] @ [1, 0, 0, np.log(0.2), np.log(0.1)])) for one in (CREEP, RUSH)]
    assert sizes[0] < 0.5 * sizes[1]


def test_horizons_longer_than_the_panel_go_on_with_the_root_of_time() -> None:
    """Fifteen years have no errors at fifteen: those of ten, and half the logarithm of 15/10 more."""
    np.testing.assert_allclose(RUSH.gamma[-1, 0] - RUSH.gamma[-2, 0], 0.5 * np.log(15 / 10))
    np.testing.assert_array_equal(RUSH.shape[-1], RUSH.shape[-2])


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (
            growth(0.1, 0.1, regions=5),
            rf"changes from year to year are too few for a prior\. Give a panel with at least {MIN_STEPS}",
        ),
        (growth(0.1, 0.1, years=3), "0 changes from year to year are too few"),
        (
            growth(0.1, 0.1).assign(period=lambda f: [period_text(4 * 2000 + p - 2000, 4) for p in f["period"]]),
            r"a prior is made of yearly values\. Give years such as 2024",
        ),
    ],
)
def test_panels_that_make_no_family(frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        family(frame)


def test_values_every_other_year_make_no_family() -> None:
    """No change from one year to the next is in them, however many values there are."""
    frame = growth(0.1, 0.1, regions=60, years=24)
    with pytest.raises(ModelError, match="are too few for a prior"):
        family(frame[frame["period"] % 2 == 0])
    # twenty odd years more give forty errors one year ahead: enough for a range, too few for a family
    odd = (frame["period"] == 2011) & (frame["region"] < "r20")
    with pytest.raises(ModelError, match="are too few for a prior"):
        family(frame[(frame["period"] % 2 == 0) | odd])


def test_priors_are_merged_in_order() -> None:
    both = merge([Prior(families=(CREEP,)), NO_PRIOR, Prior(families=(RUSH,))])
    assert [one.name for one in both.families] == ["creep", "rush"]
    assert both.to_json() == BOTH.to_json()


def test_a_form_without_a_family_expects_no_change() -> None:
    assert [one.name for one in BOTH.of("bounded")] == ["creep", "rush"]
    assert [one.name for one in BOTH.of("positive")] == ["no change"]
    assert BOTH.of("identity")[0].n_cases == 0


# --- the shipped one


def test_the_shipped_prior_names_where_each_family_is_from() -> None:
    prior = shipped()
    assert FILE.stat().st_size < 100_000
    assert prior.to_json() == FILE.read_text(encoding="utf-8")
    for form in ("bounded", "positive"):
        names = [one.name for one in prior.of(form)]
        assert len(names) == len(set(names)) >= 2
    for one in prior.families:
        assert len(one.source) > 10
        assert one.licence
        assert one.n_cases >= MIN_STEPS
        assert one.first_year < one.last_year


def test_the_shipped_prior_holds_parameters_only() -> None:
    found = json.loads(FILE.read_text(encoding="utf-8"))
    assert set(found) == {"format", "features", "spread_features", "horizons", "scores", "families"}
    text = {"name", "form", "source", "licence"}
    counts = {"n_cases", "n_regions", "first_year", "last_year"}
    numbers = {"common": 1, "persistence": 1, "beta": len(FEATURES), "mean_square": len(FEATURES)}
    numbers |= {"gamma": len(HORIZONS) * len(SPREAD_FEATURES), "shape": len(HORIZONS) * len(SCORES)}
    for entry in found["families"]:
        assert set(entry) == text | counts | set(numbers)
        assert all(isinstance(entry[name], str) for name in text)
        assert all(isinstance(entry[name], int) for name in counts)
        assert {name: np.size(entry[name]) for name in numbers} == numbers


@pytest.mark.skipif(
    not PANELS.is_dir(), reason="the public panels are not part of this repository (shared/data/benchmark)"
)
def test_the_shipped_prior_is_made_by_its_script(tmp_path: Path) -> None:
    out = tmp_path / "prior.json"
    script = ROOT / "benchmarks" / "build_prior.py"
    subprocess.run([sys.executable, script, "--data", PANELS, "--out", out], check=True, capture_output=True)
    assert out.read_bytes() == FILE.read_bytes()


# --- what it does


def test_a_single_short_series_rests_on_the_prior() -> None:
    made = forecast.fit(panel({2023: 20.0, 2024: 22, 2025: 25}), bounds=(0, 100)).predict(horizon=5)
    (known,) = made.evidence
    assert known.prior_weight > 0.5
    assert known.prior_source
    assert known.n_analogues > 1000
    low, high = made.quantiles([0.1, 0.9]).iloc[-1]
    assert 1 < high - low < 60


@pytest.mark.parametrize("start", [10.0, 20.0, 50.0, 80.0])
def test_a_series_that_creeps_is_not_carried_on_like_mobile_telephones(start: float) -> None:
    """A tenth of a point a year for five years: it does not take off."""
    slow = panel({2020 + at: start + 0.1 * at for at in range(6)})
    made = forecast.fit(slow, bounds=(0, 100)).predict(horizon=5)
    assert abs(made.quantiles([0.5]).iloc[-1, 0] - (start + 0.5)) < 3


def test_a_series_that_rushes_is_not_held_back_like_water_supply() -> None:
    fast = panel({2020 + at: value for at, value in enumerate([10.0, 14, 20, 28, 38, 48])})
    made = forecast.fit(fast, bounds=(0, 100)).predict(horizon=3)
    assert made.quantiles([0.5]).iloc[-1, 0] > 58


@pytest.mark.parametrize(("pace", "noise", "at"), [(0.01, 0.01, 0), (0.4, 0.15, 1)])
def test_the_family_that_is_like_the_region_is_leant_on(pace: float, noise: float, at: int) -> None:
    own = growth(pace, noise, regions=1, years=8, seed=11)
    fitted = forecast.fit(own, bounds=(0, 100), prior=BOTH)
    assert fitted.pooled.prior_weights[at] > 0.9
    assert fitted.predict(horizon=1).evidence[0].prior_source == BOTH.families[at].name


def test_without_a_prior_a_single_series_has_a_wide_range_and_says_so() -> None:
    short = panel({2023: 20.0, 2024: 22, 2025: 25})
    bare, leant = (
        forecast.fit(short, bounds=(0, 100), prior=prior).predict(horizon=5) for prior in (NO_PRIOR, shipped())
    )
    assert bare.evidence[0].prior_source == ""
    assert bare.evidence[0].prior_weight == 0
    assert np.ptp(bare.quantiles([0.1, 0.9]).iloc[-1]) > np.ptp(leant.quantiles([0.1, 0.9]).iloc[-1])


def test_a_large_panel_hardly_asks_the_prior() -> None:
    large = growth(0.2, 0.1, regions=80, years=25)
    tables = [
        forecast.fit(large, bounds=(0, 100), prior=prior).predict(horizon=3).quantiles([0.1, 0.5, 0.9])
        for prior in (Prior(families=(CREEP,)), Prior(families=(RUSH,)))
    ]
    assert (tables[0] - tables[1]).abs().to_numpy().max() < 1.5
    assert forecast.fit(large, bounds=(0, 100), prior=BOTH).pooled.prior_share < 0.02


def test_settings_of_the_engine_can_be_changed_for_a_fit() -> None:
    frame = growth(0.2, 0.1)
    plain, leaning = (
        forecast.fit(frame, bounds=(0, 100), prior=BOTH, options=PooledOptions(prior_cases=cases)).pooled.prior_share
        for cases in (5.0, 5000.0)
    )
    assert plain < 0.1 < 0.9 < leaning
