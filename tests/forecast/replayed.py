"""A made-up record of reliability for tests: two panels of ten bins."""

from __future__ import annotations

import json
from dataclasses import asdict

from dxanalysis.forecast.reliability import Bin, Reliability, Replayed


def panel(name: str, regions: int, n: int, *, off: float = 0.0, cover: float = 0.8) -> Replayed:
    bins = tuple(
        Bin(low=10.0 * k, high=10.0 * (k + 1), n=n, said=10.0 * k + 5, met=min(100.0, 10.0 * k + 5 + off))
        for k in range(10)
    )
    return Replayed(
        name=name, regions=regions, questions=10 * n, brier=0.14, base_rate_brier=0.253, drift_brier=0.248,
        cover_80=cover, cover_95=0.96, bins=bins,
    )  # fmt: skip


FOUND = Reliability(
    panels=(
        panel("internet_users_pct", 201, 300, off=4.0, cover=0.84),
        panel("basic_water_pct", 212, 100, cover=0.76),
    ),
    alone=(panel("internet_users_pct", 34, 50, cover=0.78),),
    made_by="benchmarks/attainment.py",
)


def text_of(found: Reliability, **changes: object) -> str:
    """The file of a record; ``changes`` replace its entries."""
    both = {name: [asdict(one) for one in of] for name, of in (("panels", found.panels), ("alone", found.alone))}
    plain = {"format": 2, "made_by": found.made_by, **both, **changes}
    return json.dumps(plain)
