"""The answers there are for a target: one frozen type a case, facts only. Sentences are made from them by ``i18n``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dxanalysis.data.schema import Target
from dxanalysis.forecast.answers.attained import Attainment
from dxanalysis.forecast.answers.scenarios import Scenario
from dxanalysis.forecast.evidence import NotEnoughData
from dxanalysis.forecast.official import Assessed, NotApplicable
from dxanalysis.forecast.targets.published import PublishedValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """The value of the deadline is published and meets the target (or, for ``by``, an earlier one does).

    ``margin`` is how far beyond the target it lies, in the unit, positive in the wanted direction; ``upper_met`` says for a range
    whether its harder end is met too, and is None when the target is one value. ``region_ended`` is the unit's last day when it
    ended before the deadline and the office still published the value for its area. For a verdict (yes/no, group) ``margin`` is 0.
    """

    value: PublishedValue
    margin: float
    upper_met: bool | None = None
    region_ended: date | None = None

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        return {"case": "met", "value": self.value.to_facts(), "margin": self.margin, **_extras(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """The value of the deadline is published and does not meet the target; ``margin`` is negative. Else as :class:`Met`."""

    value: PublishedValue
    margin: float
    upper_met: bool | None = None
    region_ended: date | None = None

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        return {"case": "missed", "value": self.value.to_facts(), "margin": self.margin, **_extras(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """The deadline is ahead: a probability, with the evidence behind it, and what it would take.

    ``scenarios`` is empty where the model has no location to move (a growth rate by its own mean) or the target is a mean of years.
    """

    attainment: Attainment
    scenarios: tuple[Scenario, ...] = ()

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        facts = {"case": "chance", **self.attainment.to_facts()}
        return {**facts, "scenarios": [one.to_facts() for one in self.scenarios]} if self.scenarios else facts


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyThere:
    """The deadline is ahead and the latest value meets the target; ``outlook`` is the chance to hold it there."""

    value: PublishedValue
    margin: float
    outlook: Attainment | NotEnoughData

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        return {
            "case": "already_there",
            "value": self.value.to_facts(),
            "margin": self.margin,
            "outlook": self.outlook.to_facts(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFigure:
    """The target is a plan's own figure ("="), not a threshold: it is set beside the value, without a verdict.

    ``value`` is the published value of the deadline; ``difference`` is value less plan in the unit.
    """

    value: PublishedValue | NotEnoughData
    difference: float | NotEnoughData

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        if isinstance(self.difference, NotEnoughData):
            return {"case": "plan_figure", "value": self.value.to_facts()}
        return {"case": "plan_figure", "value": self.value.to_facts(), "difference": self.difference}


Outcome = Met | Missed | Chance | AlreadyThere | PlanFigure | NotEnoughData
Official = Assessed | NotApplicable


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One target against one measuring indicator in one region.

    Attributes
    ----------
    target
        The target judged.
    indicator
        Id of the indicator that measures it; the target's own unless that is an umbrella over several methods.
    region
        Region id.
    latest
        Newest published value of any single period, or that there is none.
    outcome
        The answer.
    official
        Every official rule for the target as of the latest year, in a fixed order, or why it does not apply; empty for qualitative
        targets, plan figures and passed deadlines.
    """

    target: Target
    indicator: str
    region: str
    latest: PublishedValue | NotEnoughData
    outcome: Outcome
    official: tuple[Official, ...] = ()

    def __repr__(self) -> str:
        return f"Judgement({self.target.id}, {self.indicator}, {self.region}: {self.outcome.to_facts()['case']})"

    def to_facts(self) -> dict[str, object]:
        """Named values of the target, the latest value, the answer and the official rules."""
        target = self.target
        numbers = {"value": target.value, "upper": target.upper, "group": target.group}
        return {
            "target": {
                "id": target.id,
                "comparator": target.comparator,
                **{name: value for name, value in numbers.items() if value is not None},
                "unit": target.unit,
                "deadline": target.deadline.text,
                "meaning": target.meaning,
                "released_to": target.released_to.isoformat(),
                "source": target.source,
            },
            "indicator": self.indicator,
            "region": self.region,
            "latest": self.latest.to_facts(),
            "outcome": self.outcome.to_facts(),
            "official": [rule.to_facts() for rule in self.official],
        }


def _extras(result: Met | Missed) -> dict[str, object]:
    facts: dict[str, object] = {}
    if result.upper_met is not None:
        facts["upper_met"] = result.upper_met
    if result.region_ended is not None:
        facts["region_ended"] = result.region_ended.isoformat()
    return facts
