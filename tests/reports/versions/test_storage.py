from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest

from dxanalysis.errors import ReportError
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.digests import Digests, parameters_digest, seed_digest
from dxanalysis.reports.versions.freshness import Freshness, Reason, is_fresh
from dxanalysis.reports.versions.lock import only_run
from dxanalysis.reports.versions.storage import Manifest

PARAMETERS = {"region": "VN"}


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "reports" / "contribution" / "region-VN"


def publish(report: Path, manifest: Manifest, **changes: str) -> Path:
    """Write and publish a version with small outputs."""
    number = storage.next_number(report)
    digests = Digests(
        **{
            "code": "c",
            "data": "d",
            "parameters": parameters_digest(PARAMETERS),
            "environment": "e",
            "seed": seed_digest(0),
            **changes,
        }
    )
    folder = storage.begin(report)
    for name in storage.OUTPUTS:
        (folder / name).write_text(f"{name} {number}")
    whole = dataclasses.replace(
        manifest,
        number=number,
        id=storage.version_id(number, digests),
        digests=digests,
        data_used={"a": "1", "b": "2"},
        outputs=storage.describe_outputs(folder),
    )
    storage.write_json(folder / storage.MANIFEST, whole.to_plain())
    return storage.publish(report, folder, whole)


def state(report: Path, **changes: object) -> Freshness:
    known = {"a": "1", "b": "2"}
    asked = {"code": "c", "parameters": PARAMETERS, "environment": "e", "seed": 0, "digest_of": known.get, **changes}
    return is_fresh(report, **asked)  # type: ignore[arg-type]


def test_a_version_is_in_place_whole_and_pointed_at(report: Path, make_manifest) -> None:
    first = publish(report, make_manifest())
    second = publish(report, make_manifest(), data="other")
    assert [path.name.split("-")[0] for path in storage.history(report)] == ["0001", "0002"]
    assert storage.latest(report) == second
    assert storage.read_manifest(second).number == 2
    assert storage.read_manifest(first).outputs[0].sha256
    assert sorted(p.name for p in report.iterdir()) == sorted([first.name, second.name, "latest"])


def test_fresh_while_nothing_changed(report: Path, make_manifest) -> None:
    publish(report, make_manifest())
    assert state(report).fresh
    assert str(state(report)) == "fresh"


@pytest.mark.parametrize(
    ("changes", "cause", "told"),
    [
        ({"digest_of": {"a": "1", "b": "new"}.get}, "data", "new data: b"),
        ({"digest_of": {"a": "1"}.get}, "data", "new data: b"),
        ({"code": "x"}, "code", "the code changed"),
        ({"parameters": {"region": "34-52"}}, "parameters", "the parameters changed"),
        ({"environment": "x"}, "environment", "the environment changed"),
        ({"seed": 1}, "seed", "the seed changed"),
    ],
)
def test_each_change_is_named(report: Path, make_manifest, changes: dict[str, object], cause: str, told: str) -> None:
    publish(report, make_manifest())
    found = state(report, **changes)
    assert [reason.cause for reason in found.reasons] == [cause]
    assert str(found) == told


def test_data_that_the_report_did_not_read_does_not_matter(report: Path, make_manifest) -> None:
    publish(report, make_manifest())
    assert state(report, digest_of={"a": "1", "b": "2", "c": "new"}.get).fresh


def test_many_keys_are_counted() -> None:
    assert str(Reason(cause="data", detail=("a", "b", "c", "d", "e"))) == "new data: a, b, c and 2 more"


def test_no_version_yet(report: Path) -> None:
    assert str(state(report)) == "first version"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda v: (v / "report.html").unlink(), "report.html is missing"),
        (lambda v: (v / "values.json").write_text("{}"), "values.json was changed"),
        (lambda v: (v / "manifest.json").unlink(), "the manifest cannot be read"),
        (lambda v: (v / "manifest.json").write_text("{"), "the manifest cannot be read"),
        (lambda v: (v / "manifest.json").write_text('{"schema": 1}'), "the manifest cannot be read"),
        (lambda v: (v / "manifest.json").write_text('{"schema": 99}'), "schema 99, expected 1"),
        (lambda v: v.rename(v.with_name("0007-00000000")), "first version"),
    ],
)
def test_a_damaged_version_is_not_fresh_and_says_why(report: Path, make_manifest, damage, told: str) -> None:
    damage(publish(report, make_manifest()))
    assert told in str(state(report))


def test_a_manifest_of_another_version_is_damage(report: Path, make_manifest) -> None:
    version = publish(report, make_manifest())
    plain = json.loads((version / "manifest.json").read_text())
    (version / "manifest.json").write_text(json.dumps({**plain, "id": "0009-00000000"}))
    with pytest.raises(ReportError, match="the manifest belongs to version 0009-00000000"):
        storage.read_manifest(version)


def test_a_manifest_that_lists_no_output_is_damage(report: Path, make_manifest) -> None:
    version = publish(report, make_manifest())
    plain = json.loads((version / "manifest.json").read_text())
    (version / "manifest.json").write_text(json.dumps({**plain, "outputs": []}))
    assert "does not list the outputs" in str(state(report))


@pytest.mark.parametrize("pointer", ["../../..", "0001-XYZ", "", "\x00", "0099-00000000"])
def test_a_pointer_elsewhere_is_no_version(report: Path, make_manifest, pointer: str) -> None:
    publish(report, make_manifest())
    (report / "latest").write_text(pointer)
    assert storage.latest(report) is None


def test_a_failure_leaves_the_good_version_and_the_next_success_clears_it(report: Path, make_manifest) -> None:
    good = publish(report, make_manifest())
    for attempt in (1, 2):
        folder = storage.begin(report)
        (folder / storage.NOTEBOOK).write_text("half")
        (folder / storage.PAGE).write_text("half")
        storage.keep_failure(report, folder, {"error": f"E{attempt}"})
        assert storage.latest(report) == good
        assert sorted(p.name for p in (report / "failed").iterdir()) == ["error.json", storage.NOTEBOOK]
        assert storage.failure(report) == {"schema": 1, "error": f"E{attempt}"}
    publish(report, make_manifest(), data="other")
    assert storage.failure(report) is None


def test_evidence_that_cannot_be_read_is_still_a_failure(report: Path) -> None:
    (report / "failed").mkdir(parents=True)
    assert storage.failure(report) == {"error": "the evidence of the failed run cannot be read"}


def test_recovery_removes_what_was_being_written_and_finishes_a_pointer(report: Path, make_manifest) -> None:
    first = publish(report, make_manifest())
    second = publish(report, make_manifest(), data="other")
    (report / "latest").write_text(first.name)
    left = storage.begin(report)
    (left / "half").write_text("x")
    (report.parents[1] / ".tmp-file").write_text("x")
    storage.recover(report.parents[1])
    assert storage.latest(report) == second
    assert not list(report.parents[1].rglob(".tmp-*"))
    assert first.is_dir()


def test_recovery_follows_no_link(report: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "keep").write_text("x")
    report.mkdir(parents=True)
    (report / ".tmp-link").symlink_to(outside)
    storage.recover(report.parents[1])
    assert (outside / "keep").exists()
    assert not (report / ".tmp-link").is_symlink()


def test_one_run_at_a_time(tmp_path: Path) -> None:
    told = pytest.raises(ReportError, match=r"another run is writing to the reports folder\. Wait")
    with only_run(tmp_path), told, only_run(tmp_path):
        pass
    with only_run(tmp_path):
        pass


def test_asking_loads_no_notebook_or_data_library() -> None:
    code = (
        "import sys, dxanalysis.reports.versions.freshness, dxanalysis.reports.versions.digests, dxanalysis.reports.planning.plan\n"
        "import dxanalysis.reports.batch.make, dxanalysis.reports.batch.run\n"
        "heavy = {'pandas', 'numpy', 'nbformat', 'papermill', 'nbclient', 'matplotlib', 'jinja2', 'IPython', 'zmq'}\n"
        "found = heavy & set(sys.modules)\n"
        "sys.exit(str(sorted(found)) if found else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
