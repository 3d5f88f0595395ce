"""Fixtures: a trial archive, and the project's own figures in a temporary folder."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from dxanalysis import cli
from dxanalysis.project import Project, find_project
from dxanalysis.reports.engine.grammars import when_asked
from trial import INDICATORS, MERGERS, REGIONS, ROOT, ROWS, SOURCES, SPELLINGS, TARGETS, Archive, Command, Said

# as batches do: the grammars of addresses take seconds in each process, and only one test looks at them
with when_asked():
    import nbformat  # noqa: F401

# a slow machine is no fault of the code: no test holds a clock
settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")


@pytest.fixture
def make_archive(tmp_path: Path) -> Callable[[str], Archive]:
    def make(name: str = "project") -> Archive:
        root = tmp_path / name
        root.mkdir()
        (root / "dxanalysis.toml").write_text('[project]\nname_vi = "Thử"\nname_en = "Trial"\n', encoding="utf-8")
        archive = Archive(find_project(root))
        archive.raw.mkdir(parents=True)
        archive.write("indicators.csv", INDICATORS)
        archive.write("regions.csv", REGIONS)
        archive.write("region_spellings.csv", SPELLINGS)
        archive.write("mergers.csv", MERGERS)
        archive.write("sources.csv", SOURCES)
        archive.observations(ROWS)
        archive.targets(TARGETS)
        return archive

    return make


@pytest.fixture
def archive(make_archive: Callable[[str], Archive]) -> Archive:
    return make_archive("project")


@pytest.fixture
def dx(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command ``dxanalysis``, in this process."""
    monkeypatch.setenv("COLUMNS", "250")
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["dxanalysis", *map(str, arguments)])
        code: object = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = stop.code or 0
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        assert isinstance(code, int)
        return Said(code, said.out, said.err)

    return run


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Chromium of this machine: needed where tests must be complete, asked for politely elsewhere."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    if os.environ.get("CI"):
        pytest.fail("Chromium is absent; .ci/run installs it")
    pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")


@pytest.fixture(scope="session")
def pdftotext() -> str:
    """Poppler's reader of PDF text: a second opinion beside the library's."""
    found = shutil.which("pdftotext")
    if found is not None:
        return found
    if os.environ.get("CI"):
        pytest.fail("pdftotext is absent; .ci/run installs it")
    pytest.skip("pdftotext is not installed (Debian: apt-get install poppler-utils)")


@pytest.fixture(scope="session")
def real_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project's own raw figures with a store in a temporary folder."""
    root = tmp_path_factory.mktemp("real")
    (root / "dxanalysis.toml").write_text((ROOT / "dxanalysis.toml").read_text(encoding="utf-8"), encoding="utf-8")
    (root / "data").mkdir()
    shutil.copytree(ROOT / "data" / "raw", root / "data" / "raw")
    return find_project(root)
