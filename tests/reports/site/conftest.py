"""A folder of reports that grows by versions, and the site's pages read back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from dxanalysis.reports.files import write_json
from dxanalysis.reports.planning.slugs import slug
from dxanalysis.reports.recording.record import Record
from dxanalysis.reports.versions import storage


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    (tmp_path / "reports").mkdir(exist_ok=True)
    return tmp_path / "reports"


@pytest.fixture
def add(reports: Path, make_manifest: Callable[..., storage.Manifest]) -> Callable[..., Path]:
    """Publish a version of a report from a record."""

    def publish(
        record: Record,
        notebook: str = "contribution",
        *,
        region: str = "34-52",
        data: str = "d",
        also: tuple[str, ...] = (),
        **changed: object,
    ) -> Path:
        parameters = {"region": region, "language": record.meta.language}
        report = reports / notebook / slug(parameters)
        folder = storage.begin(report)
        number = storage.next_number(report)
        manifest = make_manifest(number, notebook=notebook, parameters=parameters)
        digests = dataclasses.replace(manifest.digests, data=data)
        for name in (*storage.OUTPUTS, *also):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(name)
        write_json(folder / storage.VALUES, record.summary())
        write_json(folder / storage.RECORD, record.to_plain())
        manifest = dataclasses.replace(
            manifest,
            digests=digests,
            id=storage.version_id(number, digests),
            outputs=storage.describe_outputs(folder),
            **changed,
        )
        write_json(folder / storage.MANIFEST, manifest.to_plain())
        return storage.publish(report, folder, manifest)

    return publish


@pytest.fixture
def about() -> Callable[..., Record]:
    """A record about another region, in another language, or of another topic."""

    def make(record: Record, **changed: str) -> Record:
        return dataclasses.replace(record, meta=dataclasses.replace(record.meta, **changed))

    return make


@pytest.fixture
def fail() -> Callable[[Path], None]:
    """Leave the evidence of a failed run beside a report's versions."""

    def leave(report: Path) -> None:
        folder = storage.begin(report)
        (folder / storage.NOTEBOOK).write_text("{}")
        storage.keep_failure(report, folder, {"finished": "2025-03-04T00:00:00+00:00"})

    return leave
