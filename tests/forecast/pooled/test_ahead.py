"""Evidence of three years: fits that run away when they are carried on are believed less."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dxanalysis.forecast.pooled.ahead import YEARS_AHEAD, judged_ahead
from dxanalysis.forecast.pooled.cells import FEATURES, Matrix
from dxanalysis.forecast.pooled.grouped import IntArray
from dxanalysis.forecast.pooled.reach import reach_of
from dxanalysis.forecast.pooled.regression import Coefficients, log_evidence


def panel(regions: int = 30, years: int = 20) -> tuple[Matrix, IntArray, IntArray]:
    rng = np.random.default_rng(7)
    values = np.cumsum(0.1 * rng.normal(size=(regions, years)), axis=1)
    matrix = Matrix.of(values, per_year=1, centred=False)
    rows, columns = np.nonzero(np.isfinite(values[:, 1:]))
    return matrix, rows.astype(np.int64), columns.astype(np.int64) + 1


def fit_of(years: int, evidence: float | None = 0.0, **slopes: float) -> Coefficients:
    beta = np.zeros(len(FEATURES))
    for name, slope in slopes.items():
        beta[FEATURES.index(name)] = slope
    every = np.tile(beta, (years, 1))
    return Coefficients(newest=beta, held_out=every, then=every, evidence=evidence)


def judged(*fits: Coefficients, matrix: Matrix, rows: IntArray, columns: IntArray) -> list[Coefficients]:
    return judged_ahead(
        matrix, {1.0: matrix}, rows, columns, fits, reach=reach_of(matrix.values, 1), trust=1.0
    )  # fmt: skip


def test_evidence_by_hand() -> None:
    """Errors 1, 3 and -1, -3 at two origins: means 2 and -2, B 4, V 1, two origins of two regions, -(log 4 + 2·0)."""
    miss, at = np.array([1.0, 3.0, -1.0, -3.0]), np.array([0, 0, 1, 1])
    both, alike = np.array([True, True]), np.ones(2)
    assert log_evidence(miss, at, used=both, discount=alike, overlap=1) == pytest.approx(-np.log(4))
    assert log_evidence(miss, at, used=both, discount=alike, overlap=2) == pytest.approx(-np.log(4) / 2)


def test_on_a_random_walk_what_stays_put_is_believed_over_what_follows_the_last_year() -> None:
    matrix, rows, columns = panel()
    stays, follows = fit_of(20), fit_of(20, pace_1=0.9)
    found = judged(stays, follows, matrix=matrix, rows=rows, columns=columns)
    assert found[0].evidence is not None
    assert found[1].evidence is not None
    assert found[0].evidence > found[1].evidence + 10


def test_only_what_was_known_at_an_origin_judges() -> None:
    matrix, rows, columns = panel()
    (one,) = judged(fit_of(20), matrix=matrix, rows=rows, columns=columns)
    changed = replace(fit_of(20), newest=np.full(len(FEATURES), 9.0), held_out=np.full((20, len(FEATURES)), 9.0))
    (other,) = judged(changed, matrix=matrix, rows=rows, columns=columns)
    assert one.evidence == other.evidence


def test_a_fit_without_a_chance_is_left_out() -> None:
    matrix, rows, columns = panel()
    found = judged(fit_of(20, 0.0), fit_of(20, -16.0), matrix=matrix, rows=rows, columns=columns)
    assert len(found) == 1


def test_without_evidence_of_one_year_or_enough_origins_nothing_changes() -> None:
    matrix, rows, columns = panel()
    fits = [fit_of(20, None), fit_of(20, None, pace_1=0.9)]
    assert judged(*fits, matrix=matrix, rows=rows, columns=columns) == fits
    short, rows, columns = panel(years=YEARS_AHEAD + 2)
    fits = [fit_of(YEARS_AHEAD + 2, 0.0)]
    assert judged(*fits, matrix=short, rows=rows, columns=columns) == fits
