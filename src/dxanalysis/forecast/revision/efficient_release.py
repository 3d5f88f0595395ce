"""The age from which published figures are as good as final."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dxanalysis.errors import ParameterError
from dxanalysis.forecast.revision.revision_tests import (
    LEVEL,
    NotTested,
    bias_test,
    mincer_zarnowitz,
    release_pairs,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeTest:
    """Tests of the figures of one age. A figure that was never revised again is efficient, with p values of 1."""

    age: int
    n: int
    p_bias: float
    p_efficiency: float
    efficient: bool

    def to_facts(self) -> dict[str, object]:
        """Named values."""
        return {
            "age": self.age,
            "n": self.n,
            "p_bias": self.p_bias,
            "p_efficiency": self.p_efficiency,
            "efficient": self.efficient,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NoneEfficient:
    """Every age that could be tested was rejected."""

    oldest_age: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EfficientRelease:
    """First age whose later revisions are unbiased and efficient.

    Attributes
    ----------
    age
        Smallest such age, or that no tested age is.
    tests
        Every age that could be tested, youngest first: a later age may be rejected again, which a reader should see.
    untested
        Ages that could not be tested, each with the reason.
    level
        Level of both tests.
    """

    age: int | NoneEfficient
    tests: tuple[AgeTest, ...]
    untested: tuple[tuple[int, NotTested], ...]
    level: float

    @property
    def found(self) -> AgeTest:
        """The test that decides: of the age found, else of the oldest age tested."""
        return next((test for test in self.tests if test.efficient), self.tests[-1])

    def to_facts(self) -> dict[str, object]:
        """Named values; ``n``, ``statistic`` and ``p_value`` are those of the test that decides."""
        answer = {"age": self.age} if isinstance(self.age, int) else {"none_up_to_age": self.age.oldest_age}
        return {
            **answer,
            "level": self.level,
            "n": self.found.n,
            "p_bias": self.found.p_bias,
            "p_efficiency": self.found.p_efficiency,
            "tests": [test.to_facts() for test in self.tests],
            "untested": [{"age": age, **reason.to_facts()} for age, reason in self.untested],
        }


def first_efficient_release(
    table: pd.DataFrame, *, final_age: int = 0, level: float = LEVEL
) -> EfficientRelease | NotTested:
    """Smallest age at which neither bias nor inefficiency is found in what was still revised.

    Figures of each age are compared with the final ones by :func:`bias_test` and :func:`mincer_zarnowitz`; the first age at which
    both p values reach ``level`` is taken (Kishor and Koenig 2012; R package reviser, which uses the second test alone).

    Parameters
    ----------
    table
        From :func:`~dxanalysis.forecast.revision.revisions.revisions`, of one indicator.
    final_age
        Only periods whose newest release has at least this age.
    level
        Level of each test. Not rejecting is no proof: with few periods a first release passes for want of evidence, so read ``n``.

    Returns
    -------
    EfficientRelease or NotTested
        The second when no age could be tested: the reason of the age with the most pairs.

    Raises
    ------
    ParameterError
        When the level does not lie between 0 and 1, or ``final_age`` is negative.
    ModelError
        When a column is missing or the table holds several indicators.
    """
    if not 0 < level < 1:
        raise ParameterError(f"the level is {level:g}", fix="Give a share between 0 and 1, such as 0.05")
    every = release_pairs(table, final_age=final_age)
    outcomes = {
        int(age): _test(table, age=int(age), final_age=final_age, level=level) for age in sorted(table["age"].unique())
    }
    tests = tuple(outcome for outcome in outcomes.values() if isinstance(outcome, AgeTest))
    untested = tuple((age, outcome) for age, outcome in outcomes.items() if isinstance(outcome, NotTested))
    if not tests:
        nothing = NotTested(reason="too_few_periods", n=len(every), n_periods=int(every["period"].nunique()))
        return max((reason for _, reason in untested), key=lambda reason: reason.n, default=nothing)
    efficient = [test.age for test in tests if test.efficient]
    return EfficientRelease(
        age=efficient[0] if efficient else NoneEfficient(oldest_age=tests[-1].age),
        tests=tests,
        untested=untested,
        level=level,
    )


def _test(table: pd.DataFrame, *, age: int, final_age: int, level: float) -> AgeTest | NotTested:
    bias = bias_test(table, age=age, final_age=final_age)
    if isinstance(bias, NotTested):
        if bias.reason == "never_revised":
            return AgeTest(age=age, n=bias.n, p_bias=1.0, p_efficiency=1.0, efficient=True)
        return bias
    line = mincer_zarnowitz(table, age=age, final_age=final_age)
    if isinstance(line, NotTested):
        return line
    efficient = bias.p_value >= level and line.p_value >= level
    return AgeTest(age=age, n=line.n, p_bias=bias.p_value, p_efficiency=line.p_value, efficient=efficient)
