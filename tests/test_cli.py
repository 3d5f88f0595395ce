"""The command line as its users meet it: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dxanalysis import __version__
from dxanalysis.data.ingest import ingest
from dxanalysis.project import Project
from trial import HEADING, ROWS, Archive, Command

ROW = "coverage,63,64,2024,61.5,percent,2025-01-10,2025-01-10,estimate,office,\n"
ABOUT = (
    "--title", "Coverage of 2024", "--title-vi", "Độ phủ năm 2024", "--source-title", "Release of January 2025",
    "--licence", "official statistics, cite", "--retrieved", "2025-02-01",
)  # fmt: skip
VERBS = ("ingest", "add", "data", "run", "plan", "explain", "schedule")


@pytest.fixture
def inside(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """The trial project, as the folder the command is given in."""
    monkeypatch.chdir(archive.project.root)
    return archive


@pytest.fixture
def in_real(real_project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(real_project.root)
    return real_project


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ---- help


def test_the_installed_command_answers() -> None:
    command = Path(sys.executable).with_name("dxanalysis")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, f"dxanalysis {__version__}", "")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_says_what_it_does(dx: Command, verb: str) -> None:
    assert verb in dx("--help").out
    said = dx(verb, "--help")
    assert said.code == 0
    assert f"dxanalysis {verb}" in said.out
    assert "--project" in said.out
    assert len(said.out) > 200


def test_no_verb_shows_the_help(dx: Command) -> None:
    said = dx()
    assert all(verb in said.out + said.err for verb in VERBS)


def test_an_unknown_verb_or_option_is_a_wrong_command(dx: Command) -> None:
    assert dx("reprot").code == 2
    assert dx("ingest", "--forse").code == 2


@pytest.mark.parametrize(
    "arguments", [("ingest",), ("data",), ("run",), ("plan",), ("schedule",), ("add", "x.csv")], ids=" ".join
)
def test_outside_a_project_the_way_in_is_told(
    dx: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    said = dx(*arguments)
    assert said.code == 2
    assert said.err == (
        "no dxanalysis.toml here or in any folder above. Run the command inside a project, or give --project FOLDER.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_project_can_be_given(dx: Command, archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert dx("ingest", "--project", archive.project.root).code == 0
    assert contents(archive.processed)


# ---- ingest


def test_ingest_counts_what_it_read(dx: Command, inside: Archive) -> None:
    first = dx("ingest")
    assert (first.code, first.err) == (0, "")
    assert first.out == "data/processed made anew: 3 figures, 1 targets; files read: 7, unchanged: 0\n"
    assert dx("ingest").out == "data/processed is up to date: 3 figures, 1 targets\n"
    inside.observations(ROW, path="observations/new.csv")
    assert dx("ingest").out == "data/processed made anew: 4 figures, 1 targets; files read: 1, unchanged: 7\n"


def test_ingest_lists_every_fault_and_leaves_the_store(dx: Command, inside: Archive) -> None:
    dx("ingest")
    before = contents(inside.processed)
    inside.observations(ROWS.replace("55.5", "155.5").replace("growth,34,52", "growth,34,99"))
    inside.observations(ROW.replace("office", "nobody"), path="observations/new.csv")
    said = dx("ingest")
    assert (said.code, said.out) == (1, "")
    faults = [line for line in said.err.splitlines() if line.startswith("  - ")]
    assert len(faults) == 3
    for start, words in (
        ("observations/figures.csv, row 3, column value", "expected 100 or less for coverage"),
        ("observations/figures.csv, row 4, column region", "'99'"),
        ("observations/new.csv, row 2, column source", "'nobody'"),
    ):
        assert [line for line in faults if line.startswith(f"  - {start}: found ") and words in line], said.err
    assert contents(inside.processed) == before


# ---- add


def test_add_registers_a_file_with_its_options(dx: Command, inside: Archive, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text(HEADING + ROW, encoding="utf-8")
    said = dx("add", file, *ABOUT, "--source-url", "https://example.org/2025-01")
    assert (said.code, said.err) == (0, "")
    assert said.out == (
        "data/raw/observations/new.csv is registered and read. Bring the reports up to date with: make report\n"
    )
    entries = json.loads((inside.raw / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert entries[-1]["title_vi"] == "Độ phủ năm 2024"
    assert entries[-1]["retrieved"] == "2025-02-01"
    assert entries[-1]["sources"][0]["path"] == "https://example.org/2025-01"
    assert "4 figures" in dx("ingest").out


def test_add_takes_vietnamese_notation_and_a_source_of_its_own(dx: Command, inside: Archive, tmp_path: Path) -> None:
    file = tmp_path / "new.tsv"
    file.write_text(
        (HEADING + ROW).replace("office", "yearbook").replace("61.5", "61;5").replace(",", "\t").replace(";", ",")
    )
    said = dx("add", file, *ABOUT, "--source-id", "yearbook", "--delimiter", r"\t", "--decimal", ",")
    assert said.code == 0, said.err
    shown = dx("data", "coverage", "--region", "63-64", "--json")
    assert {row["period"]: (row["value"], row["source"]) for row in json.loads(shown.out)}["2024"] == (61.5, "yearbook")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            (),
            "the registration says nothing of title, title_vi, source_title, licence. No figure goes without a source.",
        ),
        ((*ABOUT[:-1], "soon"), "--retrieved 'soon' is not a date. Write year-month-day."),
        ((*ABOUT[:-1], "2999-01-01"), "retrieved on 2999-01-01, a day in the future."),
        ((*ABOUT, "--source-url", "nowhere"), "source address 'nowhere' is not a web address."),
        ((*ABOUT, "--decimal", "x"), "decimal mark 'x'."),
    ],
)
def test_add_says_what_is_wrong_with_the_options(
    dx: Command, inside: Archive, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    file = tmp_path / "new.csv"
    file.write_text(HEADING + ROW, encoding="utf-8")
    before = contents(inside.raw)
    said = dx("add", file, *options)
    assert (said.code, said.out) == (2, "")
    assert message in said.err
    assert contents(inside.raw) == before


def test_add_lists_the_faults_of_a_file(dx: Command, inside: Archive, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text(HEADING + ROW.replace("61.5", "hơn 60%"), encoding="utf-8")
    before = contents(inside.raw)
    said = dx("add", file, *ABOUT)
    assert said.code == 1
    assert "  - observations/new.csv, row 2, column value: found 'hơn 60%'" in said.err
    assert contents(inside.raw) == before


def test_two_files_added_at_the_same_time_are_both_registered(archive: Archive, tmp_path: Path) -> None:
    running = []
    for year in (2024, 2025):
        row = f"coverage,63,64,{year},61,percent,2026-01-10,2026-01-10,estimate,office,\n"
        (tmp_path / f"y{year}.csv").write_text(HEADING + row, encoding="utf-8")
        told = (
            "--title",
            "a",
            "--title-vi",
            "b",
            "--source-title",
            "c",
            "--licence",
            "d",
            "--project",
            archive.project.root,
        )
        command = [sys.executable, "-m", "dxanalysis", "add", str(tmp_path / f"y{year}.csv"), *map(str, told)]
        running.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True))
    said = [process.communicate(timeout=100)[1] for process in running]
    assert (said, [process.returncode for process in running]) == (["", ""], [0, 0])
    assert ingest(archive.raw, archive.processed).n_observations == 5


def test_what_is_registered_is_told_also_where_another_file_waits(dx: Command, inside: Archive) -> None:
    for year in (2024, 2025):
        row = f"coverage,63,64,{year},61,percent,2026-01-10,2026-01-10,estimate,office,\n"
        (inside.raw / "observations" / f"y{year}.csv").write_text(HEADING + row, encoding="utf-8")
    told = ("--title", "a", "--title-vi", "b", "--source-title", "c", "--licence", "d")
    said = dx("add", inside.raw / "observations" / "y2024.csv", *told)
    assert said.code == 1
    assert said.out.startswith("data/raw/observations/y2024.csv is registered. It is read as soon as")
    assert "observations/y2025.csv: found a file that is not listed" in said.err
    assert "y2024" not in said.err


# ---- data


def test_data_lists_indicators_and_counts(dx: Command, inside: Archive) -> None:
    said = dx("data")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0].split() == ["indicator", "name", "regions", "figures", "releases", "first", "last", "newest"]
    assert lines[1].split() == ["coverage", "Độ", "phủ", "1", "2", "2", "2022", "2023", "2024-01-10"]
    assert lines[-1] == "2 indicators, 3 figures in all releases; newest release 2026-01-05"
    assert "Coverage" in dx("data", "--language", "en").out


def test_data_of_a_region(dx: Command, inside: Archive) -> None:
    said = dx("data", "--region", "34-52")
    assert "growth" in said.out
    assert "coverage" not in said.out
    assert "1 indicators, 1 figures" in said.out


def test_data_of_a_region_counts_no_one_elses_figures(dx: Command, inside: Archive) -> None:
    inside.observations("growth,63,52,2024,7,percent,,2026-02-01,estimate,office,\n", path="observations/more.csv")
    said = dx("data", "--region", "63-52", "--language", "en")
    assert said.out.splitlines()[1].split()[-5:] == ["1", "1", "1", "2024", "2024"]
    assert said.out.splitlines()[-1] == "1 indicators, 1 figures in all releases; newest release –"


def test_data_of_a_region_without_figures(dx: Command, inside: Archive) -> None:
    said = dx("data", "--region", "63-52")
    assert said.code == 0
    assert "0 indicators, 0 figures in all releases; newest release –" in said.out


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("vi", ("Tỷ lệ hộ có kết nối", "55,5\u00a0%", "10/01/2024")),
        ("en", ("Households with a connection", "55.5%", "10 Jan 2024")),
    ],
)
def test_data_of_an_indicator(dx: Command, inside: Archive, language: str, shown: tuple[str, ...]) -> None:
    said = dx("data", "coverage", "--language", language)
    assert said.code == 0
    assert all(words in said.out for words in shown)


def test_data_on_a_narrow_terminal_cuts_no_figure(
    dx: Command, inside: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert "55,5\u00a0%" in dx("data", "coverage").out


def test_data_as_json_is_json(dx: Command, in_real: Project) -> None:
    overview = json.loads(dx("data", "--json").out)
    assert len(overview) > 100
    assert {"indicator", "name", "regions", "releases", "newest_release"} <= set(overview[0])
    rows = json.loads(dx("data", "de_va_share_gdp", "--region", "VN", "--json").out)
    of_2022 = [row for row in rows if row["period"] == "2022"]
    assert [row["value"] for row in of_2022] == [12.67, 12.63, 12.83]
    assert of_2022[2]["released_to"].startswith("2025-01-06")
    undated = json.loads(dx("data", "grdp_constant2010", "--region", "63-01", "--json").out)
    assert [row["released_from"] for row in undated] == [None]


def test_the_name_of_two_regions_lists_both(dx: Command, in_real: Project) -> None:
    said = dx("data", "--region", "Gia Lai")
    assert (said.code, said.out) == (2, "")
    assert "63-64" in said.err
    assert "34-52" in said.err
    then = dx("data", "--region", "gia lai", "--period", "2023", "--json")
    now = dx("data", "--region", "GIA LAI", "--period", "2026", "--json")
    assert then.code == now.code == 0
    assert json.loads(then.out) == json.loads(dx("data", "--region", "63-64", "--json").out)
    assert json.loads(now.out) == json.loads(dx("data", "--region", "34-52", "--json").out)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("data", "covrage"), "no indicator is called 'covrage'. Near ones: coverage."),
        # Text that a terminal library would turn into a picture stays as it was written.
        (("data", ":warning:"), "no indicator is called ':warning:'."),
        (("data", "--region", "Atlantis"), "Atlantis"),
        (("data", "--language", "fr"), "there are no texts in 'fr'. Use one of: vi, en."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_does_not_exist_is_a_wrong_command(
    dx: Command, inside: Archive, arguments: tuple[str, ...], message: str
) -> None:
    said = dx(*arguments)
    assert (said.code, said.out) == (2, "")
    assert message in said.err


def test_data_with_faults_has_the_code_of_faults(dx: Command, inside: Archive) -> None:
    inside.observations(ROW.replace("61.5", "161.5"))
    said = dx("data")
    assert (said.code, said.out) == (1, "")
    assert "found '161.5'" in said.err


# ---- run: what is wrong with a plan is told before anything runs

PARAMETERS = 'region: str = "34-52"\nlanguage: str = "vi"\nas_of: str = ""\ndraws: int = 100\n'
CELL = 'from pathlib import Path\nPath("ran.txt").write_text("yes")\n'


@pytest.fixture
def planned(inside: Archive) -> Callable[..., Path]:
    """Give the trial project a notebook and a plan."""

    def write(jobs: str, cell: str = CELL) -> Path:
        root = inside.project.root
        cells = [
            {"cell_type": "code", "id": f"c{number}", "metadata": {"tags": tags}, "source": source, "outputs": [],
             "execution_count": None}
            for number, (source, tags) in enumerate([(PARAMETERS, ["parameters"]), (cell, [])])
        ]  # fmt: skip
        (root / "notebooks").mkdir(exist_ok=True)
        (root / "notebooks" / "share.ipynb").write_text(
            json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8"
        )
        (root / "dxanalysis.toml").write_text(
            f'[project]\nname_vi = "Thử"\nname_en = "Trial"\n[report]\nseed = 1\n{jobs}', encoding="utf-8"
        )
        return root

    return write


def toml(value: object) -> str:
    """A value as TOML writes it, which for all but tables is as JSON does."""
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + "}"
    return json.dumps(value)


def job(**parameters: object) -> str:
    lines = "".join(f"{name} = {toml(value)}\n" for name, value in ({"notebook": "share"} | parameters).items())
    return f"[[report.jobs]]\n{lines}"


BAD_PLANS = [
    (job(region="34-99"), "share: unknown region '34-99': write a boundary set and a code such as 34-52, or VN"),
    (job(region="Gia Lai"), "share: unknown region 'Gia Lai': write 63-64 or 34-52"),
    (job(region="52"), "share: unknown region '52'"),
    (job(language="fr"), "share: unknown language 'fr': write one of vi, en"),
    (job(as_of="last week"), "share: as_of 'last week' is not a date"),
    (job(regoin="34-52"), 'share: unknown parameter "regoin"; did you mean "region"?'),
    (job(draws=-5), "share: draws is -5: write a whole number from 100 to 1000000"),
    (job(draws="many"), "share: draws must be int, found 'many' (str)"),
    (job(draws=True), "share: draws must be int, found True (bool)"),
    (job(draws=2.5), "share: draws must be int, found 2.5 (float)"),
    (job(region="../../etc"), "share: region looks like a path: '../../etc'"),
    (job(region="C:secret"), "share: region looks like a path: 'C:secret'"),
    (job(notebook="../share"), "'../share' is not a notebook name: use letters, digits, - and _"),
    (job(notebook="shares"), 'there is no notebook shares.ipynb; did you mean "share"?'),
    (job(region=[]), "job 1 (share): region is an empty list"),
    (job(region="35:*"), "job 1 (share): region '35:*' names no boundary set. Write one of 63:*, 34:*."),
    (job(region="34-52", schedule="60 6 6 * *"), "minute '60' is out of range. Write 0 to 59"),
    (job(region="34-52", exlude="x"), 'share: unknown parameter "exlude"; did you mean "exclude"?'),
    (job(region=["34-52", "34-52"]), "is planned twice"),
    ("[[report.jobs]]\nregion = \"34-52\"\n", 'job 1: notebook is missing; write notebook = "name"'),
    ("", "the report plan has no jobs"),
]  # fmt: skip


@pytest.mark.parametrize(("jobs", "message"), BAD_PLANS, ids=[message for _, message in BAD_PLANS])
def test_a_fault_of_the_plan_is_told_and_nothing_is_run(
    dx: Command, planned: Callable[..., Path], jobs: str, message: str
) -> None:
    root = planned(jobs)
    said = dx("run")
    assert (said.code, said.out) == (2, "")
    assert message in said.err
    assert not (root / "ran.txt").exists()
    assert not (root / "reports").exists()


def test_all_faults_of_the_plan_are_told_at_once(dx: Command, planned: Callable[..., Path]) -> None:
    root = planned(
        job(region=["34-52", "34-99"], language="fr") + job(regoin="VN", draws="many") + job(notebook="../share")
    )
    said = dx("run")
    assert said.code == 2
    assert "nothing was run; faults of the report plan: 5" in said.err
    for words in ("'34-99'", "'fr'", '"regoin"', "draws must be int", "'../share'"):
        assert words in said.err
    assert not (root / "ran.txt").exists()


@pytest.mark.parametrize("option", [("--region", "63-64"), ("--notebook", "other"), ("--language", "en")], ids=" ".join)
def test_a_choice_that_no_job_fits_is_told(dx: Command, planned: Callable[..., Path], option: tuple[str, str]) -> None:
    planned(job(region="34-52", language="vi"))
    said = dx("run", *option)
    assert said.code == 2
    assert said.err == "no job of the plan fits what was asked for. See [[report.jobs]] in dxanalysis.toml.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--resume",), "there is no earlier run to take up. Run without --resume.\n"),
        (("--resume", "--force"), "--resume goes on with the plan as it was. Give with it only"),
        (("--resume", "--region", "34-52"), "--resume goes on with the plan as it was."),
        (("--retry-failed",), "--retry-failed belongs to --resume."),
        (("--cluster", "local:0"), "'local:0' is no cluster. Write tcp://HOST:PORT of its scheduler, or local:N"),
        (("--cluster", "http://x:1"), "'http://x:1' is no cluster."),
        (("--schedule", "0 6 6 * *"), "no job of the plan has the schedule '0 6 6 * *'. Schedules of the plan: none."),
        (("--schedule", "monthly"), "schedule 'monthly' is not of five fields."),
        (("--region", "35:*"), "region '35:*' names no boundary set."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_run_says_what_is_wrong_with_its_options(
    dx: Command, planned: Callable[..., Path], arguments: tuple[str, ...], message: str
) -> None:
    root = planned(job(region="34-52", language="vi"))
    (root / "requirements.lock").write_text("")
    said = dx("run", *arguments)
    assert (said.code, said.out) == (2, "")
    assert message in said.err
    assert not (root / "ran.txt").exists()


# ---- plan, schedule: what would be done


def test_plan_lists_the_reports_and_runs_none(dx: Command, planned: Callable[..., Path]) -> None:
    root = planned(
        job(region=["34:*", "63-64"], language=["vi", "en"], exclude=[{"region": "63-64", "language": "en"}])
    )
    (root / "requirements.lock").write_text("")
    said = dx("plan")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "to make  share (language=vi, region=34-52): first version",
        "to make  share (language=en, region=34-52): first version",
        "to make  share (language=vi, region=63-64): first version",
        said.out.splitlines()[-1],
    ]
    assert said.out.splitlines()[-1] == "3 reports planned, 0 fresh, 3 to make; time not known yet"
    (only,) = json.loads(dx("plan", "--region", "63:*", "--json").out)
    assert only == {
        "report": "share/language-vi_region-63-64",
        "notebook": "share",
        "parameters": {"region": "63-64", "language": "vi"},
        "seed": 1,
        "version": None,
        "fresh": False,
        "reasons": [{"cause": "new", "detail": []}],
        "seconds": None,
    }
    assert not (root / "ran.txt").exists()
    assert not list((root / "reports").glob("[a-z]*"))


def test_plan_for_all_regions_takes_every_province(dx: Command, planned: Callable[..., Path]) -> None:
    root = planned(job(region="34-52", language="vi"))
    (root / "requirements.lock").write_text("")
    said = dx("plan", "--all-regions", "--json")
    assert {entry["report"] for entry in json.loads(said.out)} == {
        f"share/language-{language}_region-{region}"
        for language in ("vi", "en")
        for region in ("34-52", "63-52", "63-64")  # of 63-52 there is no figure: its report says so
    }
    assert said.err == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cell", "limit", "told"),
    [
        ("while True: pass", ("--timeout", "2"), "did not finish within 2 s"),
        ("kept = [bytearray(20_000_000) for _ in range(100)]", ("--memory", "300"), "MemoryError"),
    ],
)
def test_run_holds_its_limits(
    dx: Command, planned: Callable[..., Path], cell: str, limit: tuple[str, str], told: str
) -> None:
    root = planned(job(region="34-52"), cell)
    (root / "requirements.lock").write_text("")
    said = dx("run", *limit)
    assert said.code == 1
    assert f"code cell 2 ({cell}): " in said.out
    assert told in said.out


def test_schedule_prints_and_installs_nothing(dx: Command, planned: Callable[..., Path]) -> None:
    root = planned('schedule = "0 6 6 * *"\n' + job(region="34-52") + job(region="63-64", schedule="0 7 * * MON"))
    before = contents(root)
    said = dx("schedule")
    assert (said.code, said.err) == (0, "")
    lines = [line.strip() for line in said.out.splitlines()]
    assert lines[0] == "For the jobs 1 (share)"
    assert lines[1].startswith("Next: 20")
    assert lines[1].count("-06 06:00") == 3
    assert '0 6 6 * * cd FOLDER_OF_THE_PROJECT && dxanalysis run --schedule "0 6 6 * *"' in lines
    assert '- cron: "0 7 * * MON"  # UTC' in lines
    assert contents(root) == before


def test_schedule_without_one_says_how_to_write_it(dx: Command, planned: Callable[..., Path]) -> None:
    planned(job(region="34-52"))
    said = dx("schedule")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith('the plan has no schedule. Add schedule = "0 6 6 * *" to [report] or to a job')


def test_run_stops_at_data_with_faults(dx: Command, planned: Callable[..., Path], inside: Archive) -> None:
    root = planned(job())
    inside.observations(ROW.replace("61.5", "161.5"))
    said = dx("run")
    assert said.code == 1
    assert "found '161.5'" in said.err
    assert not (root / "reports").exists()


def test_a_project_file_that_is_no_toml_is_told(dx: Command, inside: Archive) -> None:
    (inside.project.root / "dxanalysis.toml").write_text("[project\n", encoding="utf-8")
    said = dx("ingest")
    assert said.code == 2
    assert said.err.startswith("dxanalysis.toml cannot be read: ")
