from __future__ import annotations

import pytest

from dxanalysis.data.periods import Period
from dxanalysis.data.schema import Indicator
from dxanalysis.errors import DataError
from dxanalysis.forecast.targets.published import at_deadline, latest, mean_over, rows_of
from forecast.cases import observations, years

Y2025 = Period.parse("2025")


def indicator(kind: str = "share", unit: str = "percent") -> Indicator:
    names = dict.fromkeys(("name_vi", "name_en", "definition_vi", "definition_en", "owner"), "x")
    return Indicator(id="share", unit=unit, lower=0, upper=100, direction="up", kind=kind, aggregation="none", **names)


def rows(*figures: tuple[str, float]):
    frame = observations([(period, "2026-01-05", value, "actual", "") for period, value in figures])
    return rows_of(frame, indicator(), "34-52")


@pytest.mark.parametrize(
    ("figures", "kind", "found"),
    [
        ((("2025", 14.0), ("2025-12", 15.0)), "share", "2025"),
        ((("2025-12", 15.0), ("2025-Q4", 16.0)), "share", "2025-Q4"),
        ((("2025-12", 15.0), ("2025-H2", 16.0)), "share", "2025-H2"),
        ((("2025-12", 15.0),), "share", "2025-12"),
        ((("2025-12", 15.0),), "rank", "2025-12"),
        ((("2025-12", 15.0),), "level", None),
        ((("2025-Q4", 15.0),), "growth", None),
        ((("2025-H2", 15.0),), "growth", "2025-H2"),
        ((("2025-11", 15.0), ("2025-H1", 1.0), ("2024", 1.0), ("2021-2025", 1.0)), "share", None),
    ],
)
def test_what_stands_for_the_deadline_year(figures, kind, found) -> None:
    value = at_deadline(rows(*figures), Y2025, kind)
    assert (value.period if value else None) == found


def test_a_deadline_within_the_year() -> None:
    figures = rows(("2026-H1", 5.0), ("2026-06", 6.0), ("2026", 7.0))
    assert at_deadline(figures, Period.parse("2026-06"), "share").value == 6.0
    assert at_deadline(figures, Period.parse("2026-H1"), "level").value == 5.0
    assert at_deadline(rows(("2026-H1", 5.0)), Period.parse("2026-06"), "level") is None


def test_latest_is_any_single_period() -> None:
    assert latest(rows(("2025-10", 92.48), ("2024", 81.5), ("2021-2025", 70.0))).period == "2025-10"
    assert latest(rows(("2021-2025", 70.0))) is None


def test_mean_over_a_span() -> None:
    span = Period.parse("2023-2025")
    published = mean_over(rows(("2023-2025", 8.0), ("2023", 1.0), ("2024", 1.0), ("2025", 1.0)), span, "growth")
    assert (published.value, published.derived) == (8.0, False)
    derived = mean_over(rows(("2023", 1.0), ("2024", 2.0), ("2025", 6.0)), span, "growth")
    assert (derived.value, derived.derived, derived.period) == (3.0, True, "2023-2025")
    assert mean_over(rows(("2023", 1.0), ("2025", 6.0)), span, "growth") is None


def test_missing_rows_are_no_values() -> None:
    frame = years({2024: 1.0, 2025: 2.0})
    frame.loc[1, ["value", "status"]] = [None, "missing"]
    assert rows_of(frame, indicator(), "34-52")["period"].tolist() == ["2024"]


def test_another_unit_is_refused() -> None:
    with pytest.raises(DataError, match="share, 34-52, 2024: the value is in percent, the indicator in points"):
        rows_of(years({2024: 1.0}), indicator(unit="points"), "34-52")
