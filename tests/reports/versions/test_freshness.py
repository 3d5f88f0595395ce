"""What "is it fresh?" looks at, and what it costs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import shelf
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.digests import Digests, data_digest, parameters_digest, seed_digest
from dxanalysis.reports.versions.freshness import Freshness, is_fresh
from dxanalysis.reports.versions.manifest import manifest_text

KNOWN = {"figures/VN": "1", "figures/34-52": "7"}


@pytest.fixture
def version(tmp_path: Path) -> Path:
    return shelf.publish(tmp_path / "contribution" / "region-VN")


def state(version: Path) -> Freshness:
    return is_fresh(version.parent, code="c", parameters=shelf.PARAMETERS, environment="e", seed=0, digest_of=KNOWN.get)


def test_a_version_with_every_kind_of_output_is_fresh(version: Path) -> None:
    assert state(version).fresh


@pytest.mark.parametrize(
    ("meddle", "told"),
    [
        (lambda v: (v / "report.pdf").unlink(), "the last version is damaged: report.pdf is missing"),
        (lambda v: (v / "report.xlsx").write_text("longer than it was, by far, in every respect"), "report.xlsx was changed"),
        (lambda v: (v / "tables" / "shares.csv").write_text(""), "tables/shares.csv was changed"),
        (lambda v: shutil.rmtree(v / "tables"), "tables/shares.csv is missing"),
        (lambda v: (v / "tables" / "more.csv").write_text(""), "tables/more.csv does not belong to it"),
        (lambda v: (v / "report.pdf").unlink() or (v / "report.pdf").symlink_to(v / "report.html"), "report.pdf was changed"),
        (lambda v: (v / "report.pdf").unlink() or (v / "report.pdf").mkdir(), "report.pdf is missing"),
        (lambda v: (v / "manifest.json").write_text("[]"), "the manifest cannot be read"),
        (lambda v: (v / "manifest.json").write_text(json.dumps({"schema": 1, "id": v.name})), "the manifest cannot be read"),
        (lambda v: (v / "manifest.json").write_bytes(b"[" * 100_000), "the manifest cannot be read"),
        (
            lambda v: (v / "manifest.json").write_text((v / "manifest.json").read_text().replace('"outputs": [', '"outputs": [3, ')),
            "the manifest cannot be read",
        ),
    ],
)  # fmt: skip
def test_what_is_missing_of_another_size_or_extra_is_damage(version: Path, meddle, told: str) -> None:
    meddle(version)
    found = state(version)
    assert [reason.cause for reason in found.reasons] == ["damaged"]
    assert told in str(found)


def test_several_changes_are_all_told(version: Path) -> None:
    found = is_fresh(version.parent, code="x", parameters={}, environment="y", seed=9, digest_of={}.get)
    assert [reason.cause for reason in found.reasons] == ["data", "code", "parameters", "environment", "seed"]
    assert found.reasons[0].detail == ("figures/34-52", "figures/VN")


ASK = """
import sys, time
from pathlib import Path
began = time.process_time()
from dxanalysis.reports.versions.freshness import is_fresh
from dxanalysis.reports.versions.modules import CodeDigests
known = {f"slice:{n}": f"{n:016x}" for n in range(145)}
fresh = 0
for report in Path(sys.argv[1]).iterdir():
    state = is_fresh(report, code="c", parameters={"region": report.name}, environment="e", seed=0, digest_of=known.get)
    fresh += state.fresh
print(fresh, time.process_time() - began)
heavy = {"pandas", "numpy", "nbformat", "papermill", "nbclient", "jinja2", "IPython", "pyarrow", "jsonschema"} & set(sys.modules)
assert not heavy, heavy
"""


def test_a_thousand_reports_are_asked_in_less_than_a_second_without_a_heavy_library(tmp_path: Path) -> None:
    """A third of them here, in a third of the time; what other work the machine does is not counted."""
    folder, manifest = shelf.written(tmp_path / "one" / "report")
    data = {f"slice:{n}": f"{n:016x}" for n in range(145)}
    home = tmp_path / "many"
    for number in range(334):
        name = f"region-{number}"
        digests = Digests(
            code="c",
            data=data_digest(data),
            parameters=parameters_digest({"region": name}),
            environment="e",
            seed=seed_digest(0),
        )
        whole = replace(
            manifest, id=storage.version_id(1, digests), digests=digests, data_used=data, parameters={"region": name}
        )
        version = home / name / whole.id
        shutil.copytree(folder, version)
        (version / storage.MANIFEST).write_text(manifest_text(whole.to_plain()), encoding="utf-8")
        (home / name / "latest").write_text(whole.id)
    done = subprocess.run([sys.executable, "-c", ASK, str(home)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    fresh, seconds = done.stdout.split()
    assert fresh == "334"
    assert float(seconds) < 1 / 3 + 0.25, "a quarter of a second for loading Python's own modules"
