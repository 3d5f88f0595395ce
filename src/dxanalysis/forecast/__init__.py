"""Will the target be met? Forecasts of indicators, probabilities of attainment, and the official rules beside them.

>>> fitted = forecast.fit(panel, bounds=(0, 100))              # columns region, period, value
>>> pred = fitted.predict(regions=["34-52"], horizon=5)
>>> pred.quantiles([0.1, 0.5, 0.9])
>>> forecast.attainment(pred, target=80, at=2030)
"""

from dxanalysis.forecast.attainment import Attainment, NotWithin, Probability, attainment
from dxanalysis.forecast.evidence import Evidence, Missing, NotEnoughData
from dxanalysis.forecast.fitting import Fitted, fit
from dxanalysis.forecast.official import (
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
    aarr,
    all_rules,
    escap_anticipated_progress,
    escap_current_status,
    eurostat,
    eurostat_trend,
    oecd_distance,
    sdsn_trend,
    un_progress_chart,
    un_progress_chart_trend,
)
from dxanalysis.forecast.outcomes import AlreadyThere, Chance, Judgement, Met, Missed, PlanFigure
from dxanalysis.forecast.plan import judge_targets
from dxanalysis.forecast.predictive import Predictive
from dxanalysis.forecast.published import PublishedValue
from dxanalysis.forecast.revisions import RevisionNoise, revision_size, revisions
from dxanalysis.forecast.scale import Scale
from dxanalysis.forecast.scenarios import Scenario
from dxanalysis.forecast.together import Together, judge_together
from dxanalysis.forecast.verdict import Circumstances, judge

__all__ = [
    "AarrProgress",
    "AlreadyThere",
    "AnticipatedProgress",
    "Attainment",
    "Chance",
    "Circumstances",
    "CurrentStatus",
    "EurostatProgress",
    "EurostatTrend",
    "Evidence",
    "Fitted",
    "Judgement",
    "Met",
    "Missed",
    "Missing",
    "NotApplicable",
    "NotEnoughData",
    "NotWithin",
    "OecdDistance",
    "PlanFigure",
    "Predictive",
    "Probability",
    "PublishedValue",
    "RevisionNoise",
    "Scale",
    "Scenario",
    "SdsnTrend",
    "Together",
    "UnProgress",
    "UnTrend",
    "aarr",
    "all_rules",
    "attainment",
    "escap_anticipated_progress",
    "escap_current_status",
    "eurostat",
    "eurostat_trend",
    "fit",
    "judge",
    "judge_targets",
    "judge_together",
    "oecd_distance",
    "revision_size",
    "revisions",
    "sdsn_trend",
    "un_progress_chart",
    "un_progress_chart_trend",
]
