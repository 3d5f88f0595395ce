"""Make one version of one report in a temporary folder; runs in a worker process."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version

from dxanalysis.errors import DxError
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.digests import Digests, data_digest, parameters_digest, seed_digest
from dxanalysis.reports.engine.execute import Failure, execute
from dxanalysis.reports.files import write, write_json
from dxanalysis.reports.outputs.labels import Labels
from dxanalysis.reports.planning.parameters import read_parameters
from dxanalysis.reports.planning.plan import Job
from dxanalysis.reports.recording.record import Record, read_record
from dxanalysis.reports.scrub import Scrubber
from dxanalysis.reports.text import clean
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
        task.notebook, task.folder / storage.NOTEBOOK, parameters, cwd=task.project, timeout=task.timeout
    )
    if executed.failure is not None:
        return None, executed.failure
    return read_record(executed.notebook), None


def _write(task: Task, record: Record, started: datetime, began: float) -> Manifest:
    from dxanalysis.reports.outputs.html import page  # noqa: PLC0415  # the template engine is needed only when a page is made

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
    )
    write(task.folder / storage.PAGE, page(record, manifest, task.labels))
    write_json(task.folder / storage.RECORD, record.to_plain())
    write_json(task.folder / storage.VALUES, record.summary())
    manifest = replace(manifest, outputs=storage.describe_outputs(task.folder))
    write_json(task.folder / storage.MANIFEST, manifest.to_plain())
    return manifest


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
