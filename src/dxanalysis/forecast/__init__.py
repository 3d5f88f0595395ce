"""Will the target be met? Forecasts of indicators, probabilities of attainment, and the official rules beside them.

>>> import pandas as pd
>>> from dxanalysis import forecast
>>> values = {"A": [41.0, 48.5, 55.0, 61.2, 66.0], "B": [30.1, 33.0, 37.0, 42.2, 46.0]}
>>> panel = pd.DataFrame(
...     [(region, 2021 + at, value) for region, row in values.items() for at, value in enumerate(row)],
...     columns=["region", "period", "value"],
... )
>>> pred = forecast.fit(panel, bounds=(0, 100), unit="percent").predict(horizon=5)
>>> pred
Predictive(pooled: A, B; 2026 to 2030, percent, 4000 draws, seed 0)
>>> table = pred.quantiles([0.1, 0.5, 0.9])
>>> answers = forecast.attainment(pred, target=80, at=2030)
>>> answers.of("A").probability.value > answers.of("B").probability.value
True
>>> [one.name for one in forecast.scenarios(pred, region="A", target=80, at=2030)]
['best_quarter', 'late_start', 'jump']
>>> forecast.rank_at_most(pred, region="A", k=1, at=2030).probability.value > 0.5
True

A backtest is in :mod:`dxanalysis.forecast.backtest.replay`, a prior is made and read by :mod:`dxanalysis.forecast.prior`.
"""

from dxanalysis.forecast.answers.aggregate import merge, total, weighted_mean
from dxanalysis.forecast.answers.attained import Attainment, Attainments, NotWithin, Probability
from dxanalysis.forecast.answers.attainment import attainment
from dxanalysis.forecast.answers.joint import Condition, CountMeeting, JointProbability, all_of, at_least, count_meeting
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
from dxanalysis.forecast.revision.efficient_release import EfficientRelease, first_efficient_release
from dxanalysis.forecast.revision.revision_tests import (
    BiasTest,
    NewsNoise,
    NotTested,
    bias_test,
    mincer_zarnowitz,
    news_noise,
)
from dxanalysis.forecast.revision.revisions import RevisionNoise, revision_size, revision_size_by_age, revisions
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
    "BiasTest",
    "Chance",
    "Circumstances",
    "Condition",
    "CountMeeting",
    "CurrentStatus",
    "EfficientRelease",
    "EurostatProgress",
    "EurostatTrend",
    "Evidence",
    "Fitted",
    "JointProbability",
    "Judgement",
    "Met",
    "Missed",
    "Missing",
    "NewsNoise",
    "NotApplicable",
    "NotEnoughData",
    "NotTested",
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
    "revision_size_by_age",
    "revisions",
    "scenarios",
    "sdsn_trend",
    "total",
    "un_progress_chart",
    "un_progress_chart_trend",
    "weighted_mean",
]


def __dir__() -> list[str]:
    return sorted(__all__)
