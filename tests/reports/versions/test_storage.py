from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import shelf
from dxanalysis.errors import ReportError
from dxanalysis.reports.versions import publishing, storage
from dxanalysis.reports.versions.digests import Digests, parameters_digest, seed_digest
from dxanalysis.reports.versions.freshness import Freshness, Reason, is_fresh
from dxanalysis.reports.versions.lock import only_run
from dxanalysis.reports.versions.storage import Manifest
from dxanalysis.reports.versions.verify import check

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


def test_a_version_that_is_not_there_is_told(report: Path) -> None:
    with pytest.raises(ReportError, match=r"0001-3fa9c2d1: there is no such version\. dxanalysis versions lists them\."):
        storage.read_manifest(report / "0001-3fa9c2d1")


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
    told = storage.recover(report.parents[1])
    assert told == (
        "contribution/region-VN: what a stopped run had begun was removed",
        f"contribution/region-VN: version {second.name} was whole and is the current one now",
    )
    assert storage.recover(report.parents[1]) == ()
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


def test_a_run_on_another_machine_is_left_alone_for_a_day(report: Path) -> None:
    folder = report / ".tmp-00000000-0123456789ab"
    folder.mkdir(parents=True)
    claim = report / ".tmp-number-0003"
    claim.write_text("00000000 digest")
    assert storage.recover(report.parents[1]) == ()
    assert folder.is_dir()
    assert claim.exists()
    before = time.time() - 90_000
    for path in (folder, claim):
        os.utime(path, (before, before))
    assert storage.recover(report.parents[1]) == ("contribution/region-VN: what a stopped run had begun was removed",)
    assert list(report.iterdir()) == []


def test_the_same_version_twice_is_one(report: Path, make_manifest) -> None:
    first = publish(report, make_manifest())
    assert publish(report, make_manifest()) == first
    assert storage.history(report) == (first,)
    assert not list(report.glob(".tmp-*"))


def test_a_run_that_was_asked_for_makes_a_version_of_its_own(report: Path, make_manifest) -> None:
    publish(report, make_manifest())
    asked = dataclasses.replace(make_manifest(), reasons=({"cause": "forced", "detail": ()},))
    assert publish(report, asked).name.startswith("0002-")


def test_a_damaged_version_is_made_again_under_the_next_number(report: Path, make_manifest) -> None:
    first = publish(report, make_manifest())
    (first / storage.PAGE).write_text("x" * len("report.html 1"))  # of the same size
    second = publish(report, make_manifest())
    assert second.name == first.name.replace("0001", "0002")
    assert storage.latest(report) == second


def test_figures_that_go_back_to_what_they_were_make_a_new_version(report: Path, make_manifest) -> None:
    names = [publish(report, make_manifest(), data=data).name[:4] for data in ("a", "b", "a")]
    assert names == ["0001", "0002", "0003"]


def test_a_number_that_was_taken_meanwhile_gives_the_next_and_the_outputs_are_told(report: Path) -> None:
    ours, manifest = shelf.written(report, data="1")
    theirs = shelf.publish(report, data="2")
    assert manifest.id.startswith("0001-")

    def renumber(folder: Path, new: Manifest) -> Manifest:
        (folder / storage.PAGE).write_text(f"version {new.number}")
        return dataclasses.replace(new, outputs=storage.describe_outputs(folder))

    placed = storage.publish(report, ours, manifest, renumber=renumber)
    assert (theirs.name[:4], placed.name[:4]) == ("0001", "0002")
    assert (placed / storage.PAGE).read_text() == "version 2"
    assert check(placed).faults == ()
    assert storage.latest(report) == placed


def test_a_number_claimed_by_a_run_that_died_is_passed_over(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "_PATIENCE", 0.1)
    report.mkdir(parents=True)
    (report / ".tmp-number-0001").write_text("00000000 digest")
    placed = shelf.publish(report)
    assert placed.name.startswith("0002-")
    assert storage.read_manifest(placed).number == 2


PUBLISH = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import shelf
from dxanalysis.reports.versions import storage
report, data, go = Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4])
ready = []
for turn in range(int(sys.argv[5])):
    folder, manifest = shelf.written(report, data=f"{data}{turn}", number=turn + 1)
    ready.append((folder, manifest))
(go.parent / f"ready-{sys.argv[6]}").touch()
while not go.exists():
    pass
for folder, manifest in ready:
    print(storage.publish(report, folder, manifest).name)
"""


def published_at_once(report: Path, tmp_path: Path, data: list[str], turns: int) -> list[list[str]]:
    """Several processes publish versions of the same report at the same time; nobody holds a lock."""
    script, go = tmp_path / "publish.py", tmp_path / "go"
    script.write_text(PUBLISH)
    running = [
        subprocess.Popen(
            [sys.executable, script, str(Path(shelf.__file__).parent), report, one, go, str(turns), str(place)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for place, one in enumerate(data)
    ]
    end = time.monotonic() + 60
    while len(list(tmp_path.glob("ready-*"))) < len(data) and time.monotonic() < end:
        time.sleep(0.02)
    go.touch()
    said = [process.communicate(timeout=60) for process in running]
    assert [(process.returncode, errors) for process, (_, errors) in zip(running, said, strict=True)] == [
        (0, "")
    ] * len(data)
    return [out.split() for out, _ in said]


def test_two_runs_of_the_same_at_the_same_time_end_in_one_version(report: Path, tmp_path: Path) -> None:
    one, other = published_at_once(report, tmp_path, ["a", "a"], 6)
    assert one == other
    assert [version.name for version in storage.history(report)] == one
    assert [name[:4] for name in one] == [f"000{n}" for n in range(1, 7)]
    assert storage.latest(report) == storage.history(report)[-1]
    assert sorted(path.name for path in report.iterdir()) == sorted([*one, "latest"])
    assert all(check(version).whole for version in storage.history(report))


def test_runs_of_different_content_at_the_same_time_get_numbers_of_their_own(report: Path, tmp_path: Path) -> None:
    names = [name for said in published_at_once(report, tmp_path, ["a", "b", "c"], 4) for name in said]
    assert sorted(name[:4] for name in names) == [f"{n:04d}" for n in range(1, 13)]
    versions = storage.history(report)
    assert sorted(version.name for version in versions) == sorted(names)
    assert all(check(version).whole for version in versions)
    assert storage.latest(report) == versions[-1]
    assert not list(report.glob(".tmp-*"))


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
