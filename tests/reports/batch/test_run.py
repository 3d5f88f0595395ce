"""Whole runs with real kernels: what is made, what is left alone, what a failure does."""

from __future__ import annotations

import dataclasses
import getpass
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from dxanalysis.errors import ParameterError, ReportError
from dxanalysis.reports.batch.make import make
from dxanalysis.reports.batch.progress import OnConsole
from dxanalysis.reports.batch.run import RunResult, Settings
from dxanalysis.reports.planning.plan import Job, plan
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.lock import only_run
from reports.page_rules import check_page

pytestmark = pytest.mark.slow

REPORT = """
from pathlib import Path
from dxanalysis.reports.recording.recorder import Recorder
with Path("kernels.log").open("a") as log: print(region, language, seed, file=log)
r = Recorder()
r.meta(title="Báo cáo " + region, language=language, group=region, group_id=region, data_until="2025-01-06")
r.headline("share", "12,66 %", "good")
r.data_used({f"figures/{region}": Path(f"{region}.csv").read_text()})
"""
BROKEN = "raise ValueError('không có số liệu trong ' + __import__('os').getcwd())"
DIGESTS = {"figures/VN": "1", "figures/34-52": "1"}


@pytest.fixture
def jobs(make_notebook, settings: Settings) -> tuple[Job, ...]:
    parameters = 'region: str = "VN"\nlanguage: str = "vi"\nseed: int = 0'
    make_notebook("contribution", REPORT, parameters=parameters)
    make_notebook("broken", BROKEN, parameters=parameters)
    for region in ("VN", "34-52"):
        (settings.project / f"{region}.csv").write_text("1")
    report = {
        "jobs": [
            {"notebook": "contribution", "region": ["VN", "34-52"], "language": "vi"},
            {"notebook": "broken", "region": "VN"},
        ]
    }
    return plan(report, settings.notebooks, seed=17)


def outcome(result: RunResult) -> list[str]:
    return [f"{one.job.notebook} {one.job.parameters['region']}: {one.status}" for one in result.results]


def started(settings: Settings) -> list[str]:
    log = settings.project / "kernels.log"
    lines = sorted(log.read_text().splitlines()) if log.exists() else []
    log.unlink(missing_ok=True)
    return lines


def test_a_life_of_reports(jobs: tuple[Job, ...], settings: Settings, make_notebook) -> None:
    digests = dict(DIGESTS)
    out = StringIO()
    progress = OnConsole(Console(file=out, width=200))

    # First run: everything is made, the broken one fails and stops nobody.
    result = make(jobs, settings, digest_of=digests.get, progress=progress)
    assert outcome(result) == ["contribution VN: made", "contribution 34-52: made", "broken VN: failed"]
    assert not result.ok
    assert started(settings) == ["34-52 vi 17", "VN vi 17"]
    assert "to make  contribution (language=vi, region=VN): first version" in out.getvalue()
    told = "\n".join(result.lines())
    assert "3 reports: 2 made, 0 fresh, 1 failed" in told
    assert "FAILED broken (region=VN)\n  code cell 2 (raise ValueError" in told
    assert (
        "ValueError: không có số liệu trong .\n  There is no earlier version. See reports/broken/region-VN/failed/"
        in told
    )
    evidence = json.loads((settings.reports / "broken/region-VN/failed/error.json").read_text(encoding="utf-8"))
    assert (evidence["notebook"], evidence["cell"], evidence["error"]) == ("broken", 2, "ValueError")

    nation = settings.reports / "contribution/language-vi_region-VN"
    version = storage.latest(nation)
    assert version is not None
    manifest = storage.read_manifest(version)
    assert {p.name for p in version.iterdir()} >= {*storage.OUTPUTS, storage.MANIFEST}
    assert manifest.reasons == ({"cause": "new", "detail": []},)
    assert (settings.reports / ".archive" / "code" / f"{manifest.package}.zip").is_file()
    assert (manifest.parameters, manifest.seed, manifest.number) == ({"language": "vi", "region": "VN"}, 17, 1)
    assert manifest.data_used == {"figures/VN": "1"}
    assert manifest.started <= manifest.finished
    check_page((version / storage.PAGE).read_text(encoding="utf-8"), "vi")
    assert (settings.reports / "index.html").is_file()
    assert (settings.reports / "index.en.html").is_file()
    for path in settings.reports.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for trace in (str(settings.project), str(Path.home()) + "/", f"/{getpass.getuser()}/", "site-packages"):
                assert trace.encode() not in content, path

    # Second run, without the broken one: no kernel at all.
    good = jobs[:2]
    before = sorted(settings.reports.rglob("*/manifest.json"))
    result = make(good, settings, digest_of=digests.get)
    assert outcome(result) == ["contribution VN: fresh", "contribution 34-52: fresh"]
    assert result.ok
    assert started(settings) == []
    assert sorted(settings.reports.rglob("*/manifest.json")) == before

    stamps = {p: p.stat().st_mtime_ns for p in settings.reports.glob("*.html")}
    assert {"failures.html", "failures.en.html", "index.html"} <= {p.name for p in stamps}, (
        "one has failed, and was not asked for"
    )
    make(good, settings, digest_of=digests.get)
    assert {p: p.stat().st_mtime_ns for p in settings.reports.glob("*.html")} == stamps, (
        "nothing changed, nothing is written"
    )
    (settings.reports / "index.html").unlink()
    make(good, settings, digest_of=digests.get)
    assert (settings.reports / "index.html").is_file()

    # One figure more: exactly the report that reads it.
    digests["figures/34-52"] = "2"
    (settings.project / "34-52.csv").write_text("2")
    result = make(good, settings, digest_of=digests.get)
    assert outcome(result) == ["contribution VN: fresh", "contribution 34-52: made"]
    assert str(result.results[1].freshness) == "new data: figures/34-52"
    assert started(settings) == ["34-52 vi 17"]
    province = settings.reports / "contribution/language-vi_region-34-52"
    assert [path.name[:4] for path in storage.history(province)] == ["0001", "0002"]

    # The notebook breaks: the good versions stay, the index tells it.
    make_notebook("contribution", BROKEN, parameters='region: str = "VN"\nlanguage: str = "vi"\nseed: int = 0')
    result = make(good, settings, digest_of=digests.get)
    assert outcome(result) == ["contribution VN: failed", "contribution 34-52: failed"]
    assert storage.latest(nation) == version
    assert (version / storage.PAGE).is_file()
    assert result.lines()[3] == (
        f"  Version {version.name} stays in place. See reports/contribution/language-vi_region-VN/failed/notebook.ipynb, "
        "repair the notebook or its data, and run again."
    )
    assert "đang hiển thị phiên bản trước đó" in (settings.reports / "index.html").read_text(encoding="utf-8")

    # Repaired as it was: what stands is not run again, and nothing is flagged any more.
    make_notebook("contribution", REPORT, parameters='region: str = "VN"\nlanguage: str = "vi"\nseed: int = 0')
    result = make(good, settings, digest_of=digests.get)
    assert outcome(result) == ["contribution VN: fresh", "contribution 34-52: fresh"]
    assert not (nation / "failed").exists()
    assert "đang hiển thị phiên bản trước đó" not in (settings.reports / "index.html").read_text(encoding="utf-8")
    assert not list(settings.reports.rglob(".tmp-*"))
    journals = sorted((settings.reports / ".journal").glob("*.jsonl"))
    events = [json.loads(line)["event"] for line in journals[0].read_text(encoding="utf-8").splitlines()]
    assert sorted(events) == ["ended", "failed", "made", "made", "planned", "started", "started", "started"]


def test_a_notebook_that_records_badly_fails_alone(make_notebook, settings: Settings) -> None:
    make_notebook("silent", "x = 1")
    make_notebook(
        "french",
        "from dxanalysis.reports.recording.recorder import Recorder\nRecorder().meta(title='a', language='fr')",
    )
    # Any executor will do: here threads of this very process.
    with ThreadPoolExecutor(2) as executor:
        result = make(
            [Job(notebook=name, parameters={}) for name in ("silent", "french")],
            settings,
            digest_of={}.get,
            executor=executor,
        )
    told = [str(one.failure) for one in result.results]
    assert told[0].startswith("ReportError: the notebook recorded no title")
    assert told[1].startswith("ReportError: the report's language is 'fr'. Languages with labels: vi, en")


def test_nothing_runs_while_the_plan_has_a_fault(jobs: tuple[Job, ...], settings: Settings) -> None:
    bad = dataclasses.replace(jobs[0], parameters={"region": "../VN", "k=1;open('x','w')#": "1"})
    with pytest.raises(ParameterError, match="faults of the report plan: 2"):
        make([*jobs, bad], settings, digest_of=DIGESTS.get)
    assert started(settings) == []
    assert not settings.reports.exists()


def test_a_second_run_at_the_same_time_is_refused(jobs: tuple[Job, ...], settings: Settings) -> None:
    with only_run(settings.reports), pytest.raises(ReportError, match="another run is writing"):
        make(jobs, settings, digest_of=DIGESTS.get)


def test_what_a_stopped_run_made_is_told_of_by_the_next(jobs: tuple[Job, ...], settings: Settings) -> None:
    nation = jobs[:1]
    make(nation, settings, digest_of=DIGESTS.get)
    (settings.project / "VN.csv").write_text("2")
    made = make(nation, settings, digest_of={"figures/VN": "2"}.get)
    assert [(one.version[:4], one.failure) for one in made.explained] == [("0002", "")]
    told = settings.reports / jobs[0].folder / "changes"
    shutil.rmtree(told)  # as a run leaves it that was stopped between making and telling
    started(settings)
    again = make(nation, settings, digest_of={"figures/VN": "2"}.get)
    assert outcome(again) == ["contribution VN: fresh"]
    assert [one.version[:4] for one in again.explained] == ["0002"]
    assert len(list(told.glob("0002-*/changes.html"))) == 1
    assert make(nation, settings, digest_of={"figures/VN": "2"}.get).explained == ()
    assert started(settings) == []
