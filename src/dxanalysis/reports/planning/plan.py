"""The report plan: which notebook for which parameters, checked before anything runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from dxanalysis.errors import ParameterError
from dxanalysis.reports.planning.matrix import RESERVED, Expander, crossed
from dxanalysis.reports.planning.parameters import (
    ParameterSpec,
    ParameterValue,
    name_fault,
    nearest,
    read_parameters,
    value_fault,
)
from dxanalysis.reports.planning.schedule import schedule_fault
from dxanalysis.reports.planning.slugs import portability_fault, slug
from dxanalysis.reports.text import one_line

Check = Callable[[object], str | None]
"""Says what is wrong with the value of a parameter, or None."""

_KEYS = ("jobs", "schedule", "seed")
_NOTEBOOK = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One report: a notebook (its file name without ``.ipynb``) and the parameters it is run with.

    ``seed`` is given to the notebook where it declares a parameter ``seed`` and is no part of the report's identity.
    """

    notebook: str
    parameters: Mapping[str, ParameterValue] = field(hash=False)
    seed: int = 0
    _folder: str = field(default="", init=False, repr=False, compare=False)

    @property
    def folder(self) -> str:
        """Place of the report under the reports folder, with forward slashes."""
        if not self._folder:  # asked for many times in a batch; nothing that it follows from can change
            object.__setattr__(self, "_folder", f"{self.notebook}/{slug(self.parameters)}")
        return self._folder

    def __str__(self) -> str:
        values = ", ".join(f"{name}={self.parameters[name]}" for name in sorted(self.parameters))
        return one_line(f"{self.notebook} ({values})" if values else self.notebook)


def plan(
    report: Mapping[str, object],
    notebooks: Path,
    *,
    checks: Mapping[str, Check] | None = None,
    expanders: Mapping[str, Expander] | None = None,
    widen: Mapping[str, Sequence[str]] | None = None,
    seed: int = 0,
) -> tuple[Job, ...]:
    """Expand the ``[report]`` part of the project file into jobs.

    Each ``[[report.jobs]]`` names a ``notebook``; ``exclude`` lists combinations to leave out, ``schedule`` says when; every
    other key is a parameter, and a list means one job for each of its values: two lists give every combination, in the order
    written.

    Parameters
    ----------
    report
        The parsed part: ``{"jobs": [{"notebook": "contribution", "region": ["34:*", "VN"], "language": ["vi"]}]}``.
    notebooks
        Folder of the notebooks.
    checks
        For a parameter name, a function that says what is wrong with a value (an unknown region), or None.
    expanders
        For a parameter name, what its wildcards stand for: ``34:*`` for every province.
    widen
        For a parameter name, all its values. A job that has at least one of them for each of these names is planned with all of
        them (every province in every language); the others are planned as written.
    seed
        Seed of the jobs that name none.

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
    faults = _own_faults(report)
    specs = _all_specs(notebooks)
    jobs: list[Job] = []
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, Mapping) or not isinstance(entry.get("notebook"), str):
            faults.append(f'job {number}: notebook is missing; write notebook = "name"')
            continue
        name = entry["notebook"]
        found = specs(name)
        defaults = {} if isinstance(found, str) else {one.name: one.default for one in found.values()}
        rows = crossed(entry, expanders=expanders, widen=widen, defaults=defaults)
        faults += [f"job {number} ({one_line(name, 80)}): {fault}" for fault in rows.faults]
        jobs += [Job(notebook=name, parameters=row, seed=seed) for row in rows.combinations]
    if widen:  # two entries of one notebook meet when each gets all provinces
        jobs = list(
            {(job.notebook, *sorted((n, repr(v)) for n, v in job.parameters.items())): job for job in jobs}.values()
        )
    return _checked(jobs, faults, specs, checks or {})


def checked(jobs: Sequence[Job], notebooks: Path, *, checks: Mapping[str, Check] | None = None) -> tuple[Job, ...]:
    """Validate jobs made by hand the way :func:`plan` does; ParameterError lists every fault."""
    return _checked(jobs, [], _all_specs(notebooks), checks or {})


def _own_faults(report: Mapping[str, object]) -> list[str]:
    """What is wrong with the keys beside the jobs."""
    known = dict.fromkeys(_KEYS)
    faults = [
        f'[report] has an unknown key "{one_line(key, 60)}"{nearest(key, known)}' for key in report if key not in known
    ]
    seed = report.get("seed", 0)
    if not isinstance(seed, int) or isinstance(seed, bool):
        faults.append(f"[report] seed must be int, found {one_line(repr(seed), 60)} ({type(seed).__name__})")
    if "schedule" in report and (fault := schedule_fault(report["schedule"])):
        faults.append(f"[report] {fault}")
    return faults


_Specs = Callable[[str], Mapping[str, ParameterSpec] | str]


def _all_specs(notebooks: Path) -> _Specs:
    """Give the declared parameters of a notebook by name, each read once, or what is wrong with it."""
    known = {path.stem: path for path in sorted(notebooks.glob("*.ipynb"))}
    return cache(lambda notebook: _specs(notebook, known))


def _checked(jobs: Sequence[Job], faults: list[str], specs: _Specs, checks: Mapping[str, Check]) -> tuple[Job, ...]:
    good: list[Job] = []
    known: dict[tuple[str, str, str], str | None] = {}
    for job in jobs:
        found = specs(job.notebook)
        wrong = [found] if isinstance(found, str) else _job_faults(job, found, checks, known)
        if wrong or isinstance(found, str):
            faults += [fault if isinstance(found, str) else f"{one_line(job.notebook)}: {fault}" for fault in wrong]
        else:
            good.append(_typed(job, found))
    faults += _clashes(good)
    if faults:
        listed = list(dict.fromkeys(faults))
        raise ParameterError(
            f"nothing was run; faults of the report plan: {len(listed)}\n" + "\n".join(f"  - {f}" for f in listed)
        )
    return tuple(good)


def _specs(notebook: str, known: Mapping[str, Path]) -> Mapping[str, ParameterSpec] | str:
    if _NOTEBOOK.fullmatch(notebook) is None or portability_fault(notebook):
        return f"{one_line(notebook, 80)!r} is not a notebook name: use letters, digits, - and _"
    if notebook not in known:
        return f"there is no notebook {notebook}.ipynb{nearest(notebook, known)}"
    try:
        return read_parameters(known[notebook])
    except ParameterError as error:
        return str(error)


def _job_faults(
    job: Job,
    specs: Mapping[str, ParameterSpec],
    checks: Mapping[str, Check],
    known: dict[tuple[str, str, str], str | None],
) -> list[str]:
    faults = []
    for name, value in job.parameters.items():
        key = (job.notebook, name, repr(value))  # a plan of a thousand reports has a hundred different values
        if key not in known:
            known[key] = _fault(name, value, specs, checks)
        fault = known[key]
        if fault:
            faults.append(fault)
    for name, spec in specs.items():
        if name not in job.parameters and spec.required and name != "seed":
            faults.append(f"parameter {name} has no default and no value")
    return faults


def _fault(name: str, value: object, specs: Mapping[str, ParameterSpec], checks: Mapping[str, Check]) -> str | None:
    bad_name = name_fault(name)
    if bad_name:
        return bad_name
    if name not in specs:
        return f'unknown parameter "{name}"{nearest(name, dict.fromkeys([*specs, *RESERVED]))}'
    fault = value_fault(specs[name], value) or (checks[name](value) if name in checks else None)
    return one_line(fault) if fault else None


def _typed(job: Job, specs: Mapping[str, ParameterSpec]) -> Job:
    """Give a float parameter its type, so that 2 and 2.0 are one report; a seed named in the plan leaves the identity."""
    whole = any(specs[name].type_name == "float" and isinstance(value, int) for name, value in job.parameters.items())
    if not whole and "seed" not in job.parameters:
        return job
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
