"""A raw file comes into the archive whole, with its source, licence and hash, or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dxanalysis.data import open_store
from dxanalysis.data.ingest import ingest
from dxanalysis.data.register import Registration, register
from dxanalysis.data.sources import DESCRIPTOR, file_hash
from dxanalysis.errors import DataError, ParameterError
from trial import HEADING, INDICATORS, TARGET_HEADING, Archive

TODAY = date(2026, 11, 23)
ABOUT = Registration(
    title="Coverage of 2024",
    title_vi="Độ phủ năm 2024",
    source_id="",
    source_title="Statistical release of January 2025",
    source_url="https://example.org/2025-01",
    licence="official statistics, cite",
    retrieved=date(2026, 11, 20),
)
ROW = "coverage,63,64,2024,61.5,percent,2025-01-10,2025-01-10,estimate,office,\n"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    file = tmp_path / "coverage_2024.csv"
    file.write_text(HEADING + ROW, encoding="utf-8")
    return file


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def entry_of(archive: Archive, path: str) -> dict[str, object]:
    listed = json.loads((archive.raw / DESCRIPTOR).read_text(encoding="utf-8"))["resources"]
    (entry,) = [item for item in listed if item["path"] == path]
    return entry


def value_of(archive: Archive, period: str) -> float:
    ingest(archive.raw, archive.processed)
    found = open_store(archive.project).observations(indicator="coverage", region="63-64", period=period)
    return float(found["value"].item())


def test_a_good_file_is_copied_listed_and_read(archive: Archive, new: Path) -> None:
    before = contents(archive.raw)
    path = register(archive.raw, new, ABOUT, today=TODAY)
    assert path == "observations/coverage_2024.csv"
    after = contents(archive.raw)
    assert after[path] == new.read_bytes()
    assert {name: after[name] for name in before if name != DESCRIPTOR} == {
        name: before[name] for name in before if name != DESCRIPTOR
    }
    assert set(after) - set(before) == {path}, "nothing else is left behind"
    entry = entry_of(archive, path)
    assert entry["hash"] == f"sha256:{file_hash(new)}"
    assert entry["bytes"] == new.stat().st_size
    assert (entry["title"], entry["title_vi"]) == ("Coverage of 2024", "Độ phủ năm 2024")
    assert entry["retrieved"] == "2026-11-20"
    assert entry["sources"] == [{"title": ABOUT.source_title, "path": ABOUT.source_url}]
    assert entry["licenses"] == [{"name": "other-open", "title": "official statistics, cite"}]
    assert value_of(archive, "2024") == 61.5


def test_the_same_file_again_changes_nothing(archive: Archive, new: Path) -> None:
    register(archive.raw, new, ABOUT, today=TODAY)
    before = contents(archive.raw)
    register(archive.raw, new, ABOUT, today=TODAY)
    assert contents(archive.raw) == before


def test_a_file_that_stands_in_the_archive_is_listed_where_it_stands(archive: Archive) -> None:
    inside = archive.raw / "observations" / "2025" / "coverage.csv"
    inside.parent.mkdir()
    inside.write_text(HEADING + ROW, encoding="utf-8")
    with pytest.raises(DataError, match="a file that is not listed"):
        ingest(archive.raw, archive.processed)
    assert register(archive.raw, inside, ABOUT, today=TODAY) == "observations/2025/coverage.csv"
    assert value_of(archive, "2024") == 61.5


def test_the_first_file_makes_the_descriptor(archive: Archive, tmp_path: Path) -> None:
    """An archive begins with its registries; the first one of them that is registered is listed."""
    raw = tmp_path / "fresh"
    raw.mkdir()
    indicators = raw / "indicators.csv"
    indicators.write_text(INDICATORS, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        register(raw, indicators, ABOUT, today=TODAY)
    assert "regions.csv" in str(caught.value)
    assert contents(raw) == {"indicators.csv": INDICATORS.encode()}


BAD = [
    ({"title": ""}, "the registration says nothing of title. No figure goes without a source."),
    (
        {"title": " ", "title_vi": "", "source_title": "\t", "licence": ""},
        "the registration says nothing of title, title_vi, source_title, licence.",
    ),
    ({"licence": ""}, "the registration says nothing of licence."),
    (
        {"retrieved": date(2026, 11, 24)},
        "retrieved on 2026-11-24, a day in the future. Write the day the file was got.",
    ),
    ({"source_url": "example.org/page"}, "source address 'example.org/page' is not a web address. Write https://…"),
    ({"source_url": "file:///etc/passwd"}, "source address 'file:///etc/passwd' is not a web address."),
    ({"source_url": "https://example.org/a b"}, "is not a web address"),
    (
        {"source_id": "Niên giám 2024"},
        "source id 'Niên giám 2024'. Use small letters, digits, dash, dot and underscore.",
    ),
    ({"decimal": ";"}, 'decimal mark \';\'. Use "." or ",".'),
    ({"delimiter": ""}, "delimiter ''. Give one character"),
    ({"delimiter": ";;"}, "delimiter ';;'. Give one character"),
]


@pytest.mark.parametrize(("changed", "message"), BAD, ids=[message[:50] for _, message in BAD])
def test_an_incomplete_or_wrong_registration_changes_nothing(
    archive: Archive, new: Path, changed: dict[str, object], message: str
) -> None:
    before = contents(archive.raw)
    with pytest.raises(ParameterError) as caught:
        register(archive.raw, new, replace(ABOUT, **changed), today=TODAY)
    assert message in str(caught.value)
    assert contents(archive.raw) == before


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Số liệu 2024.csv", "Name it in small letters, digits, dash and underscore, ending in .csv"),
        ("coverage.xlsx", "Excel workbooks are not read yet"),
        ("indicators.csv", "indicators.csv is a registry. Edit data/raw/indicators.csv and register that file."),
        ("targets.csv", "targets.csv is a registry. Edit data/raw/targets.csv and register that file."),
    ],
)
def test_a_name_that_cannot_be_taken_says_why(archive: Archive, tmp_path: Path, name: str, message: str) -> None:
    file = tmp_path / name
    file.write_text(HEADING + ROW, encoding="utf-8")
    before = contents(archive.raw)
    with pytest.raises(ParameterError) as caught:
        register(archive.raw, file, ABOUT, today=TODAY)
    assert message in str(caught.value)
    assert contents(archive.raw) == before


@pytest.mark.parametrize("name", ["nothing.csv", "."])
def test_what_is_no_file_is_named(archive: Archive, tmp_path: Path, name: str) -> None:
    with pytest.raises(ParameterError, match=r"there is no file .*Check the name and the folder"):
        register(archive.raw, tmp_path / name, ABOUT, today=TODAY)


def test_a_name_taken_by_other_figures_is_refused(archive: Archive, new: Path) -> None:
    register(archive.raw, new, ABOUT, today=TODAY)
    before = contents(archive.raw)
    new.write_text(HEADING + ROW.replace("61.5", "62"), encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        register(archive.raw, new, ABOUT, today=TODAY)
    assert str(caught.value) == (
        "observations/coverage_2024.csv is registered already, with other content. "
        "A raw file does not change: bring the correction as a new release in a file with another name."
    )
    assert contents(archive.raw) == before


FAULTY = [
    ("126.6", "", "value", "found '126.6'; expected 100 or less for coverage"),
    ("61,5", "", "row", "12 cells"),
    ("hơn 60%", "", "value", "Write the number in value and the word in note"),
    ("61.5", "nobody", "source", "a source of sources.csv"),
]


@pytest.mark.parametrize(("value", "source", "column", "message"), FAULTY, ids=[case[3] for case in FAULTY])
def test_a_file_with_faults_is_not_registered(
    archive: Archive, new: Path, value: str, source: str, column: str, message: str
) -> None:
    ingest(archive.raw, archive.processed)
    before, store = contents(archive.raw), contents(archive.processed)
    row = ROW.replace("61.5", value).replace("office", source or "office")
    new.write_text(HEADING + ROW.replace("2024", "2021", 1) + row, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        register(archive.raw, new, ABOUT, today=TODAY)
    assert message in str(caught.value)
    assert any(
        fault.file == "observations/coverage_2024.csv" and fault.row == 3 and fault.column in (column, None)
        for fault in caught.value.faults
    )
    assert contents(archive.raw) == before
    assert contents(archive.processed) == store


def test_a_figure_that_is_there_already_is_a_fault_of_the_new_file(archive: Archive, new: Path) -> None:
    before = contents(archive.raw)
    new.write_text(HEADING + "coverage,63,64,2022,51,percent,2023-01-10,2023-01-10,actual,office,\n", encoding="utf-8")
    with pytest.raises(DataError, match="coverage_2024") as caught:
        register(archive.raw, new, ABOUT, today=TODAY)
    assert "figures.csv" in str(caught.value)
    assert contents(archive.raw) == before


def test_vietnamese_notation_is_read_as_declared(archive: Archive, new: Path) -> None:
    new.write_text(
        HEADING.replace(",", ";")
        + "coverage;63;64;2024;61,5;percent;2025-01-10;2025-01-10;estimate;office;làm tròn, sơ bộ\n"
        + "level;63;64;2024;1.234.567,5;bn_vnd;2025-01-10;2025-01-10;estimate;office;\n",
        encoding="utf-8",
    )
    before = contents(archive.raw)
    with pytest.raises(DataError, match="a heading divided by semicolon"):
        register(archive.raw, new, ABOUT, today=TODAY)
    assert contents(archive.raw) == before
    path = register(archive.raw, new, replace(ABOUT, delimiter=";", decimal=","), today=TODAY)
    assert entry_of(archive, path)["dialect"] == {"delimiter": ";"}
    assert value_of(archive, "2024") == 61.5
    store = open_store(archive.project)
    assert store.observations(indicator="level")["value"].tolist() == [1234567.5]
    assert store.observations(indicator="coverage", period="2024")["note"].tolist() == ["làm tròn, sơ bộ"]


def test_an_old_vietnamese_encoding_is_read_as_declared(archive: Archive, new: Path) -> None:
    # In Windows-1258 the tone mark stands behind its letter.
    decomposed = (HEADING + ROW.replace("office,\n", "office,sô\u0301 liê\u0323u\n")).encode("windows-1258")
    new.write_bytes(decomposed)
    with pytest.raises(DataError, match="that is not utf-8"):
        register(archive.raw, new, ABOUT, today=TODAY)
    register(archive.raw, new, replace(ABOUT, encoding="windows-1258"), today=TODAY)
    ingest(archive.raw, archive.processed)
    assert open_store(archive.project).observations(indicator="coverage", period="2024")["note"].tolist() == ["số liệu"]


def test_targets_go_to_their_own_folder(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "plan_2030.csv"
    file.write_text(
        TARGET_HEADING + "T2,coverage,34,52,2030,>=,95,,percent,at,2026-01-01,2026-01-01,office,\n", encoding="utf-8"
    )
    assert register(archive.raw, file, ABOUT, today=TODAY) == "targets/plan_2030.csv"
    ingest(archive.raw, archive.processed)
    targets = open_store(archive.project).targets()
    assert {one.id: one.value for one in targets} == {"T1": 80.0, "T2": 95.0}


def test_a_registry_is_registered_anew_after_an_edit(archive: Archive) -> None:
    catalogue = archive.raw / "indicators.csv"
    added = "latency,Độ trễ,Latency,Độ trễ mạng,Delay of the network,mbps,0,,down,level,NSO,none,\n"
    catalogue.write_text(INDICATORS + added, encoding="utf-8")
    with pytest.raises(DataError, match="as registered"):
        ingest(archive.raw, archive.processed)
    assert register(archive.raw, catalogue, ABOUT, today=TODAY) == "indicators.csv"
    ingest(archive.raw, archive.processed)
    assert open_store(archive.project).indicator("latency").name("vi") == "Độ trễ"
    listed = json.loads((archive.raw / DESCRIPTOR).read_text(encoding="utf-8"))["resources"]
    assert [item["path"] for item in listed].count("indicators.csv") == 1


def test_registries_that_were_edited_together_are_registered_one_after_the_other(archive: Archive) -> None:
    added = {
        "indicators.csv": "latency,Độ trễ,Latency,Độ trễ mạng,Delay of the network,mbps,0,,down,level,NSO,none,\n",
        "sources.csv": "yearbook,Yearbook,NSO,https://example.org/yearbook,cite,\n",
        "targets.csv": "T2,coverage,63,64,2024,>=,75,,percent,at,2022-01-01,2022-01-01,office,\n",
    }
    for name, row in added.items():
        with (archive.raw / name).open("a", encoding="utf-8") as stream:
            stream.write(row)
    left = sorted(added)
    for name in added:
        register(archive.raw, archive.raw / name, ABOUT, today=TODAY)
        left.remove(name)
        if left:
            with pytest.raises(DataError) as error:
                ingest(archive.raw, archive.processed)
            assert sorted(fault.file for fault in error.value.faults) == left
    ingest(archive.raw, archive.processed)
    store = open_store(archive.project)
    assert (store.indicator("latency").unit, store.source("yearbook").title) == ("mbps", "Yearbook")
    assert sorted(target.id for target in store.targets()) == ["T1", "T2"]


def test_new_files_that_were_put_into_the_archive_are_registered_one_after_the_other(archive: Archive) -> None:
    files = [archive.raw / "observations" / f"coverage_{year}.csv" for year in (2024, 2025)]
    for file, year in zip(files, ("2024", "2025"), strict=True):
        file.write_text(HEADING + ROW.replace("2024", year).replace("2025-01-10", "2026-01-10"), encoding="utf-8")
    for file in files:
        register(archive.raw, file, ABOUT, today=TODAY)
    assert ingest(archive.raw, archive.processed).n_observations == 5
    assert all(file.is_file() for file in files)


def test_an_edit_that_breaks_a_registry_is_not_registered(archive: Archive) -> None:
    catalogue = archive.raw / "indicators.csv"
    catalogue.write_text(INDICATORS.replace("percent", "percents", 1), encoding="utf-8")
    before = contents(archive.raw)
    with pytest.raises(DataError, match="'percents'"):
        register(archive.raw, catalogue, ABOUT, today=TODAY)
    assert contents(archive.raw) == before


def test_rows_can_use_the_source_that_their_file_declares(archive: Archive, new: Path) -> None:
    new.write_text(HEADING + ROW.replace("office", "yearbook-2024"), encoding="utf-8")
    with pytest.raises(DataError, match="'yearbook-2024'"):
        register(archive.raw, new, ABOUT, today=TODAY)
    register(archive.raw, new, replace(ABOUT, source_id="yearbook-2024"), today=TODAY)
    ingest(archive.raw, archive.processed)
    store = open_store(archive.project)
    assert store.observations(indicator="coverage", period="2024")["source"].tolist() == ["yearbook-2024"]
    source = store.source("yearbook-2024")
    assert (source.title, source.url) == (ABOUT.source_title, ABOUT.source_url)
    assert source.licence == "official statistics, cite"
