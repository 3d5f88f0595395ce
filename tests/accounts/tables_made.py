"""Small input-output tables for tests, made from flows and final demand so that they balance by construction."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from dxanalysis.accounts.tables.build import input_output_table
from dxanalysis.accounts.tables.table import InputOutputTable


def table(
    blocks_flows: ArrayLike,
    blocks_final: ArrayLike,
    /,
    *,
    sectors: tuple[str, ...] = (),
    classification: str = "isic4",
    **options: object,
) -> InputOutputTable:
    """Balanced domestic table: value added is what the columns leave."""
    flows, final = np.asarray(blocks_flows, dtype=float), np.atleast_2d(np.asarray(blocks_final, dtype=float).T).T
    given = {
        "region": "Toy",
        "year": 2020,
        "unit": "million USD",
        "classification": classification,
        "sectors": sectors or tuple(f"{i + 1:02d}" for i in range(len(flows))),
        "flows": flows,
        "final": final,
        "demands": ["households", "investment", "exports"][: final.shape[1]],
        "value_added": flows.sum(axis=1) + final.sum(axis=1) - flows.sum(axis=0),
    }
    return input_output_table(**{**given, **options})


@st.composite
def tables(draw: st.DrawFn, *, most: int = 6) -> InputOutputTable:
    """Productive tables of two to ``most`` sectors: inputs of at most 80 percent of output, final demand positive."""
    n = draw(st.integers(2, most))
    seed = draw(st.integers(0, 2**31))
    rng = np.random.default_rng(seed)
    coefficients = rng.dirichlet(np.ones(n + 1), size=n)[:, :n].T * 0.8 * (rng.random((n, n)) < 0.8)
    final = rng.uniform(1, 100, size=(n, 2))
    output = np.linalg.solve(np.eye(n) - coefficients, final.sum(axis=1))
    return table(coefficients * output, final)
