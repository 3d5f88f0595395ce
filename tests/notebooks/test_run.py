"""The real notebooks in a copy of the project: made once, left alone, made again only where their figures changed."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

import pytest

from dxanalysis.data.register import Registration, register
from dxanalysis.project import Project, find_project
from dxanalysis.reports.versions.storage import history
from reports.page_rules import check_page
from trial import HEADING, ROOT

pytestmark = pytest.mark.slow

JOBS = {
    "data_quality/language-vi_region-34-52": "vi",
    "data_quality/language-vi_region-VN": "vi",
    "attainment/language-en_region-34-52": "en",
}
PLAN = """
[project]
name_vi = "Kinh tế số Gia Lai"
name_en = "Digital economy of Gia Lai"
[report]
seed = 20250701
[[report.jobs]]
notebook = "data_quality"
region = ["34-52", "VN"]
language = "vi"
[[report.jobs]]
notebook = "attainment"
region = "34-52"
language = "en"
"""
ABOUT = Registration(
    title="A later release",
    title_vi="Lần công bố sau",
    source_id="trial-release",
    source_title="A release made up for a test",
    source_url="",
    licence="public document",
    retrieved=date(2026, 11, 20),
)


@dataclass(frozen=True)
class Copy:
    """A copy of the project, with a folder where every kernel that starts leaves a trace."""

    project: Project
    kernels: Path

    def run(self, *options: str, command: str = "run") -> str:
        """Output of ``dxanalysis run``, or of another command."""
        shutil.rmtree(self.kernels, ignore_errors=True)
        done = subprocess.run(
            [sys.executable, "-m", "dxanalysis", command, *options],
            cwd=self.project.root,
            env={**os.environ, "IPYTHONDIR": str(self.kernels), "OPENBLAS_NUM_THREADS": "1", "COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stderr == ""
        return done.stdout

    @property
    def versions(self) -> dict[str, list[str]]:
        """Folders of the finished versions of each report."""
        return {job: [path.name for path in history(self.project.reports / job)] for job in JOBS}

    def newest(self, job: str) -> Path:
        return self.project.reports / job / (self.project.reports / job / "latest").read_text().strip()

    def publish(self, row: str) -> None:
        """Register a release with one new figure."""
        file = self.project.root / "later_release.csv"
        file.write_text(f"{HEADING}{row},2026-11-19,2026-11-19,actual,trial-release,\n", encoding="utf-8")
        register(self.project.raw, file, ABOUT, today=date(2026, 11, 23))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Copy, str]:
    """The copy after its first run, and what that run said."""
    root = tmp_path_factory.mktemp("project")
    (root / "dxanalysis.toml").write_text(PLAN, encoding="utf-8")
    shutil.copytree(ROOT / "data" / "raw", root / "data" / "raw")
    shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".*"))
    shutil.copyfile(ROOT / "requirements.lock", root / "requirements.lock")
    copy = Copy(find_project(root), tmp_path_factory.mktemp("ipython"))
    said = copy.run()
    assert any(copy.kernels.iterdir()), "a kernel that starts leaves a trace"
    return copy, said


@pytest.fixture
def copy(first: tuple[Copy, str], tmp_path: Path) -> Copy:
    """A further copy, with the reports made: it stands elsewhere, and they are fresh there too."""
    root = tmp_path / "moved"
    shutil.copytree(first[0].project.root, root)
    return Copy(find_project(root), tmp_path / "ipython")


def test_the_first_run_makes_every_report_and_the_index(first: tuple[Copy, str]) -> None:
    made, said = first
    assert "3 reports: 3 made, 0 fresh, 0 failed" in said
    assert said.rstrip().endswith("Open reports/index.html")
    assert all(len(names) == 1 for names in made.versions.values())
    index = (made.project.reports / "index.html").read_text(encoding="utf-8")
    check_page(index, "vi")
    for job in JOBS:
        assert f"{job}/{made.newest(job).name}/report.html" in index


@pytest.mark.parametrize("job", JOBS)
def test_a_report_is_one_page_that_asks_for_nothing(first: tuple[Copy, str], job: str) -> None:
    html = (first[0].newest(job) / "report.html").read_text(encoding="utf-8")
    page = check_page(html, JOBS[job])
    assert page.all("img")
    assert not re.search(r"""(?:src|srcset|href)=["'](?:https?:)?//[^"']*\.(?:js|css|woff2?|png|svg)""", html)
    notebook = json.loads((first[0].newest(job) / "notebook.ipynb").read_text(encoding="utf-8"))
    lines = [line.strip() for cell in notebook["cells"] if cell["cell_type"] == "code" for line in cell["source"]]
    assert len(lines) > 10
    assert [line for line in lines if len(line) > 10 and escape(line) in html] == [], "no code is shown"


@pytest.mark.parametrize("job", JOBS)
def test_no_file_of_a_version_tells_of_the_machine(first: tuple[Copy, str], job: str) -> None:
    folder = first[0].newest(job)
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json", "notebook.ipynb", "record.json", "report.html", "report.pdf", "report.xlsx", "tables", "values.json",
    }  # fmt: skip
    places = {str(first[0].project.root), str(ROOT), str(Path.home()) + "/", sys.prefix, socket.gethostname() + ":"}
    for path in (one for one in folder.rglob("*") if one.is_file() and one.suffix not in {".pdf", ".xlsx"}):
        text = path.read_text(encoding="utf-8")
        assert [place for place in places if place in text] == [], path.name
        assert not re.search(r"(?<![\w.:/])/(?:home|root|tmp|Users|work|usr|opt)/\w", text), path.name


def test_the_values_are_those_of_the_page(first: tuple[Copy, str]) -> None:
    folder = first[0].newest("data_quality/language-vi_region-VN")
    values = json.loads((folder / "values.json").read_text(encoding="utf-8"))
    told = "".join(check_page((folder / "report.html").read_text(encoding="utf-8"), "vi").text.split())
    assert values["headlines"]
    for headline in values["headlines"]:
        assert "".join(headline["text"].replace("**", "").split()) in told


def test_a_second_run_starts_no_kernel(copy: Copy) -> None:
    before = copy.versions
    said = copy.run()
    assert "3 reports: 0 made, 3 fresh, 0 failed" in said
    assert copy.versions == before
    assert not copy.kernels.exists()


BOTH_OF_GIA_LAI = {"data_quality/language-vi_region-34-52", "attainment/language-en_region-34-52"}


@pytest.mark.parametrize(
    ("row", "made"),
    [
        pytest.param(
            "5g_stations_n,34,52,2026-10,801,count", {"data_quality/language-vi_region-34-52"}, id="no target"
        ),
        pytest.param(
            "grdp_growth,34,52,2025,7.3,percent", BOTH_OF_GIA_LAI, id="a revised figure that a forecast reads"
        ),
        pytest.param(
            "grdp_growth,34,01,2024,6.5,percent", {"attainment/language-en_region-34-52"}, id="a region learnt from"
        ),
        pytest.param("grdp_growth,63,01,2024,6.5,percent", set(), id="a region of other boundaries"),
        pytest.param("gii_rank,VN,VN,2026,40,rank", {"data_quality/language-vi_region-VN"}, id="the nation"),
        pytest.param("dti_rank,63,01,2024,2,rank", set(), id="a province of no report"),
    ],
)
def test_a_new_figure_makes_just_the_reports_that_use_it_stale(copy: Copy, row: str, made: set[str]) -> None:
    before = copy.versions
    copy.publish(row)
    stale = [one for one in json.loads(copy.run("--json", command="plan")) if not one["fresh"]]
    assert {one["report"] for one in stale} == made
    assert all([reason["cause"] for reason in one["reasons"]] == ["data"] for one in stale)
    assert copy.versions == before
    assert not copy.kernels.exists()


def test_those_reports_and_no_other_are_made(copy: Copy) -> None:
    before = copy.versions
    copy.publish("grdp_growth,34,52,2025,7.3,percent")
    # what changed is divided over its causes in tests/reports/compare
    said = copy.run("--explain-seconds", "0")
    assert "3 reports: 2 made, 1 fresh, 0 failed" in said
    assert "new data: observations:" in said
    after = copy.versions
    assert {job for job in JOBS if after[job] != before[job]} == BOTH_OF_GIA_LAI
    for job in BOTH_OF_GIA_LAI:
        assert after[job][: len(before[job])] == before[job], "the earlier version stays"
        assert copy.newest(job).name == after[job][-1]
    assert copy.kernels.exists()
