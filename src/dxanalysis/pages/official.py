"""What the official rules say about a target, in words: one line a rule, or why the rule does not apply."""

from __future__ import annotations

from collections.abc import Callable

from dxanalysis.forecast import (
    AarrProgress,
    AnticipatedProgress,
    CurrentStatus,
    EurostatProgress,
    EurostatTrend,
    NotApplicable,
    OecdDistance,
    SdsnTrend,
    UnProgress,
    UnTrend,
)
from dxanalysis.forecast.official import Assessed, Rule
from dxanalysis.i18n import Texts


def official_rule(
    t: Texts, result: Assessed | NotApplicable, *, value: Callable[[float], str], change: Callable[[float], str]
) -> tuple[Rule, str]:
    """Code of the rule, and its answer as a sentence. ``value`` and ``change`` write numbers in the target's unit."""
    match result:
        case NotApplicable():
            reason = t(f"pages.official.reason.{result.reason}")
            return result.rule, t("pages.official.not_applicable", reason=reason)
        case UnProgress():
            return "un_progress_chart", _un_progress(t, result)
        case EurostatProgress() | EurostatTrend() | UnTrend():
            return _by_growth(t, result)
        case CurrentStatus() | AnticipatedProgress():
            return _escap(t, result, value)
        case SdsnTrend():
            return "sdsn", t(
                f"pages.official.sdsn.{result.assessment}",
                recent=change(result.recent_change),
                needed=change(result.needed_change),
                base=str(result.recent_from),
                latest=str(result.latest),
            )
        case AarrProgress():
            return "aarr", t(
                f"pages.official.aarr.{result.assessment}",
                actual=t.percent(100 * result.rate, 1),
                required=t.percent(100 * result.required_rate, 1),
                base=str(result.base),
                latest=str(result.latest),
            )
        case OecdDistance():
            return "oecd", t(
                f"pages.official.oecd.{result.assessment}",
                distance=t.number(result.distance, 2),
                n=str(result.n_peers),
                latest=str(result.latest),
            )


def _un_progress(t: Texts, result: UnProgress) -> str:
    if result.score is None:
        return t("pages.official.un_progress_chart.met", latest=str(result.latest))
    key = f"pages.official.un_progress_chart.{result.assessment}"
    return t(key, score=t.number(result.score, 2), base=str(result.base), latest=str(result.latest))


def _by_growth(t: Texts, result: EurostatProgress | EurostatTrend | UnTrend) -> tuple[Rule, str]:
    base, latest = str(result.base), str(result.latest)
    actual = t.percent(100 * result.actual_growth, 1)
    match result:
        case EurostatProgress():
            key = f"pages.official.eurostat.{result.assessment}"
            required = t.percent(100 * result.required_growth, 1)
            return "eurostat", t(key, actual=actual, required=required, base=base, latest=latest)
        case EurostatTrend():
            key = f"pages.official.eurostat_trend.{result.assessment}"
            return result.rule, t(key, actual=actual, base=base, latest=latest)
        case UnTrend():
            key = f"pages.official.un_progress_chart_trend.{result.assessment}"
            return "un_progress_chart_trend", t(key, actual=actual, base=base, latest=latest)


def _escap(t: Texts, result: CurrentStatus | AnticipatedProgress, value: Callable[[float], str]) -> tuple[Rule, str]:
    if isinstance(result, CurrentStatus):
        return "escap_current_status", t(
            f"pages.official.escap_current_status.{result.assessment}",
            status=t.number(result.status, 1),
            expected=t.number(result.expected, 1),
            base=str(result.base),
            latest=str(result.latest),
        )
    said = t(
        f"pages.official.escap_anticipated_progress.{result.assessment}",
        predicted=value(result.predicted),
        way=_way(t, 100 * result.gap),
        first=str(result.first),
        latest=str(result.latest),
    )
    doubt = t("pages.official.depends_on_weights") if result.depends_on_weights else ""
    return "escap_anticipated_progress", f"{said} {doubt}".strip()


def _way(t: Texts, missing: float) -> str:
    """What is missing of the way from the base year, in percent; less than one is not rounded to nothing."""
    if missing <= 0:
        return t("pages.official.way_done")
    return t("pages.official.way_missing", gap=t.percent(missing, 0 if missing >= 1 else None))
