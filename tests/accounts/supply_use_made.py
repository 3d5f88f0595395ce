"""Small supply-use tables for tests: one worked by hand, and random ones that balance by construction."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from dxanalysis.accounts.tables.supply_use import SupplyUseTable, supply_use_table

PRODUCTS, INDUSTRIES = ("goods", "trade", "services"), ("C", "G")
BY_HAND = {
    "region": "Toy", "year": 2020, "unit": "million USD", "classification": "sections", "products": PRODUCTS, "industries": INDUSTRIES,
    "supply": [[100, 0], [0, 30], [10, 50]], "imports": [20, 0, 10], "trade_margins": [25, -25, 0], "taxes": [15, 0, 5],
    "use": [[40, 20], [1, 1], [10, 15]], "final": [[60, 40], [3, 0], [40, 10]], "demands": ["households", "exports"],
    "value_added": [[39, 30], [20, 14]], "components": ["compensation", "surplus"], "prices": "purchasers",
}  # fmt: skip


def by_hand(**changes: object) -> SupplyUseTable:
    """Three products, two industries, purchasers' prices; value added 103, taxes 20."""
    return supply_use_table(**{**BY_HAND, **changes})


@st.composite
def supply_use_tables(draw: st.DrawFn, *, square: bool = False, prices: str = "basic", most: int = 5) -> SupplyUseTable:
    """Non-negative tables of two to ``most`` products and industries; the first product is trade."""
    n = draw(st.integers(2, most))
    p = n if square else draw(st.integers(2, most))
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    supply = rng.uniform(0, 10, size=(p, n)) * (rng.random((p, n)) < 0.5)
    np.fill_diagonal(supply, rng.uniform(50, 100, size=min(p, n)))  # every industry has a product of its own
    supply[:, 0] += (supply.sum(axis=1) == 0) * 5
    supply[0, :] += (supply.sum(axis=0) == 0) * 5
    imports = rng.uniform(0, 10, size=p)
    margins, taxes = np.zeros(p), np.zeros(p)
    if prices == "purchasers":
        margins[1:] = 0.3 * supply[0].sum() / p * rng.random(p - 1)
        margins[0] = -margins.sum()
        taxes = rng.uniform(0, 5, size=p)
    total = supply.sum(axis=1) + imports + margins + taxes
    use = rng.dirichlet(np.ones(n), size=p) * (total * rng.uniform(0, 0.4, size=p))[:, None]
    use *= np.minimum(1, 0.8 * supply.sum(axis=0) / np.maximum(use.sum(axis=0), 1e-9))
    at_home = (total - use.sum(axis=1)) * rng.uniform(0.3, 0.9, size=p)
    return supply_use_table(
        region="Random",
        year=2020,
        unit="million USD",
        classification="toy",
        products=[f"p{i}" for i in range(p)],
        industries=[f"i{j}" for j in range(n)],
        supply=supply,
        imports=imports,
        trade_margins=margins,
        taxes=taxes,
        use=use,
        final=np.column_stack([at_home, total - use.sum(axis=1) - at_home]),
        demands=["households", "exports"],
        value_added=supply.sum(axis=0) - use.sum(axis=0),
        prices=prices,
    )
