"""A small project whose report is run for real, version by version, with everything kept that a version is made from."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from dxanalysis.data import slices
from dxanalysis.data.ingest import ingest
from dxanalysis.reports.compare.counterfactual import Run, Setting, present_code, record_of
from dxanalysis.reports.files import canonical, digest, read_json, write_json
from dxanalysis.reports.recording.record import Record
from dxanalysis.reports.versions.archive import keep_code, keep_store
from dxanalysis.reports.versions.digests import (
    Digests,
    code_digest,
    data_digest,
    parameters_digest,
    seed_digest,
)
from dxanalysis.reports.versions.storage import MANIFEST, RECORD, VALUES, Manifest, read_manifest, version_id
from reports.conftest import notebook_json
from trial import Archive

PARAMETERS = 'region: str = "63-64"\nlanguage: str = "en"\nhorizon: int = 2030\nseed: int = 0'
REPORT = """
from datetime import date
from dxanalysis.data import open_store
from dxanalysis.project import find_project
from dxanalysis.reports.recording.recorder import Recorder

store = open_store(find_project())
figures = store.observations(indicator="coverage", region=region)
values, last = list(figures["value"]), int(figures["period"].iloc[-1])
forecast = values[-1] + (values[-1] - values[-2]) * (horizon - last)
passed = store.has_passed(date(2026, 6, 30))
aims = store.targets(region=region)
r = Recorder()
r.meta(title="Coverage", language=language)
r.value("forecast", forecast, "percent", f"{forecast:.2f}")
r.value("gap", aims[0].value - forecast - passed, "points", "gap")
r.value("drawn", float(seed), "count", "drawn")
r.value("open", not passed, "", "yes")
r.table("figures", [{"year": int(p), "value": v} for p, v in zip(figures["period"], values)], "Figures",
        formatters={"value": lambda v: f"{v:.1f}"})
r.data_used(store.used())
"""
_RECORDS: dict[str, Record] = {}
ROW = "coverage,63,64,{year},{value},percent,{released},{released},{status},office,\n"
OLD_ROWS = "".join(
    ROW.format(year=year, value=value, released=f"{year + 1}-01-10", status="actual")
    for year, value in ((2022, 50), (2023, 52), (2024, 56))
)
REVISED = ROW.format(year=2024, value=55, released="2025-09-01", status="revised")
NEW = ROW.format(year=2025, value=56, released="2026-01-10", status="actual")


@dataclass(frozen=True, slots=True)
class TrialReport:
    """One report of a project in a temporary folder."""

    archive: Archive

    @property
    def root(self) -> Path:
        return self.archive.project.root

    @property
    def report(self) -> Path:
        return self.root / "reports" / "coverage" / "default"

    @property
    def setting(self) -> Setting:
        return Setting(
            project=self.root,
            reports=self.root / "reports",
            environment="e" * 64,
            name_vi="Thử",
            name_en='Trial "one"',
            timeout=60,
            modules=("dxanalysis.data.store", "dxanalysis.reports.recording.recorder"),
        )

    @property
    def package(self) -> Path:
        return self.root / "package"

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    def start(self) -> TrialReport:
        """Write the notebook, the code and the first figures."""
        self.package.mkdir()
        (self.package / "code.py").write_text("x = 1\n")
        (self.root / "requirements.lock").write_text("numpy==2.3\n")
        self.notebook()
        self.archive.observations(OLD_ROWS)
        return self

    def notebook(self, source: str = REPORT) -> None:
        self.notebooks.mkdir(exist_ok=True)
        write_json(self.notebooks / "coverage.ipynb", notebook_json(source, parameters=PARAMETERS))

    def _record(self, run: Run) -> Record:
        """What a run records; most tests begin with the same one."""
        content = [(run.store / slices.FILE).read_text(), (self.notebooks / "coverage.ipynb").read_text()]
        key = digest(canonical([*content, dict(run.parameters), run.seed, run.today.isoformat()]))
        if key not in _RECORDS:
            _RECORDS[key] = record_of(run, self.setting)
        return _RECORDS[key]

    def version(
        self,
        *,
        today: date = date(2026, 1, 31),
        seed: int = 0,
        parameters: Mapping[str, object] | None = None,
        environment: str = "",
    ) -> Path:
        """Make the report's next version from what the project holds now."""
        ingest(self.archive.raw, self.archive.processed)
        store = slices.current_store(self.archive.processed)
        assert store is not None
        given = dict(parameters or {})
        code = present_code((self.package,), self.notebooks)
        run = Run(notebook="coverage", code=code, store=store, parameters=given, seed=seed, today=today)
        record = self._record(run)
        digests = Digests(
            code=code_digest(self.notebooks / "coverage.ipynb", code.name),
            data=data_digest(record.data_used),
            parameters=parameters_digest(given),
            environment=environment or self.setting.environment,
            seed=seed_digest(seed),
        )
        number = 1 + len(list(self.report.glob("0*"))) if self.report.is_dir() else 1
        folder = self.report / version_id(number, digests)
        folder.mkdir(parents=True)
        manifest = Manifest(
            notebook="coverage",
            parameters=given,
            seed=seed,
            number=number,
            id=folder.name,
            digests=digests,
            data_used=dict(record.data_used),
            started="2026-01-31T01:00:00+00:00",
            finished="2026-01-31T01:00:05+00:00",
            seconds=5.0,
            versions={"python": "3.11.7"},
            outputs=(),
            store=keep_store(self.setting.reports, store),
            package=keep_code(self.setting.reports, (self.package,), self.notebooks),
            today=today.isoformat(),
        )
        write_json(folder / MANIFEST, manifest.to_plain())
        write_json(folder / RECORD, record.to_plain())
        write_json(folder / VALUES, record.summary())
        return folder


def altered(version: Path, **changed: object) -> Path:
    """Say something else in a version's manifest."""
    manifest = replace(read_manifest(version), **changed)  # type: ignore[arg-type]
    write_json(version / MANIFEST, manifest.to_plain())
    return version


def shifted(version: Path, name: str, amount: float) -> Path:
    """Let a version have recorded another number than its run did."""
    for file in (VALUES, RECORD):
        plain = read_json(version / file)
        for item in plain["values" if file == VALUES else "items"]:
            if item.get("name") == name:
                item["value"] += amount
        write_json(version / file, plain)
    return version


def elsewhere(setting: Setting) -> Setting:
    """The same setting where no run can end in time: whatever is answered was remembered."""
    return dataclasses.replace(setting, timeout=0.001)
