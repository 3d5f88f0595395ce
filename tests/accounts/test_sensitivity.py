from __future__ import annotations

import numpy as np
import pytest

from dxanalysis.accounts import Assumption, DigitalShare, transfer
from dxanalysis.accounts.sensitivity import sensitivity

CHANCES = np.random.default_rng(3).random((3, 20_000))


def test_ishigami_indices_agree_with_the_closed_form():
    # Ishigami & Homma 1990 with a = 7, b = 0.1: S1 = 0.3139, S2 = 0.4424, S3 = 0, T1 = 0.5576, T2 = 0.4424, T3 = 0.2437.
    # Ranges begin at 0 here, so the model shifts them to -pi..pi.
    ranges = [Assumption(id=f"x{i}", low=0, high=2 * np.pi) for i in (1, 2, 3)]

    def model(x):
        a, b, c = x - np.pi
        return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)

    found = {one.assumption: one for one in sensitivity(ranges, model, chances=CHANCES, seed=1)}
    for name, first, total in (("x1", 0.3139, 0.5576), ("x2", 0.4424, 0.4424), ("x3", 0.0, 0.2437)):
        assert found[name].first_order == pytest.approx(first, abs=4 * found[name].first_order_error + 1e-3)
        assert found[name].total == pytest.approx(total, abs=4 * found[name].total_error + 1e-3)


def test_sum_model_splits_by_variance():
    ranges = [
        Assumption(id="wide", low=0, high=2),
        Assumption(id="narrow", low=0, high=1),
        Assumption(id="held", low=1, high=1),
    ]
    found = sensitivity(ranges, lambda x: x.sum(axis=0), chances=CHANCES, seed=1)
    assert [one.assumption for one in found] == ["wide", "narrow"]
    assert found[0].first_order == pytest.approx(0.8, abs=4 * found[0].first_order_error + 1e-3)
    # With the wide one known, 95 % of a uniform of width 1 is left.
    assert found[0].width_95_if_known == pytest.approx(0.95, abs=0.01)


def test_constant_model_has_no_drivers():
    ranges = [Assumption(id="a", low=0, high=1)]
    assert sensitivity(ranges, lambda x: np.ones(x.shape[1]), chances=CHANCES[:1], seed=1) == ()


@pytest.fixture(scope="module")
def result(gia_lai) -> DigitalShare:
    made = transfer(gia_lai)
    assert isinstance(made, DigitalShare)
    return made


def test_indices_of_the_transfer_are_shares_of_variance(result):
    for one in result.sensitivity:
        assert (
            -3 * one.first_order_error - 1e-6
            <= one.first_order
            <= one.total + 3 * (one.total_error + one.first_order_error) + 1e-6
        )
        assert -1e-12 <= one.total <= 1 + 3 * one.total_error
    error = np.sqrt(sum(one.first_order_error**2 for one in result.sensitivity))
    assert sum(one.first_order for one in result.sensitivity) <= 1 + 3 * error + 1e-6
    assert sum(one.total for one in result.sensitivity) >= 1 - 3 * error


def test_indices_are_stable_under_another_seed(gia_lai, result):
    other = transfer(gia_lai, seed=99)
    assert isinstance(other, DigitalShare)
    again = {one.assumption: one for one in other.sensitivity}
    for one in result.sensitivity[:3]:
        assert again[one.assumption].total == pytest.approx(
            one.total, abs=5 * np.hypot(one.total_error, again[one.assumption].total_error) + 1e-3
        )


def test_main_driver_known_narrows_the_range_most(result):
    low, high = result.interval(0.95)
    widths = [one.width_95_if_known for one in result.sensitivity]
    assert min(widths) == widths[0] < high - low
