"""Will the target be met? Forecasts of indicators, probabilities of attainment, and the official rules beside them.

>>> fitted = forecast.fit(panel, bounds=(0, 100))              # columns region, period, value
>>> pred = fitted.predict(regions=["34-52"], horizon=5)
>>> pred.quantiles([0.1, 0.5, 0.9])
>>> forecast.attainment(pred, target=80, at=2030)
"""

from dxanalysis.forecast.attainment import Attainment, NotWithin, Probability, attainment
from dxanalysis.forecast.evidence import Evidence, Missing, NotEnoughData
from dxanalysis.forecast.fitting import Fitted, fit
from dxanalysis.forecast.official import EurostatProgress, NotApplicable, UnProgress, eurostat, un_progress_chart
from dxanalysis.forecast.outcomes import AlreadyThere, Chance, Judgement, Met, Missed, PlanFigure
from dxanalysis.forecast.plan import judge_targets
from dxanalysis.forecast.predictive import Predictive
from dxanalysis.forecast.published import PublishedValue
from dxanalysis.forecast.revisions import RevisionNoise, revision_size, revisions
from dxanalysis.forecast.scale import Scale
from dxanalysis.forecast.verdict import Circumstances, judge

__all__ = [
    "AlreadyThere",
    "Attainment",
    "Chance",
    "Circumstances",
    "EurostatProgress",
    "Evidence",
    "Fitted",
    "Judgement",
    "Met",
    "Missed",
    "Missing",
    "NotApplicable",
    "NotEnoughData",
    "NotWithin",
    "PlanFigure",
    "Predictive",
    "Probability",
    "PublishedValue",
    "RevisionNoise",
    "Scale",
    "UnProgress",
    "attainment",
    "eurostat",
    "fit",
    "judge",
    "judge_targets",
    "revision_size",
    "revisions",
    "un_progress_chart",
]
