"""Panels of which not every year is published, and panels in which nothing ever moved."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dxanalysis import forecast
from dxanalysis.forecast.prior import Prior

REGIONS, YEARS, AHEAD = 150, 20, 3


def walks(*, noise: float = 0.0, seed: int = 0) -> np.ndarray:
    """Random walks on the logit, in percent, array (regions, years)."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(0, 0.15, (REGIONS, YEARS + AHEAD)).cumsum(axis=1) + rng.normal(0, 1, (REGIONS, 1))
    return 100 / (1 + np.exp(-(steps + rng.normal(0, 1, steps.shape) * noise)))


def held(truth: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Percent of the regions whose values lie in the 80 % range, by horizon; ``known`` tells which years are published."""
    rows = [
        (f"r{at:03d}", 2000 + year, truth[at, year])
        for at in range(REGIONS)
        for year in range(YEARS)
        if known[at, year]
    ]
    panel = pd.DataFrame(rows, columns=["region", "period", "value"])
    made = forecast.fit(panel, bounds=(0, 100)).predict(horizon=AHEAD)
    low, high = (made.quantiles([level]).to_numpy().reshape(-1, AHEAD) for level in (0.1, 0.9))
    due = truth[:, YEARS:]
    return 100 * np.mean((low <= due) & (due <= high), axis=0)


@pytest.mark.parametrize("every", [2, 3, 5])
def test_ranges_of_years_that_no_one_observes_are_not_narrower_than_those_observed(every: int) -> None:
    """A count every other year shows no error of one year. Errors seen over longer tell their size: once 31 % were in the range."""
    published = np.broadcast_to((YEARS - 1 - np.arange(YEARS)) % every == 0, (REGIONS, YEARS))
    assert (held(walks(), published) > 65).all()


def test_regions_that_take_turns_are_as_sure() -> None:
    published = (np.arange(YEARS) + np.arange(REGIONS)[:, None]) % 2 == 0
    late = published.copy()
    late[:, -1] = True  # all end in one year, so that what is asked is the same
    assert (held(walks(), late) > 70).all()


def test_noise_of_a_survey_every_other_year_is_noise_of_a_year() -> None:
    """Noise does not grow with the years: a range of one year must not be taken for that of a way half as long."""
    published = np.broadcast_to((YEARS - 1 - np.arange(YEARS)) % 2 == 0, (REGIONS, YEARS))
    within = held(walks(noise=0.4), published)
    assert within[0] > 60
    assert within[1] > 70


def test_a_panel_too_short_for_errors_of_its_own_learns_their_size_from_its_gaps() -> None:
    """Four values two years apart: the changes over two years tell how restless these regions are."""
    rng = np.random.default_rng(1)
    values = 50 + rng.normal(0, [[0.5], [8.0]], (2, 24))
    width = []
    for of_kind in values:
        rows = [(f"r{at // 4}", 2016 + 2 * (at % 4), value) for at, value in enumerate(of_kind)]
        made = forecast.fit(pd.DataFrame(rows, columns=["region", "period", "value"]), bounds=(0, 100)).predict(
            horizon=1
        )
        width.append(float(np.ptp(made.quantiles([0.1, 0.9]).to_numpy(), axis=1).mean()))
    assert width[1] > 1.5 * width[0]


@pytest.mark.parametrize(
    ("value", "bounds"),
    [(0.0, (0, 100)), (50.0, (0, 100)), (99.5, (0, 100)), (0.0, (0, None)), (0.0, None), (5.0, None), (-5.0, None), (0.0, (-1, 1))],
)  # fmt: skip
@pytest.mark.parametrize(("regions", "years"), [(20, 12), (63, 8), (3, 5)])
@pytest.mark.parametrize("prior", [None, Prior()])
def test_where_nothing_ever_moved_nothing_is_expected_to(
    value: float, bounds: tuple[float | None, float | None] | None, regions: int, years: int, prior: Prior | None
) -> None:
    rows = [(f"r{at}", 2000 + year, value) for at in range(regions) for year in range(years)]
    panel = pd.DataFrame(rows, columns=["region", "period", "value"])
    made = forecast.fit(panel, bounds=bounds, model="pooled", prior=prior).predict(horizon=5, draws=200)
    assert np.isfinite(made.draws).all()
    low, high = (made.quantiles([level]).to_numpy() for level in (0.1, 0.9))
    assert ((low <= value + 0.05) & (value - 0.05 <= high)).all()  # half of the last digit of a percentage
    (answer, *_) = forecast.attainment(made, target=value, at=2000 + years + 4)
    assert 0.01 <= answer.probability.value <= 0.99
