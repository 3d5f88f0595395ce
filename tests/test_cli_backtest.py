"""``dxanalysis backtest`` as its users meet it: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

import csv
import errno
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from dxanalysis.cli.console import refusal
from dxanalysis.errors import DataError
from dxanalysis.forecast.backtest.panel_file import read_panel_file
from forecast.replays import countries, diffusion
from reports.page_rules import check_page
from trial import Command

HEADING = "indicator,region,year,value\n"


@pytest.fixture
def dx(dx: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """The verb, in an empty folder and a narrow terminal: no project is needed."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    return partial(dx, "backtest")


@pytest.fixture
def panel(tmp_path: Path) -> Path:
    rows = diffusion(24).assign(indicator="internet", note="kept out")
    other = pd.DataFrame({"indicator": ["fibre"], "region": ["r00"], "year": [2001], "value": ["n/a"], "note": [""]})
    file = tmp_path / "panel.csv"
    pd.concat([rows, other]).to_csv(file, index=False)
    return file


def of(panel: Path, *more: object) -> tuple[object, ...]:
    return ("--panel", panel, "--indicator", "internet", "--from", 2007, *more)


def write(folder: Path, rows: str, name: str = "panel.csv") -> Path:
    file = folder / name
    file.write_text(rows, encoding="utf-8")
    return file


# ---- what it does


def test_it_prints_the_scores_and_the_verdict_and_writes_three_files(dx: Command, panel: Path, tmp_path: Path) -> None:
    said = dx(*of(panel, "--out", "new/out", "--language", "en", "--compare", "drift,theta,line,traffic-light"))
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0].split() == [
        "method",
        "brier",
        "log_score",
        "d_base_rate",
        "se_base_rate",
        "d_drift",
        "se_drift",
        "crps",
        "coverage_80",
    ]
    assert [line.split()[0] for line in lines[1:7]] == ["model", "base_rate", "drift", "theta", "line", "traffic_light"]
    assert lines[2].split()[-2:] == ["–", "–"]
    assert lines[7].startswith("The model forecasts better than the simple ways. Over ")
    assert lines[8] == "Open new/out/report.html"
    out = tmp_path / "new" / "out"
    assert sorted(path.name for path in out.iterdir()) == ["reliability.csv", "report.html", "scores.csv"]
    assert [path.name for path in out.parent.iterdir()] == ["out"]
    scores = pd.read_csv(out / "scores.csv").set_index("method")
    assert f"{scores.loc['model', 'brier']:.3f}" == lines[1].split()[1]
    reliability = pd.read_csv(out / "reliability.csv")
    assert (reliability.groupby("method")["n"].sum() == scores["n"].iloc[0]).all()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", ["Kiểm tra dự báo trên quá khứ: internet", "Mô hình dự báo tốt hơn các cách đơn giản.", "Tỷ lệ nền"]),
        (
            "en",
            ["Forecasts tested on the past: internet", "The model forecasts better than the simple ways.", "Base rate"],
        ),
    ],
)
def test_the_page_stands_alone(dx: Command, panel: Path, tmp_path: Path, language: str, words: list[str]) -> None:
    assert dx(*of(panel, "--out", "out", "--language", language)).code == 0
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    page = check_page(html, language)
    for text in words:
        assert text in page.text
    assert "index" not in "".join(attrs.get("href") or "" for attrs in page.all("a"))
    beside = [attrs["href"] for attrs in page.all("a") if not attrs["href"].startswith("#")]
    assert beside == ["scores.csv", "reliability.csv"]  # nothing that is not there
    assert str(tmp_path) not in html
    assert len(page.all("img")) == 2


def test_an_earlier_backtest_is_replaced_and_nothing_else(dx: Command, panel: Path, tmp_path: Path) -> None:
    assert dx(*of(panel, "--out", "out")).code == 0
    before = (tmp_path / "out" / "scores.csv").read_bytes()
    assert dx(*of(panel, "--out", "out", "--compare", "drift")).code == 0
    after = (tmp_path / "out" / "scores.csv").read_bytes()
    assert before.splitlines()[:4] == after.splitlines()
    (tmp_path / "out" / "mine.txt").write_text("x", encoding="utf-8")
    said = dx(*of(panel, "--out", "out"))
    assert said.code == 2
    assert said.err == (
        "the folder out holds other files: mine.txt. Give a new folder with --out; an earlier backtest is replaced, nothing else.\n"
    )
    assert (tmp_path / "out" / "scores.csv").read_bytes() == after
    assert dx(*of(panel, "--out", panel)).err == "panel.csv is a file. Give a folder with --out.\n"


def test_a_refusal_leaves_what_was_there(dx: Command, panel: Path, tmp_path: Path) -> None:
    assert dx(*of(panel, "--out", "out")).code == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert dx(*of(panel, "--out", "out", "--from", 2030)).code == 1
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    assert not list(tmp_path.glob(".tmp-*"))


def test_a_column_of_groups_is_read_and_helps_where_groups_move_together(dx: Command, tmp_path: Path) -> None:
    rows = countries().assign(indicator="internet")
    scores = {}
    for name, column in (("alone", ""), ("grouped", rows["region"].str[:1])):
        rows.assign(group=column).to_csv(tmp_path / f"{name}.csv", index=False)
        assert dx(*of(tmp_path / f"{name}.csv", "--out", name, "--compare", "drift")).code == 0
        scores[name] = pd.read_csv(tmp_path / name / "scores.csv").set_index("method")["brier"]["model"]
    assert scores["grouped"] < 0.97 * scores["alone"]


# ---- what it refuses


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            "indicator,region,value\ninternet,a,1\n",
            "the panel has no column year.\n  - panel.csv, row 1: found indicator, region, value; "
            "expected the columns indicator, region, year, value. Add year; columns are parted by commas\n",
        ),
        (
            "indicator,region,year,value,group\ninternet,a,2001,1,x\ninternet,a,2002,1,\n",
            "panel.csv: faults of the panel: 1.\n  - panel.csv, row 3, column group: found '' (in row 2 'x'); expected one group for a. "
            "Write the same group in every row of a region\n",
        ),
        ("", "the panel has no column indicator, region, year, value.\n  - panel.csv, row 1: found nothing;"),
        (
            "indicator;region;year;value\ninternet;a;2001;1\n",
            "found indicator;region;year;value; expected the columns indicator, region, year, value. "
            "Save the file with commas between the columns, and a point in numbers\n",
        ),
        (
            HEADING + "internet,a,2001,7,6\n",
            "panel.csv: faults of the panel: 1.\n  - panel.csv, row 2: found 5 cells; expected 4 cells, as in the heading. "
            "Write numbers with a point; a cell that holds a comma must stand in double quotes\n",
        ),
        (
            HEADING.replace("\n", ",note\n") + 'internet,a,2001,7,\ninternet,a,2002,8,"see page 3\n' + "internet,a,2003,9,\n" * 3,
            "the panel cannot be read.\n  - panel.csv, row 3: found unexpected end of data; expected a well-formed CSV line. "
            "Check the double quotes from this line on\n",
        ),
        (
            HEADING.replace("value", "value,value") + "internet,a,2001,7,8\n",
            "panel.csv, row 1: the panel has the column value twice. Keep one.\n",
        ),
        (
            HEADING + "internet,a,2001,1\ninternet,a,2002,\"1,5\"\n",
            "panel.csv: faults of the panel: 1.\n  - panel.csv, row 3, column value: found '1,5'; expected a number. "
            "Write 12.5 with a point and no other sign, or leave the row out; nothing is filled in\n",
        ),
        (HEADING + "internet,a,2001,\n", "row 2, column value: found ''; expected a number."),
        (HEADING + "internet,a,2001,nan\n", "row 2, column value: found 'nan'; expected a number."),
        (HEADING + "internet,a,2001,1_000\n", "row 2, column value: found '1_000'; expected a number."),
        (
            HEADING + "internet,a,2001-H1,5\n",
            "row 2, column year: found '2001-H1'; expected a year. Write a year such as 2024; half-years and quarters do not belong",
        ),
        (HEADING + "internet,,2001,5\n", "row 2, column region: found nothing; expected a region. Name the region\n"),
        (
            HEADING + "internet,a,2001,5\nfibre,a,2001,5\ninternet,a,2001,6\n",
            "row 4, column year: found a 2001 again (first in row 2); expected each region and year once. Keep one release of each year\n",
        ),
        (
            HEADING + "internet,a,2001,x\n" * 30,
            "faults of the panel: 59; the first 20 are listed.",
        ),
    ],
)  # fmt: skip
def test_a_bad_file_is_told_with_its_place(dx: Command, tmp_path: Path, rows: str, message: str) -> None:
    said = dx(*of(write(tmp_path, rows), "--out", "out"))
    assert (said.code, said.out) == (1, "")
    assert message in said.err
    assert not (tmp_path / "out").exists()


@pytest.fixture
def field_limit() -> Iterator[int]:
    """The limit that the reader starts with: whatever else runs in this process may have raised it."""
    before = csv.field_size_limit(131_072)
    yield 131_072
    csv.field_size_limit(before)


def test_a_cell_beyond_what_is_read_is_told(dx: Command, tmp_path: Path, field_limit: int) -> None:
    said = dx(*of(write(tmp_path, HEADING + f"internet,{'a' * 200_000},2001,7\n"), "--out", "out"))
    assert (said.code, said.out) == (1, "")
    assert f"row 2: found field larger than field limit ({field_limit});" in said.err
    assert not (tmp_path / "out").exists()


def test_the_years_may_be_called_periods_as_in_a_forecast(tmp_path: Path) -> None:
    year, period = (
        write(tmp_path, HEADING.replace("year", name) + "internet,a,2001,5\n", f"{name}.csv")
        for name in ("year", "period")
    )
    pd.testing.assert_frame_equal(read_panel_file(year, "internet"), read_panel_file(period, "internet"))
    wrong = write(tmp_path, HEADING.replace("year", "period") + "internet,a,2001-H1,5\n")
    with pytest.raises(DataError, match="row 2, column period: found '2001-H1'"):
        read_panel_file(wrong, "internet")


def test_a_name_is_one_region_however_its_accents_and_spaces_are_written(tmp_path: Path) -> None:
    spellings = [
        unicodedata.normalize(form, name) for form in ("NFC", "NFD") for name in ("Lâm Đồng", " Lâm  Đồng\u00a0")
    ]
    rows = "".join(
        f"{unicodedata.normalize('NFD', 'tỷ lệ')},{name},{2001 + n},5,\n" for n, name in enumerate(spellings)
    )
    read = read_panel_file(write(tmp_path, HEADING.replace(",", ", ") + rows), unicodedata.normalize("NFC", "tỷ lệ"))
    assert set(read["region"]) == {"Lâm Đồng"}
    assert list(read["year"]) == [2001, 2002, 2003, 2004]


def test_an_unknown_indicator_is_told_with_those_there_are(dx: Command, panel: Path) -> None:
    said = dx("--panel", panel, "--indicator", "intrenet", "--out", "out")
    assert said.code == 2
    assert said.err == "panel.csv has no indicator 'intrenet'. It has: internet, fibre.\n"


@pytest.mark.parametrize(
    ("options", "said_of"),
    [
        (("--bounds", "0:"), "at or above a level"),
        (("--bounds", ":", "--direction", "down"), "at or below a level"),
        (("--kind", "rank", "--direction", "down"), "10, 25, 50, 75 and 90% less"),
        (("--kind", "growth"), "levels that 25 to 95% of all values known by then lie below"),
    ],
)
def test_levels_growth_rates_and_ranks_are_replayed_too(
    dx: Command, panel: Path, tmp_path: Path, options: tuple[str, ...], said_of: str
) -> None:
    said = dx(*of(panel, "--out", "out", "--language", "en", "--compare", "drift", *options))
    assert (said.code, said.err) == (0, "")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert said_of in page
    assert ("CRPS is in percent of the value" in page) == (options[1] not in (":", "growth"))
    scores = pd.read_csv(tmp_path / "out" / "scores.csv").set_index("method")
    assert 0 < scores.loc["model", "brier"] < 0.25


def test_a_file_that_is_not_there_or_not_text(dx: Command, tmp_path: Path) -> None:
    said = dx(*of(tmp_path / "nowhere.csv", "--out", "out"))
    assert (said.code, said.err) == (
        2,
        "there is no file 'nowhere.csv'. Give the CSV file of the panel with --panel.\n",
    )
    old = tmp_path / "old.csv"
    old.write_bytes(HEADING.encode() + "internet,Hà Nội,2001,5\n".encode("utf-16"))
    said = dx(*of(old, "--out", "out"))
    assert (said.code, said.err) == (1, "old.csv: the file is not in UTF-8. Save it as CSV UTF-8.\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--bounds", "0-100"), "--bounds is not numbers: ['0-100']. Write --bounds 0:100."),
        (("--bounds", "100"), "--bounds is not two numbers: 100. Write --bounds 0:100, 0: or :."),
        (("--bounds", ":100"), "an upper bound of 100 alone does not give a scale. Give a lower bound too."),
        (("--kind", "stock"), "'stock' is not a kind of indicator. Choose share, level, index, rank, growth."),
        (("--kind", "yes-no"), "a yes-no indicator has no scale"),
        (("--direction", "sideways"), "the direction is 'sideways'. Choose up or down."),
        (("--bounds", "100:0"), "the bounds are (100.0, 0.0). Give two numbers, the lower first"),
        (("--horizons", "1;3"), "--horizons is not numbers: ['1;3']. Write --horizons 1,3,5."),
        (("--horizons", "0"), "the horizons are [0]. Give whole years ahead from 1 to 30."),
        (("--compare", "drift,arima"), "there is no rival 'arima'. Choose from: drift, ets, theta"),
        (("--language", "fr"), "there are no texts in 'fr'. Use one of: vi, en."),
    ],
)
def test_a_wrong_option_is_told(dx: Command, panel: Path, options: tuple[str, str], message: str) -> None:
    said = dx(*of(panel, "--out", "out", *options))
    assert said.code == 2
    assert message in said.err


@pytest.fixture
def closed(tmp_path: Path) -> tuple[str, ...]:
    """What to put before a command so that ``tmp_path/closed`` may not be written, also by a superuser."""
    folder = tmp_path / "closed"
    folder.mkdir()
    folder.chmod(0o555)
    rights = "=-dac_override,-dac_read_search"
    before = ("setpriv", "--bounding-set" + rights, "--inh-caps" + rights) if os.access(folder, os.W_OK) else ()
    try:
        written = subprocess.run([*before, "touch", str(folder / "x")], capture_output=True).returncode == 0
    except OSError:
        written = True
    if written:
        pytest.skip("this system lets the user write everywhere")
    return before


# In one process, since each takes seconds to start: the exit code goes below what a command says.
ONE_AFTER_THE_OTHER = """
import json, sys
from dxanalysis.cli import main
for arguments in json.loads(sys.argv[1]):
    sys.argv = ["dxanalysis", *map(str, arguments)]
    try:
        main()
    except SystemExit as stop:
        print(stop.code, file=sys.stderr)
"""


def test_a_folder_that_may_not_be_written_is_told_before_the_work(
    panel: Path, tmp_path: Path, closed: tuple[str, ...]
) -> None:
    build = ("prior", "build", "--panel", panel, "--indicator", "internet", "--source", "s", "--licence", "l")
    commands = [("backtest", *of(panel, "--out", out)) for out in ("closed/out", "closed/new/out")]
    commands.append((*build, "--out", "closed/prior.json"))
    done = subprocess.run(
        [*closed, sys.executable, "-c", ONE_AFTER_THE_OTHER, json.dumps(commands, default=str)],
        capture_output=True, text=True, cwd=tmp_path, timeout=300,
    )  # fmt: skip
    folder = "the folder closed cannot be written to. Give your account the right to write there, or another folder with --out.\n2\n"
    file = "closed: it may not be read or written. Give your account the right to it, close the program that has it open, or name another place.\n2\n"
    assert (done.stdout, done.stderr) == ("", folder + folder + file)
    assert not list((tmp_path / "closed").iterdir())


def test_places_that_are_none_are_told(dx: Command, panel: Path, tmp_path: Path) -> None:
    said = dx(*of(panel, "--out", "x" * 300))
    assert said.code == 2
    assert said.err.endswith("x: the name is too long. Give a shorter one.\n")
    assert dx(*of(panel, "--out", ".")).err.startswith(f"the folder {tmp_path.name} holds other files: panel.csv.")
    assert dx(*of(".", "--out", "out")).err == ". is a folder. Give the CSV file of the panel with --panel.\n"


def test_only_what_the_machine_refuses_is_told_without_a_traceback() -> None:
    full = refusal(OSError(errno.ENOSPC, "No space left on device"))
    assert str(full) == "the disk is full. Free some space, and run again."
    assert refusal(FileNotFoundError(errno.ENOENT, "No such file", "x")) is None


def test_a_small_panel_is_told(dx: Command, tmp_path: Path) -> None:
    file = tmp_path / "small.csv"
    diffusion(8).assign(indicator="internet").to_csv(file, index=False)
    said = dx(*of(file, "--out", "out"))
    assert said.code == 1
    assert "8 regions have 6 yearly values in a row, 20 are needed" in said.err
    assert not (tmp_path / "out").exists()
