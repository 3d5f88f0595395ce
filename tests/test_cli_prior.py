"""``dxanalysis prior build``: parameters of a panel into a file, with its papers or not at all."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dxanalysis import forecast
from dxanalysis.errors import PercentOrFraction
from dxanalysis.forecast import prior
from dxanalysis.forecast.prior_file import build_from_file
from trial import Command


def panel(path: Path, regions: int = 30, years: int = 12) -> Path:
    rng = np.random.default_rng(3)
    z = rng.normal(-1, 1, regions)[:, None] + np.cumsum(rng.normal(0.2, 0.1, (regions, years)), axis=1)
    pd.DataFrame(
        {
            "indicator": "made_up",
            "region": np.repeat([f"r{at}" for at in range(regions)], years),
            "year": np.tile(np.arange(2000, 2000 + years), regions),
            "value": (100 / (1 + np.exp(-z))).ravel().round(2),
        }
    ).to_csv(path, index=False)
    return path


def build(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dxanalysis", "prior", "build", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_prior_is_built_added_to_and_used(tmp_path: Path) -> None:
    file, out = panel(tmp_path / "panel.csv"), tmp_path / "prior.json"
    papers = ["--source", "the office", "--licence", "CC BY 4.0", "--panel", str(file), "--indicator", "made_up"]
    done = build(*papers, "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert "bounded   made_up: 30 regions" in done.stdout
    again = build(*papers, "--out", str(tmp_path / "again.json"))
    assert again.returncode == 0
    assert (tmp_path / "again.json").read_bytes() == out.read_bytes()
    both = build(*papers, "--bounds", "0:", "--onto", str(out), "--out", str(out))
    assert both.returncode == 0, both.stderr
    found = prior.load(out)
    assert [(one.form, one.name, one.licence) for one in found.families] == [
        ("bounded", "made_up", "CC BY 4.0"),
        ("positive", "made_up", "CC BY 4.0"),
    ]
    lone = pd.DataFrame({"region": "x", "period": [2020, 2021, 2022, 2023], "value": [20.0, 24, 27, 31]})
    (evidence,) = forecast.fit(lone, bounds=(0, 100), prior=found).predict(horizon=3).evidence
    assert evidence.prior_source == "made_up"
    assert evidence.prior_weight > 0.5


def test_no_value_of_the_panel_is_in_the_prior(tmp_path: Path, dx: Command) -> None:
    file, out = panel(tmp_path / "panel.csv"), tmp_path / "prior.json"
    dx("prior", "build", "--panel", file, "--indicator", "made_up", "--out", out, "--source", "s", "--licence", "l")
    assert out.stat().st_size < 10_000
    assert len(json.loads(out.read_text())["families"][0]["beta"]) == 7


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"--licence": " "}, r"the licence of the panel is missing. Give --licence"),
        ({"--indicator": "other"}, r"has no indicator 'other'. It has: made_up"),
        ({"--panel": "absent.csv"}, r"there is no file 'absent.csv'"),
        ({"--bounds": "0-100"}, r"--bounds is not numbers: .* Write --bounds 0:100"),
        ({"--bounds": ":"}, r"have no lower one. Write --bounds 0:100 for a share or 0: for a level"),
        ({"--onto": "absent.json"}, r"absent.json: the prior cannot be read"),
        ({"--out": "absent/prior.json"}, r"there is no folder 'absent'. Give --out the file to write"),
        ({"--out": "."}, r"is a folder. Give --out the file to write"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    tmp_path: Path, dx: Command, change: dict[str, str], message: str
) -> None:
    out = tmp_path / "prior.json"
    options = {"--panel": str(panel(tmp_path / "panel.csv")), "--indicator": "made_up", "--out": str(out)}
    options |= {"--source": "s", "--licence": "l"} | change
    done = dx("prior", "build", *(word for option in options.items() for word in option))
    assert done.code in (1, 2)
    assert re.search(message, done.err.replace("\n", " ")), done.err
    assert not out.exists()


def test_nothing_but_an_earlier_prior_is_replaced(tmp_path: Path, dx: Command) -> None:
    file = panel(tmp_path / "panel.csv")
    before = file.read_bytes()
    papers = ("--indicator", "made_up", "--source", "s", "--licence", "l")
    done = dx("prior", "build", "--panel", file, *papers, "--out", file)
    assert (done.code, done.err) == (
        2,
        "'panel.csv' is there already and is no prior. Give --out another file; an earlier prior is replaced, nothing else.\n",
    )
    assert file.read_bytes() == before
    for _ in range(2):
        assert dx("prior", "build", "--panel", file, *papers, "--out", tmp_path / "prior.json").code == 0


def test_fractions_between_bounds_of_percent_are_told(tmp_path: Path) -> None:
    file = panel(tmp_path / "panel.csv")
    pd.read_csv(file).assign(value=lambda frame: frame["value"] / 100).to_csv(file, index=False)
    with pytest.warns(PercentOrFraction, match="all 360 values lie within 0 and 1, and the bounds are 0 to 100"):
        build_from_file(file, indicator="made_up", bounds=(0, 100), source="s", licence="l")


def test_a_small_panel_makes_no_prior(tmp_path: Path, dx: Command) -> None:
    file, out = panel(tmp_path / "panel.csv", regions=4), tmp_path / "p.json"
    papers = ("--source", "s", "--licence", "l")
    done = dx("prior", "build", "--panel", file, "--indicator", "made_up", "--out", out, *papers)
    assert done.code == 2
    assert "are too few for a prior. Give a panel with at least 100" in done.err
