"""A notebook run in a world that is partly then and partly now: its code, data, parameters, seed and day each chosen.

A run has a project folder of its own for as long as it lasts, with nothing in it but the store, the day and the lock file. What it recorded
is remembered in ``<reports>/.cache/counterfactual/`` under all that it depended on; that folder is safe to delete.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from os import environ, pathsep
from pathlib import Path
from typing import Any, Final

from dxanalysis.data import slices
from dxanalysis.errors import DxError, ReportError
from dxanalysis.project import FILE as PROJECT_FILE
from dxanalysis.reports.engine import warm
from dxanalysis.reports.engine.execute import execute
from dxanalysis.reports.planning.parameters import ParameterValue, read_parameters
from dxanalysis.reports.recording.items import Value
from dxanalysis.reports.recording.record import Record, read_record
from dxanalysis.reports.scrub import Scrubber
from dxanalysis.reports.text import clean, one_line
from dxanalysis.reports.versions import archive

LOCK: Final = "requirements.lock"
_GRACE: Final = 30.0
# The archived package runs its own notebook with its own engine; only this call has to stay what it is.
_DRIVER: Final = """
import inspect, json, sys
from pathlib import Path
from dxanalysis.reports.engine.execute import execute
task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
# For one notebook an ordinary kernel is there sooner than a warm one.
options = {"engine": "ordinary"} if "engine" in inspect.signature(execute).parameters else {}
places = Path(task["notebook"]), Path(task["output"])
found = execute(*places, task["parameters"], cwd=Path(task["cwd"]), timeout=task["timeout"], **options)
Path(task["failure"]).write_text(json.dumps(None if found.failure is None else str(found.failure)), encoding="utf-8")
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Code a notebook is run with.

    Attributes
    ----------
    name
        Digest of the packages' source and the notebooks (:mod:`dxanalysis.reports.versions.archive`).
    notebooks
        Folder of the notebooks.
    packages
        Folder that goes on Python's path; None for the code that is running now.
    """

    name: str
    notebooks: Path
    packages: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Everything that a run depends on, but the environment.

    Attributes
    ----------
    store
        Folder of the data store.
    today
        The day that deadlines are held against.
    """

    notebook: str
    code: Code
    store: Path
    parameters: Mapping[str, ParameterValue] = field(hash=False)
    seed: int
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where runs take place.

    Attributes
    ----------
    project
        The project's folder: its name and its lock file are those of every run.
    environment
        Digest of the environment of now (:func:`dxanalysis.reports.versions.digests.environment_digest`).
    timeout
        Seconds that one run may take.
    modules, edition
        What a warm kernel has loaded beyond the engine's own modules, and the digest of its source
        (:func:`dxanalysis.reports.versions.digests.package_digest`): those of the batch, else another warm process is started.
    neutral
        Parameters that change words and no number, each with the value to run with: a report in two languages shares its runs.
    """

    project: Path
    reports: Path
    environment: str
    name_vi: str
    name_en: str
    timeout: float = 900.0
    modules: tuple[str, ...] = ()
    edition: str = ""
    neutral: Mapping[str, ParameterValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run recorded.

    Attributes
    ----------
    values
        Recorded numbers by name; a value that is no number is left out.
    data_used
        Digests of the data slices that it read.
    failure
        Why there are none; empty where there are.
    """

    values: Mapping[str, float]
    data_used: Mapping[str, str]
    failure: str = ""


def numbers(record: Record) -> dict[str, float]:
    """Recorded values that are numbers, by name."""
    return {item.name: item.value for item in record.items if isinstance(item, Value) and is_number(item.value)}  # type: ignore[misc]


def is_number(value: object) -> bool:
    """Whether a recorded value is a number; a yes or no is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def outcome(run: Run, setting: Setting) -> Outcome:
    """Run a notebook and read its numbers; a run that fails is an outcome too."""
    try:
        record = record_of(run, setting)
    except DxError as error:
        return Outcome(values={}, data_used={}, failure=one_line(str(error)))
    return Outcome(values=numbers(record), data_used=dict(record.data_used))


def record_of(run: Run, setting: Setting) -> Record:
    """Run a notebook in a project folder of its own and return everything it recorded.

    Raises
    ------
    ReportError
        When the notebook is not among the code's, fails, or records nothing that can be read.
    """
    notebook = run.code.notebooks / f"{run.notebook}.ipynb"
    if not notebook.is_file():
        raise ReportError(f"there is no notebook {run.notebook}.ipynb in that code", where=run.code.name[:12])
    declared = read_parameters(notebook)
    # A parameter that this code does not know cannot have an effect in it.
    parameters = {name: value for name, value in run.parameters.items() if name in declared}
    if "seed" in declared:
        parameters["seed"] = run.seed
    with tempfile.TemporaryDirectory(prefix="dx-run-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        project = _project(folder / "project", run, setting)
        if run.code.packages is None:
            executed = execute(
                notebook,
                folder / "out.ipynb",
                parameters,
                cwd=project,
                timeout=setting.timeout,
                modules=(*warm.BASE_MODULES, *setting.modules),
                edition=setting.edition,
            )
            found, failure = executed.notebook, str(executed.failure or "")
        else:
            found, failure = _apart(notebook, run.code.packages, folder, parameters, setting.timeout)
    if failure:
        raise ReportError(f"the notebook failed: {failure}", where=run.notebook)
    return read_record(found)


def _project(folder: Path, run: Run, setting: Setting) -> Path:
    processed = folder / "data" / "processed"
    processed.mkdir(parents=True)
    shutil.copytree(run.store, processed / run.store.name)
    (processed / slices.POINTER).write_text(run.store.name + "\n", encoding="utf-8")
    lines = [
        "[project]",
        f"name_vi = {json.dumps(setting.name_vi, ensure_ascii=False)}",
        f"name_en = {json.dumps(setting.name_en, ensure_ascii=False)}",
        f"today = {run.today.isoformat()}",
    ]
    (folder / PROJECT_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    lock = setting.project / LOCK
    if lock.is_file():
        shutil.copyfile(lock, folder / LOCK)
    return folder


def _apart(
    notebook: Path, packages: Path, folder: Path, parameters: Mapping[str, ParameterValue], timeout: float
) -> tuple[dict[str, Any], str]:
    """Run a notebook in another Python whose path begins with other code; the notebook, and why it failed."""
    task = {
        "notebook": str(notebook),
        "output": str(folder / "out.ipynb"),
        "failure": str(folder / "failure.json"),
        "parameters": dict(parameters),
        "cwd": str(folder / "project"),
        "timeout": timeout,
    }
    (folder / "task.json").write_text(json.dumps(task, ensure_ascii=False), encoding="utf-8")
    path = pathsep.join([str(packages), *filter(None, [environ.get("PYTHONPATH")])])
    scrub = Scrubber(folder)
    try:
        ended = subprocess.run(
            [sys.executable, "-P", "-c", _DRIVER, str(folder / "task.json")],
            cwd=folder,
            env={**environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
            capture_output=True,
            timeout=timeout + _GRACE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {}, f"it did not finish within {timeout:g} s"
    if ended.returncode != 0:
        last = ended.stderr.decode("utf-8", errors="replace").strip().splitlines()[-1:]
        return {}, clean(scrub.text("".join(last))) or f"Python ended with {ended.returncode}"
    failure = json.loads((folder / "failure.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = json.loads((folder / "out.ipynb").read_text(encoding="utf-8"))
    return found, failure or ""


def present_code(packages: tuple[Path, ...], notebooks: Path) -> Code:
    """The code that is running now."""
    return Code(name=archive.code_name(packages, notebooks), notebooks=notebooks)


def code_of_version(name: str, present: Code, reports: Path, folder: Path) -> Code:
    """Code of a version by its archived name, unpacked below ``folder`` unless it is the present one.

    Raises
    ------
    ReportError
        When it was not kept, or is damaged.
    """
    if name == present.name:
        return present
    target = folder / name[:16]
    opened = target if target.is_dir() else archive.open_code(reports, name, target)
    return Code(name=name, notebooks=opened / archive.NOTEBOOKS, packages=opened / archive.PACKAGES)
