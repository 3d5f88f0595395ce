"""Does a report still stand? Answered from its manifest, without loading a notebook or data library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dxanalysis.errors import ReportError
from dxanalysis.reports.versions.digests import parameters_digest, seed_digest
from dxanalysis.reports.planning.parameters import ParameterValue
from dxanalysis.reports.versions.storage import damage, latest, read_manifest

Cause = Literal["new", "data", "code", "parameters", "environment", "seed", "damaged", "forced"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a report is made again; ``detail`` names the changed data slices or the damage."""

    cause: Cause
    detail: tuple[str, ...] = ()

    def __str__(self) -> str:
        sentence = {
            "new": "first version",
            "data": "new data",
            "code": "the code changed",
            "parameters": "the parameters changed",
            "environment": "the environment changed",
            "seed": "the seed changed",
            "damaged": "the last version is damaged",
            "forced": "asked for",
        }[self.cause]
        if not self.detail:
            return sentence
        more = len(self.detail) - 3
        return f"{sentence}: {', '.join(self.detail[:3])}" + (f" and {more} more" if more > 0 else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """Whether a report stands, and if not, why."""

    reasons: tuple[Reason, ...]

    @property
    def fresh(self) -> bool:
        """Whether nothing the report depends on has changed."""
        return not self.reasons

    def __str__(self) -> str:
        return "; ".join(map(str, self.reasons)) or "fresh"


def is_fresh(
    report: Path,
    *,
    code: str,
    parameters: Mapping[str, ParameterValue],
    environment: str,
    seed: int,
    digest_of: Callable[[str], str | None],
) -> Freshness:
    """Compare the newest version of a report with what a run would use now.

    Parameters
    ----------
    report
        Folder of the report.
    code, environment
        Present digests (:func:`dxanalysis.reports.versions.digests.code_digest`, ``environment_digest``).
    digest_of
        Present digest of a data slice the report declared, or None where the slice no longer exists.
    """
    version = latest(report)
    if version is None:
        return Freshness(reasons=(Reason(cause="new"),))
    try:
        manifest = read_manifest(version)
    except ReportError as error:
        return Freshness(reasons=(Reason(cause="damaged", detail=(str(error),)),))
    broken = damage(version, manifest)
    if broken is not None:
        return Freshness(reasons=(Reason(cause="damaged", detail=(broken,)),))
    reasons: list[Reason] = []
    changed = tuple(key for key, known in sorted(manifest.data_used.items()) if digest_of(key) != known)
    if changed:
        reasons.append(Reason(cause="data", detail=changed))
    if code != manifest.digests.code:
        reasons.append(Reason(cause="code"))
    if parameters_digest(parameters) != manifest.digests.parameters:
        reasons.append(Reason(cause="parameters"))
    if environment != manifest.digests.environment:
        reasons.append(Reason(cause="environment"))
    if seed_digest(seed) != manifest.digests.seed:
        reasons.append(Reason(cause="seed"))
    return Freshness(reasons=tuple(reasons))
