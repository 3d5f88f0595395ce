"""A published mean over years that the years do not give is told; rounding is not."""

from __future__ import annotations

import pytest
from trial import Archive

from dxanalysis.data import open_store
from dxanalysis.data.means import span_means
from dxanalysis.project import Project


def test_the_national_means_agree_with_the_years_within_what_was_printed(real_project: Project) -> None:
    """12.88 for 2020-2024 is the mean of the five years; 13.2 for 2021-2025, printed with one decimal, stands for 13.152 too."""
    found = span_means(open_store(real_project).observations(indicator="de_va_share_gdp", region="VN")).set_index("period")
    assert found.loc["2020-2024", "difference"] == pytest.approx(0, abs=1e-9)
    assert found.loc["2020-2024", "slack"] == pytest.approx(0.01)
    assert found.loc["2021-2025", "computed"] == pytest.approx((12.87 + 12.83 + 12.87 + 13.17 + 14.02) / 5, rel=1e-12)
    assert found.loc["2021-2025", "difference"] == pytest.approx(0.048, abs=1e-9)
    assert found.loc["2021-2025", "slack"] == pytest.approx(0.055)


def rows(mean: str) -> str:
    years = "".join(
        f"coverage,63,64,{year},{value},percent,2024-01-10,2024-01-10,actual,office,\n"
        for year, value in (("2021", "50.12"), ("2022", "52.34"), ("2023", "55.51"))
    )
    return years + f"coverage,63,64,2021-2023,{mean},percent,2024-01-10,2024-01-10,actual,office,\n"


@pytest.mark.parametrize(("mean", "off"), [("52.66", False), ("52.65", False), ("52.71", True), ("52.61", True)])
def test_a_difference_beyond_rounding_is_told(archive: Archive, mean: str, off: bool) -> None:
    archive.observations(rows(mean))
    (row,) = span_means(open_store(archive.project).observations()).itertuples()
    assert (abs(row.difference) > row.slack) is off


def test_a_span_with_a_missing_year_is_left_out(archive: Archive) -> None:
    archive.observations(rows("52.66").replace("coverage,63,64,2022,52.34,percent,2024-01-10,2024-01-10,actual,office,\n", ""))
    assert span_means(open_store(archive.project).observations()).empty
