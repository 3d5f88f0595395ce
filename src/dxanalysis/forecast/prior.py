"""The prior: parameters of public adoption panels, for regions that have no peers, and to lean on while own peers are few.

Parameters only: no value of any panel is in it. ``dxanalysis prior build`` makes one from any panel; the shipped one is made by
``benchmarks/build_prior.py`` and names its sources and licences.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd

from dxanalysis.errors import DataError, ModelError
from dxanalysis.forecast.panel import read_panel
from dxanalysis.forecast.pooled.cells import FEATURES, SPREAD_FEATURES, Matrix, features
from dxanalysis.forecast.pooled.errors import MIN_ERRORS
from dxanalysis.forecast.pooled.family import Family, wide
from dxanalysis.forecast.pooled.model import PooledFit, fit_pooled
from dxanalysis.forecast.pooled.options import HORIZONS, SCORES, PooledOptions
from dxanalysis.forecast.pooled.regression import MILD_RIDGE
from dxanalysis.forecast.scale import FloatArray, Scale

FORMAT: Final = 1
MIN_STEPS: Final = 100
"""Fewer past yearly changes do not make a family."""
_LEAST_ERRORS: Final = 3 * MIN_ERRORS  # of a horizon, to have a size and a shape of its own
_MILD: Final = 8.0  # odd steps of one panel are the normal ones of another: they are hardly weighed down
_NOTHING: Final = 1e-9  # a panel that is to be a prior leans on none
_AGELESS: Final = 1e6  # a memory so long that all years count alike
_FARTHEST: Final = (
    30.0  # a standardized error: leaps out of years in which nothing moved say nothing of other panels' tails
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """Families by form of scale. Empty: nothing is leant on but "no change, and wide"."""

    families: tuple[Family, ...] = ()

    def of(self, form: Literal["bounded", "positive", "identity"]) -> tuple[Family, ...]:
        """Families for a form of scale; where there is none, no change is expected and the range is wide."""
        found = tuple(family for family in self.families if family.form == form)
        return found or (wide("bounded" if form == "bounded" else "positive"),)

    def to_json(self) -> str:
        """As text, numbers with five digits, same families always the same bytes."""
        entries = [
            {
                "name": family.name,
                "form": family.form,
                "source": family.source,
                "licence": family.licence,
                "n_cases": family.n_cases,
                "n_regions": family.n_regions,
                "first_year": family.first_year,
                "last_year": family.last_year,
                "common": _round(family.common),
                "persistence": _round(family.persistence),
                "beta": _round(family.beta),
                "mean_square": _round(family.mean_square),
                "gamma": _round(family.gamma),
                "shape": _round(family.shape),
            }
            for family in self.families
        ]
        lines = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in entries)
        top = ",\n".join(f" {json.dumps(name)}: {json.dumps(value)}" for name, value in _head().items())
        return "{\n" + top + ',\n "families": [\n' + lines + "\n ]\n}\n"

    @classmethod
    def from_json(cls, text: str, *, where: str = "prior") -> Prior:
        """Read what :meth:`to_json` wrote.

        Raises
        ------
        DataError
            When the text is not a prior, or one of other features, horizons or scores.
        """
        again = "Make it anew with: dxanalysis prior build"
        try:
            found = json.loads(text)
            fits = all(found[name] == value for name, value in _head().items())
            families = tuple(_family(entry) for entry in found["families"]) if fits else ()
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"this is not a prior: {error}", where=where, fix=again) from error
        if not fits:
            raise DataError("the prior was made for another version of the engine", where=where, fix=again)
        return cls(families=families)


NO_PRIOR: Final = Prior()


@cache
def shipped() -> Prior:
    """The prior that comes with the package."""
    text = resources.files("dxanalysis.forecast").joinpath("prior.json").read_text(encoding="utf-8")
    return Prior.from_json(text, where="prior.json of the package")


def load(path: str | Path) -> Prior:
    """Read a prior from a file.

    Raises
    ------
    DataError
        When the file is absent or not a prior.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            "the prior cannot be read", where=path.name, fix="Give the file that prior build wrote"
        ) from error
    return Prior.from_json(text, where=path.name)


def build_family(
    panel: pd.DataFrame, *, scale: Scale, name: str, source: str, licence: str, options: PooledOptions | None = None
) -> Family:
    """Estimate the parameters of one panel of yearly values.

    Parameters
    ----------
    panel
        Columns region, period (years), value.
    scale
        The indicator's scale: bounded or positive.
    name, source, licence
        What it is, where it is from, under which terms.
    options
        Of these, ridge, spread_ridge and most_regions; the others are set for a prior.

    Raises
    ------
    ModelError
        When the panel has parts of years, or fewer than 100 changes from year to year.
    """
    given = options or PooledOptions()
    ageless = PooledOptions(
        memories=(_AGELESS,),
        library_memory=_AGELESS,
        # what is learnt for other panels is believed a little less than this one's steps ask for
        ridge=MILD_RIDGE if given.ridge is None else given.ridge,
        spread_ridge=given.spread_ridge,
        robust=_MILD,
        prior_cases=_NOTHING,
        lone_cases=0.0,
        # another panel has its own noise and its own noisy regions
        gains=(1.0,),
        region_sizes=False,
        # and its own years
        damping=0.0,
        most_regions=given.most_regions,
    )
    grid = read_panel(panel, scale)
    if grid.per_year != 1:
        raise ModelError("a prior is made of yearly values", fix="Give years such as 2024")
    form: Literal["bounded", "positive"] = "bounded" if scale.form == "bounded" else "positive"
    matrix = Matrix.of(grid.scaled(scale), per_year=1, centred=form != "bounded")
    fit = fit_pooled(matrix, families=(wide(form),), inside=scale.inside(), horizon=HORIZONS[-1], options=ageless)
    if fit.n_steps < MIN_STEPS or 1 not in fit.libraries or len(fit.libraries[1].u) < _LEAST_ERRORS:
        raise ModelError(
            f"{fit.n_steps} changes from year to year are too few for a prior",
            fix=f"Give a panel with at least {MIN_STEPS}",
        )
    rows, columns = np.nonzero(np.isfinite(matrix.values))
    lags, age = matrix.lags(rows.astype(np.int64), columns.astype(np.int64))
    x = features(lags[age >= 1], age[age >= 1], 1)
    gamma, shape = _by_horizon(fit)
    return Family(
        name=name,
        form=form,
        beta=fit.coefficients[0].newest,
        mean_square=np.mean(np.square(x), axis=0),
        gamma=gamma,
        shape=shape,
        common=fit.common,
        persistence=fit.persistence,
        n_cases=fit.n_steps,
        n_regions=len(matrix.values),
        first_year=grid.first_year,
        last_year=grid.last_year,
        source=source,
        licence=licence,
    )


def _by_horizon(fit: PooledFit) -> tuple[FloatArray, FloatArray]:
    """Log sizes (7, 5) and shapes (7, 31). A horizon without errors takes the next shorter one's, growing with the root of time."""
    gamma, shape = np.zeros((len(HORIZONS), len(SPREAD_FEATURES))), np.zeros((len(HORIZONS), len(SCORES)))
    for at, horizon in enumerate(HORIZONS):
        found = fit.libraries.get(horizon)
        if found is None or len(found.u) < _LEAST_ERRORS:
            gamma[at], shape[at] = gamma[at - 1], shape[at - 1]
            gamma[at, 0] += 0.5 * np.log(horizon / HORIZONS[at - 1])
            continue
        gamma[at] = found.gamma
        gamma[at, 0] += np.log(found.widen) - float(found.middle @ found.gamma)
        shape[at] = np.clip(found.marginal(), -_FARTHEST, _FARTHEST)
    return gamma, shape


def merge(priors: Sequence[Prior]) -> Prior:
    """All families of several priors."""
    return Prior(families=tuple(family for prior in priors for family in prior.families))


def _head() -> dict[str, object]:
    """What a prior must agree on with the engine that reads it."""
    return {
        "format": FORMAT,
        "features": list(FEATURES),
        "spread_features": list(SPREAD_FEATURES),
        "horizons": list(HORIZONS),
        "scores": _round(SCORES),
    }


def _family(entry: dict[str, object]) -> Family:
    arrays = {name: np.asarray(entry[name], dtype=float) for name in ("beta", "mean_square", "gamma", "shape")}
    expected = {
        "beta": (len(FEATURES),),
        "mean_square": (len(FEATURES),),
        "gamma": (len(HORIZONS), len(SPREAD_FEATURES)),
        "shape": (len(HORIZONS), len(SCORES)),
    }
    for name, array in arrays.items():
        if array.shape != expected[name] or not np.isfinite(array).all():
            raise ValueError(f"{name} of {entry['name']} has the shape {array.shape}, or numbers that are not finite")
    if (np.diff(arrays["shape"], axis=1) < 0).any():
        raise ValueError(f"the quantiles of {entry['name']} fall")
    form = entry["form"]
    if form not in ("bounded", "positive"):
        raise ValueError(f"the form is {form!r}")
    common, persistence = float(str(entry["common"])), float(str(entry["persistence"]))
    if not (0 <= common < 1 and 0 < persistence < np.inf):
        raise ValueError(f"common {common:g} or persistence {persistence:g} of {entry['name']} is out of range")
    return Family(
        name=str(entry["name"]),
        form="bounded" if form == "bounded" else "positive",
        beta=arrays["beta"],
        mean_square=arrays["mean_square"],
        gamma=arrays["gamma"],
        shape=arrays["shape"],
        common=common,
        persistence=persistence,
        n_cases=int(str(entry["n_cases"])),
        n_regions=int(str(entry["n_regions"])),
        first_year=int(str(entry["first_year"])),
        last_year=int(str(entry["last_year"])),
        source=str(entry["source"]),
        licence=str(entry["licence"]),
    )


def _round(numbers: FloatArray | float) -> object:
    return np.vectorize(lambda number: float(f"{number:.5g}"))(np.asarray(numbers, dtype=float)).tolist()
