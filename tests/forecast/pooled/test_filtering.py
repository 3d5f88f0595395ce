"""Histories with the noise taken out, by hand, and how much of it a small panel seems to have."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dxanalysis.forecast.pooled.cells import Matrix
from dxanalysis.forecast.pooled.family import wide
from dxanalysis.forecast.pooled.filtering import filtered, gain_evidence
from dxanalysis.forecast.scale import FloatArray

NAN = np.nan


def matrix(values: object, *, per_year: int = 1, centred: bool = False) -> Matrix:
    return Matrix.of(np.array(values, dtype=float), per_year=per_year, centred=centred)


def evidence(values: FloatArray, gains: tuple[float, ...] = (1.0, 0.3)) -> FloatArray:
    panel = matrix(values)
    rows, columns = (part.ravel().astype(np.int64) for part in np.indices(values.shape))
    use = columns >= 1
    return gain_evidence(wide("bounded"), {gain: filtered(panel, gain) for gain in gains}, rows[use], columns[use])


def test_a_gain_of_one_leaves_the_panel_as_it_is() -> None:
    panel = matrix([[0.0, 1.0, 0.5]])
    assert filtered(panel, 1.0) is panel


def test_three_values_by_hand() -> None:
    """Gain 1/2. 0; then 0 expected, 1 seen: 0.6. Then 0.6 + 0.9·0.6 expected, 1 seen: 11/21 of the way."""
    found = filtered(matrix([[0.0, 1.0, 1.0]]), 0.5).filled[0]
    expected = 0.6 + 0.9 * 0.6
    assert found == pytest.approx([0, 0.6, expected + 11 / 21 * (1 - expected)])


def test_values_stay_as_published_and_only_what_is_known_is_filtered() -> None:
    given = [[NAN, 0.0, 1.0, NAN, 2.0, NAN], [0.0, 0.2, 0.1, 0.3, 0.2, 0.4]]
    panel = matrix(given)
    out = filtered(panel, 0.5)
    np.testing.assert_array_equal(out.values, panel.values)
    np.testing.assert_array_equal(np.isfinite(out.filled), np.isfinite(panel.filled))
    np.testing.assert_array_equal(filtered(matrix(given[:1]), 0.5).filled[0], out.filled[0])  # each row by itself


def test_what_comes_later_does_not_change_what_was_filtered() -> None:
    values = np.random.default_rng(0).normal(size=(5, 12))
    early = filtered(matrix(values[:, :7]), 0.4).filled
    np.testing.assert_array_equal(filtered(matrix(values), 0.4).filled[:, :7], early)


def test_a_centre_is_taken_off_and_added_again() -> None:
    values = 7 + np.random.default_rng(1).normal(size=(4, 9))
    plain, centred = (filtered(matrix(values, centred=centred), 0.4).filled for centred in (False, True))
    np.testing.assert_allclose(centred, plain)


def test_noise_is_taken_out() -> None:
    rng = np.random.default_rng(2)
    truth = 0.1 * rng.normal(size=(200, 20)).cumsum(axis=1)
    seen = truth + 0.3 * rng.normal(size=truth.shape)
    off = np.std(filtered(matrix(seen), 0.3).filled[:, 10:] - truth[:, 10:])
    assert off < 0.75 * 0.3


def test_months_are_filtered_month_by_month() -> None:
    """A steady climb lags behind by what is lost of its pace: a tenth of a month's change, over the gain."""
    climb = 0.02 * np.arange(120.0)
    found = filtered(matrix([climb], per_year=12), 0.5).filled[0]
    assert climb[-1] - found[-1] == pytest.approx(0.1 * 0.02, rel=0.05)


@pytest.mark.parametrize("seed", range(4))
def test_chance_about_a_constant_speaks_for_a_filter_and_a_walk_against_it(seed: int) -> None:
    noise = 0.2 * np.random.default_rng(seed).normal(size=(3, 25))
    plain, low = evidence(noise)
    assert low > plain
    plain, low = evidence(noise.cumsum(axis=1))
    assert plain > low


def test_without_cases_there_is_no_evidence() -> None:
    panel = matrix([[0.0, 1.0]])
    none = np.empty(0, dtype=np.int64)
    both = {gain: filtered(panel, gain) for gain in (1.0, 0.5)}
    assert gain_evidence(wide("bounded"), both, none, none).tolist() == [0, 0]
    last = np.array([1])
    assert gain_evidence(wide("bounded"), both, np.zeros(1, np.int64), last).tolist() == [0, 0]


def test_errors_are_judged_in_the_size_the_prior_gives_but_no_size_is_taken_for_granted() -> None:
    """Ten times the prior's size for all gains alike changes nothing but for the cut of single errors."""
    noise = 0.05 * np.random.default_rng(3).normal(size=(3, 25))
    panel, family = matrix(noise), wide("bounded")
    rows, columns = (part.ravel().astype(np.int64) for part in np.indices(noise.shape))
    use, both = columns >= 1, {gain: filtered(panel, gain) for gain in (1.0, 0.3)}
    larger = replace(family, gamma=family.gamma + np.array([0.3, 0, 0, 0, 0]))
    first, second = (gain_evidence(one, both, rows[use], columns[use]) for one in (family, larger))
    assert first[1] - first[0] == pytest.approx(second[1] - second[0], rel=0.1)
