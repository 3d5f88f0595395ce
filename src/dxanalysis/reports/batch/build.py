"""Make one version of one report in a temporary folder; runs in a worker process."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import Any

from dxanalysis.errors import DxError
from dxanalysis.reports.engine import warm
from dxanalysis.reports.engine.execute import execute
from dxanalysis.reports.engine.failure import Failure
from dxanalysis.reports.files import write, write_json
from dxanalysis.reports.outputs.labels import Labels
from dxanalysis.reports.planning.parameters import read_parameters
from dxanalysis.reports.planning.plan import Job
from dxanalysis.reports.recording.record import Record, read_record
from dxanalysis.reports.scrub import Scrubber
from dxanalysis.reports.text import clean
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.digests import Digests, data_digest, parameters_digest, seed_digest
from dxanalysis.reports.versions.storage import Manifest

_PACKAGES = (
    "dxanalysis",
    "papermill",
    "nbclient",
    "ipykernel",
    "numpy",
    "pandas",
    "scipy",
    "statsmodels",
    "scikit-learn",
    "matplotlib",
    "seaborn",
    "typst",
    "xlsxwriter",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Everything a worker needs for one job.

    Attributes
    ----------
    folder
        Temporary folder to write the version in.
    number
        Number the version will have.
    code, environment
        Digests of what the run uses.
    memory
        MiB the notebook may use; None: see :class:`dxanalysis.reports.engine.limits.Limits`.
    modules, edition
        What a warm process has loaded for the notebooks, and the digest of the source it is loaded from.
    reasons, store, package, today
        What the manifest says of why and from what the version is made.
    """

    job: Job
    project: Path
    notebook: Path
    folder: Path
    number: int
    code: str
    environment: str
    labels: Labels
    timeout: float
    memory: int | None = None
    modules: tuple[str, ...] = ()
    edition: str = ""
    reasons: tuple[Mapping[str, Any], ...] = ()
    store: str = ""
    package: str = ""
    today: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A version ready to be published, or why there is none."""

    manifest: Manifest | None
    failure: Failure | None
    seconds: float


def build(task: Task) -> Built:
    """Run the notebook and write all outputs and the manifest into ``task.folder``; never raises for a bad notebook."""
    began = time.monotonic()
    started = datetime.now(UTC)
    try:
        record, failure = _run_notebook(task)
        manifest = None
        if record is not None:
            manifest = _write(task, record, started, began)
    except DxError as error:
        manifest, failure = None, Failure(kind="record", error=type(error).__name__, message=clean(str(error)))
    except Exception as error:  # whatever goes wrong in one job must not stop the others
        manifest, failure = None, _unexpected(error, Scrubber(task.project))
    return Built(manifest=manifest, failure=failure, seconds=round(time.monotonic() - began, 3))


def _run_notebook(task: Task) -> tuple[Record | None, Failure | None]:
    parameters = dict(task.job.parameters)
    if "seed" in read_parameters(task.notebook):
        parameters["seed"] = task.job.seed
    executed = execute(
        task.notebook,
        task.folder / storage.NOTEBOOK,
        parameters,
        cwd=task.project,
        timeout=task.timeout,
        memory=task.memory,
        modules=(*warm.BASE_MODULES, *task.modules),
        edition=task.edition,
    )
    if executed.failure is not None:
        return None, executed.failure
    return read_record(executed.notebook), None


def _write(task: Task, record: Record, started: datetime, began: float) -> Manifest:
    digests = Digests(
        code=task.code,
        data=data_digest(record.data_used),
        parameters=parameters_digest(task.job.parameters),
        environment=task.environment,
        seed=seed_digest(task.job.seed),
    )
    manifest = Manifest(
        notebook=task.job.notebook,
        parameters=dict(task.job.parameters),
        seed=task.job.seed,
        number=task.number,
        id=storage.version_id(task.number, digests),
        digests=digests,
        data_used=dict(record.data_used),
        started=started.isoformat(timespec="seconds"),
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - began, 3),
        versions=installed(),
        outputs=(),
        reasons=task.reasons,
        store=task.store,
        package=task.package,
        today=task.today,
    )
    _write_outputs(task.folder, record, manifest, task.labels)
    manifest = replace(manifest, outputs=storage.describe_outputs(task.folder))
    write_json(task.folder / storage.MANIFEST, manifest.to_plain())
    return manifest


def _write_outputs(folder: Path, record: Record, manifest: Manifest, labels: Labels) -> None:
    # Loaded only when a page is made: each brings a large library.
    from dxanalysis.reports.outputs.html import page  # noqa: PLC0415
    from dxanalysis.reports.outputs.pdf import pdf  # noqa: PLC0415
    from dxanalysis.reports.outputs.tables import write_tables  # noqa: PLC0415
    from dxanalysis.reports.outputs.workbook import workbook  # noqa: PLC0415

    write(folder / storage.PAGE, page(record, manifest, labels))
    write(folder / storage.PDF, pdf(record, manifest, labels))
    write(folder / storage.WORKBOOK, workbook(record, manifest, labels))
    write_tables(record, manifest, folder / storage.TABLES)
    write_json(folder / storage.RECORD, record.to_plain())
    write_json(folder / storage.VALUES, record.summary())


def installed() -> dict[str, str]:
    """Versions of Python and of the main packages that are installed."""
    found = {"python": python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _unexpected(error: Exception, scrub: Scrubber) -> Failure:
    lines = "".join(traceback.format_exception(error)).splitlines()
    return Failure(
        kind="internal",
        error=type(error).__name__,
        message=clean(scrub.text(str(error))),
        traceback=tuple(clean(scrub.text(line)) for line in lines[-15:]),
    )
