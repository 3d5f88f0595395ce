"""A small made-up world that balances, and its tables in the layouts of ADB and OECD."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Economies x sectors: flows (gn, gn), final demand (gn, gk), taxes (gn,) and (gk,), value added and output (gn,)."""

    economies: tuple[str, ...]
    sectors: tuple[str, ...]
    kinds: tuple[str, ...]
    flows: NDArray[np.float64]
    final: NDArray[np.float64]
    taxes: NDArray[np.float64]
    final_taxes: NDArray[np.float64]
    value_added: NDArray[np.float64]
    output: NDArray[np.float64]

    @property
    def rows(self) -> list[tuple[str, str]]:
        return [(g, s) for g in self.economies for s in self.sectors]

    @property
    def columns(self) -> list[tuple[str, str]]:
        return [*self.rows, *((g, k) for g in self.economies for k in self.kinds)]

    def of(self, parts: Sequence[str], side: str) -> NDArray[np.bool_]:
        labels = self.rows if side == "row" else self.columns[len(self.rows) :]
        return np.array([g in parts for g, _ in labels])


def world(economies: tuple[str, ...], sectors: tuple[str, ...], kinds: tuple[str, ...]) -> World:
    """Figures with one decimal, so that sums are exact to the last printed digit."""
    rng = np.random.default_rng(7)
    gn, gk = len(economies) * len(sectors), len(economies) * len(kinds)
    flows, final = rng.integers(0, 99, (gn, gn)) / 10, rng.integers(100, 999, (gn, gk)) / 10
    taxes = rng.integers(-9, 30, gn) / 10
    output = flows.sum(axis=1) + final.sum(axis=1)
    return World(
        economies=economies, sectors=sectors, kinds=kinds, flows=flows, final=final, taxes=taxes,
        final_taxes=rng.integers(0, 30, gk) / 10, value_added=output - flows.sum(axis=0) - taxes, output=output,
    )  # fmt: skip


def _fixed(values: Sequence[float]) -> list[str]:
    return [f"{value:.1f}" for value in values]


def oecd_rows(one: World, *, total: str = "OUT", taxes: str = "TLS", added: str = "VA") -> list[list[str]]:
    heads = [f"{g}_{c}" for g, c in one.columns]
    k = len(one.columns) - len(one.rows)
    rows = [["V1", *heads, total]]
    for i, (g, s) in enumerate(one.rows):
        rows.append([f"{g}_{s}", *_fixed(one.flows[i]), *_fixed(one.final[i]), f"{one.output[i]:.1f}"])
    rows.append([taxes, *_fixed(one.taxes), *_fixed(one.final_taxes), ""])
    rows.append([added, *_fixed(one.value_added), *["0.0"] * k, ""])
    rows.append(["OUTPUT" if total != "OUT" else "OUT", *_fixed(one.output), *["0.0"] * k, ""])
    return rows


def adb_rows(one: World) -> list[list[str | float]]:
    """As the workbook has it: five lines of titles, economies above codes, four columns of labels."""
    k = len(one.columns) - len(one.rows)
    head = [g for g, _ in one.columns]
    rows: list[list[str | float]] = [["Multi-regional input-output table, 2020"], ["million US$"], [], [], []]
    rows += [["", "", "", "", *head, "ToT"], ["", "", "", "", *(c for _, c in one.columns), ""]]
    for i, (g, s) in enumerate(one.rows):
        rows.append([str(i), f"Sector {s}", g, s, *one.flows[i].tolist(), *one.final[i].tolist(), float(one.output[i])])
    bottom = {
        "r60": one.flows.sum(axis=0),
        "r99": one.taxes,
        "r61": 0 * one.taxes,
        "r62": 0 * one.taxes,
        "r63": 0 * one.taxes,
    }
    bottom |= {"r64": one.value_added - 0.5, "r65": np.full(len(one.taxes), 0.5), "r69": one.output}
    for code, values in bottom.items():
        outer = one.final_taxes.tolist() if code == "r99" else [0.0] * k
        rows.append(["", "", "ToT", code, *values.tolist(), *outer, ""])
    return rows


def write_csv(rows: Sequence[Sequence[str | float]], path: Path) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path
