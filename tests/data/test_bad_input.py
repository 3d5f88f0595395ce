"""Every form of bad input has its message: what was found, what was expected, the way out. The store stays as it was."""

from __future__ import annotations

import shutil
import unicodedata
from dataclasses import dataclass

import pytest

from dxanalysis.data import open_store
from dxanalysis.data.ingest import ingest
from dxanalysis.data.sources import DESCRIPTOR
from dxanalysis.errors import DataError, Fault
from trial import HEADING, TARGETS, Archive

GOOD = "coverage,63,64,2022,50,percent,2023-01-10,2023-01-10,actual,office,\n"


@dataclass(frozen=True)
class Case:
    name: str
    row: str
    column: str
    says: tuple[str, ...]


def row(**cells: str) -> str:
    whole = {
        "indicator": "coverage",
        "boundary_set": "63",
        "region": "64",
        "period": "2022",
        "value": "50",
        "unit": "percent",
        "released_from": "2023-01-10",
        "released_to": "2023-01-10",
        "status": "actual",
        "source": "office",
        "note": "",
    } | cells
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in whole.values()) + "\n"


CASES = [
    Case("decimal comma", row(value="12,66"), "value", ("'12,66'", "decimal mark '.'", "Declare decimalChar ','")),
    Case("thousands dot", row(value="1.234.567"), "value", ("'1.234.567'", "digits with '.' as decimal mark")),
    Case("thousands dot and comma", row(value="1.234,5"), "value", ("'1.234,5'", "a number")),
    Case("comma that could be either", row(value="1,234"), "value", ("'1,234'", "Write 1234 for the thousand")),
    Case("two dots", row(value=".."), "value", ("'..'", "set status to missing")),
    Case("dash", row(value="-"), "value", ("'-'", "set status to missing")),
    Case("n/a", row(value="n/a"), "value", ("'n/a'", "set status to missing")),
    Case("more than", row(value="hơn 30%"), "value", ("'hơn 30%'", "Write the number in value and the word in note")),
    Case("percent sign", row(value="30%"), "value", ("'30%'", "the unit column says percent")),
    Case("year of five digits", row(period="20222"), "period", ("'20222'", "2024, 2024-H1, 2024-Q2, 2024-07 or 2021-2025")),
    Case("year out of reach", row(period="1022"), "period", ("'1022'", "check the year at the source")),
    Case("month 13", row(period="2022-13"), "period", ("'2022-13'", "no month 13")),
    Case("negative share", row(value="-3"), "value", ("'-3'", "0 or more for coverage", "Check the figure and its sign")),
    Case("share above 100", row(value="126.6"), "value", ("'126.6'", "100 or less for coverage", "decimal mark")),
    Case("unknown indicator", row(indicator="covrage"), "indicator", ("'covrage'", "indicators.csv", "define the indicator")),
    Case("unknown region", row(region="99"), "region", ("'99'", "a boundary set and a code of regions.csv")),
    Case("a name for a code", row(region="Gia Lai"), "region", ("Gia Lai", "write boundary_set 63, region 64")),
    Case("a code without boundaries", row(boundary_set="", region="52", period="2022"), "region", ("boundary_set 63, region 52",)),
    Case("unknown unit", row(unit="percents"), "unit", ("'percents'", "percent, the unit of coverage")),
    Case("another unit", row(unit="bn_vnd"), "unit", ("'bn_vnd'", "converted at its source or is another indicator")),
    Case("release in the future", row(released_from="2031-01-10", released_to="2031-01-10"), "released_to",
         ("'2031-01-10'", "no later than 2026-11-23", "A release in the future is not known yet")),
    Case("release long before the period", row(released_from="2019-01-10", released_to="2019-01-10"), "released_to",
         ("'2019-01-10'", "within a year before 2022-01-01", "a plan belongs in targets.csv")),
    Case("release ends before it begins", row(released_from="2023-02-10"), "released_from", ("'2023-02-10'", "Exchange the two dates")),
    Case("date in another order", row(released_to="10/01/2023"), "released_to", ("'10/01/2023'", "year-month-day")),
    Case("no source", row(source=""), "source", ("an empty cell", "No figure goes without a source")),
    Case("unknown source", row(source="nobody"), "source", ("'nobody'", "a source of sources.csv")),
    Case("unknown status", row(status="final"), "status", ("'final'", "actual, estimate, preliminary, revised, missing")),
    Case("missing beside a number", row(status="missing"), "status", ("missing only beside a mark",)),
    Case("infinite", row(value="1e999"), "value", ("'1e999'", "Check the figure at its source")),
    Case("words", row(value="nhóm khá"), "value", ("'nhóm khá'", "Write digits")),
]  # fmt: skip


def faults_of(archive: Archive) -> tuple[Fault, ...]:
    with pytest.raises(DataError) as caught:
        ingest(archive.raw, archive.processed)
    return caught.value.faults


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_bad_cell_is_named(archive: Archive, case: Case) -> None:
    archive.observations(GOOD + case.row.replace("2022,", "2022,", 1))
    faults = faults_of(archive)
    found = [fault for fault in faults if fault.row == 3 and fault.column == case.column]
    assert found, [str(fault) for fault in faults]
    message = str(found[0])
    assert message.startswith(f"observations/figures.csv, row 3, column {case.column}: found ")
    for words in case.says:
        assert words in message


def test_a_good_row_beside_the_bad_ones_is_good(archive: Archive) -> None:
    archive.observations(GOOD)
    assert ingest(archive.raw, archive.processed).n_observations == 1


@dataclass(frozen=True)
class FileCase:
    name: str
    content: bytes
    says: tuple[str, ...]


FILE_CASES = [
    FileCase("empty", b"", ("an empty file",)),
    FileCase("heading only", HEADING.encode(), ("a heading without rows",)),
    FileCase("semicolons", (HEADING + GOOD).replace(",", ";").encode(), ("a heading divided by semicolon", "--delimiter ';'")),
    FileCase("tabs", (HEADING + GOOD).replace(",", "\t").encode(), ("a heading divided by tab", r"--delimiter '\t'")),
    FileCase("windows-1258", (HEADING + GOOD.replace("office,", "office,dữ liệu năm")).encode("utf-8").replace("dữ liệu".encode(), "dư liêu".encode("windows-1258")),
             ("row 2", "that is not utf-8", "--encoding windows-1258")),
    FileCase("utf-16", (HEADING + GOOD).encode("utf-16"), ("that is not utf-8",)),
    FileCase("merged heading", b"Gia Lai,,,2022,,,2023,,,,\n" + GOOD.encode(), ("a heading with empty cells", "merged-cell heading", "not read yet")),
    FileCase("workbook", b"PK\x03\x04rest", ("an Excel workbook", "not read yet", "save the table as CSV")),
    FileCase("old workbook", b"\xd0\xcf\x11\xe0rest", ("an old Excel workbook", "not read yet")),
    FileCase("missing column", (HEADING.replace(",source", "") + GOOD).encode(), ("missing source",)),
    FileCase("unknown column", (HEADING.replace("note", "remark") + GOOD).encode(), ("unknown remark",)),
    FileCase("repeated column", (HEADING.replace("note", "value") + GOOD).encode(), ("repeated value",)),
    FileCase("ragged", (HEADING + GOOD + "coverage,63,64\n").encode(), ("row 3", "3 cells", "11 cells, as in the heading")),
    FileCase("open quote", (HEADING + 'coverage,63,"64\n').encode(), ("row 2", "double quotes")),
    FileCase("nul bytes", (HEADING + "cover\0age,63\n").encode(), ("NUL bytes",)),
]  # fmt: skip


@pytest.mark.parametrize("case", FILE_CASES, ids=lambda case: case.name)
def test_a_bad_file_is_named(archive: Archive, case: FileCase) -> None:
    archive.write("observations/figures.csv", case.content)
    messages = [str(fault) for fault in faults_of(archive) if fault.file == "observations/figures.csv"]
    assert messages
    for words in case.says:
        assert words in messages[0]


def test_a_byte_order_mark_is_read(archive: Archive) -> None:
    archive.write("observations/figures.csv", b"\xef\xbb\xbf" + (HEADING + GOOD).encode())
    assert ingest(archive.raw, archive.processed).n_observations == 1


def test_vietnamese_notation_is_read_when_declared(archive: Archive) -> None:
    rows = "level;63;64;2022;1.234,5;bn_vnd;2023-01-10;2023-01-10;actual;office;ước tính\n"
    archive.write(
        "observations/figures.csv",
        HEADING.replace(",", ";") + rows,
        dialect={"delimiter": ";"},
        schema={"fields": [{"name": "value", "type": "number", "decimalChar": ","}]},
    )
    ingest(archive.raw, archive.processed)
    assert open_store(archive.project).observations(indicator="level")["value"].tolist() == [1234.5]


def test_windows_1258_is_read_when_declared(archive: Archive) -> None:
    # The code page keeps tone marks as characters of their own.
    note = unicodedata.normalize("NFD", "tỉnh")
    archive.write(
        "observations/figures.csv",
        (HEADING + GOOD.replace("office,", f"office,{note}")).encode("windows-1258"),
        encoding="windows-1258",
    )
    ingest(archive.raw, archive.processed)
    assert open_store(archive.project).observations(indicator="coverage")["note"].tolist() == ["tỉnh"]


def test_the_same_key_twice(archive: Archive) -> None:
    archive.observations(GOOD + GOOD)
    (fault,) = faults_of(archive)
    assert "coverage of 63-64 for 2022 again" in str(fault)
    assert "observations/figures.csv, row 2 has it" in str(fault)


def test_two_values_in_one_release_across_files(archive: Archive) -> None:
    archive.observations(GOOD)
    archive.observations(GOOD.replace(",50,", ",51,"), path="observations/more.csv")
    (fault,) = faults_of(archive)
    assert fault.file == "observations/more.csv"
    assert "one value a release; observations/figures.csv, row 2 has 50" in str(fault)


@pytest.mark.parametrize(
    ("change", "column", "told"),
    [
        (
            ("2025,>=", "2025-2030,>="),
            "meaning",
            "found 'at'; expected mean, since the deadline is a span. The mean over the span: write mean. Once, at or by its end: write the deadline 2030.",
        ),
        (("2025,>=", "2025,<="), "comparator", "expected >=, since coverage is better the higher."),
        (("2022-01-01,2022", "2022-02-01,2022"), "released_from", "expected no later than released_to 2022-01-01."),
        (("2022-01-01,office", "2027-01-01,office"), "released_to", "expected a date no later than 2026-11-23, when the"),
    ],
)
def test_a_target_that_says_two_things(
    archive: Archive, change: tuple[str, str], column: str, told: str
) -> None:
    assert change[0] in TARGETS
    archive.targets(TARGETS.replace(*change))
    (fault,) = faults_of(archive)
    assert (fault.file, fault.row, fault.column) == ("targets.csv", 2, column)
    assert told in str(fault)


def test_a_target_without_a_deadline(archive: Archive) -> None:
    archive.targets("T1,coverage,63,64,,>=,80,,percent,at,2022-01-01,2022-01-01,office,\n")
    (fault,) = faults_of(archive)
    assert (fault.row, fault.column) == (2, "deadline")
    assert "A target without a deadline cannot be judged" in str(fault)


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ("T1,coverage,63,64,2025,=>,80,,percent,at", "comparator", "one of >=, <=, range, =, yes, group"),
        ("T1,coverage,63,64,2025,range,30,25,percent,at", "upper", "a number above value"),
        ("T1,coverage,63,64,2025,>=,80,90,percent,at", "upper", "Only the comparator 'range'"),
        ("T1,coverage,63,64,2025,>=,hơn 80,,percent,at", "value", "the word in note"),
        ("T1,coverage,63,64,2025,group,,,percent,at", "value", "the name of a group"),
        ("T1,coverage,63,99,2025,>=,80,,percent,at", "region", "a boundary set and a code"),
        ("T1,nothing,63,64,2025,>=,80,,percent,at", "indicator", "define it there first"),
        ("T1,coverage,63,64,2025,>=,80,,points,at", "unit", "the unit of coverage"),
        ("T1,coverage,63,64,2025,>=,80,,percent,maybe", "meaning", "one of at, by, mean"),
    ],
)
def test_a_bad_target_is_named(archive: Archive, cells: str, column: str, words: str) -> None:
    archive.targets(f"{cells},2022-01-01,2022-01-01,office,\n")
    faults = [fault for fault in faults_of(archive) if fault.column == column]
    assert faults
    assert words in str(faults[0])


def test_a_file_that_is_listed_but_absent(archive: Archive) -> None:
    (archive.raw / "observations/figures.csv").unlink()
    (fault,) = faults_of(archive)
    assert "no such file" in str(fault)
    assert "Restore the file from version control" in str(fault)


def test_a_file_that_is_present_but_not_listed(archive: Archive) -> None:
    shutil.copy(archive.raw / "observations/figures.csv", archive.raw / "observations/stray.csv")
    (fault,) = faults_of(archive)
    assert "a file that is not listed" in str(fault)
    assert "dxanalysis add data/raw/observations/stray.csv" in str(fault)


def test_a_file_that_changed_since_its_hash(archive: Archive) -> None:
    with (archive.raw / "observations/figures.csv").open("a") as stream:
        stream.write(GOOD)
    (fault,) = faults_of(archive)
    assert "as registered" in str(fault)
    assert "bring a correction as a new release" in str(fault)


@pytest.mark.parametrize("path", ["../outside.csv", "/etc/hosts.csv", "a\\b.csv"])
def test_a_path_that_leaves_the_archive(archive: Archive, path: str) -> None:
    descriptor = archive.raw / DESCRIPTOR
    descriptor.write_text(descriptor.read_text().replace('"observations/figures.csv"', repr(path).replace("'", '"')))
    assert any("a path below data/raw" in str(fault) for fault in faults_of(archive))


def test_the_descriptor_is_absent_or_broken(archive: Archive) -> None:
    descriptor = archive.raw / DESCRIPTOR
    descriptor.write_text("{")
    with pytest.raises(DataError, match="is not JSON"):
        ingest(archive.raw, archive.processed)
    descriptor.unlink()
    with pytest.raises(DataError, match="dxanalysis add FILE"):
        ingest(archive.raw, archive.processed)


def test_all_faults_of_all_files_come_in_one_list(archive: Archive) -> None:
    archive.observations(row(value="30%") + row(period="20222"))
    archive.observations(row(unit="points"), path="observations/more.csv")
    archive.targets("T1,coverage,63,64,,>=,80,,percent,at,2022-01-01,2022-01-01,office,\n")
    faults = faults_of(archive)
    assert {(fault.file, fault.row, fault.column) for fault in faults} == {
        ("observations/figures.csv", 2, "value"),
        ("observations/figures.csv", 3, "period"),
        ("observations/more.csv", 2, "unit"),
        ("targets.csv", 2, "deadline"),
    }


def test_the_store_is_untouched_by_bad_input(archive: Archive) -> None:
    ingest(archive.raw, archive.processed)
    before = {path: path.read_bytes() for path in archive.processed.rglob("*") if path.is_file()}
    archive.observations(row(value="30%"), path="observations/more.csv")
    faults_of(archive)
    assert {path: path.read_bytes() for path in archive.processed.rglob("*") if path.is_file()} == before
