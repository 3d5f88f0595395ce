from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dxanalysis.errors import ParameterError
from dxanalysis.reports.site.tiles import read_tiles
from trial import ROOT


def write(folder: Path, text: str) -> Path:
    path = folder / "tiles.toml"
    path.write_text(text, encoding="utf-8")
    return path


GOOD = '[tiles.34-52]\ncolumn = 5\nrow = 10\nvi = "Gia Lai"\nen = "Gia Lai"\n'


def test_the_project_places_every_province_of_today_and_the_nation_once() -> None:
    tiles = {tile.id: tile for tile in read_tiles(ROOT / "tiles.toml")}
    with (ROOT / "data/raw/regions.csv").open(encoding="utf-8", newline="") as stream:
        regions = [row for row in csv.DictReader(stream) if row["kind"] != "macro" and not row["valid_to"]]
    names = {
        row["region"] if row["kind"] == "nation" else f"{row['boundary_set']}-{row['region']}": (
            row["name_vi"],
            row["name_en"],
        )
        for row in regions
    }
    assert {id_: (tile.names["vi"], tile.names["en"]) for id_, tile in tiles.items()} == names
    assert len(names) == 35


def test_the_map_resembles_the_country() -> None:
    at = {tile.id: (tile.column, tile.row) for tile in read_tiles(ROOT / "tiles.toml")}
    north_to_south = ["34-04", "34-01", "34-38", "34-40", "34-42", "34-44", "34-48", "34-52", "34-66", "34-79", "34-96"]
    rows = [at[id_][1] for id_ in north_to_south]
    assert rows == sorted(rows)
    assert at["34-11"][0] < at["34-01"][0] < at["34-22"][0], "Điện Biên, Hà Nội, Quảng Ninh from west to east"
    assert at["34-91"][0] < at["34-56"][0], "An Giang lies west of Khánh Hòa"


def test_tiles_go_from_north_to_south_for_those_who_hear_them(tmp_path: Path) -> None:
    found = read_tiles(write(tmp_path, GOOD + GOOD.replace("34-52", "34-01").replace("row = 10", "row = 3")))
    assert [tile.id for tile in found] == ["34-01", "34-52"]


def test_no_file_is_no_map(tmp_path: Path) -> None:
    assert read_tiles(tmp_path / "tiles.toml") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tiles", "tiles.toml cannot be read"),
        ("tiles = 1", r"\[tiles\] of tiles.toml is not a table"),
        ("[tiles]\n34-52 = 3", r"\[tiles.34-52\] of tiles.toml is not a table"),
        (GOOD.replace("5\n", "0\n", 1), "column is 0"),
        (GOOD.replace("= 10", "= 25"), "row is 25"),
        (GOOD.replace("= 10", "= 1.5"), "row is 1.5"),
        (GOOD.replace("= 10", "= true"), "row is True"),
        (GOOD.replace("row = 10\n", ""), "row is None"),
        (GOOD.replace('en = "Gia Lai"', 'en = " "'), "has no name in 'en'"),
        (GOOD.replace('vi = "Gia Lai"\n', ""), "has no name in 'vi'"),
        (GOOD + GOOD.replace("34-52", "34-01"), "both stand on column 5, row 10"),
    ],
)
def test_a_file_that_is_wrong_is_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        read_tiles(write(tmp_path, text))


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "tiles.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ParameterError, match=r"tiles\.toml cannot be read"):
        read_tiles(tmp_path / "tiles.toml")
