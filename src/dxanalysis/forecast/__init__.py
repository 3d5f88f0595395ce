"""Will the target be met? Forecasts of indicators, probabilities of attainment, and the official rules beside them.

>>> fitted = forecast.fit(panel, bounds=(0, 100))              # columns region, period, value
>>> pred = fitted.predict(regions=["34-52"], horizon=5)
>>> pred.quantiles([0.1, 0.5, 0.9])
>>> forecast.attainment(pred, target=80, at=2030)
>>> forecast.scenarios(pred, region="34-52", target=80, at=2030)
>>> forecast.rank_at_most(pred, region="34-52", k=30, at=2030)

A backtest is in :mod:`dxanalysis.forecast.backtest.replay`, a prior is made and read by :mod:`dxanalysis.forecast.prior`.
"""

from dxanalysis.forecast.answers.aggregate import merge, total, weighted_mean
from dxanalysis.forecast.answers.attained import Attainment, Attainments, NotWithin, Probability
from dxanalysis.forecast.answers.attainment import attainment
from dxanalysis.forecast.answers.joint import Condition, JointProbability, all_of, at_least, count_meeting
from dxanalysis.forecast.answers.ranking import RankProbability, in_top_share, rank_at_most
from dxanalysis.forecast.answers.scenarios import Scenario, scenarios
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
from dxanalysis.forecast.pooled.options import PooledOptions
from dxanalysis.forecast.predictive import Predictive
from dxanalysis.forecast.prior import Prior
from dxanalysis.forecast.revision.efficient_release import first_efficient_release
from dxanalysis.forecast.revision.revision_tests import bias_test, mincer_zarnowitz, news_noise
from dxanalysis.forecast.revision.revisions import RevisionNoise, revision_size, revisions
from dxanalysis.forecast.scale import Scale
from dxanalysis.forecast.targets.outcomes import AlreadyThere, Chance, Judgement, Met, Missed, PlanFigure
from dxanalysis.forecast.targets.plan import judge_targets
from dxanalysis.forecast.targets.published import PublishedValue
from dxanalysis.forecast.targets.together import Together, judge_together
from dxanalysis.forecast.targets.verdict import Circumstances, judge

__all__ = [
    "AarrProgress",
    "AlreadyThere",
    "AnticipatedProgress",
    "Attainment",
    "Attainments",
    "Chance",
    "Circumstances",
    "Condition",
    "CurrentStatus",
    "EurostatProgress",
    "EurostatTrend",
    "Evidence",
    "Fitted",
    "JointProbability",
    "Judgement",
    "Met",
    "Missed",
    "Missing",
    "NotApplicable",
    "NotEnoughData",
    "NotWithin",
    "OecdDistance",
    "PlanFigure",
    "PooledOptions",
    "Predictive",
    "Prior",
    "Probability",
    "PublishedValue",
    "RankProbability",
    "RevisionNoise",
    "Scale",
    "Scenario",
    "SdsnTrend",
    "Together",
    "UnProgress",
    "UnTrend",
    "aarr",
    "all_of",
    "all_rules",
    "at_least",
    "attainment",
    "bias_test",
    "count_meeting",
    "escap_anticipated_progress",
    "escap_current_status",
    "eurostat",
    "eurostat_trend",
    "first_efficient_release",
    "fit",
    "in_top_share",
    "judge",
    "judge_targets",
    "judge_together",
    "merge",
    "mincer_zarnowitz",
    "news_noise",
    "oecd_distance",
    "rank_at_most",
    "revision_size",
    "revisions",
    "scenarios",
    "sdsn_trend",
    "total",
    "un_progress_chart",
    "un_progress_chart_trend",
    "weighted_mean",
]
