"""Values and prices of made-up components, and the volumes that the three kinds of accounts make of them."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from dxanalysis.accounts.growth import ChainedLaspeyres, ChainFisher, FixedBase, laspeyres

Made = tuple[np.ndarray, np.ndarray]


@st.composite
def made(draw: st.DrawFn) -> Made:
    """Prices and quantities, (n, T), of two to five components and two to six years."""
    n, years = draw(st.integers(2, 5)), draw(st.integers(2, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    prices = np.cumprod(rng.uniform(0.7, 1.4, (n, years)), axis=1)
    quantities = rng.uniform(5, 500, (n, 1)) * np.cumprod(rng.uniform(0.7, 1.4, (n, years)), axis=1)
    return prices, quantities


PRICES = np.array([[1.0, 0.8, 0.6, 0.5, 0.45], [1.0, 1.05, 1.1, 1.2, 1.3], [1.0, 1.1, 1.25, 1.3, 1.5]])
QUANTITIES = np.array([[100, 150, 240, 330, 420.0], [500, 515, 540, 560, 590], [300, 310, 300, 315, 320]])
NAMES = ("electronics", "services", "agriculture")


def labels(prices: np.ndarray) -> dict[str, object]:
    names = NAMES if len(prices) == 3 else tuple(f"c{i}" for i in range(len(prices)))
    return {"years": tuple(range(2015, 2015 + prices.shape[1])), "components": names, "unit": "billion VND"}


def current(prices: np.ndarray, quantities: np.ndarray) -> dict[str, object]:
    values = prices * quantities
    return {**labels(prices), "current": values, "current_total": values.sum(axis=0)}


def fixed_base(prices: np.ndarray, quantities: np.ndarray, **changes: object) -> FixedBase:
    values = prices[:, :1] * quantities
    return FixedBase(**{**labels(prices), "values": values, "total": values.sum(axis=0), "base_year": 2015, **changes})


def chained_levels(prices: np.ndarray, quantities: np.ndarray, reference: int, formula=laspeyres) -> Made:
    """Chained levels of components and total, equal to current values in the year at position ``reference``."""
    values = prices * quantities
    index = np.cumprod(np.concatenate([[1.0], formula(values, prices)]))
    return quantities * prices[:, [reference]], values[:, reference].sum() * index / index[reference]


def chained_laspeyres(prices: np.ndarray, quantities: np.ndarray, **changes: object) -> ChainedLaspeyres:
    levels, total = chained_levels(prices, quantities, 0)
    return ChainedLaspeyres.from_chained(
        **{**current(prices, quantities), "chained": levels, "chained_total": total, **changes}
    )


def chain_fisher(prices: np.ndarray, quantities: np.ndarray, **changes: object) -> ChainFisher:
    return ChainFisher(**{**current(prices, quantities), "prices": prices, **changes})
