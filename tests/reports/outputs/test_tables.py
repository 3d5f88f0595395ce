"""The data package: valid, plain numbers, text that no program takes for a formula, names safe on every system."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import frictionless
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dxanalysis.errors import ReportError
from dxanalysis.i18n import Number, texts
from dxanalysis.reports.outputs.tables import file_name, guarded, unguarded, write_tables
from dxanalysis.reports.recording.items import Column, Table
from dxanalysis.reports.recording.record import Meta, Record
from dxanalysis.reports.recording.recorder import Recorder
from dxanalysis.reports.versions.storage import Manifest
from reports.outputs.test_workbook import HOSTILE, SVG, hostile_record

STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def report(language: str = "vi") -> Record:
    t = texts(language)
    recorder = Recorder()
    recorder.meta(title="Kinh tế số", subtitle="Gia Lai", language=language, data_until="2026-01-31")
    recorder.table(
        "chance/Đạt 1",
        [
            {
                "place": "=Gia Lai",
                "year": 2024,
                "share": t.percent(12.665),
                "mixed": "12 – 15",
                "per": t.quantity(5, "bn_vnd"),
                "note": "+0,2 điểm",
            },
            {
                "place": "Huế",
                "year": 2025,
                "share": "chưa có",
                "mixed": t.number(7.5),
                "per": t.percent(3),
                "note": "'trích",
            },
        ],
        "Tỷ trọng, **% GRDP**",
        labels={"share": "Tỷ trọng"},
        number_columns=["share"],
        note="Số sơ bộ.",
    )
    recorder.figure(
        "chance/Đạt 1",
        wide_svg=SVG,
        alt="Tăng dần",
        caption="Dự báo",
        data=[
            {"Năm": 2024, "Giá trị": 12.66, "Đạt": True, "Loại": "-", "Trống": None},
            {"Năm": 2025, "Giá trị": None, "Đạt": None, "Loại": None, "Trống": None},
        ],
    )
    recorder.sources(
        [
            {
                "title": "Niên giám",
                "publisher": "Cục Thống kê",
                "url": "https://www.nso.gov.vn/a",
                "licence": "CC BY 4.0",
            },
            {
                "title": "Sao chép",
                "url": "javascript:alert(1)",
                "licence": "https://creativecommons.org/licenses/by/4.0/",
            },
        ]
    )
    return recorder.record()


def read(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))


def check_valid(folder: Path) -> dict[str, object]:
    """Everything the descriptor says is so, by the standard's own reader."""
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in described["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert re.fullmatch("[a-z0-9_-]+", resource["name"])
    problems = frictionless.validate(str(folder / "datapackage.json")).flatten(["type", "note"])
    assert problems == []
    return described


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_package_is_valid_and_says_what_it_is(
    make_manifest: Callable[..., Manifest], tmp_path: Path, language: str
) -> None:
    written = write_tables(report(language), make_manifest(2), tmp_path / "tables")
    assert written == ("table-chance-dat-1.csv", "figure-chance-dat-1.csv", "datapackage.json")
    assert sorted(written) == sorted(path.name for path in (tmp_path / "tables").iterdir())
    described = check_valid(tmp_path / "tables")
    assert described["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert described["name"] == "contribution-language-vi_region-34-52"
    assert described["title"] == "Kinh tế số – Gia Lai"
    assert described["version"].startswith("0002-")
    assert described["created"] == "2025-02-03T01:00:05+00:00"
    assert described["languages"] == [language]
    assert described["sources"] == [
        {"title": "Niên giám", "publisher": "Cục Thống kê", "path": "https://www.nso.gov.vn/a", "licence": "CC BY 4.0"},
        {
            "title": "Sao chép",
            "licence": "https://creativecommons.org/licenses/by/4.0/",
            "address": "javascript:alert(1)",
        },
    ]
    assert described["licenses"] == [
        {"name": "source-1", "title": "CC BY 4.0"},
        {
            "name": "source-2",
            "title": "https://creativecommons.org/licenses/by/4.0/",
            "path": "https://creativecommons.org/licenses/by/4.0/",
        },
    ]
    assert ("dấu nháy đơn" if language == "vi" else "apostrophe") in described["description"]


def test_numbers_are_plain_and_units_are_in_the_descriptor(
    make_manifest: Callable[..., Manifest], tmp_path: Path
) -> None:
    write_tables(report(), make_manifest(), tmp_path)
    assert read(tmp_path / "table-chance-dat-1.csv") == [
        ["place", "year", "share", "mixed", "mixed_value", "per", "per_value", "per_unit", "note"],
        ["'=Gia Lai", "2024", "12.665", "12 – 15", "", "5\N{NO-BREAK SPACE}tỷ đồng", "5", "bn_vnd", "'+0,2 điểm"],
        ["Huế", "2025", "chưa có", "7,5", "7.5", "3,00\N{NO-BREAK SPACE}%", "3", "percent", "''trích"],
    ]
    table, figure = check_valid(tmp_path)["resources"]
    assert table["schema"]["fields"] == [
        {"name": "place", "title": "place", "type": "string"},
        {"name": "year", "title": "year", "type": "integer"},
        {"name": "share", "title": "Tỷ trọng", "type": "number", "unit": "percent", "missingValues": ["", "chưa có"]},
        {"name": "mixed", "title": "mixed", "type": "string"},
        {"name": "mixed_value", "title": "mixed: giá trị số", "type": "number"},
        {"name": "per", "title": "per", "type": "string"},
        {"name": "per_value", "title": "per: giá trị số", "type": "number"},
        {"name": "per_unit", "title": "per: đơn vị", "type": "string"},
        {"name": "note", "title": "note", "type": "string"},
    ]
    assert (table["title"], table["description"]) == ("Tỷ trọng, % GRDP", "Số sơ bộ.")
    assert (figure["title"], figure["description"]) == ("Dự báo", "Tăng dần")
    assert figure["item"] == {"kind": "figure", "name": "chance/Đạt 1"}
    assert read(tmp_path / "figure-chance-dat-1.csv") == [
        ["Năm", "Giá trị", "Đạt", "Loại", "Trống"],
        ["2024", "12.66", "true", "'-", ""],
        ["2025", "", "", "", ""],
    ]
    assert [field["type"] for field in figure["schema"]["fields"]] == [
        "integer",
        "number",
        "boolean",
        "string",
        "string",
    ]


def test_other_programs_read_the_files_without_being_told_how(
    make_manifest: Callable[..., Manifest], tmp_path: Path
) -> None:
    write_tables(report(), make_manifest(), tmp_path)
    frame = pd.read_csv(tmp_path / "figure-chance-dat-1.csv")
    assert list(frame.columns) == ["Năm", "Giá trị", "Đạt", "Loại", "Trống"]
    assert frame["Giá trị"].tolist()[0] == 12.66
    assert frame["Giá trị"].isna().tolist() == [False, True]


def test_the_same_record_gives_the_same_files(make_manifest: Callable[..., Manifest], tmp_path: Path) -> None:
    first, second = (
        {
            name: (tmp_path / folder / name).read_bytes()
            for name in write_tables(report(), make_manifest(), tmp_path / folder)
        }
        for folder in ("a", "b")
    )
    assert first == second


# The fixtures only make values, and the file is written anew.
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_no_digit_of_a_number_is_lost(
    make_manifest: Callable[..., Manifest], tmp_path_factory: pytest.TempPathFactory, value: float
) -> None:
    table = Table(name="t", caption="t", columns=(Column(key="a", label="A"),), rows=(("x",),), values=((value,),))
    folder = tmp_path_factory.getbasetemp() / "digits"
    write_tables(Record(meta=Meta(title="t", language="vi"), items=(table,)), make_manifest(), folder)
    ((_,), (written,)) = read(folder / "table-t.csv")
    assert float(written) == value
    assert re.fullmatch(r"-?\d+(\.\d+)?(e[+-]\d+)?", written)


MIXED = st.text(alphabet=st.sampled_from("=+-@＝＋－＠'\"; \t\nab1\u00a0"), max_size=12)


@given(text=st.text() | MIXED | st.sampled_from(HOSTILE))
def test_the_guard_can_be_undone(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(text=st.text() | MIXED | st.sampled_from(HOSTILE))
def test_no_guarded_text_begins_as_a_formula(text: str) -> None:
    """Neither the cell, nor a piece of it where a program takes a semicolon, a tab or a line break for its end."""
    for piece in re.split(r"[;\t\n\r]", guarded(text)):
        assert not piece.lstrip(' "\u00a0').startswith(STARTS)


@pytest.mark.parametrize("text", ["Gia Lai", "12 – 15 %", "a=b", "7,2 % (2025)", "−3,2 điểm", "", "x; y"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert guarded(text) == text


def test_hostile_text_gives_a_valid_package(make_manifest: Callable[..., Manifest], tmp_path: Path) -> None:
    payloads = [text for text in HOSTILE if len(text) < 5_000][::3]
    assert len(payloads) > 60
    record = hostile_record(payloads)
    write_tables(record, make_manifest(parameters={"region": "../../x"}), tmp_path)
    described = check_valid(tmp_path)
    assert len(described["resources"]) == len({path.name.casefold() for path in tmp_path.iterdir()}) - 1 > 120
    assert re.fullmatch("[a-z0-9_-]+", described["name"])
    for path in tmp_path.glob("*.csv"):
        for row in read(path):
            for cell in row:
                if not re.fullmatch(r"-?\d+(\.\d+)?", cell):
                    assert not cell.lstrip(' "\u00a0').startswith(STARTS), (path.name, cell)


@given(name=st.text() | st.sampled_from(["con", "NUL", "..", "a/b", "x" * 300, "Đạt", "aux.csv", "COM1", " ", "…"]))
def test_a_file_name_is_safe_on_every_system(name: str) -> None:
    assert re.fullmatch(r"table(-[a-z0-9](?:[a-z0-9_-]{0,58}[a-z0-9])?)?", file_name("table", name))


def test_names_that_look_alike_get_files_of_their_own(make_manifest: Callable[..., Manifest], tmp_path: Path) -> None:
    names = ("Đạt", "dat", "DAT", "dat-2", "!", "?")
    tables = tuple(
        Table(name=name, caption=name, columns=(Column(key="a", label="A"),), rows=((name,),)) for name in names
    )
    written = write_tables(Record(meta=Meta(title="t", language="vi"), items=tables), make_manifest(), tmp_path)
    assert len(written) == len(names) + 1 == len(set(written))
    assert [read(tmp_path / name)[1] for name in written[:-1]] == [[name] for name in names]
    check_valid(tmp_path)


def test_columns_of_one_key_get_names_of_their_own(make_manifest: Callable[..., Manifest], tmp_path: Path) -> None:
    two = Number("2", 2.0)
    columns = tuple(Column(key=key, label=key) for key in ("a", "A", "a", "a_value"))
    table = Table(
        name="t",
        caption="t",
        columns=columns,
        rows=((two, "x", "3 – 4", "y"), ("1 – 2", "x", "z", "y")),
        values=((2.0, None, None, None), (None,) * 4),
        units=(("", "", "", ""),) * 2,
    )
    write_tables(Record(meta=Meta(title="t", language="vi"), items=(table,)), make_manifest(), tmp_path)
    assert read(tmp_path / "table-t.csv")[0] == ["a", "a_value", "A-2", "a-3", "a_value-2"]
    check_valid(tmp_path)


def test_a_record_without_tables_gives_an_empty_package(make_manifest: Callable[..., Manifest], tmp_path: Path) -> None:
    assert write_tables(Record(meta=Meta(title="t", language="en"), items=()), make_manifest(), tmp_path) == (
        "datapackage.json",
    )
    described = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert described["resources"] == []


def test_a_language_without_words_is_an_error(make_manifest: Callable[..., Manifest], tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"the report's language is 'fr'\. Use one of: vi, en"):
        write_tables(Record(meta=Meta(title="t", language="fr"), items=()), make_manifest(), tmp_path)
    assert list(tmp_path.iterdir()) == []
