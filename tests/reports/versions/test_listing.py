from __future__ import annotations

from pathlib import Path

import pytest

import shelf
from dxanalysis.errors import ParameterError
from dxanalysis.reports.versions.listing import find_reports, find_version, list_versions, name_of_version, reports_in
from dxanalysis.reports.versions.signatures import sign


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    home = tmp_path / "reports"
    for report, versions in {"attainment/region-VN": 2, "attainment/region-34-52": 1, "quality/region-VN": 3}.items():
        for number in range(versions):
            shelf.publish(home / report, data=f"{report}{number}")
    (home / "quality" / "region-empty" / "failed").mkdir(parents=True)
    (home / ".archive" / "stores").mkdir(parents=True)
    return home


def test_reports_are_those_with_a_version(reports: Path) -> None:
    names = [f"{path.parent.name}/{path.name}" for path in reports_in(reports)]
    assert names == ["attainment/region-34-52", "attainment/region-VN", "quality/region-VN"]
    assert reports_in(reports / "nothing") == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", 3), ("attainment", 2), ("attainment/region-VN", 1), ("reports/quality/region-VN/", 1), ("region-VN", 2), ("34-52", 1),
    ],
)  # fmt: skip
def test_reports_are_found_by_name_notebook_or_part(reports: Path, text: str, found: int) -> None:
    assert len(find_reports(reports, text)) == found


def test_a_version_is_found_by_each_of_its_names(reports: Path) -> None:
    report = reports / "quality" / "region-VN"
    third = report / sorted(path.name for path in report.glob("0003-*"))[0]
    number, _, tail = third.name.partition("-")
    for text in (
        f"quality/region-VN/{third.name}",
        f"reports/quality/region-VN/{third.name}/",
        f"reports\\quality\\region-VN\\{third.name}",
        f"quality/region-VN/{number}",
        f"quality/region-VN/{number}-{tail[:3]}",
        third.name,
        f"{number}-{tail[:6]}",
        "0003",
        "quality/region-VN/latest",
        "quality/region-VN",
    ):
        assert find_version(reports, text) == third, text
    assert name_of_version(third) == f"quality/region-VN/{third.name}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0001", r"'0001' names 3 versions\. It may be: attainment/region-34-52/0001-"),
        (
            "attainment/region-VN/0",
            r"names 2 versions\. It may be: attainment/region-VN/0001-\w+, attainment/region-VN/0002-",
        ),
        ("latest", "'latest' names 3 versions"),
        ("region-VN/latest", "names 2 versions"),
        (
            "quality/region-VN/0009",
            r"no version is called 'quality/region-VN/0009'\. There are: quality/region-VN/0003-",
        ),
        ("nothing/at-all/0001", "no version is called .* There are: attainment/"),
        ("", "no version is called ''"),
        ("../../etc", "no version is called"),
        ("\x1b[31m", r"no version is called '\[U\+001B\]"),
    ],
)
def test_a_name_that_is_nobodys_or_several_names_candidates(reports: Path, text: str, told: str) -> None:
    with pytest.raises(ParameterError, match=told):
        find_version(reports, text)


def test_without_any_report_the_way_out_is_told(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="There are no reports yet: dxanalysis run"):
        find_version(tmp_path, "0001")


def test_a_list_tells_what_each_version_is(reports: Path) -> None:
    report = reports / "quality" / "region-VN"
    newest = find_version(reports, "quality/region-VN")
    sign(newest, by="A", note="checked")
    (report / next(report.glob("0001-*")).name / "report.html").unlink()
    lines = list_versions(report)
    assert [(line.version[:4], line.status) for line in lines] == [
        ("0003", "signed"),
        ("0002", "superseded"),
        ("0001", "superseded"),
    ]
    assert lines[0].headline == "Tỷ trọng quality/region-VN2 %"
    assert lines[0].made == "2025-02-03T01:00:05+00:00"
    assert lines[2].headline == "damaged: report.html is missing"
    (newest / "manifest.json").write_text("{")
    assert list_versions(report)[0].headline.startswith("damaged: the manifest cannot be read")
