"""The report plan: which notebook for which parameters, checked before anything runs."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dxanalysis.errors import ParameterError
from dxanalysis.reports.planning.parameters import (
    ParameterSpec,
    ParameterValue,
    name_fault,
    nearest,
    read_parameters,
    value_fault,
)
from dxanalysis.reports.planning.slugs import slug
from dxanalysis.reports.text import one_line

Check = Callable[[object], str | None]
"""Says what is wrong with the value of a parameter, or None."""

_NOTEBOOK = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One report: a notebook (its file name without ``.ipynb``) and the parameters it is run with.

    ``seed`` is given to the notebook where it declares a parameter ``seed`` and is no part of the report's identity.
    """

    notebook: str
    parameters: Mapping[str, ParameterValue] = field(hash=False)
    seed: int = 0

    @property
    def folder(self) -> str:
        """Place of the report under the reports folder, with forward slashes."""
        return f"{self.notebook}/{slug(self.parameters)}"

    def __str__(self) -> str:
        values = ", ".join(f"{name}={self.parameters[name]}" for name in sorted(self.parameters))
        return one_line(f"{self.notebook} ({values})" if values else self.notebook)


def plan(
    report: Mapping[str, object], notebooks: Path, *, checks: Mapping[str, Check] | None = None, seed: int = 0
) -> tuple[Job, ...]:
    """Expand the ``[report]`` part of the project file into jobs.

    Each ``[[report.jobs]]`` names a ``notebook``; every other key is a parameter, and a list means one job for each
    of its values: two lists give every combination, in the order written.

    Parameters
    ----------
    report
        The parsed part: ``{"jobs": [{"notebook": "contribution", "region": ["34-52", "VN"], "language": ["vi"]}]}``.
    notebooks
        Folder of the notebooks.
    checks
        For a parameter name, a function that says what is wrong with a value (an unknown region), or None.

    Raises
    ------
    ParameterError
        One error that lists every fault of the plan.
    """
    entries = report.get("jobs")
    if not isinstance(entries, Sequence) or isinstance(entries, str) or not entries:
        raise ParameterError(
            "the report plan has no jobs",
            where="[report]",
            fix='Add [[report.jobs]] with notebook = "name" and its parameters',
        )
    faults: list[str] = []
    jobs: list[Job] = []
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, Mapping) or not isinstance(entry.get("notebook"), str):
            faults.append(f'job {number}: notebook is missing; write notebook = "name"')
            continue
        matrix = {str(key): value for key, value in entry.items() if key != "notebook"}
        empty = [key for key, value in matrix.items() if isinstance(value, list) and not value]
        faults += [f"job {number} ({entry['notebook']}): {key} is an empty list" for key in empty]
        jobs += [Job(notebook=entry["notebook"], parameters=p, seed=seed) for p in _combinations(matrix)]
    return _checked(jobs, faults, notebooks, checks or {})


def checked(jobs: Sequence[Job], notebooks: Path, *, checks: Mapping[str, Check] | None = None) -> tuple[Job, ...]:
    """Validate jobs made by hand the way :func:`plan` does; ParameterError lists every fault."""
    return _checked(jobs, [], notebooks, checks or {})


def _combinations(matrix: Mapping[str, object]) -> Iterator[dict[str, ParameterValue]]:
    lists = [value if isinstance(value, list) else [value] for value in matrix.values()]
    for values in itertools.product(*lists):
        yield dict(zip(matrix, values, strict=True))


def _checked(jobs: Sequence[Job], faults: list[str], notebooks: Path, checks: Mapping[str, Check]) -> tuple[Job, ...]:
    known = {path.stem: path for path in sorted(notebooks.glob("*.ipynb"))}
    specs: dict[str, Mapping[str, ParameterSpec] | str] = {}
    good: list[Job] = []
    for job in jobs:
        if job.notebook not in specs:
            specs[job.notebook] = _specs(job.notebook, known)
        found = specs[job.notebook]
        wrong = [found] if isinstance(found, str) else _job_faults(job, found, checks)
        if wrong or isinstance(found, str):
            faults += [fault if isinstance(found, str) else f"{one_line(job.notebook)}: {fault}" for fault in wrong]
        else:
            good.append(_typed(job, found))
    faults += _clashes(good)
    if faults:
        listed = list(dict.fromkeys(faults))
        raise ParameterError(
            f"the report plan has {len(listed)} fault(s), nothing was run:\n" + "\n".join(f"  - {f}" for f in listed)
        )
    return tuple(good)


def _specs(notebook: str, known: Mapping[str, Path]) -> Mapping[str, ParameterSpec] | str:
    if _NOTEBOOK.fullmatch(notebook) is None:
        return f"{one_line(notebook, 80)!r} is not a notebook name: use letters, digits, - and _"
    if notebook not in known:
        return f"there is no notebook {notebook}.ipynb{nearest(notebook, known)}"
    try:
        return read_parameters(known[notebook])
    except ParameterError as error:
        return str(error)


def _job_faults(job: Job, specs: Mapping[str, ParameterSpec], checks: Mapping[str, Check]) -> list[str]:
    faults = []
    for name, value in job.parameters.items():
        bad_name = name_fault(name)
        if bad_name:
            faults.append(bad_name)
        elif name not in specs:
            faults.append(f'unknown parameter "{name}"{nearest(name, specs)}')
        else:
            fault = value_fault(specs[name], value) or (checks[name](value) if name in checks else None)
            if fault:
                faults.append(one_line(fault))
    missing = [s.name for s in specs.values() if s.required and s.name not in job.parameters and s.name != "seed"]
    faults += [f"parameter {name} has no default and no value" for name in missing]
    return faults


def _typed(job: Job, specs: Mapping[str, ParameterSpec]) -> Job:
    """Give a float parameter its type, so that 2 and 2.0 are one report; a seed named in the plan leaves the identity."""
    values = {n: float(v) if specs[n].type_name == "float" else v for n, v in job.parameters.items()}
    seed = values.pop("seed", job.seed)
    return Job(notebook=job.notebook, parameters=values, seed=int(seed))


def _clashes(jobs: Sequence[Job]) -> list[str]:
    faults: list[str] = []
    seen: dict[str, Job] = {}
    for job in jobs:
        key = job.folder.casefold()  # some file systems do not tell VN from vn
        if key not in seen:
            seen[key] = job
        elif dict(seen[key].parameters) == dict(job.parameters):
            faults.append(f"{job} is planned twice")
        else:
            faults.append(f"{job} and {seen[key]} differ only in capital letters")
    return faults
