"""Versions of reports as runs leave them, with small outputs, for tests of what is done with versions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dxanalysis.reports.files import write_json
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.digests import Digests, data_digest, parameters_digest, seed_digest
from dxanalysis.reports.versions.storage import Manifest

PARAMETERS = {"region": "34-52", "language": "vi"}


def digests_of(data: dict[str, str], code: str = "c") -> Digests:
    return Digests(
        code=code,
        data=data_digest(data),
        parameters=parameters_digest(PARAMETERS),
        environment="e",
        seed=seed_digest(0),
    )


def written(
    report: Path, *, data: str = "1", code: str = "c", number: int | None = None, **facts: object
) -> tuple[Path, Manifest]:
    """A version in its temporary folder, ready to be published."""
    used = {"figures/VN": data, "figures/34-52": "7"}
    digests = digests_of(used, code)
    number = number or storage.next_number(report)
    folder = storage.begin(report)
    for name in (storage.NOTEBOOK, storage.PAGE, storage.RECORD, storage.PDF, storage.WORKBOOK):
        (folder / name).write_text(f"{name} {data} {code} số liệu", encoding="utf-8")
    write_json(folder / storage.VALUES, {"headlines": [{"text": f"Tỷ trọng **{data} %**"}], "meta": {}})
    (folder / storage.TABLES).mkdir()
    (folder / storage.TABLES / "shares.csv").write_text("a,b\n1,2\n")
    manifest = Manifest(
        notebook="contribution",
        parameters=PARAMETERS,
        seed=0,
        number=number,
        id=storage.version_id(number, digests),
        digests=digests,
        data_used=used,
        started="2025-02-03T01:00:00+00:00",
        finished="2025-02-03T01:00:05+00:00",
        seconds=5.0,
        versions={"python": "3.11.7"},
        outputs=storage.describe_outputs(folder),
    )
    manifest = replace(manifest, **facts)  # type: ignore[arg-type]
    write_json(folder / storage.MANIFEST, manifest.to_plain())
    return folder, manifest


def publish(report: Path, *, data: str = "1", code: str = "c", **facts: object) -> Path:
    """Make and publish a version."""
    folder, manifest = written(report, data=data, code=code, **facts)
    return storage.publish(report, folder, manifest)
