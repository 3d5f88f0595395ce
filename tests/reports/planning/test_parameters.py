from __future__ import annotations

from pathlib import Path

import pytest

from dxanalysis.errors import ParameterError
from dxanalysis.reports.planning.parameters import ParameterSpec, name_fault, nearest, read_parameters, value_fault


def test_annotated_literals_are_read(make_notebook) -> None:
    cell = '"""Which report."""\nregion: str = "34-52"\nhorizon: int = -5\nlevel: float = 0.8\ndraft: bool = False\nday: str'
    specs = read_parameters(make_notebook("n", "import this_is_never_run", parameters=cell))
    assert [(s.name, s.type_name, s.default, s.required) for s in specs.values()] == [
        ("region", "str", "34-52", False),
        ("horizon", "int", -5, False),
        ("level", "float", 0.8, False),
        ("draft", "bool", False, False),
        ("day", "str", None, True),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "region = '34-52'",
        "region: list = []",
        "region: str | None = None",
        "region: str = open('x').read()",
        "region: int = 'x'",
        "import os",
        "region: str = 'a/../b'",
        "x.y: int = 1",
    ],
)
def test_anything_else_is_refused_with_its_line(make_notebook, line: str) -> None:
    with pytest.raises(ParameterError, match=r"line 2: .*name: type = literal"):
        read_parameters(make_notebook("n", parameters=f'language: str = "vi"\n{line}'))


def test_a_notebook_without_the_cell_is_refused(make_notebook) -> None:
    with pytest.raises(ParameterError, match=r"n\.ipynb: no cell tagged `parameters`\. Tag exactly one"):
        read_parameters(make_notebook("n", "x = 1", parameters=None))


def test_a_broken_parameters_cell_is_refused(make_notebook) -> None:
    with pytest.raises(ParameterError, match=r"not Python \(line 1\)"):
        read_parameters(make_notebook("n", parameters="region: str = ("))


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"cells": [1]}', "\udcff".encode("utf-8", "surrogatepass")])
def test_a_damaged_file_is_no_notebook(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "n.ipynb"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ParameterError, match=r"n\.ipynb: the file is not a readable Jupyter notebook"):
        read_parameters(path)


@pytest.mark.parametrize("name", ["k=1;print(1)#", "a b", "1a", "", "class", "vùng", "a.b", "__import__('os')"])
def test_a_name_that_is_no_identifier_is_refused(name: str) -> None:
    assert "is not a parameter name" in (name_fault(name) or "")


@pytest.mark.parametrize(
    ("type_name", "value", "fault"),
    [
        ("int", "5", "k must be int, found '5' (str)"),
        ("int", True, "k must be int, found True (bool)"),
        ("int", 5.0, "k must be int, found 5.0 (float)"),
        ("bool", 1, "k must be bool, found 1 (int)"),
        ("str", 34, "k must be str, found 34 (int)"),
        ("str", None, "k must be str, found None (NoneType)"),
        ("float", float("nan"), "k must be a finite number, found nan"),
        ("str", "../../etc", "k looks like a path"),
        ("str", "..", "k looks like a path"),
        ("str", "a\\b", "k looks like a path"),
        ("str", "C:x", "k looks like a path"),
        ("str", "~x", "k looks like a path"),
        ("str", "a\nb", "k holds control characters"),
        ("str", "a\u202eb", "k holds control characters"),
        ("str", "x" * 101, "k has 101 characters, at most 100"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(type_name: str, value: object, fault: str) -> None:
    assert fault in (value_fault(ParameterSpec(name="k", type_name=type_name, default=None), value) or "")


@pytest.mark.parametrize(("type_name", "value"), [("float", 2), ("str", "34-52"), ("str", "Gia Lai"), ("bool", False)])
def test_a_value_that_fits_passes(type_name: str, value: object) -> None:
    assert value_fault(ParameterSpec(name="k", type_name=type_name, default=None), value) is None


def test_the_nearest_name_is_suggested() -> None:
    assert nearest("regoin", {"region": 1, "language": 1}) == '; did you mean "region"?'
    assert nearest("zzz", {"region": 1, "language": 1}) == "; known: language, region"
