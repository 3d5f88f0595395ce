"""The store is a pure function of data/raw, built whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import frictionless
import pytest

from dxanalysis.data import open_store
from dxanalysis.data.ingest import ingest
from dxanalysis.data.sources import DESCRIPTOR
from dxanalysis.data.turns import turn
from dxanalysis.errors import DataError, ParameterError
from dxanalysis.project import Project
from trial import ROOT, ROWS, Archive

# Made for the archive itself: what they say is about figures whose sources stand with the figures.
COMPILED = {"indicators.csv", "region_spellings.csv", "sources.csv"}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_same_raw_same_bytes(real_project: Project, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    ingest(real_project.raw, first)
    ingest(real_project.raw, second)
    assert contents(first) == contents(second)
    assert contents(first)


def test_the_store_does_not_depend_on_the_way_it_came_about(make_archive: Callable[[str], Archive]) -> None:
    direct, detour = make_archive("direct"), make_archive("detour")
    ingest(direct.raw, direct.processed)
    detour.observations(ROWS.replace("55.5", "12"))
    ingest(detour.raw, detour.processed)
    detour.observations(ROWS)
    # The descriptors list the files in another order now, as their history went.
    (detour.raw / DESCRIPTOR).write_bytes((direct.raw / DESCRIPTOR).read_bytes())
    ingest(detour.raw, detour.processed)
    assert contents(direct.processed) == contents(detour.processed)


def test_nothing_is_read_when_nothing_changed(archive: Archive) -> None:
    first = ingest(archive.raw, archive.processed)
    again = ingest(archive.raw, archive.processed)
    assert first.changed
    assert not again.changed
    assert again.files_read == ()
    assert again.digest == first.digest


def test_only_files_whose_hash_changed_are_read(archive: Archive) -> None:
    ingest(archive.raw, archive.processed)
    archive.observations(
        "growth,34,52,2024,5.5,percent,2025-01-05,2025-01-05,estimate,office,\n", path="observations/more.csv"
    )
    result = ingest(archive.raw, archive.processed)
    assert result.files_read == ("observations/more.csv",)
    assert "observations/figures.csv" in result.files_reused
    assert open_store(archive.project).observations(indicator="growth")["value"].tolist() == [5.5, 7.2]


def test_a_change_of_the_catalogue_reads_the_figures_anew(archive: Archive) -> None:
    ingest(archive.raw, archive.processed)
    text = (archive.raw / "indicators.csv").read_text().replace("Coverage,Tỷ lệ", "Reach,Tỷ lệ")
    archive.write("indicators.csv", text)
    assert set(ingest(archive.raw, archive.processed).files_read) >= {"indicators.csv", "observations/figures.csv"}


@pytest.mark.slow
@pytest.mark.parametrize("moment", [0.0, 0.4, 0.8, 0.9, 1.0, 1.05, 1.1, 1.15, 1.2, 1.3])
def test_killed_at_any_moment_the_store_is_the_old_one_or_the_new_one(archive: Archive, moment: float) -> None:
    old = ingest(archive.raw, archive.processed)
    more = "".join(
        f"level,63,64,{1900 + i},{i},bn_vnd,2023-01-10,2023-01-10,actual,office,\n" for i in range(1, 123)
    )
    archive.observations(more, path="observations/more.csv")
    code = "import sys, pathlib; from dxanalysis.data.ingest import ingest; ingest(*map(pathlib.Path, sys.argv[1:]))"
    process = subprocess.Popen([sys.executable, "-c", code, str(archive.raw), str(archive.processed)])
    time.sleep(moment)
    process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    process.wait()
    count = len(open_store(archive.project).observations())
    assert count in {old.n_observations, old.n_observations + 122}
    new = ingest(archive.raw, archive.processed)
    assert new.n_observations == old.n_observations + 122
    left = {path.name for path in archive.processed.iterdir()}
    assert left == {"CURRENT", "parts", new.digest, ".ingest.lock"}


def test_who_finds_the_store_out_of_date_at_the_same_time_waits_for_the_other(archive: Archive) -> None:
    more = "".join(
        f"level,63,64,{year},{year},bn_vnd,2023-01-10,2023-01-10,actual,office,\n" for year in range(1901, 2023)
    )
    archive.observations(more, path="observations/more.csv")
    code = "import sys, pathlib; from dxanalysis.data.ingest import ingest; print(ingest(*map(pathlib.Path, sys.argv[1:])).digest)"
    command = [sys.executable, "-c", code, str(archive.raw), str(archive.processed)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    said = [process.communicate(timeout=100) for process in running]
    assert {process.returncode for process in running} == {0}, said
    assert {out for out, _ in said} == {f"{ingest(archive.raw, archive.processed).digest}\n"}


def test_a_turn_that_does_not_come_is_told(tmp_path: Path) -> None:
    with (
        turn(tmp_path / "processed", "ingest"),
        turn(tmp_path / "processed", "add"),
        pytest.raises(ParameterError, match=r"processed: somebody else is writing there\. Wait for it to end, or stop it\."),
        turn(tmp_path / "processed", "ingest", patience=0.2),
    ):
        pass
    with turn(tmp_path / "processed", "ingest", patience=0):
        pass


def test_a_registry_that_is_not_read_is_the_only_fault(archive: Archive) -> None:
    with (archive.raw / "indicators.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    with pytest.raises(DataError) as error:
        ingest(archive.raw, archive.processed)
    (fault,) = error.value.faults
    assert fault.file == "indicators.csv"
    assert fault.hint == "Restore it, or register it anew with: dxanalysis add data/raw/indicators.csv"


def test_the_projects_own_figures_are_sound(real_project: Project, tmp_path: Path) -> None:
    result = ingest(real_project.raw, tmp_path / "processed")
    assert result.n_observations > 900
    assert result.n_targets == 132


def test_the_descriptor_is_a_valid_data_package() -> None:
    package = frictionless.Package(str(ROOT / "data/raw" / DESCRIPTOR))
    report = package.validate()
    assert report.valid, report.flatten(["type", "message"])[:5]
    for resource in package.resources:
        described = resource.to_dict()
        assert described["title"]
        assert described["title_vi"]
        assert described.get("sources") or described["path"] in COMPILED
        assert described["licenses"]
        assert described["retrieved"]


@pytest.mark.parametrize("name", ["observations.parquet", "catalogue.json", "slices.json", "store.json"])
@pytest.mark.parametrize("damage", ["altered", "absent"])
def test_a_damaged_store_is_built_again(archive: Archive, name: str, damage: str) -> None:
    digest = ingest(archive.raw, archive.processed).digest
    before = contents(archive.processed)
    file = archive.processed / digest / name
    if damage == "absent":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-3] + b"xyz")
    assert len(open_store(archive.project).observations()) == 3
    assert contents(archive.processed) == before
    assert not ingest(archive.raw, archive.processed).changed
