from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import sparse

from accounts.tables_made import table, tables
from dxanalysis.accounts.linkages.extraction import extract
from dxanalysis.accounts.linkages.multipliers import embodied_jobs, ghosh_push, linkages
from dxanalysis.accounts.linkages.solve import Leontief, system
from dxanalysis.errors import DataError, ModelError, ParameterError

TOY = table([[10, 5, 15], [5, 20, 45], [20, 25, 240]], [30, 50, 315], sectors=("26", "61", "01"))


@pytest.mark.parametrize("density", [0.02, 1.0])
def test_round_by_round_and_factored_solutions_agree(density: float) -> None:
    rng = np.random.default_rng(3)
    n = 120
    flows = np.where(rng.random((n, n)) < density, rng.random((n, n)), 0)
    coefficients = 0.9 * flows / np.maximum(flows.sum(axis=0), 1e-9)
    right = rng.random((n, 3))
    exact = system(coefficients).solve(right), system(coefficients).solve_transposed(right[:, 0])
    for matrix in (coefficients, sparse.csr_array(coefficients)):
        rounds = Leontief(matrix, None)
        np.testing.assert_allclose(rounds.solve(right), exact[0], rtol=1e-10)
        np.testing.assert_allclose(rounds.solve_transposed(right[:, 0]), exact[1], rtol=1e-10)


@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_array])
def test_where_rounds_do_not_settle_the_system_is_factored(kind) -> None:
    coefficients = np.diag(np.full(20, 2.0))  # no economy, but (I - A) has an inverse
    np.testing.assert_allclose(Leontief(kind(coefficients), None).solve(np.ones(20)), -np.ones(20))


def test_a_sector_that_uses_up_all_it_makes_is_named() -> None:
    with pytest.raises(ModelError, match="sector 61 uses inputs of 1 per unit"):
        system(np.array([[0.2, 0.0], [0.0, 1.0]]), ("26", "61"))


def test_roles_and_multipliers() -> None:
    found = linkages(TOY)
    inverse = np.linalg.inv(np.eye(3) - TOY.coefficients())
    np.testing.assert_allclose(found.output, inverse.sum(axis=0))
    np.testing.assert_allclose(found.value_added, 1.0)  # nothing is imported: all of final demand becomes value added
    assert found.backward.mean() == pytest.approx(1)
    assert set(found.roles) <= {"key", "backward", "forward", "weak"}
    assert list(found.to_frame()["sector"]) == ["26", "61", "01"]


def test_ghosh_gives_back_the_output() -> None:
    np.testing.assert_allclose(ghosh_push(TOY, TOY.gross_value_added), TOY.output)


def test_extraction_loses_the_sector_and_what_others_make_for_it() -> None:
    lost = extract(TOY, ["26"])
    coefficients = TOY.coefficients()
    coefficients[0] = coefficients[:, 0] = 0
    demand = TOY.net_final * [0, 1, 1]
    by_hand = TOY.output - np.linalg.solve(np.eye(3) - coefficients, demand)
    np.testing.assert_allclose(lost.output, by_hand)
    assert lost.total_share > 100 * 25 / 395
    assert 0 < lost.others_share < lost.total_share
    assert len(lost.to_frame()) == 3


@pytest.mark.parametrize("codes", [[], ["26", "61", "01"]])
def test_extraction_of_nothing_or_everything_is_refused(codes: list[str]) -> None:
    with pytest.raises(ParameterError, match="some of the sectors"):
        extract(TOY, codes)


def test_jobs_of_all_sectors_are_all_jobs() -> None:
    jobs = np.array([3.0, 5, 100])
    every = embodied_jobs(TOY, jobs, np.ones(3))
    assert every.direct == pytest.approx(108)
    assert every.backward == pytest.approx(0, abs=1e-9)
    assert float(every.per_unit @ TOY.net_final) == pytest.approx(108)
    digital = embodied_jobs(TOY, jobs, np.array([1.0, 1, 0]))
    assert digital.direct == 8
    assert 8 < digital.direct + digital.backward < 108
    assert digital.share == pytest.approx(100 * (digital.direct + digital.backward) / 108)


@pytest.mark.parametrize(
    ("jobs", "message"),
    [
        ([1.0, 2.0], "2,.* figures for 3 sectors"),
        ([1.0, -2.0, 3.0], "sector 61 has -2 jobs"),
        ([1.0, np.nan, 3.0], "sector 61 has nan jobs"),
    ],
)
def test_wrong_jobs_are_refused(jobs: list[float], message: str) -> None:
    with pytest.raises(DataError, match=message):
        embodied_jobs(TOY, np.array(jobs), np.ones(3))


@settings(max_examples=30, deadline=None)
@given(tables())
def test_extraction_never_adds(one) -> None:
    lost = extract(one, [one.sectors[0]])
    assert (lost.output > -1e-9).all()
    assert lost.output[0] == pytest.approx(one.output[0])
    assert lost.total_share <= 100 * (1 + 1e-9)
