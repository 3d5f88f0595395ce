"""Does a report still stand? Answered from its manifest, without loading a notebook or data library."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dxanalysis.errors import ReportError
from dxanalysis.reports.planning.parameters import ParameterValue
from dxanalysis.reports.versions.digests import parameters_digest, seed_digest
from dxanalysis.reports.versions.folders import latest
from dxanalysis.reports.versions.manifest import missing, read_plain

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
    place = os.fspath(version)
    try:
        # Not the whole manifest: a batch asks this of every report.
        plain = read_plain(place)
        broken = missing(place, {output["path"]: output["bytes"] for output in plain["outputs"]})
        then, used = plain["digests"], plain["data_used"].items()
        known = [then[name] for name in ("code", "parameters", "environment", "seed")]
        changed = sorted([key for key, digest in used if digest_of(key) != digest])
    except ReportError as error:
        return _damaged(str(error))
    except (KeyError, TypeError, AttributeError) as error:
        return _damaged(f"{version.name}: the manifest cannot be read ({type(error).__name__}).")
    if broken is not None:
        return _damaged(broken)
    now = (code, parameters_digest(parameters), environment, seed_digest(seed))
    causes: tuple[Cause, ...] = ("code", "parameters", "environment", "seed")
    reasons = [Reason(cause="data", detail=tuple(changed))] if changed else []
    reasons += [Reason(cause=cause) for cause, new, old in zip(causes, now, known, strict=True) if new != old]
    return Freshness(reasons=tuple(reasons))


def _damaged(how: str) -> Freshness:
    return Freshness(reasons=(Reason(cause="damaged", detail=(how,)),))
