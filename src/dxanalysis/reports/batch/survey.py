"""Which reports still stand: asked of all of them before anything is run, without any library for data or notebooks."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from dxanalysis.reports.batch.result import Settings
from dxanalysis.reports.planning.plan import Job
from dxanalysis.reports.versions import storage
from dxanalysis.reports.versions.freshness import Freshness, is_fresh
from dxanalysis.reports.versions.modules import CodeDigests

CACHE = ".cache"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether one report stands, before anything is run.

    Attributes
    ----------
    code
        Digest of the code that a run would use.
    version
        The newest version's id, or None where there is none.
    """

    job: Job
    freshness: Freshness
    code: str
    version: str | None
    seconds: float


def survey(jobs: Sequence[Job], settings: Settings, *, digest_of: Callable[[str], str | None]) -> tuple[Standing, ...]:
    """Ask of every report whether it still stands; nothing is run or changed.

    ``digest_of`` is asked once for each slice, however many reports read it. See :func:`.run.run`.
    """
    digests = CodeDigests(settings.packages, folder=settings.reports / CACHE, extra=settings.labels)
    codes: dict[str, str] = {}
    known = cache(digest_of)
    found: list[Standing] = []
    for job in jobs:
        began = time.monotonic()
        if job.notebook not in codes:
            codes[job.notebook] = digests.of(settings.notebooks / f"{job.notebook}.ipynb")
        report = settings.reports / job.folder
        state = is_fresh(
            report,
            code=codes[job.notebook],
            parameters=job.parameters,
            environment=settings.environment,
            seed=job.seed,
            digest_of=known,
        )
        current = storage.latest(report)
        found.append(
            Standing(
                job=job,
                freshness=state,
                code=codes[job.notebook],
                version=current.name if current else None,
                seconds=round(time.monotonic() - began, 3),
            )
        )
    digests.save()
    return tuple(found)
