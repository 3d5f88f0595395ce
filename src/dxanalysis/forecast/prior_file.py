"""A prior made from a panel in a file: what ``dxanalysis prior build`` does."""

from __future__ import annotations

from pathlib import Path

from dxanalysis.errors import DataError, ParameterError
from dxanalysis.forecast.arguments import tell_of_fractions
from dxanalysis.forecast.backtest.panel_file import read_panel_file
from dxanalysis.forecast.panel import read_panel
from dxanalysis.forecast.prior import Prior, build_family, load, merge
from dxanalysis.forecast.scale import Scale


def check_file(path: Path) -> None:
    """Refuse to write a prior over anything but an earlier one.

    Raises
    ------
    ParameterError
        When the file is there and is no prior, such as the panel itself.
    """
    if path.exists():
        try:
            load(path)
        except DataError as error:
            raise ParameterError(
                f"{path.name!r} is there already and is no prior",
                fix="Give --out another file; an earlier prior is replaced, nothing else",
            ) from error


def build_from_file(
    panel: Path,
    *,
    indicator: str,
    bounds: tuple[float | None, float | None] | None,
    source: str,
    licence: str,
    onto: Path | None = None,
) -> Prior:
    """Estimate the parameters of one indicator of a tidy CSV file.

    Parameters
    ----------
    panel
        Columns indicator, region, year (or period), value.
    indicator
        Rows that are read; its name is the family's.
    bounds
        Lower and upper bound of a share or score; (lower, None) for a level without an upper bound, None for one above 0.
    source, licence
        Where the panel is from and under which terms: written into the prior, and not optional.
    onto
        A prior whose families are kept; one of the same name and form is replaced.

    Raises
    ------
    DataError
        When the file or the prior has a fault.
    ModelError
        When the panel is too small.
    ParameterError
        When source or licence is empty, or the bounds have no lower one.

    Warns
    -----
    PercentOrFraction
        When all values look like fractions, and the bounds are those of percent.
    """
    for name, text in (("source", source), ("licence", licence)):
        if not text.strip():
            raise ParameterError(
                f"the {name} of the panel is missing", fix=f"Give --{name}: parameters without papers are not shipped"
            )
    rows = read_panel_file(panel, indicator).rename(columns={"year": "period"})
    low, high = (0.0, None) if bounds is None else bounds
    if low is None:
        raise ParameterError(
            f"the bounds {bounds!r} have no lower one",
            fix="Write --bounds 0:100 for a share or 0: for a level; nothing else is learnt",
        )
    scale = Scale.of("level" if high is None else "share", low, high)
    tell_of_fractions(rows, read_panel(rows, scale), scale)
    family = build_family(rows, scale=scale, name=indicator, source=source.strip(), licence=licence.strip())
    kept = Prior() if onto is None else load(onto)
    others = tuple(one for one in kept.families if (one.name, one.form) != (family.name, family.form))
    return merge((Prior(families=others), Prior(families=(family,))))
